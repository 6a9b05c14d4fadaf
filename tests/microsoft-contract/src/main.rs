//! Tries at Microsoft what the product believes of it. `--help` tells how.

use std::process::ExitCode;

mod cli;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await
}
