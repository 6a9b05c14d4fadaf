//! The cookies of started sign-ins: one for each, named after its `state`, so that several tabs can sign in at once.
//!
//! The prefix `__Host-` binds a cookie to this host (RFC 6265bis §4.1.3). Browsers also accept it over http from loopback
//! addresses, which the local deployment uses.

use cookie::{Cookie, SameSite};
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use crate::types::clock::SignedDuration;

/// The prefix of all our cookies.
const PREFIX: &str = "__Host-tc-";

/// How many sign-ins one browser may have started. The next one deletes the cookies of all others.
pub const MAX_SIGN_INS: usize = 3;

/// The name of a sign-in's cookie.
fn cookie_name(state: &str) -> String {
    let short: String = state.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("{PREFIX}{short}")
}

/// Sets a sign-in's cookie.
#[must_use]
pub fn set(state: &str, sealed: String, ttl: SignedDuration) -> Option<HeaderValue> {
    to_header(Cookie::build((cookie_name(state), sealed)).max_age(cookie::time::Duration::seconds(ttl.as_secs())))
}

/// Deletes a sign-in's cookie.
#[must_use]
pub fn clear(state: &str) -> Option<HeaderValue> {
    clear_named(cookie_name(state))
}

/// Deletes one of our cookies by its full name.
#[must_use]
pub fn clear_named(name: String) -> Option<HeaderValue> {
    to_header(Cookie::build((name, "")).max_age(cookie::time::Duration::ZERO))
}

fn to_header(cookie: cookie::CookieBuilder<'_>) -> Option<HeaderValue> {
    // Lax, because Entra redirects the browser back with a top-level GET from another site.
    let cookie = cookie.path("/").secure(true).http_only(true).same_site(SameSite::Lax).build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}

/// The sealed sign-in of this browser for `state`. Two cookies with the same name mean that one was planted: none counts.
#[must_use]
pub fn get(headers: &HeaderMap, state: &str) -> Option<String> {
    let name = cookie_name(state);
    let mut values = parse_cookies(headers).filter(|(known, _)| *known == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value.to_owned()),
        _ => None,
    }
}

/// The names of all our cookies that the browser sent.
#[must_use]
pub fn cookie_names(headers: &HeaderMap) -> Vec<String> {
    parse_cookies(headers).filter(|(name, _)| name.starts_with(PREFIX)).map(|(name, _)| name.to_owned()).collect()
}

/// Names and values of cookies. Reads bytes, because other applications of this host set cookies in any encoding; a cookie
/// that is not text is passed over, and the others still count (RFC 6265 §5.4).
fn parse_cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let pairs = headers.get_all(COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(|pair| std::str::from_utf8(pair.trim_ascii()).ok()?.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(line).unwrap())])
    }

    #[test]
    fn a_cookie_is_bound_to_this_host_and_hidden_from_scripts() {
        let header = set("abc_DEF-123456789", "sealed".into(), SignedDuration::from_mins(15)).unwrap();
        assert_eq!(
            header.to_str().unwrap(),
            "__Host-tc-abcDEF123456=sealed; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=900"
        );
    }

    #[test]
    fn a_cookie_is_deleted_with_the_name_and_attributes_it_was_set_with() {
        let gone = "__Host-tc-abcDEF123456=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
        assert_eq!(clear("abc_DEF-123456789").unwrap(), gone);
        assert_eq!(clear_named("__Host-tc-abcDEF123456".to_owned()).unwrap(), gone);
    }

    #[test]
    fn a_value_that_is_not_valid_in_a_header_sets_no_cookie() {
        assert_eq!(set("abc", "a\nb".to_owned(), SignedDuration::from_mins(15)), None);
    }

    #[test]
    fn only_the_cookie_of_this_sign_in_counts() {
        let headers = sent("a=b; __Host-tc-one=1; __Host-tc-two=2; __HOST-tc-three=3");
        assert_eq!(get(&headers, "two").as_deref(), Some("2"));
        assert_eq!(get(&headers, "three"), None);
        assert_eq!(cookie_names(&headers), ["__Host-tc-one", "__Host-tc-two"]);
        assert_eq!(get(&sent("__Host-tc-one=1; __Host-tc-one=2"), "one"), None);
    }

    #[test]
    fn a_cookie_that_is_not_text_leaves_the_others_as_they_are() {
        let line = HeaderValue::from_bytes(b"lang=fran\xe7ais; __Host-tc-one=1; x; \xc4\x85=\xff").unwrap();
        let headers = HeaderMap::from_iter([(COOKIE, line)]);
        assert_eq!(get(&headers, "one").as_deref(), Some("1"));
        assert_eq!(cookie_names(&headers), ["__Host-tc-one"]);
    }
}
