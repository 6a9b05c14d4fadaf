use super::*;
use crate::domain::entra_app::AppInTenure;
use crate::domain::sign_in::{PendingSignIn, ReturnedSignIn, SignInPurpose};
use crate::types::secret::AuthorizationCode;

impl House {
    /// A sign-in of this name, from which a browser returns now.
    pub(super) fn returning(&self, user: &str, name: &str) -> ReturnedSignIn {
        let made = signed_in(user, name, self.clock.now());
        let app = AppInTenure { tenure: TENURE, tenant: made.tenant, client_id: made.client_id };
        let purpose = SignInPurpose::Connection(made.user);
        let begun =
            PendingSignIn::start(made.customer, purpose, app, (self.clock.now(), &Randomness::seeded(3))).unwrap();
        ReturnedSignIn {
            sign_in: PendingSignIn { id: name.to_owned(), ..begun },
            code: AuthorizationCode::from(format!("code of {name}")),
            handle: format!("handle of {name}"),
            until: self.clock.now() + SignedDuration::from_mins(10),
        }
    }

    pub(super) async fn returns(&self, user: &str, name: &str) -> StoredReturn {
        let returning = self.returning(user, name);
        let owner = (&self.customer, &user.parse().unwrap());
        self.connections.store_return(TENURE, owner, &returning).await.unwrap()
    }

    /// The name of the sign-in that waits, and its code.
    async fn waiting(&self, tenure: Timestamp, user: &str) -> Option<(String, String)> {
        let progress = self.connections.sign_in_progress(tenure, (&self.customer, &user.parse().unwrap())).await;
        let returned = progress.unwrap().returned?;
        Some((returned.sign_in.id, returned.code.expose().to_owned()))
    }

    async fn waits(&self, user: &str) -> Option<String> {
        self.waiting(TENURE, user).await.map(|(name, _)| name)
    }
}

pub(super) fn waits(name: &str) -> StoredReturn {
    StoredReturn::Waits(format!("handle of {name}"))
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_waits_beside_the_connection_for_ten_minutes() {
    let house = House::with_anna().await;
    assert_eq!(house.returns("anna", "second").await, waits("second"));
    assert_eq!(house.waiting(TENURE, "anna").await, Some(("second".to_owned(), "code of second".to_owned())));
    assert_eq!(house.connected_by().await.as_deref(), Some("first"));
    assert_eq!(
        house.held().await.connection.access.expose().len(),
        "access of first".len() + 1_400,
        "it lies there still"
    );
    // New tokens of the present connection leave it where it is.
    let refreshed = house.refreshed(house.held().await, "refreshed");
    house.store(ConnectionWrite::Always, &refreshed).await.unwrap();
    assert_eq!(house.waits("anna").await.as_deref(), Some("second"));
    let later = TENURE + SignedDuration::from_secs(1);
    assert_eq!(house.waiting(later, "anna").await, None, "it is of another tenure");
    house.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(house.waits("anna").await, None);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_returns_again_is_the_same_one_and_a_later_one_takes_its_place() {
    let house = House::with_anna().await;
    house.returns("anna", "second").await;
    let puts = house.calls(VaultOperation::Put);
    let again = ReturnedSignIn { handle: "another".to_owned(), ..house.returning("anna", "second") };
    let stored = house.connections.store_return(TENURE, (&house.customer, &house.user), &again).await.unwrap();
    assert_eq!((stored, house.calls(VaultOperation::Put)), (waits("second"), puts), "and nothing is written");
    assert_eq!(house.returns("anna", "third").await, waits("third"));
    assert_eq!(house.waits("anna").await.as_deref(), Some("third"));
    assert_eq!(house.returns("anna", "first").await, StoredReturn::Over);
}

#[tokio::test(start_paused = true)]
async fn a_completion_ends_its_own_sign_in_and_a_disconnection_any() {
    let house = House::with_anna().await;
    house.returns("anna", "second").await;
    house.sign_in("second").await.unwrap();
    assert_eq!(house.waits("anna").await, None);
    house.returns("anna", "third").await;
    house.sign_in("other").await.unwrap();
    assert_eq!(house.waits("anna").await.as_deref(), Some("third"), "it is another one");
    house.disconnect().await.unwrap();
    assert_eq!(house.waits("anna").await, None);
    house.returns("anna", "fourth").await;
    assert_eq!(house.connected_by().await, None, "who signs in is not connected yet");
    let owner = (&house.customer, &house.user);
    house.connections.drop_return(TENURE, owner, "another").await.unwrap();
    assert_eq!(house.waits("anna").await.as_deref(), Some("fourth"));
    house.connections.drop_return(TENURE, owner, "fourth").await.unwrap();
    assert_eq!(house.waits("anna").await, None);
}

#[tokio::test(start_paused = true)]
async fn who_has_not_connected_yet_is_nobody_and_is_forgotten_after_a_day() {
    let house = House::with_anna().await;
    let jan: UserId = "jan".parse().unwrap();
    house.returns("jan", "jans").await;
    assert_eq!(house.waits("jan").await.as_deref(), Some("jans"));
    for known in [
        house.connections.get_now(&house.customer, &jan).await.map(drop),
        house.connections.summary(&house.customer, &jan).await.map(drop),
        house.connections.disconnect(None, (&house.customer, &jan)).await,
    ] {
        assert!(matches!(known, Err(VaultError::NotFound)), "{known:?}");
    }
    assert_eq!(house.waits("jan").await, None, "the disconnection ended it");
    house.clock.advance(SignedDuration::from_hours(25));
    house.sign_in("second").await.unwrap();
    let content = house.content();
    let names: Vec<_> = content["entries"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["anna"]);
}

#[tokio::test(start_paused = true)]
async fn who_signs_in_again_and_again_takes_the_room_of_nobody_else() {
    let house = House::with_anna().await;
    for number in 0..20 {
        let name = format!("sign-in {number}");
        assert_eq!(house.returns("anna", &name).await, waits(&name));
    }
    let a_day = std::time::Duration::from_hours(24);
    assert_eq!(house.returns("anna", "one more").await, StoredReturn::TooOften(a_day));
    assert_eq!(house.waits("anna").await.as_deref(), Some("sign-in 19"));
    assert_eq!(house.returns("jan", "jans").await, waits("jans"));
    house.disconnect().await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(house.returns("anna", "next day").await, waits("next day"));
}

#[tokio::test(start_paused = true)]
async fn sign_ins_that_the_ats_completed_take_the_room_of_nobody_else_either() {
    let house = House::with_anna().await;
    for number in 0..20 {
        let name = format!("sign-in {number}");
        assert_eq!(house.returns("anna", &name).await, waits(&name));
        house.sign_in(&name).await.unwrap();
    }
    assert!(matches!(house.returns("anna", "one more").await, StoredReturn::TooOften(_)));
    assert_eq!(house.returns("jan", "jans").await, waits("jans"));
}

#[tokio::test(start_paused = true)]
async fn whoever_is_disconnected_while_a_first_sign_in_is_completed_stays_so() {
    let house = House::with_anna().await;
    let jan: UserId = "jan".parse().unwrap();
    house.returns("jan", "jans").await;
    let made = signed_in("jan", "jans", house.clock.now());
    house.clock.advance(SignedDuration::from_secs(1));
    assert!(matches!(house.connections.disconnect(None, (&house.customer, &jan)).await, Err(VaultError::NotFound)));
    let late = house.connections.store_sign_in(TENURE, &made).await;
    assert!(matches!(late, Err(StoreSignInError::NoSuccessor(ReplaceConnectionError::Older))), "{late:?}");
    let later = signed_in("jan", "jans again", house.clock.now());
    house.connections.store_sign_in(TENURE, &later).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn links_that_were_withdrawn_begin_no_sign_in_and_end_the_one_that_waits() {
    let house = House::with_anna().await;
    let owner = (&house.customer, &house.user);
    let withdrawn_at = async || house.connections.links_withdrawn_at(owner.0, owner.1).await.unwrap();
    assert_eq!(withdrawn_at().await, None);
    let begun = house.returning("anna", "second");
    house.returns("anna", "first of the link").await;
    house.clock.advance(SignedDuration::from_secs(1));
    house.connections.withdraw_links(TENURE, owner).await.unwrap();
    assert_eq!((withdrawn_at().await, house.waits("anna").await), (Some(house.clock.now()), None));
    assert_eq!(house.connected_by().await.as_deref(), Some("first"), "the connection stays");
    let late = house.connections.store_return(TENURE, owner, &begun).await.unwrap();
    assert_eq!(late, StoredReturn::Over);
    assert_eq!(house.returns("anna", "third").await, waits("third"), "it began at that very moment");
    house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(house.returns("anna", "fourth").await, waits("fourth"));
}

#[tokio::test(start_paused = true)]
async fn what_began_before_the_present_connection_was_made_is_over() {
    let house = House::with_anna().await;
    let begun = house.returning("anna", "before");
    house.sign_in("second").await.unwrap();
    let late = house.connections.store_return(TENURE, (&house.customer, &house.user), &begun).await.unwrap();
    assert_eq!(late, StoredReturn::Over);
    house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(house.returns("anna", "after").await, waits("after"));
    // From its end on it is another one, with another handle.
    house.clock.advance(SignedDuration::from_mins(10));
    let again = ReturnedSignIn { handle: "another".to_owned(), ..house.returning("anna", "after") };
    let stored = house.connections.store_return(TENURE, (&house.customer, &house.user), &again).await.unwrap();
    assert_eq!(stored, StoredReturn::Waits("another".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_is_stored_again_is_written_once_and_one_of_the_moment_of_an_end_counts() {
    let house = House::with_anna().await;
    let puts = house.calls(VaultOperation::Put);
    house.connections.store_sign_in(TENURE, &signed_in("anna", "first", house.clock.now())).await.unwrap();
    assert_eq!(house.calls(VaultOperation::Put), puts);
    house.disconnect().await.unwrap();
    house.connections.store_sign_in(TENURE, &signed_in("anna", "second", house.clock.now())).await.unwrap();
    assert_eq!(house.connected_by().await.as_deref(), Some("second"));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_is_ended_with_the_node_and_what_nobody_can_read_is_counted() {
    let house = House::with_anna().await;
    for user in ["jan", "ewa"] {
        house.returns(user, user).await;
    }
    let mut content = house.content();
    content["entries"]["ewa"]["pending"] = 5.into();
    content["entries"]["not an id"] = 5.into();
    content["entries"]["piotr"] = 5.into();
    house.replace(&content).await;
    house.clock.advance(SignedDuration::from_mins(1));
    let listed = house.vault.secret_index().page(None).await.unwrap().nodes;
    let done = house.connections.disconnect_node(&listed[0].node).await.unwrap();
    assert_eq!(done, DisconnectedNode { disconnected: 1, damaged: 3 });
    assert_eq!(house.waits("jan").await, None);
    let after = house.content();
    for user in ["ewa", "not an id", "piotr"] {
        assert_eq!(after["entries"][user], content["entries"][user], "it is as it was");
    }
}
