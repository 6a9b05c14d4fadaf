//! The link to the page for support.

use serde::{Deserialize, Serialize};

use crate::types::sealing::Sealable;

/// Sealed content of a support link. What it shows is what the API key may see when it is opened: limits are not sealed, so a
/// key that is revoked or limited takes its links along.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportLink {
    /// The id of the API key that ordered the link.
    pub key_id: String,
    /// Tells that key from another of the same id.
    pub key_fingerprint: String,
}

impl Sealable for SupportLink {
    const PURPOSE: &'static str = "support-link";
}
