//! What an error of the token endpoint means.
//!
//! `error` and `suberror` decide; the AADSTS number refines the finding. There are two exceptions, which Microsoft documents:
//! 50196 is throttling although the error is `invalid_grant`, and errors of the tenant or the app's redirect URI are known by
//! number only. An unknown number decides nothing.

use std::time::Duration;

use crate::adapters::microsoft::wire::TokenErrorResponse;
use crate::domain::finding::{Evidence, Finding, FindingKind};

/// How long to wait after AADSTS50196, which Entra sends to a client that calls in a loop.
const LOOP_RETRY_AFTER: Duration = Duration::from_mins(1);

/// What an error of the token endpoint means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenEndpointError {
    /// The customer's app does not work. Its administrator must act; its users' tokens stay as they are.
    AppRejected(Finding),
    /// Entra rejected this recruiter's token. `certain`: Entra requires interaction.
    SignInRejected { finding: Finding, certain: bool },
    /// Too many requests.
    Throttled(Duration),
    /// Microsoft is out of service.
    Unavailable,
    /// Entra rejected the request for another or an undocumented reason.
    RequestRejected(Evidence),
}

pub(super) fn classify(body: &TokenErrorResponse) -> TokenEndpointError {
    let known = body.error_codes.iter().find_map(|number| FindingKind::from_aadsts(*number));
    let evidence = to_evidence(body);
    let finding = |default: FindingKind| Finding { kind: known.unwrap_or(default), evidence: Some(evidence.clone()) };
    let consent = body.suberror.as_deref() == Some("consent_required") || known == Some(FindingKind::ConsentMissing);
    match body.error.as_str() {
        "invalid_client" => TokenEndpointError::AppRejected(finding(FindingKind::CredentialRefused)),
        "unauthorized_client" => TokenEndpointError::AppRejected(finding(FindingKind::AppNotFound)),
        "invalid_grant" if body.error_codes.contains(&50196) => TokenEndpointError::Throttled(LOOP_RETRY_AFTER),
        "consent_required" => TokenEndpointError::AppRejected(finding(FindingKind::ConsentMissing)),
        "invalid_grant" | "interaction_required" | "invalid_resource" | "invalid_scope" if consent => {
            TokenEndpointError::AppRejected(finding(FindingKind::ConsentMissing))
        }
        "invalid_grant" => {
            TokenEndpointError::SignInRejected { finding: finding(FindingKind::SignInExpired), certain: false }
        }
        "interaction_required" | "login_required" | "access_denied" => {
            TokenEndpointError::SignInRejected { finding: finding(FindingKind::SignInExpired), certain: true }
        }
        "temporarily_unavailable" | "server_error" => TokenEndpointError::Unavailable,
        "invalid_request" | "invalid_tenant" | "invalid_resource" if known.is_some_and(is_app_fault) => {
            TokenEndpointError::AppRejected(finding(FindingKind::TenantNotFound))
        }
        _ => TokenEndpointError::RequestRejected(evidence),
    }
}

/// Findings about the customer's tenant or app that only a number tells.
fn is_app_fault(kind: FindingKind) -> bool {
    use FindingKind::{GraphDisabled, RedirectUriIsSpa, RedirectUriMissing, TenantInAnotherCloud, TenantNotFound};
    matches!(kind, TenantNotFound | TenantInAnotherCloud | RedirectUriIsSpa | RedirectUriMissing | GraphDisabled)
}

/// What Microsoft's support asks for. The description is left out, because it may quote what was sent.
pub(super) fn to_evidence(body: &TokenErrorResponse) -> Evidence {
    let TokenErrorResponse { error_codes, correlation_id, trace_id, timestamp, .. } = body;
    Evidence::sanitized(error_codes.first().copied(), correlation_id.clone(), trace_id.clone(), timestamp.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classified(error: &str, codes: &[u32], suberror: Option<&str>) -> TokenEndpointError {
        classify(&TokenErrorResponse {
            error: error.to_owned(),
            error_codes: codes.to_vec(),
            suberror: suberror.map(str::to_owned),
            ..TokenErrorResponse::default()
        })
    }

    fn kind(meaning: &TokenEndpointError) -> Option<(FindingKind, bool)> {
        match meaning {
            TokenEndpointError::AppRejected(finding) => Some((finding.kind, true)),
            TokenEndpointError::SignInRejected { finding, certain } => Some((finding.kind, *certain)),
            TokenEndpointError::Throttled(_)
            | TokenEndpointError::Unavailable
            | TokenEndpointError::RequestRejected(_) => None,
        }
    }

    #[test]
    fn a_rejected_credential_is_about_the_app_and_not_about_users() {
        for (codes, expected) in [
            (&[7_000_215][..], FindingKind::SecretWrong),
            (&[7_000_222], FindingKind::SecretExpired),
            (&[700_025], FindingKind::AppIsPublicClient),
            (&[], FindingKind::CredentialRefused),
            (&[123_456_789], FindingKind::CredentialRefused),
        ] {
            let meaning = classified("invalid_client", codes, None);
            assert!(matches!(meaning, TokenEndpointError::AppRejected(_)), "{codes:?}");
            assert_eq!(kind(&meaning), Some((expected, true)));
        }
        assert_eq!(kind(&classified("unauthorized_client", &[700_016], None)), Some((FindingKind::AppNotFound, true)));
        assert_eq!(
            kind(&classified("unauthorized_client", &[7_000_112], None)),
            Some((FindingKind::AppDisabled, true))
        );
    }

    #[test]
    fn a_lost_grant_is_doubted_and_a_demand_for_the_user_is_certain() {
        for (error, codes, expected) in [
            ("invalid_grant", &[50173][..], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[700_082], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[99_999_999], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[], (FindingKind::SignInExpired, false)),
            ("invalid_grant", &[70043], (FindingKind::SignInFrequency, false)),
            ("invalid_grant", &[50057], (FindingKind::UserDisabled, false)),
            ("interaction_required", &[50076], (FindingKind::MfaNeeded, true)),
            ("interaction_required", &[53003], (FindingKind::BlockedByPolicy, true)),
        ] {
            let meaning = classified(error, codes, None);
            assert!(matches!(meaning, TokenEndpointError::SignInRejected { .. }), "{error} {codes:?}");
            assert_eq!(kind(&meaning), Some(expected), "{error} {codes:?}");
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
        assert_eq!(classified("invalid_grant", &[50196], None), TokenEndpointError::Throttled(LOOP_RETRY_AFTER));
    }

    #[test]
    fn withdrawn_consent_is_for_the_administrator() {
        for meaning in [
            classified("invalid_grant", &[65001], Some("consent_required")),
            classified("invalid_grant", &[], Some("consent_required")),
            classified("interaction_required", &[65001], None),
            classified("consent_required", &[], None),
        ] {
            assert!(
                matches!(&meaning, TokenEndpointError::AppRejected(finding) if finding.kind == FindingKind::ConsentMissing),
                "{meaning:?}"
            );
        }
    }

    #[test]
    fn what_nobody_documented_is_no_verdict_on_anybody() {
        for error in ["invalid_request", "unsupported_grant_type", "brand_new", ""] {
            assert!(matches!(classified(error, &[], None), TokenEndpointError::RequestRejected(_)), "{error}");
        }
        let about_a_user = classified("invalid_request", &[50057], None);
        assert!(matches!(about_a_user, TokenEndpointError::RequestRejected(_)), "{about_a_user:?}");
        assert_eq!(classified("temporarily_unavailable", &[90033], None), TokenEndpointError::Unavailable);
        for (code, expected) in [
            (90002, FindingKind::TenantNotFound),
            (900_432, FindingKind::TenantInAnotherCloud),
            (9_002_325, FindingKind::RedirectUriIsSpa),
        ] {
            assert_eq!(kind(&classified("invalid_request", &[code], None)), Some((expected, true)));
        }
    }
}
