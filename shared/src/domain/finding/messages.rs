//! The sentences of the doctor. Names of places are the portal's own, in the portal's own language.

mod app;
mod credential;
mod directory;
mod recruiter;
mod tenant;

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::language::Language;
use crate::types::text::Text;

impl FindingKind {
    /// The sentences in a language.
    #[must_use]
    pub fn message(self, language: Language) -> Message {
        message(self).in_language(language)
    }
}

fn message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::TenantMissing
        | FindingKind::TenantMalformed
        | FindingKind::TenantIsEveryTenant
        | FindingKind::TenantIsPersonal
        | FindingKind::TenantIsShortName
        | FindingKind::TenantInChina
        | FindingKind::TenantInAnotherCloud
        | FindingKind::TenantAndClientIdSwapped
        | FindingKind::TenantIsUrl
        | FindingKind::TenantIsEmail
        | FindingKind::TenantNotFound
        | FindingKind::TenantUnexpected
        | FindingKind::TenantDiffers => tenant::message(kind),
        FindingKind::ClientIdMissing
        | FindingKind::ClientIdMalformed
        | FindingKind::ClientIdIsTenant
        | FindingKind::ClientIdIsMicrosofts
        | FindingKind::AppNotFound
        | FindingKind::AppDisabled
        | FindingKind::AppIsPublicClient
        | FindingKind::AppOfAnotherTenant
        | FindingKind::AppDiffers
        | FindingKind::AppOfAnotherCustomer
        | FindingKind::RedirectUriMissing
        | FindingKind::RedirectUriUnchecked
        | FindingKind::RedirectUriIsSpa
        | FindingKind::GraphDisabled => app::message(kind),
        FindingKind::SecretMissing
        | FindingKind::SecretIsSecretId
        | FindingKind::SecretIsMasked
        | FindingKind::SecretHasStrangeCharacters
        | FindingKind::SecretMalformed
        | FindingKind::SecretWrong
        | FindingKind::SecretExpired
        | FindingKind::CredentialRefused
        | FindingKind::ExpiryMalformed
        | FindingKind::ExpiryInThePast
        | FindingKind::ExpiresSoon
        | FindingKind::ExpiryUnknown
        | FindingKind::CertificateNotRegistered
        | FindingKind::CertificateMissing
        | FindingKind::CertificateExpired
        | FindingKind::CouldNotBeChecked => credential::message(kind),
        FindingKind::ConsentMissing
        | FindingKind::AdminApprovalNeeded
        | FindingKind::UserNotAssigned
        | FindingKind::PermissionMissing
        | FindingKind::NoRefreshToken
        | FindingKind::BlockedByPolicy
        | FindingKind::UserDisabled
        | FindingKind::UserGone
        | FindingKind::TeamsNotAvailable
        | FindingKind::TeamsLicenceMissing => directory::message(kind),
        FindingKind::SignInDeclined
        | FindingKind::SignInFailed
        | FindingKind::AccountOfAnotherTenant
        | FindingKind::AccountIsGuest
        | FindingKind::DifferentAccount
        | FindingKind::MfaNeeded
        | FindingKind::SignInFrequency
        | FindingKind::PasswordExpired
        | FindingKind::Throttled
        | FindingKind::SignInExpired => recruiter::message(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_says_what_and_what_to_do_in_every_language() {
        for kind in FindingKind::ALL {
            let [polish, english] = Language::ALL.map(|language| kind.message(language));
            for message in [polish, english] {
                assert!(message.title.len() > 10 && message.remedy.len() > 10, "{kind:?}");
            }
            assert_ne!(polish.title, english.title, "{kind:?}");
            assert_ne!(polish.remedy, english.remedy, "{kind:?}");
        }
    }
}
