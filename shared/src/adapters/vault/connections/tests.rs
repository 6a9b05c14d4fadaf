mod busy_days;
mod events;
mod nodes;
mod restored;
mod returned;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::*;
use crate::adapters::vault::Vault;
use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::backend::memory::{InjectedFault, MemoryBackend, VaultOperation};
use crate::domain::connection::{Account, ConnectionOwner, ConnectionState, HealthEvent, HealthState, TokenSet};
use crate::domain::event::{CollectedEvents, EventPublisher};
use crate::domain::finding::FindingKind;
use crate::domain::meeting::{Cancellation, MeetingId};
use crate::types::clock::SignedDuration;
use crate::types::randomness::Randomness;
use crate::types::secret::{AccessToken, RefreshToken, Secret, SecretBody};

const ROOT: &str = "test/customers/kadry/connections";

/// The customer's present tenure.
const TENURE: Timestamp = Timestamp::UNIX_EPOCH;

fn tokens(refresh: &str, at: Timestamp) -> TokenSet {
    TokenSet {
        access: AccessToken::from(format!("access of {refresh}")),
        obtained_at: at,
        expires_at: TokenSet::expires_at(at, 3_600),
        refresh: Some(RefreshToken::from(refresh.to_owned())),
        scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
    }
}

fn signed_in(user: &str, sign_in: &str, at: Timestamp) -> Connection {
    let owner = ConnectionOwner {
        customer: "kadry".parse().unwrap(),
        user: user.parse().unwrap(),
        tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
        client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
    };
    let account = Account {
        oid: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
        name: "Anna Nowak".to_owned(),
        upn: "anna@kadry.example".to_owned(),
    };
    let refresh = format!("{}{}", sign_in, "x".repeat(1_400));
    Connection::from_tokens(owner, account, tokens(&refresh, at), sign_in.to_owned()).unwrap()
}

/// A vault in which Anna is connected.
struct House {
    clock: Clock,
    memory: MemoryBackend,
    events: Arc<CollectedEvents>,
    vault: Vault,
    connections: Connections,
    customer: CustomerId,
    user: UserId,
}

impl House {
    async fn with_anna() -> Self {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let events = Arc::new(CollectedEvents::default());
        let vault = Vault::new(Backend::Memory(memory.clone()), "test".parse().unwrap(), clock.clone(), randomness)
            .with_events(EventPublisher::new(events.clone()));
        let connections = vault.connections();
        connections.store_sign_in(TENURE, &signed_in("anna", "first", clock.now())).await.unwrap();
        let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        Self { clock, memory, events, vault, connections, customer, user }
    }

    /// The sign-in that made the connection that is read; nothing where there is none. What is told of it is the same.
    async fn connected_by(&self) -> Option<String> {
        self.memory.clear_faults();
        let told = self.connections.summary(&self.customer, &self.user).await.unwrap().state;
        let read = match self.connections.get_now(&self.customer, &self.user).await {
            Ok(held) => Some(held.connection.sign_in),
            Err(VaultError::Deleted) => None,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(told == ConnectionState::Disconnected, read.is_none(), "{told:?} {read:?}");
        read
    }

    async fn disconnect(&self) -> Result<(), VaultError> {
        self.connections.disconnect(None, (&self.customer, &self.user)).await
    }

    async fn sign_in(&self, name: &str) -> Result<(), StoreSignInError> {
        self.clock.advance(SignedDuration::from_secs(1));
        self.connections.store_sign_in(TENURE, &signed_in("anna", name, self.clock.now())).await
    }

    async fn held(&self) -> StoredConnection {
        self.connections.get_now(&self.customer, &self.user).await.unwrap()
    }

    /// What Entra gave for the refresh token of `held`.
    fn refreshed(&self, held: StoredConnection, refresh: &str) -> RefreshResult {
        let redeemed = held.token;
        let connection = held.connection.with_tokens(tokens(refresh, self.clock.now()));
        let (customer, user) = (self.customer.clone(), self.user.clone());
        RefreshResult { customer, user, redeemed, outcome: Ok(Arc::new(connection)) }
    }

    async fn store(&self, class: ConnectionWrite, result: &RefreshResult) -> Result<StoredTokens, VaultError> {
        self.connections.store_result(class, (TENURE, result)).await
    }

    fn calls(&self, operation: VaultOperation) -> usize {
        self.memory.call_counts().get(&operation).copied().unwrap_or_default()
    }

    fn content(&self) -> serde_json::Value {
        serde_json::from_str(self.memory.stored(ROOT).unwrap().body.expose()).unwrap()
    }

    /// Puts something else in the root's place.
    async fn replace(&self, content: &serde_json::Value) {
        let lying = self.memory.stored(ROOT).unwrap();
        self.memory.put(&lying.arn, &lying.version, SecretBody::from(content.to_string())).await.unwrap();
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

const FAULTS: [InjectedFault; 4] =
    [InjectedFault::Unavailable, InjectedFault::ResponseLost, InjectedFault::Denied, InjectedFault::StaleReplica];
const OPERATIONS: [VaultOperation; 4] =
    [VaultOperation::Create, VaultOperation::Put, VaultOperation::Read, VaultOperation::Tag];

#[tokio::test(start_paused = true)]
async fn of_two_who_connect_again_the_older_sign_in_does_not_win_by_coming_late() {
    let house = House::with_anna().await;
    let later = |minutes| house.clock.now() + SignedDuration::from_mins(minutes);
    let (older, newer) = (signed_in("anna", "older", later(1)), signed_in("anna", "newer", later(2)));
    house.disconnect().await.unwrap();
    let mut older = pin!(house.connections.store_sign_in(TENURE, &older));
    for _ in 0..2 {
        assert!(poll_fn(|context| Poll::Ready(older.as_mut().poll(context))).await.is_pending());
    }
    house.connections.store_sign_in(TENURE, &newer).await.unwrap();
    let error = older.await.unwrap_err();
    assert!(matches!(error, StoreSignInError::NoSuccessor(ReplaceConnectionError::Older)), "{error:?}");
    assert_eq!(house.connected_by().await.as_deref(), Some("newer"));
}

#[tokio::test(start_paused = true)]
async fn what_is_read_late_is_not_written_over_in_the_place_of_what_came_after_it() {
    let house = House::with_anna().await;
    house.clock.advance(SignedDuration::from_secs(1));
    let older = signed_in("anna", "older", house.clock.now());
    house.disconnect().await.unwrap();
    house.sign_in("newer").await.unwrap();
    house.memory.fail_next(VaultOperation::Read, InjectedFault::StaleReplica);
    let refused = house.connections.store_sign_in(TENURE, &older).await.unwrap_err();
    assert!(matches!(refused, StoreSignInError::NoSuccessor(ReplaceConnectionError::Older)), "{refused}");
    assert_eq!(house.connected_by().await.as_deref(), Some("newer"));
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_from_before_a_disconnection_does_not_live_again() {
    let house = House::with_anna().await;
    house.clock.advance(SignedDuration::from_secs(1));
    let before = signed_in("anna", "before", house.clock.now());
    house.clock.advance(SignedDuration::from_secs(1));
    house.disconnect().await.unwrap();
    let refused = house.connections.store_sign_in(TENURE, &before).await.unwrap_err();
    assert!(matches!(refused, StoreSignInError::NoSuccessor(ReplaceConnectionError::Older)), "{refused}");
    assert_eq!(house.connected_by().await, None);
}

#[tokio::test(start_paused = true)]
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
    assert!(steps > 2, "there was something to give up");
}

#[tokio::test(start_paused = true)]
async fn whatever_fails_while_she_connects_again_no_former_connection_is_there() {
    for operation in OPERATIONS {
        for fault in FAULTS {
            let house = House::with_anna().await;
            house.disconnect().await.unwrap();
            house.memory.fail_next(operation, fault);
            let told = house.sign_in("second").await;
            let by = house.connected_by().await;
            assert!(by.is_none() || by.as_deref() == Some("second"), "{by:?} after {operation:?} {fault:?}");
            assert_eq!(told.is_ok(), by.is_some(), "{operation:?} {fault:?}: its own write is recognised");
        }
    }
}

#[tokio::test(start_paused = true)]
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
        if done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 2, "there was something to give up");
}

#[tokio::test(start_paused = true)]
async fn a_disconnection_is_reported_only_when_there_is_no_token_any_more() {
    for operation in OPERATIONS {
        for fault in FAULTS {
            let house = House::with_anna().await;
            house.memory.fail_next(operation, fault);
            let told = house.disconnect().await;
            let by = house.connected_by().await;
            assert!(told.is_err() || by.is_none(), "{operation:?} {fault:?}");
            let text = house.memory.stored(ROOT).unwrap().body.expose().to_owned();
            assert!(told.is_err() || !text.contains("first"), "the tokens are gone from the content");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_to_be_disconnected_by_what_a_replica_shows_late() {
    let house = House::with_anna().await;
    house.disconnect().await.unwrap();
    house.sign_in("second").await.unwrap();
    // What is read is the end of before.
    house.memory.fail_next(VaultOperation::Read, InjectedFault::StaleReplica);
    house.disconnect().await.unwrap();
    assert_eq!(house.connected_by().await, None);
    // The same of somebody whose entry is not seen yet.
    house.connections.store_sign_in(TENURE, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    house.memory.fail_next(VaultOperation::Read, InjectedFault::StaleReplica);
    house.connections.disconnect(None, (&house.customer, &"jan".parse().unwrap())).await.unwrap();
    let nobody = house.connections.disconnect(None, (&house.customer, &"ewa".parse().unwrap())).await;
    assert!(matches!(nobody, Err(VaultError::NotFound)), "{nobody:?}");
}

#[tokio::test(start_paused = true)]
async fn new_tokens_replace_the_very_token_that_was_redeemed_for_them() {
    let house = House::with_anna().await;
    house.clock.advance(SignedDuration::from_secs(1));
    let first = house.refreshed(house.held().await, "of the first");
    let second = house.refreshed(house.held().await, "of the second");
    assert_eq!(house.store(ConnectionWrite::Always, &first).await.unwrap(), StoredTokens::Stored);
    assert_eq!(house.store(ConnectionWrite::Always, &second).await.unwrap(), StoredTokens::Overtaken);
    assert_eq!(house.held().await.connection.refresh.expose(), "of the first");
    assert_eq!(house.store(ConnectionWrite::Always, &first).await.unwrap(), StoredTokens::Stored, "its own write");
    let late = house.refreshed(house.held().await, "late");
    let doubt = RefreshResult {
        outcome: Err((HealthEvent::Rejected(FindingKind::SignInExpired), house.clock.now())),
        ..house.refreshed(house.held().await, "no matter")
    };
    house.sign_in("second").await.unwrap();
    for result in [&late, &doubt] {
        assert_eq!(house.store(ConnectionWrite::Always, result).await.unwrap(), StoredTokens::Overtaken);
    }
    assert_eq!(house.connected_by().await.as_deref(), Some("second"));
    house.disconnect().await.unwrap();
    assert_eq!(house.store(ConnectionWrite::Always, &late).await.unwrap(), StoredTokens::Ended);
}

#[tokio::test]
async fn two_refusals_at_once_confirm_nothing_however_late_they_are_written() {
    let house = House::with_anna().await;
    let refused = house.clock.now();
    let doubt = RefreshResult {
        outcome: Err((HealthEvent::Rejected(FindingKind::SignInExpired), refused)),
        ..house.refreshed(house.held().await, "no matter")
    };
    for _ in 0..2 {
        assert_eq!(house.store(ConnectionWrite::Always, &doubt).await.unwrap(), StoredTokens::Stored);
        house.clock.advance(SignedDuration::from_mins(10));
        let health = house.held().await.connection.life;
        assert_eq!((health.standing, health.since), (HealthState::Suspect, refused));
    }
    let later =
        RefreshResult { outcome: Err((HealthEvent::Rejected(FindingKind::SignInExpired), house.clock.now())), ..doubt };
    assert_eq!(house.store(ConnectionWrite::Always, &later).await.unwrap(), StoredTokens::Stored);
    assert_eq!(house.held().await.connection.life.standing, HealthState::NeedsReauth);
}

#[tokio::test(start_paused = true)]
async fn a_routine_write_is_one_call_and_left_out_where_it_would_take_more() {
    let house = House::with_anna().await;
    let mut written = 1;
    for number in 0..60 {
        house.clock.advance(SignedDuration::from_secs(1));
        let held = house.connections.get(&house.customer, &house.user).await.unwrap();
        let result = house.refreshed(held, &format!("number {number}"));
        let calls = house.calls(VaultOperation::Read) + house.calls(VaultOperation::Put);
        match house.store(ConnectionWrite::Routine, &result).await {
            Ok(StoredTokens::Stored) => written += 1,
            Err(VaultError::Refused(_)) => assert_eq!(written, 48),
            other => panic!("{other:?}"),
        }
        assert!(house.calls(VaultOperation::Read) + house.calls(VaultOperation::Put) <= calls + 1);
    }
    assert_eq!(written, 48);
    assert_eq!(house.calls(VaultOperation::Tag), 0, "nothing is tagged for it");
    // What must always be written still is.
    let due = house.refreshed(house.held().await, "due");
    assert_eq!(house.store(ConnectionWrite::Due, &due).await.unwrap(), StoredTokens::Stored);
    house.disconnect().await.unwrap();
    // A conflict ends a routine write at once.
    house.sign_in("second").await.unwrap();
    house.clock.advance(SignedDuration::from_hours(25));
    let result = house.refreshed(house.held().await, "late");
    house.memory.fail_next(VaultOperation::Put, InjectedFault::Unavailable);
    let reads = house.calls(VaultOperation::Read);
    assert!(matches!(house.store(ConnectionWrite::Routine, &result).await, Err(VaultError::Unavailable(_))));
    assert_eq!(house.calls(VaultOperation::Read), reads);
}

#[tokio::test(start_paused = true)]
async fn what_counts_is_written_however_often_the_secret_was() {
    let house = House::with_anna().await;
    for number in 0..100 {
        house.sign_in(&format!("sign-in {number}")).await.unwrap();
    }
    let tokens = house.refreshed(house.held().await, "due");
    assert!(matches!(house.store(ConnectionWrite::Due, &tokens).await, Err(VaultError::Refused(_))));
    let (id, now) = (MeetingId::parse("one").unwrap(), house.clock.now());
    let cancellations = house.connections.cancellations();
    let cancellation = Cancellation::new(&id, None, None, now);
    cancellations.record(&house.customer, &house.user, &cancellation).await.unwrap();
    assert!(cancellations.get(&house.customer, &house.user).await.unwrap().contains(&id, now));
    house.disconnect().await.unwrap();
}

#[tokio::test]
async fn all_recruiters_of_a_node_are_disconnected_in_one_write() {
    let house = House::with_anna().await;
    house.connections.store_sign_in(TENURE, &signed_in("piotr", "his", house.clock.now())).await.unwrap();
    house.connections.disconnect(None, (&house.customer, &"piotr".parse().unwrap())).await.unwrap();
    house.connections.store_sign_in(TENURE, &signed_in("ewa", "hers", house.clock.now())).await.unwrap();
    let listed = house.vault.secret_index().page(None).await.unwrap().nodes;
    let before = house.calls(VaultOperation::Put);
    let done = house.connections.disconnect_node(&listed[0].node).await.unwrap();
    assert_eq!(
        (done, house.calls(VaultOperation::Put) - before),
        (DisconnectedNode { disconnected: 2, damaged: 0 }, 1)
    );
    for user in ["anna", "ewa", "piotr"] {
        let held = house.connections.get_now(&house.customer, &user.parse().unwrap()).await;
        assert!(matches!(held, Err(VaultError::Deleted)), "{user}");
    }
    let sign_in = house.returning("anna", "begun");
    house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(house.connections.disconnect_node(&listed[0].node).await.unwrap(), DisconnectedNode::default());
    let late = house.connections.store_return(TENURE, (&house.customer, &house.user), &sign_in).await.unwrap();
    assert_eq!(late, StoredReturn::Over, "it began before");
}
