//! Microsoft's AADSTS numbers, by the finding that they refine.
//!
//! [Error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes); those above 700 000 that are
//! not on that page are known from Microsoft's SDKs.

use crate::domain::finding::kind::FindingKind;

const AADSTS_CODES: &[(FindingKind, &[u32])] = &[
    (FindingKind::TenantNotFound, &[90002, 900_023, 50128, 50029]),
    (FindingKind::TenantInAnotherCloud, &[90038, 900_382, 900_432, 900_439]),
    (FindingKind::AppNotFound, &[700_016, 70001, 650_056, 90112]),
    (FindingKind::AppOfAnotherTenant, &[650_059]),
    (FindingKind::AppDisabled, &[7_000_112, 1_000_031]),
    (FindingKind::AppIsPublicClient, &[700_025]),
    (FindingKind::RedirectUriMissing, &[50011, 900_971, 70004]),
    (FindingKind::RedirectUriIsSpa, &[9_002_325, 9_002_327, 700_084]),
    (FindingKind::SecretWrong, &[7_000_215, 70002]),
    (FindingKind::SecretExpired, &[7_000_222]),
    (FindingKind::CertificateNotRegistered, &[700_027, 700_030, 50012, 50003]),
    (FindingKind::GraphDisabled, &[50001, 500_011, 500_014]),
    (FindingKind::ConsentMissing, &[65001, 65005, 650_057, 90008]),
    (FindingKind::AdminApprovalNeeded, &[90093, 90094, 90095]),
    (FindingKind::UserNotAssigned, &[50105]),
    (FindingKind::SignInDeclined, &[65004]),
    (FindingKind::AccountOfAnotherTenant, &[50020, 16000, 16003, 90072, 50194]),
    (FindingKind::AccountIsGuest, &[50014]),
    (FindingKind::MfaNeeded, &[50072, 50074, 50076, 50078, 50079, 50158, 53004]),
    (
        FindingKind::BlockedByPolicy,
        &[50005, 50097, 50129, 50131, 53000, 53001, 53002, 53003, 53011, 530_003, 530_032, 530_035],
    ),
    (FindingKind::SignInFrequency, &[70043]),
    (FindingKind::PasswordExpired, &[50055, 50144]),
    (FindingKind::UserDisabled, &[50057]),
    (FindingKind::UserGone, &[50034, 51004]),
    (FindingKind::SignInExpired, &[50089, 50132, 50133, 50173, 70000, 70008, 700_003, 700_081, 700_082]),
];

impl FindingKind {
    /// The refinement of a known number; `None` for a number that we do not know.
    #[must_use]
    pub fn from_aadsts(number: u32) -> Option<Self> {
        AADSTS_CODES.iter().find(|(_, numbers)| numbers.contains(&number)).map(|(kind, _)| *kind)
    }

    /// Every finding that numbers refine, with its numbers.
    #[must_use]
    pub fn aadsts_codes() -> &'static [(Self, &'static [u32])] {
        AADSTS_CODES
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_number_refines_one_finding() {
        let mut seen = HashSet::new();
        for number in AADSTS_CODES.iter().flat_map(|(_, numbers)| *numbers) {
            assert!(seen.insert(number), "{number} stands twice");
        }
    }

    #[test]
    fn an_unknown_number_is_no_finding() {
        assert_eq!(FindingKind::from_aadsts(1), None);
        assert_eq!(FindingKind::from_aadsts(50196), None, "throttling says nothing about anybody's configuration");
    }
}
