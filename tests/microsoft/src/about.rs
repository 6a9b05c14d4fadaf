//! The start page: what this is, and the values to copy.

use askama::Template;
use axum::http::StatusCode;

use crate::entra::page::rendered;
use crate::exchange::{Answer, Call, Language};
use crate::words::Words;
use crate::world::World;

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage<'a> {
    words: &'static Words,
    polish: bool,
    login: &'a str,
    graph: &'a str,
    world: &'a World,
}

/// `GET /`.
pub(crate) fn page(world: &World, call: &Call) -> Answer {
    let polish = call.language() == Language::Polish;
    let words = if polish { &Words::POLISH } else { &Words::ENGLISH };
    rendered(StatusCode::OK, &AboutPage { words, polish, login: &world.login, graph: &world.graph, world })
}
