//! Where a link of ours leads.

use shared::adapters::microsoft::graph::GraphError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::meeting::{JoinUrl, MeetingLink};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

use crate::Meetings;
use crate::graph_session::GraphCallError;

/// An interview goes through few hands; more than this is a circle.
const MAX_HAND_OVERS_FOLLOWED: usize = 8;

impl Meetings {
    /// Where to join now, for whoever has the link.
    pub(crate) async fn join(&self, link: &str) -> Result<JoinUrl, Problem> {
        let Some(room) = self.link_keys.open(link).await? else {
            let problem = Problem::from(ProblemKind::LinkUnusable);
            AuditEntry::new(AuditAction::OpenMeetingLink, AuditActor::Stranger).refused(problem.code());
            return Err(problem);
        };
        let (customer, user) = (room.customer.clone(), room.user.clone());
        let led = self.led(room).await;
        let entry = AuditEntry::new(AuditAction::OpenMeetingLink, AuditActor::Link).customer(&customer).user(&user);
        match &led {
            Ok(_) => entry.succeeded(),
            Err(problem) => entry.refused(problem.code()),
        }
        led
    }

    /// Where a room is now. Graph is asked, so that a new form of link is followed and a cancellation noticed; where Graph
    /// cannot be asked, because the recruiter is not connected any more or Microsoft does not answer, whoever stands at the
    /// door is let through by what was known: Teams decides then.
    async fn led(&self, mut room: MeetingLink) -> Result<JoinUrl, Problem> {
        for _ in 0..MAX_HAND_OVERS_FOLLOWED {
            let gone = match self.found(&room).await {
                Ok(join_url) => return Ok(join_url),
                Err(gone) => gone,
            };
            // A meeting that was handed over is gone as well, so the record is looked for only here.
            match self.hand_overs.find(&room.customer, &room.user, &room.id).await {
                Ok(Some(noted)) => {
                    room = MeetingLink { user: noted.to, id: noted.id, join_url: noted.join_url, ..room };
                }
                Ok(None) if gone => return Err(ProblemKind::InterviewCancelled.into()),
                Ok(None) => return Ok(room.join_url),
                Err(error) if gone => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(error = %error, "a link leads to where its meeting was last");
                    return Ok(room.join_url);
                }
            }
        }
        Err(Problem::from(ProblemKind::InterviewCancelled).with_cause("the hand-overs lead in a circle"))
    }

    /// Where the meeting is joined, as Graph says it; or else whether Graph says that it is gone.
    async fn found(&self, room: &MeetingLink) -> Result<JoinUrl, bool> {
        let mut seat = self.seat(&room.customer, &room.user).await.map_err(|_| false)?;
        match seat.get(&room.id, Language::default()).await {
            Ok(meeting) => Ok(meeting.join_url),
            Err(unable) => Err(matches!(unable, GraphCallError::Graph(GraphError::NotFound))),
        }
    }
}
