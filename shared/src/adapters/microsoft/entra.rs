//! Entra ID v2: authorization code flow with PKCE, refresh, and the probe of a customer's credential.

mod app_probe;
mod client;
mod error;

pub use app_probe::{CredentialProbe, RedirectUriCheck, TenantDiscovery};
pub use client::{EntraClient, SignInResult};
pub use error::EntraError;
