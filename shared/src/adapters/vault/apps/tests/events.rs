use super::*;
use crate::adapters::vault::model::Arn;
use crate::domain::entra_app::IntakeProgress;
use crate::domain::event::{Event, EventKind};

impl House {
    /// What was told since this was asked last.
    fn told(&self) -> Vec<EventKind> {
        self.events.take().into_iter().map(|event| event.kind).collect()
    }

    async fn holds(&self, event: &Event) -> bool {
        self.reader.holds_event(event).await.unwrap()
    }

    /// Notes what a check of this app found, a minute later.
    async fn check(&self, checked: &StoredApp, found: &[Finding]) {
        self.clock.advance(SignedDuration::from_mins(1));
        let record = CheckRecord::from_findings(found.is_empty(), found);
        self.notes.record_check(&self.customer, (&checked.arn, &checked.version), &record).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_is_held_until_another_of_the_same_thing_is() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    let first = house.events.take();
    house.keep((TENANT, APP), "second", &[]).await;
    let second = house.events.take();
    assert_eq!([&first, &second].map(Vec::len), [1, 1]);
    assert_eq!(
        [&first, &second].map(|told| told[0].kind),
        [EventKind::CustomerConfigured, EventKind::CredentialRenewed]
    );
    assert_eq!((house.holds(&first[0]).await, house.holds(&second[0]).await), (false, true));
    house.keep((TENANT, OTHER_APP), "other", &[]).await;
    assert_eq!(house.told(), [EventKind::CustomerConfigured]);
    let nobodys = Event { customer: "other".parse().unwrap(), ..second[0].clone() };
    assert!(!house.holds(&nobodys).await);
}

#[tokio::test]
async fn a_fault_is_told_when_it_begins_and_when_it_is_over_and_of_what_is_there_only() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    let former = house.reader.read(&house.customer).await.unwrap();
    house.keep((TENANT, APP), "second", &[]).await;
    let present = house.reader.read(&house.customer).await.unwrap();
    house.events.take();

    let expired = [finding(FindingKind::SecretExpired)];
    house.check(&former, &expired).await;
    assert_eq!((house.told(), house.card().await.blocked_at), (vec![], None), "other credentials are there");
    let elsewhere = (&Arn("elsewhere".to_owned()), &present.version);
    let record = CheckRecord::from_findings(false, &expired);
    assert!(house.notes.record_check(&house.customer, elsewhere, &record).await.is_err());
    assert_eq!(house.told(), []);
    house.check(&present, &[]).await;
    assert_eq!(house.told(), [], "nothing was wrong");

    house.check(&present, &expired).await;
    let began = house.clock.now();
    let [blocked] = house.events.take().try_into().unwrap();
    assert_eq!((blocked.kind, blocked.finding_kind()), (EventKind::CustomerBlocked, Some(FindingKind::SecretExpired)));
    house.check(&present, &expired).await;
    assert_eq!(house.events.take(), [blocked], "it is the same fault");
    assert_eq!(house.card().await.blocked_at, Some(began));
    house.check(&present, &[]).await;
    assert_eq!((house.told(), house.card().await.blocked_at), (vec![EventKind::CustomerRecovered], None));
    house.check(&present, &[]).await;
    assert_eq!(house.told(), []);

    house.check(&present, &expired).await;
    house.events.take();
    house.keep((TENANT, OTHER_APP), "other", &expired).await;
    let [_, of_the_other] = house.events.take().try_into().unwrap();
    assert_eq!((of_the_other.kind, of_the_other.at), (EventKind::CustomerBlocked, house.clock.now()), "it began anew");
    house.keep((TENANT, OTHER_APP), "renewed", &expired).await;
    let [_, again] = house.events.take().try_into().unwrap();
    assert_eq!(again, of_the_other);
    house.writer.offboard(&house.customer).await.unwrap();
    house.events.take();
    let present = house.reader.read(&house.customer).await;
    assert!(matches!(present, Err(VaultError::Deleted)), "{present:?}");
}

#[tokio::test]
async fn an_offboarding_is_told_once_and_held_from_then_on() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    house.events.take();
    let tenure = house.card().await.tenure;
    let offboarded =
        |tenure| Event::of_customer(EventKind::CustomerOffboarded, &house.customer, tenure, house.clock.now());
    assert!(!house.holds(&offboarded(tenure)).await);
    house.writer.offboard(&house.customer).await.unwrap();
    let [told] = house.events.take().try_into().unwrap();
    assert_eq!(told, offboarded(tenure));
    assert!(house.holds(&told).await);
    let later = tenure + SignedDuration::from_hours(1);
    assert!(!house.holds(&offboarded(later)).await, "it is of a tenure that is to come");
    house.writer.offboard(&house.customer).await.unwrap();
    assert_eq!(house.told(), []);
    house.keep((TENANT, APP), "second", &[]).await;
    assert!(house.holds(&told).await, "who began anew had ended");
}

#[tokio::test]
async fn what_is_noted_of_an_app_is_told() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    let at = house.clock.now();
    let test = |findings: &[&str]| {
        let findings = findings.iter().map(|code| (*code).to_owned()).collect();
        AppStatusUpdate::SignInTest(SignInTestResult { at, findings })
    };
    for (note, kind) in [
        (AppStatusUpdate::AdminConsent(AdminConsent { granted: false, at }), EventKind::ConsentDeclined),
        (AppStatusUpdate::AdminConsent(AdminConsent { granted: true, at }), EventKind::ConsentGranted),
        (test(&[]), EventKind::SignInTestPassed),
        (test(&["mfa_needed"]), EventKind::SignInTestFailed),
        (AppStatusUpdate::ReminderSent(7), EventKind::CredentialExpiring),
        (AppStatusUpdate::ReminderSent(crate::domain::entra_app::EXPIRED), EventKind::CredentialExpired),
    ] {
        house.events.take();
        house.note(APP, note).await.unwrap();
        let [told] = house.events.take().try_into().unwrap();
        assert_eq!(told.kind, kind);
        assert!(house.holds(&told).await, "{kind:?}");
    }
    house.note(APP, AppStatusUpdate::ConsentSeen(at)).await.unwrap();
    assert_eq!(house.told(), []);
}

#[tokio::test]
async fn intake_links_are_withdrawn_with_or_without_a_customer() {
    let house = House::new();
    let withdrawn_at =
        async |customer: &str| house.writer.intake_links_withdrawn_at(&customer.parse().unwrap()).await.unwrap();
    house.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(withdrawn_at("kadry").await, None);
    house.writer.withdraw_intake_links(&house.customer).await.unwrap();
    let first = house.clock.now();
    house.clock.advance(SignedDuration::from_mins(1));
    assert_eq!((withdrawn_at("kadry").await, withdrawn_at("other").await), (Some(first), None));
    house.writer.withdraw_intake_links(&house.customer).await.unwrap();
    assert_eq!(withdrawn_at("kadry").await, Some(house.clock.now()));
}

#[tokio::test]
async fn what_becomes_of_intake_links_is_noted_beside_their_withdrawal_for_a_month() {
    let house = House::new();
    let begun = house.clock.now();
    house.writer.withdraw_intake_links(&house.customer).await.unwrap();
    house.writer.note_intake(&house.customer, begun, Some("secret_wrong")).await.unwrap();
    let progress =
        async |customer: &str| house.writer.claims.intake_progress(&customer.parse().unwrap()).await.unwrap();
    let noted = progress("kadry").await;
    assert_eq!((noted.opened_at, noted.finding()), (Some(begun), Some((FindingKind::SecretWrong, begun))));
    house.writer.withdraw_intake_links(&house.customer).await.unwrap();
    assert_eq!((progress("kadry").await, progress("other").await), (noted, IntakeProgress::default()));
    assert_eq!(house.writer.intake_links_withdrawn_at(&house.customer).await.unwrap(), Some(begun));
    house.clock.advance(SignedDuration::from_hours(24 * 30));
    assert_eq!(progress("kadry").await, IntakeProgress::default());
}

#[tokio::test]
async fn the_state_of_a_tenure_is_told_until_the_next_begins() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    let state = async || house.writer.snapshot(&house.customer).await.unwrap().unwrap().tenure_state();
    let first = house.card().await.tenure;
    assert_eq!(state().await, TenureState::Active(first));
    house.writer.offboard(&house.customer).await.unwrap();
    assert_eq!(state().await, TenureState::Ended(first));
    house.keep((TENANT, APP), "second", &[]).await;
    assert_eq!(state().await, TenureState::Active(house.card().await.tenure));
    assert!(house.card().await.tenure > first);
}
