//! What a recruiter's seat does in more than one call to Graph.

use shared::clock::Timestamp;
use shared::language::Language;
use shared::meeting::{Change, ExternalId, Lobby, Meeting, MeetingId, Options, Order, Presenters, Revision};
use shared::microsoft::graph::{GraphError, Made};
use shared::web::problem::{FieldFault, Kind, Outcome, Problem};

use crate::act::Done;
use crate::seat::{Seat, Unable};

impl Seat<'_> {
    /// The meeting of an order, with its options in force.
    pub(crate) async fn make(&mut self, external_id: &ExternalId, order: &Order) -> Result<(Made, Done), Unable> {
        let (made, meeting) = self.create_or_get(external_id, &order.opening()).await?;
        let outcome = if made == Made::Now { Outcome::Created } else { Outcome::Existing };
        // What was changed since is not changed back by a repeated order.
        if made == Made::Before && (meeting.times.changes > 0 || !order.made(&meeting)) {
            return Ok((made, Done { outcome, meeting, dropped: Vec::new() }));
        }
        let revision = Revision {
            people: (order.options.presenters == Some(Presenters::Named)).then(|| order.people.clone()),
            options: order.options.missing_in(&meeting.options),
            ..Revision::default()
        };
        let meeting =
            if revision.options.is_empty() { meeting } else { self.revise(meeting, revision, order.language).await? };
        let dropped = order.options.missing_in(&meeting.options).names();
        Ok((made, Done { outcome, meeting, dropped }))
    }

    /// Changes what differs from the wish, and keeps the link.
    pub(crate) async fn adapt(
        &mut self,
        id: &MeetingId,
        change: &Change,
        (language, now): (Language, Timestamp),
    ) -> Result<Done, Unable> {
        let meeting = self.read(id, language).await?;
        let revision = change.of(&meeting, now).map_err(|fault| {
            let fault = FieldFault::new("end", &fault.to_string());
            Unable::Wrong(Problem::from(Kind::InvalidFields).with_field(fault))
        })?;
        let meeting = match revision {
            Some(revision) => self.revise(meeting, revision, language).await?,
            None => meeting,
        };
        let dropped = change.options.missing_in(&meeting.options).names();
        Ok(Done { outcome: Outcome::Updated, meeting, dropped })
    }

    /// Sends a revision. What Graph takes at creation only goes by itself, and a refusal of that is no failure: the
    /// meeting stands without it, and the answer says so.
    pub(crate) async fn revise(
        &mut self,
        meeting: Meeting,
        revision: Revision,
        language: Language,
    ) -> Result<Meeting, Unable> {
        let (options, at_creation) = revision.options.clone().split();
        let revision = Revision { options, ..revision };
        let (id, mut meeting) = (meeting.id.clone(), meeting);
        if revision != Revision::default() {
            meeting = self.change(&id, &revision, language).await?;
        }
        if !at_creation.is_empty() {
            let revision = Revision { options: at_creation, ..Revision::default() };
            match self.change(&id, &revision, language).await {
                Ok(changed) => meeting = changed,
                Err(Unable::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
                Err(unable) => return Err(unable),
            }
        }
        Ok(meeting)
    }

    /// Shuts the door and takes the meeting away. The link to join outlives the meeting (Teams limits page: it never
    /// stops working), so whoever still has it is left waiting in the lobby, which only the organizer passes. Graph offers
    /// no more than that: the chat stays, and who is in the room already is not put out.
    pub(crate) async fn cancel(&mut self, id: &MeetingId) -> Result<(), Unable> {
        let shut = Revision {
            options: Options { lobby: Some(Lobby::Organizer), dial_in_skips_lobby: Some(false), ..Options::default() },
            ..Revision::default()
        };
        match self.change(id, &shut, Language::default()).await {
            // A tenant's policy may forbid it; the meeting is taken away all the same.
            Ok(_) | Err(Unable::Graph(GraphError::Refused(_) | GraphError::NotAllowed(_))) => {}
            Err(Unable::Graph(GraphError::NotFound)) => return Ok(()),
            Err(unable) => return Err(unable),
        }
        match self.delete(id).await {
            Ok(()) | Err(Unable::Graph(GraphError::NotFound)) => Ok(()),
            Err(unable) => Err(unable),
        }
    }
}
