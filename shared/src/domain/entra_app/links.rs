//! Contents of the sealed links for a customer's administrator.

use serde::{Deserialize, Serialize};

use crate::types::domain_name::DomainName;
use crate::types::ids::{ClientId, CustomerId, TenantId};
use crate::types::language::Language;
use crate::types::sealing::Sealable;

/// Sealed content of an intake link.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeLink {
    /// The customer whose credentials are requested.
    pub customer: CustomerId,
    /// The language of the page, if the ATS knows it.
    pub language: Option<Language>,
    /// The tenant must be the one with this domain.
    pub expected_domain: Option<DomainName>,
    /// Where the page offers to go at the end.
    pub return_url: Option<url::Url>,
}

impl Sealable for IntakeLink {
    const PURPOSE: &'static str = "intake-link";
}

/// Sealed content of the `state` of an admin consent. The redirect itself proves nothing: Microsoft warns that its `tenant`
/// may be another one
/// ([admin consent](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent)).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminConsentRequest {
    /// The customer whose administrator was asked.
    pub customer: CustomerId,
    pub tenant: TenantId,
    pub client_id: ClientId,
}

impl Sealable for AdminConsentRequest {
    const PURPOSE: &'static str = "admin-consent";
}
