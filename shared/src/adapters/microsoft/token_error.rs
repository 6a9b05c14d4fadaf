//! What an error of the token endpoint means.
//!
//! A known AADSTS number decides who must act, whatever the `error`: 50196 is throttling although the error is
//! `invalid_grant`, and 5000225 is about the tenant although the error is `interaction_required`. Without a number `error` and
//! `suberror` decide. An unknown number decides nothing: if the error is about a grant, the sign-in is suspect and confirmed
//! later; any other error is nobody's.

use std::time::Duration;

use crate::adapters::microsoft::wire::TokenErrorResponse;
use crate::domain::entra_app::CredentialKind;
use crate::domain::finding::{Evidence, Finding, FindingKind};

/// How long to wait after AADSTS50196, which Entra sends to a client that calls in a loop.
const LOOP_RETRY_AFTER: Duration = Duration::from_mins(1);

/// What an error of the token endpoint means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenEndpointError {
    /// The customer's app does not work. Its administrator must act; its users' tokens stay as they are.
    AppRejected(Finding),
    /// Entra rejected this recruiter's token. `interaction_required`: Entra requires interaction.
    SignInRejected { finding: Finding, interaction_required: bool },
    /// Too many requests.
    Throttled(Duration),
    /// Microsoft is out of service.
    Unavailable,
    /// Entra rejected the request because it was wrong, or for an unknown reason; then there is no finding.
    RequestRejected(Option<FindingKind>, Evidence),
}

/// Who caused an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The customer's app or tenant.
    App,
    /// One user's sign-in.
    SignIn,
    /// Microsoft, for a while.
    Microsoft,
    /// This product.
    Service,
}

pub(super) fn classify(body: &TokenErrorResponse, credential: CredentialKind) -> TokenEndpointError {
    use TokenEndpointError::{AppRejected, RequestRejected, SignInRejected, Throttled, Unavailable};
    let known = body.error_codes.iter().find_map(|number| known_kind(*number, credential));
    let evidence = to_evidence(body);
    let finding = |kind| Finding::reported(kind, evidence.clone());
    let error = body.error.as_str();
    // Whether Entra requires interaction, if the error is about a grant.
    let requires_interaction = match error {
        "invalid_grant" => Some(false),
        "interaction_required" | "login_required" | "access_denied" => Some(true),
        _ => None,
    };
    let requires_consent = error == "consent_required" || body.suberror.as_deref() == Some("consent_required");
    match (known.map(|kind| (kind, fault_of(kind))), requires_interaction) {
        (Some((FindingKind::Throttled, _)), _) => Throttled(LOOP_RETRY_AFTER),
        (Some((_, Fault::Microsoft)), _) => Unavailable,
        _ if matches!(error, "temporarily_unavailable" | "server_error") => Unavailable,
        (Some((kind, Fault::Service)), _) => RequestRejected(Some(kind), evidence),
        // A refresh token that was issued to a single-page application belongs to one recruiter and cannot be repaired.
        (Some((kind @ FindingKind::RedirectUriIsSpa, _) | (kind, Fault::SignIn)), Some(interaction_required)) => {
            SignInRejected { finding: finding(kind), interaction_required }
        }
        (Some((kind, Fault::App)), _) => AppRejected(finding(kind)),
        _ if requires_consent => AppRejected(finding(FindingKind::ConsentMissing)),
        (None, Some(interaction_required)) => {
            let interaction_required = interaction_required && body.error_codes.is_empty();
            SignInRejected { finding: finding(FindingKind::SignInExpired), interaction_required }
        }
        (None, None) if body.error_codes.is_empty() => match error {
            "invalid_client" => match rejected_credential(credential) {
                kind if fault_of(kind) == Fault::Service => RequestRejected(Some(kind), evidence),
                kind => AppRejected(finding(kind)),
            },
            "unauthorized_client" => AppRejected(finding(FindingKind::AppNotFound)),
            _ => RequestRejected(None, evidence),
        },
        (Some((_, Fault::SignIn)) | None, None) => RequestRejected(None, evidence),
    }
}

/// The finding of a number. For an app that trusts our issuer a few numbers are about us, not about a certificate or a claims
/// provider of the customer's.
fn known_kind(number: u32, credential: CredentialKind) -> Option<FindingKind> {
    use FindingKind as Kind;
    match (FindingKind::from_aadsts(number)?, credential) {
        // "Request to External OIDC endpoint failed", as 90061 and 501661.
        (_, CredentialKind::Federated) if number == 50166 => Some(Kind::IssuerUnreachable),
        (
            Kind::CertificateNotRegistered | Kind::CertificateExpired | Kind::CertificateRefused,
            CredentialKind::Federated,
        ) => Some(Kind::FederationRefused),
        (kind, _) => Some(kind),
    }
}

/// The finding for a credential that was rejected without a reason.
fn rejected_credential(credential: CredentialKind) -> FindingKind {
    match credential {
        CredentialKind::ClientSecret => FindingKind::CredentialRefused,
        CredentialKind::Certificate => FindingKind::CertificateRefused,
        CredentialKind::Federated => FindingKind::FederationRefused,
    }
}

fn fault_of(kind: FindingKind) -> Fault {
    use FindingKind as Kind;
    match kind {
        Kind::Throttled | Kind::MicrosoftUnavailable => Fault::Microsoft,
        Kind::ClockWrong | Kind::FederationRefused | Kind::IssuerUnreachable | Kind::RequestRejected => Fault::Service,
        Kind::AccountIsGuest
        | Kind::AccountLocked
        | Kind::AccountOfAnotherTenant
        | Kind::BlockedByPolicy
        | Kind::IdentityProviderFailed
        | Kind::MfaNeeded
        | Kind::PasswordExpired
        | Kind::SignInDeclined
        | Kind::SignInExpired
        | Kind::SignInFailed
        | Kind::SignInFrequency
        | Kind::TenantAccessRestricted
        | Kind::UserDisabled
        | Kind::UserGone
        | Kind::UserNotAssigned => Fault::SignIn,
        _ => Fault::App,
    }
}

/// What Microsoft's support asks for. The description is left out, because it may quote what was sent.
pub(super) fn to_evidence(body: &TokenErrorResponse) -> Evidence {
    let TokenErrorResponse { error_codes, correlation_id, trace_id, timestamp, .. } = body;
    Evidence::sanitized(error_codes.first().copied(), correlation_id.clone(), trace_id.clone(), timestamp.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FormField;

    fn refusal(error: &str, codes: &[u32], suberror: Option<&str>) -> TokenEndpointError {
        by(CredentialKind::ClientSecret, error, codes, suberror)
    }

    fn by(credential: CredentialKind, error: &str, codes: &[u32], suberror: Option<&str>) -> TokenEndpointError {
        let body = TokenErrorResponse {
            error: error.to_owned(),
            error_codes: codes.to_vec(),
            suberror: suberror.map(str::to_owned),
            ..TokenErrorResponse::default()
        };
        classify(&body, credential)
    }

    fn kind(refusal: &TokenEndpointError) -> Option<(FindingKind, bool)> {
        match refusal {
            TokenEndpointError::AppRejected(finding) => Some((finding.kind, true)),
            TokenEndpointError::SignInRejected { finding, interaction_required } => {
                Some((finding.kind, *interaction_required))
            }
            TokenEndpointError::Throttled(_)
            | TokenEndpointError::Unavailable
            | TokenEndpointError::RequestRejected(..) => None,
        }
    }

    #[test]
    fn a_rejected_credential_is_about_the_app_and_not_about_users() {
        for (codes, expected) in [
            (&[7_000_215][..], FindingKind::SecretWrong),
            (&[7_000_222], FindingKind::SecretExpired),
            (&[700_025], FindingKind::AppIsPublicClient),
            (&[7_000_229], FindingKind::EnterpriseAppMissing),
            (&[], FindingKind::CredentialRefused),
        ] {
            let refusal = refusal("invalid_client", codes, None);
            assert!(matches!(refusal, TokenEndpointError::AppRejected(_)), "{codes:?}");
            assert_eq!(kind(&refusal), Some((expected, true)));
        }
        assert_eq!(kind(&refusal("unauthorized_client", &[700_016], None)), Some((FindingKind::AppNotFound, true)));
        assert_eq!(kind(&refusal("unauthorized_client", &[], None)), Some((FindingKind::AppNotFound, true)));
        assert_eq!(kind(&refusal("unauthorized_client", &[7_000_112], None)), Some((FindingKind::AppDisabled, true)));
    }

    #[test]
    fn a_lost_grant_is_doubted_and_a_demand_for_the_user_is_certain() {
        for (error, codes, expected) in [
            ("invalid_grant", &[50173][..], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[700_082], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[700_084], (FindingKind::RedirectUriIsSpa, false)),
            ("invalid_grant", &[], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[70043], (FindingKind::SignInFrequency, false)),
            ("invalid_grant", &[50057], (FindingKind::UserDisabled, false)),
            ("interaction_required", &[50076], (FindingKind::MfaNeeded, true)),
            ("interaction_required", &[53003], (FindingKind::BlockedByPolicy, true)),
            ("interaction_required", &[], (FindingKind::SignInExpired, true)),
        ] {
            let refusal = refusal(error, codes, None);
            assert!(matches!(refusal, TokenEndpointError::SignInRejected { .. }), "{error} {codes:?}");
            assert_eq!(kind(&refusal), Some(expected), "{error} {codes:?}");
        }
    }

    #[test]
    fn a_refused_certificate_is_no_secret() {
        let refusal = |codes: &[u32]| by(CredentialKind::Certificate, "invalid_client", codes, None);
        for (codes, expected) in [
            (&[1_000_502][..], FindingKind::CertificateExpired),
            (&[700_027], FindingKind::CertificateNotRegistered),
            (&[7_000_214], FindingKind::CertificateNotRegistered),
            (&[7_000_274], FindingKind::CertificateNotRegistered),
            (&[7_000_277], FindingKind::CertificateNotRegistered),
            (&[], FindingKind::CertificateRefused),
        ] {
            let refusal = refusal(codes);
            assert_eq!(kind(&refusal), Some((expected, true)), "{codes:?}");
            assert_eq!(expected.field(), Some(FormField::Certificate), "{codes:?}");
        }
        let ours = refusal(&[700_024]);
        assert!(matches!(ours, TokenEndpointError::RequestRejected(Some(FindingKind::ClockWrong), _)), "{ours:?}");
    }

    #[test]
    fn an_app_that_trusts_our_issuer_is_blamed_for_its_credential_and_we_for_ours() {
        let refusal = |error: &str, codes: &[u32]| by(CredentialKind::Federated, error, codes, None);
        for (code, expected) in [
            (70_021, FindingKind::FederatedCredentialMissing),
            (70_025, FindingKind::FederatedCredentialMissing),
            (700_211, FindingKind::FederatedIssuerWrong),
            (700_212, FindingKind::FederatedAudienceWrong),
            (700_213, FindingKind::FederatedSubjectWrong),
            (7_002_138, FindingKind::FederatedSubjectWrong),
            (700_223, FindingKind::FederationForbidden),
            (700_238, FindingKind::FederationForbidden),
            (7_002_381, FindingKind::FederationForbidden),
        ] {
            let refusal = refusal("invalid_client", &[code]);
            assert!(matches!(refusal, TokenEndpointError::AppRejected(_)), "{code}: {refusal:?}");
            assert_eq!(kind(&refusal), Some((expected, true)), "{code}");
        }
        for (error, codes, expected) in [
            ("invalid_request", &[501_661][..], FindingKind::IssuerUnreachable),
            ("invalid_request", &[90_061], FindingKind::IssuerUnreachable),
            ("invalid_request", &[50_166], FindingKind::IssuerUnreachable),
            ("invalid_client", &[700_027], FindingKind::FederationRefused),
            ("invalid_client", &[7_000_274], FindingKind::FederationRefused),
            ("invalid_client", &[], FindingKind::FederationRefused),
            ("invalid_client", &[700_024], FindingKind::ClockWrong),
        ] {
            let refusal = refusal(error, codes);
            assert!(
                matches!(refusal, TokenEndpointError::RequestRejected(Some(found), _) if found == expected),
                "{codes:?}: {refusal:?}"
            );
        }
        let factor = by(CredentialKind::ClientSecret, "interaction_required", &[50_166], None);
        assert_eq!(kind(&factor), Some((FindingKind::MfaNeeded, true)), "with a secret it is about a second factor");
    }

    #[test]
    fn a_number_that_blames_the_directory_or_the_app_is_the_customers_whatever_it_comes_with() {
        for error in ["invalid_grant", "interaction_required", "invalid_client", "invalid_request", "brand_new"] {
            for (code, expected) in [
                (5_000_225, FindingKind::DirectoryBlocked),
                (7_000_112, FindingKind::AppDisabled),
                (7_000_229, FindingKind::EnterpriseAppMissing),
                (650_057, FindingKind::PermissionMissing),
            ] {
                let refusal = refusal(error, &[code], None);
                assert!(matches!(refusal, TokenEndpointError::AppRejected(_)), "{error} {code}: {refusal:?}");
                assert_eq!(kind(&refusal), Some((expected, true)), "{error} {code}");
            }
        }
    }

    #[test]
    fn a_number_that_nobody_knows_decides_nothing() {
        for error in ["invalid_grant", "interaction_required", "login_required", "access_denied"] {
            let doubt = refusal(error, &[123_456_789], None);
            assert_eq!(kind(&doubt), Some((FindingKind::SignInExpired, false)), "{error}");
        }
        for error in ["invalid_client", "unauthorized_client", "invalid_request", "invalid_resource", "brand_new"] {
            let refusal = refusal(error, &[123_456_789], None);
            assert!(matches!(refusal, TokenEndpointError::RequestRejected(None, _)), "{error}: {refusal:?}");
        }
    }

    #[test]
    fn evidence_in_another_format_is_left_out() {
        let told = |text: &str| Some(text.to_owned());
        let body = |id: &str, time: &str| TokenErrorResponse {
            error_codes: vec![700_082],
            correlation_id: told(id),
            trace_id: told(id),
            timestamp: told(time),
            ..TokenErrorResponse::default()
        };
        let (id, time) = ("0e7f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b", "2026-11-24 12:00:00Z");
        let good = to_evidence(&body(id, time));
        assert_eq!((good.correlation_id.as_deref(), good.trace_id.as_deref()), (Some(id), Some(id)));
        assert_eq!((good.aadsts, good.timestamp.as_deref()), (Some(700_082), Some(time)));
        for other in ["", "EwB-token", "0e7f1a2b3c4d4e5f8a9b0c1d2e3f4a5b", "{0e7f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b}"] {
            let bad = to_evidence(&body(other, "EwB-token"));
            assert_eq!((bad.correlation_id, bad.trace_id, bad.timestamp), (None, None, None), "{other}");
        }
    }

    #[test]
    fn a_loop_is_throttling_and_not_a_rejected_sign_in() {
        assert_eq!(refusal("invalid_grant", &[50196], None), TokenEndpointError::Throttled(LOOP_RETRY_AFTER));
    }

    #[test]
    fn withdrawn_consent_is_for_the_administrator() {
        for refusal in [
            refusal("invalid_grant", &[65001], Some("consent_required")),
            refusal("invalid_grant", &[], Some("consent_required")),
            refusal("interaction_required", &[65001], None),
            refusal("consent_required", &[], None),
        ] {
            assert!(
                matches!(&refusal, TokenEndpointError::AppRejected(finding) if finding.kind == FindingKind::ConsentMissing),
                "{refusal:?}"
            );
        }
    }

    #[test]
    fn what_nobody_documented_is_no_verdict_on_anybody() {
        for error in ["invalid_request", "unsupported_grant_type", "brand_new", ""] {
            assert!(matches!(refusal(error, &[], None), TokenEndpointError::RequestRejected(None, _)), "{error}");
        }
        let about_a_user = refusal("invalid_request", &[50057], None);
        assert!(matches!(about_a_user, TokenEndpointError::RequestRejected(None, _)), "{about_a_user:?}");
        for (error, codes) in [
            ("temporarily_unavailable", &[90033][..]),
            ("invalid_request", &[90033]),
            ("server_error", &[]),
            ("temporarily_unavailable", &[]),
        ] {
            assert_eq!(refusal(error, codes, None), TokenEndpointError::Unavailable, "{error} {codes:?}");
        }
        for (code, expected) in [
            (90002, FindingKind::TenantNotFound),
            (900_432, FindingKind::TenantInAnotherCloud),
            (9_002_325, FindingKind::RedirectUriIsSpa),
        ] {
            assert_eq!(kind(&refusal("invalid_request", &[code], None)), Some((expected, true)));
        }
    }
}
