//! Errors that mean another problem here than in `shared::http::problem`.

use shared::adapters::microsoft::entra::EntraError;
use shared::adapters::vault::connections::StoreSignInError;
use shared::adapters::vault::model::VaultError;
use shared::domain::connection::{Account, ReplaceConnectionError};
use shared::domain::finding::FindingKind;
use shared::http::problem::{AccountDetails, AccountMismatch, Problem, ProblemKind};

/// "The code was already redeemed" (Microsoft, error codes).
const AADSTS_CODE_ALREADY_REDEEMED: u32 = 54005;

pub(crate) fn store_sign_in_problem(error: StoreSignInError) -> Problem {
    match error {
        StoreSignInError::NoSuccessor(ReplaceConnectionError::DifferentAccount) => {
            Problem::from(ProblemKind::DifferentAccount).with_findings([FindingKind::DifferentAccount.into()])
        }
        StoreSignInError::NoSuccessor(ReplaceConnectionError::Older) => ProblemKind::Conflict.into(),
        StoreSignInError::Vault(error) => error.into(),
    }
}

/// Another account signed in than the connected or expected one.
pub(crate) fn different_account_problem(expected: AccountDetails, signed_in: &Account) -> Problem {
    let accounts = AccountMismatch { expected, signed_in: signed_in.into() };
    Problem::from(ProblemKind::DifferentAccount)
        .with_findings([FindingKind::DifferentAccount.into()])
        .with_accounts(accounts)
}

pub(crate) fn redeem_problem(error: EntraError) -> Problem {
    match error {
        EntraError::SignInRejected { finding, .. } => {
            let number = finding.evidence.as_ref().and_then(|evidence| evidence.aadsts);
            if number == Some(AADSTS_CODE_ALREADY_REDEEMED) {
                return ProblemKind::HandleUsed.into();
            }
            Problem::from(ProblemKind::SignInRefused).with_findings([finding])
        }
        error => error.into(),
    }
}

pub(crate) fn app_problem(error: VaultError) -> Problem {
    match error {
        VaultError::NotFound => ProblemKind::NotConfigured.into(),
        error => Problem::of_app(error),
    }
}

pub(crate) fn connection_problem(error: VaultError) -> Problem {
    match error {
        VaultError::NotFound => ProblemKind::NotConnected.into(),
        error => error.into(),
    }
}
