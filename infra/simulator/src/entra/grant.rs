//! Redeems codes and refresh tokens.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use ring::digest;
use uuid::Uuid;

use crate::directory::MfaChallenge;
use crate::entra::error::EntraErrorBody;
use crate::entra::scope::Scopes;
use crate::http_message::value;
use crate::state::{CodeGrant, GrantSubject, SimulatedSignIn, SimulatorState, later};

/// Lifetime of a refresh token. A new token has a new lifetime.
const REFRESH_TOKEN_TTL: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Microsoft's loop detection: the number of equal requests …
const LOOP_LIMIT: usize = 15;
/// … within this period.
const LOOP_WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// Redeems a code: single use, bound to tenant, client, redirect URI and challenge.
pub(crate) fn redeem_code(
    state: &mut SimulatorState,
    tenant: Uuid,
    client_id: Uuid,
    form: &[(String, String)],
) -> Result<CodeGrant, EntraErrorBody> {
    let code = value(form, "code").ok_or_else(|| EntraErrorBody::missing("code"))?;
    let redirect_uri = value(form, "redirect_uri").ok_or_else(|| EntraErrorBody::missing("redirect_uri"))?;
    let now = state.now();
    let grant = state
        .codes
        .get_mut(code)
        .ok_or_else(|| EntraErrorBody::grant(70_000, "The provided authorization code is not valid."))?;
    let subject = grant.sign_in.subject;
    if subject.tenant != tenant {
        return Err(EntraErrorBody::grant(
            700_005,
            "The provided authorization code is intended to be used against other tenant.",
        ));
    }
    if subject.client_id != client_id {
        return Err(EntraErrorBody::grant(70_000, "The provided authorization code was issued to another client."));
    }
    if grant.redeemed {
        return Err(EntraErrorBody::grant(
            54_005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
        ));
    }
    if grant.expires <= now {
        return Err(EntraErrorBody::grant(70_008, "The provided authorization code is expired."));
    }
    if grant.redirect_uri != redirect_uri {
        return Err(EntraErrorBody::new(
            500_112,
            "invalid_client",
            "The reply address does not match the reply address provided when requesting \
             the authorization code.",
        ));
    }
    check_verifier(grant.challenge.as_deref(), value(form, "code_verifier"))?;
    grant.redeemed = true;
    let grant = grant.clone();
    still_allowed(state, &grant.sign_in)?;
    Ok(grant)
}

/// RFC 7636 section 4.6.
fn check_verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), EntraErrorBody> {
    let mismatch = |number| {
        Err(EntraErrorBody::grant(
            number,
            "The code_verifier does not match the code_challenge supplied in the authorization \
             request.",
        ))
    };
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(_), None) => mismatch(50_148),
        (None, Some(_)) => mismatch(501_481),
        (Some(challenge), Some(verifier)) => {
            let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
            if URL_SAFE_NO_PAD.encode(hash) == challenge && (43..=128).contains(&verifier.len()) {
                Ok(())
            } else {
                mismatch(501_481)
            }
        }
    }
}

/// AADSTS9002327: a code for a redirect URI of a single-page application can be redeemed only by a browser, which sends
/// `Origin`.
pub(crate) fn check_platform(
    state: &SimulatorState,
    grant: &CodeGrant,
    origin: Option<&str>,
) -> Result<(), EntraErrorBody> {
    let subject = grant.sign_in.subject;
    let app = state
        .account(subject.tenant, subject.oid)
        .and_then(|(tenant, _)| tenant.apps.iter().find(|app| app.client_id == subject.client_id));
    if origin.is_none() && app.is_some_and(|app| app.spa_redirect_uris.contains(&grant.redirect_uri)) {
        return Err(EntraErrorBody::new(
            9_002_327,
            "invalid_request",
            "Tokens for the client type 'Single-Page Application' are redeemed by requests of another origin only.",
        ));
    }
    Ok(())
}

/// Redeems a refresh token. The token stays valid, because Entra does not revoke it on use.
pub(crate) fn redeem_refresh_token(
    state: &mut SimulatorState,
    client_id: Uuid,
    form: &[(String, String)],
) -> Result<SimulatedSignIn, EntraErrorBody> {
    let token = value(form, "refresh_token").ok_or_else(|| EntraErrorBody::missing("refresh_token"))?;
    let now = state.now();
    let grant = state
        .refresh_tokens
        .get(token)
        .filter(|grant| grant.sign_in.subject.client_id == client_id)
        .cloned()
        .ok_or_else(|| {
        EntraErrorBody::grant(70_000, "The provided refresh token is not valid for this client.").suberror("bad_token")
    })?;
    if later(grant.issued, REFRESH_TOKEN_TTL) <= now {
        return Err(EntraErrorBody::grant(
            700_082,
            "The refresh token has expired due to inactivity. It was inactive for 90.00:00:00.",
        )
        .suberror("token_expired"));
    }
    detect_loop(state, grant.sign_in.subject, form)?;
    let mut sign_in = grant.sign_in;
    still_allowed(state, &sign_in)?;
    if let Some(asked) = value(form, "scope") {
        let asked = Scopes::parse(asked, &state.graph)?;
        if !asked.names.is_subset(&granted(state, sign_in.subject)) {
            return Err(not_consented(sign_in.subject.client_id));
        }
        // Only the response changes, not what the token allows.
        sign_in.prefix = asked.prefix;
    }
    Ok(sign_in)
}

/// Checks that account, policies and consent still allow the sign-in.
fn still_allowed(state: &SimulatorState, sign_in: &SimulatedSignIn) -> Result<(), EntraErrorBody> {
    let subject = sign_in.subject;
    let Some((tenant, user)) = state.account(subject.tenant, subject.oid) else {
        return Err(EntraErrorBody::grant(50_034, "The user account does not exist in the directory."));
    };
    if !user.enabled {
        return Err(EntraErrorBody::grant(50_057, "The user account is disabled."));
    }
    if user.revocations != sign_in.revocations {
        return Err(EntraErrorBody::grant(
            50_173,
            "The provided grant has expired due to it being revoked, a fresh auth token is \
             needed.",
        )
        .suberror("bad_token"));
    }
    let expired = user
        .sign_in_frequency
        .is_some_and(|seconds| later(sign_in.at, SignedDuration::from_secs(seconds)) <= state.now());
    if expired {
        return Err(EntraErrorBody::grant(
            70_043,
            "The refresh token has expired or is invalid due to sign-in frequency checks by \
             Conditional Access.",
        )
        .suberror("token_expired"));
    }
    if tenant.graph_disabled {
        return Err(EntraErrorBody::new(
            500_014,
            "invalid_resource",
            "The service principal of the resource 'https://graph.microsoft.com' is switched off in the tenant.",
        ));
    }
    let app = tenant.apps.iter().find(|app| app.client_id == subject.client_id);
    if app.is_some_and(|app| app.requires_assignment && !app.assigned.contains(&user.oid)) {
        return Err(EntraErrorBody::grant(50_105, "The user is not assigned to a role for the application."));
    }
    let text = "Due to a configuration change made by your administrator, or because you moved \
                to a new location, you must use multi-factor authentication.";
    match user.mfa {
        MfaChallenge::InteractionRequired if !sign_in.mfa => {
            return Err(EntraErrorBody::new(50_076, "interaction_required", text).suberror("basic_action"));
        }
        MfaChallenge::InvalidGrant if !sign_in.mfa => {
            return Err(EntraErrorBody::grant(50_076, text).suberror("basic_action"));
        }
        _ => {}
    }
    if sign_in.scopes.is_subset(&granted(state, subject)) { Ok(()) } else { Err(not_consented(subject.client_id)) }
}

/// All scopes granted to the user for this application.
pub(crate) fn granted(state: &SimulatorState, subject: GrantSubject) -> BTreeSet<String> {
    state
        .account(subject.tenant, subject.oid)
        .and_then(|(tenant, _)| tenant.apps.iter().find(|app| app.client_id == subject.client_id))
        .map(|app| app.granted_to(subject.oid))
        .unwrap_or_default()
}

fn not_consented(client_id: Uuid) -> EntraErrorBody {
    EntraErrorBody::grant(
        65_001,
        format!(
            "The user or administrator has not consented to use the application with ID \
             '{client_id}'. Send an interactive authorization request for this user and resource."
        ),
    )
    .suberror("consent_required")
}

/// AADSTS50196, if the directory has loop detection enabled.
fn detect_loop(
    state: &mut SimulatorState,
    subject: GrantSubject,
    form: &[(String, String)],
) -> Result<(), EntraErrorBody> {
    let now = state.now();
    let scope = value(form, "scope").unwrap_or_default().to_owned();
    let recent = state.refreshes.entry((subject, scope)).or_default();
    recent.retain(|at| later(*at, LOOP_WINDOW) > now);
    recent.push_back(now);
    if state.directory.loop_detection && recent.len() >= LOOP_LIMIT {
        return Err(EntraErrorBody::grant(
            50_196,
            "The server terminated an operation because it encountered a client request loop.",
        ));
    }
    Ok(())
}
