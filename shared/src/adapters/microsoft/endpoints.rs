//! Microsoft's hosts, scopes and issuers, by cloud.

use crate::types::base_url::{BaseUrl, BaseUrlError};
use crate::types::ids::TenantId;

/// Microsoft's hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Entra's host, normally `https://login.microsoftonline.com`.
    pub login: BaseUrl,
    /// Graph's host, normally `https://graph.microsoft.com`.
    pub graph: BaseUrl,
}

impl Endpoints {
    /// The global cloud, which includes GCC.
    ///
    /// # Errors
    /// None: the addresses are constants.
    pub fn global() -> Result<Self, BaseUrlError> {
        Ok(Self { login: "https://login.microsoftonline.com".parse()?, graph: "https://graph.microsoft.com".parse()? })
    }

    /// The scopes of a sign-in: a refresh token, and two delegated permissions of the cloud's Graph. If another server
    /// replaces Graph, the permissions still have Graph's global address, as Entra spells them.
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

    /// The scope of an application's own permissions for Graph.
    #[must_use]
    pub fn default_scope(&self) -> String {
        self.scopes()[4].replace("User.Read", ".default")
    }

    /// The address of a tenant's OAuth 2.0 endpoint.
    pub(crate) fn oauth2_url(&self, tenant: TenantId, name: &str) -> String {
        format!("{}/{tenant}/oauth2/v2.0/{name}", self.login.as_str())
    }

    /// The issuer of a tenant's tokens.
    #[must_use]
    pub fn issuer(&self, tenant: TenantId) -> String {
        format!("{}/{tenant}/v2.0", self.login.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
