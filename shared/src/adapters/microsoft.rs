//! Entra ID v2 for sign-ins and tokens, Graph v1.0 for meetings.
//!
//! Hosts are constants, replaced as a whole by two settings for tests and the local deployment. Nothing is taken from
//! Microsoft's discovery documents but keys; no redirect is followed; every call has a deadline.

mod client_assertion;
mod endpoints;
pub mod entra;
pub mod graph;
pub mod id_token;
mod jwks;
mod jwt_crypto;
mod token_error;
mod wire;

pub use endpoints::Endpoints;

pub use crate::types::base_url::{BaseUrl, BaseUrlError, is_loopback};
