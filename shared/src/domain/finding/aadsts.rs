//! Microsoft's AADSTS numbers, by the finding that they refine.
//!
//! Every number of [error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes) that we can get:
//! on the authorize page, in its redirect, for a code, a refresh token, an application's token or admin consent. And the
//! numbers from Microsoft's lookup (<https://login.microsoftonline.com/error>), SDKs and guides. `tests/fixtures/aadsts.txt`
//! has the source of each, and why the other numbers of that page cannot occur here.

use crate::domain::finding::kind::FindingKind;

const AADSTS_CODES: &[(FindingKind, &[u32])] = &[
    (FindingKind::TenantNotFound, &[50029, 50059, 50128, 90002, 90019, 500_209, 500_210, 900_023]),
    (FindingKind::TenantInAnotherCloud, &[90038, 90043, 90044, 90051, 900_382, 900_432, 900_439, 1_000_104, 1_002_021]),
    (FindingKind::DirectoryBlocked, &[5_000_224, 5_000_225]),
    (
        FindingKind::TenantAccessRestricted,
        &[50002, 90123, 500_021, 500_022, 500_023, 500_024, 500_025, 500_212, 500_213],
    ),
    (FindingKind::AppNotFound, &[70001, 90049, 700_011, 700_016]),
    (FindingKind::ClientIdMalformed, &[90112, 700_038]),
    (FindingKind::ClientIdIsMicrosofts, &[65002, 65003, 700_019]),
    (FindingKind::AppOfAnotherTenant, &[650_059]),
    (FindingKind::EnterpriseAppMissing, &[650_051, 7_000_217, 7_000_229]),
    (FindingKind::AppDisabled, &[1_000_031, 7_000_112, 7_000_116, 7_005_006]),
    (FindingKind::AppIsPublicClient, &[700_025, 9_002_319]),
    (FindingKind::RedirectUriMissing, &[50011, 70004, 500_113, 700_042, 700_043, 700_045, 900_971]),
    (FindingKind::RedirectUriIsSpa, &[700_084, 9_002_325, 9_002_326, 9_002_327]),
    (
        FindingKind::ClaimsMappingBroken,
        &[
            50003, 50042, 50043, 50045, 50100, 50101, 50102, 50103, 50108, 50109, 50111, 50123, 50124, 50146, 50162,
            50163, 501_461, 501_621, 501_631, 501_632, 9_002_329,
        ],
    ),
    (FindingKind::SecretWrong, &[70002, 7_000_215, 7_005_003]),
    (FindingKind::SecretExpired, &[7_000_222]),
    (FindingKind::CertificateNotRegistered, &[700_026, 700_027, 700_028, 7_000_214, 7_000_274, 7_000_277, 7_005_004]),
    (FindingKind::CertificateExpired, &[1_000_502]),
    (
        FindingKind::CertificateRefused,
        &[
            50012, 50017, 50032, 700_029, 700_030, 700_031, 700_032, 5_002_730, 7_000_210, 7_000_211, 7_000_212,
            7_000_213, 7_000_221,
        ],
    ),
    (FindingKind::FederatedCredentialMissing, &[70021, 70025]),
    (FindingKind::FederatedIssuerWrong, &[700_211]),
    (FindingKind::FederatedAudienceWrong, &[700_212]),
    (FindingKind::FederatedSubjectWrong, &[700_213, 7_002_138]),
    (FindingKind::FederationForbidden, &[700_223, 700_238, 7_002_381]),
    (FindingKind::IssuerUnreachable, &[90061, 501_661]),
    (FindingKind::ClockWrong, &[700_024]),
    (FindingKind::GraphDisabled, &[50001, 90085, 500_011, 500_014, 650_052, 650_054, 650_058, 7_000_117]),
    (FindingKind::PermissionMissing, &[65005, 65006, 65007, 90008, 650_055, 650_056, 650_057, 1_003_031]),
    (FindingKind::ConsentMissing, &[65001]),
    (FindingKind::AdminApprovalNeeded, &[90093, 90094, 90095, 90096, 90097, 90098, 900_941, 900_942, 900_981]),
    (FindingKind::UserNotAssigned, &[50105]),
    (FindingKind::SignInDeclined, &[65004, 90135, 90137, 650_041]),
    (
        FindingKind::AccountOfAnotherTenant,
        &[
            16000, 16003, 50020, 50177, 50178, 90072, 90084, 500_200, 500_204, 500_205, 500_206, 500_207, 500_208,
            500_211, 700_056, 1_003_034, 9_002_339,
        ],
    ),
    (FindingKind::AccountIsGuest, &[50014, 50150, 50202, 50204, 500_141, 500_571]),
    (
        FindingKind::MfaNeeded,
        &[
            50072, 50074, 50076, 50077, 50078, 50079, 50081, 50088, 50158, 50159, 50161, 50166, 50170, 50172, 50176,
            53004, 53010, 54008, 54009, 54010, 500_121, 500_881, 500_882, 500_883, 5_001_256,
        ],
    ),
    (
        FindingKind::BlockedByPolicy,
        &[
            50005, 50015, 50097, 50127, 50129, 50131, 50155, 50187, 51006, 53000, 53001, 53002, 53003, 53005, 53008,
            53009, 53011, 54000, 135_011, 501_271, 501_291, 501_292, 501_293, 501_311, 501_312, 501_313, 530_001,
            530_002, 530_003, 530_004, 530_011, 530_021, 530_022, 530_031, 530_032, 530_034, 530_035,
        ],
    ),
    (FindingKind::SignInFrequency, &[70043, 70044, 70045, 70046]),
    (
        FindingKind::PasswordExpired,
        &[
            50052, 50054, 50055, 50056, 50064, 50125, 50126, 50135, 50137, 50142, 50144, 120_000, 120_002, 120_003,
            120_004, 120_005, 120_008, 120_011, 120_012, 120_013, 120_014, 120_015, 120_016, 120_018, 120_020, 120_021,
        ],
    ),
    (FindingKind::AccountLocked, &[50053]),
    (FindingKind::UserDisabled, &[50057]),
    (FindingKind::UserGone, &[50034, 51004, 90125, 500_341]),
    (
        FindingKind::IdentityProviderFailed,
        &[
            20001, 20012, 20033, 40008, 40009, 40010, 40014, 40015, 50006, 50008, 50107, 50169, 50180, 80001, 80002,
            80005, 80007, 80010, 80012, 80013, 80014, 81004, 81005, 81006, 81007, 81009, 81010, 81011, 81012, 399_284,
            900_612, 901_011, 901_012, 901_014, 5_000_819,
        ],
    ),
    (
        FindingKind::SignInFailed,
        &[
            16001, 16002, 17003, 50058, 50136, 50140, 50143, 50157, 50160, 50168, 50192, 50197, 50199, 50201, 50203,
            51005, 130_004, 130_005, 130_006, 130_007, 130_008, 135_010, 160_011, 160_021, 220_450, 399_218, 501_314,
            1_000_000, 1_000_002,
        ],
    ),
    (
        FindingKind::SignInExpired,
        &[
            50085, 50089, 50132, 50133, 50139, 50148, 50173, 54005, 70000, 70008, 501_481, 700_003, 700_005, 700_007,
            700_020, 700_081, 700_082, 7_000_012, 7_000_015, 7_000_220, 9_002_341,
        ],
    ),
    (FindingKind::Throttled, &[50196, 90055]),
    (
        FindingKind::MicrosoftUnavailable,
        &[
            50000, 50004, 50033, 50086, 50087, 50138, 70012, 90006, 90012, 90024, 90025, 90030, 90031, 90032, 90033,
            90035, 90036, 90037, 90039, 90040, 90041, 90045, 90090, 90091, 90092, 230_109, 1_002_022,
        ],
    ),
    (
        FindingKind::RequestRejected,
        &[
            28002, 28003, 50010, 50013, 50027, 50048, 50049, 50050, 50098, 50099, 50117, 50120, 50130, 50147, 50149,
            50165, 50194, 51000, 51001, 70003, 70005, 70007, 70011, 90004, 90005, 90007, 90009, 90010, 90013, 90014,
            90015, 90016, 90023, 90027, 90056, 90100, 90102, 90107, 90117, 90121, 90124, 90130, 500_111, 500_112,
            500_115, 500_116, 500_117, 500_133, 501_491, 650_053, 700_009, 700_021, 700_022, 700_023, 700_044, 700_054,
            700_222, 700_229, 900_144, 900_384, 900_561, 901_002, 1_002_012, 5_002_727, 7_000_113, 7_000_114,
            7_000_216, 7_000_218, 7_000_219, 7_005_005, 9_000_411, 9_001_023, 9_002_313, 9_002_324, 9_002_331,
            9_002_332,
        ],
    ),
];

impl FindingKind {
    /// The finding of a number; `None` for an unknown number.
    #[must_use]
    pub fn from_aadsts(number: u32) -> Option<Self> {
        AADSTS_CODES.iter().find(|(_, numbers)| numbers.contains(&number)).map(|(kind, _)| *kind)
    }

    /// Every finding that has numbers, with its numbers.
    #[must_use]
    pub fn aadsts_codes() -> &'static [(Self, &'static [u32])] {
        AADSTS_CODES
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Number, where it is known from, and its finding or `-` with a reason.
    fn known() -> impl Iterator<Item = (u32, &'static str, &'static str)> {
        let lines = include_str!("../../../tests/fixtures/aadsts.txt").lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            (words[0].parse().unwrap(), words[1], words[2])
        })
    }

    #[test]
    fn every_number_that_can_come_here_has_its_finding_and_no_other_has_one() {
        for (number, _, finding) in known() {
            let told = FindingKind::from_aadsts(number).map_or("-", FindingKind::code);
            assert_eq!(told, finding, "{number}");
        }
        let listed: BTreeSet<_> = known().map(|(number, ..)| number).collect();
        let table: BTreeSet<_> = AADSTS_CODES.iter().flat_map(|(_, numbers)| *numbers).copied().collect();
        assert_eq!(table.difference(&listed).collect::<Vec<_>>(), Vec::<&u32>::new());
        assert_eq!(known().filter(|(_, source, _)| *source == "page").count(), 350, "Microsoft's page is whole");
    }

    #[test]
    fn a_number_refines_one_finding() {
        let mut seen = BTreeSet::new();
        for number in AADSTS_CODES.iter().flat_map(|(_, numbers)| *numbers) {
            assert!(seen.insert(number), "{number} stands twice");
        }
        assert_eq!(FindingKind::from_aadsts(1), None);
    }
}
