//! The same call for a shell and for a client, beside each operation that an ATS calls (`x-codeSamples`, which the common
//! renderers show). They use the names of the quickstart; a test runs the former, another compiles the latter.

use serde_json::{Value, json};

use crate::http::openapi::parameters;
use crate::http::routes::RouteMethod;

/// What a call needs, with an example of each.
pub(super) struct SampleCall<'a> {
    pub(super) method: RouteMethod,
    pub(super) path: &'a str,
    pub(super) needs_api_key: bool,
    /// Names of headers that must be sent.
    pub(super) headers: &'a [&'static str],
    /// A document in JSON.
    pub(super) body: Option<&'a Value>,
    pub(super) response_is_json: bool,
}

/// The value of `x-codeSamples`.
pub(super) fn code_samples(call: &SampleCall<'_>) -> Value {
    json!([
        {"lang": "shell", "label": "curl", "source": curl(call)},
        {"lang": "typescript", "label": "TypeScript, openapi-fetch", "source": openapi_fetch(call)},
    ])
}

fn curl(call: &SampleCall<'_>) -> String {
    let mut path = call.path.to_owned();
    for name in path_names(call.path) {
        path = path.replace(&format!("{{{name}}}"), parameters::example_of(name));
    }
    let method = call.method.as_str();
    let mut lines = vec![match call.method {
        RouteMethod::Get => format!("curl \"$TEAMS_CONNECT_URL{path}\""),
        _ => format!("curl -X {method} \"$TEAMS_CONNECT_URL{path}\""),
    }];
    if call.needs_api_key {
        lines.push("-H \"Authorization: Bearer $API_KEY\"".to_owned());
    }
    lines.extend(call.headers.iter().map(|name| format!("-H '{name}: {}'", parameters::example_of(name))));
    if let Some(body) = call.body {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{}'", pretty(body).replace('\'', r"'\''")));
    }
    lines.join(" \\\n  ")
}

fn openapi_fetch(call: &SampleCall<'_>) -> String {
    let quoted = |name: &str| format!("'{}'", parameters::example_of(name));
    let path: Vec<_> = path_names(call.path).map(|name| format!("{name}: {}", quoted(name))).collect();
    let headers: Vec<_> = call.headers.iter().map(|name| format!("'{name}': {}", quoted(name))).collect();
    let groups = [("path", path), ("header", headers)];
    let groups: Vec<_> = groups
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| format!("{name}: {{ {} }}", values.join(", ")))
        .collect();
    let mut options = Vec::new();
    if !groups.is_empty() {
        options.push(format!("  params: {{ {} }},\n", groups.join(", ")));
    }
    if let Some(body) = call.body {
        options.push(format!("  body: {},\n", pretty(body).replace('\n', "\n  ")));
    }
    if !call.response_is_json {
        options.push("  parseAs: 'text',\n".to_owned());
    }
    let options = if options.is_empty() { String::new() } else { format!(", {{\n{}}}", options.concat()) };
    format!("const {{ data, error }} = await client.{}('{}'{options});", call.method.as_str(), call.path)
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

fn pretty(body: &Value) -> String {
    serde_json::to_string_pretty(body).unwrap_or_else(|_| body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_what_it_needs_and_no_more() {
        let body = json!({"to_user": "o'neil"});
        let call = SampleCall {
            method: RouteMethod::Post,
            path: "/v1/customers/{customer}/users/{user}/meetings",
            needs_api_key: true,
            headers: &["Idempotency-Key"],
            body: Some(&body),
            response_is_json: true,
        };
        assert_eq!(
            curl(&call),
            r#"curl -X POST "$TEAMS_CONNECT_URL/v1/customers/kadry/users/anna/meetings" \
  -H "Authorization: Bearer $API_KEY" \
  -H 'Idempotency-Key: interview-4711' \
  -H 'Content-Type: application/json' \
  -d '{
  "to_user": "o'\''neil"
}'"#
        );
        assert_eq!(
            openapi_fetch(&call),
            "const { data, error } = await client.POST('/v1/customers/{customer}/users/{user}/meetings', {
  params: { path: { customer: 'kadry', user: 'anna' }, header: { 'Idempotency-Key': 'interview-4711' } },
  body: {
    \"to_user\": \"o'neil\"
  },
});"
        );
        let call = SampleCall {
            method: RouteMethod::Get,
            path: "/healthz",
            needs_api_key: false,
            headers: &[],
            body: None,
            response_is_json: true,
        };
        assert_eq!(curl(&call), "curl \"$TEAMS_CONNECT_URL/healthz\"");
        assert_eq!(openapi_fetch(&call), "const { data, error } = await client.GET('/healthz');");
    }
}
