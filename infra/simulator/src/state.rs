//! The state that the two listeners share.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::clock::SimulatedClock;
use crate::directory::{Directory, SimulatedTenant, SimulatedUser};
use crate::fault_rules::FaultRules;
use crate::graph::meeting::{MeetingRecord, SimulatedMeeting, defaults};
use crate::issuer_keys::{IssuerClient, IssuerKeyCache};
use crate::keys::SimulatorKeySet;
use crate::randomness::SeededStream;
use crate::request_log::RecordedRequest;

/// The user and the application of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct GrantSubject {
    pub(crate) tenant: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) oid: Uuid,
}

/// How and when a user signed in. Copied from grant to grant.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedSignIn {
    pub(crate) subject: GrantSubject,
    /// Requested scopes, by short name.
    pub(crate) scopes: BTreeSet<String>,
    /// The prefix of Graph scopes in the request. Responses repeat it.
    pub(crate) prefix: String,
    pub(crate) at: Timestamp,
    /// Whether a second factor was used.
    pub(crate) mfa: bool,
    /// The user's number of revocations at that time.
    pub(crate) revocations: u32,
}

/// The grant behind an authorization code.
#[derive(Clone, Debug)]
pub(crate) struct CodeGrant {
    pub(crate) sign_in: SimulatedSignIn,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) expires: Timestamp,
    pub(crate) redeemed: bool,
}

/// The grant behind a refresh token.
#[derive(Clone, Debug)]
pub(crate) struct RefreshGrant {
    pub(crate) sign_in: SimulatedSignIn,
    pub(crate) issued: Timestamp,
}

/// The grant behind an access token.
#[derive(Clone, Debug)]
pub(crate) struct AccessGrant {
    pub(crate) tenant: Uuid,
    /// None for the application's own token.
    pub(crate) oid: Option<Uuid>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) expires: Timestamp,
}

/// A browser's session, used only for `prompt=none`.
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
    /// The keys of foreign issuers.
    pub(crate) issuer_keys: IssuerKeyCache,
    pub(crate) codes: HashMap<String, CodeGrant>,
    pub(crate) refresh_tokens: HashMap<String, RefreshGrant>,
    pub(crate) access_tokens: HashMap<String, AccessGrant>,
    /// Every `id_token` issued so far, for the search for leaks.
    pub(crate) id_tokens: Vec<String>,
    /// Every client assertion that was accepted, for the same search.
    pub(crate) client_assertions: Vec<String>,
    pub(crate) sessions: HashMap<String, BrowserSession>,
    pub(crate) refreshes: HashMap<(GrantSubject, String), VecDeque<Timestamp>>,
    pub(crate) meetings: Vec<SimulatedMeeting>,
    pub(crate) request_log: Vec<RecordedRequest>,
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
            issuer_keys: IssuerKeyCache::default(),
            codes: HashMap::new(),
            refresh_tokens: HashMap::new(),
            access_tokens: HashMap::new(),
            id_tokens: Vec::new(),
            client_assertions: Vec::new(),
            sessions: HashMap::new(),
            refreshes: HashMap::new(),
            meetings: Vec::new(),
            request_log: Vec::new(),
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

    /// The name of the account behind a grant, for faults and the request log.
    pub(crate) fn upn(&self, subject: GrantSubject) -> Option<String> {
        let (_, user) = self.account(subject.tenant, subject.oid)?;
        Some(user.upn.clone())
    }

    /// A new meeting of this organizer, with Teams' own defaults.
    pub(crate) fn new_meeting(&mut self, tenant: Uuid, oid: Uuid) -> Option<SimulatedMeeting> {
        let now = self.now();
        let topic = STANDARD.encode(self.randomness.guid().to_string());
        let topic = topic.trim_end_matches('=');
        let thread = format!("19:meeting_{topic}@thread.v2");
        let join_id = format!("3{:011}", self.randomness.between(0, 100_000_000_000));
        let conference = self.randomness.between(100_000_000, 999_999_999);
        let (tenant, user) = self.account(tenant, oid)?;
        let join_web_url = format!(
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{topic}%40thread.v2/0\
             ?context=%7b%22Tid%22%3a%22{}%22%2c%22Oid%22%3a%22{oid}%22%7d",
            tenant.id
        );
        Some(SimulatedMeeting {
            record: MeetingRecord {
                id: STANDARD.encode(format!("1*{oid}*0**{thread}")),
                tenant: tenant.id,
                organizer_oid: oid,
                organizer: user.upn.clone(),
                external_id: None,
                subject: None,
                start: now,
                end: later(now, SignedDuration::from_hours(1)),
                join_web_url,
                properties: defaults(),
                changes: 0,
                deleted: false,
            },
            created: now,
            thread,
            join_id,
            passcode: None,
            conference_id: tenant.audio_conferencing.then(|| conference.to_string()),
        })
    }
}

/// `by` after `from`, or the end of time.
pub(crate) fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The state and the faults, shared by the listeners.
#[derive(Clone)]
pub(crate) struct SharedState {
    state: Arc<Mutex<SimulatorState>>,
    pub(crate) faults: FaultRules,
    pub(crate) issuers: IssuerClient,
}

impl SharedState {
    pub(crate) fn new(state: SimulatorState) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(state));
        Ok(Self { state, faults: FaultRules::default(), issuers: IssuerClient::build()? })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, SimulatorState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn secrets(&self) -> IssuedSecrets {
        IssuedSecrets(Arc::downgrade(&self.state))
    }
}

/// All secrets: the codes and tokens that were issued, the client assertions that were accepted, and the secrets of the
/// applications.
#[derive(Clone)]
pub struct IssuedSecrets(Weak<Mutex<SimulatorState>>);

impl IssuedSecrets {
    /// All of them until now. Empty once the simulator is dropped.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let Some(state) = self.0.upgrade() else { return Vec::new() };
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let apps = state.directory.tenants.iter().flat_map(|tenant| &tenant.apps);
        let kept = apps.flat_map(|app| &app.secrets).map(|secret| &secret.value);
        let issued = state.codes.keys().chain(state.access_tokens.keys()).chain(state.refresh_tokens.keys());
        kept.chain(issued).chain(&state.id_tokens).chain(&state.client_assertions).cloned().collect()
    }
}
