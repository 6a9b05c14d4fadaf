//! What an error of the token endpoint means for us.
//!
//! Decided on `error` and `suberror`; the AADSTS number refines the finding, with two exceptions that Microsoft itself
//! documents: 50196 is throttling in the guise of `invalid_grant`, and what is wrong with the tenant or the app's
//! redirect URI is told by number alone. A number that we do not know decides nothing.

use std::time::Duration;

use crate::adapters::microsoft::wire::TokenErrorResponse;
use crate::domain::finding::{Evidence, Finding, FindingKind};

/// A client that asks in a loop is told so by AADSTS50196 and should be silent for a while.
const LOOP_RETRY_AFTER: Duration = Duration::from_mins(1);

/// What a refusal of Entra's means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenEndpointError {
    /// The customer's app does not work: its administrator must act; the users' tokens are untouched.
    AppRejected(Finding),
    /// This user's sign-in is not accepted. `certain`: Entra wants the user herself.
    SignInRejected { finding: Finding, certain: bool },
    /// Too often.
    Throttled(Duration),
    /// Microsoft's trouble.
    Unavailable,
    /// Our request was wrong, or is refused for a reason nobody documented.
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

/// What Microsoft tells by number alone, and whose cause lies in the customer's directory.
fn is_app_fault(kind: FindingKind) -> bool {
    use FindingKind::{GraphDisabled, RedirectUriIsSpa, RedirectUriMissing, TenantInAnotherCloud, TenantNotFound};
    matches!(kind, TenantNotFound | TenantInAnotherCloud | RedirectUriIsSpa | RedirectUriMissing | GraphDisabled)
}

/// What Microsoft's support will ask for. The description is left out: its text may quote what was sent.
pub(super) fn to_evidence(body: &TokenErrorResponse) -> Evidence {
    let TokenErrorResponse { error_codes, correlation_id, trace_id, timestamp, .. } = body;
    Evidence::sanitized(error_codes.first().copied(), correlation_id.clone(), trace_id.clone(), timestamp.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(error: &str, codes: &[u32], suberror: Option<&str>) -> TokenEndpointError {
        classify(&TokenErrorResponse {
            error: error.to_owned(),
            error_codes: codes.to_vec(),
            suberror: suberror.map(str::to_owned),
            ..TokenErrorResponse::default()
        })
    }

    fn kind(refusal: &TokenEndpointError) -> Option<(FindingKind, bool)> {
        match refusal {
            TokenEndpointError::AppRejected(finding) => Some((finding.kind, true)),
            TokenEndpointError::SignInRejected { finding, certain } => Some((finding.kind, *certain)),
            TokenEndpointError::Throttled(_)
            | TokenEndpointError::Unavailable
            | TokenEndpointError::RequestRejected(_) => None,
        }
    }

    #[test]
    fn a_refused_credential_is_the_customers_and_not_the_users() {
        for (codes, expected) in [
            (&[7_000_215][..], FindingKind::SecretWrong),
            (&[7_000_222], FindingKind::SecretExpired),
            (&[700_025], FindingKind::AppIsPublicClient),
            (&[], FindingKind::CredentialRefused),
            (&[123_456_789], FindingKind::CredentialRefused),
        ] {
            let refusal = refusal("invalid_client", codes, None);
            assert!(matches!(refusal, TokenEndpointError::AppRejected(_)), "{codes:?}");
            assert_eq!(kind(&refusal), Some((expected, true)));
        }
        assert_eq!(kind(&refusal("unauthorized_client", &[700_016], None)), Some((FindingKind::AppNotFound, true)));
        assert_eq!(kind(&refusal("unauthorized_client", &[7_000_112], None)), Some((FindingKind::AppDisabled, true)));
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
            let refusal = refusal(error, codes, None);
            assert!(matches!(refusal, TokenEndpointError::SignInRejected { .. }), "{error} {codes:?}");
            assert_eq!(kind(&refusal), Some(expected), "{error} {codes:?}");
        }
    }

    #[test]
    fn evidence_is_what_it_should_be_or_left_out() {
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
    fn a_loop_is_throttling_and_never_the_users_fault() {
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
            assert!(matches!(refusal(error, &[], None), TokenEndpointError::RequestRejected(_)), "{error}");
        }
        let about_a_user = refusal("invalid_request", &[50057], None);
        assert!(matches!(about_a_user, TokenEndpointError::RequestRejected(_)), "{about_a_user:?}");
        assert_eq!(refusal("temporarily_unavailable", &[90033], None), TokenEndpointError::Unavailable);
        for (code, expected) in [
            (90002, FindingKind::TenantNotFound),
            (900_432, FindingKind::TenantInAnotherCloud),
            (9_002_325, FindingKind::RedirectUriIsSpa),
        ] {
            assert_eq!(kind(&refusal("invalid_request", &[code], None)), Some((expected, true)));
        }
    }
}
