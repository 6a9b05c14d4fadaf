//! What an operator does with a deployment on AWS: API keys, sealing keys, keys of the issuer, events, restoring, revoking, going
//! back to the version before, looking it over.
//!
//! It works with the code that the functions work with, so what it writes is what they read. `operator --help` explains it.

mod check;
mod cli;
mod customers;
mod error;
mod events;
mod issuer;
mod keys;
mod report;
mod stack;
mod versions;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await
}
