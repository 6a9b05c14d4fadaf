//! The laws, and who watches over them. He looks at the vault from below after every turn.

use std::collections::HashMap;

use serde_json::Value;
use shared::domain::event::{Event, EventKind};
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::UserId;

use crate::entra::{IssuedToken, TokenLedger};
use crate::world::{ModelWorld, RECRUITERS};
use crate::writer::{WriterAction, WriterOutcome, WriterTask};

/// So long a process may go on with a connection that it has read.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// A law that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvariantViolation {
    /// A newer refresh token was replaced by an older one.
    NewerByOlder {
        /// What lay there.
        before: IssuedToken,
        /// What lies there now.
        now: IssuedToken,
    },
    /// Somebody's connection holds somebody else's tokens.
    SomebodyElses(IssuedToken),
    /// A connection is doubted, or lost, and Entra never gave cause.
    DoubtedForNothing {
        /// The word in the vault.
        standing: String,
        /// What Entra had said of that sign-in.
        refusals: Vec<Timestamp>,
    },
    /// A connection went, and nobody disconnected it.
    Gone,
    /// A node is named that is not there.
    LeadsNowhere,
    /// A recruiter has two entries that count.
    InTwoPlaces(usize),
    /// A connection of before a disconnection that was reported is there again.
    Revived(IssuedToken),
    /// Its tokens were handed out to whoever asked more than a minute later.
    ServedAfterwards(IssuedToken),
    /// A change was kept, and no event tells it.
    Untold {
        /// The word in the vault.
        standing: String,
        /// The ids that lie beside it.
        events: Vec<String>,
    },
    /// An event is delivered that tells what never lay in the vault.
    ToldForNothing(Box<Event>),
    /// What lies in the vault is nothing that Entra ever issued.
    Invented(String),
    /// One process asked twice at once for one recruiter.
    AskedTwiceAtOnce,
    /// The ATS was told that a sign-in counts, and it does not lie in the vault.
    Unkept(u64),
    /// A token was handed out that is not this recruiter's.
    WrongToken(String),
    /// In the end, with nothing failing any more, a connection that should work does not.
    DoesNotWork(WriterOutcome),
    /// In the end a recruiter could not connect again.
    CannotConnect(WriterOutcome),
}

/// What was seen of one recruiter's connection last.
#[derive(Default)]
struct ObservedVersion {
    /// The entry that was looked at last, and what it holds; nothing where it says that there is no connection.
    version: Option<(Value, Option<IssuedToken>)>,
    /// What the next must not be older than.
    issue: Option<IssuedToken>,
    standing: String,
    /// Somebody set out to disconnect it, so it may be gone.
    may_be_gone: bool,
    /// Sign-ins that lay there when somebody set out to disconnect, by when he was told that it is done.
    ended: HashMap<u64, Timestamp>,
    /// The ids of events that lay there, in their order.
    told: Vec<String>,
}

/// What was the case when a writer set out.
#[derive(Debug, Clone, Copy)]
pub struct PreviousObservation {
    at: Timestamp,
    lying: [Option<IssuedToken>; RECRUITERS],
}

/// The witness of one schedule.
#[derive(Default)]
pub struct InvariantChecker {
    /// Calls that change what lies in the vault, when it was last looked at.
    writes: Option<usize>,
    seen: [ObservedVersion; RECRUITERS],
}

impl InvariantChecker {
    /// Somebody sets out.
    pub fn sets_out(&mut self, world: &ModelWorld, writer: WriterTask) -> PreviousObservation {
        for (recruiter, seen) in self.seen.iter_mut().enumerate() {
            seen.may_be_gone |= match writer.errand {
                WriterAction::Disconnect => recruiter == writer.recruiter,
                WriterAction::Offboard => true,
                _ => false,
            };
        }
        let nodes = world.nodes();
        let lying = std::array::from_fn(|recruiter| {
            let entries = entries_in(&nodes, &world.recruiters[recruiter]);
            let refresh = entries.first()?["refresh_token"].as_str()?.to_owned();
            world.entra.book().issue_of(&refresh)
        });
        PreviousObservation { at: world.now(), lying }
    }

    /// Looks at everything.
    pub fn look(&mut self, world: &ModelWorld) -> Result<(), InvariantViolation> {
        let book = world.entra.book();
        if book.asked_twice_at_once {
            return Err(InvariantViolation::AskedTwiceAtOnce);
        }
        let writes = world.writes();
        if self.writes.replace(writes) == Some(writes) {
            return Ok(());
        }
        let nodes = world.nodes();
        if nodes.iter().any(Option::is_none) {
            return Err(InvariantViolation::LeadsNowhere);
        }
        for (recruiter, seen) in self.seen.iter_mut().enumerate() {
            match entries_in(&nodes, &world.recruiters[recruiter]).as_slice() {
                [entry] => {
                    seen.look(recruiter, entry, &book)?;
                    seen.is_told(entry, world)?;
                }
                // What comes after it has nothing to be newer than.
                [] if seen.may_be_gone => seen.issue = None,
                [] => return Err(InvariantViolation::Gone),
                _ => return Err(InvariantViolation::InTwoPlaces(recruiter)),
            }
        }
        Ok(())
    }

    /// Judges what somebody was told, at the moment when he is told it.
    pub fn told(
        &mut self,
        world: &ModelWorld,
        (writer, before): (WriterTask, PreviousObservation),
        outcome: &WriterOutcome,
    ) -> Result<(), InvariantViolation> {
        let seen = &mut self.seen[writer.recruiter];
        match outcome {
            WriterOutcome::Served(token) => match world.entra.book().issue_of(token) {
                Some(issue) if issue.recruiter == writer.recruiter => {
                    let late = |since: &Timestamp| since.duration_until(before.at) >= READ_AGAIN_AFTER;
                    let ended = seen.ended.get(&issue.sign_in).is_some_and(late);
                    if ended { Err(InvariantViolation::ServedAfterwards(issue)) } else { Ok(()) }
                }
                _ => Err(InvariantViolation::WrongToken(token.clone())),
            },
            WriterOutcome::Disconnected if writer.errand == WriterAction::Disconnect => {
                self.writes = None;
                if let Some(issue) = before.lying[writer.recruiter] {
                    seen.ended.entry(issue.sign_in).or_insert(world.now());
                }
                Ok(())
            }
            // Whatever comes after it, nothing from before lives again.
            WriterOutcome::Offboarded => {
                self.writes = None;
                for (seen, issue) in self.seen.iter_mut().zip(before.lying) {
                    if let Some(issue) = issue {
                        seen.ended.entry(issue.sign_in).or_insert(world.now());
                    }
                }
                Ok(())
            }
            WriterOutcome::Connected(sign_in) if !seen.may_be_gone => match seen.issue {
                Some(issue) if issue.sign_in >= *sign_in => Ok(()),
                _ => Err(InvariantViolation::Unkept(*sign_in)),
            },
            _ => Ok(()),
        }
    }

    /// Judges what is delivered in the end: everything that lay there lately, and nothing else.
    pub async fn delivered(&self, world: &ModelWorld) -> Result<(), InvariantViolation> {
        let connections = world.vault.connections();
        let tenure = world.tenure().await.unwrap();
        let published: Vec<Event> = world.queue.published().values().cloned().collect();
        // Of a tenure that has ended nothing else is told.
        for event in published.into_iter().filter(|event| event.tenure == tenure) {
            let Some(user) = &event.user else { continue };
            let recruiter = world.recruiters.iter().position(|known| known == user).unwrap();
            let told = &self.seen[recruiter].told;
            let is_told = connections.holds_event(user, &event).await.unwrap();
            let id = event.id.to_string();
            let age = told.iter().rev().position(|known| *known == id);
            match age {
                None if is_told => return Err(InvariantViolation::ToldForNothing(Box::new(event))),
                // Whoever was disconnected is forgotten after a month, and so is what was told of it by then.
                Some(0..6) if !is_told && event.at.duration_until(world.now()) < SignedDuration::from_hours(24) => {
                    return Err(InvariantViolation::Untold { standing: "forgotten".to_owned(), events: told.clone() });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a connection must work when nothing fails any more.
    pub fn must_work(&self, world: &ModelWorld, recruiter: usize) -> bool {
        let seen = &self.seen[recruiter];
        let book = world.entra.book();
        let gone = entries_of(world, recruiter).first().is_none_or(is_ended);
        !gone && seen.standing != "needs_reauth" && seen.issue.is_some_and(|issue| !book.is_revoked(issue.sign_in))
    }
}

impl ObservedVersion {
    fn look(&mut self, recruiter: usize, lying: &Value, book: &TokenLedger) -> Result<(), InvariantViolation> {
        if let Some((_, issue)) = self.version.as_ref().filter(|(known, _)| known == lying) {
            return issue.map_or(Ok(()), |issue| self.has_not_ended(issue));
        }
        if is_ended(lying) {
            (self.version, self.issue) = (Some((lying.clone(), None)), None);
            return if self.may_be_gone { Ok(()) } else { Err(InvariantViolation::Gone) };
        }
        let text = |name: &str| lying[name].as_str().unwrap_or_default().to_owned();
        let refresh = text("refresh_token");
        let issue = book.issue_of(&refresh).ok_or(InvariantViolation::Invented(refresh))?;
        if issue.recruiter != recruiter {
            return Err(InvariantViolation::SomebodyElses(issue));
        }
        self.has_not_ended(issue)?;
        if let Some(before) = self.issue.filter(|before| *before > issue) {
            return Err(InvariantViolation::NewerByOlder { before, now: issue });
        }
        let standing = text("state");
        let refusals = book.refusals.get(&issue.sign_in).cloned().unwrap_or_default();
        let cause = match standing.as_str() {
            "active" => true,
            "suspect" => !refusals.is_empty(),
            _ => book.wanted.contains(&issue.sign_in) || are_a_minute_apart(&refusals),
        };
        if !cause {
            return Err(InvariantViolation::DoubtedForNothing { standing, refusals });
        }
        (self.version, self.issue, self.standing) = (Some((lying.clone(), Some(issue))), Some(issue), standing);
        Ok(())
    }

    /// What lies there is the change that its latest event tells.
    fn is_told(&mut self, lying: &Value, world: &ModelWorld) -> Result<(), InvariantViolation> {
        let ids = lying["events"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let events: Vec<String> = ids.map(str::to_owned).collect();
        let standing = lying["state"].as_str().unwrap_or_default();
        let published = world.queue.published();
        let tells = |event: &Event| {
            let is_since = lying["since"] == event.at.to_string();
            match standing {
                "needs_reauth" => event.kind == EventKind::ConnectionNeedsSignIn && is_since,
                "disconnected" => event.kind == EventKind::ConnectionEnded && is_since,
                _ => matches!(event.kind, EventKind::ConnectionMade | EventKind::ConnectionRecovered),
            }
        };
        let all_published = events.iter().all(|id| published.contains_key(id));
        if !all_published || !events.last().and_then(|id| published.get(id)).is_some_and(tells) {
            return Err(InvariantViolation::Untold { standing: standing.to_owned(), events });
        }
        for id in events {
            if !self.told.contains(&id) {
                self.told.push(id);
            }
        }
        Ok(())
    }

    fn has_not_ended(&self, issue: IssuedToken) -> Result<(), InvariantViolation> {
        if self.ended.contains_key(&issue.sign_in) { Err(InvariantViolation::Revived(issue)) } else { Ok(()) }
    }
}

/// A recruiter's entry, wherever the way from the root leads.
fn entries_of(world: &ModelWorld, recruiter: usize) -> Vec<Value> {
    entries_in(&world.nodes(), &world.recruiters[recruiter])
}

/// Without those of somebody who never connected: they say when such a recruiter was disconnected.
fn entries_in(nodes: &[Option<Value>], user: &UserId) -> Vec<Value> {
    let entries = nodes.iter().flatten().map(|node| &node["entries"][user.as_str()]);
    entries.filter(|entry| entry["state"].is_string()).cloned().collect()
}

/// Whether it says that there is no connection any more.
fn is_ended(entry: &Value) -> bool {
    entry["state"] == "disconnected"
}

fn are_a_minute_apart(refusals: &[Timestamp]) -> bool {
    let (first, last) = (refusals.iter().min(), refusals.iter().max());
    first.zip(last).is_some_and(|(first, last)| first.duration_until(*last) >= SignedDuration::from_secs(60))
}
