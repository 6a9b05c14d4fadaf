//! The laws, and who watches over them. He looks at the vault from below after every turn.

use serde_json::Value;
use shared::clock::{SignedDuration, Timestamp};
use shared::secret::Secret;
use shared::vault::memory::Lying;
use shared::vault::terms::{Arn, VersionId};

use crate::entra::{Book, Issue};
use crate::world::{RECRUITERS, World};
use crate::writer::{Outcome, Writer};

/// A law that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// A newer refresh token was replaced by an older one.
    NewerByOlder {
        /// What lay there.
        before: Issue,
        /// What lies there now.
        now: Issue,
    },
    /// Somebody's connection holds somebody else's tokens.
    SomebodyElses(Issue),
    /// A connection is doubted, or lost, and Entra never gave cause.
    DoubtedForNothing {
        /// The word in the vault.
        standing: String,
        /// What Entra had said of that sign-in.
        refusals: Vec<Timestamp>,
    },
    /// A connection went, and nobody disconnected it.
    Gone,
    /// What lies in the vault is nothing that Entra ever issued.
    Invented(String),
    /// One process asked twice at once for one recruiter.
    AskedTwiceAtOnce,
    /// The ATS was told that a sign-in counts, and it does not lie in the vault.
    Unkept(u64),
    /// A token was handed out that is not this recruiter's.
    WrongToken(String),
    /// In the end, with nothing failing any more, a connection that should work does not.
    DoesNotWork(Outcome),
    /// In the end a recruiter could not connect again.
    CannotConnect(Outcome),
}

/// What was seen of one recruiter's connection last.
#[derive(Default)]
struct Seen {
    version: Option<(Arn, VersionId)>,
    issue: Option<Issue>,
    standing: String,
    /// Somebody set out to disconnect it, so it may be gone.
    may_be_gone: bool,
}

/// The witness of one schedule.
#[derive(Default)]
pub struct Witness {
    seen: [Seen; RECRUITERS],
}

impl Witness {
    /// Somebody sets out to disconnect a recruiter.
    pub fn disconnects(&mut self, recruiter: usize) {
        self.seen[recruiter].may_be_gone = true;
    }

    /// Looks at everything.
    pub fn look(&mut self, world: &World) -> Result<(), Broken> {
        let book = world.entra.book();
        if book.asked_twice_at_once {
            return Err(Broken::AskedTwiceAtOnce);
        }
        for (recruiter, seen) in self.seen.iter_mut().enumerate() {
            match world.memory.lying(&world.name_of(recruiter)) {
                Some(lying) if !lying.marked => seen.look(recruiter, &lying, &book)?,
                // What comes after it has nothing to be newer than.
                _ if seen.may_be_gone => seen.issue = None,
                _ => return Err(Broken::Gone),
            }
        }
        Ok(())
    }

    /// Judges what somebody was told, at the moment when he is told it.
    pub fn told(&self, world: &World, writer: Writer, outcome: &Outcome) -> Result<(), Broken> {
        let seen = &self.seen[writer.recruiter];
        match outcome {
            Outcome::Served(token) => match world.entra.book().issue_of(token) {
                Some(issue) if issue.recruiter == writer.recruiter => Ok(()),
                _ => Err(Broken::WrongToken(token.clone())),
            },
            Outcome::Connected(sign_in) if !seen.may_be_gone => match seen.issue {
                Some(issue) if issue.sign_in >= *sign_in => Ok(()),
                _ => Err(Broken::Unkept(*sign_in)),
            },
            _ => Ok(()),
        }
    }

    /// Whether a connection must work when nothing fails any more.
    pub fn must_work(&self, world: &World, recruiter: usize) -> bool {
        let seen = &self.seen[recruiter];
        let book = world.entra.book();
        let marked = world.memory.lying(&world.name_of(recruiter)).is_none_or(|lying| lying.marked);
        !marked && seen.standing != "needs_reauth" && seen.issue.is_some_and(|issue| !book.is_revoked(issue.sign_in))
    }
}

impl Seen {
    fn look(&mut self, recruiter: usize, lying: &Lying, book: &Book) -> Result<(), Broken> {
        let version = (lying.arn.clone(), lying.version.clone());
        if self.version.as_ref() == Some(&version) {
            return Ok(());
        }
        let content: Value = serde_json::from_str(lying.body.expose()).unwrap_or_default();
        let text = |name: &str| content[name].as_str().unwrap_or_default().to_owned();
        let refresh = text("refresh_token");
        let issue = book.issue_of(&refresh).ok_or(Broken::Invented(refresh))?;
        if issue.recruiter != recruiter {
            return Err(Broken::SomebodyElses(issue));
        }
        if let Some(before) = self.issue.filter(|before| *before > issue) {
            return Err(Broken::NewerByOlder { before, now: issue });
        }
        let standing = text("state");
        let refusals = book.refusals.get(&issue.sign_in).cloned().unwrap_or_default();
        let cause = match standing.as_str() {
            "active" => true,
            "suspect" => !refusals.is_empty(),
            _ => book.wanted.contains(&issue.sign_in) || are_a_minute_apart(&refusals),
        };
        if !cause {
            return Err(Broken::DoubtedForNothing { standing, refusals });
        }
        (self.version, self.issue, self.standing) = (Some(version), Some(issue), standing);
        Ok(())
    }
}

fn are_a_minute_apart(refusals: &[Timestamp]) -> bool {
    let (first, last) = (refusals.iter().min(), refusals.iter().max());
    first.zip(last).is_some_and(|(first, last)| first.duration_until(*last) >= SignedDuration::from_secs(60))
}
