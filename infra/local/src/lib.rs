//! The deployment on one machine: the same routers as on AWS, in one process, on loopback.
//!
//! `cli` reads the command line, `start` brings everything up, `schedule` keeps connections alive, `console` is a page
//! that plays the ATS, `journey` walks the whole way without a browser. `ats` is what the last two have in common: they
//! know the product only by its HTTP contract.

use axum::Router;

use callback::Callback;
use intake::Intake;
use meetings::Meetings;
use refresh::Refresh;
use shared::http::stack::wrap;
use shared::startup::dependencies::Dependencies;

pub(crate) mod api_key;
mod ats_client;
pub mod cli;
mod console;
pub mod deployment;
mod journey;
pub mod process_hardening;
mod scheduler;

/// All functions behind one door.
pub fn app(parts: &Dependencies) -> Router {
    wrap(routes(parts), parts.http_stack())
}

/// The routes of all functions, merged.
pub fn routes(parts: &Dependencies) -> Router {
    Router::new()
        .merge(intake::router(Intake::new(parts)))
        .merge(callback::router(Callback::new(parts)))
        .merge(meetings::router(Meetings::new(parts)))
        .merge(refresh::router(Refresh::new(parts)))
}
