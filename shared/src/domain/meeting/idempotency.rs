//! The idempotency key of an order, and the external id that Graph gets for it.

use ring::hmac;

use crate::domain::meeting::meeting_id::MeetingId;
use crate::types::ids::{CustomerId, UserId};

/// An idempotency key (IETF draft `httpapi-idempotency-key-header`): 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    // As in the header: to the letter, or as a string of RFC 8941.
    schema(pattern = r#"^(?:[!#-~][!-~]{0,254}|"(?:[!#-\[\]-~]|\\["\\]){1,255}")$"#)
)]
pub struct IdempotencyKey(String);

/// Graph's external id of an order (`createOrGet`): the same for the same key, customer and recruiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl IdempotencyKey {
    /// Parses the header. The draft writes a string of RFC 8941 (§3.3.3): in quotation marks, with a backslash before each
    /// quotation mark and backslash. Most clients omit the quotation marks; then the value itself is the key. So the first
    /// character decides.
    ///
    /// # Errors
    /// [`IdempotencyKeyError`].
    pub fn from_header(value: &str) -> Result<Self, IdempotencyKeyError> {
        let Some(quoted) = value.strip_prefix('"') else { return value.parse() };
        let (mut key, mut characters) = (String::new(), quoted.chars());
        loop {
            match characters.next().ok_or(IdempotencyKeyError::Unquoted)? {
                '"' => break,
                '\\' => match characters.next() {
                    Some(character @ ('"' | '\\')) => key.push(character),
                    _ => return Err(IdempotencyKeyError::Unquoted),
                },
                character => key.push(character),
            }
        }
        if characters.next().is_some() { Err(IdempotencyKeyError::Unquoted) } else { key.parse() }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ExternalId {
    /// The external id that Graph tells of a meeting.
    #[must_use]
    pub fn from_graph(text: String) -> Self {
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is not an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdempotencyKeyError {
    /// It has no characters.
    #[error("is empty")]
    Empty,
    /// It has too many characters.
    #[error("is longer than 255 characters")]
    TooLong,
    /// It has a space or something beyond ASCII.
    #[error("has a character that is not visible ASCII")]
    Character,
    /// It begins with a quotation mark, and has no end or text after it (RFC 8941 §3.3.3).
    #[error("begins with a quotation mark, but does not end with one")]
    Unquoted,
}

impl std::str::FromStr for IdempotencyKey {
    type Err = IdempotencyKeyError;
    fn from_str(text: &str) -> Result<Self, IdempotencyKeyError> {
        match text.len() {
            0 => Err(IdempotencyKeyError::Empty),
            _ if !text.bytes().all(|byte| byte.is_ascii_graphic()) => Err(IdempotencyKeyError::Character),
            1..=255 => Ok(Self(text.to_owned())),
            _ => Err(IdempotencyKeyError::TooLong),
        }
    }
}

impl ExternalId {
    /// The external id of a hand-over: the same for the same meeting and the same new recruiter.
    #[must_use]
    pub fn for_hand_over(from: &MeetingId, customer: &CustomerId, to: &UserId) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, from.as_str().as_bytes());
        let tag = hmac::sign(&key, format!("teams-connect/hand-over/{customer}\0{to}").as_bytes());
        Self(hex::encode(tag))
    }

    /// `HMAC-SHA-256(idempotency key, customer ‖ user)`, in hexadecimal. Ids contain no NUL, so two pairs never collide.
    #[must_use]
    pub fn for_order(key: &IdempotencyKey, customer: &CustomerId, user: &UserId) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_str().as_bytes());
        let tag = hmac::sign(&key, format!("teams-connect/meeting/{customer}\0{user}").as_bytes());
        Self(hex::encode(tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_means_the_same_order_only_for_the_same_recruiter() {
        let id = |key: &str, customer: &str, user: &str| {
            ExternalId::for_order(&key.parse().unwrap(), &customer.parse().unwrap(), &user.parse().unwrap())
        };
        assert_eq!(id("k", "c", "u"), id("k", "c", "u"));
        assert_eq!(id("k", "c", "u").as_str().len(), 64);
        for other in [id("l", "c", "u"), id("k", "d", "u"), id("k", "c", "v"), id("k", "cu", "u")] {
            assert_ne!(id("k", "c", "u"), other);
        }
    }

    #[test]
    fn a_header_is_the_key_itself_or_a_quoted_string() {
        use IdempotencyKeyError::{Character, Empty, TooLong, Unquoted};
        for (header, key) in [("a", "a"), ("a\"\\", "a\"\\"), (r#""a""#, "a"), (r#""a\"\\b""#, r#"a"\b"#)] {
            assert_eq!(IdempotencyKey::from_header(header).unwrap().as_str(), key, "{header}");
        }
        for (header, error) in [
            ("", Empty),
            (r#""""#, Empty),
            ("a b", Character),
            ("\u{105}", Character),
            (r#"""#, Unquoted),
            (r#""a"#, Unquoted),
            (r#""a\b""#, Unquoted),
            (r#""a"b"#, Unquoted),
        ] {
            assert_eq!(IdempotencyKey::from_header(header), Err(error), "{header}");
        }
        assert!("x".repeat(255).parse::<IdempotencyKey>().is_ok());
        assert_eq!("x".repeat(256).parse::<IdempotencyKey>(), Err(TooLong));
    }

    #[test]
    fn a_hand_over_is_the_same_only_for_the_same_meeting_and_recruiter() {
        let id = |from: &str, customer: &str, to: &str| {
            let from = MeetingId::parse(from).unwrap();
            ExternalId::for_hand_over(&from, &customer.parse().unwrap(), &to.parse().unwrap())
        };
        assert_eq!(id("m", "c", "u"), id("m", "c", "u"));
        for other in [id("n", "c", "u"), id("m", "d", "u"), id("m", "c", "v"), id("m", "cu", "u")] {
            assert_ne!(id("m", "c", "u"), other);
        }
    }
}
