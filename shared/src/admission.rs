//! Who may come in: the one layer that checks API keys, before anything else of a request is looked at.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::secret::ApiKey;
use crate::vault::keys::ApiKeys;
use crate::vault::terms::VaultError;
use crate::web::problem::{Kind, Problem};

/// Longer than any key of ours.
const MAX_KEY: usize = 512;

/// The routes that only the ATS may use.
pub fn for_callers<S: Clone + Send + Sync + 'static>(routes: Router<S>, keys: ApiKeys) -> Router<S> {
    routes.route_layer(from_fn_with_state(keys, admit))
}

async fn admit(State(keys): State<ApiKeys>, mut request: Request, next: Next) -> Response {
    let Some(presented) = presented(request.headers()) else {
        return Problem::from(Kind::Unauthorized).into_response();
    };
    let caller = match keys.admit(&presented).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return Problem::from(Kind::Unauthorized).into_response(),
        // Without keys nobody is let in, whatever the reason; that they are missing is the operator's affair.
        Err(error @ (VaultError::NotFound | VaultError::Deleted)) => {
            return Problem::from(Kind::Internal).because(error).into_response();
        }
        Err(error) => return Problem::from(error).into_response(),
    };
    // No route takes parameters; one that is sent is a mistake that should not go unnoticed.
    if request.uri().query().is_some_and(|query| query.split('&').any(|pair| !pair.is_empty())) {
        return Problem::from(Kind::MalformedRequest).into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// The key in the one `Authorization: Bearer` header (RFC 6750 §2.1).
fn presented(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else { return None };
    let (scheme, key) = value.split_once(' ')?;
    let plain =
        !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    (scheme.eq_ignore_ascii_case("bearer") && plain).then(|| ApiKey::from(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn key(lines: &[&str]) -> Option<String> {
        let lines = lines.iter().map(|line| (AUTHORIZATION, HeaderValue::from_str(line).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        presented(&headers).map(|key| key.expose().to_owned())
    }

    #[test]
    fn one_bearer_header_is_read_and_nothing_else() {
        assert_eq!(key(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(key(&["bearer abc"]).as_deref(), Some("abc"));
        for lines in [
            &[][..],
            &["Bearer"],
            &["Bearer "],
            &["Bearer  abc"],
            &["Basic abc"],
            &["abc"],
            &["Bearer a,b"],
            &["Bearer a b"],
            &["Bearer abc", "Bearer abc"],
        ] {
            assert_eq!(key(lines), None, "{lines:?}");
        }
    }
}
