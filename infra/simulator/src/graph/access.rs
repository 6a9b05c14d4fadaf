//! Authenticates and authorizes requests to Graph.

use uuid::Uuid;

use crate::graph::error::GraphErrorBody;
use crate::http_message::SimulatedRequest;
use crate::operation::Operation;
use crate::state::{AccessGrant, SimulatorState};

/// The user of a delegated token.
pub(crate) struct TokenBearer {
    pub(crate) tenant: Uuid,
    pub(crate) oid: Uuid,
}

/// The grant behind the bearer token, if the simulator issued it.
pub(crate) fn grant<'a>(state: &'a SimulatorState, call: &SimulatedRequest) -> Option<&'a AccessGrant> {
    state.access_tokens.get(bearer(call)?)
}

fn bearer(call: &SimulatedRequest) -> Option<&str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The user, if the token is valid and has the permission for the operation.
pub(crate) fn caller(
    state: &SimulatorState,
    call: &SimulatedRequest,
    operation: Operation,
) -> Result<TokenBearer, GraphErrorBody> {
    let unauthorized = |message| GraphErrorBody::new(401, "InvalidAuthenticationToken", message);
    if bearer(call).is_none_or(str::is_empty) {
        return Err(unauthorized("Access token is empty."));
    }
    let grant = grant(state, call).ok_or_else(|| unauthorized("Access token validation failure. Invalid audience."))?;
    if grant.expires <= state.now() {
        return Err(unauthorized("Access token has expired or is not yet valid."));
    }
    let Some(oid) = grant.oid else {
        return Err(GraphErrorBody::bad_request("/me request is only valid with delegated authentication flow."));
    };
    if state.account(grant.tenant, oid).is_none() {
        return Err(unauthorized("Access token validation failure."));
    }
    let has = |wanted: &[&str]| wanted.iter().any(|scope| grant.scopes.contains(*scope));
    let allowed = match operation {
        Operation::GraphMe | Operation::GraphLicence | Operation::GraphOrganization => has(&["User.Read"]),
        Operation::GraphRead | Operation::GraphFind => has(&["OnlineMeetings.Read", "OnlineMeetings.ReadWrite"]),
        Operation::GraphOther => true,
        _ => has(&["OnlineMeetings.ReadWrite"]),
    };
    if allowed {
        Ok(TokenBearer { tenant: grant.tenant, oid })
    } else if matches!(operation, Operation::GraphMe | Operation::GraphLicence | Operation::GraphOrganization) {
        Err(GraphErrorBody::new(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        ))
    } else {
        Err(GraphErrorBody::forbidden())
    }
}
