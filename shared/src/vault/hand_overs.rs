//! The interviews that a recruiter handed to others: one secret for each recruiter who did, beside the connection and
//! not in it, for who hands over may be leaving, and links must lead on after the connection is gone.

use crate::clock::Timestamp;
use crate::ids::{CustomerId, UserId};
use crate::meeting::{HandOver, MeetingId};
use crate::vault::terms::{Stage, Tags, VaultError, VersionId};
use crate::vault::{Held, Vault, layout};

/// Writers that are overtaken this often meet again at the next request.
const TRIES: usize = 3;

/// As many fit into a secret, with room to spare; beyond it those whose interviews ended first are forgotten sooner.
const MOST: usize = 80;

/// Reads and writes what recruiters handed over.
#[derive(Clone, Debug)]
pub struct HandOvers {
    pub(super) vault: Vault,
}

impl HandOvers {
    /// Where a meeting of this recruiter went, if it was handed over.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn find(
        &self,
        customer: &CustomerId,
        user: &UserId,
        from: &MeetingId,
    ) -> Result<Option<HandOver>, VaultError> {
        let held = self.read(customer, user).await?;
        Ok(held.and_then(|held| held.value.into_iter().find(|known| known.from == *from)))
    }

    /// Notes a hand-over. Whoever notes one of the same meeting first decides: that one comes back.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn note(
        &self,
        customer: &CustomerId,
        user: &UserId,
        hand_over: HandOver,
        now: Timestamp,
    ) -> Result<HandOver, VaultError> {
        for _ in 0..TRIES {
            let written = match self.read(customer, user).await? {
                None => self.create(customer, user, &hand_over).await,
                Some(held) => {
                    if let Some(known) = held.value.iter().find(|known| known.from == hand_over.from) {
                        return Ok(known.clone());
                    }
                    let mut all = held.value;
                    all.retain(|known| known.until > now);
                    all.push(hand_over.clone());
                    all.sort_by_key(|known| std::cmp::Reverse(known.until));
                    all.truncate(MOST);
                    let body = layout::write_hand_overs(customer, user, &all)?;
                    self.vault.backend.put(&held.arn, &held.version, body).await.map(drop)
                }
            };
            match written {
                Ok(()) => return Ok(hand_over),
                Err(VaultError::Stale) => {}
                // The customer was offboarded, and came back before the secret was gone.
                Err(VaultError::Deleted) => {
                    self.vault.backend.restore(&self.vault.layout.hand_overs(customer, user)).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Err(VaultError::Stale)
    }

    /// Marks what a recruiter handed over for deletion.
    ///
    /// # Errors
    /// [`VaultError`]; `NotFound` where there is nothing.
    pub async fn delete(&self, customer: &CustomerId, user: &UserId) -> Result<(), VaultError> {
        let description = self.vault.backend.describe(&self.vault.layout.hand_overs(customer, user)).await?;
        self.vault.backend.delete(&description.arn).await
    }

    async fn read(&self, customer: &CustomerId, user: &UserId) -> Result<Option<Held<Vec<HandOver>>>, VaultError> {
        let name = self.vault.layout.hand_overs(customer, user);
        match self.vault.backend.read(&name, Stage::Current).await {
            Ok(read) => {
                let value = layout::read_hand_overs(&name, customer, user, &read.body)?;
                Ok(Some(Held { value, arn: read.arn, version: read.version }))
            }
            Err(VaultError::NotFound | VaultError::Deleted) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn create(&self, customer: &CustomerId, user: &UserId, only: &HandOver) -> Result<(), VaultError> {
        let name = self.vault.layout.hand_overs(customer, user);
        let first = VersionId::first(&self.vault.randomness).map_err(|error| VaultError::Unavailable(error.into()))?;
        let body = layout::write_hand_overs(customer, user, std::slice::from_ref(only))?;
        let tags = [("kind", "hand-overs"), ("customer", customer.as_str()), ("user", user.as_str())];
        let tags = tags.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.vault.backend.create(&name, &first, body, &Tags::from(tags)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, SignedDuration};
    use crate::meeting::JoinUrl;
    use crate::randomness::Randomness;
    use crate::vault::backend::Backend;
    use crate::vault::memory::Memory;

    fn hand_overs() -> HandOvers {
        let (clock, randomness) = (Clock::stopped_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(Memory::new(clock.clone(), randomness.clone()));
        Vault::new(backend, "test".parse().unwrap(), clock, randomness).hand_overs()
    }

    fn hand_over(from: &str, to: &str, hours: i64) -> HandOver {
        HandOver {
            from: MeetingId::parse(from).unwrap(),
            to: to.parse().unwrap(),
            id: MeetingId::parse(&"x".repeat(200)).unwrap(),
            join_url: JoinUrl::parse(&format!("https://teams.microsoft.com/{}", "x".repeat(300))).unwrap(),
            until: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours),
        }
    }

    #[tokio::test]
    async fn the_first_who_notes_a_hand_over_decides() {
        let (all, customer, user) = (hand_overs(), "kadry".parse().unwrap(), "anna".parse().unwrap());
        let note = async |hand_over| all.note(&customer, &user, hand_over, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(note(hand_over("one", "jan", 1)).await.to.as_str(), "jan");
        assert_eq!(note(hand_over("one", "ewa", 1)).await.to.as_str(), "jan");
        assert_eq!(note(hand_over("two", "ewa", 1)).await.to.as_str(), "ewa");
        let find = async |from: &str| all.find(&customer, &user, &MeetingId::parse(from).unwrap()).await.unwrap();
        assert_eq!(find("one").await, Some(hand_over("one", "jan", 1)));
        assert_eq!(find("three").await, None);
    }

    #[tokio::test]
    async fn what_is_long_over_is_forgotten_and_as_many_as_there_may_be_fit() {
        let (all, customer, user) = (hand_overs(), "kadry".parse().unwrap(), "anna".parse().unwrap());
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(5);
        let count = i64::try_from(MOST).unwrap() + 10;
        for hours in 1..=count {
            all.note(&customer, &user, hand_over(&hours.to_string(), "jan", hours), now).await.unwrap();
        }
        let find = async |from: i64| {
            all.find(&customer, &user, &MeetingId::parse(&from.to_string()).unwrap()).await.unwrap().is_some()
        };
        assert!(!find(4).await && !find(9).await);
        assert!(find(11).await && find(count).await);
    }
}
