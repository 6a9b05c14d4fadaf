//! Where links led, as far as this process knows. Of those who open one link at the same moment one finds out.

use std::sync::Arc;

use shared::domain::meeting::{JoinUrl, MeetingId, MeetingLink};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::UserId;
use shared::types::keyed_mutex::KeyedMutex;
use shared::types::ttl_cache::TtlCache;

/// How long it is known where a link led.
const TARGET_TTL: SignedDuration = SignedDuration::from_mins(1);

/// How long a link that could not be followed is not followed again.
const FAILURE_TTL: SignedDuration = SignedDuration::from_secs(5);

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LinkTarget {
    /// Who has the interview now.
    pub(crate) user: UserId,
    /// The meeting.
    pub(crate) id: MeetingId,
    /// Why there is none: the meeting was cancelled, or the customer has ended.
    pub(crate) join_url: Result<JoinUrl, ProblemKind>,
}

/// Where links led. Clones know the same.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedLinks {
    targets: TtlCache<String, LinkTarget>,
    failures: TtlCache<String, ProblemKind>,
    asking: KeyedMutex<String>,
}

impl ResolvedLinks {
    pub(crate) fn new() -> Self {
        let (targets, failures) = (TtlCache::new(TARGET_TTL), TtlCache::new(FAILURE_TTL));
        Self { targets, failures, asking: KeyedMutex::default() }
    }

    /// Where a link leads. `find_out` is given where it led within the last minute, and may return that; it is not called
    /// where another opening of the same link found out meanwhile, and where nobody could a moment ago.
    pub(crate) async fn resolve<F: Future<Output = Result<Arc<LinkTarget>, Problem>>>(
        &self,
        link: &MeetingLink,
        now: Timestamp,
        find_out: impl FnOnce(Option<Arc<LinkTarget>>) -> F,
    ) -> Result<Arc<LinkTarget>, Problem> {
        // By what it names: a link has many spellings.
        let key = format!("{}/{}/{}", link.customer, link.user, link.id.as_str());
        let before = self.targets.get(&key, now);
        let _alone = self.asking.lock(&key).await;
        if let Some(kind) = self.failures.get(&key, now) {
            return Err((*kind).into());
        }
        let known = self.targets.get(&key, now);
        if let Some(known) = &known
            && !is_same(Some(known), before.as_ref())
        {
            return Ok(known.clone());
        }
        match find_out(known.clone()).await {
            Ok(target) => {
                // What was known grows no younger by being used.
                if !is_same(Some(&target), known.as_ref()) {
                    self.targets.insert(key, target.clone(), now);
                }
                Ok(target)
            }
            Err(problem) => {
                self.failures.insert(key, Arc::new(problem.kind()), now);
                Err(problem)
            }
        }
    }
}

fn is_same(one: Option<&Arc<LinkTarget>>, other: Option<&Arc<LinkTarget>>) -> bool {
    one.map(Arc::as_ptr) == other.map(Arc::as_ptr)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    fn link() -> MeetingLink {
        MeetingLink {
            customer: "kadry".parse().unwrap(),
            user: "anna".parse().unwrap(),
            id: MeetingId::parse("one").unwrap(),
            join_url: JoinUrl::parse("https://teams.microsoft.com/one").unwrap(),
        }
    }

    fn target() -> Arc<LinkTarget> {
        let MeetingLink { user, id, join_url, .. } = link();
        Arc::new(LinkTarget { user, id, join_url: Ok(join_url) })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    #[tokio::test]
    async fn those_who_open_one_link_at_the_same_moment_ask_once() {
        for found in [true, false] {
            let (links, link, asked, go_on) = (ResolvedLinks::new(), link(), Cell::new(0), Notify::new());
            let open = async |others: usize| {
                if others == 0 {
                    // Everybody waits by now.
                    go_on.notify_one();
                    return None;
                }
                let answer = links.resolve(&link, at(0), async |_| {
                    asked.set(asked.get() + 1);
                    go_on.notified().await;
                    if found { Ok(target()) } else { Err(ProblemKind::VaultUnavailable.into()) }
                });
                Some(answer.await.map_err(|problem| problem.kind()))
            };
            let answers = join_all((0..8).rev().map(open)).await;
            assert_eq!(asked.get(), 1);
            let expected = if found { Ok(target()) } else { Err(ProblemKind::VaultUnavailable) };
            assert_eq!(answers.into_iter().flatten().collect::<Vec<_>>(), vec![expected; 7]);
        }
    }

    #[tokio::test]
    async fn what_is_known_is_offered_for_a_minute_however_often_it_is_used() {
        let (links, link) = (ResolvedLinks::new(), link());
        links.resolve(&link, at(0), async |_| Ok(target())).await.unwrap();
        for second in [1, 30, 59] {
            let known = links.resolve(&link, at(second), async |known| Ok(known.unwrap())).await;
            assert_eq!(known.unwrap(), target());
        }
        let new = links.resolve(&link, at(60), async |known| {
            assert_eq!(known, None);
            Ok(target())
        });
        new.await.unwrap();
    }

    #[tokio::test]
    async fn a_failure_is_told_again_for_five_seconds() {
        let (links, link) = (ResolvedLinks::new(), link());
        let failed = links.resolve(&link, at(0), async |_| Err(ProblemKind::VaultUnavailable.into())).await;
        assert!(failed.is_err());
        let asked = links.resolve(&link, at(4), async |_| Ok(target())).await;
        assert_eq!(asked.map_err(|problem| problem.kind()), Err(ProblemKind::VaultUnavailable));
        assert_eq!(links.resolve(&link, at(5), async |_| Ok(target())).await.unwrap(), target());
    }
}
