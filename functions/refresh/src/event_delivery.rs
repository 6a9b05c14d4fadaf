//! Delivers events to the ATS: what was kept is sent until the receiver has taken it, what was not is dropped.

use shared::adapters::event_queue::{ReceivedEvent, retry_delay};
use shared::adapters::vault::model::VaultError;
use shared::adapters::webhook::Webhook;
use shared::domain::entra_app::Contact;
use shared::domain::event::{Event, EventSubject};
use shared::domain::finding::Actor;
use shared::types::clock::SignedDuration;

use crate::event_document::{EventDocument, actor};
use crate::state::Refresh;

/// A change is written within seconds after its event was published, or never: whoever writes has 25 s for an answer.
const WRITTEN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is done with: the receiver has it, or it told of nothing.
    Done,
    /// It waits for so long and is tried again.
    Again(SignedDuration),
    /// There is no further attempt: it is a dead letter.
    Failed,
}

/// Delivers an event that was taken from the queue.
pub async fn deliver_event(refresh: &Refresh, received: &ReceivedEvent) -> Delivery {
    let Event { id, kind, customer, .. } = &received.event;
    let kind = kind.code();
    match try_delivery(refresh, &received.event).await {
        Ok(Attempt::Sent) => {
            tracing::info!(event = %id, kind, %customer, receives = received.receives, "an event was delivered");
            Delivery::Done
        }
        Ok(Attempt::NotKept) if received.published_at.duration_until(refresh.clock.now()) >= WRITTEN_WITHIN => {
            tracing::info!(event = %id, kind, %customer, "an event is dropped: its change was not kept");
            Delivery::Done
        }
        Ok(Attempt::NotKept) => retry(received),
        Err(error) => {
            tracing::warn!(event = %id, kind, %customer, receives = received.receives, error, "an event was not delivered");
            retry(received)
        }
    }
}

fn retry(received: &ReceivedEvent) -> Delivery {
    retry_delay(received.receives).map_or(Delivery::Failed, Delivery::Again)
}

enum Attempt {
    Sent,
    NotKept,
}

async fn try_delivery(refresh: &Refresh, event: &Event) -> Result<Attempt, String> {
    let Some(webhooks) = &refresh.webhooks else { return Err("WEBHOOK_URL is not set".to_owned()) };
    if !is_kept(refresh, event).await.map_err(|error| error.to_string())? {
        return Ok(Attempt::NotKept);
    }
    let (id, at) = (event.id.to_string(), refresh.clock.now());
    let contact = contact(refresh, event).await.map_err(|error| error.to_string())?;
    let document = EventDocument::new(event, contact.as_ref(), &refresh.api_url);
    let body = serde_json::to_string(&document).map_err(|error| error.to_string())?;
    let signature = refresh.webhook_keys.sign(&id, at, &body).await.map_err(|error| error.to_string())?;
    webhooks.send(&Webhook { id, at, signature, body }).await.map_err(|error| error.to_string())?;
    Ok(Attempt::Sent)
}

/// Whom the ATS may remind, if the customer's administrator must act. What cannot be read keeps nobody from being told.
async fn contact(refresh: &Refresh, event: &Event) -> Result<Option<Contact>, VaultError> {
    if actor(event) != Some(Actor::CustomerAdmin) {
        return Ok(None);
    }
    match refresh.app_claims.contact((&event.customer, event.tenure)).await {
        Err(error @ VaultError::Corrupt { .. }) => {
            tracing::warn!(event = %event.id, error = %error, "an event is delivered without a contact");
            Ok(None)
        }
        contact => contact,
    }
}

/// Whether the change that the event tells was kept.
async fn is_kept(refresh: &Refresh, event: &Event) -> Result<bool, VaultError> {
    match (event.kind.subject(), &event.user) {
        (EventSubject::Intake | EventSubject::Trial, _) => Ok(true),
        (EventSubject::Connection, Some(user)) => refresh.connections.holds_event(user, event).await,
        (EventSubject::Connection, None) => Ok(false),
        (EventSubject::App | EventSubject::Offboarding, _) => refresh.apps.holds_event(event).await,
    }
}

#[cfg(test)]
mod tests {
    use shared::adapters::http_client::build_client;
    use shared::adapters::vault::Vault;
    use shared::adapters::vault::backend::Backend;
    use shared::adapters::vault::backend::memory::MemoryBackend;
    use shared::domain::event::EventKind;
    use shared::startup::dependencies::Dependencies;
    use shared::startup::settings::Settings;
    use shared::types::clock::{Clock, Timestamp};
    use shared::types::randomness::Randomness;

    use super::*;

    #[tokio::test]
    async fn an_event_whose_change_is_not_kept_is_looked_for_during_five_minutes() {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let settings = Settings::read(&|name: &str| match name {
            "PUBLIC_URL" => Some("https://connect.example".to_owned()),
            "ATS_COMPLETION_URL" => Some("https://ats.example/done".to_owned()),
            "WEBHOOK_URL" => Some("https://ats.example/events".to_owned()),
            _ => None,
        })
        .unwrap();
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone());
        let http_transport = build_client().unwrap().into();
        let parts =
            Dependencies { settings, vault, http_transport, clock: clock.clone(), randomness, probe_function: None };
        let refresh = Refresh::new(&parts);
        let (customer, now) = ("kadry".parse().unwrap(), clock.now());
        let event = Event::of_customer(EventKind::CustomerConfigured, &customer, now, now);
        let received = ReceivedEvent { event, published_at: now, receives: 1 };
        clock.advance(WRITTEN_WITHIN - SignedDuration::from_millis(1));
        assert!(matches!(deliver_event(&refresh, &received).await, Delivery::Again(_)));
        clock.advance(SignedDuration::from_millis(1));
        assert!(matches!(deliver_event(&refresh, &received).await, Delivery::Done));
    }
}
