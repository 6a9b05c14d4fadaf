//! Runs the vault's contract against Secrets Manager of a real account, and records which promises it keeps.
//!
//! The contract is the one that every backend passes in `shared/tests`. The server that plays Secrets Manager there
//! departs from the API reference in places, so what rests on those places is proven here alone.

mod account;
mod cli;
#[macro_use]
#[path = "../../../shared/tests/contract/mod.rs"]
#[expect(clippy::unwrap_used, reason = "a promise that is broken ends its own task, and the record says with what")]
mod contract;
mod disabled_key;
mod promises;
mod record;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await
}
