//! Who asks Graph, and whether the token reaches that far.

use uuid::Uuid;

use crate::exchange::Call;
use crate::graph::problem::Problem;
use crate::operation::Operation;
use crate::world::{AccessGrant, World};

/// The user a delegated token speaks for.
pub(crate) struct Caller {
    pub(crate) tenant: Uuid,
    pub(crate) oid: Uuid,
}

/// The grant behind the bearer token, if it is one of ours.
pub(crate) fn grant<'a>(world: &'a World, call: &Call) -> Option<&'a AccessGrant> {
    world.access_tokens.get(bearer(call)?)
}

fn bearer(call: &Call) -> Option<&str> {
    let (scheme, token) = call.header("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The caller, when the token is good and carries the permission of the operation.
pub(crate) fn caller(world: &World, call: &Call, operation: Operation) -> Result<Caller, Problem> {
    let unauthorized = |message| Problem::new(401, "InvalidAuthenticationToken", message);
    if bearer(call).is_none_or(str::is_empty) {
        return Err(unauthorized("Access token is empty."));
    }
    let grant = grant(world, call).ok_or_else(|| unauthorized("Access token validation failure. Invalid audience."))?;
    if grant.expires <= world.now() {
        return Err(unauthorized("Access token has expired or is not yet valid."));
    }
    let Some(oid) = grant.oid else {
        return Err(Problem::bad_request("/me request is only valid with delegated authentication flow."));
    };
    if world.account(grant.tenant, oid).is_none() {
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
        Ok(Caller { tenant: grant.tenant, oid })
    } else if matches!(operation, Operation::GraphMe | Operation::GraphLicence | Operation::GraphOrganization) {
        Err(Problem::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."))
    } else {
        Err(Problem::forbidden())
    }
}
