//! A recruiter's entry: the connection, or that it ended, and no token; beside it the sign-in that waits for being completed.

use std::collections::BTreeMap;

use ring::digest;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::node::{AccessDocument, EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::write_budget::WriteCounts;
use crate::domain::audit::{AuditAction, AuditActor, AuditEntry, OWNER_MISMATCH};
use crate::domain::connection::{Account, Connection, ConnectionHealth, ConnectionState, HealthState};
use crate::domain::sign_in::ReturnedSignIn;
use crate::types::clock::{Timestamp, is_epoch};
use crate::types::ids::{ClientId, CustomerId, ObjectId, TenantId, UserId};
use crate::types::secret::{AccessToken, RefreshToken, Secret};

/// What tells a refresh token from every other: a write of new tokens replaces the very one that was redeemed for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshTokenDigest([u8; 32]);

impl From<&RefreshToken> for RefreshTokenDigest {
    fn from(token: &RefreshToken) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest::digest(&digest::SHA256, token.expose().as_bytes()).as_ref());
        Self(bytes)
    }
}

/// What is known about a connection without its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSummary {
    /// The customer's tenure that it is of.
    pub tenure: Timestamp,
    /// How it is.
    pub state: ConnectionState,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
    /// When the recruiter signed in.
    pub connected_at: Timestamp,
    /// When its tokens were last refreshed, as far as the vault knows.
    pub renewed_at: Timestamp,
    /// The tenant and the app of the sign-in; `None` for one that has ended.
    pub app: Option<(TenantId, ClientId)>,
}

/// What lies in the place of a recruiter who connected once.
#[derive(Debug)]
pub(in crate::adapters::vault) enum ConnectionEntry {
    Connected(Box<Connection>),
    Ended(ConnectionSummary),
}

/// A state as an entry spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::adapters::vault) enum EntryState {
    Active,
    Suspect,
    NeedsReauth,
    Disconnected,
}

/// What an entry says without its tokens.
#[derive(Deserialize)]
pub(in crate::adapters::vault) struct ConnectionHeader {
    /// Nothing for a recruiter who has not connected yet.
    pub(in crate::adapters::vault) state: Option<EntryState>,
    pub(in crate::adapters::vault) since: Timestamp,
    pub(in crate::adapters::vault) obtained_at: Option<Timestamp>,
    #[serde(default)]
    pub(in crate::adapters::vault) ended_at: Timestamp,
}

#[derive(Serialize)]
struct EntryDocumentRef<'a> {
    customer: Option<&'a CustomerId>,
    user: &'a UserId,
    state: EntryState,
    since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    connected_at: Timestamp,
    obtained_at: Timestamp,
    #[serde(skip_serializing_if = "is_epoch")]
    ended_at: Timestamp,
    #[serde(flatten)]
    tokens: Option<TokensDocumentRef<'a>>,
    #[serde(flatten)]
    others: BTreeMap<String, &'a RawValue>,
}

#[derive(Serialize)]
struct TokensDocumentRef<'a> {
    tenant: TenantId,
    client_id: ClientId,
    oid: ObjectId,
    name: &'a str,
    upn: &'a str,
    refresh_token: &'a str,
    scope: &'a str,
    sign_in: &'a str,
}

#[derive(Deserialize)]
struct EntryDocument {
    customer: CustomerId,
    user: UserId,
    /// Nothing for a recruiter who has not connected yet; then the two moments are missing too.
    state: Option<EntryState>,
    since: Timestamp,
    reason: Option<String>,
    #[serde(default)]
    connected_at: Timestamp,
    #[serde(default)]
    obtained_at: Timestamp,
}

/// What waits beside a connection, and what an entry has where nobody ever connected.
#[derive(Serialize, Deserialize)]
pub(in crate::adapters::vault) struct Returns {
    /// How often a sign-in came to wait within the last day.
    #[serde(default, rename = "returns")]
    pub(in crate::adapters::vault) counts: WriteCounts,
    /// When somebody who was not connected was disconnected. No sign-in from before it counts.
    #[serde(default, skip_serializing_if = "is_epoch")]
    pub(in crate::adapters::vault) ended_at: Timestamp,
    /// The sign-in that waits. It is written from elsewhere.
    #[serde(skip_serializing)]
    pub(in crate::adapters::vault) pending: Option<ReturnedSignIn>,
}

#[derive(Deserialize)]
struct TokensDocument {
    tenant: TenantId,
    client_id: ClientId,
    oid: ObjectId,
    name: String,
    upn: String,
    refresh_token: RefreshToken,
    scope: String,
    sign_in: String,
}

/// The member with the sign-in that waits.
pub(super) const PENDING: &str = "pending";

/// The member with the counts of those that waited.
pub(super) const RETURNS: &str = "returns";

/// The members that this version of the software writes; what else an entry has is carried along.
const MEMBERS: [&str; 15] = [
    "customer",
    "user",
    "state",
    "since",
    "reason",
    "connected_at",
    "obtained_at",
    "tenant",
    "client_id",
    "oid",
    "name",
    "upn",
    "refresh_token",
    "scope",
    "sign_in",
];

impl ConnectionHeader {
    pub(in crate::adapters::vault) fn parse(entry: &RawValue) -> Option<Self> {
        serde_json::from_str(entry.get()).ok()
    }
}

impl From<HealthState> for EntryState {
    fn from(state: HealthState) -> Self {
        match state {
            HealthState::Active => Self::Active,
            HealthState::Suspect => Self::Suspect,
            HealthState::NeedsReauth => Self::NeedsReauth,
        }
    }
}

impl ConnectionSummary {
    pub(in crate::adapters::vault) fn new(connection: &Connection, tenure: Timestamp) -> Self {
        Self {
            tenure,
            state: connection.life.standing.connection_state(),
            since: connection.life.since,
            reason: connection.life.reason.clone(),
            connected_at: connection.connected_at,
            renewed_at: connection.obtained_at,
            app: Some((connection.tenant, connection.client_id)),
        }
    }
}

/// What lies in the place of this recruiter.
///
/// # Errors
/// `Corrupt` for what is somebody else's, or no entry.
pub(in crate::adapters::vault) fn read_connection(
    node: &Node<'_>,
    customer: &CustomerId,
    user: &UserId,
) -> Result<Option<ConnectionEntry>, VaultError> {
    let Some(entry) = node.entry(user.as_str()) else { return Ok(None) };
    let corrupt = |what| VaultError::Corrupt { name: format!("the entry of {user} of {customer}"), what };
    let shape = |_: serde_json::Error| corrupt("it has another shape");
    let read: EntryDocument = serde_json::from_str(entry.get()).map_err(shape)?;
    if read.customer != *customer || read.user != *user {
        AuditEntry::new(AuditAction::ReadSecret, AuditActor::Product)
            .customer(customer)
            .user(user)
            .refused(OWNER_MISMATCH);
        return Err(corrupt("it belongs to somebody else"));
    }
    let EntryDocument { since, reason, connected_at, obtained_at, .. } = read;
    let Some(state) = read.state else { return Ok(None) };
    let standing = match state {
        EntryState::Active => HealthState::Active,
        EntryState::Suspect => HealthState::Suspect,
        EntryState::NeedsReauth => HealthState::NeedsReauth,
        EntryState::Disconnected => {
            let state = ConnectionState::Disconnected;
            let ended = ConnectionSummary {
                tenure: node.tenure,
                state,
                since,
                reason: None,
                connected_at,
                renewed_at: obtained_at,
                app: None,
            };
            return Ok(Some(ConnectionEntry::Ended(ended)));
        }
    };
    let tokens: TokensDocument = serde_json::from_str(entry.get()).map_err(shape)?;
    // An access token that was left out has ended as far as anybody here knows.
    let (access, access_expires_at) = node
        .access(user.as_str())
        .map_or_else(|| (AccessToken::from(String::new()), obtained_at), |access| (access.token(), access.expires_at));
    Ok(Some(ConnectionEntry::Connected(Box::new(Connection {
        customer: customer.clone(),
        user: read.user,
        tenant: tokens.tenant,
        client_id: tokens.client_id,
        account: Account { oid: tokens.oid, name: tokens.name, upn: tokens.upn },
        access,
        obtained_at,
        access_expires_at,
        refresh: tokens.refresh_token,
        scope: tokens.scope,
        life: ConnectionHealth { standing, since, reason },
        sign_in: tokens.sign_in,
        connected_at,
    }))))
}

/// The entry of a connection, in the place of what `node` holds of the recruiter. The sign-in that made it waits no more,
/// nor does one that is late.
pub(in crate::adapters::vault) fn write_connection(
    node: &Node<'_>,
    connection: &Connection,
) -> Result<EntryWrite, VaultError> {
    let tokens = TokensDocumentRef {
        tenant: connection.tenant,
        client_id: connection.client_id,
        oid: connection.account.oid,
        name: &connection.account.name,
        upn: &connection.account.upn,
        refresh_token: connection.refresh.expose(),
        scope: &connection.scope,
        sign_in: &connection.sign_in,
    };
    let access = AccessDocument::new(&connection.access, connection.access_expires_at);
    let is_over =
        |pending: &ReturnedSignIn| pending.sign_in.id == connection.sign_in || pending.until <= connection.obtained_at;
    let others = others(node, &connection.user, is_over);
    let document = EntryDocumentRef {
        customer: Some(&connection.customer),
        user: &connection.user,
        state: connection.life.standing.into(),
        since: connection.life.since,
        reason: connection.life.reason.as_deref(),
        connected_at: connection.connected_at,
        obtained_at: connection.obtained_at,
        // It is among the others.
        ended_at: Timestamp::default(),
        tokens: Some(tokens),
        others,
    };
    EntryWrite::new(
        connection.user.as_str(),
        &document,
        (connection.access_expires_at > connection.obtained_at).then_some(access),
    )
}

/// The entry of a recruiter who was disconnected, now or again. No sign-in waits beside it.
pub(in crate::adapters::vault) fn write_disconnection(
    node: &Node<'_>,
    user: &UserId,
    ended: &ConnectionSummary,
    now: Timestamp,
) -> Result<EntryWrite, VaultError> {
    let &ConnectionSummary { since, connected_at, renewed_at: obtained_at, .. } = ended;
    let (state, customer, mut others) =
        (EntryState::Disconnected, node.tree().customer(), others(node, user, |_| true));
    others.remove("ended_at");
    let ended_at = if now > since { now } else { Timestamp::default() };
    let document = EntryDocumentRef {
        customer,
        user,
        state,
        since,
        reason: None,
        connected_at,
        obtained_at,
        ended_at,
        tokens: None,
        others,
    };
    EntryWrite::new(user.as_str(), &document, None)
}

/// The sign-in that waits for this recruiter, if one does, and what else is known of sign-ins that came.
pub(in crate::adapters::vault) fn read_returns(node: &Node<'_>, user: &UserId) -> Result<Returns, VaultError> {
    let entry = node.entry(user.as_str()).map_or("{}", |entry| entry.get());
    serde_json::from_str(entry).map_err(|_| VaultError::Corrupt {
        name: format!("the sign-in that waits for {user}"),
        what: "it has another shape",
    })
}

/// How often sign-ins came today, of each recruiter of the node.
pub(in crate::adapters::vault) fn read_return_counts(node: &Node<'_>) -> Vec<WriteCounts> {
    #[derive(Deserialize)]
    struct CountsDocument {
        #[serde(default)]
        returns: WriteCounts,
    }
    let read = node.entries().filter_map(|(_, entry)| serde_json::from_str(entry.get()).ok());
    read.map(|CountsDocument { returns }| returns).collect()
}

/// The entry with another sign-in that waits, or with none.
pub(in crate::adapters::vault) fn write_returns(
    node: &Node<'_>,
    user: &UserId,
    (pending, returns): (Option<&ReturnedSignIn>, &Returns),
    now: Timestamp,
) -> Result<EntryWrite, VaultError> {
    #[derive(Serialize)]
    struct Document<'a> {
        customer: Option<&'a CustomerId>,
        user: &'a UserId,
        since: Timestamp,
        #[serde(flatten)]
        returns: &'a Returns,
        #[serde(skip_serializing_if = "Option::is_none")]
        pending: Option<&'a ReturnedSignIn>,
        #[serde(flatten)]
        others: BTreeMap<String, &'a RawValue>,
    }
    let mut others = members(node, user);
    for written in ["customer", "user", "since", RETURNS, "ended_at", PENDING] {
        others.remove(written);
    }
    let since = node.entry(user.as_str()).and_then(ConnectionHeader::parse).filter(|header| header.state.is_some());
    let since = since.map_or(now, |header| header.since);
    let document = Document { customer: node.tree().customer(), user, since, returns, pending, others };
    EntryWrite::new(user.as_str(), &document, node.access(user.as_str()).map(AccessDocument::to_static))
}

/// What else an entry has, without the sign-in that waits where that has come to its end.
fn others<'n>(
    node: &'n Node<'_>,
    user: &UserId,
    is_over: impl Fn(&ReturnedSignIn) -> bool,
) -> BTreeMap<String, &'n RawValue> {
    let mut members = members(node, user);
    members.retain(|member, _| !MEMBERS.contains(&member.as_str()));
    // What cannot be read waits for nobody.
    let pending = members.get(PENDING).map(|pending| serde_json::from_str(pending.get()));
    if pending.is_some_and(|pending| pending.as_ref().map_or(true, &is_over)) {
        members.remove(PENDING);
    }
    members
}

fn members<'n>(node: &'n Node<'_>, user: &UserId) -> BTreeMap<String, &'n RawValue> {
    let members = node.entry(user.as_str()).and_then(|entry| serde_json::from_str(entry.get()).ok());
    members.unwrap_or_default()
}
