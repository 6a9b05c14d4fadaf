//! The customers' apps: one secret each. Who writes them cannot read them, and the other way round.

mod app_claims;
mod app_events;
mod app_status_writer;
mod app_tags;
mod contacts;
mod federated_subjects;
mod intake_links;
mod kept_events;
mod restoration;

use crate::adapters::vault::documents;
use crate::adapters::vault::documents::app::ClaimEntry;
use crate::adapters::vault::model::{Arn, SecretMetadata, VaultError, VersionId, VersionStage};
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::entra_app::{AppInTenure, AppSummary, ContactChange, EntraApp, TenureState};
use crate::domain::finding::FindingKind;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::{ClientId, CustomerId, TenantId};

pub use app_claims::{AppClaims, ClaimOutcome};
use app_events::TaggedEvents;
pub use app_status_writer::AppStatusWriter;
pub(super) use app_tags::{APP_KIND, has_ended, parse_app_tags};
pub use app_tags::{AppStatusUpdate, CheckRecord, finding_codes};

/// Reads the customers' apps.
#[derive(Clone, Debug)]
pub struct AppReader {
    pub(super) store: SecretStore,
}

/// Writes the customers' apps and cannot read them.
#[derive(Clone, Debug)]
pub struct AppWriter {
    pub(super) store: SecretStore,
    /// Which customer works with which app.
    pub claims: AppClaims,
}

/// A customer's app as it was read.
#[derive(Debug)]
pub struct StoredApp {
    /// The app with its credential.
    pub value: EntraApp,
    /// When the customer began: whatever is of an earlier tenure of the same name counts for nothing.
    pub tenure: Timestamp,
    /// The secret that it was read from.
    pub arn: Arn,
    /// Its version.
    pub version: VersionId,
}

impl StoredApp {
    #[must_use]
    pub fn app(&self) -> AppInTenure {
        AppInTenure { tenure: self.tenure, tenant: self.value.tenant, client_id: self.value.client_id }
    }
}

impl AppReader {
    /// The app with its secret.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn read(&self, customer: &CustomerId) -> Result<StoredApp, VaultError> {
        let name = self.store.names.app(customer);
        let read = self.store.backend.read(&name, VersionStage::Current).await?;
        let (value, tenure) = documents::read_app(&name, customer, &read.body)?;
        Ok(StoredApp { value, tenure, arn: read.arn, version: read.version })
    }

    /// The credential that the present one replaced, if it is one of the same app in the same tenure: it may still work
    /// while Entra spreads the news of the new one.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn previous_version(
        &self,
        customer: &CustomerId,
        present: &StoredApp,
    ) -> Result<Option<EntraApp>, VaultError> {
        let name = self.store.names.app(customer);
        let read = match self.store.backend.read(&name, VersionStage::Previous).await {
            Ok(read) => read,
            Err(VaultError::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (former, tenure) = documents::read_app(&name, customer, &read.body)?;
        let app = AppInTenure { tenure, tenant: former.tenant, client_id: former.client_id };
        Ok((app == present.app()).then_some(former))
    }

    /// What may be tried once in the place of the present credential, which Entra `refused`: a new one takes a while to be
    /// known everywhere there, so nobody loses anything because a secret was renewed or a certificate took its place.
    /// Nothing where another credential would be refused as well, or there is none.
    pub async fn previous_credential(
        &self,
        customer: &CustomerId,
        present: &StoredApp,
        refused: FindingKind,
    ) -> Option<EntraApp> {
        if !refused.may_be_propagation_delay() {
            return None;
        }
        self.previous_version(customer, present).await.ok()?
    }

    /// What is known without reading the secret.
    ///
    /// # Errors
    /// [`VaultError`]; `Deleted` for a customer who was offboarded.
    pub async fn summary(&self, customer: &CustomerId) -> Result<AppSummary, VaultError> {
        read_summary(&self.store, customer).await
    }
}

impl AppWriter {
    /// What is known without reading the secret.
    ///
    /// # Errors
    /// [`VaultError`]; `Deleted` for a customer who was offboarded.
    pub async fn summary(&self, customer: &CustomerId) -> Result<AppSummary, VaultError> {
        read_summary(&self.store, customer).await
    }

    /// Keeps an app, in the place of the one that `seen` describes; `None` where there was none.
    ///
    /// # Errors
    /// `Stale` when somebody else wrote since `seen` was taken.
    pub async fn store(
        &self,
        customer: &CustomerId,
        app: &EntraApp,
        diagnosed: &CheckRecord,
        seen: Option<&AppSnapshot>,
    ) -> Result<(), VaultError> {
        self.store_by_link(customer, app, (diagnosed, None, &ContactChange::Keep), seen).await
    }

    /// As [`AppWriter::store`], and notes by which intake link it came and whom the ATS may remind.
    ///
    /// # Errors
    /// As [`AppWriter::store`].
    pub async fn store_by_link(
        &self,
        customer: &CustomerId,
        app: &EntraApp,
        (diagnosed, link, contact): (&CheckRecord, Option<&str>, &ContactChange),
        seen: Option<&AppSnapshot>,
    ) -> Result<(), VaultError> {
        let (name, now) = (self.store.names.app(customer), self.store.clock.now());
        let present = seen.map(AppSnapshot::summary).transpose()?.flatten();
        let same = present.as_ref().is_some_and(|card| card.is_app(app.tenant, app.client_id));
        let tenure = seen.map_or(now, |seen| seen.tenure(now));
        let mut tags = app_tags::app_tags((customer, tenure), app, diagnosed, same, now);
        let told = TaggedEvents::of_credentials((customer, tenure), (app, diagnosed), present.as_ref(), now);
        tags.extend(told.tags);
        tags.extend(app_tags::intake_link_tag(link));
        let body = documents::write_app((customer, tenure), app)?;
        let former = present.filter(|_| !same).map(|card| (card.tenant, card.client_id));
        let left = self.claim_to_end(customer, former).await?;
        self.claims.change_contact((customer, tenure), contact).await?;
        self.store.publish(&told.events).await?;
        let Some(AppSnapshot(seen)) = seen else {
            let first = self.store.first_version()?;
            return self.store.backend.create(&name, &first, body, &tags).await.map(drop);
        };
        if seen.deleted_at.is_some() {
            self.store.backend.restore(&name).await?;
        }
        if app_tags::has_ended(seen) {
            // The tag is what the next write takes the tenure from: it is never behind the content.
            self.store.backend.tag(&seen.arn, &app_tags::tenure_tag(tenure)).await?;
        }
        self.store.backend.put(&seen.arn, &seen.current, body).await?;
        self.store.backend.tag(&seen.arn, &tags).await?;
        self.end_claim(customer, left).await;
        Ok(())
    }

    /// The customer's claim on an app that he is about to leave.
    async fn claim_to_end(
        &self,
        customer: &CustomerId,
        app: Option<(TenantId, ClientId)>,
    ) -> Result<Option<(ClaimEntry, (TenantId, ClientId))>, VaultError> {
        let Some(app) = app else { return Ok(None) };
        match self.claims.of_customer(customer, app).await {
            // What nobody can read keeps no customer from leaving.
            Err(VaultError::Corrupt { .. }) => Ok(None),
            claim => Ok(claim?.map(|claim| (claim, app))),
        }
    }

    /// Lets another customer have an app at once that this one has left.
    async fn end_claim(&self, customer: &CustomerId, left: Option<(ClaimEntry, (TenantId, ClientId))>) {
        let Some((claim, app)) = left else { return };
        if let Err(error) = self.claims.end_unbacked(&claim, app).await {
            tracing::warn!(error = %error, %customer, "another customer can take the app over in five minutes only");
        }
    }

    /// What [`AppWriter::store`] is to replace; `None` where there is nothing yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn snapshot(&self, customer: &CustomerId) -> Result<Option<AppSnapshot>, VaultError> {
        match self.store.backend.describe(&self.store.names.app(customer)).await {
            Ok(description) => Ok(Some(AppSnapshot(description))),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Marks the customer's app for deletion, and the connections with it.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is none.
    pub async fn offboard(&self, customer: &CustomerId) -> Result<(), VaultError> {
        // First, and where there is no app too: what did not come to be stored may have left a contact.
        match self.claims.forget_contact(customer).await {
            // What nobody can read keeps no customer from leaving.
            Err(VaultError::Corrupt { .. }) => tracing::warn!(%customer, "the contact cannot be looked for"),
            forgotten => forgotten?,
        }
        let description = self.store.backend.describe(&self.store.names.app(customer)).await?;
        let app = parse_app_tags(&description).ok().map(|app| (app.tenant, app.client_id));
        let left = self.claim_to_end(customer, app).await?;
        // First: whoever has the same name later must not be called the same by the issuer.
        self.forget_federated_subject(customer).await?;
        // What ended before was told then.
        if !app_tags::has_ended(&description) {
            let event = app_events::offboarding(customer, &description, self.store.clock.now());
            self.store.publish(&[event]).await?;
        }
        if description.deleted_at.is_none() {
            self.store.backend.tag(&description.arn, &app_tags::ended_tag(true)).await?;
        }
        self.store.backend.delete(&description.arn).await?;
        if let Err(error) = self.mark_connections(customer).await {
            tracing::warn!(error = %error, %customer, "recruiters are disconnected by the next run of the schedule");
        }
        self.end_claim(customer, left).await;
        Ok(())
    }

    /// Marks the secret from which all connections of the customer are found, so that none is used any more.
    async fn mark_connections(&self, customer: &CustomerId) -> Result<(), VaultError> {
        match self.store.backend.describe(&self.store.names.connections(customer)).await {
            Ok(root) => self.store.backend.delete(&root.arn).await,
            Err(VaultError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// An app as it was seen before a write, without its secret.
#[derive(Debug, Clone)]
pub struct AppSnapshot(SecretMetadata);

impl AppSnapshot {
    /// What its tags say; `None` for an app that is marked for deletion.
    ///
    /// # Errors
    /// `Corrupt` when the tags are not ours.
    pub fn summary(&self) -> Result<Option<AppSummary>, VaultError> {
        if app_tags::has_ended(&self.0) { Ok(None) } else { parse_app_tags(&self.0).map(Some) }
    }

    /// The tenure that the customer is in, or was in last.
    #[must_use]
    pub fn tenure_state(&self) -> TenureState {
        let tenure = app_tags::parse_tenure(&self.0);
        if app_tags::has_ended(&self.0) { TenureState::Ended(tenure) } else { TenureState::Active(tenure) }
    }

    /// The tenure of what is written next. One that ended is never gone on with: the next is later.
    fn tenure(&self, now: Timestamp) -> Timestamp {
        let former = app_tags::parse_tenure(&self.0);
        if app_tags::has_ended(&self.0) {
            now.max(add_saturating(former, SignedDuration::from_millis(1)))
        } else {
            former
        }
    }
}

async fn read_summary(store: &SecretStore, customer: &CustomerId) -> Result<AppSummary, VaultError> {
    let description = store.backend.describe(&store.names.app(customer)).await?;
    if app_tags::has_ended(&description) {
        return Err(VaultError::Deleted);
    }
    parse_app_tags(&description)
}

#[cfg(test)]
mod tests;
