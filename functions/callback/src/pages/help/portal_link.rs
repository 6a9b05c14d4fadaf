//! Where in the Entra admin center something is mended.

use shared::domain::finding::FindingKind;
use shared::types::language::Language;

use crate::connect_link::ConnectLinkStatus;

/// A page of the app's registration.
#[derive(Debug)]
pub(super) struct PortalLink {
    /// What the portal calls it.
    pub(super) name: &'static str,
    /// Its address.
    pub(super) address: String,
}

/// The parts of an app's registration, as addresses spell them and as the portal calls them.
fn portal_page(kind: FindingKind, language: Language) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        kind if needs_redirect_uri(kind) => ("Authentication", language.choose("Uwierzytelnianie", "Authentication")),
        FindingKind::ConsentMissing | FindingKind::AdminApprovalNeeded => {
            ("CallAnAPI", language.choose("Uprawnienia interfejsu API", "API permissions"))
        }
        FindingKind::SecretWrong | FindingKind::SecretExpired => {
            ("Credentials", language.choose("Certyfikaty i klucze tajne", "Certificates & secrets"))
        }
        _ => return None,
    })
}

impl PortalLink {
    /// Where a finding is mended, for an app that may be named.
    pub(super) fn of(kind: FindingKind, standing: &ConnectLinkStatus, language: Language) -> Option<Self> {
        let ConnectLinkStatus::Valid { client_id, .. } = standing else { return None };
        let (part, name) = portal_page(kind, language)?;
        let blade = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~";
        Some(Self { name, address: format!("{blade}/{part}/appId/{client_id}") })
    }
}

/// Whether it is mended with our redirect URI.
pub(super) fn needs_redirect_uri(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::RedirectUriMissing | FindingKind::RedirectUriIsSpa | FindingKind::AppIsPublicClient)
}
