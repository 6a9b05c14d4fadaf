//! A page that plays the ATS: it calls the product over HTTP with the API key, and shows each request and answer.
//!
//! The key stays here; a browser has a session of its own, known by a cookie. Every button is a form, every answer to a
//! form is a redirect to the page, so that nothing is sent twice by looking again.

mod act;
mod page;
mod parse;
mod session;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use shared::clock::Clock;
use shared::microsoft::Base;
use shared::parts::Parts;
use shared::randomness::Randomness;
use shared::web::body::{Form, Ids};
use shared::web::front::for_people;
use shared::web::locale::Locale;
use shared::web::problem::{Kind, Problem};

use crate::ats::Ats;

use parse::Place;
use session::Sessions;

/// What the console has. The product's inside is not among it.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    ats: Ats,
    sessions: Sessions,
    clock: Clock,
    randomness: Randomness,
    public_url: Base,
    simulated: bool,
}

impl Console {
    /// A console that calls as `ats`. With the simulator, it offers the simulator's own credentials.
    pub(crate) fn new(ats: Ats, parts: &Parts, simulated: bool) -> Self {
        Self {
            ats,
            sessions: Sessions::default(),
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
        .route("/console", get(show))
        .route("/console/completed", get(completed))
        .route("/console/{act}", post(act))
        .route_layer(from_fn_with_state(console.clone(), at_home));
    for_people(pages).with_state(console)
}

/// Only under its own name: a page of a foreign name that was made to lead here could do all that the console can.
async fn at_home(State(console): State<Console>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match parse::place(host, &console.public_url) {
        Place::Home => next.run(request).await,
        // The cookies of a sign-in belong to one name.
        Place::OtherName if request.method() == Method::GET => {
            let path = request.uri().path_and_query().map_or("/console", |path| path.as_str());
            Redirect::to(&format!("{}{path}", console.public_url.as_str())).into_response()
        }
        Place::OtherName | Place::Foreign => Problem::from(Kind::CrossSite).into_response(),
    }
}

/// `GET /console`: the page.
async fn show(
    State(console): State<Console>,
    Locale(asked): Locale,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let chosen = parse::language(query.as_deref());
    let (visit, cookie) = console.sessions.visit(&headers, &console.randomness)?;
    let session = console.sessions.change(&visit, |session| {
        session.language = chosen.or(session.language);
        session.clone()
    });
    let session = session.unwrap_or_default();
    let language = session.language.unwrap_or(asked);
    let html = page::render(&console, &session, language)?;
    Ok(([(CONTENT_SECURITY_POLICY, page::POLICY.clone())], with(cookie), Html(html)).into_response())
}

/// `GET /console/completed`: a browser returns from a sign-in. Nothing is completed by looking: a button does that.
async fn completed(
    State(console): State<Console>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let returned = parse::returned(query.as_deref())?;
    let (visit, cookie) = console.sessions.visit(&headers, &console.randomness)?;
    console.sessions.change(&visit, |session| session.take_back(returned));
    // Without the handle in the address, neither history nor a screenshot keeps it.
    Ok((with(cookie), Redirect::to("/console#complete")).into_response())
}

/// `POST /console/{act}`: a button.
async fn act(
    State(console): State<Console>,
    Ids(name): Ids<String>,
    Locale(asked): Locale,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Redirect, Problem> {
    parse::same_site(&headers, &console.public_url)?;
    let act = parse::act(&name, &form)?;
    // A browser that has never seen the page has no button to press.
    let Some(visit) = console.sessions.known(&headers) else { return Ok(Redirect::to("/console")) };
    let card = console.perform(&visit, act, asked).await;
    Ok(Redirect::to(&format!("/console#{}", card.id())))
}

fn with(cookie: Option<HeaderValue>) -> HeaderMap {
    cookie.map(|cookie| (SET_COOKIE, cookie)).into_iter().collect()
}
