//! Pages for people: one frame, no script, no resource from elsewhere.

use std::sync::LazyLock;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use ring::digest;

use crate::language::Language;
use crate::web::problem::Problem;

/// The look of every page.
pub const STYLE: &str = include_str!("../../pages/style.css");

/// What a browser may do on our pages: show them in our style, and send forms to us. The style is allowed by its hash.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// The content security policy of every answer that brings none of its own.
#[must_use]
pub fn content_security_policy() -> HeaderValue {
    POLICY.clone()
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    language: Language,
    style: &'a str,
    title: &'a str,
    detail: &'a str,
    reference: &'a str,
}

/// A problem as people read it.
#[must_use]
pub fn problem(problem: &Problem, language: Language, reference: &str) -> String {
    let (title, detail) = problem.words(language);
    let page = ProblemPage { language, style: STYLE, title, detail: &detail, reference };
    // A page of constant words cannot fail to render; if it did, the title would still be told.
    page.render().unwrap_or_else(|_| title.to_owned())
}
