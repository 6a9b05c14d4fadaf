//! Looks a deployment over: secrets, the resources of the stack, the address. One line for each thing that is not as the
//! template promises.

mod comparison;
mod findings;
mod promises;
mod resources;

use std::io::Write;

use aws_api::AwsApi;
use shared::adapters::http_client::build_client;
use shared::adapters::vault::Vault;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::model::{VaultError, VersionStage};
use shared::domain::entra_app::days_left;
use shared::types::clock::{Clock, SignedDuration};

use crate::check::findings::Findings;
use crate::error::OperatorError;
use crate::report::Report;

/// Older keys are a finding: rules of most companies want them replaced once a year.
const KEY_MAX_AGE: SignedDuration = SignedDuration::from_hours(24 * 365);

/// A credential that ends within so many days is a finding.
const EXPIRY_NOTICE_DAYS: i32 = 30;

pub(crate) async fn run(
    vault: &Vault,
    api: &AwsApi,
    report: &mut Report<impl Write>,
    (stack, url): (&str, Option<&str>),
) -> Result<(), OperatorError> {
    let mut findings = Findings { report, count: 0 };
    for secret in DeploymentSecret::ALL {
        check_own(vault, secret, &mut findings).await?;
    }
    let secrets = check_all(vault, &mut findings).await?;
    let resources = resources::check(api, stack, &mut findings).await?;
    if let Some(url) = url {
        check_address(url.trim_end_matches('/'), &mut findings).await?;
    }
    let count = findings.count;
    let asked = url.map_or("the address was not asked", |_| "the address was asked");
    report.line(&format!("{secrets} secrets and {resources} resources were looked at, {asked}: {count} findings."))?;
    if count == 0 { Ok(()) } else { Err(OperatorError::Findings(count)) }
}

/// One of the secrets that the template makes.
async fn check_own<W: Write>(
    vault: &Vault,
    secret: DeploymentSecret,
    findings: &mut Findings<'_, W>,
) -> Result<(), OperatorError> {
    let secrets = vault.deployment_secrets();
    let name = secrets.name(secret);
    let described = match secrets.describe(secret).await {
        Ok(described) => described,
        Err(error @ (VaultError::Unavailable(_) | VaultError::Denied(_))) => return Err(error.into()),
        Err(error) => return findings.add(&name, &error),
    };
    if described.deleted_at.is_some() {
        return findings.add(&name, &"it is marked for deletion: restore it");
    }
    for (stage, label) in [(VersionStage::Current, "AWSCURRENT"), (VersionStage::Previous, "AWSPREVIOUS")] {
        match secrets.validate(secret, stage).await {
            Err(VaultError::NotFound) if stage == VersionStage::Previous => {}
            Err(error) => findings.add(&name, &format!("{label}: {error}"))?,
            Ok(()) => {}
        }
    }
    let age = described.changed_at.duration_until(Clock::system().now());
    if age > KEY_MAX_AGE && ages(vault, secret).await? {
        findings.add(&name, &format!("it is {} days old", age.as_hours() / 24))?;
    }
    if secret == DeploymentSecret::ApiKeys {
        check_api_keys(vault, findings).await?;
    }
    Ok(())
}

/// Whether what is in it should be replaced some day.
async fn ages(vault: &Vault, secret: DeploymentSecret) -> Result<bool, OperatorError> {
    match secret {
        // They are replaced with the key that signs.
        DeploymentSecret::IssuerNextKey | DeploymentSecret::IssuerJwks => Ok(false),
        DeploymentSecret::IssuerKey => Ok(vault.deployment_secrets().issuer().await?.signing.is_some()),
        _ => Ok(true),
    }
}

async fn check_api_keys<W: Write>(vault: &Vault, findings: &mut Findings<'_, W>) -> Result<(), OperatorError> {
    let secrets = vault.deployment_secrets();
    let name = secrets.name(DeploymentSecret::ApiKeys);
    // One that cannot be read was told of.
    let Ok(keys) = secrets.api_keys(VersionStage::Current).await else { return Ok(()) };
    if keys.value.is_empty() {
        findings.add(&name, &"no key is in force: every request to /v1 is answered 401")?;
    }
    for (at, key) in keys.value.iter().enumerate() {
        if key.limits.denies_all() {
            findings.add(&name, &format!("{} opens nothing", key.id))?;
        }
        if key.sha256.len() != 64 || !key.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            findings.add(&name, &format!("{}: sha256 is not 64 digits of hexadecimal, so nobody is let in", key.id))?;
        }
        let earlier = &keys.value[..at];
        if earlier.iter().any(|other| other.sha256 == key.sha256) {
            findings.add(&name, &format!("{} stands there twice, so it opens nothing", key.id))?;
        } else if earlier.iter().any(|other| other.id == key.id) {
            findings.add(&name, &format!("two keys are called {}, and the log cannot tell them apart", key.id))?;
        }
    }
    Ok(())
}

/// Every secret of the deployment, by what a list tells. How many there are.
async fn check_all<W: Write>(vault: &Vault, findings: &mut Findings<'_, W>) -> Result<usize, OperatorError> {
    let review = vault.secret_review();
    let now = Clock::system().now();
    let (mut page, mut secrets) = (None, 0);
    loop {
        let seen = review.page(page.as_deref()).await?;
        secrets += seen.secrets;
        for (name, fault) in &seen.faults {
            findings.add(name, fault)?;
        }
        for (customer, app) in &seen.apps {
            if let Some(days) = days_left(app.expires_on, now).filter(|days| *days <= EXPIRY_NOTICE_DAYS) {
                findings.add(customer, &format!("the credential ends in {days} days: order an intake link"))?;
            }
        }
        page = seen.next;
        if page.is_none() {
            return Ok(secrets);
        }
    }
}

/// What anybody may ask, and what nobody may without a key.
async fn check_address<W: Write>(base: &str, findings: &mut Findings<'_, W>) -> Result<(), OperatorError> {
    let http = build_client().map_err(|error| OperatorError::Usage(error.to_string()))?;
    for (path, expected, finding) in [
        ("/healthz", 200, "the function does not start, or a setting is wrong: read its log"),
        ("/v1/customers", 401, "a request without an API key is not refused"),
    ] {
        let address = format!("{base}{path}");
        match http.get(&address).send().await {
            Ok(answer) if answer.status().as_u16() != expected => {
                findings.add(&address, &format!("{}: {finding}", answer.status()))?;
            }
            Ok(answer) if path == "/healthz" => {
                let told = answer.json::<serde_json::Value>().await.unwrap_or_default();
                if told["status"] != "ok" {
                    findings.add(&address, &"something else than Teams Connect answers there")?;
                }
            }
            Ok(_) => {}
            Err(error) => findings.add(&address, &format!("it does not answer: {}", error.without_url()))?,
        }
    }
    Ok(())
}
