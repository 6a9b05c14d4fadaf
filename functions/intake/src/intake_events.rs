//! Tells the ATS, and notes for support, what becomes of an intake link before anything is stored.

use std::sync::Arc;

use shared::adapters::vault::apps::AppWriter;
use shared::domain::entra_app::{INTAKE_LINK_LIFETIME, IntakeLink};
use shared::domain::event::{Event, EventId, EventKind, EventPublisher};
use shared::domain::finding::Finding;
use shared::types::clock::{Clock, Timestamp};
use shared::types::sealing::OpenedToken;
use shared::types::ttl_cache::TtlCache;

/// Publishes and notes what becomes of intake links, each fact once in this process. Clones share what was published.
#[derive(Clone, Debug)]
pub(crate) struct IntakeEvents {
    publisher: EventPublisher,
    apps: AppWriter,
    published: TtlCache<EventId, ()>,
    clock: Clock,
}

impl IntakeEvents {
    pub(crate) fn new(publisher: EventPublisher, apps: AppWriter, clock: Clock) -> Self {
        Self { publisher, apps, published: TtlCache::new(INTAKE_LINK_LIFETIME), clock }
    }

    /// Somebody opened the form.
    pub(crate) async fn form_opened(&self, link: &OpenedToken<IntakeLink>) {
        self.publish(link, EventKind::IntakeOpened, &[]).await;
    }

    /// Something was wrong with what an administrator submitted.
    pub(crate) async fn form_rejected(&self, link: &OpenedToken<IntakeLink>, findings: &[Finding]) {
        self.publish(link, EventKind::IntakeFailed, findings).await;
    }

    /// One event and one note for each link and finding. Where queue or vault do not answer, the page is shown all the same.
    async fn publish(&self, link: &OpenedToken<IntakeLink>, kind: EventKind, findings: &[Finding]) {
        let (now, customer) = (self.clock.now(), &link.content.customer);
        let finding = findings.first().map(|finding| finding.kind.code());
        let fact = format!("{} {}", link.issued_at.as_millisecond(), finding.unwrap_or_default());
        let event = Event::of_fact(kind, (customer, Timestamp::UNIX_EPOCH), (now, &fact)).with_finding(finding);
        let id = event.id;
        if self.published.get(&id, now).is_some() {
            return;
        }
        if let Err(error) = self.apps.note_intake(customer, link.issued_at, finding).await {
            tracing::warn!(%customer, error = %error, "support does not see how far an administrator came");
        }
        match self.publisher.publish(&[event]).await {
            Ok(()) => self.published.insert(id, Arc::new(()), now),
            Err(error) => tracing::warn!(%customer, error = %error, "nobody is told of an intake link"),
        }
    }
}
