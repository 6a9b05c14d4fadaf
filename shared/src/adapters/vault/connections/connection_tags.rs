//! What is known about a connection without reading it: its tags.
//!
//! They name the version that they describe, because they are written after it, in a call of their own that may fail.

use crate::adapters::vault::documents;
use crate::adapters::vault::documents::Disconnection;
use crate::adapters::vault::model::{SecretMetadata, Tags, VaultError, VersionId};
use crate::domain::connection::{Connection, ConnectionState, HealthState};
use crate::types::clock::Timestamp;

const VERSION: &str = "version";
const DISCONNECTED_AT: &str = "disconnected_at";

/// What is known about a connection without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSummary {
    /// How it is.
    pub state: ConnectionState,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
    /// When the recruiter signed in.
    pub connected_at: Timestamp,
    /// When its tokens were last renewed.
    pub renewed_at: Timestamp,
}

impl ConnectionSummary {
    /// The same, but that the recruiter was disconnected.
    pub(crate) fn disconnected(self, since: Timestamp) -> Self {
        Self { state: ConnectionState::Disconnected, since, reason: None, ..self }
    }
}

impl From<&Connection> for ConnectionSummary {
    fn from(connection: &Connection) -> Self {
        Self {
            state: connection.life.standing.connection_state(),
            since: connection.life.since,
            reason: connection.life.reason.clone(),
            connected_at: connection.connected_at,
            renewed_at: connection.obtained_at,
        }
    }
}

/// What describes this version of a connection.
pub(super) fn connection_tags(connection: &Connection, version: &VersionId) -> Tags {
    Tags::from([
        ("kind".to_owned(), "connection".to_owned()),
        ("customer".to_owned(), connection.customer.to_string()),
        ("user".to_owned(), connection.user.to_string()),
        ("state".to_owned(), connection.life.standing.as_str().to_owned()),
        ("since".to_owned(), connection.life.since.to_string()),
        ("reason".to_owned(), connection.life.reason.clone().unwrap_or_default()),
        ("connected_at".to_owned(), connection.connected_at.to_string()),
        ("renewed_at".to_owned(), connection.obtained_at.to_string()),
        (VERSION.to_owned(), version.as_str().to_owned()),
        (DISCONNECTED_AT.to_owned(), String::new()),
    ])
}

/// What describes a version that says that the connection ended. The other tags stay, for the end was not theirs.
pub(super) fn disconnection_tags(ended: Disconnection, version: &VersionId) -> Tags {
    Tags::from([(VERSION.to_owned(), version.as_str().to_owned()), (DISCONNECTED_AT.to_owned(), ended.at.to_string())])
}

/// Whether the tags are those of the present version.
pub(super) fn describes_current_version(description: &SecretMetadata) -> bool {
    tag(description, VERSION) == Some(description.current.as_str())
}

/// Whether the present version is known to hold no token, because the recruiter was disconnected.
pub(super) fn parse_disconnection(description: &SecretMetadata) -> Option<Disconnection> {
    let at = tag(description, DISCONNECTED_AT).filter(|_| describes_current_version(description))?;
    Some(Disconnection { at: at.parse().ok()? })
}

/// What the tags say.
pub(crate) fn parse_connection_tags(description: &SecretMetadata) -> Result<ConnectionSummary, VaultError> {
    let wrong = || documents::corrupt_document(&description.name, "its tags are not ours");
    let time = |name: &str| tag(description, name).and_then(|value| value.parse().ok()).ok_or_else(wrong);
    let standing = tag(description, "state").and_then(HealthState::parse).ok_or_else(wrong)?;
    let card = ConnectionSummary {
        state: standing.connection_state(),
        since: time("since")?,
        reason: tag(description, "reason").map(str::to_owned),
        connected_at: time("connected_at")?,
        renewed_at: time("renewed_at")?,
    };
    let ended = parse_disconnection(description).map(|ended| ended.at).or(description.deleted_at);
    Ok(match ended {
        Some(since) => card.disconnected(since),
        None => card,
    })
}

fn tag<'d>(description: &'d SecretMetadata, name: &str) -> Option<&'d str> {
    description.tags.get(name).map(String::as_str).filter(|value| !value.is_empty())
}
