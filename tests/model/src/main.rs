//! The long run: `cargo run -p model -- [SCHEDULES] [SEED]`. Prints seed and counts; ends at the first broken law.

#![expect(clippy::print_stdout, reason = "what it found is its output")]

use std::process::ExitCode;

use model::run::{self, Run};
use model::schedule::ConnectionSlot;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (schedules, seed) = match (arguments.next(), arguments.next()) {
        (None, _) => (1_000_000, 1),
        (Some(Ok(schedules)), None) => (schedules, 1),
        (Some(Ok(schedules)), Some(Ok(seed))) => (schedules, seed),
        _ => {
            println!("Usage: model [SCHEDULES] [SEED]");
            return ExitCode::from(2);
        }
    };
    println!("{schedules} schedules from seed {seed}");
    let Run { played, tally, broken } = run::on_all_processors(seed, schedules, ConnectionSlot::Everything);
    println!("{played} played: {tally}");
    match broken {
        None => ExitCode::SUCCESS,
        Some((seed, law)) => {
            println!("seed {seed} breaks a law: {law:?}");
            ExitCode::FAILURE
        }
    }
}
