//! How a customer stands, and who must act: what the lists and the page for support begin with.

use serde::{Deserialize, Serialize};

use crate::domain::entra_app::summary::{AppSummary, ConnectionCounts, ConsentState, SignInTestResult};
use crate::domain::finding::{Actor, FindingKind, Severity, first_of};
use crate::types::clock::Timestamp;

/// The setup state of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CustomerState {
    /// Recruiters can sign in and meet.
    Ready,
    /// The app works; consent or a sign-in test that passes is missing.
    Incomplete,
    /// The app does not work.
    Blocked,
}

/// How a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerStanding {
    pub state: CustomerState,
    /// Since when.
    pub since: Timestamp,
    /// What is to be solved first.
    pub finding: Option<FindingKind>,
    /// Who must act, if anybody.
    pub actor: Option<Actor>,
}

impl CustomerState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ready, Self::Incomplete, Self::Blocked];

    /// The state's name in answers and queries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Incomplete => "incomplete",
            Self::Blocked => "blocked",
        }
    }
}

impl AppSummary {
    /// How the customer stands, by what was noted about the app.
    #[must_use]
    pub fn standing(&self) -> CustomerStanding {
        let of = |state, since, finding: Option<FindingKind>| {
            let actor = finding.map(FindingKind::actor);
            CustomerStanding { state, since, finding, actor }
        };
        if let Some(finding) = first_of(&self.findings, Severity::Error) {
            return of(CustomerState::Blocked, self.blocked_at.unwrap_or(self.submitted_at), Some(finding));
        }
        if let Some((at, finding)) = self.failed_test() {
            return of(CustomerState::Incomplete, at, Some(finding));
        }
        let consent = self.consent_state();
        let since = consent.at.unwrap_or(self.submitted_at);
        match consent.state {
            ConsentState::Granted | ConsentState::Reported => {}
            ConsentState::Declined | ConsentState::Unknown => {
                return of(CustomerState::Incomplete, since, Some(FindingKind::ConsentMissing));
            }
        }
        let ready = of(CustomerState::Ready, since, first_of(&self.findings, Severity::Warning));
        let must_sign_in = self.connections.is_some_and(|counts| counts.needs_reauth > 0);
        CustomerStanding { actor: ready.actor.or(must_sign_in.then_some(Actor::Recruiter)), ..ready }
    }

    /// The last sign-in test, if it failed and nothing has shown since that the app works. Once recruiters are connected, a
    /// test says something about the account that was used.
    fn failed_test(&self) -> Option<(Timestamp, FindingKind)> {
        let SignInTestResult { at, findings } = self.sign_in_test.as_ref()?;
        let consent = self.consent_state();
        let is_past = self.connections.is_some_and(|ConnectionCounts { active, .. }| active > 0)
            || matches!(consent.state, ConsentState::Granted | ConsentState::Reported)
                && consent.at.is_some_and(|consented_at| consented_at > *at);
        let finding = findings.iter().find_map(|code| FindingKind::from_code(code))?;
        (!is_past).then_some((*at, finding))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::entra_app::{AdminConsent, CredentialKind};
    use crate::types::clock::SignedDuration;
    use CustomerState::{Blocked, Incomplete, Ready};

    pub(in crate::domain::entra_app) fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    /// Handed over at the first minute, consented to at the third.
    pub(in crate::domain::entra_app) fn summary() -> AppSummary {
        AppSummary {
            tenure: at(0),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
            kind: CredentialKind::ClientSecret,
            expires_on: None,
            fingerprint: None,
            verified_at: None,
            submitted_at: at(1),
            checked_at: None,
            findings: Vec::new(),
            consent: Some(AdminConsent { granted: true, at: at(3) }),
            consent_seen_at: None,
            sign_in_test: None,
            reminded: None,
            blocked_at: None,
            intake_link: None,
            connections: None,
        }
    }

    fn stands(summary: &AppSummary) -> (CustomerState, Timestamp, Option<&'static str>, Option<Actor>) {
        let CustomerStanding { state, since, finding, actor } = summary.standing();
        (state, since, finding.map(FindingKind::code), actor)
    }

    fn found(codes: &[&str]) -> AppSummary {
        AppSummary { findings: codes.iter().map(|code| (*code).to_owned()).collect(), ..summary() }
    }

    fn tested(code: &str, minute: i64) -> AppSummary {
        let findings = code.split_whitespace().map(str::to_owned).collect();
        AppSummary { sign_in_test: Some(SignInTestResult { at: at(minute), findings }), ..summary() }
    }

    #[test]
    fn an_error_of_the_app_blocks_since_it_was_found() {
        let admin = Some(Actor::CustomerAdmin);
        assert_eq!(stands(&summary()), (Ready, at(3), None, None));
        let expired = AppSummary { blocked_at: Some(at(2)), ..found(&["expires_soon", "secret_expired"]) };
        assert_eq!(stands(&expired), (Blocked, at(2), Some("secret_expired"), admin));
        assert_eq!(stands(&AppSummary { blocked_at: None, intake_link: None, ..expired }).1, at(1));
        assert_eq!(stands(&found(&["expires_soon"])), (Ready, at(3), Some("expires_soon"), admin));
        assert_eq!(stands(&found(&["expiry_unknown", "a_code_of_a_later_version"])), (Ready, at(3), None, None));
    }

    #[test]
    fn without_consent_or_with_a_failed_test_a_customer_is_incomplete() {
        let admin = Some(Actor::CustomerAdmin);
        let nobody_asked = AppSummary { consent: None, ..summary() };
        assert_eq!(stands(&nobody_asked), (Incomplete, at(1), Some("consent_missing"), admin));
        let declined = AppSummary { consent: Some(AdminConsent { granted: false, at: at(4) }), ..summary() };
        assert_eq!(stands(&declined), (Incomplete, at(4), Some("consent_missing"), admin));
        assert_eq!(stands(&tested("mfa_needed", 4)), (Incomplete, at(4), Some("mfa_needed"), Some(Actor::Recruiter)));
        assert_eq!(stands(&tested("", 4)).0, Ready);
        assert_eq!(stands(&tested("consent_missing", 2)).0, Ready, "consent came later");
        assert_eq!(stands(&tested("mfa_needed", 3)).0, Incomplete, "consent did not come later");
    }

    #[test]
    fn once_recruiters_are_connected_a_failed_test_counts_no_more_and_who_must_sign_in_is_told() {
        let counts = |active, needs_reauth| Some(ConnectionCounts { active, suspect: 0, needs_reauth });
        assert_eq!(stands(&AppSummary { connections: counts(1, 0), ..tested("mfa_needed", 4) }).0, Ready);
        assert_eq!(stands(&AppSummary { connections: counts(0, 0), ..tested("mfa_needed", 4) }).0, Incomplete);
        assert_eq!(stands(&AppSummary { connections: counts(4, 0), ..summary() }).3, None);
        let one_must = AppSummary { connections: counts(4, 1), ..summary() };
        assert_eq!(stands(&one_must), (Ready, at(3), None, Some(Actor::Recruiter)));
    }

    #[test]
    fn a_state_is_spelled_in_one_way() {
        for state in CustomerState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
    }
}
