//! The console: a page that plays the ATS. It calls the API over HTTP and shows every request and response.
//!
//! The API key stays in this process; a cookie identifies the session of a browser. Every button is a form, and every form
//! is answered with a redirect to the page, so that reloading the page sends nothing again.

mod actions;
mod event_log;
mod events;
mod exchange;
mod page;
mod requests;
mod session;
pub(crate) mod state;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::{HOST, SET_COOKIE};
use axum::http::{HeaderMap, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use shared::http::accept_language::AcceptLanguage;
use shared::http::extract::{FormBody, PathIds};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::same_origin::require_same_origin;
use shared::http::stack::with_html_problems;

use requests::HostMatch;
use state::Console;

/// The routes of the console.
pub(crate) fn router(console: Console) -> Router {
    let pages = Router::new()
        .route("/console", get(show_console))
        .route("/console/completed", get(receive_completion))
        .route("/console/events", post(events::receive))
        .route("/console/{action}", post(run_action))
        .route_layer(from_fn_with_state(console.clone(), require_own_host));
    with_html_problems(pages).with_state(console)
}

/// Rejects requests to another host name. Otherwise a page whose host name resolves to this machine (DNS rebinding) could
/// do everything that the console can do.
async fn require_own_host(State(console): State<Console>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match requests::match_host(host, &console.public_url) {
        HostMatch::Own => next.run(request).await,
        // The cookies of a sign-in are bound to one host name.
        HostMatch::OtherLoopback if request.method() == Method::GET => {
            let path = request.uri().path_and_query().map_or("/console", |path| path.as_str());
            Redirect::to(&format!("{}{path}", console.public_url.as_str())).into_response()
        }
        HostMatch::OtherLoopback | HostMatch::Foreign => Problem::from(ProblemKind::CrossSite).into_response(),
    }
}

/// `GET /console`: the page.
async fn show_console(
    State(console): State<Console>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let chosen = requests::language_from_query(query.as_deref());
    let Some(id) = console.sessions.find(&headers) else {
        if !requests::has_token(query.as_deref(), &console.token) {
            return page::closed(&console.branding, chosen.unwrap_or(preferred));
        }
        // The redirect removes the token from the address.
        let cookie = console.sessions.create(&console.randomness)?;
        return Ok(([(SET_COOKIE, cookie)], Redirect::to("/console")).into_response());
    };
    let session = console.sessions.update(&id, |session| {
        session.language = chosen.or(session.language);
        session.clone()
    });
    let session = session.unwrap_or_default();
    let language = session.language.unwrap_or(preferred);
    Ok(page::render(&console, &session, language)?.into_response())
}

/// `GET /console/completed`: the browser returns from a sign-in. Completing it takes a button.
async fn receive_completion(
    State(console): State<Console>,
    AcceptLanguage(preferred): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let returned = requests::parse_return(query.as_deref())?;
    let Some(id) = console.sessions.find(&headers) else { return page::closed(&console.branding, preferred) };
    console.sessions.update(&id, |session| session.record_return(returned));
    // The redirect removes the handle from the address, so that neither history nor a screenshot contains it.
    Ok(Redirect::to("/console#complete").into_response())
}

/// `POST /console/{action}`: a button.
async fn run_action(
    State(console): State<Console>,
    PathIds(name): PathIds<String>,
    AcceptLanguage(preferred): AcceptLanguage,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Redirect, Problem> {
    require_same_origin(&headers, &console.public_url)?;
    let action = requests::parse_action(&name, &form)?;
    // A browser without a session has never shown the page, so it has no button to press.
    let Some(id) = console.sessions.find(&headers) else { return Ok(Redirect::to("/console")) };
    let step = actions::run(&console, &id, action, preferred).await;
    Ok(Redirect::to(&format!("/console#{}", step.id())))
}
