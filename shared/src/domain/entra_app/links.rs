//! What two sealed links to an administrator carry.

use serde::{Deserialize, Serialize};

use crate::types::domain_name::DomainName;
use crate::types::ids::{ClientId, CustomerId, TenantId};
use crate::types::language::Language;
use crate::types::sealing::Sealable;

/// What a link for the administrator carries, sealed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeLink {
    /// Whose credentials are asked for.
    pub customer: CustomerId,
    /// The language to begin in, if the ATS knows it.
    pub language: Option<Language>,
    /// The tenant must be the one of this domain.
    pub expected_domain: Option<DomainName>,
    /// Where the page offers to go afterwards.
    pub return_url: Option<url::Url>,
}

impl Sealable for IntakeLink {
    const PURPOSE: &'static str = "intake-link";
}

/// What comes back in the `state` of an administrator's consent, sealed. The redirect itself proves nothing: Microsoft
/// warns that its `tenant` may be anybody's
/// ([admin consent](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent)).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminConsentRequest {
    /// Whose administrator was asked.
    pub customer: CustomerId,
    /// At which tenant.
    pub tenant: TenantId,
    /// For which app.
    pub client_id: ClientId,
}

impl Sealable for AdminConsentRequest {
    const PURPOSE: &'static str = "admin-consent";
}
