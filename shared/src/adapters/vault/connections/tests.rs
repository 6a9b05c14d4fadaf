use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::adapters::vault::Vault;
use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::backend::memory::{InjectedFault, MemoryBackend, VaultOperation};
use crate::adapters::vault::connections::*;
use crate::domain::connection::{Account, ConnectionOwner, HealthEvent, TokenSet};
use crate::domain::finding::FindingKind;
use crate::types::clock::{Clock, SignedDuration, Timestamp};
use crate::types::randomness::Randomness;
use crate::types::secret::{AccessToken, RefreshToken};

fn signed_in(sign_in: &str, at: Timestamp) -> Connection {
    let owner = ConnectionOwner {
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
        expires_at: TokenSet::expires_at(at, 3_600),
        refresh: Some(RefreshToken::from("refresh".to_owned())),
        scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
    };
    Connection::from_tokens(owner, account, tokens, sign_in.to_owned()).unwrap()
}

/// A vault in which Anna is connected.
struct House {
    clock: Clock,
    memory: MemoryBackend,
    connections: Connections,
    customer: CustomerId,
    user: UserId,
}

impl House {
    async fn with_anna() -> Self {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let vault = Vault::new(Backend::Memory(memory.clone()), "test".parse().unwrap(), clock.clone(), randomness);
        let connections = vault.connections();
        let first = connections.create(signed_in("first", clock.now())).await.unwrap().value;
        Self { clock, memory, connections, customer: first.customer, user: first.user }
    }

    /// The sign-in that made the connection that is read; nothing where there is none. What is told of it is the same.
    async fn connected_by(&self) -> Option<String> {
        self.memory.clear_faults();
        let told = self.connections.summary(&self.customer, &self.user).await.unwrap().state;
        let read = match self.connections.read(&self.customer, &self.user).await {
            Ok(held) => Some(held.value.sign_in),
            Err(VaultError::Deleted) => None,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(told == ConnectionState::Disconnected, read.is_none(), "{told:?} {read:?}");
        read
    }

    async fn disconnect(&self) -> Result<(), VaultError> {
        self.connections.disconnect(&self.customer, &self.user).await
    }

    async fn sign_in(&self, name: &str) -> Result<Connection, StoreSignInError> {
        self.clock.advance(SignedDuration::from_secs(1));
        self.connections.store_sign_in(None, signed_in(name, self.clock.now())).await
    }

    fn is_marked(&self) -> bool {
        self.memory.stored("test/customers/kadry/users/anna/connection").unwrap().scheduled_for_deletion
    }
}

/// Goes on with something for so many steps and gives it up then; whether it was done before.
async fn given_up_after(steps: usize, way: impl Future) -> bool {
    let mut way = pin!(way);
    for _ in 0..steps {
        if poll_fn(|context| Poll::Ready(way.as_mut().poll(context))).await.is_ready() {
            return true;
        }
    }
    false
}

const EVERY_OPERATION: [VaultOperation; 7] = [
    VaultOperation::Create,
    VaultOperation::Put,
    VaultOperation::Read,
    VaultOperation::Describe,
    VaultOperation::Tag,
    VaultOperation::Delete,
    VaultOperation::Restore,
];

#[tokio::test]
async fn of_two_who_connect_again_the_older_sign_in_does_not_win_by_coming_late() {
    let House { clock, connections, customer, user, .. } = House::with_anna().await;
    let later = |minutes| clock.now() + SignedDuration::from_mins(minutes);
    connections.disconnect(&customer, &user).await.unwrap();

    // The older is told that the name is marked; before it looks again the newer has brought it back and written.
    let mut older = pin!(connections.store_sign_in(None, signed_in("older", later(1))));
    for _ in 0..2 {
        assert!(poll_fn(|context| Poll::Ready(older.as_mut().poll(context))).await.is_pending());
    }
    connections.store_sign_in(None, signed_in("newer", later(2))).await.unwrap();
    let error = older.await.unwrap_err();
    assert!(matches!(error, StoreSignInError::NoSuccessor(ReplaceConnectionError::Older)), "{error:?}");
    assert_eq!(connections.read(&customer, &user).await.unwrap().value.sign_in, "newer");
}

#[tokio::test]
async fn an_end_that_is_read_late_is_not_written_over_in_the_place_of_what_came_after_it() {
    let house = House::with_anna().await;
    house.clock.advance(SignedDuration::from_secs(1));
    let older = signed_in("older", house.clock.now());
    house.disconnect().await.unwrap();
    house.memory.fail_next(VaultOperation::Tag, InjectedFault::Unavailable);
    house.sign_in("newer").await.unwrap();
    // Its tags are behind, so the content is asked; and the content that comes is the one of before.
    house.memory.fail_next(VaultOperation::Read, InjectedFault::StaleReplica);
    let refused = house.connections.store_sign_in(None, older).await.unwrap_err();
    assert!(matches!(refused, StoreSignInError::NoSuccessor(ReplaceConnectionError::Older)), "{refused}");
    assert_eq!(house.connected_by().await.as_deref(), Some("newer"));
}

#[tokio::test]
async fn a_mark_that_came_late_lets_no_older_sign_in_take_the_place_of_a_newer_one() {
    let house = House::with_anna().await;
    house.clock.advance(SignedDuration::from_secs(1));
    let older = signed_in("older", house.clock.now());
    house.disconnect().await.unwrap();
    house.sign_in("newer").await.unwrap();
    // The disconnection's own mark comes only now, upon what was written since.
    house.connections.delete(&house.customer, &house.user).await.unwrap();
    let refused = house.connections.store_sign_in(None, older).await.unwrap_err();
    assert!(matches!(refused, StoreSignInError::Vault(VaultError::Stale)), "{refused}");
    assert!(house.is_marked(), "and nothing came back to life for it");
    // One of the same moment is not older.
    house.connections.store_sign_in(None, signed_in("again", house.clock.now())).await.unwrap();
    assert_eq!(house.connected_by().await.as_deref(), Some("again"));
}

#[tokio::test]
async fn whoever_was_disconnected_is_so_until_she_signs_in_wherever_that_is_given_up() {
    let mut steps = 0;
    loop {
        let house = House::with_anna().await;
        house.disconnect().await.unwrap();
        let done = given_up_after(steps, house.sign_in("second")).await;
        let by = house.connected_by().await;
        assert!(by.is_none() || by.as_deref() == Some("second"), "{by:?} after {steps} steps");
        house.sign_in("third").await.unwrap();
        assert_eq!(house.connected_by().await.as_deref(), Some("third"));
        if done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 4, "there was something to give up");
}

#[tokio::test]
async fn whatever_fails_while_she_connects_again_no_former_connection_is_there() {
    for operation in EVERY_OPERATION {
        for fault in [
            InjectedFault::Unavailable,
            InjectedFault::ResponseLost,
            InjectedFault::Denied,
            InjectedFault::StaleReplica,
        ] {
            let house = House::with_anna().await;
            house.disconnect().await.unwrap();
            house.memory.fail_next(operation, fault);
            let told = house.sign_in("second").await;
            let by = house.connected_by().await;
            assert!(by.is_none() || by.as_deref() == Some("second"), "{by:?} after {operation:?} {fault:?}");
            assert!(told.is_err() || by.is_some(), "{operation:?} {fault:?}");
        }
    }
}

#[tokio::test]
async fn a_disconnection_that_is_given_up_anywhere_is_told_as_it_is_and_done_by_the_next_try() {
    let mut steps = 0;
    loop {
        let house = House::with_anna().await;
        let done = given_up_after(steps, house.disconnect()).await;
        let by = house.connected_by().await;
        assert!(by.is_none() || by.as_deref() == Some("first") && !done, "{by:?} after {steps} steps");
        house.disconnect().await.unwrap();
        house.disconnect().await.unwrap();
        assert_eq!(house.connected_by().await, None);
        assert!(house.is_marked());
        if done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 3, "there was something to give up");
}

#[tokio::test]
async fn a_disconnection_is_reported_only_when_there_is_no_token_any_more() {
    for operation in EVERY_OPERATION {
        for fault in [
            InjectedFault::Unavailable,
            InjectedFault::ResponseLost,
            InjectedFault::Denied,
            InjectedFault::StaleReplica,
        ] {
            let house = House::with_anna().await;
            house.memory.fail_next(operation, fault);
            let told = house.disconnect().await;
            let by = house.connected_by().await;
            assert!(told.is_err() || by.is_none(), "{operation:?} {fault:?}");
            // Brought back by hand, there is still nothing to bring back.
            if told.is_ok() {
                let name = house.connections.store.names.connection(&house.customer, &house.user);
                house.memory.restore(&name).await.unwrap();
                assert_eq!(house.connected_by().await, None, "{operation:?} {fault:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_renewal_that_was_under_way_does_not_undo_a_disconnection() {
    let house = House::with_anna().await;
    let (connection, held) = house.connections.read(&house.customer, &house.user).await.unwrap().into_parts();
    house.disconnect().await.unwrap();
    assert!(matches!(house.connections.replace(&held, connection).await, Err((VaultError::Deleted, _))));
    let mut signing_in = pin!(house.sign_in("second"));
    while !matches!(house.connections.read(&house.customer, &house.user).await, Ok(held) if held.value.sign_in == "second")
    {
        assert!(!given_up_after(1, signing_in.as_mut()).await);
        let late = house.connections.replace(&held, signed_in("first", house.clock.now())).await;
        assert!(matches!(late, Err((VaultError::Deleted | VaultError::Stale, _))), "{late:?}");
    }
}

#[tokio::test]
async fn what_a_disconnection_left_half_way_is_put_away_and_what_works_is_not() {
    let house = House::with_anna().await;
    let clear_away = async || house.connections.finish_disconnect(&house.customer, &house.user).await.unwrap();
    assert!(!clear_away().await);
    // The tags are behind as well.
    house.memory.fail_next(VaultOperation::Tag, InjectedFault::Unavailable);
    house.memory.fail_next(VaultOperation::Delete, InjectedFault::Unavailable);
    house.disconnect().await.unwrap_err();
    assert!(!house.is_marked());
    assert!(clear_away().await && house.is_marked());
    assert!(!clear_away().await);
    house.sign_in("second").await.unwrap();
    assert!(!clear_away().await);
    assert_eq!(house.connected_by().await.as_deref(), Some("second"));
}

#[tokio::test]
async fn an_offboarded_customers_connection_is_brought_back_by_hand_and_not_by_a_sign_in_that_fails() {
    let house = House::with_anna().await;
    let name = house.connections.store.names.connection(&house.customer, &house.user);
    house.connections.delete(&house.customer, &house.user).await.unwrap();
    for (operation, fault) in
        [(VaultOperation::Restore, InjectedFault::ResponseLost), (VaultOperation::Put, InjectedFault::Unavailable)]
    {
        house.memory.fail_next(operation, fault);
        house.sign_in("second").await.unwrap_err();
        assert_eq!(house.connected_by().await, None, "{operation:?} {fault:?}");
    }
    house.memory.restore(&name).await.unwrap();
    assert_eq!(house.connected_by().await.as_deref(), Some("first"));
    // Whoever is disconnected after that is so for good.
    house.connections.delete(&house.customer, &house.user).await.unwrap();
    house.disconnect().await.unwrap();
    house.memory.restore(&name).await.unwrap();
    assert_eq!(house.connected_by().await, None);
}

#[tokio::test]
async fn a_card_is_told_without_reading_a_token() {
    let house = House::with_anna().await;
    let card = async || house.connections.summary(&house.customer, &house.user).await.unwrap().state;
    let reads = || house.memory.call_counts().get(&VaultOperation::Read).copied().unwrap_or_default();
    assert_eq!((card().await, reads()), (ConnectionState::Active, 0));
    house.disconnect().await.unwrap();
    assert_eq!((card().await, reads()), (ConnectionState::Disconnected, 0));
}

#[tokio::test]
async fn a_card_says_the_same_where_the_tags_are_behind() {
    for are_behind in [false, true] {
        let house = House::with_anna().await;
        let lag = || {
            if are_behind {
                house.memory.fail_next(VaultOperation::Tag, InjectedFault::Unavailable);
            }
        };
        let card = async || house.connections.summary(&house.customer, &house.user).await.unwrap();
        let (connection, held) = house.connections.read(&house.customer, &house.user).await.unwrap().into_parts();
        house.clock.advance(SignedDuration::from_secs(7));
        let refused_at = house.clock.now();
        let doubted = connection.apply(HealthEvent::Rejected(FindingKind::SignInExpired), refused_at);
        lag();
        house.connections.replace(&held, doubted).await.unwrap();
        let suspect = ConnectionSummary {
            state: ConnectionState::Suspect,
            since: refused_at,
            reason: Some(FindingKind::SignInExpired.code().to_owned()),
            connected_at: Timestamp::UNIX_EPOCH,
            renewed_at: Timestamp::UNIX_EPOCH,
        };
        assert_eq!(card().await, suspect, "{are_behind}");

        // Where she is disconnected, tags that are behind tell of what was before; so only what they say of the end counts.
        house.clock.advance(SignedDuration::from_secs(7));
        let disconnected_at = house.clock.now();
        lag();
        house.memory.fail_next(VaultOperation::Delete, InjectedFault::Unavailable);
        house.disconnect().await.unwrap_err();
        let told = card().await;
        assert_eq!(
            (told.state, told.since, told.reason),
            (ConnectionState::Disconnected, disconnected_at, None),
            "{are_behind}"
        );
        assert_eq!(told.connected_at, Timestamp::UNIX_EPOCH);
    }
}

#[tokio::test]
async fn a_sign_in_that_was_written_is_there_though_the_answer_was_lost() {
    let house = House::with_anna().await;
    house.disconnect().await.unwrap();
    house.memory.fail_next(VaultOperation::Put, InjectedFault::ResponseLost);
    house.sign_in("second").await.unwrap_err();
    assert_eq!(house.connected_by().await.as_deref(), Some("second"));
}
