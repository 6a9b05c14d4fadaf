//! How connections lie in nodes: caching, splits, tenures, and what a node holds.

use std::io;
use std::sync::Mutex;

use tracing::instrument::WithSubscriber;

use super::*;
use crate::adapters::vault::model::VersionId;
use crate::adapters::vault::secret_review::SecretFault;

#[tokio::test(start_paused = true)]
async fn one_read_serves_all_recruiters_of_a_secret_for_a_minute() {
    let house = House::with_anna().await;
    house.connections.store_sign_in(TENURE, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    let reads = house.calls(VaultOperation::Read);
    for user in ["anna", "jan", "anna"] {
        house.connections.get(&house.customer, &user.parse().unwrap()).await.unwrap();
    }
    assert_eq!(house.calls(VaultOperation::Read), reads + 1);
    // Whoever is not there may have signed in since.
    assert!(house.connections.get(&house.customer, &"ewa".parse().unwrap()).await.is_err());
    assert_eq!(house.calls(VaultOperation::Read), reads + 2);
    house.clock.advance(SignedDuration::from_secs(60));
    house.connections.get(&house.customer, &house.user).await.unwrap();
    assert_eq!(house.calls(VaultOperation::Read), reads + 3);
}

#[tokio::test(start_paused = true)]
async fn a_customer_of_two_hundred_recruiters_is_split_and_everybody_is_found() {
    let house = House::with_anna().await;
    for number in 0..200 {
        let made = signed_in(&format!("u{number}"), &format!("of {number}"), house.clock.now());
        house.connections.store_sign_in(TENURE, &made).await.unwrap();
    }
    let index = house.vault.secret_index();
    let nodes = index.page(None).await.unwrap().nodes;
    assert!((6..=14).contains(&nodes.len()), "{}", nodes.len());
    let mut all = 0;
    for listed in &nodes {
        let held = house.connections.of_node(&listed.node).await.unwrap();
        assert!((1..=32).contains(&held.len()), "{}", held.len());
        assert!(house.memory.stored(listed.node.name.as_str()).unwrap().body.expose().len() <= 62 * 1_024);
        all += held.len();
    }
    assert_eq!(all, 201, "each lies in one place");
    for number in 0..200 {
        let held = house.connections.get(&house.customer, &format!("u{number}").parse().unwrap()).await.unwrap();
        assert_eq!(held.connection.sign_in, format!("of {number}"));
    }
    assert!(house.connections.get(&house.customer, &"nobody".parse().unwrap()).await.is_err());
    let reads = house.calls(VaultOperation::Read);
    let users = house.connections.list(&house.customer, false).await.unwrap();
    let users: std::collections::BTreeSet<_> = users.into_iter().map(|listed| listed.user).collect();
    assert_eq!((users.len(), house.calls(VaultOperation::Read)), (201, reads + nodes.len()), "one read of each secret");
    house.connections.list(&house.customer, true).await.unwrap();
    assert_eq!(house.calls(VaultOperation::Read), reads + nodes.len(), "what was just read serves again");
}

#[tokio::test(start_paused = true)]
async fn a_split_that_is_given_up_anywhere_loses_nobody_and_what_it_leaves_is_found_out() {
    let grown = async |number: usize| {
        let house = House::with_anna().await;
        for number in 0..number {
            let made = signed_in(&format!("u{number}"), "one", house.clock.now());
            house.connections.store_sign_in(TENURE, &made).await.unwrap();
        }
        let nodes = house.vault.secret_index().page(None).await.unwrap().nodes.len();
        (house, nodes)
    };
    let mut number = 20;
    while grown(number + 1).await.1 == 1 {
        number += 1;
    }
    let (mut steps, mut left_behind) = (0, 0);
    loop {
        let (house, _) = grown(number).await;
        let last = signed_in("last", "one", house.clock.now());
        let last = house.connections.store_sign_in(TENURE, &last);
        let done = given_up_after(steps, last).await;
        for user in (0..number).map(|number| format!("u{number}")).chain(["anna".to_owned()]) {
            house.connections.get_now(&house.customer, &user.parse().unwrap()).await.unwrap();
        }
        for listed in house.vault.secret_index().page(None).await.unwrap().nodes {
            let reached = house.connections.is_reached(&listed.node, true).await.unwrap();
            left_behind += usize::from(!reached);
            assert!(reached || listed.summary.is_unreached, "what may be an orphan says so");
        }
        if done {
            break;
        }
        steps += 1;
    }
    assert!(left_behind > 0, "some split was given up between its two writes");
}

#[tokio::test(start_paused = true)]
async fn a_node_that_is_named_and_not_seen_yet_is_no_absent_recruiter() {
    let house = House::with_anna().await;
    for number in 0..40 {
        let made = signed_in(&format!("u{number}"), "one", house.clock.now());
        house.connections.store_sign_in(TENURE, &made).await.unwrap();
    }
    let child = house.vault.secret_index().page(None).await.unwrap().nodes.into_iter().find(|node| !node.is_root());
    house.memory.delete(&child.unwrap().node.arn).await.unwrap();
    let mut unavailable = 0;
    for number in 0..40 {
        match house.connections.get_now(&house.customer, &format!("u{number}").parse().unwrap()).await {
            Ok(_) => {}
            Err(VaultError::Unavailable(_)) => unavailable += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(unavailable > 0);
    assert!(house.vault.secret_index().restore(&house.customer, TENURE).await.unwrap());
    for number in 0..40 {
        house.connections.get_now(&house.customer, &format!("u{number}").parse().unwrap()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_former_life_of_the_customer_left_counts_for_nothing_in_the_next() {
    let house = House::with_anna().await;
    let (held, next) = (house.held().await, TENURE + SignedDuration::from_hours(1));
    let result = house.refreshed(held, "of the former life");
    let node = house.vault.secret_index().page(None).await.unwrap().nodes.remove(0);
    house.vault.secret_index().delete(&node.node).await.unwrap();
    assert!(matches!(house.connections.get_now(&house.customer, &house.user).await, Err(VaultError::NotFound)));
    house.clock.advance(SignedDuration::from_hours(2));
    house.connections.store_sign_in(next, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    let anna = house.connections.get_now(&house.customer, &house.user).await;
    assert!(matches!(anna, Err(VaultError::NotFound)), "{anna:?}");
    // A writer of the former life comes late.
    let late = house.store(ConnectionWrite::Always, &result).await;
    assert!(matches!(late, Err(VaultError::Stale)), "{late:?}");
    let late = house.connections.store_sign_in(TENURE, &signed_in("anna", "late", house.clock.now())).await;
    assert!(matches!(late, Err(StoreSignInError::Vault(VaultError::Stale))), "{late:?}");
    let nodes = house.vault.secret_index().page(None).await.unwrap().nodes;
    assert_eq!((nodes.len(), nodes[0].summary.tenure), (1, next));
}

#[tokio::test(start_paused = true)]
async fn what_is_of_another_recruiter_customer_or_kind_is_not_taken_for_hers() {
    let house = House::with_anna().await;
    house.connections.store_sign_in(TENURE, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    let content = house.content();
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut content = content.clone();
        change(&mut content);
        content
    };
    for other in [
        changed(&|content| content["customer"] = "praca".into()),
        changed(&|content| content["kind"] = "hand-overs".into()),
        changed(&|content| content["from"] = "8000000000000000".into()),
        changed(&|content| content["entries"]["anna"] = content["entries"]["jan"].clone()),
        changed(&|content| content["entries"]["anna"]["customer"] = "praca".into()),
        changed(&|content| content["entries"]["anna"]["oid"] = "nobody".into()),
    ] {
        house.replace(&other).await;
        let read = house.connections.get_now(&house.customer, &house.user).await;
        assert!(matches!(read, Err(VaultError::Corrupt { .. })), "{read:?}");
        let error = read.unwrap_err().to_string();
        assert!(!error.contains("xxx"), "no token is told: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_later_version_wrote_is_carried_along() {
    let house = House::with_anna().await;
    let mut content = house.content();
    content["later"] = serde_json::json!({ "deep": [1, 2.50, "x"] });
    content["entries"]["anna"]["cancelled"] = serde_json::json!([{ "key": "k", "until": "z" }]);
    house.replace(&content).await;
    house.connections.store_sign_in(TENURE, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    house.sign_in("second").await.unwrap();
    house.disconnect().await.unwrap();
    let after = house.content();
    assert_eq!(after["later"], content["later"]);
    assert_eq!(after["entries"]["anna"]["cancelled"], content["entries"]["anna"]["cancelled"]);
    assert_ne!(after["write"], content["write"], "no two versions are equal");
}

#[tokio::test(start_paused = true)]
async fn an_access_token_that_has_ended_is_left_out_of_every_write_and_one_that_counts_is_kept() {
    let house = House::with_anna().await;
    house.clock.advance(SignedDuration::from_mins(30));
    house.connections.store_sign_in(TENURE, &signed_in("jan", "jans", house.clock.now())).await.unwrap();
    assert!(house.held().await.connection.has_valid_access_token(house.clock.now()));
    house.clock.advance(SignedDuration::from_mins(31));
    house.connections.store_sign_in(TENURE, &signed_in("ewa", "ewas", house.clock.now())).await.unwrap();
    let access = house.content()["access"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(access, ["ewa", "jan"]);
    assert!(!house.held().await.connection.has_valid_access_token(house.clock.now()));
}

#[tokio::test(start_paused = true)]
async fn an_ended_connection_is_told_for_thirty_days() {
    let house = House::with_anna().await;
    house.disconnect().await.unwrap();
    for (days, is_told) in [(29, true), (30, false)] {
        house.clock.advance(TENURE + SignedDuration::from_hours(24 * days) - house.clock.now());
        house
            .connections
            .store_sign_in(TENURE, &signed_in("jan", &format!("{days}"), house.clock.now()))
            .await
            .unwrap();
        assert_eq!(house.connections.summary(&house.customer, &house.user).await.is_ok(), is_told, "{days}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_label_that_was_moved_back_by_hand_stops_writes_says_so_and_is_mended_by_writing_the_content_again() {
    let house = House::with_anna().await;
    house.sign_in("second").await.unwrap();
    house.memory.move_current_back(ROOT);
    house.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(house.connected_by().await.as_deref(), Some("first"), "what was there before is read");
    let log = Log::default();
    let told = house.disconnect().with_subscriber(log.subscriber()).await;
    assert!(matches!(told, Err(VaultError::Stale)), "{told:?}");
    assert!(log.text().contains("was AWSCURRENT moved back by hand?") && log.text().contains(ROOT), "{}", log.text());
    let review = house.vault.secret_review().page(None).await.unwrap();
    assert_eq!(review.faults, [(ROOT.parse().unwrap(), SecretFault::LabelMovedBack)]);

    let damaged = house.memory.stored(ROOT).unwrap();
    let by_hand = VersionId::random(&Randomness::seeded(7)).unwrap();
    house.memory.put(&damaged.arn, &by_hand, damaged.body).await.unwrap();
    house.clock.advance(SignedDuration::from_secs(60));
    house.disconnect().await.unwrap();
    assert_eq!(house.connected_by().await, None);
    assert!(house.vault.secret_review().page(None).await.unwrap().faults.is_empty());
}

/// What is logged within it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn subscriber(&self) -> impl tracing::Subscriber + Send + Sync + use<> {
        let writer = self.clone();
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish()
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
