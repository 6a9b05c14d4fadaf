//! Tells the ATS what becomes of an intake link before anything is stored.

use shared::domain::event::{Event, EventKind};
use shared::domain::finding::Finding;
use shared::types::clock::Timestamp;

use crate::intake_link::OpenIntakeLink;
use crate::state::Intake;

/// Somebody opened the form.
pub(crate) async fn form_opened(intake: &Intake, link: &OpenIntakeLink) {
    publish(intake, link, EventKind::IntakeOpened, &[]).await;
}

/// Something was wrong with what an administrator submitted.
pub(crate) async fn form_rejected(intake: &Intake, link: &OpenIntakeLink, findings: &[Finding]) {
    publish(intake, link, EventKind::IntakeFailed, findings).await;
}

/// One event for each link and finding. Where the queue does not answer, the page is shown all the same.
async fn publish(intake: &Intake, link: &OpenIntakeLink, kind: EventKind, findings: &[Finding]) {
    let finding = findings.first().map(|finding| finding.kind.code());
    let fact = format!("{} {}", link.token.issued_at.as_millisecond(), finding.unwrap_or_default());
    let event = Event::of_fact(kind, (&link.customer, Timestamp::UNIX_EPOCH), (intake.clock.now(), &fact));
    if let Err(error) = intake.events.publish(&[event.with_finding(finding)]).await {
        tracing::warn!(customer = %link.customer, error = %error, "nobody is told of an intake link");
    }
}
