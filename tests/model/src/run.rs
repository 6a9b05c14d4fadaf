//! Many schedules, one after the other.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use shared::adapters::http_client;

use crate::schedule::{ConnectionSlot, ScheduleCounts, play};
use crate::witness::InvariantViolation;

/// What came of many schedules.
#[derive(Debug, Default)]
pub struct Run {
    /// Schedules that were played to their end.
    pub played: u64,
    /// What happened in them.
    pub tally: ScheduleCounts,
    /// The seed of the first that broke a law, and the law.
    pub broken: Option<(u64, InvariantViolation)>,
}

impl fmt::Display for ScheduleCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { turns, requests, faults, crashes, successes } = self;
        write!(
            f,
            "{turns} turns, {requests} requests to Entra, {faults} faults, {crashes} crashes, {successes} successes"
        )
    }
}

/// Plays so many schedules, the first of this seed, in this thread. Ends at the first that breaks a law.
pub fn in_turn(seed: u64, schedules: u64, keeping: ConnectionSlot) -> Run {
    let next = AtomicU64::new(0);
    until_none_is_left(&next, seed, schedules, keeping)
}

/// The same, on every processor.
pub fn on_all_processors(seed: u64, schedules: u64, keeping: ConnectionSlot) -> Run {
    let next = AtomicU64::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let runs: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| until_none_is_left(&next, seed, schedules, keeping))).collect();
        let mut all = Run::default();
        for run in runs {
            let run = run.join().unwrap();
            all.played += run.played;
            all.tally += run.tally;
            all.broken = all.broken.or(run.broken);
        }
        all
    })
}

fn until_none_is_left(next: &AtomicU64, seed: u64, schedules: u64, keeping: ConnectionSlot) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let client = http_client::build_client().unwrap();
    let mut run = Run::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= schedules {
            return run;
        }
        let seed = seed.wrapping_add(number);
        match runtime.block_on(play(seed, keeping, &client)) {
            Ok(tally) => {
                run.played += 1;
                run.tally += tally;
            }
            Err(law) => {
                next.store(schedules, Ordering::Relaxed);
                run.broken = Some((seed, law));
                return run;
            }
        }
    }
}
