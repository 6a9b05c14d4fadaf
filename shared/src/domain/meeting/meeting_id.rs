//! By what a meeting is known, and by what it is joined.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What Graph calls the meeting. Opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(pattern = "^[A-Za-z0-9_-]+$"))]
pub struct MeetingId(String);

/// The link to join. Opaque, but for its being an https address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinUrl(String);

/// Why Graph's answer is no meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a meeting that anybody could join")]
pub struct MeetingIdError;

impl MeetingId {
    /// Graph's id: some visible ASCII. Not `.` or `..`, which are steps in an address however they are encoded.
    ///
    /// # Errors
    /// [`MeetingIdError`].
    pub fn parse(text: &str) -> Result<Self, MeetingIdError> {
        let visible = !text.is_empty() && text.len() <= 1024 && text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && ![".", ".."].contains(&text) { Ok(Self(text.to_owned())) } else { Err(MeetingIdError) }
    }

    /// Graph's id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as it stands in our own addresses: base64url. Graph's contains characters such as `/`, `+` and `*`, which
    /// a gateway may decode, encode or take for something else.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// The id that [`MeetingId::encoded`] encoded. There is one way to write each.
    ///
    /// # Errors
    /// [`MeetingIdError`].
    pub fn from_base64url(text: &str) -> Result<Self, MeetingIdError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| MeetingIdError)?;
        Self::parse(&String::from_utf8(bytes).map_err(|_| MeetingIdError)?)
    }
}

impl JoinUrl {
    /// An https address without credentials in it. The text is kept as Graph wrote it: Microsoft has changed the form
    /// of these links before.
    ///
    /// # Errors
    /// [`MeetingIdError`].
    pub fn parse(text: &str) -> Result<Self, MeetingIdError> {
        let url = url::Url::parse(text).map_err(|_| MeetingIdError)?;
        let plain = url.username().is_empty() && url.password().is_none() && url.host().is_some();
        // What no address holds as it is (RFC 3986 §2) would end one in a page or a calendar.
        let stands = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
        if text.starts_with("https://")
            && url.scheme() == "https"
            && plain
            && text.len() <= 4096
            && text.bytes().all(stands)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(MeetingIdError)
        }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_join_is_an_https_address() {
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
    fn any_id_of_graphs_stands_in_an_address_of_ours_and_is_written_in_one_way() {
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
