//! Contents of the sealed links for a customer's administrator.

use serde::{Deserialize, Serialize};

use crate::domain::entra_app::summary::AppInTenure;
use crate::types::clock::{SignedDuration, Timestamp, is_epoch};
use crate::types::domain_name::DomainName;
use crate::types::ids::{ClientId, CustomerId, TenantId};
use crate::types::language::Language;
use crate::types::sealing::Sealable;
use crate::types::single_line::OneLine;

/// How long an intake link works if nobody says: a week.
pub const INTAKE_LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A name of a company or a person. It travels in the address of a page, so it is short.
pub type ShownName = OneLine<80>;

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
    /// What the page calls the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<ShownName>,
    /// Who asks for the credentials, as the page says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<ShownName>,
    /// The customer's tenure when the link was created. The link works in no other one.
    #[serde(default, skip_serializing_if = "TenureState::is_none")]
    pub tenure: TenureState,
}

/// Whether a name is a customer's, and since when. Each tenure of the same name begins later than the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenureState {
    /// There is no record of a customer of this name.
    #[default]
    None,
    /// A customer since then.
    Active(Timestamp),
    /// Was a customer since then, and was offboarded.
    Ended(Timestamp),
}

impl TenureState {
    fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// As a tag says it.
    #[must_use]
    pub fn to_tag(self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::Active(since) => format!("active {since}"),
            Self::Ended(since) => format!("ended {since}"),
        }
    }

    /// What a tag says; nothing for what [`TenureState::to_tag`] does not write.
    #[must_use]
    pub fn parse_tag(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None => (text == "none").then_some(Self::None),
            Some(("active", since)) => since.parse().ok().map(Self::Active),
            Some(("ended", since)) => since.parse().ok().map(Self::Ended),
            Some(_) => None,
        }
    }

    /// Whether what was created in this state still has its effect in the `present` one. The record of an ended tenure is
    /// deleted some day, and nothing changes by that.
    #[must_use]
    pub fn lasts_in(self, present: Self) -> bool {
        self == present || matches!((self, present), (Self::Ended(_), Self::None))
    }
}

impl IntakeLink {
    /// What the page calls the customer.
    #[must_use]
    pub fn customer_label(&self) -> &str {
        self.customer_name.as_ref().map_or(self.customer.as_str(), ShownName::as_str)
    }
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
    /// The customer's tenure in which it was sealed. It counts in no other one.
    #[serde(default, skip_serializing_if = "is_epoch")]
    pub tenure: Timestamp,
    pub tenant: TenantId,
    pub client_id: ClientId,
}

impl AdminConsentRequest {
    /// What it was sealed for.
    #[must_use]
    pub fn app(&self) -> AppInTenure {
        AppInTenure { tenure: self.tenure, tenant: self.tenant, client_id: self.client_id }
    }
}

impl Sealable for AdminConsentRequest {
    const PURPOSE: &'static str = "admin-consent";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lasts_in_the_tenure_it_was_made_in_and_an_ended_one_without_its_record() {
        use TenureState::{Active, Ended, None};
        let (first, second) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(1).unwrap());
        let states = [None, Active(first), Active(second), Ended(first), Ended(second)];
        for made in states {
            for present in states {
                let lasts = made == present || matches!(made, Ended(_)) && present == None;
                assert_eq!(made.lasts_in(present), lasts, "{made:?} in {present:?}");
            }
        }
    }

    #[test]
    fn a_tag_says_which_tenure_it_is_and_nothing_else_is_taken_for_one() {
        use TenureState::{Active, Ended, None};
        for state in [None, Active(Timestamp::UNIX_EPOCH), Ended(Timestamp::UNIX_EPOCH)] {
            assert_eq!(TenureState::parse_tag(&state.to_tag()), Some(state));
        }
        for text in ["", "active", "ended yesterday", "over 1970-01-01T00:00:00Z", "none 1970-01-01T00:00:00Z"] {
            assert_eq!(TenureState::parse_tag(text), Option::None, "{text}");
        }
    }

    #[test]
    fn a_link_for_a_name_that_is_no_customer_says_nothing_of_a_tenure() {
        let content = |tenure| {
            let customer = "kadry".parse().unwrap();
            let link = IntakeLink {
                customer,
                language: None,
                expected_domain: None,
                return_url: None,
                customer_name: None,
                requested_by: None,
                tenure,
            };
            serde_json::to_value(link).unwrap().get("tenure").cloned()
        };
        assert_eq!(content(TenureState::None), None);
        assert!(content(TenureState::Ended(Timestamp::UNIX_EPOCH)).is_some());
    }
}
