//! Days on which a customer's secrets are written so often that their versions would come to an end.

use super::*;
use crate::adapters::vault::connections::tests::returned::waits;

/// Secrets Manager keeps about so many versions, and purges none of the last day.
const MAX_VERSIONS: usize = 100;

impl House {
    /// The secrets that hold connections, and how many versions each has.
    async fn versions(&self) -> Vec<usize> {
        let nodes = self.vault.secret_index().page(None).await.unwrap().nodes;
        nodes.iter().map(|listed| self.memory.stored(listed.node.name.as_str()).unwrap().versions).collect()
    }

    async fn completes(&self, user: &str, name: &str) {
        self.connections.store_sign_in(TENURE, &signed_in(user, name, self.clock.now())).await.unwrap();
    }

    async fn is_connected(&self, user: &str) -> bool {
        self.connections.get_now(&self.customer, &user.parse().unwrap()).await.is_ok()
    }
}

#[tokio::test(start_paused = true)]
async fn two_hundred_recruiters_of_one_customer_sign_in_within_a_day_and_none_is_refused() {
    for at_once in [1, 20] {
        let house = House::with_anna().await;
        let users: Vec<_> = (0..200).map(|number| format!("u{number}")).collect();
        for group in users.chunks(at_once) {
            for user in group {
                assert_eq!(house.returns(user, user).await, waits(user), "of {user}, {at_once} at once");
            }
            house.clock.advance(SignedDuration::from_mins(2));
            for user in group {
                house.completes(user, user).await;
            }
        }
        for user in &users {
            assert!(house.is_connected(user).await, "{user}");
        }
        let versions = house.versions().await;
        assert!(versions.iter().all(|versions| *versions <= MAX_VERSIONS), "{versions:?}");
        assert!(versions.len() <= 40, "{versions:?}");
        house.clock.advance(SignedDuration::from_hours(25));
        let index = house.vault.secret_index();
        let nodes = index.page(None).await.unwrap().nodes;
        for listed in &nodes {
            assert!(house.connections.is_reached(&listed.node, true).await.unwrap(), "{:?}", listed.node);
        }
        assert_eq!(nodes.iter().filter(|listed| listed.is_root()).count(), 1);
        let connected: u32 = nodes.iter().map(|listed| listed.summary.counts.active).sum();
        assert_eq!(connected, 201, "each is counted once");
        let mut disconnected = 0;
        for listed in &nodes {
            disconnected += house.connections.disconnect_node(&listed.node).await.unwrap().disconnected;
        }
        assert_eq!(disconnected, 201, "and each is found again");
    }
}

#[tokio::test(start_paused = true)]
async fn who_holds_one_link_makes_no_secrets_however_often_he_returns() {
    let house = House::with_anna().await;
    for number in 0..20 {
        house.completes(&format!("u{number}"), "one").await;
    }
    let (secrets, mut waiting) = (house.versions().await.len(), 0);
    for number in 0..200 {
        waiting += usize::from(matches!(house.returns("u0", &format!("{number}")).await, StoredReturn::Waits(_)));
        house.clock.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(waiting, 20);
    assert_eq!(house.versions().await.len(), secrets);
}

#[tokio::test(start_paused = true)]
async fn what_must_be_written_finds_room_in_a_secret_that_many_share_however_often_it_was_written() {
    let house = House::with_anna().await;
    for number in 0..20 {
        house.completes(&format!("u{number}"), "one").await;
    }
    for round in 0..3 {
        for number in 0..20 {
            let user = format!("u{number}");
            house.connections.disconnect(None, (&house.customer, &user.parse().unwrap())).await.unwrap();
            assert!(!house.is_connected(&user).await);
            house.clock.advance(SignedDuration::from_secs(1));
            house.completes(&user, &format!("round {round}")).await;
        }
    }
    for number in 0..20 {
        assert!(house.is_connected(&format!("u{number}")).await);
    }
    let versions = house.versions().await;
    assert!(versions.iter().all(|versions| *versions <= MAX_VERSIONS), "{versions:?}");
    // A few are left in each secret, and further secrets are no help to them.
    for round in 0..40 {
        for number in 0..20 {
            house.clock.advance(SignedDuration::from_secs(1));
            house.completes(&format!("u{number}"), &format!("day {round}")).await;
        }
    }
    assert!(house.versions().await.len() <= 13, "{:?}", house.versions().await);
}

#[tokio::test(start_paused = true)]
async fn a_worn_secret_that_is_given_up_anywhere_while_it_is_left_loses_nobody() {
    let worn = async || {
        let house = House::with_anna().await;
        for number in 0..9 {
            house.completes(&format!("u{number}"), "one").await;
        }
        for number in 0..80 {
            house.sign_in(&format!("sign-in {number}")).await.unwrap();
            if house.versions().await == [80] {
                break;
            }
        }
        house
    };
    let (mut steps, mut left_behind) = (0, 0);
    loop {
        let house = worn().await;
        let done = given_up_after(steps, house.returns("jan", "jans")).await;
        for user in (0..9).map(|number| format!("u{number}")).chain(["anna".to_owned()]) {
            assert!(house.is_connected(&user).await, "{user} after {steps} steps");
        }
        assert_eq!(house.returns("jan", "jans").await, waits("jans"), "after {steps} steps");
        for listed in house.vault.secret_index().page(None).await.unwrap().nodes {
            let reached = house.connections.is_reached(&listed.node, true).await.unwrap();
            left_behind += usize::from(!reached);
            assert!(reached || listed.summary.is_unreached, "what may be an orphan says so");
        }
        if done {
            assert_eq!(house.versions().await.len(), 3, "the worn one, and one for each half");
            break;
        }
        steps += 1;
    }
    assert!(left_behind > 0, "some was given up before the worn secret named the new ones");
}
