//! Serves every request: read it, find its fault, respond, record it.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

use crate::control;
use crate::entra::authorize_request::AuthorizeRequest;
use crate::entra::error::EntraErrorBody;
use crate::entra::{authorize, consent, decision, discovery, federation, pages, token};
use crate::fault_rules::{FaultEffect, merge};
use crate::graph;
use crate::graph::error::GraphErrorBody;
use crate::http_message::{SimulatedRequest, SimulatedResponse, cut_connection, value};
use crate::operation::Operation;
use crate::request_log::RecordedRequest;
use crate::state::{SharedState, SimulatorState};

/// Operation, tenant and user of a request, as far as they are known before the response.
struct RequestSubject {
    listener: &'static str,
    operation: Operation,
    tenant: Option<Uuid>,
    upn: Option<String>,
}

/// Serves Entra and the control routes.
pub(crate) async fn login(State(shared): State<SharedState>, request: Request) -> Response {
    let Ok(call) = SimulatedRequest::read(request).await else {
        return SimulatedResponse::empty(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    match call.path.first().map(String::as_str) {
        Some("control") => return control::answer(&shared, &call).into_response(),
        Some("") if call.path.len() == 1 => {
            return crate::start_page::page(&shared.lock(), &call).into_response();
        }
        _ => {}
    }
    let subject = login_subject(&shared.lock(), &call);
    if Operation::AnyToken.covers(subject.operation) {
        fetch_issuer_keys(&shared, &call).await;
    }
    respond(shared, call, subject, login_answer).await
}

/// Fetches the keys that a token request needs, if it carries the assertion of an issuer that its application trusts.
async fn fetch_issuer_keys(shared: &SharedState, call: &SimulatedRequest) {
    let Some(issuer) = federation::issuer_to_fetch(&shared.lock(), call) else { return };
    let fetched = shared.issuers.keys(&issuer).await;
    let mut state = shared.lock();
    let now = state.now();
    state.issuer_keys.record(issuer, fetched, now);
}

/// Serves Graph.
pub(crate) async fn graph(State(shared): State<SharedState>, request: Request) -> Response {
    let Ok(call) = SimulatedRequest::read(request).await else {
        return SimulatedResponse::empty(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let subject = graph_subject(&shared.lock(), &call);
    respond(shared, call, subject, |state, call, _, _| graph::answer(state, call)).await
}

async fn respond(
    shared: SharedState,
    call: SimulatedRequest,
    subject: RequestSubject,
    act: impl Fn(&mut SimulatorState, &SimulatedRequest, Operation, Option<&FaultEffect>) -> SimulatedResponse,
) -> Response {
    let effect = shared.faults.take(subject.operation, subject.tenant, subject.upn.as_deref());
    if let Some(FaultEffect::Delay { milliseconds }) = effect {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
    let mut state = shared.lock();
    let state = &mut *state;
    let answer = match &effect {
        Some(FaultEffect::DropConnection) => None,
        Some(FaultEffect::Answer { status, headers, body }) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            let mut answer = SimulatedResponse::empty(status);
            for (name, value) in headers {
                answer = answer.header(name, value);
            }
            answer.body.clone_from(body);
            Some(answer)
        }
        Some(FaultEffect::EntraError { .. }) => Some(entra_error(state, &call, &subject, effect.as_ref())),
        Some(FaultEffect::GraphError { status, code, message, retry_after }) => {
            let mut problem = GraphErrorBody::new(*status, code, message);
            problem.retry_after = *retry_after;
            let answer = problem.answer(state, &call);
            Some(graph::with_headers(state, &call, answer))
        }
        Some(FaultEffect::PatchGraphAnswer(patch)) => {
            let mut answer = act(state, &call, subject.operation, effect.as_ref());
            if answer.status.is_success()
                && let Ok(mut body) = serde_json::from_str(&answer.body)
            {
                merge(&mut body, patch);
                answer.body = body.to_string();
            }
            Some(answer)
        }
        _ => Some(act(state, &call, subject.operation, effect.as_ref())),
    };
    // A lost response is computed all the same, because the operation takes effect.
    let lost = matches!(effect, Some(FaultEffect::LoseAnswer));
    record(state, &call, subject, answer.as_ref(), lost, effect.is_some());
    match answer {
        Some(answer) if !lost => answer.into_response(),
        _ => cut_connection(),
    }
}

fn record(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    subject: RequestSubject,
    answer: Option<&SimulatedResponse>,
    lost: bool,
    faulted: bool,
) {
    let at = state.now();
    state.request_log.push(RecordedRequest {
        at,
        listener: subject.listener,
        method: call.method.to_string(),
        operation: subject.operation,
        tenant: subject.tenant,
        upn: subject.upn.or_else(|| answer.and_then(|answer| answer.upn.clone())),
        parameters: call.parameter_names(),
        status: answer.filter(|_| !lost).map(|answer| answer.status.as_u16()),
        code: answer.and_then(|answer| answer.code.clone()),
        correlation_id: answer.and_then(|answer| answer.correlation_id.clone()),
        notes: answer.map_or_else(Vec::new, |answer| answer.notes.clone()),
        faulted,
    });
}

fn login_subject(state: &SimulatorState, call: &SimulatedRequest) -> RequestSubject {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let post = call.method == Method::POST;
    let get = call.method == Method::GET;
    let form = call.form().unwrap_or_default();
    let (tenant, operation) = match path.as_slice() {
        [tenant, "oauth2", "v2.0", "token"] if post => (*tenant, token::operation(&form)),
        [tenant, "oauth2", "v2.0", "authorize"] if post => (*tenant, Operation::AuthorizeDecision),
        [tenant, "oauth2", "v2.0", "authorize"] if get => (*tenant, Operation::Authorize),
        [tenant, "v2.0", "adminconsent"] if post => (*tenant, Operation::AdminConsentDecision),
        [tenant, "v2.0", "adminconsent"] if get => (*tenant, Operation::AdminConsent),
        [tenant, "v2.0", ".well-known", "openid-configuration"] if get => (*tenant, Operation::Discovery),
        [tenant, "discovery", "v2.0", "keys"] if get => (*tenant, Operation::Keys),
        [tenant, ..] => (*tenant, Operation::LoginOther),
        [] => ("", Operation::LoginOther),
    };
    let upn = match operation {
        Operation::TokenAuthorizationCode => value(&form, "code")
            .and_then(|code| state.codes.get(code))
            .and_then(|grant| state.upn(grant.sign_in.subject)),
        Operation::TokenRefreshToken => value(&form, "refresh_token")
            .and_then(|token| state.refresh_tokens.get(token))
            .and_then(|grant| state.upn(grant.sign_in.subject)),
        Operation::AuthorizeDecision | Operation::AdminConsentDecision => value(&form, "user").map(str::to_owned),
        Operation::Authorize => value(&call.query, "login_hint").map(str::to_owned),
        _ => None,
    };
    RequestSubject { listener: "login", operation, tenant: state.directory.tenant(tenant).map(|tenant| tenant.id), upn }
}

fn graph_subject(state: &SimulatorState, call: &SimulatedRequest) -> RequestSubject {
    let grant = graph::access::grant(state, call);
    let upn = grant.and_then(|grant| {
        let (_, user) = state.account(grant.tenant, grant.oid?)?;
        Some(user.upn.clone())
    });
    RequestSubject {
        listener: "graph",
        operation: graph::operation(call),
        tenant: grant.map(|grant| grant.tenant),
        upn,
    }
}

fn login_answer(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    operation: Operation,
    effect: Option<&FaultEffect>,
) -> SimulatedResponse {
    let tenant = call.path.first().map_or("", String::as_str);
    match operation {
        Operation::TokenAuthorizationCode
        | Operation::TokenRefreshToken
        | Operation::TokenClientCredentials
        | Operation::TokenOther => token::post(state, call, tenant, effect),
        Operation::Authorize => authorize::show(state, call, tenant),
        Operation::AuthorizeDecision => decision::post(state, call, tenant),
        Operation::AdminConsent | Operation::AdminConsentDecision => consent::answer(state, call, tenant),
        Operation::Discovery => discovery::document(state, call, tenant),
        Operation::Keys => discovery::keys(state, call, tenant),
        _ if call.path.ends_with(&["oauth2".to_owned(), "v2.0".to_owned(), "token".to_owned()]) => EntraErrorBody::new(
            900_561,
            "invalid_request",
            format!("The endpoint only accepts POST requests. Received a {}.", call.method),
        )
        .answer(state, call),
        _ => SimulatedResponse::json(
            StatusCode::NOT_FOUND,
            &json!({ "error": "the simulator has no such page; see its start page" }),
        ),
    }
}

/// The error of a fault: a redirect or a page for a browser, JSON for other clients.
fn entra_error(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    subject: &RequestSubject,
    effect: Option<&FaultEffect>,
) -> SimulatedResponse {
    let Some(FaultEffect::EntraError { error, code, suberror, claims, status, retry_after }) = effect else {
        return SimulatedResponse::empty(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut error_body = EntraErrorBody::new(*code, error.clone(), "The simulator was told to reject this.");
    error_body.suberror.clone_from(suberror);
    error_body.claims.clone_from(claims);
    error_body.status = *status;
    error_body.retry_after = *retry_after;
    match subject.operation {
        Operation::Authorize | Operation::AuthorizeDecision => {
            let tenant = call.path.first().map_or("", String::as_str);
            match AuthorizeRequest::read(state, call, tenant) {
                Ok(request) => request.return_to.redirect_error(state, call, &error_body),
                Err(_) => pages::error(state, call, &error_body),
            }
        }
        Operation::AdminConsent | Operation::AdminConsentDecision => pages::error(state, call, &error_body),
        _ => error_body.answer(state, call),
    }
}
