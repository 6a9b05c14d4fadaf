//! Assertions of foreign issuers, in place of a secret
//! ([workload identity federation](https://learn.microsoft.com/entra/workload-id/workload-identity-federation)).

use ring::signature::RSA_PKCS1_2048_8192_SHA256;
use uuid::Uuid;

use crate::directory::SimulatedApp;
use crate::entra::assertion::ClientAssertion;
use crate::entra::error::EntraErrorBody;
use crate::entra::tenant;
use crate::federated_credential::SimulatedFederatedCredential;
use crate::http_message::{SimulatedRequest, value};
use crate::state::SimulatorState;

/// Checks that the app trusts the assertion, that its tenant allows that, and that the issuer has signed it.
pub(crate) fn check(
    state: &SimulatorState,
    tenant: Uuid,
    app: &SimulatedApp,
    assertion: &ClientAssertion<'_>,
) -> Result<(), EntraErrorBody> {
    if assertion.header["typ"] != "JWT" {
        return Err(EntraErrorBody::client(5_002_727, "Invalid JWT header type specified. Allowed types: 'JWT'."));
    }
    let key = assertion.header["kid"].as_str().filter(|_| assertion.header["alg"] == "RS256");
    let key = key.ok_or_else(EntraErrorBody::malformed_assertion)?;
    let trusted = trusted(app, assertion)?;
    check_policy(state, tenant, &trusted.issuer)?;
    let Some(keys) = state.issuer_keys.keys(&trusted.issuer, state.now()) else {
        return Err(EntraErrorBody::new(501_661, "invalid_request", "Request to External OIDC endpoint failed."));
    };
    let Some(key) = keys.iter().find(|own| own.id == key) else {
        return Err(EntraErrorBody::client(
            700_027,
            "Client assertion failed signature validation. [Reason - The key was not found.]",
        ));
    };
    let (signed, signature) = (assertion.signed.as_bytes(), &assertion.signature);
    if key.components.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_err() {
        return Err(EntraErrorBody::client(7_000_274, "The client assertion contains an invalid signature."));
    }
    assertion.check_time(state.now())
}

/// The issuer whose keys must be fetched before [`check`] can tell whether it has signed the assertion of a request.
pub(crate) fn issuer_to_fetch(state: &SimulatorState, call: &SimulatedRequest) -> Option<String> {
    let form = call.form()?;
    let assertion = ClientAssertion::parse(value(&form, "client_assertion")?).ok()?;
    let tenant = tenant::resolve(state, call.path.first()?).ok()?;
    let app = state.directory.tenants.iter().find(|own| own.id == tenant)?.app(value(&form, "client_id")?)?;
    let trusted = trusted(app, &assertion).ok().filter(|_| !assertion.names_certificate())?;
    check_policy(state, tenant, &trusted.issuer).ok()?;
    let key = assertion.header["kid"].as_str()?;
    state.issuer_keys.must_fetch(&trusted.issuer, key, state.now()).then(|| trusted.issuer.clone())
}

/// The credential with issuer, audience and subject of the assertion, compared byte by byte.
fn trusted<'a>(
    app: &'a SimulatedApp,
    assertion: &ClientAssertion<'_>,
) -> Result<&'a SimulatedFederatedCredential, EntraErrorBody> {
    let claims = &assertion.claims;
    let (Some(issuer), Some(subject)) = (claims["iss"].as_str(), claims["sub"].as_str()) else {
        return Err(EntraErrorBody::malformed_assertion());
    };
    // One value, or several (RFC 7519 §4.1.3).
    let audiences: Vec<_> = match &claims["aud"] {
        serde_json::Value::Array(several) => several.iter().filter_map(|one| one.as_str()).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if app.federated_credentials.is_empty() {
        return Err(EntraErrorBody::client(
            70_025,
            format!("The client '{}'({}) has no configured federated identity credentials.", app.client_id, app.name),
        ));
    }
    let of_issuer: Vec<_> = app.federated_credentials.iter().filter(|own| own.issuer == issuer).collect();
    if of_issuer.is_empty() {
        return Err(no_match(700_211, "issuer", issuer, ""));
    }
    let takes = |own: &SimulatedFederatedCredential| own.audiences.iter().any(|own| audiences.contains(&own.as_str()));
    let of_audience: Vec<_> = of_issuer.into_iter().filter(|own| takes(own)).collect();
    if of_audience.is_empty() {
        return Err(no_match(700_212, "audience", &audiences.join(" "), ""));
    }
    if let Some(own) = of_audience.iter().find(|own| own.subject == subject) {
        return Ok(own);
    }
    // Until September 2024 this was enough; now it only has a number of its own.
    let alike = of_audience.iter().any(|own| own.subject.to_lowercase() == subject.to_lowercase());
    let case = " The subject matches with case-insensitive comparison, but not with case-sensitive comparison.";
    Err(if alike { no_match(7_002_138, "subject", subject, case) } else { no_match(700_213, "subject", subject, "") })
}

/// Microsoft's words, as people have recorded them.
fn no_match(number: u32, what: &str, presented: &str, more: &str) -> EntraErrorBody {
    EntraErrorBody::client(
        number,
        format!(
            "No matching federated identity record found for presented assertion {what} '{presented}'.{more} Check your \
             federated identity credential Subject, Audience and Issuer against the presented assertion. \
             https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
        ),
    )
}

fn check_policy(state: &SimulatorState, tenant: Uuid, issuer: &str) -> Result<(), EntraErrorBody> {
    let tenant = state.directory.tenants.iter().find(|own| own.id == tenant);
    let (number, text) = match tenant.and_then(|tenant| tenant.allowed_issuers.as_deref()) {
        Some([]) => (700_223, "Federated identity credentials are disabled in the tenant.".to_owned()),
        Some(allowed) if allowed.iter().all(|own| own != issuer) => (
            700_238,
            format!("Tokens issued by issuer '{issuer}' may not be used for federated identity flows in the tenant."),
        ),
        _ => return Ok(()),
    };
    Err(EntraErrorBody::client(number, text))
}
