//! The routers of the four functions, merged.

use axum::Router;

use callback::Callback;
use intake::Intake;
use meetings::Meetings;
use refresh::Refresh;
use shared::http::stack::wrap;
use shared::startup::dependencies::Dependencies;

/// All functions behind one HTTP stack.
pub fn app(dependencies: &Dependencies) -> Router {
    wrap(routes(dependencies), dependencies.http_stack())
}

/// The routes of all functions.
pub fn routes(dependencies: &Dependencies) -> Router {
    Router::new()
        .merge(intake::router(Intake::new(dependencies)))
        .merge(callback::router(Callback::new(dependencies)))
        .merge(meetings::router(Meetings::new(dependencies)))
        .merge(refresh::router(Refresh::new(dependencies)))
}
