//! What is known about a connection without reading it: its tags.
//!
//! They name the version that they describe, because they are written after it, in a call of their own that may fail.

use crate::clock::Timestamp;
use crate::connection::{Connection, Standing, State};
use crate::vault::layout::{self, Ended};
use crate::vault::terms::{Description, Tags, VaultError, VersionId};

const VERSION: &str = "version";
const DISCONNECTED_AT: &str = "disconnected_at";

/// What is known about a connection without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionCard {
    /// How it is.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
    /// When the recruiter signed in.
    pub connected_at: Timestamp,
    /// When its tokens were last renewed.
    pub renewed_at: Timestamp,
}

impl ConnectionCard {
    /// The same, but that the recruiter was disconnected.
    pub(super) fn ended(self, since: Timestamp) -> Self {
        Self { state: State::Disconnected, since, reason: None, ..self }
    }
}

impl From<&Connection> for ConnectionCard {
    fn from(connection: &Connection) -> Self {
        Self {
            state: connection.life.standing.state(),
            since: connection.life.since,
            reason: connection.life.reason.clone(),
            connected_at: connection.connected_at,
            renewed_at: connection.obtained_at,
        }
    }
}

/// What describes this version of a connection.
pub(super) fn tags(connection: &Connection, version: &VersionId) -> Tags {
    Tags::from([
        ("kind".to_owned(), "connection".to_owned()),
        ("customer".to_owned(), connection.customer.to_string()),
        ("user".to_owned(), connection.user.to_string()),
        ("state".to_owned(), connection.life.standing.word().to_owned()),
        ("since".to_owned(), connection.life.since.to_string()),
        ("reason".to_owned(), connection.life.reason.clone().unwrap_or_default()),
        ("connected_at".to_owned(), connection.connected_at.to_string()),
        ("renewed_at".to_owned(), connection.obtained_at.to_string()),
        (VERSION.to_owned(), version.as_str().to_owned()),
        (DISCONNECTED_AT.to_owned(), String::new()),
    ])
}

/// What describes a version that says that the connection ended. The other tags stay, for the end was not theirs.
pub(super) fn tags_of_end(ended: Ended, version: &VersionId) -> Tags {
    Tags::from([(VERSION.to_owned(), version.as_str().to_owned()), (DISCONNECTED_AT.to_owned(), ended.at.to_string())])
}

/// Whether the tags are those of the present version.
pub(super) fn is_up_to_date(description: &Description) -> bool {
    tag(description, VERSION) == Some(description.current.as_str())
}

/// Whether the present version is known to hold no token, because the recruiter was disconnected.
pub(super) fn end(description: &Description) -> Option<Ended> {
    let at = tag(description, DISCONNECTED_AT).filter(|_| is_up_to_date(description))?;
    Some(Ended { at: at.parse().ok()? })
}

/// What the tags say.
pub(super) fn read(description: &Description) -> Result<ConnectionCard, VaultError> {
    let wrong = || layout::corrupt(&description.name, "its tags are not ours");
    let time = |name: &str| tag(description, name).and_then(|value| value.parse().ok()).ok_or_else(wrong);
    let standing = tag(description, "state").and_then(Standing::of_word).ok_or_else(wrong)?;
    let card = ConnectionCard {
        state: standing.state(),
        since: time("since")?,
        reason: tag(description, "reason").map(str::to_owned),
        connected_at: time("connected_at")?,
        renewed_at: time("renewed_at")?,
    };
    let ended = end(description).map(|ended| ended.at).or(description.deleted_at);
    Ok(match ended {
        Some(since) => card.ended(since),
        None => card,
    })
}

fn tag<'d>(description: &'d Description, name: &str) -> Option<&'d str> {
    description.tags.get(name).map(String::as_str).filter(|value| !value.is_empty())
}
