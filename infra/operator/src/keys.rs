//! API keys, and the keys that things are sealed or signed with.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use shared::adapters::vault::deployment_secrets::{DeploymentSecret, DeploymentSecrets};
use shared::adapters::vault::model::{VaultError, VersionStage};
use shared::adapters::vault::secret_store::Versioned;
use shared::domain::api_key::{ApiKeyLimits, ApiKeyRecord};
use shared::types::randomness::Randomness;
use shared::types::secret::ApiKey;

use crate::error::OperatorError;
use crate::report::Report;

/// The two lists that count.
struct Lists {
    current: Vec<ApiKeyRecord>,
    previous: Vec<ApiKeyRecord>,
    base: Versioned<()>,
}

impl Lists {
    async fn read(secrets: &DeploymentSecrets) -> Result<Self, OperatorError> {
        let (current, base) = secrets.api_keys(VersionStage::Current).await?.into_parts();
        let previous = match secrets.api_keys(VersionStage::Previous).await {
            Ok(previous) => previous.value,
            Err(VaultError::NotFound) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { current, previous, base })
    }

    /// Those that count only because they were in the list before: the next change ends them.
    fn ending(&self) -> Vec<&ApiKeyRecord> {
        let counts = |key: &&ApiKeyRecord| !self.current.iter().any(|current| current.sha256 == key.sha256);
        self.previous.iter().filter(counts).collect()
    }

    fn position(&self, id: &str) -> Result<usize, OperatorError> {
        let found = self.current.iter().position(|key| key.id == id);
        found.ok_or_else(|| OperatorError::Refused(format!("there is no key {id}: `keys list` names them")))
    }

    /// Puts the changed list in force, and says what ends with it.
    async fn replace(
        self,
        secrets: &DeploymentSecrets,
        report: &mut Report<impl Write>,
        keys: Vec<ApiKeyRecord>,
    ) -> Result<Versioned<()>, OperatorError> {
        for key in self.ending() {
            if !keys.iter().any(|kept| kept.sha256 == key.sha256) {
                report.step(&format!("end {}, which counts because it was in the list before", key.id))?;
            }
        }
        if report.does_it { Ok(secrets.replace_api_keys(self.base, keys).await?) } else { Ok(self.base) }
    }
}

pub(crate) async fn list(secrets: &DeploymentSecrets, report: &mut Report<impl Write>) -> Result<(), OperatorError> {
    let lists = Lists::read(secrets).await?;
    for key in &lists.current {
        report.line(&format!("{}: {}", key.id, told(&key.limits)))?;
    }
    for key in lists.ending() {
        report.line(&format!("{}: {}; until the next change", key.id, told(&key.limits)))?;
    }
    if lists.current.is_empty() {
        report.line(&"No key is in force: every request to /v1 is answered 401.")?;
    }
    Ok(())
}

pub(crate) async fn issue(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    (id, limits): (&str, ApiKeyLimits),
    out: &Path,
) -> Result<(), OperatorError> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(is_name) {
        return Err(OperatorError::Usage(format!("{id:?}: a key is called by 1 to 64 letters, digits and . _ -")));
    }
    let lists = Lists::read(secrets).await?;
    if lists.current.iter().chain(&lists.previous).any(|key| key.id == id) {
        return Err(OperatorError::Refused(format!("a key {id} counts already: take another name")));
    }
    if out.exists() {
        return Err(OperatorError::Refused(format!("{} is there already", out.display())));
    }
    report.step(&format!("issue {id}: {}; written into {}", told(&limits), out.display()))?;
    let token = Randomness::system().token().map_err(io::Error::other)?;
    let text = format!("tc_{token}");
    let record = ApiKeyRecord::from_key(id, &ApiKey::from(text.clone())).with_limits(limits);
    let keys = lists.current.iter().cloned().chain([record]).collect();
    if report.does_it {
        write_key(out, &text)?;
    }
    if let Err(error) = lists.replace(secrets, report, keys).await {
        // A key that is not in force is of no use; that it is left there would be of no harm.
        if report.does_it {
            drop(fs::remove_file(out));
        }
        return Err(error);
    }
    Ok(report.end()?)
}

/// Nobody else on this machine may read it, and nothing is written over.
fn write_key(out: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.write(true).create_new(true).open(out)?;
    write!(file, "{text}")?;
    file.sync_all()
}

pub(crate) async fn limit(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    (id, limits): (&str, ApiKeyLimits),
) -> Result<(), OperatorError> {
    let lists = Lists::read(secrets).await?;
    let at = lists.position(id)?;
    report.step(&format!("limit {id} to: {}; until now: {}", told(&limits), told(&lists.current[at].limits)))?;
    let mut keys = lists.current.clone();
    keys[at].limits = limits;
    lists.replace(secrets, report, keys).await?;
    Ok(report.end()?)
}

pub(crate) async fn revoke(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    id: &str,
    at_once: bool,
) -> Result<(), OperatorError> {
    let lists = Lists::read(secrets).await?;
    let ends = lists.ending().iter().any(|key| key.id == id);
    let mut keys = lists.current.clone();
    if at_once && ends {
        report.step(&format!("end {id} within a minute"))?;
    } else {
        keys.remove(lists.position(id)?);
        let when = if at_once { "within a minute" } else { "with the next change; until then it counts" };
        report.step(&format!("take {id} out of the list; it ends {when}"))?;
    }
    let again = keys.clone();
    let base = lists.replace(secrets, report, keys).await?;
    if at_once && report.does_it {
        // The list before counts too, so the same list takes its place.
        secrets.replace_api_keys(base, again).await?;
    }
    Ok(report.end()?)
}

pub(crate) async fn rotate(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    secret: DeploymentSecret,
    leaked: bool,
) -> Result<(), OperatorError> {
    let name = secrets.name(secret);
    let effect = match (secret, leaked) {
        (DeploymentSecret::WebhookKey, true) => "events are signed with two new ones",
        (DeploymentSecret::WebhookKey, false) => {
            "events are signed with the new one and with this one, until the next time"
        }
        (_, true) => "nothing that it sealed opens any more",
        (_, false) => "what it sealed opens until the next time",
    };
    report.step(&format!("replace {name}: {effect}"))?;
    let times = if leaked { 2 } else { 1 };
    for _ in 0..times {
        if report.does_it {
            secrets.rotate(secret).await?;
        }
    }
    Ok(report.end()?)
}

/// Tells the secret that the ATS verifies events with.
pub(crate) async fn show_webhook_secret(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
) -> Result<(), OperatorError> {
    let keys = secrets.webhook_keys().await?;
    let key = keys.first().ok_or(VaultError::NotFound)?;
    Ok(report.line(&key.receiver_secret())?)
}

/// The limits of a key, in words.
fn told(limits: &ApiKeyLimits) -> String {
    if limits.denies_all() {
        return "opens nothing".to_owned();
    }
    let customers = limits.customers.as_ref().map_or("all customers".to_owned(), joined);
    let scopes = limits.scopes.as_ref().map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect());
    let scopes = scopes.as_ref().map_or("the whole API".to_owned(), joined::<&str>);
    let pace = limits.per_minute.map_or(String::new(), |most| format!(", {most} requests a minute"));
    format!("{customers}, {scopes}{pace}")
}

fn joined<T: Display>(all: &BTreeSet<T>) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
