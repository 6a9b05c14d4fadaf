//! A vault in memory, for tests: it keeps the contract, counts what it was asked, and fails on demand.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::{Clock, Timestamp};
use crate::randomness::Randomness;
use crate::secret::{Secret, SecretBody};
use crate::vault::backend::{self, Incarnation};
use crate::vault::terms::{Arn, Description, Page, Read, SecretName, Stage, Tags, VaultError, VersionId};

/// What can be asked of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// `CreateSecret`.
    Create,
    /// `PutSecretValue`.
    Put,
    /// `GetSecretValue`.
    Read,
    /// `DescribeSecret`.
    Describe,
    /// `TagResource`.
    Tag,
    /// `DeleteSecret`.
    Delete,
    /// `RestoreSecret`.
    Restore,
    /// `ListSecrets`.
    List,
}

/// How a vault can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is out of reach, and nothing was done.
    Unavailable,
    /// It did what it was asked, and its answer was lost: to the caller this is no different from `Unavailable`.
    AnswerLost,
    /// It does not let us in.
    Denied,
    /// It is a replica that lags: `Read` and `Describe` tell of the version before, where there is one. Another
    /// operation takes no notice.
    Behind,
}

/// What lies in the vault, seen from below: nobody asked for it, so nothing fails and nothing is counted.
#[derive(Debug)]
pub struct Lying {
    /// The incarnation.
    pub arn: Arn,
    /// The current version.
    pub version: VersionId,
    /// Its content.
    pub body: SecretBody,
    /// Whether it is marked for deletion.
    pub marked: bool,
}

/// A vault that lives as long as its last clone.
#[derive(Clone)]
pub struct Memory {
    kept: Arc<Mutex<Kept>>,
    clock: Clock,
    randomness: Randomness,
}

#[derive(Default)]
struct Kept {
    secrets: BTreeMap<String, Entry>,
    last_write_wins: bool,
    /// The operation that is being answered is answered by a replica that lags.
    behind: bool,
    faults: BTreeMap<Operation, VecDeque<Fault>>,
    calls: BTreeMap<Operation, usize>,
}

struct Entry {
    incarnation: Incarnation,
    bodies: HashMap<VersionId, SecretBody>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} secrets)", self.lock().secrets.len())
    }
}

impl Memory {
    /// An empty vault.
    #[must_use]
    pub fn new(clock: Clock, randomness: Randomness) -> Self {
        Self { kept: Arc::default(), clock, randomness }
    }

    /// Lets the next call of `operation` fail; said twice, the next two.
    pub fn fail_next(&self, operation: Operation, fault: Fault) {
        self.lock().faults.entry(operation).or_default().push_back(fault);
    }

    /// Forgets every fault that has not come yet.
    pub fn calm(&self) {
        self.lock().faults.clear();
    }

    /// From now on a write replaces whatever is there. No vault of the product may be like that: it is for tests that
    /// must notice it.
    pub fn let_the_last_write_win(&self) {
        self.lock().last_write_wins = true;
    }

    /// What lies under a name, if it is not gone for good.
    #[must_use]
    pub fn lying(&self, name: &str) -> Option<Lying> {
        let mut kept = self.lock();
        let incarnation = &kept.named(name, self.clock.now()).ok()?.incarnation;
        let (arn, marked) = (incarnation.arn(), incarnation.is_marked());
        let version = incarnation.labelled(Stage::Current).ok()?;
        let body = SecretBody::from(kept.secrets.get(name)?.bodies.get(&version)?.expose().to_owned());
        Some(Lying { arn, version, body, marked })
    }

    /// How often each operation was asked for, whatever the answer was.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<Operation, usize> {
        self.lock().calls.clone()
    }

    /// `CreateSecret`.
    ///
    /// # Errors
    /// As `Backend::create`.
    pub async fn create(
        &self,
        name: &SecretName,
        first: &VersionId,
        body: SecretBody,
        tags: &Tags,
    ) -> Result<Arn, VaultError> {
        let act = |kept: &mut Kept, now| {
            backend::check_body(&body)?;
            backend::check_tags(tags)?;
            if let Ok(entry) = kept.named(name.as_str(), now) {
                entry.incarnation.unmarked()?;
                return if entry.repeats(first, &body) { Ok(entry.incarnation.arn()) } else { Err(VaultError::Stale) };
            }
            let incarnation = Incarnation::begin(name, first, tags, now, &self.randomness)?;
            let arn = incarnation.arn();
            let bodies = HashMap::from([(first.clone(), body)]);
            kept.secrets.insert(name.as_str().to_owned(), Entry { incarnation, bodies });
            Ok(arn)
        };
        self.answer(Operation::Create, act).await
    }

    /// `PutSecretValue`.
    ///
    /// # Errors
    /// As `Backend::put`.
    pub async fn put(&self, arn: &Arn, base: &VersionId, body: SecretBody) -> Result<VersionId, VaultError> {
        let act = |kept: &mut Kept, now| {
            backend::check_body(&body)?;
            let last_write_wins = kept.last_write_wins;
            let entry = kept.under(arn, now)?;
            entry.incarnation.unmarked()?;
            let base = if last_write_wins { entry.incarnation.labelled(Stage::Current)? } else { base.clone() };
            let version = base.successor();
            if entry.incarnation.holds(&version) {
                return if entry.repeats(&version, &body) { Ok(version) } else { Err(VaultError::Stale) };
            }
            for purged in entry.incarnation.advance(&version, now) {
                entry.bodies.remove(&purged);
            }
            entry.bodies.insert(version.clone(), body);
            Ok(version)
        };
        self.answer(Operation::Put, act).await
    }

    /// `GetSecretValue`.
    ///
    /// # Errors
    /// As `Backend::read`.
    pub async fn read(&self, name: &SecretName, stage: Stage) -> Result<Read, VaultError> {
        let act = |kept: &mut Kept, now| {
            let behind = std::mem::take(&mut kept.behind);
            let entry = kept.named(name.as_str(), now)?;
            entry.incarnation.unmarked()?;
            let version = match entry.incarnation.labelled(Stage::Previous) {
                Ok(former) if behind && stage == Stage::Current => former,
                _ => entry.incarnation.labelled(stage)?,
            };
            let body = entry.bodies.get(&version).ok_or(VaultError::NotFound)?;
            // A secret cannot be cloned; what GetSecretValue answers is a copy all the same.
            let body = SecretBody::from(body.expose().to_owned());
            Ok(Read { arn: entry.incarnation.arn(), version, body })
        };
        self.answer(Operation::Read, act).await
    }

    /// `DescribeSecret`.
    ///
    /// # Errors
    /// As `Backend::describe`.
    pub async fn describe(&self, name: &SecretName) -> Result<Description, VaultError> {
        let act = |kept: &mut Kept, now| {
            let behind = std::mem::take(&mut kept.behind);
            let description = kept.named(name.as_str(), now)?.incarnation.describe(name.as_str())?;
            let current = description.previous.clone().filter(|_| behind).unwrap_or(description.current);
            Ok(Description { current, ..description })
        };
        self.answer(Operation::Describe, act).await
    }

    /// `TagResource`.
    ///
    /// # Errors
    /// As `Backend::tag`.
    pub async fn tag(&self, arn: &Arn, tags: &Tags) -> Result<(), VaultError> {
        let act = |kept: &mut Kept, now| {
            backend::check_tags(tags)?;
            let entry = kept.under(arn, now)?;
            entry.incarnation.unmarked()?;
            entry.incarnation.tag(tags, now)
        };
        self.answer(Operation::Tag, act).await
    }

    /// `DeleteSecret`.
    ///
    /// # Errors
    /// As `Backend::delete`.
    pub async fn delete(&self, arn: &Arn) -> Result<(), VaultError> {
        let act = |kept: &mut Kept, now| {
            kept.under(arn, now)?.incarnation.mark(now);
            Ok(())
        };
        self.answer(Operation::Delete, act).await
    }

    /// `RestoreSecret`.
    ///
    /// # Errors
    /// As `Backend::restore`.
    pub async fn restore(&self, name: &SecretName) -> Result<(), VaultError> {
        let act = |kept: &mut Kept, now| {
            kept.named(name.as_str(), now)?.incarnation.restore();
            Ok(())
        };
        self.answer(Operation::Restore, act).await
    }

    /// `ListSecrets`.
    ///
    /// # Errors
    /// As `Backend::list`.
    pub async fn list(&self, prefix: &str, page: Option<&str>, limit: usize) -> Result<Page, VaultError> {
        let act = |kept: &mut Kept, _| {
            let start = backend::list_start(prefix, page)?;
            let secrets = kept.secrets.range::<str, _>((start.as_ref().map(String::as_str), Bound::Unbounded));
            let secrets = secrets
                .take_while(|(name, _)| name.starts_with(prefix))
                .filter(|(_, entry)| !entry.incarnation.is_marked())
                .map(|(name, entry)| entry.incarnation.describe(name));
            backend::list_page(secrets, limit)
        };
        self.answer(Operation::List, act).await
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the call, fails it if that was asked for, otherwise acts.
    async fn answer<T>(
        &self,
        operation: Operation,
        act: impl FnOnce(&mut Kept, Timestamp) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        // Every other vault lets somebody else go first while it is asked; tests of races would prove little if this
        // one did not.
        tokio::task::yield_now().await;
        let mut kept = self.lock();
        let now = self.clock.now();
        *kept.calls.entry(operation).or_default() += 1;
        let Some(fault) = kept.faults.get_mut(&operation).and_then(VecDeque::pop_front) else {
            return act(&mut kept, now);
        };
        match fault {
            Fault::Unavailable => {}
            Fault::AnswerLost => drop(act(&mut kept, now)),
            Fault::Denied => return Err(VaultError::Denied("as the test asked".to_owned())),
            Fault::Behind => {
                kept.behind = true;
                let answer = act(&mut kept, now);
                kept.behind = false;
                return answer;
            }
        }
        Err(VaultError::Unavailable("as the test asked".into()))
    }
}

impl Kept {
    /// The secret of that name, which is forgotten here once its recovery window is over.
    fn named(&mut self, name: &str, now: Timestamp) -> Result<&mut Entry, VaultError> {
        if self.secrets.get(name).is_some_and(|entry| entry.incarnation.is_gone(now)) {
            self.secrets.remove(name);
        }
        self.secrets.get_mut(name).ok_or(VaultError::NotFound)
    }

    fn under(&mut self, arn: &Arn, now: Timestamp) -> Result<&mut Entry, VaultError> {
        let entry = self.named(backend::name_in(arn)?, now)?;
        if entry.incarnation.is(arn) { Ok(entry) } else { Err(VaultError::NotFound) }
    }
}

impl Entry {
    fn repeats(&self, version: &VersionId, body: &SecretBody) -> bool {
        self.bodies.get(version).is_some_and(|held| backend::same_content(held, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> SecretBody {
        "content".to_owned().into()
    }

    #[tokio::test]
    async fn faults_come_in_turn_and_only_a_lost_answer_leaves_a_trace() {
        let randomness = Randomness::seeded(1);
        let memory = Memory::new(Clock::stopped_at(Timestamp::UNIX_EPOCH), randomness.clone());
        let (name, first) = ("a".parse::<SecretName>().unwrap(), VersionId::first(&randomness).unwrap());
        let arn = memory.create(&name, &first, body(), &Tags::new()).await.unwrap();
        for fault in [Fault::Unavailable, Fault::Denied, Fault::AnswerLost] {
            memory.fail_next(Operation::Put, fault);
        }
        let current = async || memory.describe(&name).await.unwrap().current;
        assert!(matches!(memory.put(&arn, &first, body()).await, Err(VaultError::Unavailable(_))));
        assert!(matches!(memory.put(&arn, &first, body()).await, Err(VaultError::Denied(_))));
        assert_eq!(current().await, first);
        assert!(matches!(memory.put(&arn, &first, body()).await, Err(VaultError::Unavailable(_))));
        assert_eq!(current().await, first.successor());
        assert_eq!(memory.put(&arn, &first, body()).await.unwrap(), first.successor());
        let calls = [(Operation::Create, 1), (Operation::Put, 4), (Operation::Describe, 2)];
        assert_eq!(memory.calls(), BTreeMap::from(calls));
    }
}
