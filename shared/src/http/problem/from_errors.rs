//! Errors of adapters and use cases as problems. Each match is exhaustive: a new error variant must be mapped to a problem before
//! the crate compiles. Decision 0046.

use std::time::Duration;

use crate::adapters::microsoft::entra::EntraError;
use crate::adapters::microsoft::graph::GraphError;
use crate::adapters::vault::hand_overs::RecordHandOverError;
use crate::adapters::vault::model::VaultError;
use crate::domain::finding::{Finding, FindingKind};
use crate::http::problem::kind::ProblemKind;
use crate::http::problem::model::Problem;
use crate::types::randomness::RandomnessError;
use crate::types::sealing::SealError;
use crate::use_cases::token_refresh::TokenRefreshError;

/// The `Retry-After` if the error has none.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(5);

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match &error {
            VaultError::NotFound => ProblemKind::NotFound.into(),
            VaultError::Stale => Self::from(ProblemKind::Conflict).with_cause(error),
            VaultError::Deleted => ProblemKind::Disconnected.into(),
            VaultError::Refused(_) | VaultError::Corrupt { .. } | VaultError::Denied(_) => {
                Self::from(ProblemKind::Internal).with_cause(error)
            }
            VaultError::Unavailable(_) => {
                Self::from(ProblemKind::VaultUnavailable).with_retry_after(DEFAULT_RETRY_AFTER).with_cause(error)
            }
        }
    }
}

impl Problem {
    /// The problem with a customer's app that could not be read: of one that is marked for deletion the customer was
    /// offboarded.
    #[must_use]
    pub fn of_app(error: VaultError) -> Self {
        match error {
            VaultError::Deleted => ProblemKind::Offboarded.into(),
            error => error.into(),
        }
    }
}

impl From<RecordHandOverError> for Problem {
    fn from(error: RecordHandOverError) -> Self {
        match error {
            RecordHandOverError::Full => Self::from(ProblemKind::TooManyHandOvers).with_cause(error),
            RecordHandOverError::Vault(error) => error.into(),
        }
    }
}

impl From<EntraError> for Problem {
    fn from(error: EntraError) -> Self {
        match &error {
            EntraError::AppRejected(finding) => {
                Self::from(ProblemKind::CustomerBlocked).with_findings([finding.clone()]).with_cause(error)
            }
            EntraError::SignInRejected { finding, .. } => {
                Self::from(ProblemKind::ReauthRequired).with_findings([finding.clone()]).with_cause(error)
            }
            EntraError::Unavailable { retry_after, .. } => {
                let wait = retry_after.unwrap_or(DEFAULT_RETRY_AFTER);
                Self::from(ProblemKind::MicrosoftUnavailable).with_retry_after(wait).with_cause(error)
            }
            EntraError::CannotSign => Self::from(ProblemKind::Internal).with_cause(error),
            EntraError::RequestRejected { kind, evidence } => {
                let finding = kind.map(|kind| Finding::reported(kind, evidence.clone()));
                let problem = Self::from(ProblemKind::MicrosoftProtocol).with_findings(finding);
                match kind {
                    Some(FindingKind::ClockWrong | FindingKind::IssuerUnreachable | FindingKind::FederationRefused) => {
                        problem.with_retry_after(DEFAULT_RETRY_AFTER)
                    }
                    _ => problem,
                }
                .with_cause(error)
            }
            EntraError::IdToken(_) | EntraError::Protocol(_) => {
                Self::from(ProblemKind::MicrosoftProtocol).with_cause(error)
            }
        }
    }
}

impl From<GraphError> for Problem {
    fn from(error: GraphError) -> Self {
        match &error {
            GraphError::TokenRejected => Self::from(ProblemKind::ReauthRequired).with_cause(error),
            GraphError::NotAllowed(_) => Self::from(ProblemKind::TeamsNotAvailable).with_cause(error),
            GraphError::NotFound => Self::from(ProblemKind::MeetingGone).with_cause(error),
            GraphError::Refused(_) => Self::from(ProblemKind::OrderRefused).with_cause(error),
            GraphError::Unavailable { retry_after, .. } => {
                let wait = retry_after.unwrap_or(DEFAULT_RETRY_AFTER);
                Self::from(ProblemKind::MicrosoftUnavailable).with_retry_after(wait).with_cause(error)
            }
            GraphError::Protocol(_) => Self::from(ProblemKind::MicrosoftProtocol).with_cause(error),
        }
    }
}

impl From<TokenRefreshError> for Problem {
    fn from(error: TokenRefreshError) -> Self {
        match error {
            TokenRefreshError::NotConnected => ProblemKind::NotConnected.into(),
            TokenRefreshError::Disconnected => ProblemKind::Disconnected.into(),
            TokenRefreshError::NotConfigured => ProblemKind::NotConfigured.into(),
            TokenRefreshError::AppChanged => ProblemKind::ReauthRequired.into(),
            TokenRefreshError::SignInRejected { finding, retry_after } => {
                let problem = Self::from(ProblemKind::ReauthRequired).with_findings(finding);
                match retry_after {
                    Some(wait) => problem.with_retry_after(wait),
                    None => problem,
                }
            }
            TokenRefreshError::Entra(error) => error.into(),
            TokenRefreshError::Vault(error) => error.into(),
        }
    }
}

impl From<RandomnessError> for Problem {
    fn from(error: RandomnessError) -> Self {
        Self::from(ProblemKind::Internal).with_cause(error)
    }
}

/// For sealing only. A handler decides what a token means that does not open.
impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        Self::from(ProblemKind::Internal).with_cause(error)
    }
}
