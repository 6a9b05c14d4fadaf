//! HTTP requests and responses of the simulator.

use std::io;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// The limit of a request body. No request of the protocols comes near it.
const MAX_BODY_BYTES: usize = 1 << 20;

/// A language the pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageLanguage {
    Polish,
    English,
}

/// A request, read completely.
pub(crate) struct SimulatedRequest {
    pub(crate) method: Method,
    /// Path segments, percent-decoded one by one, so that an encoded `/` stays inside.
    pub(crate) path: Vec<String>,
    /// Path and query as sent, for forms that post to their own address.
    pub(crate) address: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl SimulatedRequest {
    pub(crate) async fn read(request: Request) -> io::Result<Self> {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(io::Error::other)?;
        let query = head.uri.query().unwrap_or_default();
        Ok(Self {
            method: head.method,
            path: head.uri.path().split('/').skip(1).map(percent_decoded).collect(),
            address: head.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: head.headers,
            body,
        })
    }

    pub(crate) fn header(&self, name: impl axum::http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The fields of a form body; `None` for any other media type.
    pub(crate) fn form(&self) -> Option<Vec<(String, String)>> {
        let kind = self.header(CONTENT_TYPE)?;
        let kind = kind.split(';').next()?.trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
            .then(|| form_urlencoded::parse(&self.body).into_owned().collect())
    }

    /// Whether the media type is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.header(CONTENT_TYPE).is_some_and(|kind| {
            kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
        })
    }

    /// Polish if `Accept-Language` prefers it to English.
    pub(crate) fn language(&self) -> PageLanguage {
        let wanted = self.header(ACCEPT_LANGUAGE).unwrap_or_default();
        wanted
            .split(',')
            .map(str::trim)
            .find_map(|tag| {
                let tag = tag.get(..2)?;
                if tag.eq_ignore_ascii_case("pl") {
                    Some(PageLanguage::Polish)
                } else if tag.eq_ignore_ascii_case("en") {
                    Some(PageLanguage::English)
                } else {
                    None
                }
            })
            .unwrap_or(PageLanguage::English)
    }

    /// Names of all parameters, for the request log.
    pub(crate) fn parameter_names(&self) -> Vec<String> {
        let form = self.form().unwrap_or_default();
        self.query.iter().chain(&form).map(|(name, _)| name.clone()).collect()
    }
}

/// The value of a parameter. An empty one counts as absent, as in Entra.
pub(crate) fn value<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// The first parameter that comes twice.
pub(crate) fn duplicate(parameters: &[(String, String)]) -> Option<&str> {
    parameters.iter().enumerate().find_map(|(index, (name, _))| {
        parameters[..index].iter().any(|(earlier, _)| earlier == name).then_some(name.as_str())
    })
}

/// Percent-decoding (RFC 3986 §2.1). Text that cannot be decoded stays unchanged.
pub(crate) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escaped {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// A response, and what the request log records of it.
#[derive(Debug)]
pub(crate) struct SimulatedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) code: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) upn: Option<String>,
}

impl SimulatedResponse {
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: String::new(),
            code: None,
            correlation_id: None,
            notes: Vec::new(),
            upn: None,
        }
    }

    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        let mut answer = Self::empty(status).header("content-type", "application/json; charset=utf-8");
        answer.body = body.to_string();
        answer
    }

    /// A page that may load nothing.
    pub(crate) fn html(status: StatusCode, body: String) -> Self {
        let mut answer = Self::empty(status)
            .header("content-type", "text/html; charset=utf-8")
            .header(
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
            )
            .header("cache-control", "no-store")
            .header("referrer-policy", "no-referrer");
        answer.body = body;
        answer
    }

    pub(crate) fn redirect(status: StatusCode, location: &str) -> Self {
        Self::empty(status).header(LOCATION.as_str(), location).header("cache-control", "no-store")
    }

    /// A header; one that cannot be written is left out.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(crate) fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    pub(crate) fn correlation_id(mut self, id: &str) -> Self {
        self.correlation_id = Some(id.to_owned());
        self
    }

    pub(crate) fn notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    pub(crate) fn upn(mut self, upn: &str) -> Self {
        self.upn = Some(upn.to_owned());
        self
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Cuts the connection: the body fails before the head is flushed, so hyper closes the
/// connection without writing a byte.
pub(crate) fn cut_connection() -> Response {
    let failing =
        futures_util::stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted)) });
    Response::new(Body::from_stream(failing))
}
