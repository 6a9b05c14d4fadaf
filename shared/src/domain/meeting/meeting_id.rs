//! Graph's id of a meeting, and its join URL.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Graph's id of a meeting. Opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[A-Za-z0-9_-]+$"))]
pub struct MeetingId(String);

/// The join URL of a meeting: an https address, otherwise opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinUrl(String);

/// A value from Graph that is not an id or a join URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a meeting that anybody could join")]
pub struct MeetingIdError;

impl MeetingId {
    /// Parses visible ASCII characters. Rejects `.` and `..`, which are path segments in every encoding.
    ///
    /// # Errors
    /// [`MeetingIdError`].
    pub fn parse(text: &str) -> Result<Self, MeetingIdError> {
        let visible = !text.is_empty() && text.len() <= 1024 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && ![".", ".."].contains(&text) { Ok(Self(text.to_owned())) } else { Err(MeetingIdError) }
    }

    /// The id, as Graph writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id in our own paths, in base64url. Graph's ids have characters such as `/`, `+` and `*`, which a gateway may
    /// decode or encode. Decision 0020.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Decodes an id of [`MeetingId::to_base64url`]. Each id has one encoding.
    ///
    /// # Errors
    /// [`MeetingIdError`].
    pub fn from_base64url(text: &str) -> Result<Self, MeetingIdError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| MeetingIdError)?;
        Self::parse(&String::from_utf8(bytes).map_err(|_| MeetingIdError)?)
    }
}

impl JoinUrl {
    /// Parses an https address without credentials. The text stays as Graph wrote it: Microsoft has changed the format of
    /// join URLs before.
    ///
    /// # Errors
    /// [`MeetingIdError`].
    pub fn parse(text: &str) -> Result<Self, MeetingIdError> {
        let url = url::Url::parse(text).map_err(|_| MeetingIdError)?;
        let has_no_credentials = url.username().is_empty() && url.password().is_none() && url.host().is_some();
        // Characters outside RFC 3986 §2 could end the address in a page or a calendar.
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if text.starts_with("https://")
            && url.scheme() == "https"
            && has_no_credentials
            && text.len() <= 4096
            && text.bytes().all(is_allowed)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(MeetingIdError)
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_url_is_an_https_address() {
        assert!(JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x").is_ok());
        for text in [
            "",
            "javascript:alert(1)",
            "http://teams.microsoft.com/",
            "https://a@evil.example/",
            "https://",
            "//x",
            "https:./teams.microsoft.com/",
            "https:teams.microsoft.com/",
        ] {
            assert!(JoinUrl::parse(text).is_err(), "{text}");
        }
        for byte in "\"<>\\^`{|} \u{7f}\u{e9}".chars() {
            assert!(JoinUrl::parse(&format!("https://teams.microsoft.com/l/x?a={byte}")).is_err(), "{byte}");
        }
    }

    #[test]
    fn every_id_of_graph_fits_our_paths_and_has_one_encoding() {
        for text in ["MSo1N2Y5/+==", "1*oid*0**19:meeting_x@thread.v2", "a/../b", "%2e%2e", "?#"] {
            let encoded = MeetingId::parse(text).unwrap().to_base64url();
            assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{encoded}");
            assert_eq!(MeetingId::from_base64url(&encoded).unwrap().as_str(), text);
        }
        for text in ["", "Li4", "TVNv=", "TVN", "TV/v", "..", "w7M"] {
            assert!(MeetingId::from_base64url(text).is_err(), "{text}");
        }
    }
}
