//! The recruiters' connections: one secret each.
//!
//! Whether a recruiter is connected, the content says. Who disconnects her first writes over the tokens that the
//! connection ended, and then marks the secret for deletion, which saves what it costs and decides nothing. So whatever is
//! lost or crashes on the way, and however her next sign-in brings the secret back, no token of before is there again; and
//! a renewal that was under way is stale like any other late writer.

pub(crate) mod connection_tags;

use crate::adapters::vault::documents;
use crate::adapters::vault::documents::Disconnection;
use crate::adapters::vault::model::{Arn, SecretMetadata, Tags, VaultError, VersionId, VersionStage};
use crate::adapters::vault::secret_store::{SecretStore, Versioned};
use crate::domain::connection::{Connection, ConnectionState, ReplaceConnectionError};
use crate::types::ids::{CustomerId, UserId};
use crate::types::secret::SecretBody;

pub use crate::adapters::vault::secret_index::{SecretIndex, SecretIndexPage};
pub use connection_tags::ConnectionSummary;

/// A connection that was not kept, and why.
pub type NotKept = (VaultError, Box<Connection>);

/// Why a new sign-in was not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreSignInError {
    /// It may not take the place of what is there.
    #[error(transparent)]
    NoSuccessor(#[from] ReplaceConnectionError),
    /// The vault did not do it; `Stale` when others were faster every time.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Reads and writes the recruiters' connections.
#[derive(Clone, Debug)]
pub struct Connections {
    pub(super) store: SecretStore,
}

/// Writers of one connection that are overtaken this often meet again at the next request.
const MAX_ATTEMPTS: usize = 3;

impl Connections {
    /// The connection with its tokens.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the recruiter never connected, `Deleted` where he was disconnected.
    pub async fn read(&self, customer: &CustomerId, user: &UserId) -> Result<Versioned<Connection>, VaultError> {
        let Versioned { value, arn, version } = self.read_document(customer, user).await?;
        let value = value.map_err(|Disconnection { .. }| VaultError::Deleted)?;
        Ok(Versioned { value, arn, version })
    }

    async fn read_document(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Versioned<Result<Connection, Disconnection>>, VaultError> {
        let name = self.store.names.connection(customer, user);
        let read = self.store.backend.read(&name, VersionStage::Current).await?;
        let value = documents::read_connection(&name, customer, user, &read.body)?;
        Ok(Versioned { value, arn: read.arn, version: read.version })
    }

    /// What is known without reading the tokens.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the recruiter never connected.
    pub async fn summary(&self, customer: &CustomerId, user: &UserId) -> Result<ConnectionSummary, VaultError> {
        self.describe(customer, user).await.map(|(_, card)| card)
    }

    /// The secret from outside, and what is known of the version that it describes. Where the tags are behind, the content
    /// is asked; it may be behind in turn, and then it is the version that was read which a write replaces, or fails.
    async fn describe(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<(SecretMetadata, ConnectionSummary), VaultError> {
        let name = self.store.names.connection(customer, user);
        for _ in 0..MAX_ATTEMPTS {
            let seen = self.store.backend.describe(&name).await?;
            let card = connection_tags::parse_connection_tags(&seen)?;
            if seen.deleted_at.is_some() || connection_tags::describes_current_version(&seen) {
                return Ok((seen, card));
            }
            match self.read_document(customer, user).await {
                Ok(Versioned { value, version, .. }) => {
                    let card = match value {
                        Ok(connection) => ConnectionSummary::from(&connection),
                        Err(Disconnection { at }) => card.disconnected(at),
                    };
                    return Ok((SecretMetadata { current: version, ..seen }, card));
                }
                // It was marked since it was described.
                Err(VaultError::Deleted) => {}
                Err(error) => return Err(error),
            }
        }
        Err(VaultError::Stale)
    }

    /// Keeps the first connection of a recruiter, or the first after he was disconnected.
    ///
    /// # Errors
    /// `Stale` when there is one already: read it and decide again. What was to be kept comes back.
    pub async fn create(&self, connection: Connection) -> Result<Versioned<Connection>, NotKept> {
        match self.try_create(&connection).await {
            Ok((arn, version)) => Ok(Versioned { value: connection, arn, version }),
            Err(error) => Err((error, Box::new(connection))),
        }
    }

    async fn try_create(&self, connection: &Connection) -> Result<(Arn, VersionId), VaultError> {
        let name = self.store.names.connection(&connection.customer, &connection.user);
        let first = self.store.first_version()?;
        let (body, tags) =
            (documents::write_connection(connection)?, connection_tags::connection_tags(connection, &first));
        match self.store.backend.create(&name, &first, body, &tags).await {
            Err(VaultError::Stale | VaultError::Deleted) => {}
            created => return created.map(|arn| (arn, first)),
        }
        let (seen, card) = self.describe(&connection.customer, &connection.user).await?;
        // A mark without an end may have come upon a sign-in that is newer than this one: of one that was on its way at the
        // same time as the disconnection. The older one has nothing to say about it.
        let newer_was_marked =
            connection_tags::parse_disconnection(&seen).is_none() && card.connected_at > connection.connected_at;
        if card.state != ConnectionState::Disconnected || newer_was_marked {
            return Err(VaultError::Stale);
        }
        // Only what was seen to have ended is written over; whoever did so first has moved its version on, and then this
        // write is stale.
        let body = documents::write_connection(connection)?;
        let version =
            self.overwrite(&seen, body, |version| connection_tags::connection_tags(connection, version)).await?;
        Ok((seen.arn, version))
    }

    /// Keeps a connection in the place of the one that was held.
    ///
    /// # Errors
    /// `Stale` when somebody else wrote since. What was to be kept comes back, for it may still be of use.
    pub async fn replace(
        &self,
        held: &Versioned<()>,
        connection: Connection,
    ) -> Result<Versioned<Connection>, NotKept> {
        let written = match documents::write_connection(&connection) {
            Ok(body) => self.put(held, body, |version| connection_tags::connection_tags(&connection, version)).await,
            Err(error) => Err(error),
        };
        match written {
            Ok(version) => Ok(Versioned { value: connection, arn: held.arn.clone(), version }),
            Err(error) => Err((error, Box::new(connection))),
        }
    }

    /// Writes over what was seen, which is brought back for it where it is marked for deletion.
    async fn overwrite(
        &self,
        seen: &SecretMetadata,
        body: SecretBody,
        tags: impl FnOnce(&VersionId) -> Tags,
    ) -> Result<VersionId, VaultError> {
        let held = Versioned { value: (), arn: seen.arn.clone(), version: seen.current.clone() };
        if seen.deleted_at.is_none() {
            return self.put(&held, body, tags).await;
        }
        let written = match self.store.backend.restore(&seen.name).await {
            Ok(()) => self.put(&held, body, tags).await,
            Err(error) => Err(error),
        };
        match written {
            // Whoever was faster has written what is there now.
            Ok(_) | Err(VaultError::Stale) => {}
            // A customer who was offboarded, or an operator who marked it by hand: there the mark is all that keeps a
            // former connection from coming back to life, because a write failed.
            Err(_) if connection_tags::parse_disconnection(seen).is_none() => {
                if let Err(error) = self.store.backend.delete(&held.arn).await {
                    tracing::error!(error = %error, "a former connection could not be marked for deletion again");
                }
            }
            Err(_) => {}
        }
        written
    }

    async fn put(
        &self,
        held: &Versioned<()>,
        body: SecretBody,
        tags: impl FnOnce(&VersionId) -> Tags,
    ) -> Result<VersionId, VaultError> {
        let version = self.store.backend.put(&held.arn, &held.version, body).await?;
        // The tags only describe, and say what. Where they could not be written, the content is asked until they are.
        if let Err(error) = self.store.backend.tag(&held.arn, &tags(&version)).await {
            tracing::warn!(error = %error, "the tags of a connection are behind");
        }
        Ok(version)
    }

    /// Keeps a new sign-in in the place of what was `present`. A renewal of the former one that came between is
    /// replaced; another sign-in that came between is not, if it is the newer one.
    ///
    /// # Errors
    /// [`StoreSignInError`]; then what was there before is there still.
    pub async fn store_sign_in(
        &self,
        mut present: Option<Versioned<Connection>>,
        mut made: Connection,
    ) -> Result<Connection, StoreSignInError> {
        for _ in 0..MAX_ATTEMPTS {
            let written = match present {
                None => self.create(made).await,
                Some(held) => {
                    let (former, held) = held.into_parts();
                    made.can_replace(&former)?;
                    self.replace(&held, made).await
                }
            };
            match written {
                Ok(kept) => return Ok(kept.value),
                Err((VaultError::Stale, back)) => {
                    present = self.find(&back.customer, &back.user).await?;
                    made = *back;
                }
                Err((error, _)) => return Err(error.into()),
            }
        }
        Err(VaultError::Stale.into())
    }

    /// What there is to succeed.
    ///
    /// # Errors
    /// [`VaultError`], but for there being nothing.
    pub async fn find(
        &self,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Option<Versioned<Connection>>, VaultError> {
        match self.read(customer, user).await {
            Ok(held) => Ok(Some(held)),
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Disconnects a recruiter. Again: the same answer.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is nothing to disconnect. Then it may be half done: done again, it is whole.
    pub async fn disconnect(&self, customer: &CustomerId, user: &UserId) -> Result<(), VaultError> {
        let name = self.store.names.connection(customer, user);
        for _ in 0..MAX_ATTEMPTS {
            let seen = self.store.backend.describe(&name).await?;
            if connection_tags::parse_disconnection(&seen).is_none() {
                let ended = Disconnection { at: self.store.clock.now() };
                let body = documents::write_disconnection(customer, user, ended)?;
                match self.overwrite(&seen, body, |version| connection_tags::disconnection_tags(ended, version)).await {
                    Ok(_) => {}
                    // A renewal, a sign-in or another disconnection came between.
                    Err(VaultError::Stale | VaultError::Deleted) => continue,
                    Err(error) => return Err(error),
                }
            } else if seen.deleted_at.is_some() {
                return Ok(());
            }
            return self.store.backend.delete(&seen.arn).await;
        }
        Err(VaultError::Stale)
    }

    /// Marks what a disconnection left that was given up half way. A connection that works stays as it is; whether there
    /// was something to mark.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is nothing at all.
    pub async fn finish_disconnect(&self, customer: &CustomerId, user: &UserId) -> Result<bool, VaultError> {
        let (seen, card) = self.describe(customer, user).await?;
        let left = card.state == ConnectionState::Disconnected && seen.deleted_at.is_none();
        if left {
            self.store.backend.delete(&seen.arn).await?;
        }
        Ok(left)
    }

    /// Marks a connection for deletion as it is: that of a customer who was offboarded, and who may have been so by
    /// mistake. An operator can bring it back.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is none.
    pub async fn delete(&self, customer: &CustomerId, user: &UserId) -> Result<(), VaultError> {
        let description = self.store.backend.describe(&self.store.names.connection(customer, user)).await?;
        self.store.backend.delete(&description.arn).await
    }
}

#[cfg(test)]
mod tests;
