//! What is known of consent, as two functions report it.

use serde::Serialize;

use crate::domain::entra_app::{Consent, ConsentState};
use crate::types::clock::Timestamp;

/// What is known about consent to the app's permissions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Consent))]
pub struct ConsentDocument {
    /// `granted`: a sign-in had all permissions. `reported`: a browser reported that an administrator consented.
    /// `declined`: an administrator declined. `unknown`: nobody has been asked yet, or a sign-in test failed because
    /// consent was missing.
    state: ConsentState,
    /// When this became known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    at: Option<Timestamp>,
}

impl From<Consent> for ConsentDocument {
    fn from(consent: Consent) -> Self {
        Self { state: consent.state, at: consent.at }
    }
}
