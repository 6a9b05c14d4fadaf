//! Where in the Entra admin center a problem is solved.

use shared::domain::finding::FindingKind;
use shared::types::language::Language;

use crate::connect_link::ConnectLinkStatus;

/// A page of the app registration in the portal.
#[derive(Debug)]
pub(super) struct PortalLink {
    /// Its name in the portal.
    pub(super) name: &'static str,
    /// Its URL.
    pub(super) url: String,
}

/// The page of the app registration for a finding: its name in the URL and in the portal.
fn portal_page(kind: FindingKind, language: Language) -> Option<(&'static str, &'static str)> {
    use FindingKind as Kind;
    Some(match kind {
        kind if needs_redirect_uri(kind) => {
            ("Authentication", language.choose("Uwierzytelnianie (Authentication)", "Authentication"))
        }
        Kind::ConsentMissing | Kind::AdminApprovalNeeded | Kind::PermissionMissing | Kind::SignInDeclined => {
            ("CallAnAPI", language.choose("Uprawnienia interfejsu API (API permissions)", "API permissions"))
        }
        Kind::SecretWrong
        | Kind::SecretExpired
        | Kind::CredentialRefused
        | Kind::CertificateNotRegistered
        | Kind::CertificateExpired
        | Kind::CertificateRefused
        | Kind::FederatedCredentialMissing
        | Kind::FederatedIssuerWrong
        | Kind::FederatedAudienceWrong
        | Kind::FederatedSubjectWrong => (
            "Credentials",
            language.choose("Certyfikaty i klucze tajne (Certificates & secrets)", "Certificates & secrets"),
        ),
        Kind::EnterpriseAppMissing => ("Overview", language.choose("Przegląd (Overview)", "Overview")),
        _ => return None,
    })
}

impl PortalLink {
    /// Where a finding is solved. `None` unless the link is valid: then the app must not be named.
    pub(super) fn of(kind: FindingKind, status: &ConnectLinkStatus, language: Language) -> Option<Self> {
        let ConnectLinkStatus::Valid { client_id, .. } = status else { return None };
        let (part, name) = portal_page(kind, language)?;
        let blade = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~";
        Some(Self { name, url: format!("{blade}/{part}/appId/{client_id}") })
    }
}

/// Whether the remedy is to register our redirect URI.
pub(super) fn needs_redirect_uri(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::RedirectUriMissing | FindingKind::RedirectUriIsSpa | FindingKind::AppIsPublicClient)
}
