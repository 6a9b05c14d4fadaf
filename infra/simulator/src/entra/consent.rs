//! `GET` and `POST /{tenant}/v2.0/adminconsent` (Microsoft's `v2-admin-consent.md`).

use axum::http::Method;
use uuid::Uuid;

use crate::entra::authorize_request::{AuthorizeRejection, RedirectTarget, application};
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
pub(crate) fn answer(state: &mut SimulatorState, call: &SimulatedRequest, tenant_name: &str) -> SimulatedResponse {
    let request = match read(state, call, tenant_name) {
        Ok(request) => request,
        Err(rejection) => return rejection.answer(state, call),
    };
    if call.method == Method::POST {
        decided(state, call, request)
    } else {
        pages::consent(state, call, request.tenant, request.client_id, request.scopes)
    }
}

fn read(
    state: &SimulatorState,
    call: &SimulatedRequest,
    tenant_name: &str,
) -> Result<AdminConsentQuery, AuthorizeRejection> {
    let query = &call.query;
    if let Some(name) = duplicate(query) {
        return Err(AuthorizeRejection::Page(EntraErrorBody::duplicated(name)));
    }
    let tenant = tenant::resolve(state, tenant_name).map_err(AuthorizeRejection::Page)?;
    let (_, app, uri) = application(state, tenant, query).map_err(AuthorizeRejection::Page)?;
    let return_to = RedirectTarget { uri, state: value(query, "state").map(str::to_owned) };
    let back = |error_body| AuthorizeRejection::redirect(&return_to, error_body);
    let text = value(query, "scope").ok_or_else(|| back(EntraErrorBody::missing("scope")))?;
    let asked = Scopes::parse(text, &state.graph).map_err(back)?;
    let mut scopes: Vec<String> = asked.names.iter().cloned().collect();
    if asked.default {
        scopes.extend(app.permissions.iter().filter(|name| !asked.names.contains(*name)).cloned());
    }
    let written = scope::written(&scopes.iter().cloned().collect(), &asked.prefix);
    Ok(AdminConsentQuery { tenant, client_id: app.client_id, return_to, scopes, written })
}

fn decided(state: &mut SimulatorState, call: &SimulatedRequest, request: AdminConsentQuery) -> SimulatedResponse {
    let form = call.form().unwrap_or_default();
    if let Some(name) = duplicate(&form) {
        return AuthorizeRejection::Page(EntraErrorBody::duplicated(name)).answer(state, call);
    }
    let tenant = ("tenant".to_owned(), request.tenant.to_string());
    let flag = ("admin_consent".to_owned(), "True".to_owned());
    match value(&form, "decision") {
        Some("accept") => {}
        Some("decline") => {
            // Microsoft's failure redirect repeats the flag and the tenant all the same.
            let error_body = EntraErrorBody::new(
                65_004,
                "consent_required",
                "The resource owner or authorization server denied the request.",
            );
            let trace = ErrorTrace::of(state, call);
            let mut parameters = error_body.parameters(state, &trace);
            parameters.extend([flag, tenant]);
            let back = request.return_to.redirect(call, parameters);
            return back.code("AADSTS65004").correlation_id(&trace.correlation);
        }
        _ => return AuthorizeRejection::Page(EntraErrorBody::missing("decision")).answer(state, call),
    }
    let upn = value(&form, "user").unwrap_or_default();
    let administrator = state
        .directory
        .tenants
        .iter()
        .find(|own| own.id == request.tenant)
        .and_then(|own| own.user(upn))
        .is_some_and(|user| user.admin && user.enabled);
    if !administrator {
        let error_body =
            EntraErrorBody::new(90_093, "access_denied", "Only an administrator can consent for the organisation.");
        return pages::error(state, call, &error_body).upn(upn);
    }
    if let Some(app) = state.directory.app_mut(request.client_id) {
        app.enterprise_app = true;
        app.organisation_consent.extend(request.scopes);
    }
    let parameters = vec![flag, tenant, ("scope".to_owned(), request.written)];
    request.return_to.redirect(call, parameters).upn(upn)
}
