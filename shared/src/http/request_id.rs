//! The id of a request in the log and in a problem: the caller's own, so that one id finds a call on both sides.

use http::{HeaderMap, HeaderValue};

use crate::types::randomness::Randomness;

/// The header of the id, in requests and responses.
pub(super) const X_REQUEST_ID: &str = "x-request-id";

/// A longer id is not taken over.
const MAX_ID_LENGTH: usize = 64;

/// The caller's `X-Request-Id`, or else the trace id of its `traceparent` (W3C Trace Context), or else a new one.
pub(super) fn request_id(headers: &HeaderMap, randomness: &Randomness) -> String {
    let callers = single(headers, X_REQUEST_ID).filter(|id| is_plain(id));
    let traces = || single(headers, "traceparent").and_then(trace_id);
    callers.or_else(traces).map_or_else(|| new_request_id(randomness), str::to_owned)
}

/// A new id.
pub(super) fn new_request_id(randomness: &Randomness) -> String {
    randomness.token().unwrap_or_default().chars().take(22).collect()
}

fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else { return None };
    Some(value)
}

fn is_plain(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=MAX_ID_LENGTH).contains(&id.len()) && id.bytes().all(plain)
}

/// The trace id, as W3C Trace Context §3.2.2 writes it. A later version may have more behind it.
fn trace_id(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_set = |text: &str| text.bytes().any(|byte| byte != b'0');
    let has_form = is_hex(version, 2) && is_hex(trace, 32) && is_hex(parent, 16) && is_hex(flags, 2);
    let is_known = version != "ff" && (version != "00" || parts.next().is_none());
    (has_form && is_known && is_set(trace) && is_set(parent)).then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn id(headers: &[(&'static str, &str)]) -> String {
        let mut sent = HeaderMap::new();
        for (name, value) in headers {
            sent.append(*name, HeaderValue::from_str(value).unwrap());
        }
        request_id(&sent, &Randomness::seeded(1))
    }

    #[test]
    fn the_callers_id_is_taken_over_and_otherwise_the_id_of_its_trace() {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        assert_eq!(id(&[("x-request-id", "Order-4711_a.b"), ("traceparent", &parent)]), "Order-4711_a.b");
        assert_eq!(id(&[("traceparent", &parent)]), TRACE);
        assert_eq!(id(&[("x-request-id", "a b"), ("traceparent", &parent)]), TRACE);
        assert_eq!(id(&[("traceparent", &format!("01-{TRACE}-00f067aa0ba902b7-01-more"))]), TRACE);
    }

    #[test]
    fn what_has_another_form_gets_a_new_id() {
        let new = id(&[]);
        assert_eq!(new.len(), 22);
        for wrong in ["", "a b", "a\"b", "a:b", &"x".repeat(65)] {
            assert_eq!(id(&[("x-request-id", wrong)]), new, "{wrong}");
        }
        assert_eq!(id(&[("x-request-id", "a"), ("x-request-id", "b")]), new);
        let zeros = "0".repeat(32);
        for wrong in [
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{zeros}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-0000000000000000-01"),
        ] {
            assert_eq!(id(&[("traceparent", &wrong)]), new, "{wrong}");
        }
    }
}
