//! Operations that take more than one call to Graph.

use shared::adapters::microsoft::graph::{CreateOutcome, GraphError};
use shared::domain::meeting::{
    CancelledMeetings, CreateMeeting, ExternalId, Lobby, Meeting, MeetingChange, MeetingId, MeetingOptions,
    MeetingOrder, MeetingPatch, MeetingTimes, Participant, Presenters, incomplete_roles,
};
use shared::http::problem::{FieldError, Outcome, Problem, ProblemKind};
use shared::types::clock::{SignedDuration, Timestamp, add_saturating};
use shared::types::language::Language;

use crate::entity_tag::IfMatch;
use crate::graph_session::session::{GraphCallError, GraphSession};
use crate::meeting_result::MeetingResult;

/// How long after its creation a meeting may still lack options because its order was interrupted.
const INTERRUPTED_FOR: SignedDuration = SignedDuration::from_hours(1);

impl GraphSession<'_> {
    /// Creates or finds the meeting of an order, and makes it match the order as far as Graph allows.
    ///
    /// # Errors
    /// [`GraphCallError`]. None of them leaves a meeting behind that the same order would not find again, and none comes
    /// from an option that Graph rejects: the result names it as dropped.
    pub(crate) async fn create_with_options(
        &mut self,
        external_id: &ExternalId,
        order: &MeetingOrder,
        cancelled: &CancelledMeetings,
        now: Timestamp,
    ) -> Result<MeetingResult, GraphCallError> {
        let (created, meeting) = self.create_or_get(external_id, &order.create_meeting()).await?;
        let (outcome, patch) = match created {
            CreateOutcome::Created => (Outcome::Created, order.patch_for_new(&meeting)),
            // Graph may have a cancelled meeting again.
            CreateOutcome::Existing if cancelled.contains(&meeting.id, now) => {
                return Err(GraphCallError::Rejected(ProblemKind::OrderCancelled.into()));
            }
            CreateOutcome::Existing if order.contradicts(&meeting) => {
                return Err(GraphCallError::Rejected(ProblemKind::IdempotencyKeyReused.into()));
            }
            CreateOutcome::Existing if is_interrupted_order(&meeting, now) => {
                (Outcome::Existing, order.patch_for_existing(&meeting))
            }
            // A repeated order does not undo later changes.
            CreateOutcome::Existing => {
                let meeting = require_plausible_times(meeting)?;
                return Ok(MeetingResult { outcome: Outcome::Existing, meeting, dropped: Vec::new() });
            }
        };
        let meeting = self.send_patch_as_far_as_allowed(meeting, patch, order.language).await?;
        if created == CreateOutcome::Created && (meeting.times.start, meeting.times.end) != (order.start, order.end) {
            return Err(not_as_requested());
        }
        let dropped = order.dropped(&meeting);
        Ok(MeetingResult { outcome, meeting, dropped })
    }

    /// Changes what differs from `change`, if the meeting is in the expected state; the link stays. Graph knows no condition,
    /// so a change that arrives there between the two calls is not noticed.
    pub(crate) async fn apply_change(
        &mut self,
        id: &MeetingId,
        condition: &IfMatch,
        change: &MeetingChange,
        language: Language,
        now: Timestamp,
    ) -> Result<MeetingResult, GraphCallError> {
        let meeting = self.get_plausible(id, language).await?;
        condition.check(&meeting).map_err(GraphCallError::Rejected)?;
        let patch = change.diff(&meeting, now).map_err(|error| {
            let error = FieldError::new(error.field(), &error.to_string());
            GraphCallError::Rejected(Problem::from(ProblemKind::InvalidFields).with_field(error))
        })?;
        let meeting = match patch {
            Some(patch) => self.send_patch(meeting, patch, language).await?,
            None => meeting,
        };
        let dropped = change.dropped(&meeting);
        Ok(MeetingResult { outcome: Outcome::Updated, meeting, dropped })
    }

    /// Sends a patch. Options that Graph takes only at creation go in a request of their own, and a rejection of that
    /// request is no failure: the meeting stands without them, and the answer names them as dropped.
    async fn send_patch(
        &mut self,
        meeting: Meeting,
        patch: MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        let (options, create_only) = patch.options.clone().split_create_only();
        let patch = MeetingPatch { options, ..patch };
        let (id, mut meeting) = (meeting.id.clone(), meeting);
        if patch != MeetingPatch::default() {
            meeting = self.update_times_too(&id, &patch, language).await?;
        }
        let create_only = MeetingPatch { options: create_only, ..MeetingPatch::default() };
        self.send_optional(meeting, create_only.split(), language).await
    }

    /// Sends a patch to a meeting that was just created. If Graph rejects the patch, each part of it goes in a request of
    /// its own, and parts that are rejected are left out.
    async fn send_patch_as_far_as_allowed(
        &mut self,
        meeting: Meeting,
        patch: MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        let parts = patch.clone().split();
        match self.send_patch(meeting.clone(), patch, language).await {
            Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {
                self.send_optional(meeting, parts, language).await
            }
            // The meeting is there: Graph has just said so.
            Err(GraphCallError::Graph(GraphError::NotFound)) => Err(not_as_requested()),
            result => result,
        }
    }

    /// Sends patches one by one and leaves out those that Graph rejects.
    async fn send_optional(
        &mut self,
        mut meeting: Meeting,
        patches: Vec<MeetingPatch>,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        for patch in patches {
            match self.update_times_too(&meeting.id.clone(), &patch, language).await {
                Ok(updated) => meeting = updated,
                Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(meeting)
    }

    /// Updates a meeting. An answer with other times than those that were sent is no success.
    async fn update_times_too(
        &mut self,
        id: &MeetingId,
        patch: &MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        let meeting = self.update(id, patch, language).await?;
        let is_as_requested = patch.times.is_none_or(|sent| {
            let MeetingTimes { start, end, .. } = meeting.times;
            (start, end) == (sent.start, sent.end)
        });
        if is_as_requested { require_plausible_times(meeting) } else { Err(not_as_requested()) }
    }

    /// Gets a meeting. An answer whose times are those of no meeting is no success.
    pub(crate) async fn get_plausible(
        &mut self,
        id: &MeetingId,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        require_plausible_times(self.get(id, language).await?)
    }

    /// Restricts the lobby of a meeting to the organizer, and returns the meeting if Graph tells it.
    ///
    /// A join URL works for ever (Teams limits and specifications), so people who open it after a cancellation wait in the
    /// lobby. Graph cannot delete the chat or remove participants. Decision 0026.
    ///
    /// # Errors
    /// [`GraphCallError`]. A tenant policy that forbids the lobby change is not one, nor is a meeting that is gone.
    pub(crate) async fn restrict_lobby(&mut self, id: &MeetingId) -> Result<Option<Meeting>, GraphCallError> {
        let restricted = MeetingPatch {
            options: MeetingOptions {
                lobby: Some(Lobby::Organizer),
                dial_in_skips_lobby: Some(false),
                ..MeetingOptions::default()
            },
            ..MeetingPatch::default()
        };
        let answer = match self.update(id, &restricted, Language::default()).await {
            Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {
                self.get(id, Language::default()).await
            }
            answer => answer,
        };
        match answer {
            Ok(meeting) => Ok(Some(meeting)),
            Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_) | GraphError::NotFound)) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes a meeting. Succeeds if it is already gone.
    pub(crate) async fn delete_if_there(&mut self, id: &MeetingId) -> Result<(), GraphCallError> {
        match self.delete(id).await {
            Ok(()) | Err(GraphCallError::Graph(GraphError::NotFound)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Creates a copy of `previous` in this recruiter's name, or brings the copy of an earlier try up to date. Beside the copy
    /// stands what of `previous` is not in force in it, by name.
    pub(crate) async fn copy_meeting(
        &mut self,
        external_id: &ExternalId,
        previous: &Meeting,
        language: Language,
    ) -> Result<(Meeting, Vec<&'static str>), GraphCallError> {
        // This recruiter becomes the organizer, who is in no list.
        let others = previous.people.iter().filter(|person| !person.address.is_same_mailbox(&self.account().upn));
        let people: Vec<Participant> = others.cloned().collect();
        let order = CreateMeeting { subject: &previous.subject, times: previous.times, people: &people, language };
        let (_, new) = self.create_or_get(external_id, &order).await?;
        let (options, _) = previous.options.not_in_force(&new.options).split_create_only();
        let named = options.presenters == Some(Presenters::Named);
        let patch = MeetingPatch {
            subject: previous.subject.parse().ok().filter(|_| new.subject != previous.subject),
            times: (new.times != previous.times).then_some(previous.times),
            people: named.then(|| people.clone()),
            options,
        };
        let new = self.send_patch_as_far_as_allowed(new, patch, language).await?;
        let mut dropped = incomplete_roles(&people, &new.people);
        let (options, _) = previous.options.not_in_force(&new.options).split_create_only();
        dropped.extend(options.requested());
        Ok((new, dropped))
    }
}

/// Whether the order that created the meeting may have been interrupted before its options were in force. Afterwards the
/// meeting counts as changed: a repeated order must not undo what was changed meanwhile.
fn is_interrupted_order(meeting: &Meeting, now: Timestamp) -> bool {
    let is_recent = meeting.created_at.is_none_or(|created_at| add_saturating(created_at, INTERRUPTED_FOR) >= now);
    meeting.times.changes == 0 && is_recent
}

fn require_plausible_times(meeting: Meeting) -> Result<Meeting, GraphCallError> {
    if meeting.times.is_plausible() { Ok(meeting) } else { Err(not_as_requested()) }
}

/// Graph answered with success and not with what was requested: the same request may be repeated.
fn not_as_requested() -> GraphCallError {
    GraphCallError::Graph(GraphError::Unavailable { retry_after: None, source: None })
}
