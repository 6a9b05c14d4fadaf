//! The request for a code, parsed and checked, and how it is rejected.
//!
//! Parameters are those of Microsoft's `v2-oauth2-auth-code-flow.md`. An error before the
//! redirect URI is validated is shown on a page and never redirected (RFC 6749 §4.1.2.1).

use axum::http::StatusCode;
use uuid::Uuid;

use crate::directory::{SimulatedApp, SimulatedTenant, guid};
use crate::entra::error::{EntraErrorBody, ErrorTrace};
use crate::entra::scope::Scopes;
use crate::entra::tenant;
use crate::http_message::{SimulatedRequest, SimulatedResponse, duplicate, value};
use crate::state::SimulatorState;

const KNOWN_PARAMETERS: [&str; 20] = [
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "response_mode",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "login_hint",
    "domain_hint",
    "claims",
    "client_info",
    "client-request-id",
    "x-client-SKU",
    "x-client-Ver",
    "instance_aware",
    "max_age",
    "ui_locales",
];

/// A valid request for a code.
#[derive(Clone, Debug)]
pub(crate) struct AuthorizeRequest {
    pub(crate) tenant: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) return_to: RedirectTarget,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) prompt: AuthorizePrompt,
    pub(crate) login_hint: Option<String>,
    pub(crate) client_info: bool,
    pub(crate) notes: Vec<String>,
}

/// The parameter `prompt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthorizePrompt {
    Whatever,
    None,
    Login,
    Consent,
    SelectAccount,
}

/// The redirect URI and the `state` of a request.
#[derive(Clone, Debug)]
pub(crate) struct RedirectTarget {
    pub(crate) uri: String,
    pub(crate) state: Option<String>,
}

/// Why a request is rejected.
#[derive(Debug)]
pub(crate) enum AuthorizeRejection {
    /// Shown on a page, because no redirect URI is validated.
    Page(EntraErrorBody),
    /// Redirected to the application.
    Redirect(RedirectTarget, Box<EntraErrorBody>),
}

impl AuthorizeRejection {
    pub(crate) fn redirect(return_to: &RedirectTarget, error_body: EntraErrorBody) -> Self {
        Self::Redirect(return_to.clone(), Box::new(error_body))
    }
}

impl RedirectTarget {
    /// Redirects the browser: 302 after GET, 303 after POST, which becomes GET.
    ///
    /// Entra adds an empty fragment since 2020, so that the browser does not keep the
    /// fragment of the page.
    pub(crate) fn redirect(&self, call: &SimulatedRequest, mut parameters: Vec<(String, String)>) -> SimulatedResponse {
        if let Some(state) = &self.state {
            parameters.insert(1.min(parameters.len()), ("state".to_owned(), state.clone()));
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let separator = if self.uri.contains('?') { '&' } else { '?' };
        let status = if call.method == axum::http::Method::POST { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
        SimulatedResponse::redirect(status, &format!("{}{separator}{query}#", self.uri))
    }

    pub(crate) fn redirect_error(
        &self,
        state: &mut SimulatorState,
        call: &SimulatedRequest,
        error_body: &EntraErrorBody,
    ) -> SimulatedResponse {
        let trace = ErrorTrace::of(state, call);
        let parameters = error_body.parameters(state, &trace);
        self.redirect(call, parameters).code(format!("AADSTS{}", error_body.number)).correlation_id(&trace.correlation)
    }
}

impl AuthorizeRequest {
    pub(crate) fn read(
        state: &SimulatorState,
        call: &SimulatedRequest,
        tenant_name: &str,
    ) -> Result<Self, AuthorizeRejection> {
        let query = &call.query;
        if let Some(name) = duplicate(query) {
            return Err(AuthorizeRejection::Page(EntraErrorBody::duplicated(name)));
        }
        let tenant = tenant::resolve(state, tenant_name).map_err(AuthorizeRejection::Page)?;
        let (tenant, app, uri) = application(state, tenant, query).map_err(AuthorizeRejection::Page)?;
        let return_to = RedirectTarget { uri, state: value(query, "state").map(str::to_owned) };
        let scopes =
            checked(state, query).map_err(|error_body| AuthorizeRejection::redirect(&return_to, error_body))?;
        let prompt = prompt(value(query, "prompt"))
            .map_err(|error_body| AuthorizeRejection::redirect(&return_to, error_body))?;
        let mut notes: Vec<String> =
            [("code_challenge", "pkce:missing"), ("state", "state:missing"), ("nonce", "nonce:missing")]
                .iter()
                .filter(|(name, _)| value(query, name).is_none())
                .map(|(_, note)| (*note).to_owned())
                .collect();
        notes.extend(
            query
                .iter()
                .filter(|(name, _)| !KNOWN_PARAMETERS.contains(&name.as_str()))
                .map(|(name, _)| format!("unknown:{name}")),
        );
        Ok(Self {
            tenant: tenant.id,
            client_id: app.client_id,
            return_to,
            scopes,
            nonce: value(query, "nonce").map(str::to_owned),
            challenge: value(query, "code_challenge").map(str::to_owned),
            // `prompt=select_account` ignores a hint.
            login_hint: value(query, "login_hint")
                .filter(|_| prompt != AuthorizePrompt::SelectAccount)
                .map(str::to_owned),
            prompt,
            client_info: value(query, "client_info") == Some("1"),
            notes,
        })
    }
}

/// The directory and the app that a request names.
pub(crate) fn registration<'a>(
    state: &'a SimulatorState,
    request: &AuthorizeRequest,
) -> Option<(&'a SimulatedTenant, &'a SimulatedApp)> {
    let tenants = &state.directory.tenants;
    let tenant = tenants.iter().find(|own| own.id == request.tenant)?;
    let app = tenant.apps.iter().find(|app| app.client_id == request.client_id)?;
    Some((tenant, app))
}

/// Validates the application and its redirect URI.
pub(crate) fn application<'a>(
    state: &'a SimulatorState,
    tenant: Uuid,
    query: &[(String, String)],
) -> Result<(&'a SimulatedTenant, &'a SimulatedApp, String), EntraErrorBody> {
    let client_id = value(query, "client_id").ok_or_else(|| EntraErrorBody::missing("client_id"))?;
    let not_found = || {
        EntraErrorBody::new(
            700_016,
            "unauthorized_client",
            format!(
                "Application with identifier '{client_id}' was not found in the directory \
                 '{tenant}'."
            ),
        )
    };
    let tenant = state.directory.tenants.iter().find(|own| own.id == tenant).ok_or_else(not_found)?;
    tenant::check_not_blocked(state, tenant.id)?;
    let app = guid(client_id).and_then(|_| tenant.app(client_id)).ok_or_else(not_found)?;
    if !app.enabled {
        return Err(disabled(app));
    }
    if app.redirect_uris.is_empty() && app.spa_redirect_uris.is_empty() {
        return Err(EntraErrorBody::new(
            500_113,
            "invalid_request",
            "No reply address is registered for the application.",
        ));
    }
    let uri = value(query, "redirect_uri").ok_or_else(|| EntraErrorBody::missing("redirect_uri"))?;
    if app.redirect_uris.iter().chain(&app.spa_redirect_uris).any(|registered| registered == uri) {
        Ok((tenant, app, uri.to_owned()))
    } else {
        Err(EntraErrorBody::new(
            50_011,
            "invalid_request",
            format!(
                "The redirect URI '{uri}' specified in the request does not match the redirect \
                 URIs configured for the application '{client_id}'."
            ),
        ))
    }
}

/// AADSTS7000112.
pub(crate) fn disabled(app: &SimulatedApp) -> EntraErrorBody {
    EntraErrorBody::new(
        7_000_112,
        "unauthorized_client",
        format!("Application '{}'({}) is disabled.", app.client_id, app.name),
    )
}

fn checked(state: &SimulatorState, query: &[(String, String)]) -> Result<Scopes, EntraErrorBody> {
    match value(query, "response_type") {
        Some("code") => {}
        None => return Err(EntraErrorBody::missing("response_type")),
        Some(other) if other.split(' ').any(|word| word == "id_token") => {
            return Err(EntraErrorBody::new(
                700_054,
                "unsupported_response_type",
                "response_type 'id_token' is not enabled for the application.",
            ));
        }
        Some(other) => {
            return Err(EntraErrorBody::new(
                70_005,
                "unsupported_response_type",
                format!("The response type '{other}' is not supported."),
            ));
        }
    }
    if let Some(mode) = value(query, "response_mode")
        && mode != "query"
    {
        return Err(EntraErrorBody::new(
            70_007,
            "invalid_request",
            format!("'{mode}' is not a response_mode this simulator supports; it knows query."),
        ));
    }
    let scope = value(query, "scope").ok_or_else(|| EntraErrorBody::missing("scope"))?;
    let scopes = Scopes::parse(scope, &state.graph)?;
    let challenge = value(query, "code_challenge");
    let method = value(query, "code_challenge_method");
    if challenge.is_some_and(|challenge| !is_challenge(challenge))
        || (challenge.is_some() && method != Some("S256"))
        || (challenge.is_none() && method.is_some())
    {
        return Err(EntraErrorBody::new(
            501_491,
            "invalid_request",
            "code_challenge must be 43 characters of base64url with code_challenge_method S256.",
        ));
    }
    if let Some(claims) = value(query, "claims")
        && !serde_json::from_str::<serde_json::Value>(claims).is_ok_and(|claims| claims.is_object())
    {
        return Err(EntraErrorBody::new(90_023, "invalid_request", "The claims parameter is not a JSON object."));
    }
    Ok(scopes)
}

/// SHA-256 in base64url without padding (RFC 7636 section 4.2).
fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn prompt(text: Option<&str>) -> Result<AuthorizePrompt, EntraErrorBody> {
    Ok(match text {
        None => AuthorizePrompt::Whatever,
        Some("none") => AuthorizePrompt::None,
        Some("login") => AuthorizePrompt::Login,
        Some("consent") => AuthorizePrompt::Consent,
        Some("select_account") => AuthorizePrompt::SelectAccount,
        Some(other) => {
            return Err(EntraErrorBody::new(90_023, "invalid_request", format!("'{other}' is not a value of prompt.")));
        }
    })
}
