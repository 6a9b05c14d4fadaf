//! The result of a sign-in: a code, an error, or the need for an administrator.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use crate::directory::{MfaChallenge, SimulatedApp, SimulatedTenant, SimulatedUser};
use crate::entra::authorize_request::{AuthorizeRejection, AuthorizeRequest, registration};
use crate::entra::error::EntraErrorBody;
use crate::entra::pages;
use crate::http_message::{SimulatedRequest, SimulatedResponse, duplicate, value};
use crate::state::{BrowserSession, CodeGrant, GrantSubject, SimulatedSignIn, SimulatorState, later};

/// Microsoft's documentation says "about ten minutes".
const CODE_TTL: SignedDuration = SignedDuration::from_mins(10);

/// The cookie of a browser session. The tenant follows in its name.
const COOKIE_PREFIX: &str = "simulator_session_";

/// `POST /{tenant}/oauth2/v2.0/authorize`, the form of the sign-in page.
pub(crate) fn post(state: &mut SimulatorState, call: &SimulatedRequest, tenant_name: &str) -> SimulatedResponse {
    let request = match AuthorizeRequest::read(state, call, tenant_name) {
        Ok(request) => request,
        Err(rejection) => return rejection.answer(state, call),
    };
    let form = call.form().unwrap_or_default();
    let answer = match decide(state, &request, &form) {
        Ok(SignInDecision::SignedIn(oid)) => signed_in(state, call, &request, oid),
        Ok(SignInDecision::NeedsAdministrator(upn)) => pages::approval(state, call, &request, &upn),
        Err(rejection) => rejection.answer(state, call),
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
    state: &mut SimulatorState,
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
        registration(state, request).ok_or_else(|| AuthorizeRejection::Page(EntraErrorBody::missing("client_id")))?;
    let user = find_allowed_user(state, tenant, app, upn).map_err(AuthorizeRejection::Page)?;
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
    if let Some(app) = state.directory.app_mut(request.client_id) {
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

/// Returns the user if the account may sign in to the application.
fn find_allowed_user<'a>(
    state: &'a SimulatorState,
    tenant: &'a SimulatedTenant,
    app: &SimulatedApp,
    upn: &str,
) -> Result<&'a SimulatedUser, EntraErrorBody> {
    let Some(user) = tenant.user(upn) else {
        return Err(if state.directory.user(upn).is_some() {
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

/// Scopes that are not granted to this user yet.
pub(crate) fn needed_consent(app: &SimulatedApp, oid: Uuid, request: &AuthorizeRequest) -> BTreeSet<String> {
    let granted = app.granted_to(oid);
    if request.scopes.default {
        // With .default consent is needed only if nothing is granted.
        if granted.is_empty() {
            let registered = app.permissions.iter().cloned();
            return registered.chain(request.scopes.names.clone()).collect();
        }
        return BTreeSet::new();
    }
    request.scopes.names.difference(&granted).cloned().collect()
}

/// `prompt=none`: a code needs a valid session and consent.
pub(crate) fn silent(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
) -> SimulatedResponse {
    let error_body = match session(state, call, request) {
        None => {
            EntraErrorBody::new(50_058, "login_required", "A silent sign-in request was sent but no user is signed in.")
        }
        Some(oid) => {
            let consented =
                registration(state, request).is_some_and(|(_, app)| needed_consent(app, oid, request).is_empty());
            if consented {
                return signed_in(state, call, request, oid);
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
    request.return_to.redirect_error(state, call, &error_body)
}

fn session(state: &SimulatorState, call: &SimulatedRequest, request: &AuthorizeRequest) -> Option<Uuid> {
    let name = format!("{COOKIE_PREFIX}{}", request.tenant.simple());
    let cookies = call.header("cookie")?;
    let token = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(own, value)| (own == name).then_some(value))?;
    let session = state.sessions.get(token)?;
    let (_, user) = state.account(session.tenant, session.oid)?;
    let hinted = request.login_hint.as_ref().is_none_or(|hint| hint.eq_ignore_ascii_case(&user.upn));
    let live = session.tenant == request.tenant && user.enabled && user.revocations == session.revocations;
    (live && hinted).then_some(user.oid)
}

fn signed_in(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
    oid: Uuid,
) -> SimulatedResponse {
    let now = state.now();
    let (mfa, revocations) = state
        .account(request.tenant, oid)
        .map_or((false, 0), |(_, user)| (user.mfa != MfaChallenge::None, user.revocations));
    let subject = GrantSubject { tenant: request.tenant, client_id: request.client_id, oid };
    let mut scopes = request.scopes.names.clone();
    if request.scopes.default
        && let Some((_, app)) = registration(state, request)
    {
        scopes.extend(app.granted_to(oid));
    }
    let code = new_code(state);
    state.codes.insert(
        code.clone(),
        CodeGrant {
            sign_in: SimulatedSignIn {
                subject,
                scopes,
                prefix: request.scopes.prefix.clone(),
                at: now,
                mfa,
                revocations,
            },
            redirect_uri: request.return_to.uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            expires: later(now, CODE_TTL),
            redeemed: false,
        },
    );
    let session = state.randomness.opaque(48);
    state.sessions.insert(session.clone(), BrowserSession { tenant: request.tenant, oid, revocations });
    let mut parameters = vec![("code".to_owned(), code)];
    if request.client_info {
        parameters.push(("client_info".to_owned(), client_info(oid, request.tenant)));
    }
    parameters.push(("session_state".to_owned(), state.randomness.guid().to_string()));
    request
        .return_to
        .redirect(call, parameters)
        .header(
            "set-cookie",
            &format!("{COOKIE_PREFIX}{}={session}; Path=/; HttpOnly; SameSite=Lax", request.tenant.simple()),
        )
        .upn(&state.upn(subject).unwrap_or_default())
}

/// Microsoft's codes begin with a version. Their length is not documented: 900 to 2400 characters are reported
/// (AzureAD/microsoft-authentication-library-for-js#6629, openiddict/openiddict-core#2066).
fn new_code(state: &mut SimulatorState) -> String {
    // Three random bytes are four characters.
    let quarters = state.randomness.between(225, 600);
    let random = state.randomness.opaque(usize::try_from(quarters * 3).unwrap_or(675));
    format!("1.{random}")
}

/// `{"uid","utid"}` in base64url, when `client_info=1` was sent.
pub(crate) fn client_info(oid: Uuid, tenant: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "uid": oid, "utid": tenant }).to_string())
}
