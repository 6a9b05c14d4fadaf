//! The callback function: connects recruiters, from the connect link to the stored connection.
//!
//! 1. The ATS orders a connect link (`POST …/connect-links`).
//! 2. The recruiter opens it. The browser gets a cookie and is redirected to Entra (`GET /connect/{link}`).
//! 3. Entra redirects the browser back. The code waits in the vault, not redeemed, and the browser is redirected to the ATS
//!    with a short handle (`GET /oauth/callback`).
//! 4. The ATS posts the handle for the user of its own session (`POST …/connection`). Only now is the code redeemed.
//!
//! Without the fourth step a recruiter could forward the link to a colleague and receive the colleague's tokens.
//!
//! After some errors Microsoft does not redirect back. A help page beside the link explains them
//! (`GET /connect/{link}/help`).

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
use axum::routing::get;
use axum::{Json, Router};

use shared::domain::api_key::ApiScope;
use shared::http::accept_language::AcceptLanguage;
use shared::http::api_key_auth::{ApiKeyAuth, CustomerScope};
use shared::http::connection_document::ConnectionDocument;
use shared::http::extract;
use shared::http::extract::PathIds;
use shared::http::html::PageFrame;
use shared::http::problem::Problem;
use shared::http::routes::{self, ServeRoute};
use shared::http::stack::with_html_problems;
use shared::startup::settings::{LEGACY_REDIRECT_PATH, REDIRECT_PATH};
use shared::types::ids::{CustomerId, UserId};

#[cfg(feature = "openapi")]
pub use openapi::operations;
pub use state::Callback;

/// The routes of the callback function.
pub fn router(callback: Callback) -> Router {
    let mut browser_routes = Router::new()
        .serve(routes::START_SIGN_IN, start_sign_in)
        .serve(routes::SIGN_IN_HELP, help)
        .serve(routes::START_SIGN_IN_TEST, start_sign_in_test)
        .serve(routes::RETURN_FROM_MICROSOFT, receive_authorization_response)
        .serve(routes::RETURN_FROM_MICROSOFT_LEGACY, receive_authorization_response);
    let redirect_path = callback.settings.redirect_uri.path().to_owned();
    if redirect_path != REDIRECT_PATH && redirect_path != LEGACY_REDIRECT_PATH {
        browser_routes = browser_routes.route(&redirect_path, get(receive_authorization_response));
    }
    let api_routes = Router::new()
        .serve(routes::CREATE_CONNECT_LINK, create_connect_link)
        .serve(routes::WITHDRAW_CONNECT_LINKS, withdraw_connect_links)
        .serve(routes::COMPLETE_CONNECTION, complete_connection)
        .serve(routes::GET_CONNECTION, get_connection)
        .serve(routes::DISCONNECT, disconnect);
    let auth = ApiKeyAuth::new(callback.api_keys.clone(), callback.clock.clone());
    with_html_problems(browser_routes)
        .merge(auth.require(api_routes, ApiScope::Connections, CustomerScope::PathCustomer))
        .with_state(callback)
}

type ConnectionPath = PathIds<(CustomerId, UserId)>;

/// `POST …/connect-links`: the ATS orders a link for a recruiter.
async fn create_connect_link(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
    extract::OptionalJsonBody(order): extract::OptionalJsonBody<requests::CreateConnectLinkRequest>,
) -> Result<(StatusCode, Json<responses::ConnectLinkResponse>), Problem> {
    let options = order.parse(&callback.settings)?;
    let link = connect_link::create(&callback, customer.clone(), user.clone(), options).await;
    let link = link.map_err(|problem| problem.with_recovery(callback.settings.api_url.as_str(), &customer, &user))?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// `DELETE …/connect-links`: the ATS takes back the links of a recruiter.
async fn withdraw_connect_links(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
) -> Result<StatusCode, Problem> {
    connect_link::withdraw(&callback, &customer, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /connect/{link}`: starts a sign-in in the recruiter's browser.
async fn start_sign_in(
    State(callback): State<Callback>,
    PathIds(link): PathIds<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let redirect = sign_in::start(&callback, &link, &headers).await?;
    Ok(redirect.into_response())
}

/// `GET /connect/{link}/help`: explains an error number of Microsoft's page. Does not use the link up, and answers for an
/// invalid link too.
async fn help(
    State(callback): State<Callback>,
    PathIds(link): PathIds<String>,
    AcceptLanguage(language): AcceptLanguage,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Problem> {
    let help_query = requests::parse_help_query(query.as_deref().unwrap_or_default());
    let link = connect_link::inspect(&callback, &link).await;
    let frame = PageFrame::plain(&callback.settings.branding);
    pages::help::page(&help_query, &link, callback.entra.redirect_uri(), (frame, language))
}

/// `GET /sign-in-test/{link}`: starts a sign-in test for anyone in the customer's tenant. `?meeting=yes` also tests a
/// meeting.
async fn start_sign_in_test(
    State(callback): State<Callback>,
    PathIds(link): PathIds<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let meeting = requests::parse_sign_in_test_query(query.as_deref().unwrap_or_default())?;
    let redirect = sign_in_test::start(&callback, &link, meeting, &headers).await?;
    Ok(redirect.into_response())
}

/// `GET /oauth/callback`: handles Microsoft's redirect after a sign-in or after admin consent.
async fn receive_authorization_response(
    State(callback): State<Callback>,
    AcceptLanguage(language): AcceptLanguage,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, responses::CallbackError> {
    let response = requests::parse_authorization_response(query.as_deref().unwrap_or_default())?;
    let response = authorization_response::handle(&callback, response, &headers, language).await?;
    Ok(response.into_response())
}

/// `POST …/connection`: completes a sign-in for a user of the ATS.
async fn complete_connection(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
    extract::JsonBody(completion): extract::JsonBody<requests::CompleteConnectionRequest>,
) -> Result<Json<responses::ConnectionResponse>, Problem> {
    let connection = completion::complete(&callback, &customer, &user, completion.parse()?).await;
    let api_url = callback.settings.api_url.as_str();
    let connection = connection.map_err(|problem| problem.with_recovery(api_url, &customer, &user))?;
    Ok(Json(connection.into()))
}

/// `GET …/connection`: the state of a connection.
async fn get_connection(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
) -> Result<Json<ConnectionDocument>, Problem> {
    let state = connection::state(&callback, &customer, &user).await?;
    Ok(Json(state))
}

/// `DELETE …/connection`: disconnects a recruiter.
async fn disconnect(
    State(callback): State<Callback>,
    PathIds((customer, user)): ConnectionPath,
) -> Result<StatusCode, Problem> {
    connection::disconnect(&callback, &customer, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}
