//! The frame that all pages for administrators share.

use std::sync::LazyLock;

use shared::http::html::{PageFrame, STYLE};

use crate::state::Intake;

/// The stylesheet of all pages of the product, and what only the pages for administrators need.
static STYLESHEET: LazyLock<String> = LazyLock::new(|| format!("{STYLE}{}", include_str!("../../pages/intake.css")));

/// The frame of a page for administrators.
pub(crate) fn frame(intake: &Intake) -> PageFrame<'_> {
    PageFrame { style: &STYLESHEET, branding: &intake.settings.branding }
}
