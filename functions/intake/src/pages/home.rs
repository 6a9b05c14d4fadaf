//! The page at `/`: for whoever cuts a link short or wonders whose address it is.

use askama::Template;

use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::types::language::Language;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    language: Language,
    frame: PageFrame<'a>,
}

impl HomePage<'_> {
    fn title(&self) -> &'static str {
        self.say("Spotkania Teams na rozmowy kwalifikacyjne", "Teams meetings for interviews")
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.choose(polish, english)
    }
}

/// Renders the page at `/`.
///
/// # Errors
/// [`shared::http::problem::ProblemKind::Internal`] for a page that cannot be rendered.
pub(crate) fn render_home(frame: PageFrame<'_>, language: Language) -> Result<HtmlPage, Problem> {
    frame.render(&HomePage { language, frame }, None)
}
