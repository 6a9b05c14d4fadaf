//! Everything the two listeners share.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::clock::SimulatedClock;
use crate::directory::{Directory, SimulatedTenant, SimulatedUser};
use crate::fault_rules::FaultRules;
use crate::graph::meeting::SimulatedMeeting;
use crate::keys::SimulatorKeySet;
use crate::randomness::SeededStream;
use crate::request_log::RecordedRequest;

/// Who a grant speaks for, and to which application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GrantSubject {
    pub(crate) tenant: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) oid: Uuid,
}

/// How and when somebody signed in; copied from grant to grant.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedSignIn {
    pub(crate) principal: GrantSubject,
    /// Short scope names asked for then.
    pub(crate) scopes: BTreeSet<String>,
    /// Prefix the caller wrote before Graph scopes; answers repeat it.
    pub(crate) prefix: String,
    pub(crate) at: Timestamp,
    /// Whether a second factor was shown.
    pub(crate) mfa: bool,
    /// The user's count of revocations then.
    pub(crate) revocations: u32,
}

/// What an authorization code stands for.
#[derive(Clone, Debug)]
pub(crate) struct CodeGrant {
    pub(crate) sign_in: SimulatedSignIn,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) expires: Timestamp,
    pub(crate) redeemed: bool,
}

/// What a refresh token stands for.
#[derive(Clone, Debug)]
pub(crate) struct RefreshGrant {
    pub(crate) sign_in: SimulatedSignIn,
    pub(crate) issued: Timestamp,
}

/// What an access token allows at Graph.
#[derive(Clone, Debug)]
pub(crate) struct AccessGrant {
    pub(crate) tenant: Uuid,
    /// None for the application's own token.
    pub(crate) oid: Option<Uuid>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) expires: Timestamp,
}

/// A browser's session, looked at only for `prompt=none`.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSession {
    pub(crate) tenant: Uuid,
    pub(crate) oid: Uuid,
    pub(crate) revocations: u32,
}

/// The state behind both listeners.
pub(crate) struct SimulatorState {
    pub(crate) clock: SimulatedClock,
    pub(crate) randomness: SeededStream,
    pub(crate) login: String,
    pub(crate) graph: String,
    pub(crate) directory: Directory,
    pub(crate) keys: SimulatorKeySet,
    pub(crate) codes: HashMap<String, CodeGrant>,
    pub(crate) refresh_tokens: HashMap<String, RefreshGrant>,
    pub(crate) access_tokens: HashMap<String, AccessGrant>,
    /// Every `id_token` so far: nothing is looked up by one.
    pub(crate) id_tokens: Vec<String>,
    pub(crate) sessions: HashMap<String, BrowserSession>,
    pub(crate) refreshes: HashMap<(GrantSubject, String), VecDeque<Timestamp>>,
    pub(crate) meetings: Vec<SimulatedMeeting>,
    pub(crate) journal: Vec<RecordedRequest>,
}

impl SimulatorState {
    pub(crate) fn new(directory: Directory, login: String, graph: String) -> io::Result<Self> {
        Ok(Self {
            clock: SimulatedClock::default(),
            randomness: SeededStream::from_system()?,
            login,
            graph,
            directory,
            keys: SimulatorKeySet::from_fixtures()?,
            codes: HashMap::new(),
            refresh_tokens: HashMap::new(),
            access_tokens: HashMap::new(),
            id_tokens: Vec::new(),
            sessions: HashMap::new(),
            refreshes: HashMap::new(),
            meetings: Vec::new(),
            journal: Vec::new(),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time `by` from now, or the end of time.
    pub(crate) fn later(&self, by: SignedDuration) -> Timestamp {
        later(self.now(), by)
    }

    /// `{login}/{tenant}/v2.0`.
    pub(crate) fn issuer(&self, tenant: Uuid) -> String {
        format!("{}/{tenant}/v2.0", self.login)
    }

    /// The account behind a tenant id and object id.
    pub(crate) fn account(&self, tenant: Uuid, oid: Uuid) -> Option<(&SimulatedTenant, &SimulatedUser)> {
        let tenant = self.directory.tenants.iter().find(|own| own.id == tenant)?;
        Some((tenant, tenant.user_by_oid(oid)?))
    }

    /// The name of the account behind a grant, for faults and the journal.
    pub(crate) fn upn(&self, principal: GrantSubject) -> Option<String> {
        let (_, user) = self.account(principal.tenant, principal.oid)?;
        Some(user.upn.clone())
    }
}

/// `by` after `from`, or the end of time.
pub(crate) fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The world and its faults, as each listener holds them.
#[derive(Clone)]
pub(crate) struct SharedState {
    world: Arc<Mutex<SimulatorState>>,
    pub(crate) faults: FaultRules,
}

impl SharedState {
    pub(crate) fn new(world: SimulatorState) -> Self {
        Self { world: Arc::new(Mutex::new(world)), faults: FaultRules::default() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, SimulatorState> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn secrets(&self) -> IssuedSecrets {
        IssuedSecrets(Arc::downgrade(&self.world))
    }
}

/// What must be told to nobody else: the codes and tokens that were issued, and the secrets of the applications.
#[derive(Clone)]
pub struct IssuedSecrets(Weak<Mutex<SimulatorState>>);

impl IssuedSecrets {
    /// All of them until now; none once the simulator is gone.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let Some(world) = self.0.upgrade() else { return Vec::new() };
        let world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let apps = world.directory.tenants.iter().flat_map(|tenant| &tenant.apps);
        let kept = apps.flat_map(|app| &app.secrets).map(|secret| &secret.value);
        let issued = world.codes.keys().chain(world.access_tokens.keys()).chain(world.refresh_tokens.keys());
        kept.chain(issued).chain(&world.id_tokens).cloned().collect()
    }
}
