//! What all pages share: stylesheet, content security policy, and the page of a problem. Pages load nothing from elsewhere.

use std::sync::LazyLock;

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use ring::digest;

use crate::domain::finding::Message;
use crate::http::problem::Problem;
use crate::types::clock::Timestamp;
use crate::types::language::Language;

/// The stylesheet of all pages.
pub const STYLE: &str = include_str!("../../pages/style.css");

static DEFAULT_CSP: LazyLock<HeaderValue> = LazyLock::new(|| policy(STYLE, None));

/// A moment to the minute, in UTC, as pages show it.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The content security policy of every response without one of its own.
#[must_use]
pub fn content_security_policy() -> HeaderValue {
    DEFAULT_CSP.clone()
}

/// The content security policy of a page: this stylesheet, this script, and forms to us. Both are inline and allowed by their
/// hashes (Content Security Policy Level 3, §6.7.3.3).
#[must_use]
pub fn policy(style: &str, script: Option<&str>) -> HeaderValue {
    let hash = |text: &str| STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()));
    let script = script.map(|script| format!(" script-src 'sha256-{}';", hash(script))).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}';{script} img-src data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
        hash(style)
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
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

/// Renders the page of a problem.
#[must_use]
pub fn render_problem_page(problem: &Problem, language: Language, reference: &str) -> String {
    let Message { title, remedy } = problem.message(language);
    let page = ProblemPage { language, style: STYLE, title, detail: remedy, reference };
    // Rendering constant texts cannot fail. If it did, the title would still be shown.
    page.render().unwrap_or_else(|_| title.to_owned())
}
