//! Client authentication at the token endpoint, in Entra's order: tenant, application,
//! credential.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey};
use uuid::Uuid;

use crate::directory::{SimulatedApp, guid};
use crate::entra::assertion::ClientAssertion;
use crate::entra::authorize_request::disabled;
use crate::entra::error::EntraErrorBody;
use crate::entra::federation;
use crate::http_message::{SimulatedRequest, value};
use crate::state::SimulatorState;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The credential of a request.
enum ClientCredential {
    Nothing,
    Secret(String),
    Assertion(String),
}

/// Authenticates the application.
pub(crate) fn authenticate(
    state: &SimulatorState,
    call: &SimulatedRequest,
    tenant: Uuid,
    form: &[(String, String)],
) -> Result<Uuid, EntraErrorBody> {
    let basic = basic(call)?;
    let client_id = value(form, "client_id")
        .map(str::to_owned)
        .or_else(|| basic.as_ref().map(|(id, _)| id.clone()))
        .ok_or_else(|| EntraErrorBody::missing("client_id"))?;
    let app = find(state, tenant, &client_id)?;
    if !app.enabled {
        return Err(disabled(app));
    }
    let credential = shown(form, basic)?;
    match credential {
        ClientCredential::Secret(_) | ClientCredential::Assertion(_) if app.public_client => {
            Err(EntraErrorBody::client(
                700_025,
                "Client is public so neither 'client_assertion' nor 'client_secret' should be \
                 presented.",
            ))
        }
        ClientCredential::Secret(secret) => check_secret(state, app, &secret),
        ClientCredential::Assertion(assertion) => check_assertion(state, tenant, app, &assertion),
        ClientCredential::Nothing if app.public_client => Ok(()),
        ClientCredential::Nothing => Err(EntraErrorBody::client(
            7_000_218,
            "The request body must contain the following parameter: 'client_assertion' or \
             'client_secret'.",
        )),
    }?;
    if !app.enterprise_app {
        return Err(EntraErrorBody::client(
            7_000_229,
            format!("The client application {} is missing service subject in the tenant {tenant}.", app.client_id),
        ));
    }
    Ok(app.client_id)
}

fn find<'a>(state: &'a SimulatorState, tenant: Uuid, client_id: &str) -> Result<&'a SimulatedApp, EntraErrorBody> {
    if guid(client_id).is_none() {
        return Err(EntraErrorBody::new(
            90_112,
            "unauthorized_client",
            "Application identifier is expected to be a GUID.",
        ));
    }
    state.directory.tenants.iter().find(|own| own.id == tenant).and_then(|own| own.app(client_id)).ok_or_else(|| {
        EntraErrorBody::new(
            700_016,
            "unauthorized_client",
            format!(
                "Application with identifier '{client_id}' was not found in the directory \
                     '{tenant}'."
            ),
        )
    })
}

fn shown(form: &[(String, String)], basic: Option<(String, String)>) -> Result<ClientCredential, EntraErrorBody> {
    let secret = value(form, "client_secret").map(str::to_owned);
    let assertion = value(form, "client_assertion").map(str::to_owned);
    // A request may use only one method (RFC 6749 §2.3).
    match (secret, assertion, basic) {
        (Some(secret), None, None) | (None, None, Some((_, secret))) => Ok(ClientCredential::Secret(secret)),
        (None, Some(assertion), None) => {
            if value(form, "client_assertion_type") == Some(ASSERTION_TYPE) {
                Ok(ClientCredential::Assertion(assertion))
            } else {
                Err(EntraErrorBody::missing("client_assertion_type"))
            }
        }
        (None, None, None) => Ok(ClientCredential::Nothing),
        _ => Err(EntraErrorBody::new(
            90_023,
            "invalid_request",
            "Only one client authentication method may be used in a request.",
        )),
    }
}

/// RFC 6749 section 2.3.1: both parts are form-urlencoded before they are joined.
fn basic(call: &SimulatedRequest) -> Result<Option<(String, String)>, EntraErrorBody> {
    let Some(header) = call.header("authorization") else {
        return Ok(None);
    };
    let decoded = header
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = decoded.as_deref().and_then(|text| text.split_once(':'));
    let (id, secret) = parts
        .ok_or_else(|| EntraErrorBody::new(9_002_313, "invalid_request", "The Authorization header is malformed."))?;
    Ok(Some((form_decoded(id), form_decoded(secret))))
}

fn form_decoded(text: &str) -> String {
    form_urlencoded::parse(format!("v={text}").as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn check_secret(state: &SimulatorState, app: &SimulatedApp, secret: &str) -> Result<(), EntraErrorBody> {
    let now = state.now();
    let mut expired = false;
    for known in app.secrets.iter().filter(|known| known.value == secret) {
        if known.expires > now {
            return Ok(());
        }
        expired = true;
    }
    Err(if expired {
        EntraErrorBody::client(
            7_000_222,
            format!("The provided client secret keys for app '{}' are expired.", app.client_id),
        )
    } else {
        EntraErrorBody::client(
            7_000_215,
            format!(
                "Invalid client secret provided. Send the client secret value, not the client \
                 secret ID, for the secret added to app '{}'.",
                app.client_id
            ),
        )
    })
}

fn check_assertion(state: &SimulatorState, tenant: Uuid, app: &SimulatedApp, jwt: &str) -> Result<(), EntraErrorBody> {
    let assertion = ClientAssertion::parse(jwt)?;
    if assertion.names_certificate() {
        check_certificate(state, tenant, app, &assertion)
    } else {
        federation::check(state, tenant, app, &assertion)
    }
}

/// Microsoft's `certificate-credentials.md`: PS256 with `x5t#S256`; RS256 is still accepted.
fn check_certificate(
    state: &SimulatorState,
    tenant: Uuid,
    app: &SimulatedApp,
    assertion: &ClientAssertion<'_>,
) -> Result<(), EntraErrorBody> {
    let parameters: &'static RsaParameters = match assertion.header["alg"].as_str() {
        Some("PS256") => &RSA_PSS_2048_8192_SHA256,
        Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(EntraErrorBody::malformed_assertion()),
    };
    let thumbprint = assertion.header["x5t#S256"].as_str().unwrap_or_default();
    let refused = |number, text| Err(EntraErrorBody::client(number, text));
    let Some(known) = app.certificates.iter().find(|known| known.thumbprint == thumbprint) else {
        return refused(
            700_027,
            "The certificate used to sign the client assertion is not registered on the application.",
        );
    };
    if known.revoked {
        return refused(7_000_214, "Certificate has been revoked.");
    }
    if known.expires <= state.now() {
        return refused(1_000_502, "The provided certificate is not within its specified validity window.");
    }
    let (signed, signature) = (assertion.signed.as_bytes(), &assertion.signature);
    if UnparsedPublicKey::new(parameters, &known.public_key).verify(signed, signature).is_err() {
        return refused(7_000_274, "The client assertion contains an invalid signature.");
    }
    assertion.check_time(state.now())?;
    let claims = &assertion.claims;
    let client_id = app.client_id.to_string();
    let endpoint = format!("{}/{tenant}/oauth2/v2.0/token", state.login);
    let issued_to_itself = claims["iss"] == client_id.as_str() && claims["sub"] == client_id.as_str();
    let unique = claims["jti"].as_str().is_some_and(|jti| !jti.is_empty());
    if issued_to_itself && unique && claims["aud"] == endpoint.as_str() {
        Ok(())
    } else {
        Err(EntraErrorBody::malformed_assertion())
    }
}
