//! Finds the tenant in a path.

use uuid::Uuid;

use crate::directory::guid;
use crate::entra::error::EntraErrorBody;
use crate::state::SimulatorState;

/// Finds the tenant by GUID or verified domain.
pub(crate) fn resolve(state: &SimulatorState, name: &str) -> Result<Uuid, EntraErrorBody> {
    if let Some(tenant) = state.directory.tenant(name) {
        return match tenant.cloud {
            None => Ok(tenant.id),
            Some(_) => Err(in_another_cloud()),
        };
    }
    match name.to_ascii_lowercase().as_str() {
        "common" | "organizations" => Err(EntraErrorBody::new(
            50_194,
            "invalid_request",
            "The application is registered for a single tenant and cannot be used \
             through the /common endpoint. Use the endpoint of its tenant.",
        )),
        "consumers" => Err(EntraErrorBody::new(
            9_002_332,
            "invalid_request",
            "The application is for Microsoft Entra users only and cannot be used \
             through the /consumers endpoint.",
        )),
        _ if guid(name).is_some() || is_domain(name) => Err(EntraErrorBody::new(
            90_002,
            "invalid_request",
            format!(
                "Tenant '{name}' not found. Check that the tenant ID is right and that \
                 this is the cloud the tenant lives in."
            ),
        )),
        _ => Err(EntraErrorBody::new(
            900_023,
            "invalid_request",
            format!(
                "Specified tenant identifier '{name}' is neither a valid DNS name nor a \
                 valid external domain."
            ),
        )),
    }
}

/// AADSTS5000225: neither users nor apps can sign in to a blocked tenant.
pub(crate) fn check_not_blocked(state: &SimulatorState, id: Uuid) -> Result<(), EntraErrorBody> {
    if state.directory.tenants.iter().any(|tenant| tenant.id == id && tenant.blocked) {
        return Err(EntraErrorBody::new(
            5_000_225,
            "interaction_required",
            "This tenant has been blocked due to inactivity.",
        ));
    }
    Ok(())
}

/// AADSTS90038: the tenant is in a national cloud.
fn in_another_cloud() -> EntraErrorBody {
    EntraErrorBody::new(90_038, "invalid_request", "The tenant is in another cloud; send requests for it there.")
}

/// RFC 1035 section 2.3.1 labels, two at least.
fn is_domain(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    labels.len() >= 2
        && name.len() <= 253
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}
