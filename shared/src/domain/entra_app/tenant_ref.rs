//! A tenant, as a person names it.

use crate::types::domain_name::DomainName;
use crate::types::ids::TenantId;

/// A tenant, by id or by domain name. Discovery turns a domain name into the id once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantRef {
    Id(TenantId),
    /// One of the tenant's verified domains.
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
