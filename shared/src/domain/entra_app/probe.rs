//! Whether Entra accepts an app's credential: what a probe finds out, and how a function has another one probe for it.
//!
//! For an app that trusts our issuer a probe takes the issuer's key. The function that takes credentials in has none, so it
//! has another function probe, and learns no more than what came of it.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::domain::entra_app::federation::FederatedSubject;
use crate::domain::finding::{Evidence, Finding, FindingKind};
use crate::types::ids::{ClientId, TenantId};

/// The result of probing a credential.
#[derive(Debug)]
pub enum CredentialProbe {
    /// Tenant, app and credential belong together.
    Accepted,
    /// They do not, or the app is disabled.
    Rejected(Finding),
    /// Not known: Microsoft rejected the request for another reason.
    Inconclusive(Evidence),
}

/// An app that trusts our issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FederatedApp {
    pub tenant: TenantId,
    pub client_id: ClientId,
    pub subject: FederatedSubject,
}

/// Nobody found out. Try later.
#[derive(Debug, thiserror::Error)]
#[error("the app was not probed")]
pub struct ProbeError {
    /// When to try again, if Microsoft said so.
    pub retry_after: Option<Duration>,
    /// Why, as far as it is known here.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Probes apps that trust our issuer.
pub trait ProbeFederatedApps: fmt::Debug + Send + Sync {
    /// Whether Entra accepts what our issuer signs for an app.
    fn probe(&self, app: FederatedApp) -> BoxFuture<'_, Result<CredentialProbe, ProbeError>>;
}

/// What came of a probe, as one function tells another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ProbeOutcome {
    Accepted,
    Rejected {
        code: String,
        evidence: Option<Evidence>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected: Option<Box<str>>,
    },
    Inconclusive {
        evidence: Evidence,
    },
    Failed {
        retry_after_seconds: Option<u64>,
    },
}

impl From<Result<CredentialProbe, ProbeError>> for ProbeOutcome {
    fn from(probe: Result<CredentialProbe, ProbeError>) -> Self {
        match probe {
            Ok(CredentialProbe::Accepted) => Self::Accepted,
            Ok(CredentialProbe::Rejected(Finding { kind, evidence, expected })) => {
                Self::Rejected { code: kind.code().to_owned(), evidence, expected }
            }
            Ok(CredentialProbe::Inconclusive(evidence)) => Self::Inconclusive { evidence },
            Err(error) => Self::Failed { retry_after_seconds: error.retry_after.map(|after| after.as_secs()) },
        }
    }
}

impl From<ProbeOutcome> for Result<CredentialProbe, ProbeError> {
    fn from(outcome: ProbeOutcome) -> Self {
        match outcome {
            ProbeOutcome::Accepted => Ok(CredentialProbe::Accepted),
            ProbeOutcome::Rejected { code, evidence, expected } => Ok(match FindingKind::from_code(&code) {
                Some(kind) => CredentialProbe::Rejected(Finding { kind, evidence, expected }),
                // The other function is of a later version.
                None => CredentialProbe::Inconclusive(evidence.unwrap_or_default()),
            }),
            ProbeOutcome::Inconclusive { evidence } => Ok(CredentialProbe::Inconclusive(evidence)),
            ProbeOutcome::Failed { retry_after_seconds } => {
                Err(ProbeError { retry_after: retry_after_seconds.map(Duration::from_secs), source: None })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_function_tells_another_learns() {
        let evidence = Evidence { aadsts: Some(700_213), ..Evidence::default() };
        let failed = |seconds| ProbeError { retry_after: seconds, source: None };
        for (probe, told) in [
            (Ok(CredentialProbe::Accepted), r#"{"outcome":"accepted"}"#),
            (
                Ok(CredentialProbe::Rejected(Finding {
                    expected: Some("x".into()),
                    ..Finding::reported(FindingKind::FederatedSubjectWrong, evidence.clone())
                })),
                r#"{"outcome":"rejected","code":"federated_subject_wrong","evidence":{"aadsts":700213},"expected":"x"}"#,
            ),
            (Ok(CredentialProbe::Inconclusive(evidence)), r#"{"outcome":"inconclusive","evidence":{"aadsts":700213}}"#),
            (Err(failed(Some(Duration::from_secs(7)))), r#"{"outcome":"failed","retry_after_seconds":7}"#),
        ] {
            let outcome = ProbeOutcome::from(probe);
            assert_eq!(serde_json::to_string(&outcome).unwrap(), told);
            let read: ProbeOutcome = serde_json::from_str(told).unwrap();
            assert_eq!(ProbeOutcome::from(Result::from(read)), outcome);
        }
        let unknown: ProbeOutcome = serde_json::from_str(r#"{"outcome":"rejected","code":"later"}"#).unwrap();
        assert!(matches!(Result::from(unknown), Ok(CredentialProbe::Inconclusive(_))));
    }
}
