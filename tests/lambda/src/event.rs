//! Events as an HTTP API makes them, payload format 2.0:
//! [Create AWS Lambda proxy integrations for HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{COOKIE, HOST, USER_AGENT};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use shared::types::clock::{Clock, Timestamp};

/// The account of the HTTP API, and its own id.
const ACCOUNT: &str = "123456789012";
const API: &str = "api-id";

/// The event of a request that came by this route.
#[must_use]
pub fn event(request: &Parts, body: &[u8], route_key: &str, now: Timestamp) -> Value {
    let text = |name| request.headers.get(name).map(lossy).unwrap_or_default();
    let domain = text(HOST);
    let path = percent_decode_str(request.uri.path()).decode_utf8_lossy().into_owned();
    let query = request.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(&request.headers),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API,
            "domainName": domain,
            "domainPrefix": domain.split('.').next(),
            "http": {
                "method": request.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": text(USER_AGENT),
            },
            "requestId": format!("{:x}=", now.as_nanosecond()),
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.as_millisecond(),
        },
        "isBase64Encoded": false,
    });
    let cookies = cookies(&request.headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = Value::Object(parameters(query));
    }
    if !body.is_empty() {
        let as_text = std::str::from_utf8(body);
        event["isBase64Encoded"] = as_text.is_err().into();
        event["body"] = as_text.map_or_else(|_| STANDARD.encode(body), str::to_owned).into();
    }
    event
}

/// The event of a request that nobody sent: `request` is `POST /path?query`, the path as it is after decoding.
///
/// # Panics
/// When it is no request.
#[must_use]
pub fn of(request: &str, headers: &[(&str, &str)], body: &str) -> Value {
    let (method, target) = request.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut made = http::Request::builder().method(method).uri(format!("/?{query}")).header(HOST, "api.example");
    for (name, value) in headers {
        made = made.header(*name, *value);
    }
    let (parts, ()) = made.body(()).unwrap().into_parts();
    let mut event = event(&parts, body.as_bytes(), "$default", Clock::system().now());
    event["rawPath"] = path.into();
    event["requestContext"]["http"]["path"] = path.into();
    event
}

/// Names in lower case; of the same name, the values joined by commas. Cookies have an array of their own.
fn headers(of: &HeaderMap) -> Value {
    let mut headers = Map::new();
    for name in of.keys().filter(|name| *name != COOKIE) {
        let values: Vec<_> = of.get_all(name).iter().map(lossy).collect();
        headers.insert(name.as_str().to_owned(), values.join(",").into());
    }
    for (name, value) in [("x-forwarded-for", "127.0.0.1"), ("x-forwarded-port", "443"), ("x-forwarded-proto", "https")]
    {
        headers.insert(name.to_owned(), value.into());
    }
    headers.into()
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines: Vec<_> = headers.get_all(COOKIE).iter().map(lossy).collect();
    let cookies = lines.iter().flat_map(|line| line.split(';')).map(|cookie| cookie.trim().to_owned());
    cookies.filter(|cookie| !cookie.is_empty()).collect()
}

fn parameters(query: &str) -> Map<String, Value> {
    let mut parameters = Map::<String, Value>::new();
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        let joined = match parameters.get(&name).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => value,
        };
        parameters.insert(name, joined.into());
    }
    parameters
}

fn lossy(value: &http::HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(request: http::request::Builder, body: &[u8]) -> Value {
        let (parts, ()) = request.body(()).unwrap().into_parts();
        event(&parts, body, "$default", "2020-03-12T19:03:58Z".parse().unwrap())
    }

    #[test]
    fn a_request_becomes_the_event_of_the_documentation() {
        let request = http::Request::post("/my/p%61th?parameter1=value1&parameter1=value2&parameter2=value%202")
            .header("Cookie", "cookie1; cookie2")
            .header("Host", "id.execute-api.us-east-1.amazonaws.com")
            .header("Header1", "value1")
            .header("Header2", "value1")
            .header("header2", "value2")
            .header("User-Agent", "agent");
        let event = made(request, b"Hello from client");
        for (pointer, value) in [
            ("/version", json!("2.0")),
            ("/rawPath", json!("/my/path")),
            ("/rawQueryString", json!("parameter1=value1&parameter1=value2&parameter2=value%202")),
            ("/cookies", json!(["cookie1", "cookie2"])),
            ("/headers/header1", json!("value1")),
            ("/headers/header2", json!("value1,value2")),
            ("/queryStringParameters", json!({"parameter1": "value1,value2", "parameter2": "value 2"})),
            ("/requestContext/domainPrefix", json!("id")),
            ("/requestContext/http/method", json!("POST")),
            ("/requestContext/http/userAgent", json!("agent")),
            ("/requestContext/time", json!("12/Mar/2020:19:03:58 +0000")),
            ("/requestContext/timeEpoch", json!(1_584_039_838_000_i64)),
            ("/body", json!("Hello from client")),
            ("/isBase64Encoded", json!(false)),
        ] {
            assert_eq!(event.pointer(pointer), Some(&value), "{pointer}");
        }
        assert_eq!(event.pointer("/headers/cookie"), None);
    }

    #[test]
    fn a_body_that_is_no_text_is_encoded_and_none_is_left_out() {
        let event = made(http::Request::post("/"), &[0xff, 0x00]);
        assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("/wA="), &json!(true)));
        assert_eq!(made(http::Request::get("/"), b"").get("body"), None);
    }
}
