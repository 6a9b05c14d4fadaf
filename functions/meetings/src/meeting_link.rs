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
use crate::resolved_links::LinkTarget;
use crate::state::Meetings;

/// Whoever opens a link does not wait longer for Graph, all hand-overs together; then the last known join URL is used.
const GRAPH_PATIENCE: Duration = Duration::from_secs(2);

/// How often links have Graph asked in the name of one recruiter: how many times at once, and the time until once more. Beyond
/// it a link leads where it led within the last minute, or where the vault says. Graph counts what is asked in the recruiter's
/// name, and orders of the ATS should not be throttled because somebody opens links again and again.
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
    entry.ended(resolved.as_ref().err().map(Problem::code));
    resolved
}

/// Where a link leads: asked anew, or, where links have Graph asked too often, as within the last minute. What has ended
/// stays so.
async fn resolve(meetings: &Meetings, link: MeetingLink) -> Result<JoinUrl, Problem> {
    let now = meetings.clock.now();
    let find_out = async |known: Option<Arc<LinkTarget>>| {
        let mut link = link.clone();
        if let Some(target) = &known {
            let Ok(join_url) = target.join_url.clone() else { return Ok(target.clone()) };
            // What was handed over went there once and for all.
            (link.user, link.id, link.join_url) = (target.user.clone(), target.id.clone(), join_url);
        }
        follow(meetings, link, known).await
    };
    let target = meetings.resolved_links.resolve(&link, now, find_out).await?;
    target.join_url.clone().map_err(Problem::from)
}

/// Where the meeting of a link takes place now. What is remembered comes first: a meeting that was cancelled may be there
/// again, and of a customer who has ended nobody knows what was. Then Graph is asked: Microsoft may have changed its own
/// link, or the meeting may be cancelled. If Graph cannot be asked, because the recruiter is disconnected or Microsoft does
/// not answer, the join URL in the link is used and Teams decides.
async fn follow(
    meetings: &Meetings,
    mut link: MeetingLink,
    mut known: Option<Arc<LinkTarget>>,
) -> Result<Arc<LinkTarget>, Problem> {
    let deadline = Instant::now() + GRAPH_PATIENCE;
    for _ in 0..MAX_HAND_OVERS_FOLLOWED {
        let Some(cancelled) = meetings.cancellations.find(&link.customer, &link.user).await? else {
            return Ok(target(link, Err(ProblemKind::LinkUnusable)));
        };
        let is_gone = cancelled.contains(&link.id, meetings.clock.now())
            || match timeout_at(deadline, current_join_url(meetings, &link)).await.unwrap_or(Err(NoJoinUrl::Unknown)) {
                Ok(join_url) => return Ok(target(link, Ok(join_url))),
                Err(NoJoinUrl::TooOften) if let Some(known) = &known => return Ok(known.clone()),
                Err(NoJoinUrl::TooOften | NoJoinUrl::Unknown) => false,
                Err(NoJoinUrl::Gone) => true,
            };
        // A meeting that was handed over is gone as well, so only here is the record looked up.
        match meetings.hand_overs.find(&link.customer, &link.user, &link.id).await {
            Ok(Some(hand_over)) => {
                known = None;
                link = MeetingLink { user: hand_over.to, id: hand_over.id, join_url: hand_over.join_url, ..link };
            }
            Ok(None) if is_gone => return Ok(target(link, Err(ProblemKind::InterviewCancelled))),
            Err(error) if is_gone => return Err(error.into()),
            result => {
                if let Err(error) = result {
                    tracing::warn!(error = %error, "a link leads to where its meeting was last");
                }
                let join_url = link.join_url.clone();
                return Ok(target(link, Ok(join_url)));
            }
        }
    }
    Err(Problem::from(ProblemKind::InterviewCancelled).with_cause("the hand-overs lead in a circle"))
}

fn target(MeetingLink { user, id, .. }: MeetingLink, join_url: Result<JoinUrl, ProblemKind>) -> Arc<LinkTarget> {
    Arc::new(LinkTarget { user, id, join_url })
}

/// Why Graph told no join URL.
enum NoJoinUrl {
    /// The meeting is gone or cancelled.
    Gone,
    /// It was not asked: links have it asked too often in the name of this recruiter.
    TooOften,
    /// It could not be asked.
    Unknown,
}

/// The join URL as Graph has it.
async fn current_join_url(meetings: &Meetings, link: &MeetingLink) -> Result<JoinUrl, NoJoinUrl> {
    let recruiter = (link.customer.clone(), link.user.clone());
    meetings.link_limiter.acquire(&recruiter, GRAPH_LIMIT).map_err(|_| NoJoinUrl::TooOften)?;
    let session = GraphSession::open(meetings, &link.customer, &link.user).await;
    match session.map_err(|_| NoJoinUrl::Unknown)?.get(&link.id, Language::default()).await {
        Ok(meeting) => Ok(meeting.join_url),
        Err(GraphCallError::Graph(GraphError::NotFound)) => Err(NoJoinUrl::Gone),
        Err(_) => Err(NoJoinUrl::Unknown),
    }
}
