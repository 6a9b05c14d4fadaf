//! What a browser says when it comes back from Microsoft. Anybody can write such an address, so it is a hint: it takes back
//! nothing that a sign-in has shown, and it says nothing about the app or its credential.

use crate::domain::entra_app::summary::{AdminConsent, AppSummary, ConsentState, SignInTestResult};
use crate::domain::finding::FindingKind;

/// What a browser may say about consent and about the account. Checks find out about the app and its credential.
const HINTS: [FindingKind; 17] = [
    FindingKind::ConsentMissing,
    FindingKind::AdminApprovalNeeded,
    FindingKind::UserNotAssigned,
    FindingKind::SignInDeclined,
    FindingKind::SignInFailed,
    FindingKind::SignInExpired,
    FindingKind::SignInFrequency,
    FindingKind::AccountOfAnotherTenant,
    FindingKind::TenantAccessRestricted,
    FindingKind::AccountIsGuest,
    FindingKind::AccountLocked,
    FindingKind::MfaNeeded,
    FindingKind::PasswordExpired,
    FindingKind::BlockedByPolicy,
    FindingKind::IdentityProviderFailed,
    FindingKind::UserDisabled,
    FindingKind::UserGone,
];

impl AppSummary {
    /// Whether an answer to the request for consent says something new. Whoever declines takes back no earlier consent.
    #[must_use]
    pub fn learns_consent(&self, answer: AdminConsent) -> bool {
        match self.consent_state().state {
            ConsentState::Granted => false,
            ConsentState::Reported if !answer.granted => false,
            ConsentState::Reported | ConsentState::Declined | ConsentState::Unknown => {
                self.consent.is_none_or(|known| known.granted != answer.granted)
                    || self.differs_from(&Self { consent: Some(answer), ..self.clone() })
            }
        }
    }

    /// Whether a sign-in test that did not come about says something new. It replaces another hint only, and only another hint
    /// about consent where consent was missing.
    #[must_use]
    pub fn learns_failed_sign_in(&self, test: &SignInTestResult) -> bool {
        if self.consent_state().state == ConsentState::Granted || !consists_of_hints(test) {
            return false;
        }
        let after = Self { sign_in_test: Some(test.clone()), ..self.clone() };
        self.sign_in_test.as_ref().is_none_or(|known| {
            consists_of_hints(known)
                && (test.lacks_consent() || !known.lacks_consent())
                && (known.findings != test.findings || self.differs_from(&after))
        })
    }

    fn differs_from(&self, other: &Self) -> bool {
        let shown = |summary: &Self| {
            let standing = summary.standing();
            (summary.consent_state().state, standing.state, standing.finding)
        };
        shown(self) != shown(other)
    }
}

fn consists_of_hints(test: &SignInTestResult) -> bool {
    test.findings.iter().all(|code| FindingKind::from_code(code).is_some_and(|kind| HINTS.contains(&kind)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entra_app::standing::tests::{at, summary};

    fn answer(granted: bool, minute: i64) -> AdminConsent {
        AdminConsent { granted, at: at(minute) }
    }

    fn test(code: &str, minute: i64) -> SignInTestResult {
        SignInTestResult { at: at(minute), findings: code.split_whitespace().map(str::to_owned).collect() }
    }

    #[test]
    fn an_answer_about_consent_is_news_if_it_changes_what_is_known() {
        let asked = AppSummary { consent: None, ..summary() };
        assert!(asked.learns_consent(answer(true, 5)) && asked.learns_consent(answer(false, 5)));
        let declined = AppSummary { consent: Some(answer(false, 3)), ..summary() };
        assert!(declined.learns_consent(answer(true, 5)) && !declined.learns_consent(answer(false, 5)));
        assert!(!summary().learns_consent(answer(true, 5)) && !summary().learns_consent(answer(false, 5)));
        let failed = AppSummary { sign_in_test: Some(test("mfa_needed", 4)), ..summary() };
        assert!(failed.learns_consent(answer(true, 5)), "the failed test counts no more");
        assert!(!failed.learns_consent(answer(false, 5)), "no earlier consent is taken back");
        let proved = AppSummary { consent: None, consent_seen_at: Some(at(3)), ..summary() };
        assert!(!proved.learns_consent(answer(true, 5)) && !proved.learns_consent(answer(false, 5)));
    }

    #[test]
    fn a_sign_in_that_failed_is_news_if_it_is_a_hint_and_says_something_else() {
        let after = |known: Option<SignInTestResult>| AppSummary { sign_in_test: known, consent: None, ..summary() };
        let none = after(None);
        assert!(none.learns_failed_sign_in(&test("mfa_needed", 4)));
        assert!(!none.learns_failed_sign_in(&test("secret_expired", 4)), "a browser says nothing of the app");
        let proved = AppSummary { consent_seen_at: Some(at(3)), ..none };
        assert!(!proved.learns_failed_sign_in(&test("mfa_needed", 4)));
        let tested = after(Some(test("teams_licence_missing", 3)));
        assert!(!tested.learns_failed_sign_in(&test("mfa_needed", 4)), "a test said more");
        let without = after(Some(test("consent_missing", 3)));
        assert!(!without.learns_failed_sign_in(&test("mfa_needed", 4)));
        assert!(!without.learns_failed_sign_in(&test("consent_missing", 4)), "it is known");
        assert!(after(Some(test("mfa_needed", 3))).learns_failed_sign_in(&test("consent_missing", 4)));
        let before_consent = AppSummary { sign_in_test: Some(test("mfa_needed", 2)), ..summary() };
        assert!(before_consent.learns_failed_sign_in(&test("mfa_needed", 4)), "it fails still, after the consent");
        assert!(!before_consent.learns_failed_sign_in(&test("mfa_needed", 2)));
        assert!(before_consent.learns_failed_sign_in(&test("password_expired", 2)), "something else");
    }
}
