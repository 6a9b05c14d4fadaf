//! The token of a page: Secrets Manager's own, tied to the list that it continues.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::adapters::vault::model::VaultError;

/// What ends the prefix. No name of a secret has one.
const END: char = '\n';

/// The token of the next page, to hand out. An empty one is none.
pub(super) fn encode(prefix: &str, token: &str) -> Option<String> {
    (!token.is_empty()).then(|| URL_SAFE_NO_PAD.encode(format!("{prefix}{END}{token}")))
}

/// Secrets Manager's token, if it continues the list of `prefix`.
pub(super) fn decode(prefix: &str, page: &str) -> Result<String, VaultError> {
    let text = URL_SAFE_NO_PAD.decode(page).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match text.as_deref().and_then(|text| text.split_once(END)) {
        Some((list, token)) if list == prefix && !token.is_empty() => Ok(token.to_owned()),
        _ => Err(VaultError::Refused("not the token of a page of this list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_continues_only_the_list_that_it_is_from() {
        let page = encode("c/", "AAEA=\n=").unwrap();
        assert_eq!(decode("c/", &page).unwrap(), "AAEA=\n=");
        for (prefix, page) in [("d/", &*page), ("", &page), ("c/", ""), ("c/", "Yy8K"), ("c/", "not a page")] {
            assert!(matches!(decode(prefix, page), Err(VaultError::Refused(_))), "{prefix} {page}");
        }
        assert_eq!(encode("c/", ""), None);
    }
}
