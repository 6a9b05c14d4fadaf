//! The links that we hand out.

use serde::Serialize;

use crate::clock::Timestamp;

/// A link of ours, and until when it works.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The whole address. Its last segment is sealed, and worth what the link is worth.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub url: String,
    /// From then on it answers that it no longer works.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
}
