//! The deployment on one machine. `teams-connect --help` says what it can do.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    local::memory::keep_to_ourselves();
    local::cli::run().await
}
