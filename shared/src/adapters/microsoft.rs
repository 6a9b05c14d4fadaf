//! The door to Microsoft: Entra ID v2 for sign-ins and tokens, Graph v1.0 for meetings.
//!
//! Hosts are constants, replaced as a whole by two settings for tests and the local deployment. Nothing is taken from
//! Microsoft's discovery documents but keys; no redirect is followed; every call has a deadline.

mod client_assertion;
pub mod entra;
pub mod graph;

pub mod id_token;
mod jwks;
mod jwt_crypto;
mod token_error;
mod wire;

use url::Url;

use crate::types::ids::TenantId;

/// Where Microsoft is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Entra's host, normally `https://login.microsoftonline.com`.
    pub login: BaseUrl,
    /// Graph's host, normally `https://graph.microsoft.com`.
    pub graph: BaseUrl,
}

/// The address of a host: https, or plain http on loopback, without query, fragment or credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// The address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address must be https (http only for a loopback host), without credentials, query or fragment")]
pub struct BaseUrlError;

impl std::str::FromStr for BaseUrl {
    type Err = BaseUrlError;
    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text).map_err(|_| BaseUrlError)?;
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        let plain = url.username().is_empty() && url.password().is_none();
        if secure && plain && url.query().is_none() && url.fragment().is_none() {
            Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
        } else {
            Err(BaseUrlError)
        }
    }
}

/// Whether the host of an address is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl BaseUrl {
    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Endpoints {
    /// The global cloud, GCC included.
    ///
    /// # Errors
    /// Never: the addresses are constants.
    pub fn global() -> Result<Self, BaseUrlError> {
        Ok(Self { login: "https://login.microsoftonline.com".parse()?, graph: "https://graph.microsoft.com".parse()? })
    }

    /// What every recruiter is asked for: a sign-in that lasts, and two delegated permissions of the cloud's Graph. Where
    /// another server stands in Graph's place, they are still named by Graph's global address, as Entra spells them.
    #[must_use]
    pub fn scopes(&self) -> [String; 5] {
        let graph = match self.graph.as_str() {
            government @ ("https://graph.microsoft.us" | "https://dod-graph.microsoft.us") => government,
            _ => "https://graph.microsoft.com",
        };
        let permission = |name: &str| format!("{graph}/{name}");
        let [openid, profile, offline_access] = ["openid", "profile", "offline_access"].map(str::to_owned);
        [openid, profile, offline_access, permission("OnlineMeetings.ReadWrite"), permission("User.Read")]
    }

    /// Everything of Graph that an application may be granted for itself.
    #[must_use]
    pub fn default_scope(&self) -> String {
        self.scopes()[4].replace("User.Read", ".default")
    }

    /// One of a tenant's endpoints of OAuth 2.0.
    pub(crate) fn oauth2_url(&self, tenant: TenantId, name: &str) -> String {
        format!("{}/{tenant}/oauth2/v2.0/{name}", self.login.as_str())
    }

    /// Who signs the tokens of a tenant.
    #[must_use]
    pub fn issuer(&self, tenant: TenantId) -> String {
        format!("{}/{tenant}/v2.0", self.login.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for text in
            ["https://login.microsoftonline.com", "http://127.0.0.1:9100", "http://localhost:1/", "http://[::1]:2"]
        {
            assert!(text.parse::<BaseUrl>().is_ok(), "{text}");
        }
        for text in [
            "http://login.microsoftonline.com",
            "http://127.0.0.1.evil.example",
            "https://a@b.example",
            "ftp://x",
            "x",
            "https://x/?q",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn permissions_are_those_of_the_clouds_graph() {
        let endpoints = |graph: &str| Endpoints { graph: graph.parse().unwrap(), ..Endpoints::global().unwrap() };
        assert_eq!(endpoints("https://graph.microsoft.us").scopes()[4], "https://graph.microsoft.us/User.Read");
        assert_eq!(endpoints("http://127.0.0.1:1").scopes()[4], "https://graph.microsoft.com/User.Read");
        assert_eq!(endpoints("http://127.0.0.1:1").default_scope(), "https://graph.microsoft.com/.default");
    }

    #[test]
    fn the_issuer_of_a_tenant_is_spelled_as_entra_spells_it() {
        let tenant = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap();
        assert_eq!(
            Endpoints::global().unwrap().issuer(tenant),
            "https://login.microsoftonline.com/6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60/v2.0"
        );
    }
}
