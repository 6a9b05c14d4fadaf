//! What a start and a request cost, beside what a team would write otherwise, in the same run.
//!
//! `tests/bench/run` builds what is measured and starts this program.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that stumbles should say where, and its result is for a terminal"
)]

mod authority;
mod cast;
mod contestant;
mod course;
mod field;
mod goal;
mod instructions;
mod outside;
mod picture;
mod program;
mod quota;
mod result;
mod runtime_api;
mod scale;
mod statistics;
mod table;
mod tournament;
mod weight;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Warm requests of each start on a whole core.
const WARM: usize = 100;

#[derive(Parser)]
#[command(about = "What a start and a request cost, beside what a team would write otherwise, in the same run")]
struct Arguments {
    #[command(flatten)]
    places: field::Places,
    /// Starts of each contestant
    #[arg(long, default_value_t = 30)]
    runs: usize,
    /// Only whether all answers are right: one start each
    #[arg(long)]
    quick: bool,
    /// Write the result as JSON into this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Write the tables between the marks of this page
    #[arg(long)]
    page: Option<PathBuf>,
    /// Write the picture into this file
    #[arg(long)]
    picture: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match tournament::held(&arguments.places, arguments.runs, arguments.quick).await {
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
        Ok(_) if arguments.quick => {
            println!("all answers are right");
            ExitCode::SUCCESS
        }
        Ok(outcome) => {
            let tables = table::tables(&outcome);
            println!("{tables}");
            if let Some(file) = arguments.json {
                fs::write(file, serde_json::to_string_pretty(&outcome).unwrap() + "\n").unwrap();
            }
            if let Some(file) = arguments.page {
                let page = fs::read_to_string(&file).unwrap();
                fs::write(file, table::written_into(&page, &tables)).unwrap();
            }
            if let Some(file) = arguments.picture {
                fs::write(file, picture::picture(&outcome)).unwrap();
            }
            ExitCode::SUCCESS
        }
    }
}
