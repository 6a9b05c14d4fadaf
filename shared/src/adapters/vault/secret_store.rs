//! What every repository of the vault holds: the backend, the names, the time and chance, and where events go.

use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::model::{Arn, VaultError, VersionId};
use crate::adapters::vault::secret_names::SecretNames;
use crate::domain::event::{Event, EventPublisher};
use crate::types::clock::Clock;
use crate::types::randomness::Randomness;

/// Where secrets lie and how they are called.
#[derive(Clone, Debug)]
pub(super) struct SecretStore {
    pub(super) backend: Backend,
    pub(super) names: SecretNames,
    pub(super) clock: Clock,
    pub(super) randomness: Randomness,
    pub(super) events: EventPublisher,
}

/// Something that was read, with what it takes to replace exactly that.
#[derive(Debug)]
pub struct Versioned<T> {
    /// What was read.
    pub value: T,
    /// The incarnation that it was read from.
    pub arn: Arn,
    /// The version that it was read from.
    pub version: VersionId,
}

impl SecretStore {
    /// Publishes what the next write is about. Without that there is no write: nobody would be told.
    pub(super) async fn publish(&self, events: &[Event]) -> Result<(), VaultError> {
        self.events.publish(events).await.map_err(|error| VaultError::Unavailable(error.into()))
    }

    /// The id of a secret's first version.
    pub(super) fn first_version(&self) -> Result<VersionId, VaultError> {
        VersionId::random(&self.randomness).map_err(|error| VaultError::Unavailable(error.into()))
    }
}

impl<T> Versioned<T> {
    /// The value, and what it takes to replace it.
    #[must_use]
    pub fn into_parts(self) -> (T, Versioned<()>) {
        (self.value, Versioned { value: (), arn: self.arn, version: self.version })
    }
}
