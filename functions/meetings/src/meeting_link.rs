//! Makes and follows our own links to meetings.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use shared::adapters::microsoft::graph::GraphError;
use shared::domain::audit::{AuditAction, AuditActor, AuditEntry};
use shared::domain::meeting::{JoinUrl, Meeting, MeetingLink};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::types::rate_limiter::RateLimit;
use shared::types::sealing::deterministic::DeterministicSealingKey;
use tokio::time::{Instant, timeout_at};

use crate::graph_session::{GraphCallError, GraphSession};
use crate::state::Meetings;

/// Whoever opens a link does not wait longer for Graph, all hand-overs together; then the last known join URL is used.
const GRAPH_PATIENCE: Duration = Duration::from_secs(2);

/// How often the links of one recruiter's meetings have Graph asked: how many times at once, and the time until once more.
/// Beyond it a link leads where it led within the last minute. Graph counts what is asked in the recruiter's name, and orders
/// of the ATS should not be throttled because somebody opens one link again and again.
const GRAPH_LIMIT: RateLimit = RateLimit { burst: NonZeroU32::new(10).unwrap(), period: Duration::from_secs(6) };

/// Most interviews are handed over once or twice; a longer chain is a circle.
const MAX_HAND_OVERS_FOLLOWED: usize = 8;

/// Our own link to a meeting.
pub(crate) fn url(
    meetings: &Meetings,
    link_key: &DeterministicSealingKey,
    customer: &CustomerId,
    user: &UserId,
    meeting: &Meeting,
) -> Result<String, Problem> {
    let (id, join_url) = (meeting.id.clone(), meeting.join_url.clone());
    let link = MeetingLink { customer: customer.clone(), user: user.clone(), id, join_url };
    let token = link.seal(link_key).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
    Ok(format!("{}/m/{token}", meetings.public_url()))
}

/// Where the holder of a link joins now. Every use of a link is audited.
pub(crate) async fn resolve_and_audit(meetings: &Meetings, token: &str) -> Result<JoinUrl, Problem> {
    let Some(link) = meetings.link_keys.open(token).await? else {
        let problem = Problem::from(ProblemKind::LinkUnusable);
        AuditEntry::new(AuditAction::OpenMeetingLink, AuditActor::Stranger).refused(problem.code());
        return Err(problem);
    };
    let (customer, user) = (link.customer.clone(), link.user.clone());
    let resolved = resolve(meetings, link).await;
    let entry = AuditEntry::new(AuditAction::OpenMeetingLink, AuditActor::Link).customer(&customer).user(&user);
    match &resolved {
        Ok(_) => entry.succeeded(),
        Err(problem) => entry.refused(problem.code()),
    }
    resolved
}

/// Where a link leads: asked anew, or, if links of this recruiter were opened too often, as within the last minute.
async fn resolve(meetings: &Meetings, link: MeetingLink) -> Result<JoinUrl, Problem> {
    // By what it names: a link has many spellings.
    let key = format!("{}/{}/{}", link.customer, link.user, link.id.as_str());
    let now = meetings.clock.now();
    let limited = meetings.link_limiter.acquire(&(link.customer.clone(), link.user.clone()), GRAPH_LIMIT).is_err();
    let known = if limited { meetings.resolved_links.get(&key, now) } else { None };
    let resolved = if let Some(known) = known {
        known
    } else {
        let resolved = Arc::new(follow(meetings, link).await?);
        meetings.resolved_links.insert(key, resolved.clone(), now);
        resolved
    };
    resolved.as_ref().clone().ok_or_else(|| ProblemKind::InterviewCancelled.into())
}

/// Where the meeting of a link takes place now. Graph is asked first: Microsoft may have changed its own link, or the
/// meeting may be cancelled. If Graph cannot be asked, because the recruiter is disconnected or Microsoft does not answer,
/// the join URL in the link is used and Teams decides.
///
/// `None` means that the interview was cancelled.
async fn follow(meetings: &Meetings, mut link: MeetingLink) -> Result<Option<JoinUrl>, Problem> {
    let deadline = Instant::now() + GRAPH_PATIENCE;
    for _ in 0..MAX_HAND_OVERS_FOLLOWED {
        let answer = timeout_at(deadline, current_join_url(meetings, &link)).await;
        let gone = match answer.unwrap_or(Err(false)) {
            Ok(join_url) => return Ok(Some(join_url)),
            Err(gone) => gone,
        };
        // A meeting that was handed over is gone as well, so only here is the record looked up.
        match meetings.hand_overs.find(&link.customer, &link.user, &link.id).await {
            Ok(Some(hand_over)) => {
                link = MeetingLink { user: hand_over.to, id: hand_over.id, join_url: hand_over.join_url, ..link };
            }
            Ok(None) if gone => return Ok(None),
            Ok(None) => return Ok(Some(link.join_url)),
            Err(error) if gone => return Err(error.into()),
            Err(error) => {
                tracing::warn!(error = %error, "a link leads to where its meeting was last");
                return Ok(Some(link.join_url));
            }
        }
    }
    Err(Problem::from(ProblemKind::InterviewCancelled).with_cause("the hand-overs lead in a circle"))
}

/// The join URL as Graph has it. The error tells whether the meeting is gone or cancelled.
async fn current_join_url(meetings: &Meetings, link: &MeetingLink) -> Result<JoinUrl, bool> {
    // What is remembered counts more than what Graph says: a deleted meeting may be there again.
    let cancelled = meetings.cancellations.get(&link.customer, &link.user).await;
    if cancelled.is_ok_and(|cancelled| cancelled.contains(&link.id, meetings.clock.now())) {
        return Err(true);
    }
    let mut session = GraphSession::open(meetings, &link.customer, &link.user).await.map_err(|_| false)?;
    match session.get(&link.id, Language::default()).await {
        Ok(meeting) => Ok(meeting.join_url),
        Err(error) => Err(matches!(error, GraphCallError::Graph(GraphError::NotFound))),
    }
}
