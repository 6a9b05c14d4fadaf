//! Messages of findings. Names in the portal are the portal's own, in each language. A Polish name has the English one
//! beside it, because many administrators use the portal in English.

mod app;
mod credential;
mod directory;
mod federation;
mod outage;
mod recruiter;
mod tenant;

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::language::Language;
use crate::types::text::Text;

impl FindingKind {
    /// What is wrong and what to do, in a language.
    #[must_use]
    pub fn message(self, language: Language) -> Message {
        message(self).in_language(language)
    }
}

fn message(kind: FindingKind) -> Message<Text> {
    use FindingKind as Kind;
    match kind {
        Kind::TenantMissing => tenant::TENANT_MISSING,
        Kind::TenantMalformed => tenant::TENANT_MALFORMED,
        Kind::TenantIsEveryTenant => tenant::TENANT_IS_EVERY_TENANT,
        Kind::TenantIsPersonal => tenant::TENANT_IS_PERSONAL,
        Kind::TenantIsShortName => tenant::TENANT_IS_SHORT_NAME,
        Kind::TenantIsUrl => tenant::TENANT_IS_URL,
        Kind::TenantIsEmail => tenant::TENANT_IS_EMAIL,
        Kind::TenantNotFound => tenant::TENANT_NOT_FOUND,
        Kind::TenantInChina => tenant::TENANT_IN_CHINA,
        Kind::TenantIsForCustomers => tenant::TENANT_IS_FOR_CUSTOMERS,
        Kind::TenantInAnotherCloud => tenant::TENANT_IN_ANOTHER_CLOUD,
        Kind::DirectoryBlocked => tenant::DIRECTORY_BLOCKED,
        Kind::TenantAccessRestricted => tenant::TENANT_ACCESS_RESTRICTED,
        Kind::TenantAndClientIdSwapped => tenant::TENANT_AND_CLIENT_ID_SWAPPED,
        Kind::TenantUnexpected => tenant::TENANT_UNEXPECTED,
        Kind::TenantDiffers => tenant::TENANT_DIFFERS,
        Kind::ClientIdMissing => app::CLIENT_ID_MISSING,
        Kind::ClientIdMalformed => app::CLIENT_ID_MALFORMED,
        Kind::ClientIdIsTenant => app::CLIENT_ID_IS_TENANT,
        Kind::ClientIdIsMicrosofts => app::CLIENT_ID_IS_MICROSOFTS,
        Kind::AppNotFound => app::APP_NOT_FOUND,
        Kind::AppOfAnotherTenant => app::APP_OF_ANOTHER_TENANT,
        Kind::EnterpriseAppMissing => app::ENTERPRISE_APP_MISSING,
        Kind::AppDiffers => app::APP_DIFFERS,
        Kind::AppOfAnotherCustomer => app::APP_OF_ANOTHER_CUSTOMER,
        Kind::AppDisabled => app::APP_DISABLED,
        Kind::AppIsPublicClient => app::APP_IS_PUBLIC_CLIENT,
        Kind::RedirectUriMissing => app::REDIRECT_URI_MISSING,
        Kind::RedirectUriUnchecked => app::REDIRECT_URI_UNCHECKED,
        Kind::RedirectUriIsSpa => app::REDIRECT_URI_IS_SPA,
        Kind::ClaimsMappingBroken => app::CLAIMS_MAPPING_BROKEN,
        Kind::SecretMissing => credential::SECRET_MISSING,
        Kind::SecretIsSecretId => credential::SECRET_IS_SECRET_ID,
        Kind::SecretIsMasked => credential::SECRET_IS_MASKED,
        Kind::SecretHasStrangeCharacters => credential::SECRET_HAS_STRANGE_CHARACTERS,
        Kind::SecretMalformed => credential::SECRET_MALFORMED,
        Kind::SecretWrong => credential::SECRET_WRONG,
        Kind::SecretExpired => credential::SECRET_EXPIRED,
        Kind::ExpiryMalformed => credential::EXPIRY_MALFORMED,
        Kind::ExpiryInThePast => credential::EXPIRY_IN_THE_PAST,
        Kind::ContactMalformed => credential::CONTACT_MALFORMED,
        Kind::ExpiresSoon => credential::EXPIRES_SOON,
        Kind::ExpiryUnknown => credential::EXPIRY_UNKNOWN,
        Kind::CouldNotBeChecked => credential::COULD_NOT_BE_CHECKED,
        Kind::CredentialRefused => credential::CREDENTIAL_REFUSED,
        Kind::CertificateNotRegistered => credential::CERTIFICATE_NOT_REGISTERED,
        Kind::CertificateMissing => credential::CERTIFICATE_MISSING,
        Kind::CertificateExpired => credential::CERTIFICATE_EXPIRED,
        Kind::CertificateRefused => credential::CERTIFICATE_REFUSED,
        Kind::FederatedCredentialMissing => federation::FEDERATED_CREDENTIAL_MISSING,
        Kind::FederatedIssuerWrong => federation::FEDERATED_ISSUER_WRONG,
        Kind::FederatedAudienceWrong => federation::FEDERATED_AUDIENCE_WRONG,
        Kind::FederatedSubjectWrong => federation::FEDERATED_SUBJECT_WRONG,
        Kind::FederationForbidden => federation::FEDERATION_FORBIDDEN,
        Kind::IssuerUnreachable => federation::ISSUER_UNREACHABLE,
        Kind::FederationRefused => federation::FEDERATION_REFUSED,
        Kind::GraphDisabled => app::GRAPH_DISABLED,
        Kind::ConsentMissing => directory::CONSENT_MISSING,
        Kind::AdminApprovalNeeded => directory::ADMIN_APPROVAL_NEEDED,
        Kind::UserNotAssigned => directory::USER_NOT_ASSIGNED,
        Kind::SignInDeclined => recruiter::SIGN_IN_DECLINED,
        Kind::SignInFailed => recruiter::SIGN_IN_FAILED,
        Kind::AccountOfAnotherTenant => recruiter::ACCOUNT_OF_ANOTHER_TENANT,
        Kind::AccountIsGuest => recruiter::ACCOUNT_IS_GUEST,
        Kind::DifferentAccount => recruiter::DIFFERENT_ACCOUNT,
        Kind::PermissionMissing => directory::PERMISSION_MISSING,
        Kind::NoRefreshToken => directory::NO_REFRESH_TOKEN,
        Kind::MfaNeeded => recruiter::MFA_NEEDED,
        Kind::BlockedByPolicy => directory::BLOCKED_BY_POLICY,
        Kind::SignInFrequency => recruiter::SIGN_IN_FREQUENCY,
        Kind::PasswordExpired => recruiter::PASSWORD_EXPIRED,
        Kind::AccountLocked => recruiter::ACCOUNT_LOCKED,
        Kind::IdentityProviderFailed => directory::IDENTITY_PROVIDER_FAILED,
        Kind::UserDisabled => directory::USER_DISABLED,
        Kind::UserGone => directory::USER_GONE,
        Kind::SignInExpired => recruiter::SIGN_IN_EXPIRED,
        Kind::TeamsNotAvailable => directory::TEAMS_NOT_AVAILABLE,
        Kind::TeamsLicenceMissing => directory::TEAMS_LICENCE_MISSING,
        Kind::Throttled => outage::THROTTLED,
        Kind::MicrosoftUnavailable => outage::MICROSOFT_UNAVAILABLE,
        Kind::ClockWrong => outage::CLOCK_WRONG,
        Kind::RequestRejected => outage::REQUEST_REJECTED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the portal calls its places, in Polish and in English.
    const LABELS: &[(&str, &str)] = &[
        ("Rejestracje aplikacji", "App registrations"),
        ("Dezaktywowane aplikacje", "Deactivated applications"),
        ("Usunięte aplikacje", "Deleted applications"),
        ("Aplikacje dla przedsiębiorstw →", "Enterprise applications"),
        ("Identyfikator aplikacji (klienta)”", "Application (client) ID"),
        ("Identyfikator katalogu (dzierżawy)”", "Directory (tenant) ID"),
        ("stronie Przegląd", "Overview"),
        ("Certyfikaty i klucze tajne", "Certificates & secrets"),
        ("„Wartość”", "Value"),
        ("„Wygasa”", "Expires"),
        ("Nowy klucz tajny klienta", "New client secret"),
        ("Przekaż certyfikat", "Upload certificate"),
        ("Poświadczenia federacyjne", "Federated credentials"),
        ("Dodaj poświadczenie", "Add credential"),
        ("Inny wystawca", "Other issuer"),
        ("„Wystawca”", "Issuer"),
        ("„Odbiorcy”", "Audience"),
        ("„Identyfikator podmiotu”", "Subject identifier"),
        ("Uprawnienia interfejsu API", "API permissions"),
        ("Dodaj uprawnienie", "Add a permission"),
        ("Wyrażam zgodę administratora", "Grant admin consent"),
        ("Uwierzytelnianie →", "Authentication"),
        ("Dodaj identyfikator URI przekierowania", "Add Redirect URI"),
        ("Dodaj platformę", "Add a platform"),
        ("Użytkownicy i grupy", "Users and groups"),
        ("Wymagane przypisanie", "Assignment required"),
        ("Dzienniki logowania", "Sign-in logs"),
        ("Włączone logowanie użytkowników", "Enabled for users to sign-in"),
        ("Konto włączone", "Account enabled"),
        ("Usunięci użytkownicy", "Deleted users"),
    ];

    #[test]
    fn beside_a_polish_label_of_the_portal_stands_the_english_one() {
        let mut seen = vec![false; LABELS.len()];
        for kind in FindingKind::ALL {
            let [polish, english] = Language::ALL.map(|language| kind.message(language));
            for ((own, foreign), seen) in LABELS.iter().zip(&mut seen) {
                let sentence = format!("{} {}", polish.title, polish.remedy).replace('\u{a0}', " ");
                if sentence.contains(own.trim_end_matches([' ', '→', '”'])) {
                    *seen = true;
                    assert!(sentence.contains(&format!("({foreign}")), "{kind:?}: {own} without {foreign}");
                    assert!(english.remedy.contains(foreign) || english.title.contains(foreign), "{kind:?}: {foreign}");
                }
            }
        }
        assert!(seen.iter().all(|seen| *seen), "{seen:?}");
    }

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
