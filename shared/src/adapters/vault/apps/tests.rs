mod events;

use std::sync::Arc;

use crate::adapters::vault::Vault;
use crate::adapters::vault::apps::*;
use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::backend::memory::MemoryBackend;
use crate::adapters::vault::customer_restorer::RestoreCustomerError;
use crate::domain::entra_app::{AdminConsent, ConnectionCounts, Credential, SignInTestResult};
use crate::domain::event::{CollectedEvents, EventPublisher};
use crate::domain::finding::{Finding, FindingKind};
use crate::types::clock::{Clock, SignedDuration, Timestamp};
use crate::types::randomness::Randomness;
use crate::types::secret::Secret;

const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
const OTHER_TENANT: &str = "7f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
const APP: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
const OTHER_APP: &str = "1c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";

/// A customer whose app may be handed over, read and noted about.
struct House {
    reader: AppReader,
    writer: AppWriter,
    notes: AppStatusWriter,
    events: Arc<CollectedEvents>,
    clock: Clock,
    customer: CustomerId,
    vault: Vault,
}

impl House {
    fn new() -> Self {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let memory = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let events = Arc::new(CollectedEvents::default());
        let vault = Vault::new(memory, "test".parse().unwrap(), clock.clone(), randomness)
            .with_events(EventPublisher::new(events.clone()));
        let (reader, writer, notes) = (vault.app_reader(), vault.app_writer(), vault.app_status_writer());
        Self { reader, writer, notes, events, clock, customer: "kadry".parse().unwrap(), vault }
    }

    /// Hands over an app, with the result of a check.
    async fn keep(&self, (tenant, client_id): (&str, &str), secret: &str, findings: &[Finding]) {
        self.clock.advance(SignedDuration::from_mins(1));
        let credential = Credential::Secret(secret.to_owned().into());
        let (tenant, client_id) = (tenant.parse().unwrap(), client_id.parse().unwrap());
        let app = EntraApp { tenant, client_id, credential, expires_on: None };
        let seen = self.writer.snapshot(&self.customer).await.unwrap();
        let diagnosed = CheckRecord::from_findings(findings.is_empty(), findings);
        self.writer.store(&self.customer, &app, &diagnosed, seen.as_ref()).await.unwrap();
    }

    async fn card(&self) -> AppSummary {
        let card = self.reader.summary(&self.customer).await.unwrap();
        assert_eq!(self.writer.summary(&self.customer).await.unwrap(), card, "told the same to whoever may write");
        card
    }

    async fn note(&self, client_id: &str, note: AppStatusUpdate) -> Result<(), VaultError> {
        let tenure = self.writer.snapshot(&self.customer).await?.map(|seen| app_tags::parse_tenure(&seen.0));
        let (tenant, client_id) = (TENANT.parse().unwrap(), client_id.parse().unwrap());
        let of = AppInTenure { tenure: tenure.unwrap_or_default(), tenant, client_id };
        self.notes.record(&self.customer, of, note).await
    }

    async fn former(&self) -> Option<String> {
        let present = self.reader.read(&self.customer).await.unwrap();
        match self.reader.previous_version(&self.customer, &present).await.unwrap()?.credential {
            Credential::Secret(secret) => Some(secret.expose().to_owned()),
            Credential::Certificate(_) | Credential::Federated(_) => None,
        }
    }
}

fn finding(kind: FindingKind) -> Finding {
    kind.into()
}

#[tokio::test]
async fn the_former_credential_may_still_be_tried_where_it_is_one_of_the_same_app() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    assert_eq!(house.former().await, None);
    house.keep((TENANT, APP), "second", &[]).await;
    assert_eq!(house.former().await.as_deref(), Some("first"));
    for other in [(TENANT, OTHER_APP), (OTHER_TENANT, OTHER_APP)] {
        house.keep(other, "other", &[]).await;
        assert_eq!(house.former().await, None, "{other:?}");
    }
}

#[tokio::test]
async fn an_offboarded_customers_app_is_not_told_of_until_it_is_handed_over_again() {
    let house = House::new();
    assert!(matches!(house.reader.summary(&house.customer).await, Err(VaultError::NotFound)));
    house.keep((TENANT, APP), "first", &[]).await;
    house.writer.offboard(&house.customer).await.unwrap();
    assert!(matches!(house.reader.summary(&house.customer).await, Err(VaultError::Deleted)));
    assert!(matches!(house.note(APP, AppStatusUpdate::ReminderSent(7)).await, Err(VaultError::Deleted)));
    house.keep((TENANT, APP), "second", &[]).await;
    assert_eq!(house.card().await.submitted_at, house.clock.now());
}

#[tokio::test]
async fn an_offboarding_is_taken_back_unless_somebody_else_works_with_the_app_by_now() {
    let house = House::new();
    house.clock.advance(SignedDuration::from_hours(1));
    let restorer = house.vault.customer_restorer();
    let none = restorer.restore(&house.customer).await;
    assert!(matches!(none, Err(RestoreCustomerError::Vault(VaultError::NotFound))));
    house.keep((TENANT, APP), "first", &[]).await;
    let checked = house.reader.read(&house.customer).await.unwrap();
    let found = CheckRecord::from_findings(true, &[]);
    house.notes.record_check(&house.customer, (&checked.arn, &checked.version), &found).await.unwrap();
    let mut before = house.card().await;
    assert!(before.checked_at.is_some());
    for _ in 0..2 {
        house.writer.offboard(&house.customer).await.unwrap();
        assert!(restorer.find(&house.customer).await.unwrap().1);
        restorer.restore(&house.customer).await.unwrap();
        let next = before.tenure + SignedDuration::from_millis(1);
        before = AppSummary { tenure: next, ..before };
        assert_eq!(house.card().await, before, "in a tenure of its own");
        assert_eq!(house.reader.read(&house.customer).await.unwrap().tenure, next);
        restorer.restore(&house.customer).await.unwrap();
        assert_eq!(house.card().await, before, "there is nothing to be taken back");
    }
    let app = (before.tenant, before.client_id);
    assert_eq!(
        house.writer.claims.claim(&"other".parse().unwrap(), app).await.unwrap(),
        ClaimOutcome::Taken,
        "it is claimed"
    );
    house.writer.offboard(&house.customer).await.unwrap();
    assert_eq!(house.writer.claims.claim(&"other".parse().unwrap(), app).await.unwrap(), ClaimOutcome::Ours);
    assert!(matches!(restorer.restore(&house.customer).await, Err(RestoreCustomerError::Taken)));
    assert!(matches!(house.reader.summary(&house.customer).await, Err(VaultError::Deleted)));
}

#[tokio::test]
async fn what_was_noted_of_an_app_stays_with_it_and_goes_with_it() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[]).await;
    let at = house.clock.now();
    let consents = [false, true].map(|granted| AdminConsent { granted, at });
    let test = SignInTestResult { at, findings: vec!["mfa_needed".to_owned(), "no_refresh_token".to_owned()] };
    let connections = ConnectionCounts { active: 3, suspect: 2, needs_reauth: 1 };
    for consent in consents {
        house.note(APP, AppStatusUpdate::AdminConsent(consent)).await.unwrap();
        assert_eq!(house.card().await.consent, Some(consent));
    }
    for note in [
        AppStatusUpdate::SignInTest(test.clone()),
        AppStatusUpdate::ReminderSent(7),
        AppStatusUpdate::ConnectionCounts(connections),
    ] {
        house.note(APP, note).await.unwrap();
    }
    let noted = |card: AppSummary| (card.consent, card.sign_in_test, card.reminded, card.connections);
    assert_eq!(noted(house.card().await), (Some(consents[1]), Some(test.clone()), Some(7), Some(connections)));
    house.keep((TENANT, APP), "second", &[]).await;
    assert_eq!(noted(house.card().await), (Some(consents[1]), Some(test), None, Some(connections)), "a new end");

    house.keep((TENANT, OTHER_APP), "other", &[]).await;
    assert_eq!(noted(house.card().await), (None, None, None, Some(connections)), "nobody consented to this one");
    let late = house.note(APP, AppStatusUpdate::AdminConsent(consents[0])).await;
    assert!(matches!(late, Err(VaultError::Stale)), "{late:?}");
    assert_eq!(house.card().await.consent, None);
}

#[tokio::test]
async fn what_a_check_found_counts_for_the_credentials_that_it_checked() {
    let house = House::new();
    house.keep((TENANT, APP), "first", &[finding(FindingKind::ConsentMissing)]).await;
    let told = |card: AppSummary| (card.verified_at, card.checked_at, card.findings);
    let codes = |kinds: &[FindingKind]| kinds.iter().map(|kind| kind.code().to_owned()).collect::<Vec<_>>();
    assert_eq!(told(house.card().await), (None, None, codes(&[FindingKind::ConsentMissing])));

    let checked = house.reader.read(&house.customer).await.unwrap();
    house.clock.advance(SignedDuration::from_mins(1));
    house
        .notes
        .record_check(&house.customer, (&checked.arn, &checked.version), &CheckRecord::from_findings(true, &[]))
        .await
        .unwrap();
    let now = house.clock.now();
    assert_eq!(told(house.card().await), (Some(now), Some(now), Vec::new()));
    let two = [finding(FindingKind::SecretExpired), finding(FindingKind::ConsentMissing)];
    house
        .notes
        .record_check(&house.customer, (&checked.arn, &checked.version), &CheckRecord::from_findings(false, &two))
        .await
        .unwrap();
    assert_eq!(
        told(house.card().await),
        (None, Some(now), codes(&[FindingKind::SecretExpired, FindingKind::ConsentMissing]))
    );

    house.keep((TENANT, APP), "second", &[]).await;
    house
        .notes
        .record_check(&house.customer, (&checked.arn, &checked.version), &CheckRecord::from_findings(false, &two))
        .await
        .unwrap();
    assert_eq!(told(house.card().await), (Some(house.clock.now()), None, Vec::new()), "it checked what was before");
}
