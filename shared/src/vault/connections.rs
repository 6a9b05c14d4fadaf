//! The recruiters' connections: one secret each.

use crate::clock::Timestamp;
use crate::connection::{Connection, NoSuccessor, Standing, State};
use crate::entra_app::AppCard;
use crate::ids::{CustomerId, UserId};
use crate::vault::apps;
use crate::vault::layout::{self, Owned};
use crate::vault::terms::{Arn, Description, Stage, Tags, VaultError, VersionId};
use crate::vault::{Held, Vault};

/// What is known about a connection without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionCard {
    /// How it is.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
    /// When the recruiter signed in.
    pub connected_at: Timestamp,
    /// When its tokens were last renewed.
    pub renewed_at: Timestamp,
}

/// A connection that was not kept, and why.
pub type NotKept = (VaultError, Box<Connection>);

/// Why a new sign-in was not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotSucceeded {
    /// It may not take the place of what is there.
    #[error(transparent)]
    NoSuccessor(#[from] NoSuccessor),
    /// The vault did not do it; `Stale` when others were faster every time.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Reads and writes the recruiters' connections.
#[derive(Clone, Debug)]
pub struct Connections {
    pub(super) vault: Vault,
}

/// Writers of one connection that are overtaken this often meet again at the next request.
const TRIES: usize = 3;

/// Lists the secrets of customers by what their tags say.
#[derive(Clone, Debug)]
pub struct ConnectionList {
    pub(super) vault: Vault,
}

/// Some of the connections and apps, without reading them.
#[derive(Debug)]
pub struct ConnectionPage {
    /// Whose connections, and what their tags say.
    pub connections: Vec<(CustomerId, UserId, ConnectionCard)>,
    /// Who handed interviews over.
    pub hand_overs: Vec<(CustomerId, UserId)>,
    /// Whose apps, and what their tags say.
    pub apps: Vec<(CustomerId, AppCard)>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

impl Connections {
    /// The connection with its tokens.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the recruiter never connected, `Deleted` where he was disconnected.
    pub async fn read(&self, customer: &CustomerId, user: &UserId) -> Result<Held<Connection>, VaultError> {
        let name = self.vault.layout.connection(customer, user);
        let read = self.vault.backend.read(&name, Stage::Current).await?;
        let value = layout::read_connection(&name, customer, user, &read.body)?;
        Ok(Held { value, arn: read.arn, version: read.version })
    }

    /// What is known without reading the tokens.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where the recruiter never connected.
    pub async fn card(&self, customer: &CustomerId, user: &UserId) -> Result<ConnectionCard, VaultError> {
        let description = self.vault.backend.describe(&self.vault.layout.connection(customer, user)).await?;
        let card = read_tags(&description)?;
        Ok(match description.deleted_at {
            None => card,
            Some(since) => ConnectionCard { state: State::Disconnected, since, reason: None, ..card },
        })
    }

    /// Keeps the first connection of a recruiter, or the first after he was disconnected.
    ///
    /// # Errors
    /// `Stale` when there is one already: read it and decide again. What was to be kept comes back.
    pub async fn create(&self, connection: Connection) -> Result<Held<Connection>, NotKept> {
        match self.try_create(&connection).await {
            Ok((arn, version)) => Ok(Held { value: connection, arn, version }),
            Err(error) => Err((error, Box::new(connection))),
        }
    }

    async fn try_create(&self, connection: &Connection) -> Result<(Arn, VersionId), VaultError> {
        let name = self.vault.layout.connection(&connection.customer, &connection.user);
        let first = VersionId::first(&self.vault.randomness).map_err(|error| VaultError::Unavailable(error.into()))?;
        let body = layout::write_connection(connection)?;
        match self.vault.backend.create(&name, &first, body, &tags(connection)).await {
            Err(VaultError::Deleted) => {}
            created => return created.map(|arn| (arn, first)),
        }
        // Only the incarnation that was seen deleted is brought back and written over; whoever restored it first and
        // wrote has moved its version on, and then this write is stale.
        let seen = self.vault.backend.describe(&name).await?;
        if seen.deleted_at.is_none() {
            // He did so since we asked.
            return Err(VaultError::Stale);
        }
        self.vault.backend.restore(&name).await?;
        let held = Held { value: (), arn: seen.arn, version: seen.current };
        match self.put(&held, connection).await {
            Ok(version) => Ok((held.arn, version)),
            // Somebody else brought it back and wrote; then it is his.
            Err(VaultError::Stale) => Err(VaultError::Stale),
            Err(error) => {
                // What was disconnected must not come back to life because a write failed.
                if let Err(error) = self.vault.backend.delete(&held.arn).await {
                    tracing::error!(error = %error, "a former connection could not be marked for deletion again");
                }
                Err(error)
            }
        }
    }

    /// Keeps a connection in the place of the one that was held.
    ///
    /// # Errors
    /// `Stale` when somebody else wrote since. What was to be kept comes back, for it may still be of use.
    pub async fn replace(&self, held: &Held<()>, connection: Connection) -> Result<Held<Connection>, NotKept> {
        match self.put(held, &connection).await {
            Ok(version) => Ok(Held { value: connection, arn: held.arn.clone(), version }),
            Err(error) => Err((error, Box::new(connection))),
        }
    }

    async fn put(&self, held: &Held<()>, connection: &Connection) -> Result<VersionId, VaultError> {
        let body = layout::write_connection(connection)?;
        let version = self.vault.backend.put(&held.arn, &held.version, body).await?;
        // The tags only describe. Where they could not be written, the next write brings them up to date.
        if let Err(error) = self.vault.backend.tag(&held.arn, &tags(connection)).await {
            tracing::warn!(error = %error, "the tags of a connection are behind");
        }
        Ok(version)
    }

    /// Keeps a new sign-in in the place of what was `present`. A renewal of the former one that came between is
    /// replaced; another sign-in that came between is not, if it is the newer one.
    ///
    /// # Errors
    /// [`NotSucceeded`]; then what was there before is there still.
    pub async fn succeed(
        &self,
        mut present: Option<Held<Connection>>,
        mut made: Connection,
    ) -> Result<Connection, NotSucceeded> {
        for _ in 0..TRIES {
            let written = match present {
                None => self.create(made).await,
                Some(held) => {
                    let (former, held) = held.split();
                    made.may_succeed(&former)?;
                    self.replace(&held, made).await
                }
            };
            match written {
                Ok(kept) => return Ok(kept.value),
                Err((VaultError::Stale, back)) => {
                    present = self.present(&back.customer, &back.user).await?;
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
    pub async fn present(&self, customer: &CustomerId, user: &UserId) -> Result<Option<Held<Connection>>, VaultError> {
        match self.read(customer, user).await {
            Ok(held) => Ok(Some(held)),
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Marks a connection for deletion.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is none.
    pub async fn delete(&self, customer: &CustomerId, user: &UserId) -> Result<(), VaultError> {
        let description = self.vault.backend.describe(&self.vault.layout.connection(customer, user)).await?;
        self.vault.backend.delete(&description.arn).await
    }
}

impl ConnectionList {
    /// Some connections and apps, in the order of their names, beginning at `page`.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn page(&self, page: Option<&str>) -> Result<ConnectionPage, VaultError> {
        let prefix = self.vault.layout.customers();
        let listed = self.vault.backend.list(&prefix, page, 100).await?;
        let mut found =
            ConnectionPage { connections: Vec::new(), apps: Vec::new(), hand_overs: Vec::new(), next: listed.next };
        for description in &listed.secrets {
            let taken = match self.vault.layout.owner_of(&description.name) {
                Some(Owned::Connection(customer, user)) => {
                    read_tags(description).map(|card| found.connections.push((customer, user, card)))
                }
                Some(Owned::App(customer)) => {
                    apps::read_tags(description).map(|card| found.apps.push((customer, card)))
                }
                Some(Owned::HandOvers(customer, user)) => {
                    found.hand_overs.push((customer, user));
                    Ok(())
                }
                None => Ok(()),
            };
            if let Err(error) = taken {
                tracing::error!(error = %error, "a secret is passed over");
            }
        }
        Ok(found)
    }
}

impl<T> Held<T> {
    /// The value, and what it takes to replace it.
    #[must_use]
    pub fn split(self) -> (T, Held<()>) {
        (self.value, Held { value: (), arn: self.arn, version: self.version })
    }
}

fn tags(connection: &Connection) -> Tags {
    Tags::from([
        ("kind".to_owned(), "connection".to_owned()),
        ("customer".to_owned(), connection.customer.to_string()),
        ("user".to_owned(), connection.user.to_string()),
        ("state".to_owned(), connection.life.standing.word().to_owned()),
        ("since".to_owned(), connection.life.since.to_string()),
        ("reason".to_owned(), connection.life.reason.clone().unwrap_or_default()),
        ("connected_at".to_owned(), connection.connected_at.to_string()),
        ("renewed_at".to_owned(), connection.obtained_at.to_string()),
    ])
}

fn read_tags(description: &Description) -> Result<ConnectionCard, VaultError> {
    let tag = |name: &str| description.tags.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let wrong = || layout::corrupt(&description.name, "its tags are not ours");
    let time = |name: &str| tag(name).and_then(|value| value.parse().ok()).ok_or_else(wrong);
    let standing = tag("state").and_then(Standing::of_word).ok_or_else(wrong)?;
    Ok(ConnectionCard {
        state: standing.state(),
        since: time("since")?,
        reason: tag("reason").map(str::to_owned),
        connected_at: time("connected_at")?,
        renewed_at: time("renewed_at")?,
    })
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::*;
    use crate::clock::{Clock, SignedDuration};
    use crate::connection::{Account, Owner, TokenSet};
    use crate::randomness::Randomness;
    use crate::secret::{AccessToken, RefreshToken};
    use crate::vault::backend::Backend;
    use crate::vault::memory::Memory;

    fn signed_in(sign_in: &str, at: Timestamp) -> Connection {
        let owner = Owner {
            customer: "kadry".parse().unwrap(),
            user: "anna".parse().unwrap(),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        };
        let account = Account {
            oid: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
            name: "Anna Nowak".to_owned(),
            upn: "anna@kadry.example".to_owned(),
        };
        let tokens = TokenSet {
            access: AccessToken::from("access".to_owned()),
            obtained_at: at,
            expires_at: TokenSet::expiry(at, 3_600),
            refresh: Some(RefreshToken::from("refresh".to_owned())),
            scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
        };
        Connection::made(owner, account, tokens, sign_in.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn of_two_who_connect_again_the_older_sign_in_does_not_win_by_coming_late() {
        let (clock, randomness) = (Clock::stopped_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(Memory::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
        let connections = vault.connections();
        let later = |minutes| clock.now() + SignedDuration::from_mins(minutes);
        let first = connections.create(signed_in("first", later(0))).await.unwrap().value;
        connections.delete(&first.customer, &first.user).await.unwrap();

        // The older is told that the name is marked; before it looks again the newer has brought it back and written.
        let mut older = pin!(connections.succeed(None, signed_in("older", later(1))));
        for _ in 0..2 {
            assert!(poll_fn(|context| Poll::Ready(older.as_mut().poll(context))).await.is_pending());
        }
        connections.succeed(None, signed_in("newer", later(2))).await.unwrap();
        let error = older.await.unwrap_err();
        assert!(matches!(error, NotSucceeded::NoSuccessor(NoSuccessor::Older)), "{error:?}");
        assert_eq!(connections.read(&first.customer, &first.user).await.unwrap().value.sign_in, "newer");
    }
}
