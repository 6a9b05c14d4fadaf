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
