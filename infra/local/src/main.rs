//! The deployment on one machine. `teams-connect --help` says what it can do.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    local::process_hardening::disable_core_dumps();
    local::cli::run().await
}
