use super::*;
use crate::domain::event::{Event, EventKind};

impl House {
    /// What was told since this was asked last.
    fn told(&self) -> Vec<EventKind> {
        self.events.take().into_iter().map(|event| event.kind).collect()
    }

    /// Keeps that Entra refused the present token, ten minutes later.
    async fn refused(&self) {
        self.clock.advance(SignedDuration::from_mins(10));
        let refused = RefreshResult {
            outcome: Err((HealthEvent::Rejected(FindingKind::SignInExpired), self.clock.now())),
            ..self.refreshed(self.held().await, "no matter")
        };
        self.store(ConnectionWrite::Always, &refused).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_told_of_when_it_begins_is_lost_comes_back_and_ends() {
    let house = House::with_anna().await;
    assert_eq!(house.told(), [EventKind::ConnectionMade]);
    house.sign_in("second").await.unwrap();
    assert_eq!(house.told(), [EventKind::ConnectionMade], "nothing was lost");
    house.refused().await;
    assert_eq!((house.told(), house.held().await.lasting_event()), (vec![], None), "a doubt is not told");
    house.refused().await;
    let [lost] = house.events.take().try_into().unwrap();
    assert_eq!(lost.kind, EventKind::ConnectionNeedsSignIn);
    assert_eq!(house.held().await.lasting_event(), Some(lost.clone()));
    assert!(house.connections.holds_event(&house.user, &lost).await.unwrap());
    house.refused().await;
    assert_eq!(house.told(), []);
    let refreshed = house.refreshed(house.held().await, "refreshed");
    house.store(ConnectionWrite::Always, &refreshed).await.unwrap();
    assert_eq!(house.told(), [EventKind::ConnectionRecovered]);
    for _ in 0..2 {
        house.refused().await;
    }
    house.events.take();
    house.sign_in("third").await.unwrap();
    assert_eq!(house.told(), [EventKind::ConnectionRecovered]);
    house.disconnect().await.unwrap();
    assert_eq!(house.told(), [EventKind::ConnectionEnded]);
}

#[tokio::test(start_paused = true)]
async fn another_account_in_the_place_of_a_lost_one_is_a_new_connection() {
    let house = House::with_anna().await;
    for _ in 0..2 {
        house.refused().await;
    }
    house.events.take();
    house.clock.advance(SignedDuration::from_secs(1));
    let mut other = signed_in("anna", "other", house.clock.now());
    other.account.oid = "21111111-2222-4333-8444-555555555555".parse().unwrap();
    let made = (&other, other.connected_at);
    house.connections.complete_sign_in(TENURE, made, true).await.unwrap();
    assert_eq!(house.told(), [EventKind::ConnectionMade]);
    assert_eq!(house.connected_by().await.as_deref(), Some("other"));
}

#[tokio::test(start_paused = true)]
async fn an_event_is_held_by_the_entry_of_its_recruiter_in_its_tenure() {
    let house = House::with_anna().await;
    let [made] = house.events.take().try_into().unwrap();
    let jan: UserId = "jan".parse().unwrap();
    let later = made.tenure + SignedDuration::from_secs(1);
    for (user, event, held) in [
        (&house.user, made.clone(), true),
        (&jan, made.clone(), false),
        (&house.user, Event { tenure: later, ..made.clone() }, false),
        (&house.user, Event { customer: "other".parse().unwrap(), ..made.clone() }, false),
    ] {
        assert_eq!(house.connections.holds_event(user, &event).await.unwrap(), held, "{user} {event:?}");
    }
    house.sign_in("second").await.unwrap();
    let [second] = house.events.take().try_into().unwrap();
    assert!(house.connections.holds_event(&house.user, &second).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn whoever_signed_in_through_another_process_waits_for_no_cache() {
    let house = House::with_anna().await;
    house.refused().await;
    let elsewhere = house.vault.connections();
    let seen = async || elsewhere.get(&house.customer, &house.user).await.unwrap().connection.sign_in;
    assert_eq!(seen().await, "first");
    house.sign_in("second").await.unwrap();
    assert_eq!(seen().await, "second");
}

#[tokio::test(start_paused = true)]
async fn recruiters_are_found_one_by_one_of_a_node_and_of_a_customer() {
    let house = House::with_anna().await;
    let jan = "jan".parse().unwrap();
    house.connections.store_sign_in(TENURE, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    house.connections.disconnect(None, (&house.customer, &jan)).await.unwrap();
    let found = house.connections.find(&house.customer, &house.user).await.unwrap().map(|held| held.connection.sign_in);
    assert_eq!(found.as_deref(), Some("first"));
    assert!(house.connections.find(&house.customer, &jan).await.unwrap().is_none());
    let listed = house.connections.list(&house.customer, false).await.unwrap();
    let listed: Vec<_> =
        listed.iter().map(|one| (one.user.as_str(), one.summary.state, one.account.is_some())).collect();
    assert_eq!(listed, [("anna", ConnectionState::Active, true), ("jan", ConnectionState::Disconnected, false)]);
    assert!(house.connections.list(&"other".parse().unwrap(), false).await.unwrap().is_empty());
    let node = house.vault.secret_index().page(None).await.unwrap().nodes.remove(0).node;
    let connected: Vec<_> =
        house.connections.of_node(&node).await.unwrap().into_iter().map(|held| held.connection.sign_in).collect();
    assert_eq!(connected, ["first"]);
    assert!(house.connections.is_reached(&node, true).await.unwrap());
    assert!(!house.connections.is_reached(&node, false).await.unwrap(), "nothing was handed over");
}
