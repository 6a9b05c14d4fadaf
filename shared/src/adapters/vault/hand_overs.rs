//! The interviews that recruiters handed to others: beside the connections and not in them, for who hands over may be
//! leaving, and links must lead on after the connection is gone.

use crate::adapters::vault::documents::hand_overs::{read_hand_overs, write_hand_overs};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::NodeStore;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::{Decision, WritePlan};
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::domain::meeting::{HandOver, MeetingDigest, MeetingId};
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};

/// As many are remembered of one recruiter, or fewer where Microsoft's ids and links are so long that they do not fit into a
/// secret. Beyond it interviews that are over are forgotten sooner.
const MAX_HAND_OVERS: usize = 100;

/// Why a hand-over was not noted.
#[derive(Debug, thiserror::Error)]
pub enum RecordHandOverError {
    /// As many as can be remembered are of interviews that are to come: no link is given up for another.
    #[error("as many interviews were handed over as can be remembered")]
    Full,
    /// The vault did not do it; `Stale` when others were faster every time.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Reads and writes what recruiters handed over.
#[derive(Clone, Debug)]
pub struct HandOvers {
    pub(super) nodes: NodeStore,
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
        let (tree, from) = (NodeTree::HandOvers(customer.clone()), MeetingDigest::from(from));
        let Some(node) = self.nodes.find_now(&tree, user.as_str()).await? else { return Ok(None) };
        let all = read_hand_overs(&node.parse(&tree)?, user)?;
        Ok(all.into_iter().find(|known| known.from == from))
    }

    /// Notes a hand-over, in the tenure of the customer that the connections are of. Whoever notes one of the same meeting
    /// first decides: that one comes back.
    ///
    /// # Errors
    /// [`RecordHandOverError`]; then what was noted before is noted still.
    pub async fn record(
        &self,
        customer: &CustomerId,
        user: &UserId,
        hand_over: HandOver,
        now: Timestamp,
    ) -> Result<HandOver, RecordHandOverError> {
        let (tree, connections) = (NodeTree::HandOvers(customer.clone()), NodeTree::Connections(customer.clone()));
        let tenure = self.nodes.find(&connections, user.as_str()).await?.parse(&connections)?.tenure;
        let plan = WritePlan { class: WriteClass::Always, tenure: Some(tenure), may_begin: true };
        let decided = self.nodes.update(&tree, user.as_str(), plan, |node| {
            let all = read_hand_overs(node, user)?;
            if let Some(known) = all.iter().find(|known| known.from == hand_over.from) {
                return Ok(Decision::Answer(Some(known.clone())));
            }
            Ok(match append(node, user, all, hand_over.clone(), now)? {
                Some(entry) => Decision::Write(vec![entry], Some(hand_over.clone())),
                None => Decision::Answer(None),
            })
        });
        decided.await?.ok_or(RecordHandOverError::Full)
    }
}

/// All that must be remembered, with one more, as a secret takes it. No link of an interview that is to come is given up for
/// another: then the hand-over is refused, before anything is cancelled.
fn append(
    node: &Node<'_>,
    user: &UserId,
    mut all: Vec<HandOver>,
    new: HandOver,
    now: Timestamp,
) -> Result<Option<EntryWrite>, VaultError> {
    all.retain(|known| known.until > now);
    all.sort_by_key(|known| std::cmp::Reverse(known.until));
    all.insert(0, new);
    loop {
        let entry = write_hand_overs(user, &all)?;
        if all.len() <= MAX_HAND_OVERS && node.takes_alone(entry.clone())? {
            return Ok(Some(entry));
        }
        if all.pop_if(|first| first.has_ended(now)).is_none() {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::connection::{Account, Connection, ConnectionOwner, TokenSet};
    use crate::domain::meeting::JoinUrl;
    use crate::types::clock::{Clock, SignedDuration};
    use crate::types::randomness::Randomness;

    /// A vault of a customer whose recruiters are connected.
    async fn vault() -> Vault {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock, randomness);
        let owner = ConnectionOwner {
            customer: "kadry".parse().unwrap(),
            user: "anna".parse().unwrap(),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        };
        let oid = "11111111-2222-4333-8444-555555555555".parse().unwrap();
        let account = Account { oid, name: "Anna Nowak".to_owned(), upn: "anna@kadry.example".to_owned() };
        let tokens = TokenSet {
            access: "access".to_owned().into(),
            obtained_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::UNIX_EPOCH,
            refresh: Some("refresh".to_owned().into()),
            scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
        };
        let made = Connection::from_tokens(owner, account, tokens, "sign-in".to_owned()).unwrap();
        vault.connections().store_sign_in(Timestamp::UNIX_EPOCH, &made).await.unwrap();
        vault
    }

    async fn hand_overs() -> HandOvers {
        vault().await.hand_overs()
    }

    fn hand_over(from: &str, to: &str, hours: i64) -> HandOver {
        HandOver {
            from: MeetingDigest::from(&MeetingId::parse(from).unwrap()),
            to: to.parse().unwrap(),
            id: MeetingId::parse(&"x".repeat(200)).unwrap(),
            join_url: JoinUrl::parse(&format!("https://teams.microsoft.com/{}", "x".repeat(300))).unwrap(),
            until: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours),
        }
    }

    #[tokio::test]
    async fn the_first_who_notes_a_hand_over_decides() {
        let (all, customer, user) = (hand_overs().await, "kadry".parse().unwrap(), "anna".parse().unwrap());
        let note = async |hand_over| all.record(&customer, &user, hand_over, Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(note(hand_over("one", "jan", 1)).await.to.as_str(), "jan");
        assert_eq!(note(hand_over("one", "ewa", 1)).await.to.as_str(), "jan");
        assert_eq!(note(hand_over("two", "ewa", 1)).await.to.as_str(), "ewa");
        let find = async |from: &str| all.find(&customer, &user, &MeetingId::parse(from).unwrap()).await.unwrap();
        assert_eq!(find("one").await, Some(hand_over("one", "jan", 1)));
        assert_eq!(find("three").await, None);
    }

    #[tokio::test]
    async fn what_may_be_forgotten_is_so_with_the_next_hand_over() {
        let (all, customer, user) = (hand_overs().await, "kadry".parse().unwrap(), "anna".parse().unwrap());
        let one_hour_later = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
        all.record(&customer, &user, hand_over("one", "jan", 1), Timestamp::UNIX_EPOCH).await.unwrap();
        all.record(&customer, &user, hand_over("two", "jan", 9), one_hour_later).await.unwrap();
        let find = async |from: &str| all.find(&customer, &user, &MeetingId::parse(from).unwrap()).await.unwrap();
        assert_eq!(find("one").await, None);
        assert!(find("two").await.is_some());
    }

    #[tokio::test]
    async fn what_was_handed_over_is_forgotten_with_its_customer_until_somebody_hands_over_again() {
        let vault = vault().await;
        let (all, customer, user) = (vault.hand_overs(), "kadry".parse().unwrap(), "anna".parse().unwrap());
        let note = async |from| all.record(&customer, &user, hand_over(from, "jan", 9), Timestamp::UNIX_EPOCH).await;
        note("one").await.unwrap();
        let found = vault.secret_index().page(None).await.unwrap().nodes;
        let handed = found.into_iter().find(|listed| !listed.holds_connections).unwrap().node;
        vault.secret_index().delete(&handed).await.unwrap();
        assert_eq!(all.find(&customer, &user, &MeetingId::parse("one").unwrap()).await.unwrap(), None);
        note("two").await.unwrap();
        assert!(all.find(&customer, &user, &MeetingId::parse("two").unwrap()).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn what_is_over_makes_room_and_no_interview_that_is_to_come_does() {
        let (all, customer, user) = (hand_overs().await, "kadry".parse().unwrap(), "anna".parse().unwrap());
        let ends = |hours: i64| HandOver::retention_end(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours));
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(10);
        let note = async |from: i64, hours: i64| {
            let hand_over = HandOver { until: ends(hours), ..hand_over(&from.to_string(), "jan", 0) };
            all.record(&customer, &user, hand_over, now).await
        };
        let find = async |from: i64| {
            all.find(&customer, &user, &MeetingId::parse(&from.to_string()).unwrap()).await.unwrap().is_some()
        };
        let most = i64::try_from(MAX_HAND_OVERS).unwrap();
        for from in 0..most {
            // The first two are over, and the others are to come, all at once.
            note(from, if from < 2 { from } else { 20 }).await.unwrap();
        }
        for (from, gone) in [(most, 0), (most + 1, 1)] {
            note(from, 11).await.unwrap();
            assert!(find(from).await && !find(gone).await);
        }
        assert!(matches!(note(most + 2, 30).await, Err(RecordHandOverError::Full)));
        for from in 2..most + 2 {
            assert!(find(from).await, "{from}");
        }
        assert!(!find(most + 2).await);
        // What was noted is told again when there is no room for more.
        assert_eq!(note(most, 30).await.unwrap().until, ends(11));
    }

    #[tokio::test]
    async fn where_ids_and_links_are_long_fewer_fit_and_nothing_is_lost() {
        let (all, customer, user) = (hand_overs().await, "kadry".parse().unwrap(), "anna".parse().unwrap());
        let hour = SignedDuration::from_hours(1);
        let note = async |from: usize, until: Timestamp| {
            let hand_over = HandOver {
                to: "j".repeat(64).parse().unwrap(),
                id: MeetingId::parse(&"x".repeat(1_024)).unwrap(),
                join_url: JoinUrl::parse(&format!("https://teams.microsoft.com/{}", "x".repeat(4_000))).unwrap(),
                until,
                ..hand_over(&from.to_string(), "jan", 0)
            };
            all.record(&customer, &user, hand_over, Timestamp::UNIX_EPOCH).await
        };
        let to_come = HandOver::retention_end(Timestamp::UNIX_EPOCH + hour);
        let over = HandOver::retention_end(Timestamp::UNIX_EPOCH - hour);
        note(0, over).await.unwrap();
        let mut noted = 1;
        while noted < MAX_HAND_OVERS && note(noted, to_come).await.is_ok() {
            noted += 1;
        }
        assert!((10..MAX_HAND_OVERS).contains(&noted), "{noted}");
        assert!(matches!(note(noted, to_come).await, Err(RecordHandOverError::Full)));
        let find = async |from: usize| {
            all.find(&customer, &user, &MeetingId::parse(&from.to_string()).unwrap()).await.unwrap().is_some()
        };
        assert!(!find(0).await, "it was over, and made room");
        for from in 1..noted {
            assert!(find(from).await, "{from}");
        }
    }
}
