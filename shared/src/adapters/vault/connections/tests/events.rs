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
    house.connections.replace_account(TENURE, &other).await.unwrap();
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
