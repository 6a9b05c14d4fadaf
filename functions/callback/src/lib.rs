//! Recruiters connect: from the link to a connection that is kept.
//!
//! 1. The ATS orders a link (`POST …/connect-links`).
//! 2. The recruiter opens it: cookie, then on to Entra (`GET /connect/{link}`).
//! 3. Entra sends the browser back: the code is not redeemed but sealed into a handle, and the browser goes on to the
//!    ATS (`GET /oauth/callback`).
//! 4. The ATS says for whom, inside its own session (`POST …/connection`): only now is the code redeemed.
//!
//! From some errors Microsoft sends no browser back; what they mean is told by a page beside the link
//! (`GET /connect/{link}/help`).
//!
//! Without the fourth step a recruiter could forward the link to a colleague and receive her tokens.

mod admin_consent;
mod authorization_response;
mod completion;
mod connect_link;
mod connection;
#[cfg(feature = "openapi")]
mod openapi;
mod pages;
mod problems;
mod requests;
mod responses;
mod sign_in;
mod sign_in_test;
mod state;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use shared::domain::api_key::ApiScope;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::require_api_key;
use shared::http::extract;
use shared::http::extract::PathIds;
use shared::http::problem::Problem;
use shared::http::stack::with_html_problems;
use shared::startup::settings::{LEGACY_REDIRECT_PATH, REDIRECT_PATH};
use shared::types::ids::{CustomerId, UserId};

#[cfg(feature = "openapi")]
pub use openapi::operations;
pub use state::Callback;

/// Its routes.
pub fn router(callback: Callback) -> Router {
    let mut people = Router::new()
        .route("/connect/{link}", get(start_sign_in))
        .route("/connect/{link}/help", get(help))
        .route("/sign-in-test/{link}", get(start_sign_in_test))
        .route("/oauth/callback", get(receive_authorization_response))
        .route("/Integrations/BusinessIntegration/Microsoft/OAuth2.aspx", get(receive_authorization_response));
    let registered = callback.settings.redirect_uri.path().to_owned();
    if registered != REDIRECT_PATH && registered != LEGACY_REDIRECT_PATH {
        people = people.route(&registered, get(receive_authorization_response));
    }
    let machines =
        Router::new().route("/v1/customers/{customer}/users/{user}/connect-links", post(create_connect_link)).route(
            "/v1/customers/{customer}/users/{user}/connection",
            post(complete_connection).get(get_connection).delete(disconnect),
        );
    with_html_problems(people)
        .merge(require_api_key(machines, ApiScope::Connections, callback.api_keys.clone(), callback.clock.clone()))
        .with_state(callback)
}

type ConnectionPath = PathIds<(CustomerId, UserId)>;

/// `POST …/connect-links`: the ATS orders a link for a recruiter.
async fn create_connect_link(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
    extract::OptionalJsonBody(order): extract::OptionalJsonBody<requests::CreateConnectLinkRequest>,
) -> Result<(StatusCode, Json<responses::ConnectLinkResponse>), Problem> {
    let wish = order.parse()?;
    let invitation = connect_link::create(&callback, customer, user, wish).await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}

/// `GET /connect/{link}`: the recruiter's browser begins a sign-in.
async fn start_sign_in(
    State(callback): State<Callback>,
    PathIds(link): PathIds<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let begun = sign_in::start(&callback, &link, &headers).await?;
    Ok(begun.into_response())
}

/// `GET /connect/{link}/help`: what a number on Microsoft's page means. Nothing is consumed, and any link will do.
async fn help(
    State(callback): State<Callback>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Problem> {
    let question = requests::parse_help_query(query.as_deref().unwrap_or_default());
    let seen = connect_link::inspect(&callback, &link).await;
    pages::help::page(&question, &seen, callback.entra.redirect_uri(), language)
}

/// `GET /sign-in-test/{link}`: anybody of the customer's tenant tests a sign-in, with `?meeting=yes` a meeting too.
async fn start_sign_in_test(
    State(callback): State<Callback>,
    PathIds(link): PathIds<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meeting = requests::parse_sign_in_test_query(query.as_deref().unwrap_or_default())?;
    let begun = sign_in_test::start(&callback, &link, meeting, &headers).await?;
    Ok(begun.into_response())
}

/// `GET /oauth/callback`: Microsoft sends the browser back, from a sign-in or from a request for consent.
async fn receive_authorization_response(
    State(callback): State<Callback>,
    AcceptLanguage(language): AcceptLanguage,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, responses::CallbackError> {
    let answer = requests::parse_authorization_response(query.as_deref().unwrap_or_default())?;
    let back = authorization_response::handle(&callback, answer, &headers, language).await?;
    Ok(back.into_response())
}

/// `POST …/connection`: the ATS says whose sign-in it was.
async fn complete_connection(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
    extract::JsonBody(completion): extract::JsonBody<requests::CompleteConnectionRequest>,
) -> Result<Json<responses::ConnectionResponse>, Problem> {
    let connection = completion::complete(&callback, &customer, &user, &completion.handle).await?;
    Ok(Json(connection.into()))
}

/// `GET …/connection`: how it is, and since when.
async fn get_connection(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
) -> Result<Json<responses::ConnectionStateResponse>, Problem> {
    let state = connection::state(&callback, &customer, &user).await?;
    Ok(Json(state))
}

/// `DELETE …/connection`: disconnect.
async fn disconnect(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
) -> Result<StatusCode, Problem> {
    connection::disconnect(&callback, &customer, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}
