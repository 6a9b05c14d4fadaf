//! The links that we hand out.

use serde::Serialize;

use crate::clock::Timestamp;

/// A link of ours, and until when it works.
#[derive(Debug, Serialize)]
pub struct Link {
    /// The whole address. Its last segment is sealed, and worth what the link is worth.
    pub url: String,
    /// From then on it answers that it no longer works.
    pub expires_at: Timestamp,
}
