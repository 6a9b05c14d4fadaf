//! Who notes beside an app what was found about it, and tells what changed by that.

use crate::adapters::vault::apps::app_events::TaggedEvents;
use crate::adapters::vault::apps::app_tags::{
    AppStatusUpdate, CHECKED, CheckRecord, has_ended, parse_app_tags, to_tags,
};
use crate::adapters::vault::model::{Arn, VaultError, VersionId};
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::entra_app::AppInTenure;
use crate::types::ids::CustomerId;

/// Notes beside the customers' apps what was found about them, and can neither read nor write an app.
#[derive(Clone, Debug)]
pub struct AppStatusWriter {
    pub(in crate::adapters::vault) store: SecretStore,
}

impl AppStatusWriter {
    /// Notes what a check of this very version found. Once other credentials are in its place the note says nothing
    /// any more, so a check that took long cannot speak ill of what came after it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn record_check(
        &self,
        customer: &CustomerId,
        (arn, version): (&Arn, &VersionId),
        diagnosed: &CheckRecord,
    ) -> Result<(), VaultError> {
        let at = self.store.clock.now();
        let seen = self.store.backend.describe(&self.store.names.app(customer)).await?;
        let is_present = seen.arn == *arn && seen.current == *version && !has_ended(&seen);
        let told = if is_present {
            TaggedEvents::of_check(customer, &parse_app_tags(&seen)?, diagnosed, at)
        } else {
            TaggedEvents::default()
        };
        let now = at.to_string();
        let mut tags = to_tags([
            (CHECKED, version.as_str().to_owned()),
            ("checked_at", now.clone()),
            ("check_accepted_at", if diagnosed.verified { now } else { String::new() }),
            ("check_findings", diagnosed.findings.join(" ")),
        ]);
        tags.extend(told.tags);
        self.store.publish(&told.events).await?;
        self.store.backend.tag(arn, &tags).await
    }

    /// Notes what was found about this very app, and tells it. The last note stands, but for hints: they change nothing that
    /// a sign-in has shown, and one that says nothing new is neither written nor told.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when the customer works with another app by now, or in another tenure.
    pub async fn record(
        &self,
        customer: &CustomerId,
        of: AppInTenure,
        note: AppStatusUpdate,
    ) -> Result<(), VaultError> {
        let description = self.store.backend.describe(&self.store.names.app(customer)).await?;
        if has_ended(&description) {
            return Err(VaultError::Deleted);
        }
        let seen = parse_app_tags(&description)?;
        if seen.app() != of {
            return Err(VaultError::Stale);
        }
        if !note.is_news(&seen) {
            return Ok(());
        }
        let told = TaggedEvents::of_update(customer, &seen, &note, self.store.clock.now());
        let mut tags = note.tags();
        tags.extend(told.tags);
        self.store.publish(&told.events).await?;
        self.store.backend.tag(&description.arn, &tags).await
    }
}
