//! The start page: what this is, and the values to copy.

use askama::Template;
use axum::http::StatusCode;

use crate::entra::pages::rendered;
use crate::http_message::{PageLanguage, SimulatedRequest, SimulatedResponse};
use crate::page_messages::PageMessages;
use crate::state::SimulatorState;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage<'a> {
    words: &'static PageMessages,
    polish: bool,
    login: &'a str,
    graph: &'a str,
    world: &'a SimulatorState,
}

/// `GET /`.
pub(crate) fn page(world: &SimulatorState, call: &SimulatedRequest) -> SimulatedResponse {
    let polish = call.language() == PageLanguage::Polish;
    let words = if polish { &PageMessages::POLISH } else { &PageMessages::ENGLISH };
    rendered(StatusCode::OK, &AboutPage { words, polish, login: &world.login, graph: &world.graph, world })
}
