//! What a recruiter's seat does in more than one call to Graph.

use shared::adapters::microsoft::graph::{CreateOutcome, GraphError};
use shared::domain::meeting::{
    ExternalId, Lobby, Meeting, MeetingChange, MeetingId, MeetingOptions, MeetingOrder, MeetingPatch, Presenters,
};
use shared::http::problem::{FieldError, Outcome, Problem, ProblemKind};
use shared::types::clock::Timestamp;
use shared::types::language::Language;

use crate::graph_session::{GraphCallError, GraphSession};
use crate::meeting::MeetingResult;

impl GraphSession<'_> {
    /// The meeting of an order, with its options in force.
    pub(crate) async fn create_with_options(
        &mut self,
        external_id: &ExternalId,
        order: &MeetingOrder,
    ) -> Result<(CreateOutcome, MeetingResult), GraphCallError> {
        let (made, meeting) = self.create_or_get(external_id, &order.create_meeting()).await?;
        let outcome = if made == CreateOutcome::Created { Outcome::Created } else { Outcome::Existing };
        // What was changed since is not changed back by a repeated order.
        if made == CreateOutcome::Existing && (meeting.times.changes > 0 || !order.is_origin_of(&meeting)) {
            return Ok((made, MeetingResult { outcome, meeting, dropped: Vec::new() }));
        }
        let revision = MeetingPatch {
            people: (order.options.presenters == Some(Presenters::Named)).then(|| order.people.clone()),
            options: order.options.not_in_force(&meeting.options),
            ..MeetingPatch::default()
        };
        let meeting = if revision.options.is_empty() {
            meeting
        } else {
            self.send_patch(meeting, revision, order.language).await?
        };
        let dropped = order.options.not_in_force(&meeting.options).requested();
        Ok((made, MeetingResult { outcome, meeting, dropped }))
    }

    /// Changes what differs from the wish, and keeps the link.
    pub(crate) async fn apply_change(
        &mut self,
        id: &MeetingId,
        change: &MeetingChange,
        (language, now): (Language, Timestamp),
    ) -> Result<MeetingResult, GraphCallError> {
        let meeting = self.get(id, language).await?;
        let revision = change.diff(&meeting, now).map_err(|fault| {
            let fault = FieldError::new("end", &fault.to_string());
            GraphCallError::Rejected(Problem::from(ProblemKind::InvalidFields).with_field(fault))
        })?;
        let meeting = match revision {
            Some(revision) => self.send_patch(meeting, revision, language).await?,
            None => meeting,
        };
        let dropped = change.options.not_in_force(&meeting.options).requested();
        Ok(MeetingResult { outcome: Outcome::Updated, meeting, dropped })
    }

    /// Sends a revision. What Graph takes at creation only goes by itself, and a refusal of that is no failure: the
    /// meeting stands without it, and the answer says so.
    pub(crate) async fn send_patch(
        &mut self,
        meeting: Meeting,
        revision: MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        let (options, at_creation) = revision.options.clone().split_create_only();
        let revision = MeetingPatch { options, ..revision };
        let (id, mut meeting) = (meeting.id.clone(), meeting);
        if revision != MeetingPatch::default() {
            meeting = self.update(&id, &revision, language).await?;
        }
        if !at_creation.is_empty() {
            let revision = MeetingPatch { options: at_creation, ..MeetingPatch::default() };
            match self.update(&id, &revision, language).await {
                Ok(changed) => meeting = changed,
                Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
                Err(unable) => return Err(unable),
            }
        }
        Ok(meeting)
    }

    /// Shuts the door and takes the meeting away. The link to join outlives the meeting (Teams limits page: it never
    /// stops working), so whoever still has it is left waiting in the lobby, which only the organizer passes. Graph offers
    /// no more than that: the chat stays, and who is in the room already is not put out.
    pub(crate) async fn cancel(&mut self, id: &MeetingId) -> Result<(), GraphCallError> {
        let shut = MeetingPatch {
            options: MeetingOptions {
                lobby: Some(Lobby::Organizer),
                dial_in_skips_lobby: Some(false),
                ..MeetingOptions::default()
            },
            ..MeetingPatch::default()
        };
        match self.update(id, &shut, Language::default()).await {
            // A tenant's policy may forbid it; the meeting is taken away all the same.
            Ok(_) | Err(GraphCallError::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
            Err(GraphCallError::Graph(GraphError::NotFound)) => return Ok(()),
            Err(unable) => return Err(unable),
        }
        match self.delete(id).await {
            Ok(()) | Err(GraphCallError::Graph(GraphError::NotFound)) => Ok(()),
            Err(unable) => Err(unable),
        }
    }
}
