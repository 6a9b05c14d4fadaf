//! What the failure of a door means to the caller. Each match is exhaustive: a new failure does not compile until
//! somebody has said what it means.

use std::time::Duration;

use crate::microsoft::entra::EntraError;
use crate::microsoft::graph::GraphError;
use crate::randomness::NoRandomness;
use crate::renewal::RenewalError;
use crate::seal::SealError;
use crate::vault::hand_overs::NotNoted;
use crate::vault::terms::VaultError;
use crate::web::problem::{Kind, Problem};

/// When nobody said when.
const SOON: Duration = Duration::from_secs(5);

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        match &error {
            VaultError::NotFound => Kind::NotFound.into(),
            VaultError::Stale => Self::from(Kind::Conflict).because(error),
            VaultError::Deleted => Kind::Disconnected.into(),
            VaultError::Refused(_) | VaultError::Corrupt { .. } | VaultError::Denied(_) => {
                Self::from(Kind::Internal).because(error)
            }
            VaultError::Unavailable(_) => Self::from(Kind::VaultUnavailable).retry_after(SOON).because(error),
        }
    }
}

impl From<NotNoted> for Problem {
    fn from(error: NotNoted) -> Self {
        match error {
            NotNoted::Full => Self::from(Kind::TooManyHandOvers).because(error),
            NotNoted::Vault(error) => error.into(),
        }
    }
}

impl From<EntraError> for Problem {
    fn from(error: EntraError) -> Self {
        match &error {
            EntraError::AppRefused(finding) => {
                Self::from(Kind::CustomerBlocked).with_findings([finding.clone()]).because(error)
            }
            EntraError::SignInRefused { finding, .. } => {
                Self::from(Kind::ReauthRequired).with_findings([finding.clone()]).because(error)
            }
            EntraError::Unavailable { retry_after, .. } => {
                let wait = retry_after.unwrap_or(SOON);
                Self::from(Kind::MicrosoftUnavailable).retry_after(wait).because(error)
            }
            EntraError::CannotSign => Self::from(Kind::Internal).because(error),
            EntraError::IdToken(_) | EntraError::RequestRefused(_) | EntraError::Protocol(_) => {
                Self::from(Kind::MicrosoftProtocol).because(error)
            }
        }
    }
}

impl From<GraphError> for Problem {
    fn from(error: GraphError) -> Self {
        match &error {
            GraphError::TokenRejected => Self::from(Kind::ReauthRequired).because(error),
            GraphError::NotAllowed(_) => Self::from(Kind::TeamsNotAvailable).because(error),
            GraphError::NotFound => Self::from(Kind::MeetingGone).because(error),
            GraphError::Refused(_) => Self::from(Kind::OrderRefused).because(error),
            GraphError::Unavailable { retry_after, .. } => {
                let wait = retry_after.unwrap_or(SOON);
                Self::from(Kind::MicrosoftUnavailable).retry_after(wait).because(error)
            }
            GraphError::Protocol(_) => Self::from(Kind::MicrosoftProtocol).because(error),
        }
    }
}

impl From<RenewalError> for Problem {
    fn from(error: RenewalError) -> Self {
        match error {
            RenewalError::NotConnected => Kind::NotConnected.into(),
            RenewalError::Disconnected => Kind::Disconnected.into(),
            RenewalError::NotConfigured => Kind::NotConfigured.into(),
            RenewalError::Reconfigured => Kind::ReauthRequired.into(),
            RenewalError::Lost { finding, retry_after } => {
                let problem = Self::from(Kind::ReauthRequired).with_findings(finding);
                match retry_after {
                    Some(wait) => problem.retry_after(wait),
                    None => problem,
                }
            }
            RenewalError::Entra(error) => error.into(),
            RenewalError::Vault(error) => error.into(),
        }
    }
}

impl From<NoRandomness> for Problem {
    fn from(error: NoRandomness) -> Self {
        Self::from(Kind::Internal).because(error)
    }
}

/// Only for sealing: what a token that does not open means, the route decides.
impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        Self::from(Kind::Internal).because(error)
    }
}
