//! What all pages share: stylesheet, frame, content security policy, and the page of a problem. Pages load nothing from
//! elsewhere but the logo of the ATS.

use askama::Template;
use axum::response::Html;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderName, HeaderValue};
use ring::digest;

use crate::domain::finding::Message;
use crate::http::branding::Branding;
use crate::http::problem::{Problem, ProblemKind};
use crate::types::clock::Timestamp;
use crate::types::language::Language;

/// The stylesheet of all pages.
pub const STYLE: &str = include_str!("../../pages/style.css");

/// A moment to the minute, in UTC, as pages show it.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A page with its own content security policy.
pub type HtmlPage = ([(HeaderName, HeaderValue); 1], Html<String>);

/// What is around the content of a page: its stylesheet, and whose page it is.
#[derive(Debug, Clone, Copy)]
pub struct PageFrame<'a> {
    /// The stylesheet, without the colours of the ATS.
    pub style: &'a str,
    /// Whose page it is.
    pub branding: &'a Branding,
}

impl<'a> PageFrame<'a> {
    /// The frame of a page that needs no more than the common stylesheet.
    #[must_use]
    pub fn plain(branding: &'a Branding) -> Self {
        Self { style: STYLE, branding }
    }

    /// The content security policy of the page: this stylesheet, this script, the logo, and forms to us. Stylesheet and script
    /// are inline and allowed by their hashes (Content Security Policy Level 3, §6.7.3.3).
    #[must_use]
    pub fn policy(&self, script: Option<&str>) -> HeaderValue {
        let hash = |text: &str| STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()));
        let style = hash(&format!("{}{}", self.style, self.branding.palette.css()));
        let script = script.map(|script| format!(" script-src 'sha256-{}';", hash(script))).unwrap_or_default();
        let logo = self.branding.logo.as_ref().map(|logo| format!(" {}", logo.origin())).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}';{script} img-src data:{logo}; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }

    /// Renders a page that has this frame and this script.
    ///
    /// # Errors
    /// [`ProblemKind::Internal`] for a page that cannot be rendered.
    pub fn render(&self, page: &impl Template, script: Option<&str>) -> Result<HtmlPage, Problem> {
        let html = page.render().map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
        Ok(([(CONTENT_SECURITY_POLICY, self.policy(script))], Html(html)))
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    title: &'a str,
    detail: &'a str,
    reference: &'a str,
}

/// Renders the page of a problem.
#[must_use]
pub fn render_problem_page(problem: &Problem, language: Language, branding: &Branding, reference: &str) -> String {
    let Message { title, remedy } = problem.message(language);
    let page = ProblemPage { language, frame: PageFrame::plain(branding), title, detail: remedy, reference };
    // Rendering constant texts cannot fail. If it did, the title would still be shown.
    page.render().unwrap_or_else(|_| title.to_owned())
}
