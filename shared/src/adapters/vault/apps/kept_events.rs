//! Whether what an event tells of a customer was kept.

use crate::adapters::vault::apps::AppReader;
use crate::adapters::vault::apps::app_events::EVENT;
use crate::adapters::vault::apps::app_tags::{has_ended, parse_tenure};
use crate::adapters::vault::model::VaultError;
use crate::domain::event::{Event, EventSubject};

impl AppReader {
    /// Whether what the event tells of the customer or the app was kept.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn holds_event(&self, event: &Event) -> Result<bool, VaultError> {
        let seen = match self.store.backend.describe(&self.store.names.app(&event.customer)).await {
            Ok(seen) => seen,
            Err(VaultError::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        };
        let id = event.id.to_string();
        let tenure = parse_tenure(&seen);
        Ok(match event.kind.subject() {
            // Whoever began anew had ended.
            EventSubject::Offboarding => tenure > event.tenure || tenure == event.tenure && has_ended(&seen),
            _ => seen.tags.iter().any(|(name, value)| name.starts_with(EVENT) && *value == id),
        })
    }
}
