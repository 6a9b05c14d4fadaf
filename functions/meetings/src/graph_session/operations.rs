//! Operations that take more than one call to Graph.

use shared::adapters::microsoft::graph::{CreateOutcome, GraphError};
use shared::domain::meeting::{
    CreateMeeting, ExternalId, Lobby, Meeting, MeetingChange, MeetingId, MeetingOptions, MeetingOrder, MeetingPatch,
    Participant, Presenters,
};
use shared::http::problem::{FieldError, Outcome, Problem, ProblemKind};
use shared::types::clock::Timestamp;
use shared::types::language::Language;

use crate::graph_session::session::{GraphCallError, GraphSession};
use crate::meeting_result::MeetingResult;

impl GraphSession<'_> {
    /// Creates or finds the meeting of an order, and sets its options.
    pub(crate) async fn create_with_options(
        &mut self,
        external_id: &ExternalId,
        order: &MeetingOrder,
    ) -> Result<(CreateOutcome, MeetingResult), GraphCallError> {
        let (created, meeting) = self.create_or_get(external_id, &order.create_meeting()).await?;
        let outcome = if created == CreateOutcome::Created { Outcome::Created } else { Outcome::Existing };
        // A repeated order does not undo later changes.
        if created == CreateOutcome::Existing && (meeting.times.changes > 0 || !order.is_origin_of(&meeting)) {
            return Ok((created, MeetingResult { outcome, meeting, dropped: Vec::new() }));
        }
        let patch = MeetingPatch {
            people: (order.options.presenters == Some(Presenters::Named)).then(|| order.people.clone()),
            options: order.options.not_in_force(&meeting.options),
            ..MeetingPatch::default()
        };
        let meeting =
            if patch.options.is_empty() { meeting } else { self.send_patch(meeting, patch, order.language).await? };
        let dropped = order.options.not_in_force(&meeting.options).requested();
        Ok((created, MeetingResult { outcome, meeting, dropped }))
    }

    /// Changes what differs from `change`; the link stays.
    pub(crate) async fn apply_change(
        &mut self,
        id: &MeetingId,
        change: &MeetingChange,
        language: Language,
        now: Timestamp,
    ) -> Result<MeetingResult, GraphCallError> {
        let meeting = self.get(id, language).await?;
        let patch = change.diff(&meeting, now).map_err(|error| {
            let error = FieldError::new("end", &error.to_string());
            GraphCallError::Rejected(Problem::from(ProblemKind::InvalidFields).with_field(error))
        })?;
        let meeting = match patch {
            Some(patch) => self.send_patch(meeting, patch, language).await?,
            None => meeting,
        };
        let dropped = change.options.not_in_force(&meeting.options).requested();
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
            meeting = self.update(&id, &patch, language).await?;
        }
        if !create_only.is_empty() {
            let patch = MeetingPatch { options: create_only, ..MeetingPatch::default() };
            match self.update(&id, &patch, language).await {
                Ok(updated) => meeting = updated,
                Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(meeting)
    }

    /// Cancels a meeting: restricts its lobby to the organizer, then deletes it. Succeeds if the meeting is already gone.
    ///
    /// A join URL works for ever (Teams limits and specifications), so people who open it later wait in the lobby. Graph
    /// cannot delete the chat or remove participants. Decision 0026.
    ///
    /// # Errors
    /// [`GraphCallError`]. A tenant policy that forbids the lobby change is not one: the meeting is deleted anyway.
    pub(crate) async fn cancel(&mut self, id: &MeetingId) -> Result<(), GraphCallError> {
        let restricted = MeetingPatch {
            options: MeetingOptions {
                lobby: Some(Lobby::Organizer),
                dial_in_skips_lobby: Some(false),
                ..MeetingOptions::default()
            },
            ..MeetingPatch::default()
        };
        match self.update(id, &restricted, Language::default()).await {
            Ok(_) | Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
            Err(GraphCallError::Graph(GraphError::NotFound)) => return Ok(()),
            Err(error) => return Err(error),
        }
        match self.delete(id).await {
            Ok(()) | Err(GraphCallError::Graph(GraphError::NotFound)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Creates a copy of `previous` in this recruiter's name, or brings the copy of an earlier try up to date.
    pub(crate) async fn copy_meeting(
        &mut self,
        external_id: &ExternalId,
        previous: &Meeting,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
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
            people: named.then_some(people),
            options,
        };
        if patch == MeetingPatch::default() { Ok(new) } else { self.send_patch(new, patch, language).await }
    }
}
