//! The calls that the handlers make: each of several steps, and each step may be repeated. Whatever is lost on the way,
//! the next try finds what is there and does the rest.

use futures_util::future::join;
use shared::adapters::microsoft::graph::CreateOutcome;
use shared::domain::meeting::{ExternalId, IdempotencyKey, Meeting, MeetingChange, MeetingId, MeetingOrder};
use shared::http::problem::{Outcome, Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;

use crate::Meetings;
use crate::responses::MeetingAnswer;

/// What came of it.
#[derive(Debug)]
pub(crate) struct MeetingResult {
    pub(crate) outcome: Outcome,
    pub(crate) meeting: Meeting,
    /// What was wished for and is not in force, by name: the tenant's policy dropped it, or Graph does not take it.
    pub(crate) dropped: Vec<&'static str>,
}

/// Whose meeting, and for whom it is told.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) customer: CustomerId,
    pub(crate) user: UserId,
    pub(crate) language: Language,
}

impl Meetings {
    /// Makes the meeting, or finds the one that the same order made before: Graph knows the order by its external id, and
    /// options are put in force until they are.
    pub(crate) async fn order(
        &self,
        asked: &RequestContext,
        key: &IdempotencyKey,
        order: &MeetingOrder,
    ) -> Result<MeetingAnswer, Problem> {
        let external_id = ExternalId::for_order(key, &asked.customer, &asked.user);
        let mut seat = self.seat(&asked.customer, &asked.user).await?;
        // Only the answer needs the key, and whoever cannot have it orders again: so it is read while Graph is at work.
        let (made, links) = join(seat.create_with_options(&external_id, order), self.link_keys.current()).await;
        let (made, done) = match made {
            Ok(made) => made,
            Err(unable) => return Err(seat.problem_for(unable).await),
        };
        let links = links?;
        if made == CreateOutcome::Existing && !order.is_origin_of(&done.meeting) {
            return Err(ProblemKind::IdempotencyKeyReused.into());
        }
        self.answer(&links, &asked.customer, &asked.user, done)
    }

    /// The meeting as it is.
    pub(crate) async fn read(&self, asked: &RequestContext, id: &MeetingId) -> Result<MeetingAnswer, Problem> {
        let links = self.link_keys.current().await?;
        let mut seat = self.seat(&asked.customer, &asked.user).await?;
        match seat.get(id, asked.language).await {
            Ok(meeting) => {
                let done = MeetingResult { outcome: Outcome::Existing, meeting, dropped: Vec::new() };
                self.answer(&links, &asked.customer, &asked.user, done)
            }
            Err(unable) => Err(seat.problem_for(unable).await),
        }
    }

    /// Changes what differs from the wish, and keeps the link.
    pub(crate) async fn change(
        &self,
        asked: &RequestContext,
        id: &MeetingId,
        change: &MeetingChange,
    ) -> Result<MeetingAnswer, Problem> {
        let links = self.link_keys.current().await?;
        let mut seat = self.seat(&asked.customer, &asked.user).await?;
        match seat.apply_change(id, change, (asked.language, self.clock.now())).await {
            Ok(done) => self.answer(&links, &asked.customer, &asked.user, done),
            Err(unable) => Err(seat.problem_for(unable).await),
        }
    }

    /// Cancels the meeting. A meeting that is gone is cancelled.
    pub(crate) async fn cancel(&self, asked: &RequestContext, id: &MeetingId) -> Result<(), Problem> {
        let mut seat = self.seat(&asked.customer, &asked.user).await?;
        match seat.cancel(id).await {
            Ok(()) => Ok(()),
            Err(unable) => Err(seat.problem_for(unable).await),
        }
    }
}
