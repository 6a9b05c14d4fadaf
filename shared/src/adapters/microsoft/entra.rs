//! Entra ID v2: authorization code flow with PKCE, token refresh, and checks of a customer's app.
//!
//! [Authorization code flow](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow),
//! [client credentials](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).

mod app_probe;
mod client;
mod error;

/// An Entra client with the issuer's key ([`EntraClient::with_issuer`]): it signs for apps that trust our issuer.
pub type SigningEntraClient = EntraClient;

pub use app_probe::{RedirectUriCheck, TenantDiscovery};
pub use client::{AccountHints, EntraClient, SignInResult};
pub use error::EntraError;
