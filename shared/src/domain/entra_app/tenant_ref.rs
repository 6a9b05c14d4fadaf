//! How a person names a tenant.

use crate::types::domain_name::DomainName;
use crate::types::ids::TenantId;

/// How the administrator named the tenant. A domain is turned into the GUID once, by discovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantRef {
    /// By its id.
    Id(TenantId),
    /// By one of its verified domains.
    Domain(DomainName),
}

impl std::fmt::Display for TenantRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Domain(domain) => f.write_str(domain.as_str()),
        }
    }
}
