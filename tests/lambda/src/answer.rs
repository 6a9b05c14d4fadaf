//! What a function answers, as an HTTP API takes it, payload format 2.0:
//! [Create AWS Lambda proxy integrations for HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::function::Outcome;

/// What the gateway itself says.
#[must_use]
pub fn message(status: StatusCode) -> Response {
    let text = json!({ "message": status.canonical_reason() }).to_string();
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The client's answer. A function that failed, or answered in no shape that the gateway knows, is a 500.
#[must_use]
pub fn response(outcome: &Outcome) -> Response {
    let answered = match outcome {
        Outcome::Answered(answer) => translated(answer),
        Outcome::Failed(_) | Outcome::Lost => None,
    };
    answered.unwrap_or_else(|| message(StatusCode::INTERNAL_SERVER_ERROR))
}

/// `multiValueHeaders` are ignored: format 2.0 has none.
fn translated(answer: &Value) -> Option<Response> {
    let Some(status) = answer.get("statusCode") else {
        // JSON without a status is the body of a 200: the page calls it an inferred response.
        let mut response = Response::new(Body::from(answer.to_string()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Some(response);
    };
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    let body = match answer.get("isBase64Encoded").and_then(Value::as_bool) {
        Some(true) => STANDARD.decode(body).ok()?,
        _ => body.as_bytes().to_vec(),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(u16::try_from(status.as_u64()?).ok()?).ok()?;
    let headers = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
    for (name, value) in headers {
        let name: HeaderName = name.parse().ok()?;
        if name != CONTENT_LENGTH {
            response.headers_mut().insert(name, HeaderValue::from_str(value.as_str()?).ok()?);
        }
    }
    for cookie in answer.get("cookies").and_then(Value::as_array).into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(cookie.as_str()?).ok()?);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(answer: Value) -> (u16, Vec<String>) {
        let response = response(&Outcome::Answered(answer));
        let cookies = response.headers().get_all(SET_COOKIE).iter();
        (response.status().as_u16(), cookies.map(|cookie| cookie.to_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn each_cookie_becomes_a_header_of_its_own() {
        let answer = json!({"statusCode": 303, "headers": {"location": "/"}, "cookies": ["a=1; Secure", "b=2"]});
        assert_eq!(answered(answer), (303, vec!["a=1; Secure".to_owned(), "b=2".to_owned()]));
    }

    #[test]
    fn what_the_gateway_cannot_read_is_a_500() {
        for answer in [
            json!({"statusCode": "x"}),
            json!({"statusCode": 70000}),
            json!({"statusCode": 200, "isBase64Encoded": true, "body": "*"}),
            json!({"statusCode": 200, "headers": {"a b": "c"}}),
        ] {
            assert_eq!(answered(answer.clone()).0, 500, "{answer}");
        }
        assert_eq!(response(&Outcome::Failed(json!({}))).status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answered(json!({"a": 1})).0, 200);
    }
}
