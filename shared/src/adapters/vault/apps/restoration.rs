//! The app of a customer whose offboarding is taken back.

use crate::adapters::vault::apps::AppReader;
use crate::adapters::vault::apps::app_events::TaggedEvents;
use crate::adapters::vault::apps::app_tags::{CHECKED, ended_tag, intake_link_tag, tenure_tag, to_tags};
use crate::adapters::vault::documents;
use crate::adapters::vault::model::VaultError;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

impl AppReader {
    /// Brings the app of a customer back in this tenure. The intake link that showed how things stand no longer does.
    ///
    /// # Errors
    /// [`VaultError`]; then the customer is offboarded still.
    pub(in crate::adapters::vault) async fn restore(
        &self,
        customer: &CustomerId,
        tenure: Timestamp,
    ) -> Result<(), VaultError> {
        let (store, name) = (&self.store, self.store.names.app(customer));
        store.backend.restore(&name).await?;
        let seen = store.backend.describe(&name).await?;
        let stored = self.read(customer).await?;
        let told = TaggedEvents::of_restored((customer, tenure), &stored.value, store.clock.now());
        store.publish(&told.events).await?;
        let body = documents::write_app((customer, tenure), &stored.value)?;
        let version = store.backend.put(&stored.arn, &stored.version, body).await?;
        let mut tags = told.tags;
        tags.extend(tenure_tag(tenure));
        tags.extend(ended_tag(false));
        tags.extend(intake_link_tag(None));
        // The credential is the one that was checked.
        if seen.tags.get(CHECKED).map(String::as_str) == Some(stored.version.as_str()) {
            tags.extend(to_tags([(CHECKED, version.as_str().to_owned())]));
        }
        store.backend.tag(&stored.arn, &tags).await
    }
}
