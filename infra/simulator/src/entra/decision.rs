//! What follows from a sign-in: a code, a refusal, or the need for an administrator.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use crate::directory::{MfaChallenge, SimulatedApp, SimulatedTenant, SimulatedUser};
use crate::entra::authorize::{AuthorizeRejection, AuthorizeRequest};
use crate::entra::error::EntraErrorBody;
use crate::entra::pages;
use crate::http_message::{SimulatedRequest, SimulatedResponse, duplicate, value};
use crate::state::{BrowserSession, CodeGrant, GrantSubject, SimulatedSignIn, SimulatorState, later};

/// Microsoft: "about ten minutes".
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// Cookie of the browser session; its name carries the tenant.
const COOKIE: &str = "simulator_session_";

/// `POST /{tenant}/oauth2/v2.0/authorize`, the form of the sign-in page.
pub(crate) fn post(world: &mut SimulatorState, call: &SimulatedRequest, tenant_name: &str) -> SimulatedResponse {
    let request = match AuthorizeRequest::read(world, call, tenant_name) {
        Ok(request) => request,
        Err(stop) => return stop.answer(world, call),
    };
    let form = call.form().unwrap_or_default();
    let answer = match decide(world, &request, &form) {
        Ok(SignInDecision::SignedIn(oid)) => signed_in(world, call, &request, oid),
        Ok(SignInDecision::NeedsAdministrator(upn)) => pages::approval(world, call, &request, &upn),
        Err(stop) => stop.answer(world, call),
    };
    let answer = answer.notes(request.notes);
    match value(&form, "user") {
        Some(upn) => answer.upn(upn),
        None => answer,
    }
}

enum SignInDecision {
    SignedIn(Uuid),
    NeedsAdministrator(String),
}

fn decide(
    world: &mut SimulatorState,
    request: &AuthorizeRequest,
    form: &[(String, String)],
) -> Result<SignInDecision, AuthorizeRejection> {
    if let Some(name) = duplicate(form) {
        return Err(AuthorizeRejection::Page(EntraErrorBody::duplicated(name)));
    }
    let decision = value(form, "decision");
    match decision {
        Some("decline") => {
            return Err(AuthorizeRejection::redirect(
                &request.return_to,
                EntraErrorBody::new(65_004, "access_denied", "User declined to consent to access the app.")
                    .suberror("cancel"),
            ));
        }
        Some("accept" | "accept_for_organization") => {}
        _ => return Err(AuthorizeRejection::Page(EntraErrorBody::missing("decision"))),
    }
    let upn = value(form, "user").ok_or_else(|| AuthorizeRejection::Page(EntraErrorBody::missing("user")))?;
    let (tenant, app) =
        registration(world, request).ok_or_else(|| AuthorizeRejection::Page(EntraErrorBody::missing("client_id")))?;
    let user = signable(world, tenant, app, upn).map_err(AuthorizeRejection::Page)?;
    let oid = user.oid;
    let needed = needed_consent(app, oid, request);
    let for_organization = decision == Some("accept_for_organization");
    if for_organization {
        let approver = value(form, "approver").map_or(Some(user), |upn| tenant.user(upn));
        if !approver.is_some_and(|approver| approver.admin && approver.enabled) {
            return Err(AuthorizeRejection::Page(EntraErrorBody::new(
                90_093,
                "access_denied",
                "Only an administrator can consent for the organisation.",
            )));
        }
    } else if !needed.is_empty() && tenant.require_admin_consent && !user.admin {
        return Ok(SignInDecision::NeedsAdministrator(user.upn.clone()));
    }
    if let Some(app) = world.directory.app_mut(request.client_id) {
        // Who consents puts the app among the enterprise applications, where it was not there.
        app.enterprise_app = true;
        if for_organization {
            app.organisation_consent.extend(needed);
        } else if !needed.is_empty() {
            app.user_consents.entry(oid).or_default().extend(needed);
        }
    }
    Ok(SignInDecision::SignedIn(oid))
}

pub(crate) fn registration<'a>(
    world: &'a SimulatorState,
    request: &AuthorizeRequest,
) -> Option<(&'a SimulatedTenant, &'a SimulatedApp)> {
    let tenants = &world.directory.tenants;
    let tenant = tenants.iter().find(|own| own.id == request.tenant)?;
    let app = tenant.apps.iter().find(|app| app.client_id == request.client_id)?;
    Some((tenant, app))
}

/// The user, when the account may sign in to the application.
fn signable<'a>(
    world: &'a SimulatorState,
    tenant: &'a SimulatedTenant,
    app: &SimulatedApp,
    upn: &str,
) -> Result<&'a SimulatedUser, EntraErrorBody> {
    let Some(user) = tenant.user(upn) else {
        return Err(if world.directory.user(upn).is_some() {
            EntraErrorBody::new(
                50_020,
                "invalid_request",
                format!(
                    "User account '{upn}' from another identity provider does not exist in \
                     tenant '{}' and cannot access the application '{}'.",
                    tenant.display_name, app.client_id
                ),
            )
        } else {
            EntraErrorBody::grant(
                50_034,
                format!("The user account '{upn}' does not exist in the {} directory.", tenant.display_name),
            )
        });
    };
    if !user.enabled {
        return Err(EntraErrorBody::grant(50_057, "The user account is disabled."));
    }
    if app.requires_assignment && !app.assigned.contains(&user.oid) {
        return Err(EntraErrorBody::new(
            50_105,
            "access_denied",
            format!(
                "The signed in user '{upn}' is not assigned to a role for the application \
                 '{}'({}).",
                app.client_id, app.name
            ),
        ));
    }
    Ok(user)
}

/// Scopes nobody has granted to this user yet.
pub(crate) fn needed_consent(app: &SimulatedApp, oid: Uuid, request: &AuthorizeRequest) -> BTreeSet<String> {
    let granted = app.granted_to(oid);
    if request.scopes.default {
        // With .default only a complete lack of grants asks for consent.
        if granted.is_empty() {
            let registered = app.permissions.iter().cloned();
            return registered.chain(request.scopes.names.clone()).collect();
        }
        return BTreeSet::new();
    }
    request.scopes.names.difference(&granted).cloned().collect()
}

/// `prompt=none`: only a live session and given consent lead to a code.
pub(crate) fn silent(
    world: &mut SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
) -> SimulatedResponse {
    let refusal = match session(world, call, request) {
        None => {
            EntraErrorBody::new(50_058, "login_required", "A silent sign-in request was sent but no user is signed in.")
        }
        Some(oid) => {
            let consented =
                registration(world, request).is_some_and(|(_, app)| needed_consent(app, oid, request).is_empty());
            if consented {
                return signed_in(world, call, request, oid);
            }
            EntraErrorBody::new(
                65_001,
                "consent_required",
                format!(
                    "The user or administrator has not consented to use the application with \
                     ID '{}'.",
                    request.client_id
                ),
            )
        }
    };
    request.return_to.refusal(world, call, &refusal)
}

fn session(world: &SimulatorState, call: &SimulatedRequest, request: &AuthorizeRequest) -> Option<Uuid> {
    let name = format!("{COOKIE}{}", request.tenant.simple());
    let cookies = call.header("cookie")?;
    let token = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then_some(value))?;
    let session = world.sessions.get(token)?;
    let (_, user) = world.account(session.tenant, session.oid)?;
    let hinted = request.login_hint.as_ref().is_none_or(|hint| hint.eq_ignore_ascii_case(&user.upn));
    let live = session.tenant == request.tenant && user.enabled && user.revocations == session.revocations;
    (live && hinted).then_some(user.oid)
}

fn signed_in(
    world: &mut SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
    oid: Uuid,
) -> SimulatedResponse {
    let now = world.now();
    let (mfa, revocations) = world
        .account(request.tenant, oid)
        .map_or((false, 0), |(_, user)| (user.mfa != MfaChallenge::None, user.revocations));
    let principal = GrantSubject { tenant: request.tenant, client_id: request.client_id, oid };
    let mut scopes = request.scopes.names.clone();
    if request.scopes.default
        && let Some((_, app)) = registration(world, request)
    {
        scopes.extend(app.granted_to(oid));
    }
    // Microsoft's codes begin with a version and are long; callers must not assume less.
    let code = format!("1.{}", world.randomness.opaque(720));
    world.codes.insert(
        code.clone(),
        CodeGrant {
            sign_in: SimulatedSignIn {
                principal,
                scopes,
                prefix: request.scopes.prefix.clone(),
                at: now,
                mfa,
                revocations,
            },
            redirect_uri: request.return_to.uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            expires: later(now, CODE_LIFE),
            redeemed: false,
        },
    );
    let session = world.randomness.opaque(48);
    world.sessions.insert(session.clone(), BrowserSession { tenant: request.tenant, oid, revocations });
    let mut parameters = vec![("code".to_owned(), code)];
    if request.client_info {
        parameters.push(("client_info".to_owned(), client_info(oid, request.tenant)));
    }
    parameters.push(("session_state".to_owned(), world.randomness.guid().to_string()));
    request
        .return_to
        .redirect(call, parameters)
        .header("set-cookie", &format!("{COOKIE}{}={session}; Path=/; HttpOnly; SameSite=Lax", request.tenant.simple()))
        .upn(&world.upn(principal).unwrap_or_default())
}

/// `{"uid","utid"}` in base64url, when `client_info=1` was sent.
pub(crate) fn client_info(oid: Uuid, tenant: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "uid": oid, "utid": tenant }).to_string())
}
