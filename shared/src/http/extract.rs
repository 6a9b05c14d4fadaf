//! Extractors for bodies and ids: limited in size, strict, and never quoted in the response.

use std::fmt;
use std::marker::PhantomData;

use axum::body::{HttpBody, to_bytes};
use axum::extract::FromRequestParts;
use axum::extract::{FromRequest, Path, Request};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::http::json_error;
use crate::http::problem::{FieldError, Problem, ProblemKind};

/// The largest body that is accepted.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// A JSON document of a known type.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

/// A JSON document that may be absent or `null`, because every member is optional.
#[derive(Debug)]
pub struct OptionalJsonBody<T>(pub T);

/// A form, not decoded.
#[derive(Debug)]
pub struct FormBody(pub String);

/// The ids in the path. An invalid id gets the same 404 as an unknown one.
#[derive(Debug)]
pub struct PathIds<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        parse(&read(request, "application/json").await?).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if request.body().size_hint().exact() == Some(0) {
            return Ok(Self(T::default()));
        }
        let text = read(request, "application/json").await?;
        if text.trim_ascii() == "null" { Ok(Self(T::default())) } else { parse(&text).map(Self) }
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let FromObject(value) = serde_path_to_error::deserialize(&mut parser)
        .map_err(|error| json_error::json_problem::<FromObject<T>>(text, &error))?;
    parser.end().map_err(|error| json_error::syntax_problem(&error))?;
    Ok(value)
}

/// A value from a JSON object. A derived parser would also accept an array of its members' values.
struct FromObject<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for FromObject<T> {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Self, D::Error> {
        parser.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = FromObject<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<FromObject<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(FromObject)
    }
}

impl<S: Sync> FromRequest<S> for FormBody {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request, "application/x-www-form-urlencoded").await.map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathIds<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ids = Path::<T>::from_request_parts(parts, state).await;
        ids.map(|Path(ids)| Self(ids)).map_err(|_| ProblemKind::NotFound.into())
    }
}

async fn read(request: Request, media_type: &str) -> Result<String, Problem> {
    let (parts, body) = request.into_parts();
    if !has_media_type(&parts.headers, media_type) {
        return Err(ProblemKind::UnsupportedMediaType.into());
    }
    let bytes = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| Problem::from(ProblemKind::BodyTooLarge))?;
    String::from_utf8(bytes.into()).map_err(|error| {
        let problem = Problem::from(ProblemKind::MalformedRequest).with_cause(error.utf8_error());
        problem.with_field(FieldError::new(json_error::WHOLE_BODY, "is not UTF-8"))
    })
}

/// Whether there is one `Content-Type` as expected, in UTF-8 and not compressed.
fn has_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(Ok(media_type)), None) = (types.next().map(HeaderValue::to_str), types.next()) else { return false };
    let mut parts = media_type.split(';').map(str::trim);
    let essence = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(expected));
    let charset = parts.all(|parameter| {
        let parameter = parameter.to_ascii_lowercase();
        !parameter.starts_with("charset=") || matches!(&parameter[8..], "utf-8" | "\"utf-8\"")
    });
    let is_uncompressed = headers.get_all(CONTENT_ENCODING).iter().all(|encoding| encoding == "identity");
    essence && charset && is_uncompressed
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its type matters")]
        number: u8,
        #[expect(dead_code, reason = "only its type matters")]
        word: Option<Word>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Known,
    }

    async fn sent(content_type: &str, body: impl Into<Body>) -> Result<Sample, ProblemKind> {
        let mut request = Request::new(body.into());
        if !content_type.is_empty() {
            request.headers_mut().insert(CONTENT_TYPE, content_type.parse().unwrap());
        }
        JsonBody::from_request(request, &()).await.map(|JsonBody(sample)| sample).map_err(|problem| problem.kind())
    }

    #[tokio::test]
    async fn a_document_of_the_expected_type_is_read() {
        for content_type in ["application/json", "Application/JSON; charset=UTF-8"] {
            assert!(sent(content_type, r#"{"number":1}"#).await.is_ok(), "{content_type}");
        }
    }

    #[tokio::test]
    async fn a_document_of_optional_members_may_be_absent() {
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Wish {
            language: Option<String>,
        }
        let request = Request::new(Body::empty());
        let OptionalJsonBody(wish) = OptionalJsonBody::<Wish>::from_request(request, &()).await.unwrap();
        assert_eq!(wish.language, None);
        let request = Request::new(Body::from("{}"));
        let refused = OptionalJsonBody::<Wish>::from_request(request, &()).await.unwrap_err();
        assert_eq!(refused.kind(), ProblemKind::UnsupportedMediaType);
    }

    #[tokio::test]
    async fn every_kind_of_error_has_its_problem() {
        for body in ["", "{", r#"{"number":1}}"#, r#"{"number":1,}"#, r#"{"number":01}"#, "\u{feff}{}", r"{'number':1}"]
        {
            assert_eq!(sent("application/json", body).await.unwrap_err(), ProblemKind::MalformedRequest, "{body}");
        }
        let others = ["null", "[]", "[1]", "1", r#"{"number":"1"}"#, r#"{"number":256}"#, r#"{"number":1,"other":2}"#];
        for body in others.into_iter().chain(["{}", r#"{"number":1,"word":2}"#]) {
            assert_eq!(sent("application/json", body).await.unwrap_err(), ProblemKind::InvalidFields, "{body}");
        }
        for content_type in ["", "text/json", "application/json; charset=latin1", "multipart/form-data"] {
            let kind = sent(content_type, r#"{"number":1}"#).await.unwrap_err();
            assert_eq!(kind, ProblemKind::UnsupportedMediaType, "{content_type}");
        }
        assert_eq!(
            sent("application/json", vec![b' '; MAX_BODY_BYTES + 1]).await.unwrap_err(),
            ProblemKind::BodyTooLarge
        );
        assert_eq!(sent("application/json", vec![0xff]).await.unwrap_err(), ProblemKind::MalformedRequest);
    }
}
