//! Entry of the deployment on one machine. `teams-connect --help` explains the command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    local::process_hardening::disable_core_dumps();
    local::cli::run().await
}
