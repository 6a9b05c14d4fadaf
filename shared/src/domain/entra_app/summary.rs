//! What tags tell about a customer's app, without reading its secret.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::entra_app::federation::FederatedSubject;
use crate::domain::finding::FindingKind;
use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, TenantId};

/// A customer's app in one tenure of the customer. What was made for it counts for no other app and in no other tenure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppInTenure {
    pub tenure: Timestamp,
    pub tenant: TenantId,
    pub client_id: ClientId,
}

/// What tags tell about a customer's app, without reading its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSummary {
    /// When the customer's present tenure began. Records of an earlier tenure do not count.
    pub tenure: Timestamp,
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// How the app authenticates.
    pub kind: CredentialKind,
    /// The day on which the credential expires, if it is known.
    pub expires_on: Option<Date>,
    /// Tells two credentials apart: `Credential::fingerprint`.
    pub fingerprint: Option<String>,
    /// When Entra last accepted the credential.
    pub verified_at: Option<Timestamp>,
    /// When these credentials were submitted. Links from before cannot be used.
    pub submitted_at: Timestamp,
    /// When the last app check ran.
    pub checked_at: Option<Timestamp>,
    /// The codes of its findings.
    pub findings: Vec<String>,
    /// The last admin consent, as a browser reported it.
    pub consent: Option<AdminConsent>,
    /// When a sign-in first had all permissions.
    pub consent_seen_at: Option<Timestamp>,
    /// The last sign-in test.
    pub sign_in_test: Option<SignInTestResult>,
    /// The last reminder that was sent, in days before the expiry.
    pub reminded: Option<i32>,
    /// The customer's connections by state, as the schedule last counted them.
    pub connections: Option<ConnectionCounts>,
    /// Since when checks find that the app does not work.
    pub blocked_at: Option<Timestamp>,
    /// The digest of the intake link by which these credentials came: it shows how things stand until it ends.
    pub intake_link: Option<String>,
}

/// How an app authenticates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// With a secret that its administrator created.
    #[default]
    ClientSecret,
    /// With our key, whose certificate its administrator registered.
    Certificate,
    /// Without a secret: the app trusts our issuer. Nothing expires.
    Federated,
}

impl CredentialKind {
    /// The kind's name in documents and tags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecret => "client_secret",
            Self::Certificate => "certificate",
            Self::Federated => "federated",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::ClientSecret, Self::Certificate, Self::Federated].into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A customer's connections by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// Connections that work.
    pub active: u32,
    /// Connections that Entra rejected once.
    pub suspect: u32,
    /// Connections that need a new sign-in.
    pub needs_reauth: u32,
}

/// The result of an admin consent. A browser reports it, so it is a hint and no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminConsent {
    pub granted: bool,
    pub at: Timestamp,
}

/// What is known about consent to the app's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    pub state: ConsentState,
    /// When this became known.
    pub at: Option<Timestamp>,
}

/// The state of consent to the app's permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// A sign-in had all permissions.
    Granted,
    /// A browser came back from Microsoft and said so; no sign-in has shown it yet.
    Reported,
    /// An administrator declined.
    Declined,
    /// Nobody was asked yet, or the last test of a sign-in stopped for want of consent.
    Unknown,
}

/// The findings of a sign-in test that say that consent is missing.
const WITHOUT_CONSENT: [FindingKind; 2] = [FindingKind::ConsentMissing, FindingKind::AdminApprovalNeeded];

/// The result of a sign-in test. The account that was used is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInTestResult {
    pub at: Timestamp,
    /// The codes of the findings; empty if everything worked.
    pub findings: Vec<String>,
}

impl SignInTestResult {
    /// Whether it stopped for want of consent.
    #[must_use]
    pub fn lacks_consent(&self) -> bool {
        WITHOUT_CONSENT.iter().any(|kind| self.findings.iter().any(|code| code == kind.code()))
    }
}

impl AppSummary {
    /// What is known of consent. What a sign-in showed counts for more than what a browser reported, and the later test for
    /// more than what was before it.
    #[must_use]
    pub fn consent_state(&self) -> Consent {
        let known = |state, at| Consent { state, at: Some(at) };
        let test = self.sign_in_test.as_ref();
        let missed_at = test.filter(|test| test.lacks_consent()).map(|test| test.at);
        let passed_at = test.filter(|test| test.findings.is_empty()).map(|test| test.at);
        let is_past = |at: &Timestamp| missed_at.is_none_or(|missed_at| missed_at < *at);
        if let Some(at) = self.consent_seen_at.or(passed_at).filter(is_past) {
            return known(ConsentState::Granted, at);
        }
        match self.consent {
            Some(AdminConsent { granted: true, at }) if is_past(&at) => known(ConsentState::Reported, at),
            Some(AdminConsent { granted: false, at }) => known(ConsentState::Declined, at),
            _ => Consent { state: ConsentState::Unknown, at: missed_at },
        }
    }

    /// What our issuer calls the customer, if the app trusts it.
    #[must_use]
    pub fn federated_subject(&self) -> Option<FederatedSubject> {
        self.fingerprint.as_ref().filter(|_| self.kind == CredentialKind::Federated)?.parse().ok()
    }

    #[must_use]
    pub fn app(&self) -> AppInTenure {
        AppInTenure { tenure: self.tenure, tenant: self.tenant, client_id: self.client_id }
    }

    #[must_use]
    pub fn is_app(&self, tenant: TenantId, client_id: ClientId) -> bool {
        self.tenant == tenant && self.client_id == client_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::clock::SignedDuration;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn known(
        reported: Option<(bool, i64)>,
        seen: Option<i64>,
        test: Option<(&str, i64)>,
    ) -> (ConsentState, Option<Timestamp>) {
        let summary = AppSummary {
            tenure: at(0),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
            kind: CredentialKind::ClientSecret,
            expires_on: None,
            fingerprint: None,
            verified_at: None,
            submitted_at: at(0),
            checked_at: None,
            findings: Vec::new(),
            consent: reported.map(|(granted, minute)| AdminConsent { granted, at: at(minute) }),
            consent_seen_at: seen.map(at),
            sign_in_test: test.map(|(code, minute)| SignInTestResult {
                at: at(minute),
                findings: code.split_whitespace().map(str::to_owned).collect(),
            }),
            reminded: None,
            connections: None,
            blocked_at: None,
            intake_link: None,
        };
        let Consent { state, at } = summary.consent_state();
        (state, at)
    }

    #[test]
    fn what_a_sign_in_showed_counts_for_more_than_what_a_browser_said() {
        use ConsentState::{Declined, Granted, Reported, Unknown};
        assert_eq!(known(None, None, None), (Unknown, None));
        assert_eq!(known(Some((true, 1)), None, None), (Reported, Some(at(1))));
        assert_eq!(known(Some((false, 1)), None, None), (Declined, Some(at(1))));
        assert_eq!(known(Some((false, 3)), Some(2), None), (Granted, Some(at(2))));
        assert_eq!(known(None, None, Some(("", 4))), (Granted, Some(at(4))));
        assert_eq!(known(None, None, Some(("teams_licence_missing", 4))), (Unknown, None));
    }

    #[test]
    fn a_later_test_that_stopped_for_want_of_consent_takes_the_earlier_word_back() {
        use ConsentState::{Granted, Reported, Unknown};
        for code in ["consent_missing", "admin_approval_needed"] {
            assert_eq!(known(Some((true, 1)), Some(2), Some((code, 3))), (Unknown, Some(at(3))));
            assert_eq!(known(Some((true, 4)), Some(2), Some((code, 3))), (Reported, Some(at(4))));
            assert_eq!(known(None, Some(3), Some((code, 3))), (Unknown, Some(at(3))), "in the same moment");
            assert_eq!(known(None, Some(5), Some((code, 3))), (Granted, Some(at(5))));
        }
    }
}
