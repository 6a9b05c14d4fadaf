//! What all pages of this function share: the stylesheet and rendering.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Html;

use shared::http::html::STYLE;
use shared::http::problem::{Problem, ProblemKind};

/// The stylesheet of all pages of the product, and what only the pages for administrators need.
pub(crate) static STYLESHEET: LazyLock<String> =
    LazyLock::new(|| format!("{STYLE}{}", include_str!("../../pages/intake.css")));

/// A page with its own content security policy.
pub(crate) type HtmlResponse = ([(HeaderName, HeaderValue); 1], Html<String>);

/// Renders a template.
pub(crate) fn render(page: &impl Template) -> Result<Html<String>, Problem> {
    page.render().map(Html).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}
