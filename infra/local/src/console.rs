//! A page that plays the ATS: it calls the product over HTTP with the API key, and shows each request and answer.
//!
//! The key stays here; a browser has a session of its own, known by a cookie. Every button is a form, every answer to a
//! form is a redirect to the page, so that nothing is sent twice by looking again.

mod actions;
mod page;
mod requests;
mod session;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use shared::http::accept_language::AcceptLanguage;
use shared::http::extract::{FormBody, PathIds};
use shared::http::problem::{Problem, ProblemKind};
use shared::http::same_origin::require_same_origin;
use shared::http::stack::with_html_problems;
use shared::startup::dependencies::Dependencies;
use shared::types::base_url::BaseUrl;
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;

use crate::ats_client::AtsClient;

use requests::HostMatch;
use session::SessionStore;

/// What the console has. The product's inside is not among it.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    ats: AtsClient,
    sessions: SessionStore,
    clock: Clock,
    randomness: Randomness,
    public_url: BaseUrl,
    simulated: bool,
}

impl Console {
    /// A console that calls as `ats`. With the simulator, it offers the simulator's own credentials.
    pub(crate) fn new(ats: AtsClient, parts: &Dependencies, simulated: bool) -> Self {
        Self {
            ats,
            sessions: SessionStore::default(),
            clock: parts.clock.clone(),
            randomness: parts.randomness.clone(),
            public_url: parts.settings.public_url.clone(),
            simulated,
        }
    }
}

/// Its routes.
pub(crate) fn router(console: Console) -> Router {
    let pages = Router::new()
        .route("/", get(|| async { Redirect::to("/console") }))
        .route("/console", get(show_console))
        .route("/console/completed", get(receive_completion))
        .route("/console/{act}", post(run_action))
        .route_layer(from_fn_with_state(console.clone(), require_own_host));
    with_html_problems(pages).with_state(console)
}

/// Only under its own name: a page of a foreign name that was made to lead here could do all that the console can.
async fn require_own_host(State(console): State<Console>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match requests::match_host(host, &console.public_url) {
        HostMatch::Own => next.run(request).await,
        // The cookies of a sign-in belong to one name.
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
    AcceptLanguage(asked): AcceptLanguage,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let chosen = requests::language(query.as_deref());
    let (visit, cookie) = console.sessions.find_or_create(&headers, &console.randomness)?;
    let session = console.sessions.update(&visit, |session| {
        session.language = chosen.or(session.language);
        session.clone()
    });
    let session = session.unwrap_or_default();
    let language = session.language.unwrap_or(asked);
    let html = page::render(&console, &session, language)?;
    Ok(([(CONTENT_SECURITY_POLICY, page::POLICY.clone())], set_cookie_header(cookie), Html(html)).into_response())
}

/// `GET /console/completed`: a browser returns from a sign-in. Nothing is completed by looking: a button does that.
async fn receive_completion(
    State(console): State<Console>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let returned = requests::parse_return(query.as_deref())?;
    let (visit, cookie) = console.sessions.find_or_create(&headers, &console.randomness)?;
    console.sessions.update(&visit, |session| session.record_return(returned));
    // Without the handle in the address, neither history nor a screenshot keeps it.
    Ok((set_cookie_header(cookie), Redirect::to("/console#complete")).into_response())
}

/// `POST /console/{act}`: a button.
async fn run_action(
    State(console): State<Console>,
    PathIds(name): PathIds<String>,
    AcceptLanguage(asked): AcceptLanguage,
    headers: HeaderMap,
    FormBody(form): FormBody,
) -> Result<Redirect, Problem> {
    require_same_origin(&headers, &console.public_url)?;
    let act = requests::parse_action(&name, &form)?;
    // A browser that has never seen the page has no button to press.
    let Some(visit) = console.sessions.find(&headers) else { return Ok(Redirect::to("/console")) };
    let card = console.run(&visit, act, asked).await;
    Ok(Redirect::to(&format!("/console#{}", card.id())))
}

fn set_cookie_header(cookie: Option<HeaderValue>) -> HeaderMap {
    cookie.map(|cookie| (SET_COOKIE, cookie)).into_iter().collect()
}
