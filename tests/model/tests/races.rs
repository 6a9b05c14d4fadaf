//! Some thousand schedules of writers that race, die and are lied to; a million are one command away
//! (`./tests/run model`).
#![cfg(test)]

use model::run::in_turn;
use model::schedule::{Keeping, play};
use model::witness::Broken;

const SEED: u64 = 1;
const SCHEDULES: u64 = 2_000;

#[test]
fn no_order_of_events_loses_or_ages_a_connection() {
    let run = in_turn(SEED, SCHEDULES, Keeping::CompareAndSet);
    println!("seed {SEED}: {} schedules, {}", run.played, run.tally);
    assert_eq!(run.broken, None, "play it again with this seed");
    assert_eq!(run.played, SCHEDULES);
    let tally = run.tally;
    // What did not happen was not survived.
    for count in [tally.turns / 20, tally.requests, tally.faults, tally.crashes, tally.successes] {
        assert!(count > SCHEDULES / 2, "{tally}");
    }
}

#[test]
fn a_vault_whose_last_write_wins_is_caught() {
    let run = in_turn(SEED, SCHEDULES, Keeping::LastWriteWins);
    let (seed, law) = run.broken.unwrap();
    println!("seed {seed}, after {} schedules: {law:?}", run.played);
    assert!(matches!(law, Broken::NewerByOlder { .. } | Broken::Unkept(_)), "{law:?}");
}

#[test]
fn a_seed_makes_one_schedule() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let client = shared::microsoft::http::client().unwrap();
    let once = |seed| runtime.block_on(play(seed, Keeping::CompareAndSet, &client));
    for seed in 0..20 {
        assert_eq!(once(seed), once(seed));
    }
}
