//! What an error of the token endpoint means for us.
//!
//! Decided on `error` and `suberror`; the AADSTS number refines the finding, with two exceptions that Microsoft itself
//! documents: 50196 is throttling in the guise of `invalid_grant`, and what is wrong with the tenant or the app's
//! redirect URI is told by number alone. A number that we do not know decides nothing.

use std::time::Duration;

use crate::finding::{Evidence, Finding, Kind};
use crate::microsoft::wire::TokenError;

/// A client that asks in a loop is told so by AADSTS50196 and should be silent for a while.
const AFTER_A_LOOP: Duration = Duration::from_mins(1);

/// What a refusal of Entra's means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The customer's app does not work: its administrator must act; the users' tokens are untouched.
    App(Finding),
    /// This user's sign-in is not accepted. `certain`: Entra wants the user herself.
    SignIn { finding: Finding, certain: bool },
    /// Too often.
    Throttled(Duration),
    /// Microsoft's trouble.
    Unavailable,
    /// Our request was wrong, or is refused for a reason nobody documented.
    Request(Evidence),
}

pub(super) fn read(body: &TokenError) -> Refusal {
    let known = body.error_codes.iter().find_map(|number| Kind::of_aadsts(*number));
    let evidence = evidence_of(body);
    let finding = |default: Kind| Finding { kind: known.unwrap_or(default), evidence: Some(evidence.clone()) };
    let consent = body.suberror.as_deref() == Some("consent_required") || known == Some(Kind::ConsentMissing);
    match body.error.as_str() {
        "invalid_client" => Refusal::App(finding(Kind::CredentialRefused)),
        "unauthorized_client" => Refusal::App(finding(Kind::AppNotFound)),
        "invalid_grant" if body.error_codes.contains(&50196) => Refusal::Throttled(AFTER_A_LOOP),
        "consent_required" => Refusal::App(finding(Kind::ConsentMissing)),
        "invalid_grant" | "interaction_required" | "invalid_resource" | "invalid_scope" if consent => {
            Refusal::App(finding(Kind::ConsentMissing))
        }
        "invalid_grant" => Refusal::SignIn { finding: finding(Kind::SignInExpired), certain: false },
        "interaction_required" | "login_required" | "access_denied" => {
            Refusal::SignIn { finding: finding(Kind::SignInExpired), certain: true }
        }
        "temporarily_unavailable" | "server_error" => Refusal::Unavailable,
        "invalid_request" | "invalid_tenant" | "invalid_resource" if known.is_some_and(is_of_the_app) => {
            Refusal::App(finding(Kind::TenantNotFound))
        }
        _ => Refusal::Request(evidence),
    }
}

/// What Microsoft tells by number alone, and whose cause lies in the customer's directory.
fn is_of_the_app(kind: Kind) -> bool {
    use Kind::{GraphDisabled, RedirectUriIsSpa, RedirectUriMissing, TenantInAnotherCloud, TenantNotFound};
    matches!(kind, TenantNotFound | TenantInAnotherCloud | RedirectUriIsSpa | RedirectUriMissing | GraphDisabled)
}

/// What Microsoft's support will ask for. The description is left out: its text may quote what was sent.
pub(super) fn evidence_of(body: &TokenError) -> Evidence {
    let TokenError { error_codes, correlation_id, trace_id, timestamp, .. } = body;
    Evidence::read(error_codes.first().copied(), correlation_id.clone(), trace_id.clone(), timestamp.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(error: &str, codes: &[u32], suberror: Option<&str>) -> Refusal {
        read(&TokenError {
            error: error.to_owned(),
            error_codes: codes.to_vec(),
            suberror: suberror.map(str::to_owned),
            ..TokenError::default()
        })
    }

    fn kind(refusal: &Refusal) -> Option<(Kind, bool)> {
        match refusal {
            Refusal::App(finding) => Some((finding.kind, true)),
            Refusal::SignIn { finding, certain } => Some((finding.kind, *certain)),
            Refusal::Throttled(_) | Refusal::Unavailable | Refusal::Request(_) => None,
        }
    }

    #[test]
    fn a_refused_credential_is_the_customers_and_not_the_users() {
        for (codes, expected) in [
            (&[7_000_215][..], Kind::SecretWrong),
            (&[7_000_222], Kind::SecretExpired),
            (&[700_025], Kind::AppIsPublicClient),
            (&[], Kind::CredentialRefused),
            (&[123_456_789], Kind::CredentialRefused),
        ] {
            let refusal = refusal("invalid_client", codes, None);
            assert!(matches!(refusal, Refusal::App(_)), "{codes:?}");
            assert_eq!(kind(&refusal), Some((expected, true)));
        }
        assert_eq!(kind(&refusal("unauthorized_client", &[700_016], None)), Some((Kind::AppNotFound, true)));
        assert_eq!(kind(&refusal("unauthorized_client", &[7_000_112], None)), Some((Kind::AppDisabled, true)));
    }

    #[test]
    fn a_lost_grant_is_doubted_and_a_demand_for_the_user_is_certain() {
        for (error, codes, expected) in [
            ("invalid_grant", &[50173][..], (Kind::SignInExpired, false)),
            ("invalid_grant", &[700_082], (Kind::SignInExpired, false)),
            ("invalid_grant", &[99_999_999], (Kind::SignInExpired, false)),
            ("invalid_grant", &[], (Kind::SignInExpired, false)),
            ("invalid_grant", &[70043], (Kind::SignInFrequency, false)),
            ("invalid_grant", &[50057], (Kind::UserDisabled, false)),
            ("interaction_required", &[50076], (Kind::MfaNeeded, true)),
            ("interaction_required", &[53003], (Kind::BlockedByPolicy, true)),
        ] {
            let refusal = refusal(error, codes, None);
            assert!(matches!(refusal, Refusal::SignIn { .. }), "{error} {codes:?}");
            assert_eq!(kind(&refusal), Some(expected), "{error} {codes:?}");
        }
    }

    #[test]
    fn evidence_is_what_it_should_be_or_left_out() {
        let told = |text: &str| Some(text.to_owned());
        let body = |id: &str, time: &str| TokenError {
            error_codes: vec![700_082],
            correlation_id: told(id),
            trace_id: told(id),
            timestamp: told(time),
            ..TokenError::default()
        };
        let (id, time) = ("0e7f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b", "2026-11-24 12:00:00Z");
        let good = evidence_of(&body(id, time));
        assert_eq!((good.correlation_id.as_deref(), good.trace_id.as_deref()), (Some(id), Some(id)));
        assert_eq!((good.aadsts, good.timestamp.as_deref()), (Some(700_082), Some(time)));
        for other in ["", "EwB-token", "0e7f1a2b3c4d4e5f8a9b0c1d2e3f4a5b", "{0e7f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b}"] {
            let bad = evidence_of(&body(other, "EwB-token"));
            assert_eq!((bad.correlation_id, bad.trace_id, bad.timestamp), (None, None, None), "{other}");
        }
    }

    #[test]
    fn a_loop_is_throttling_and_never_the_users_fault() {
        assert_eq!(refusal("invalid_grant", &[50196], None), Refusal::Throttled(AFTER_A_LOOP));
    }

    #[test]
    fn withdrawn_consent_is_for_the_administrator() {
        for refusal in [
            refusal("invalid_grant", &[65001], Some("consent_required")),
            refusal("invalid_grant", &[], Some("consent_required")),
            refusal("interaction_required", &[65001], None),
            refusal("consent_required", &[], None),
        ] {
            assert!(matches!(&refusal, Refusal::App(finding) if finding.kind == Kind::ConsentMissing), "{refusal:?}");
        }
    }

    #[test]
    fn what_nobody_documented_is_no_verdict_on_anybody() {
        for error in ["invalid_request", "unsupported_grant_type", "brand_new", ""] {
            assert!(matches!(refusal(error, &[], None), Refusal::Request(_)), "{error}");
        }
        let about_a_user = refusal("invalid_request", &[50057], None);
        assert!(matches!(about_a_user, Refusal::Request(_)), "{about_a_user:?}");
        assert_eq!(refusal("temporarily_unavailable", &[90033], None), Refusal::Unavailable);
        for (code, expected) in
            [(90002, Kind::TenantNotFound), (900_432, Kind::TenantInAnotherCloud), (9_002_325, Kind::RedirectUriIsSpa)]
        {
            assert_eq!(kind(&refusal("invalid_request", &[code], None)), Some((expected, true)));
        }
    }
}
