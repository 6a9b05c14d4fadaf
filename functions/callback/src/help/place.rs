//! Where in the Entra admin center something is mended.

use shared::finding::Kind;
use shared::language::Language;

use crate::act::Standing;

/// A page of the app's registration.
#[derive(Debug)]
pub(super) struct Place {
    /// What the portal calls it.
    pub(super) name: &'static str,
    /// Its address.
    pub(super) address: String,
}

/// The parts of an app's registration, as addresses spell them and as the portal calls them.
fn part(kind: Kind, language: Language) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        kind if needs_redirect_uri(kind) => ("Authentication", language.of("Uwierzytelnianie", "Authentication")),
        Kind::ConsentMissing | Kind::AdminApprovalNeeded => {
            ("CallAnAPI", language.of("Uprawnienia interfejsu API", "API permissions"))
        }
        Kind::SecretWrong | Kind::SecretExpired => {
            ("Credentials", language.of("Certyfikaty i klucze tajne", "Certificates & secrets"))
        }
        _ => return None,
    })
}

impl Place {
    /// Where a finding is mended, for an app that may be named.
    pub(super) fn of(kind: Kind, standing: &Standing, language: Language) -> Option<Self> {
        let Standing::Works { client_id, .. } = standing else { return None };
        let (part, name) = part(kind, language)?;
        let blade = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~";
        Some(Self { name, address: format!("{blade}/{part}/appId/{client_id}") })
    }
}

/// Whether it is mended with our redirect URI.
pub(super) fn needs_redirect_uri(kind: Kind) -> bool {
    matches!(kind, Kind::RedirectUriMissing | Kind::RedirectUriIsSpa | Kind::AppIsPublicClient)
}
