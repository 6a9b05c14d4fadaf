//! `GET` and `POST /{tenant}/v2.0/adminconsent` (Microsoft's `v2-admin-consent.md`).

use axum::http::Method;
use uuid::Uuid;

use crate::entra::authorize::{AuthorizeRejection, RedirectTarget, application};
use crate::entra::error::{EntraErrorBody, ErrorTrace};
use crate::entra::scope::Scopes;
use crate::entra::{pages, scope, tenant};
use crate::http_message::{SimulatedRequest, SimulatedResponse, duplicate, value};
use crate::state::SimulatorState;

struct AdminConsentQuery {
    tenant: Uuid,
    client_id: Uuid,
    return_to: RedirectTarget,
    scopes: Vec<String>,
    written: String,
}

/// The page, or what the administrator decided on it.
pub(crate) fn answer(world: &mut SimulatorState, call: &SimulatedRequest, tenant_name: &str) -> SimulatedResponse {
    let request = match read(world, call, tenant_name) {
        Ok(request) => request,
        Err(stop) => return stop.answer(world, call),
    };
    if call.method == Method::POST {
        decided(world, call, request)
    } else {
        pages::consent(world, call, request.tenant, request.client_id, request.scopes)
    }
}

fn read(
    world: &SimulatorState,
    call: &SimulatedRequest,
    tenant_name: &str,
) -> Result<AdminConsentQuery, AuthorizeRejection> {
    let query = &call.query;
    if let Some(name) = duplicate(query) {
        return Err(AuthorizeRejection::Page(EntraErrorBody::duplicated(name)));
    }
    let tenant = tenant::resolve(world, tenant_name).map_err(AuthorizeRejection::Page)?;
    let (_, app, uri) = application(world, tenant, query).map_err(AuthorizeRejection::Page)?;
    let return_to = RedirectTarget { uri, state: value(query, "state").map(str::to_owned) };
    let back = |refusal| AuthorizeRejection::redirect(&return_to, refusal);
    let text = value(query, "scope").ok_or_else(|| back(EntraErrorBody::missing("scope")))?;
    let asked = Scopes::parse(text, &world.graph).map_err(back)?;
    let mut scopes: Vec<String> = asked.names.iter().cloned().collect();
    if asked.default {
        scopes.extend(app.permissions.iter().filter(|name| !asked.names.contains(*name)).cloned());
    }
    let written = scope::written(&scopes.iter().cloned().collect(), &asked.prefix);
    Ok(AdminConsentQuery { tenant, client_id: app.client_id, return_to, scopes, written })
}

fn decided(world: &mut SimulatorState, call: &SimulatedRequest, request: AdminConsentQuery) -> SimulatedResponse {
    let form = call.form().unwrap_or_default();
    if let Some(name) = duplicate(&form) {
        return AuthorizeRejection::Page(EntraErrorBody::duplicated(name)).answer(world, call);
    }
    let tenant = ("tenant".to_owned(), request.tenant.to_string());
    let flag = ("admin_consent".to_owned(), "True".to_owned());
    match value(&form, "decision") {
        Some("accept") => {}
        Some("decline") => {
            // Microsoft's failure redirect repeats the flag and the tenant all the same.
            let refusal = EntraErrorBody::new(
                65_004,
                "consent_required",
                "The resource owner or authorization server denied the request.",
            );
            let trace = ErrorTrace::of(world, call);
            let mut parameters = refusal.parameters(world, &trace);
            parameters.extend([flag, tenant]);
            let back = request.return_to.redirect(call, parameters);
            return back.code("AADSTS65004").correlation_id(&trace.correlation);
        }
        _ => return AuthorizeRejection::Page(EntraErrorBody::missing("decision")).answer(world, call),
    }
    let upn = value(&form, "user").unwrap_or_default();
    let administrator = world
        .directory
        .tenants
        .iter()
        .find(|own| own.id == request.tenant)
        .and_then(|own| own.user(upn))
        .is_some_and(|user| user.admin && user.enabled);
    if !administrator {
        let refusal =
            EntraErrorBody::new(90_093, "access_denied", "Only an administrator can consent for the organisation.");
        return pages::refusal(world, call, &refusal).upn(upn);
    }
    if let Some(app) = world.directory.app_mut(request.client_id) {
        app.enterprise_app = true;
        app.organisation_consent.extend(request.scopes);
    }
    let parameters = vec![flag, tenant, ("scope".to_owned(), request.written)];
    request.return_to.redirect(call, parameters).upn(upn)
}
