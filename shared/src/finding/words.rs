//! The sentences of the doctor. Names of places are the portal's own, in the portal's own language.

mod app;
mod directory;
mod recruiter;
mod secret;
mod tenant;

use super::{Kind, Words};
use crate::language::Language;

fn say(language: Language, polish: [&'static str; 2], english: [&'static str; 2]) -> Words {
    let [what, remedy] = language.of(polish, english);
    Words { what, remedy }
}

pub(super) fn words(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::TenantMissing
        | Kind::TenantMalformed
        | Kind::TenantIsEveryTenant
        | Kind::TenantIsPersonal
        | Kind::TenantIsShortName
        | Kind::TenantInChina
        | Kind::TenantInAnotherCloud
        | Kind::TenantAndClientIdSwapped
        | Kind::TenantIsUrl
        | Kind::TenantIsEmail
        | Kind::TenantNotFound
        | Kind::TenantUnexpected
        | Kind::TenantDiffers => tenant::words(kind, language),
        Kind::ClientIdMissing
        | Kind::ClientIdMalformed
        | Kind::ClientIdIsTenant
        | Kind::ClientIdIsMicrosofts
        | Kind::AppNotFound
        | Kind::AppDisabled
        | Kind::AppIsPublicClient
        | Kind::AppOfAnotherTenant
        | Kind::AppDiffers
        | Kind::AppOfAnotherCustomer
        | Kind::RedirectUriMissing
        | Kind::RedirectUriUnchecked
        | Kind::RedirectUriIsSpa
        | Kind::GraphDisabled => app::words(kind, language),
        Kind::SecretMissing
        | Kind::SecretIsSecretId
        | Kind::SecretIsMasked
        | Kind::SecretHasStrangeCharacters
        | Kind::SecretMalformed
        | Kind::SecretWrong
        | Kind::SecretExpired
        | Kind::CredentialRefused
        | Kind::ExpiryMalformed
        | Kind::ExpiryInThePast
        | Kind::ExpiresSoon
        | Kind::ExpiryUnknown
        | Kind::CertificateNotRegistered
        | Kind::CertificateMissing
        | Kind::CertificateExpired
        | Kind::CouldNotBeChecked => secret::words(kind, language),
        Kind::ConsentMissing
        | Kind::AdminApprovalNeeded
        | Kind::UserNotAssigned
        | Kind::PermissionMissing
        | Kind::NoRefreshToken
        | Kind::BlockedByPolicy
        | Kind::UserDisabled
        | Kind::UserGone
        | Kind::TeamsNotAvailable
        | Kind::TeamsLicenceMissing => directory::words(kind, language),
        Kind::SignInDeclined
        | Kind::SignInFailed
        | Kind::AccountOfAnotherTenant
        | Kind::AccountIsGuest
        | Kind::DifferentAccount
        | Kind::MfaNeeded
        | Kind::SignInFrequency
        | Kind::PasswordExpired
        | Kind::Throttled
        | Kind::SignInExpired => recruiter::words(kind, language),
    }
}
