//! `POST /{tenant}/oauth2/v2.0/token`.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::entra::decision::client_info;
use crate::entra::error::EntraErrorBody;
use crate::entra::{client, grant, id_token, scope, tenant};
use crate::fault_rules::{FaultEffect, IdTokenForgery, merge};
use crate::http_message::{SimulatedRequest, SimulatedResponse, duplicate, value};
use crate::operation::Operation;
use crate::state::{AccessGrant, RefreshGrant, SimulatedSignIn, SimulatorState};

/// The operation of a token request, by its grant type.
pub(crate) fn operation(form: &[(String, String)]) -> Operation {
    match value(form, "grant_type") {
        Some("authorization_code") => Operation::TokenAuthorizationCode,
        Some("refresh_token") => Operation::TokenRefreshToken,
        Some("client_credentials") => Operation::TokenClientCredentials,
        _ => Operation::TokenOther,
    }
}

/// Serves a token request.
pub(crate) fn post(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    tenant_name: &str,
    effect: Option<&FaultEffect>,
) -> SimulatedResponse {
    let form = call.form().unwrap_or_default();
    match redeem(state, call, tenant_name, &form, effect) {
        Ok(mut body) => {
            if let Some(FaultEffect::PatchTokenAnswer(patch)) = effect {
                merge(&mut body, patch);
            }
            let request_id = state.randomness.guid().to_string();
            SimulatedResponse::json(StatusCode::OK, &body)
                .header("cache-control", "no-store, no-cache")
                .header("pragma", "no-cache")
                .header("x-ms-request-id", &request_id)
                .header("x-ms-clitelem", "1,0,0,,")
        }
        Err(error_body) => error_body.answer(state, call),
    }
}

fn redeem(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    tenant_name: &str,
    form: &[(String, String)],
    effect: Option<&FaultEffect>,
) -> Result<Value, EntraErrorBody> {
    if call.form().is_none() {
        return Err(EntraErrorBody::missing("grant_type"));
    }
    if let Some(name) = duplicate(form) {
        return Err(EntraErrorBody::duplicated(name));
    }
    let tenant = tenant::resolve(state, tenant_name)?;
    tenant::check_not_blocked(state, tenant)?;
    let grant_type = value(form, "grant_type").ok_or_else(|| EntraErrorBody::missing("grant_type"))?;
    if operation(form) == Operation::TokenOther {
        return Err(EntraErrorBody::new(
            70_003,
            "unsupported_grant_type",
            format!("The app requested an unsupported grant type '{grant_type}'."),
        ));
    }
    let client_id = client::authenticate(state, call, tenant, form)?;
    state.client_assertions.extend(value(form, "client_assertion").map(str::to_owned));
    let forgery = match effect {
        Some(FaultEffect::ForgeIdToken(forgery)) => Some(forgery),
        _ => None,
    };
    match operation(form) {
        Operation::TokenAuthorizationCode => {
            let grant = grant::redeem_code(state, tenant, client_id, form)?;
            grant::check_platform(state, &grant, call.header("origin"))?;
            let nonce = grant.nonce.as_deref();
            user_token(state, form, &grant.sign_in, nonce, forgery)
        }
        Operation::TokenRefreshToken => {
            let sign_in = grant::redeem_refresh_token(state, client_id, form)?;
            user_token(state, form, &sign_in, None, forgery)
        }
        _ => application_token(state, tenant, form),
    }
}

/// The body of a delegated token response.
fn user_token(
    state: &mut SimulatorState,
    form: &[(String, String)],
    sign_in: &SimulatedSignIn,
    nonce: Option<&str>,
    forgery: Option<&IdTokenForgery>,
) -> Result<Value, EntraErrorBody> {
    let subject = sign_in.subject;
    // The response lists all granted scopes, which can be more than the requested ones.
    let mut granted = grant::granted(state, subject);
    granted.retain(|name| scope::is_graph(name) || sign_in.scopes.contains(name));
    let (access_token, expires_in) = access_token(
        state,
        AccessGrant {
            tenant: subject.tenant,
            oid: Some(subject.oid),
            scopes: granted.clone(),
            expires: jiff::Timestamp::MAX,
        },
    );
    let mut body = Map::new();
    body.insert("token_type".into(), json!("Bearer"));
    body.insert("scope".into(), json!(scope::written(&granted, &sign_in.prefix)));
    body.insert("expires_in".into(), json!(expires_in));
    body.insert("ext_expires_in".into(), json!(expires_in));
    body.insert("access_token".into(), json!(access_token));
    if sign_in.scopes.contains("offline_access") {
        let token = format!("1.{}", state.randomness.opaque(810));
        let issued = state.now();
        state.refresh_tokens.insert(token.clone(), RefreshGrant { sign_in: sign_in.clone(), issued });
        body.insert("refresh_token".into(), json!(token));
    }
    if sign_in.scopes.contains("openid") {
        let token = id_token::issue(state, sign_in, nonce, forgery)
            .ok_or_else(|| EntraErrorBody::new(50_000, "server_error", "The token could not be issued.").status(500))?;
        state.id_tokens.push(token.clone());
        body.insert("id_token".into(), json!(token));
    }
    if value(form, "client_info") == Some("1") {
        body.insert("client_info".into(), json!(client_info(subject.oid, subject.tenant)));
    }
    Ok(Value::Object(body))
}

/// The application's own token. It proves tenant, application and credential and allows nothing.
fn application_token(
    state: &mut SimulatorState,
    tenant: Uuid,
    form: &[(String, String)],
) -> Result<Value, EntraErrorBody> {
    let scope = value(form, "scope").ok_or_else(|| EntraErrorBody::missing("scope"))?;
    let own = format!("{}/.default", state.graph);
    if scope != own && scope != format!("{}/.default", scope::GRAPH) {
        return Err(EntraErrorBody::new(
            1_002_012,
            "invalid_scope",
            format!(
                "The provided value for scope {scope} is not valid. Client credential flows \
                 must have a scope value with /.default suffixed to the resource identifier."
            ),
        ));
    }
    let (access_token, _) = access_token(
        state,
        AccessGrant { tenant, oid: None, scopes: std::collections::BTreeSet::new(), expires: jiff::Timestamp::MAX },
    );
    Ok(json!({
        "token_type": "Bearer",
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "access_token": access_token,
    }))
}

/// Issues an access token. Microsoft chooses a lifetime between 60 and 90 minutes.
fn access_token(state: &mut SimulatorState, mut grant: AccessGrant) -> (String, i64) {
    let life = if grant.oid.is_some() { state.randomness.between(3_600, 5_400) } else { 3_599 };
    let life = i64::try_from(life).unwrap_or(3_600);
    grant.expires = state.later(SignedDuration::from_secs(life));
    let token = format!("EwB{}", state.randomness.opaque(1_000));
    state.access_tokens.insert(token.clone(), grant);
    (token, life)
}
