//! The start page: what this is, and the values to copy.

use askama::Template;
use axum::http::StatusCode;

use crate::entra::pages::render;
use crate::http_message::{PageLanguage, SimulatedRequest, SimulatedResponse};
use crate::page_messages::PageMessages;
use crate::state::SimulatorState;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage<'a> {
    messages: &'static PageMessages,
    polish: bool,
    login: &'a str,
    graph: &'a str,
    state: &'a SimulatorState,
}

/// `GET /`.
pub(crate) fn page(state: &SimulatorState, call: &SimulatedRequest) -> SimulatedResponse {
    let polish = call.language() == PageLanguage::Polish;
    let messages = if polish { &PageMessages::POLISH } else { &PageMessages::ENGLISH };
    render(StatusCode::OK, &AboutPage { messages, polish, login: &state.login, graph: &state.graph, state })
}
