//! What goes out, in the words of the contract.

use serde::Serialize;

use shared::clock::Timestamp;
use shared::connection::{Connection, State};

/// A connection that works.
#[derive(Debug, Serialize)]
pub(crate) struct Working {
    state: State,
    since: Timestamp,
    renewed_at: Timestamp,
    access_expires_at: Timestamp,
}

impl From<&Connection> for Working {
    fn from(connection: &Connection) -> Self {
        Self {
            state: connection.life.standing.state(),
            since: connection.life.since,
            renewed_at: connection.obtained_at,
            access_expires_at: connection.access_expires_at,
        }
    }
}
