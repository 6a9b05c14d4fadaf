//! What an offboarding that is taken back leaves of before.

use super::*;
use crate::adapters::vault::apps::CheckRecord;
use crate::domain::entra_app::{ContactChange, Credential, EntraApp};
use crate::domain::event::EventKind;
use crate::domain::meeting::{HandOver, JoinUrl, MeetingDigest};

const RECRUITERS: usize = 40;

/// So many recruiters that their connections lie in several secrets. A sign-in of Anna's waits, and she handed over.
async fn customer_who_left() -> House {
    let house = House::with_anna().await;
    for number in 0..RECRUITERS {
        let made = signed_in(&format!("u{number}"), "one", house.clock.now());
        house.connections.store_sign_in(TENURE, &made).await.unwrap();
    }
    house.returns("anna", "second").await;
    let hand_over = HandOver {
        from: MeetingDigest::from(&meeting()),
        to: "u1".parse().unwrap(),
        id: MeetingId::parse("new").unwrap(),
        join_url: JoinUrl::parse("https://teams.microsoft.com/new").unwrap(),
        until: HandOver::retention_end(house.clock.now()),
    };
    house.vault.hand_overs().record(&house.customer, &house.user, hand_over, house.clock.now()).await.unwrap();
    let made = signed_in("anna", "first", house.clock.now());
    let credential = Credential::Secret("abC8Q~x".to_owned().into());
    let app = EntraApp { tenant: made.tenant, client_id: made.client_id, credential, expires_on: None };
    let (apps, checked) = (house.vault.app_writer(), CheckRecord::from_findings(true, &[]));
    apps.store_by_link(&house.customer, &app, (&checked, Some("digest of a link"), &ContactChange::Keep), None)
        .await
        .unwrap();
    apps.offboard(&house.customer).await.unwrap();
    house.clock.advance(SignedDuration::from_secs(1));
    house.events.take();
    house
}

fn meeting() -> MeetingId {
    MeetingId::parse("former").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_restoring_that_is_given_up_anywhere_and_repeated_loses_nothing_but_what_was_under_way() {
    let next = TENURE + SignedDuration::from_millis(1);
    let mut steps = 0;
    loop {
        let house = customer_who_left().await;
        let (restorer, apps) = (house.vault.customer_restorer(), house.vault.app_reader());
        let done = given_up_after(steps, restorer.restore(&house.customer)).await;
        assert!(done || matches!(apps.summary(&house.customer).await, Err(VaultError::Deleted)), "{steps}");
        restorer.restore(&house.customer).await.unwrap();

        let app = apps.summary(&house.customer).await.unwrap();
        assert_eq!((app.tenure, app.intake_link), (next, None));
        let told = house.events.take();
        let last = told.last().unwrap();
        assert_eq!((last.kind, last.tenure), (EventKind::CustomerConfigured, next));
        assert!(apps.holds_event(last).await.unwrap());

        let nodes = house.vault.secret_index().page(None).await.unwrap().nodes;
        assert!(nodes.len() > 2 && nodes.iter().all(|node| node.summary.tenure == next), "{steps}: {nodes:?}");
        for user in (0..RECRUITERS).map(|number| format!("u{number}")).chain(["anna".to_owned()]) {
            let held = house.connections.get_now(&house.customer, &user.parse().unwrap()).await.unwrap();
            assert_eq!(held.tenure, next, "{steps}: {user}");
        }
        let owner = (&house.customer, &house.user);
        for tenure in [TENURE, next] {
            assert!(house.connections.sign_in_progress(tenure, owner).await.unwrap().returned.is_none(), "{steps}");
        }
        let led = house.vault.hand_overs().find(&house.customer, &house.user, &meeting()).await.unwrap();
        assert_eq!(led.unwrap().to.as_str(), "u1");
        // The next write goes on with what is there.
        house.connections.store_sign_in(next, &signed_in("u1", "later", house.clock.now())).await.unwrap();
        house.connections.get_now(&house.customer, &house.user).await.unwrap();
        if done {
            break;
        }
        steps += 1;
    }
    assert!(steps > 10, "it was given up at every call of the vault: {steps}");
}
