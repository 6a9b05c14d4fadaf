//! Headers of responses.

use utoipa::openapi::Ref;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// The headers of responses, by name.
#[must_use]
pub fn headers() -> Vec<(&'static str, Header)> {
    let flag = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["true", "false"]));
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1.0));
    vec![
        (
            "X-Request-Id",
            text_header(
                "Names the request in the log; a problem has it as `trace_id`. The caller's own, where one was sent.",
            )
            .build(),
        ),
        ("Content-Language", text_header("The language of the texts in the answer.").build()),
        (
            "WWW-Authenticate",
            text_header("`Bearer` with `realm`, and `error` where a key was sent (RFC 6750 §3).").build(),
        ),
        ("Set-Cookie", text_header("The cookie of this browser's sign-in, set or taken away.").build()),
        (
            "ETag",
            text_header(
                "The state that was answered: for `If-Match` that of a meeting, for `If-None-Match` that of a document (RFC \
                 9110 §8.8.3).",
            )
            .build(),
        ),
        ("Link", text_header("The next page of a list, with `rel=\"next\"` (RFC 8288).").build()),
        ("Location", text_header("Where the browser goes on, or what was made.").build()),
        (
            "Idempotency-Replayed",
            HeaderBuilder::new()
                .schema(Some(flag.build()))
                .description(Some("`true` where an earlier order with the same key had made it."))
                .build(),
        ),
        (
            "Retry-After",
            HeaderBuilder::new()
                .schema(Some(seconds.build()))
                .description(Some("Seconds after which the same request makes sense again (RFC 9110 §10.2.3)."))
                .build(),
        ),
    ]
}

pub(super) fn reference(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

/// A header whose value is text.
fn text_header(description: &str) -> HeaderBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    HeaderBuilder::new().schema(Some(text)).description(Some(description))
}
