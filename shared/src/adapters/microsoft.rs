//! Entra ID v2 for sign-ins and tokens, Graph v1.0 for meetings.
//!
//! Hosts are constants. Two settings replace them in tests and in the local deployment. From Microsoft's discovery documents
//! only signing keys are taken. No redirect is followed, and every call has a timeout.

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
