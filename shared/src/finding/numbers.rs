//! Microsoft's AADSTS numbers, by the finding that they refine.
//!
//! [Error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes); those above 700 000 that are
//! not on that page are known from Microsoft's SDKs.

use super::Kind;

pub(super) const NUMBERS: &[(Kind, &[u32])] = &[
    (Kind::TenantNotFound, &[90002, 900_023, 50128, 50029]),
    (Kind::TenantInAnotherCloud, &[90038, 900_382, 900_432, 900_439]),
    (Kind::AppNotFound, &[700_016, 70001, 650_056, 90112]),
    (Kind::AppOfAnotherTenant, &[650_059]),
    (Kind::AppDisabled, &[7_000_112, 1_000_031]),
    (Kind::AppIsPublicClient, &[700_025]),
    (Kind::RedirectUriMissing, &[50011, 900_971, 70004]),
    (Kind::RedirectUriIsSpa, &[9_002_325, 9_002_327, 700_084]),
    (Kind::SecretWrong, &[7_000_215, 70002]),
    (Kind::SecretExpired, &[7_000_222]),
    (Kind::CertificateNotRegistered, &[700_027, 700_030, 50012, 50003]),
    (Kind::GraphDisabled, &[50001, 500_011, 500_014]),
    (Kind::ConsentMissing, &[65001, 65005, 650_057, 90008]),
    (Kind::AdminApprovalNeeded, &[90093, 90094, 90095]),
    (Kind::UserNotAssigned, &[50105]),
    (Kind::SignInDeclined, &[65004]),
    (Kind::AccountOfAnotherTenant, &[50020, 16000, 16003, 90072, 50194]),
    (Kind::AccountIsGuest, &[50014]),
    (Kind::MfaNeeded, &[50072, 50074, 50076, 50078, 50079, 50158, 53004]),
    (
        Kind::BlockedByPolicy,
        &[50005, 50097, 50129, 50131, 53000, 53001, 53002, 53003, 53011, 530_003, 530_032, 530_035],
    ),
    (Kind::SignInFrequency, &[70043]),
    (Kind::PasswordExpired, &[50055, 50144]),
    (Kind::UserDisabled, &[50057]),
    (Kind::UserGone, &[50034, 51004]),
    (Kind::SignInExpired, &[50089, 50132, 50133, 50173, 70000, 70008, 700_003, 700_081, 700_082]),
];
