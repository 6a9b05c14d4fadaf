//! A vault in memory, for tests: it keeps the contract, counts what it was asked, and fails on demand.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::adapters::vault::backend::secret_record;
use crate::adapters::vault::backend::secret_record::SecretRecord;
use crate::adapters::vault::model::{
    Arn, SecretMetadata, SecretName, SecretPage, SecretValue, Tags, VaultError, VersionId, VersionStage,
};
use crate::types::clock::{Clock, Timestamp};
use crate::types::randomness::Randomness;
use crate::types::secret::{Secret, SecretBody};

/// What can be asked of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VaultOperation {
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
pub enum InjectedFault {
    /// It is out of reach, and nothing was done.
    Unavailable,
    /// It did what it was asked, and its answer was lost: to the caller this is no different from `Unavailable`.
    ResponseLost,
    /// It does not let us in.
    Denied,
    /// It never answers, and nothing was done.
    Unanswered,
    /// It is a replica that lags: `SecretValue` and `Describe` tell of the version before, where there is one. Another
    /// operation takes no notice.
    StaleReplica,
}

/// What lies in the vault, seen from below: nobody asked for it, so nothing fails and nothing is counted.
#[derive(Debug)]
pub struct StoredSecret {
    /// The incarnation.
    pub arn: Arn,
    /// The current version.
    pub version: VersionId,
    /// Its content.
    pub body: SecretBody,
    /// How many versions there are, this one and former ones.
    pub versions: usize,
    /// Whether it is marked for deletion.
    pub scheduled_for_deletion: bool,
}

/// A vault that lives as long as its last clone.
#[derive(Clone)]
pub struct MemoryBackend {
    kept: Arc<Mutex<MemoryState>>,
    clock: Clock,
    randomness: Randomness,
}

#[derive(Default)]
struct MemoryState {
    secrets: BTreeMap<String, MemorySecret>,
    last_write_wins: bool,
    /// The operation that is being answered is answered by a replica that lags.
    behind: bool,
    faults: BTreeMap<VaultOperation, VecDeque<InjectedFault>>,
    calls: BTreeMap<VaultOperation, usize>,
}

struct MemorySecret {
    incarnation: SecretRecord,
    bodies: HashMap<VersionId, SecretBody>,
}

impl fmt::Debug for MemoryBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} secrets)", self.lock().secrets.len())
    }
}

impl MemoryBackend {
    /// An empty vault.
    #[must_use]
    pub fn new(clock: Clock, randomness: Randomness) -> Self {
        Self { kept: Arc::default(), clock, randomness }
    }

    /// Lets the next call of `operation` fail; said twice, the next two.
    pub fn fail_next(&self, operation: VaultOperation, fault: InjectedFault) {
        self.lock().faults.entry(operation).or_default().push_back(fault);
    }

    /// Forgets every fault that has not come yet.
    pub fn clear_faults(&self) {
        self.lock().faults.clear();
    }

    /// From now on a write replaces whatever is there. No vault of the product may be like that: it is for tests that
    /// must notice it.
    pub fn disable_compare_and_set(&self) {
        self.lock().last_write_wins = true;
    }

    /// Moves `AWSCURRENT` back to the version before, as `UpdateSecretVersionStage` does. Nothing of the product does that.
    pub fn move_current_back(&self, name: &str) {
        if let Ok(entry) = self.lock().find_by_name(name, self.clock.now()) {
            entry.incarnation.move_current_back();
        }
    }

    /// What lies under a name, if it is not gone for good.
    #[must_use]
    pub fn stored(&self, name: &str) -> Option<StoredSecret> {
        let mut kept = self.lock();
        let incarnation = &kept.find_by_name(name, self.clock.now()).ok()?.incarnation;
        let (arn, marked) = (incarnation.arn(), incarnation.is_scheduled_for_deletion());
        let version = incarnation.version_at_stage(VersionStage::Current).ok()?;
        let bodies = &kept.secrets.get(name)?.bodies;
        let body = SecretBody::from(bodies.get(&version)?.expose().to_owned());
        Some(StoredSecret { arn, version, body, versions: bodies.len(), scheduled_for_deletion: marked })
    }

    /// How often each operation was asked for, whatever the answer was.
    #[must_use]
    pub fn call_counts(&self) -> BTreeMap<VaultOperation, usize> {
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
        let act = |kept: &mut MemoryState, now| {
            secret_record::validate_body(&body)?;
            secret_record::validate_tags(tags)?;
            if let Ok(entry) = kept.find_by_name(name.as_str(), now) {
                entry.incarnation.ensure_not_deleted()?;
                return if entry.is_same_write(first, &body) {
                    Ok(entry.incarnation.arn())
                } else {
                    Err(VaultError::Stale)
                };
            }
            let incarnation = SecretRecord::new(name, first, tags, now, &self.randomness)?;
            let arn = incarnation.arn();
            let bodies = HashMap::from([(first.clone(), body)]);
            kept.secrets.insert(name.as_str().to_owned(), MemorySecret { incarnation, bodies });
            Ok(arn)
        };
        self.run(VaultOperation::Create, act).await
    }

    /// `PutSecretValue`.
    ///
    /// # Errors
    /// As `Backend::put`.
    pub async fn put(&self, arn: &Arn, base: &VersionId, body: SecretBody) -> Result<VersionId, VaultError> {
        let act = |kept: &mut MemoryState, now| {
            secret_record::validate_body(&body)?;
            let last_write_wins = kept.last_write_wins;
            let entry = kept.find_by_arn(arn, now)?;
            entry.incarnation.ensure_not_deleted()?;
            let base =
                if last_write_wins { entry.incarnation.version_at_stage(VersionStage::Current)? } else { base.clone() };
            let version = base.successor();
            if entry.incarnation.has_version(&version) {
                return if entry.is_same_write(&version, &body) { Ok(version) } else { Err(VaultError::Stale) };
            }
            for purged in entry.incarnation.push_version(&version, now) {
                entry.bodies.remove(&purged);
            }
            entry.bodies.insert(version.clone(), body);
            Ok(version)
        };
        self.run(VaultOperation::Put, act).await
    }

    /// `GetSecretValue`.
    ///
    /// # Errors
    /// As `Backend::read`.
    pub async fn read(&self, name: &SecretName, stage: VersionStage) -> Result<SecretValue, VaultError> {
        let act = |kept: &mut MemoryState, now| {
            let behind = std::mem::take(&mut kept.behind);
            let entry = kept.find_by_name(name.as_str(), now)?;
            entry.incarnation.ensure_not_deleted()?;
            let version = match entry.incarnation.version_at_stage(VersionStage::Previous) {
                Ok(former) if behind && stage == VersionStage::Current => former,
                _ => entry.incarnation.version_at_stage(stage)?,
            };
            let body = entry.bodies.get(&version).ok_or(VaultError::NotFound)?;
            // A secret cannot be cloned; what GetSecretValue answers is a copy all the same.
            let body = SecretBody::from(body.expose().to_owned());
            Ok(SecretValue { arn: entry.incarnation.arn(), version, body })
        };
        self.run(VaultOperation::Read, act).await
    }

    /// `DescribeSecret`.
    ///
    /// # Errors
    /// As `Backend::describe`.
    pub async fn describe(&self, name: &SecretName) -> Result<SecretMetadata, VaultError> {
        let act = |kept: &mut MemoryState, now| {
            let behind = std::mem::take(&mut kept.behind);
            let description = kept.find_by_name(name.as_str(), now)?.incarnation.describe(name.as_str())?;
            let current = description.previous.clone().filter(|_| behind).unwrap_or(description.current);
            Ok(SecretMetadata { current, ..description })
        };
        self.run(VaultOperation::Describe, act).await
    }

    /// `TagResource`.
    ///
    /// # Errors
    /// As `Backend::tag`.
    pub async fn tag(&self, arn: &Arn, tags: &Tags) -> Result<(), VaultError> {
        let act = |kept: &mut MemoryState, now| {
            secret_record::validate_tags(tags)?;
            let entry = kept.find_by_arn(arn, now)?;
            entry.incarnation.ensure_not_deleted()?;
            entry.incarnation.tag(tags, now)
        };
        self.run(VaultOperation::Tag, act).await
    }

    /// `DeleteSecret`.
    ///
    /// # Errors
    /// As `Backend::delete`.
    pub async fn delete(&self, arn: &Arn) -> Result<(), VaultError> {
        let act = |kept: &mut MemoryState, now| {
            kept.find_by_arn(arn, now)?.incarnation.schedule_deletion(now);
            Ok(())
        };
        self.run(VaultOperation::Delete, act).await
    }

    /// `RestoreSecret`.
    ///
    /// # Errors
    /// As `Backend::restore`.
    pub async fn restore(&self, name: &SecretName) -> Result<(), VaultError> {
        let act = |kept: &mut MemoryState, now| {
            kept.find_by_name(name.as_str(), now)?.incarnation.restore();
            Ok(())
        };
        self.run(VaultOperation::Restore, act).await
    }

    /// `ListSecrets`.
    ///
    /// # Errors
    /// As `Backend::list`.
    pub async fn list(
        &self,
        prefix: &str,
        tag: Option<(&str, &str)>,
        page: Option<&str>,
        limit: usize,
    ) -> Result<SecretPage, VaultError> {
        let act = |kept: &mut MemoryState, _| {
            let start = secret_record::page_start(prefix, page)?;
            let secrets = kept.secrets.range::<str, _>((start.as_ref().map(String::as_str), Bound::Unbounded));
            let secrets = secrets
                .take_while(|(name, _)| name.starts_with(prefix))
                .filter(|(_, entry)| !entry.incarnation.is_scheduled_for_deletion() && entry.incarnation.bears(tag))
                .map(|(name, entry)| entry.incarnation.describe(name));
            secret_record::page_of(secrets, limit)
        };
        self.run(VaultOperation::List, act).await
    }

    fn lock(&self) -> MutexGuard<'_, MemoryState> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the call, fails it if that was asked for, otherwise acts.
    async fn run<T>(
        &self,
        operation: VaultOperation,
        act: impl FnOnce(&mut MemoryState, Timestamp) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        // Every other vault lets somebody else go first while it is asked; tests of races would prove little if this
        // one did not.
        tokio::task::yield_now().await;
        match self.answer(operation, act) {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    /// `None` if the call is never answered.
    fn answer<T>(
        &self,
        operation: VaultOperation,
        act: impl FnOnce(&mut MemoryState, Timestamp) -> Result<T, VaultError>,
    ) -> Option<Result<T, VaultError>> {
        let mut kept = self.lock();
        let now = self.clock.now();
        *kept.calls.entry(operation).or_default() += 1;
        let Some(fault) = kept.faults.get_mut(&operation).and_then(VecDeque::pop_front) else {
            return Some(act(&mut kept, now));
        };
        match fault {
            InjectedFault::Unavailable => {}
            InjectedFault::ResponseLost => drop(act(&mut kept, now)),
            InjectedFault::Unanswered => return None,
            InjectedFault::Denied => return Some(Err(VaultError::Denied("as the test asked".to_owned()))),
            InjectedFault::StaleReplica => {
                kept.behind = true;
                let answer = act(&mut kept, now);
                kept.behind = false;
                return Some(answer);
            }
        }
        Some(Err(VaultError::Unavailable("as the test asked".into())))
    }
}

impl MemoryState {
    /// The secret of that name, which is forgotten here once its recovery window is over.
    fn find_by_name(&mut self, name: &str, now: Timestamp) -> Result<&mut MemorySecret, VaultError> {
        if self.secrets.get(name).is_some_and(|entry| entry.incarnation.is_past_recovery(now)) {
            self.secrets.remove(name);
        }
        self.secrets.get_mut(name).ok_or(VaultError::NotFound)
    }

    fn find_by_arn(&mut self, arn: &Arn, now: Timestamp) -> Result<&mut MemorySecret, VaultError> {
        let entry = self.find_by_name(secret_record::name_from_arn(arn)?, now)?;
        if entry.incarnation.has_arn(arn) { Ok(entry) } else { Err(VaultError::NotFound) }
    }
}

impl MemorySecret {
    fn is_same_write(&self, version: &VersionId, body: &SecretBody) -> bool {
        self.bodies.get(version).is_some_and(|held| secret_record::is_same_content(held, body))
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
        let memory = MemoryBackend::new(Clock::frozen_at(Timestamp::UNIX_EPOCH), randomness.clone());
        let (name, first) = ("a".parse::<SecretName>().unwrap(), VersionId::random(&randomness).unwrap());
        let arn = memory.create(&name, &first, body(), &Tags::new()).await.unwrap();
        for fault in [InjectedFault::Unavailable, InjectedFault::Denied, InjectedFault::ResponseLost] {
            memory.fail_next(VaultOperation::Put, fault);
        }
        let current = async || memory.describe(&name).await.unwrap().current;
        assert!(matches!(memory.put(&arn, &first, body()).await, Err(VaultError::Unavailable(_))));
        assert!(matches!(memory.put(&arn, &first, body()).await, Err(VaultError::Denied(_))));
        assert_eq!(current().await, first);
        assert!(matches!(memory.put(&arn, &first, body()).await, Err(VaultError::Unavailable(_))));
        assert_eq!(current().await, first.successor());
        assert_eq!(memory.put(&arn, &first, body()).await.unwrap(), first.successor());
        let calls = [(VaultOperation::Create, 1), (VaultOperation::Put, 4), (VaultOperation::Describe, 2)];
        assert_eq!(memory.call_counts(), BTreeMap::from(calls));
    }
}
