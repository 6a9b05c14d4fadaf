//! What goes out, in the words of the contract.

use serde::Serialize;

use shared::clock::Timestamp;
use shared::connection::{Connection, State};

/// A connection that works.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WorkingConnection))]
pub(crate) struct Working {
    state: State,
    /// When the state began.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    since: Timestamp,
    /// When Microsoft gave the tokens.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    renewed_at: Timestamp,
    /// When the access token ends; it is renewed by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
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
