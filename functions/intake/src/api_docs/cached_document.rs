//! A document that changes with a release only: compressed once, with a tag by which a reader's copy is confirmed.

use std::io::{self, Write};

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

/// How long a copy is used without asking, if nothing else is said.
const LIFETIME: &str = "public, max-age=3600";

/// A document as it is served.
#[derive(Debug)]
pub(crate) struct CachedDocument {
    media_type: &'static str,
    text: Bytes,
    compressed: Bytes,
    /// Weak (RFC 9110 §8.8.1): the compressed text and the plain one have the same.
    tag: String,
    /// The content security policy of a page with a stylesheet or script of its own.
    policy: Option<HeaderValue>,
    /// How long a copy is used without asking.
    lifetime: &'static str,
}

impl CachedDocument {
    /// # Errors
    /// If the text cannot be compressed.
    pub(crate) fn new(media_type: &'static str, text: String) -> io::Result<Self> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes())?;
        let compressed = encoder.finish()?;
        let checksum: Vec<String> = compressed.iter().rev().take(8).map(|byte| format!("{byte:02x}")).collect();
        // A file in gzip ends with the checksum of its text and its length (RFC 1952 §2.3.1).
        let tag = format!("W/\"{}-{}\"", env!("CARGO_PKG_VERSION"), checksum.concat());
        Ok(Self { media_type, text: text.into(), compressed: compressed.into(), tag, policy: None, lifetime: LIFETIME })
    }

    /// Says how long a copy is used without asking, as `Cache-Control` does.
    pub(crate) fn with_lifetime(self, lifetime: &'static str) -> Self {
        Self { lifetime, ..self }
    }

    /// Gives a page a content security policy of its own. A confirmed copy takes its headers from the confirmation, so that has
    /// it too (RFC 9111 §3.2).
    pub(crate) fn with_policy(mut self, policy: HeaderValue) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The document, or that the reader's copy is current.
    pub(crate) fn respond(&self, request: &HeaderMap) -> Response {
        let mut response = self.respond_without_policy(request);
        if let Some(policy) = &self.policy {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy.clone());
        }
        response
    }

    fn respond_without_policy(&self, request: &HeaderMap) -> Response {
        let caching: [(HeaderName, &str); 3] =
            [(CACHE_CONTROL, self.lifetime), (ETAG, &self.tag), (VARY, "Accept-Encoding, Accept-Language")];
        if has_copy(request, &self.tag) {
            return (StatusCode::NOT_MODIFIED, caching).into_response();
        }
        let media_type = [(CONTENT_TYPE, self.media_type)];
        if accepts_gzip(request) {
            return (caching, media_type, [(CONTENT_ENCODING, "gzip")], self.compressed.clone()).into_response();
        }
        (caching, media_type, self.text.clone()).into_response()
    }
}

fn elements<'a>(request: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    request
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
}

/// Weak comparison (RFC 9110 §13.1.2).
fn has_copy(request: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim_start_matches("W/").to_owned();
    elements(request, &IF_NONE_MATCH).any(|known| known == "*" || opaque(known) == opaque(tag))
}

fn accepts_gzip(request: &HeaderMap) -> bool {
    let accepted = |coding: &str| {
        elements(request, &ACCEPT_ENCODING).find_map(|element| {
            let (name, weight) = element.split_once(';').unwrap_or((element, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(coding).then_some(weight.is_some_and(|weight| weight > 0.0))
        })
    };
    accepted("gzip").or_else(|| accepted("*")).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::body::to_bytes;
    use flate2::read::GzDecoder;

    use super::*;

    const TEXT: &str = "a text a text a text a text a text a text a text";

    const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'");

    async fn answer(headers: &[(HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = HeaderMap::new();
        for (name, value) in headers {
            request.append(name, value.parse().unwrap());
        }
        let document = CachedDocument::new("text/plain", TEXT.to_owned()).unwrap().with_policy(POLICY);
        let (parts, body) = document.respond(&request).into_parts();
        (parts.status, parts.headers, to_bytes(body, 1 << 20).await.unwrap().into())
    }

    #[tokio::test]
    async fn whoever_takes_gzip_gets_it() {
        for accepted in ["gzip", "br;q=1.0, gzip;q=0.8", "*", "deflate, GZIP"] {
            let (status, headers, body) = answer(&[(ACCEPT_ENCODING, accepted)]).await;
            let mut text = String::new();
            GzDecoder::new(body.as_slice()).read_to_string(&mut text).unwrap();
            assert_eq!((status, headers[CONTENT_ENCODING].to_str().unwrap(), &*text), (StatusCode::OK, "gzip", TEXT));
        }
        for refused in ["", "identity", "br", "gzip;q=0", "gzip;q=0, *"] {
            let (_, headers, body) = answer(&[(ACCEPT_ENCODING, refused)]).await;
            assert_eq!((headers.get(CONTENT_ENCODING), body.as_slice()), (None, TEXT.as_bytes()), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_current_copy_is_confirmed_without_a_body() {
        let (_, headers, _) = answer(&[]).await;
        let tag = headers[ETAG].to_str().unwrap().to_owned();
        assert_eq!(headers[CACHE_CONTROL], LIFETIME);
        for known in [tag.as_str(), tag.trim_start_matches("W/"), &format!("\"other\", {tag}"), "*"] {
            let (status, headers, body) = answer(&[(IF_NONE_MATCH, known)]).await;
            assert_eq!((status, body.len(), headers[ETAG].to_str().unwrap()), (StatusCode::NOT_MODIFIED, 0, &*tag));
            assert_eq!(headers[CONTENT_SECURITY_POLICY], POLICY);
        }
        assert_eq!(answer(&[(IF_NONE_MATCH, "\"other\"")]).await.0, StatusCode::OK);
        let other = CachedDocument::new("text/plain", "another text".to_owned()).unwrap();
        assert_ne!(other.tag, tag);
    }
}
