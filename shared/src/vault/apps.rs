//! The customers' apps: one secret each. Who writes them cannot read them, and the other way round.

use jiff::civil::Date;

use crate::clock::Timestamp;
use crate::entra_app::EntraApp;
use crate::ids::{ClientId, CustomerId, TenantId};
use crate::vault::layout;
use crate::vault::terms::{Description, Stage, Tags, VaultError, VersionId};
use crate::vault::{Held, Vault};

/// What is known about a customer's app without reading its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppCard {
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// The day on which the secret ends, if it was told.
    pub expires_on: Option<Date>,
    /// When Entra last accepted the credential.
    pub verified_at: Option<Timestamp>,
    /// When it was last checked after it was handed over.
    pub checked_at: Option<Timestamp>,
    /// When these credentials were handed over; links from before are spent.
    pub submitted_at: Timestamp,
    /// The codes of what was found last.
    pub findings: Vec<String>,
}

/// What the tags say beside the app itself.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// When Entra accepted the credential, if it did.
    pub verified_at: Option<Timestamp>,
    /// The codes of what was found.
    pub findings: Vec<String>,
}

/// Reads the customers' apps.
#[derive(Clone, Debug)]
pub struct AppReader {
    pub(super) vault: Vault,
}

/// Writes the customers' apps and cannot read them.
#[derive(Clone, Debug)]
pub struct AppWriter {
    pub(super) vault: Vault,
}

/// Notes beside the customers' apps what a check found, and can neither read nor write an app.
#[derive(Clone, Debug)]
pub struct AppNotes {
    pub(super) vault: Vault,
}

impl AppReader {
    /// The app with its secret.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn read(&self, customer: &CustomerId) -> Result<Held<EntraApp>, VaultError> {
        let name = self.vault.layout.app(customer);
        let read = self.vault.backend.read(&name, Stage::Current).await?;
        let value = layout::read_app(&name, customer, &read.body)?;
        Ok(Held { value, arn: read.arn, version: read.version })
    }

    /// What is known without reading the secret.
    ///
    /// # Errors
    /// [`VaultError`]; `Deleted` for a customer who was offboarded.
    pub async fn card(&self, customer: &CustomerId) -> Result<AppCard, VaultError> {
        card(&self.vault, customer).await
    }
}

impl AppWriter {
    /// What is known without reading the secret.
    ///
    /// # Errors
    /// [`VaultError`]; `Deleted` for a customer who was offboarded.
    pub async fn card(&self, customer: &CustomerId) -> Result<AppCard, VaultError> {
        card(&self.vault, customer).await
    }

    /// Keeps an app, in the place of the one that `seen` describes; `None` where there was none.
    ///
    /// # Errors
    /// `Stale` when somebody else wrote since `seen` was taken.
    pub async fn keep(
        &self,
        customer: &CustomerId,
        app: &EntraApp,
        verdict: &Verdict,
        seen: Option<&Seen>,
    ) -> Result<(), VaultError> {
        let name = self.vault.layout.app(customer);
        let tags = tags(customer, app, verdict, self.vault.clock.now());
        let body = layout::write_app(customer, app)?;
        let Some(seen) = seen else {
            let first =
                VersionId::first(&self.vault.randomness).map_err(|error| VaultError::Unavailable(error.into()))?;
            return self.vault.backend.create(&name, &first, body, &tags).await.map(drop);
        };
        if seen.0.deleted_at.is_some() {
            self.vault.backend.restore(&name).await?;
        }
        self.vault.backend.put(&seen.0.arn, &seen.0.current, body).await?;
        self.vault.backend.tag(&seen.0.arn, &tags).await
    }

    /// What [`AppWriter::keep`] is to replace; `None` where there is nothing yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn look(&self, customer: &CustomerId) -> Result<Option<Seen>, VaultError> {
        match self.vault.backend.describe(&self.vault.layout.app(customer)).await {
            Ok(description) => Ok(Some(Seen(description))),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Marks the customer's app for deletion.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is none.
    pub async fn offboard(&self, customer: &CustomerId) -> Result<(), VaultError> {
        let description = self.vault.backend.describe(&self.vault.layout.app(customer)).await?;
        self.vault.backend.delete(&description.arn).await
    }
}

impl AppNotes {
    /// Notes what a check of this very version found. Once other credentials are in its place the note says nothing
    /// any more, so a check that took long cannot speak ill of what came after it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn note(&self, checked: &Held<EntraApp>, verdict: &Verdict) -> Result<(), VaultError> {
        let accepted = verdict.verified_at.map(|time| time.to_string()).unwrap_or_default();
        let tags = Tags::from([
            ("checked".to_owned(), checked.version.as_str().to_owned()),
            ("checked_at".to_owned(), self.vault.clock.now().to_string()),
            ("check_accepted_at".to_owned(), accepted),
            ("check_findings".to_owned(), verdict.findings.join(" ")),
        ]);
        self.vault.backend.tag(&checked.arn, &tags).await
    }
}

/// An app as it was seen before a write, without its secret.
#[derive(Debug, Clone)]
pub struct Seen(Description);

impl Seen {
    /// What its tags say; `None` for an app that is marked for deletion.
    ///
    /// # Errors
    /// `Corrupt` when the tags are not ours.
    pub fn card(&self) -> Result<Option<AppCard>, VaultError> {
        if self.0.deleted_at.is_some() { Ok(None) } else { read_tags(&self.0).map(Some) }
    }
}

async fn card(vault: &Vault, customer: &CustomerId) -> Result<AppCard, VaultError> {
    let description = vault.backend.describe(&vault.layout.app(customer)).await?;
    if description.deleted_at.is_some() {
        return Err(VaultError::Deleted);
    }
    read_tags(&description)
}

fn tags(customer: &CustomerId, app: &EntraApp, verdict: &Verdict, now: Timestamp) -> Tags {
    let optional = |value: Option<String>| value.unwrap_or_default();
    Tags::from([
        ("kind".to_owned(), "app".to_owned()),
        ("customer".to_owned(), customer.to_string()),
        ("tenant".to_owned(), app.tenant.to_string()),
        ("client_id".to_owned(), app.client_id.to_string()),
        ("expires_on".to_owned(), optional(app.expires_on.map(|date| date.to_string()))),
        ("verified_at".to_owned(), optional(verdict.verified_at.map(|time| time.to_string()))),
        ("submitted_at".to_owned(), now.to_string()),
        ("findings".to_owned(), verdict.findings.join(" ")),
    ])
}

pub(super) fn read_tags(description: &Description) -> Result<AppCard, VaultError> {
    let tag = |name: &str| description.tags.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let wrong = || layout::corrupt(&description.name, "its tags are not ours");
    let time = |name: &str| tag(name).and_then(|value| value.parse().ok());
    // A note counts for the version that was checked; what was found when it was handed over, until there is one.
    let is_checked = tag("checked") == Some(description.current.as_str());
    let (accepted_at, findings) =
        if is_checked { (time("check_accepted_at"), tag("check_findings")) } else { (None, tag("findings")) };
    Ok(AppCard {
        tenant: tag("tenant").and_then(|value| value.parse().ok()).ok_or_else(wrong)?,
        client_id: tag("client_id").and_then(|value| value.parse().ok()).ok_or_else(wrong)?,
        expires_on: tag("expires_on").and_then(|value| value.parse().ok()),
        verified_at: accepted_at.or_else(|| time("verified_at")),
        checked_at: is_checked.then(|| time("checked_at")).flatten(),
        submitted_at: time("submitted_at").ok_or_else(wrong)?,
        findings: findings.map(|value| value.split(' ').map(str::to_owned).collect()).unwrap_or_default(),
    })
}
