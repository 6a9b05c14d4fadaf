//! Some hundred schedules of writers that race, die and are lied to; a million are one command away
//! (`./tests/run model`).
#![cfg(test)]

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use model::run::in_turn;
use model::schedule::{ConnectionSlot, play};
use model::witness::InvariantViolation;
use model::world::ModelWorld;
use model::writer::{WriterAction, WriterOutcome, WriterTask};
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;

const SEED: u64 = 1;
const SCHEDULES: u64 = 200;

#[test]
fn no_order_of_events_loses_or_ages_a_connection() {
    let run = in_turn(SEED, SCHEDULES, ConnectionSlot::Everything);
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
    let run = in_turn(SEED, SCHEDULES, ConnectionSlot::LastWriteWins);
    let (seed, law) = run.broken.unwrap();
    println!("seed {seed}, after {} schedules: {law:?}", run.played);
    assert!(
        matches!(
            law,
            InvariantViolation::NewerByOlder { .. }
                | InvariantViolation::Unkept(_)
                | InvariantViolation::Revived(_)
                | InvariantViolation::Gone
        ),
        "{law:?}"
    );
}

#[test]
fn whatever_does_not_keep_the_rules_is_caught() {
    for keeping in [
        ConnectionSlot::BlindSecondTry,
        ConnectionSlot::ComparesNoToken,
        ConnectionSlot::RevivesEnded,
        ConnectionSlot::ForgetsTenure,
        ConnectionSlot::DropsOthers,
        ConnectionSlot::ParentBeforeChild,
        ConnectionSlot::LateSplitter,
        ConnectionSlot::DropsChild,
        ConnectionSlot::ForgetsEvents,
    ] {
        let run = in_turn(SEED, SCHEDULES, keeping);
        let (seed, law) = run.broken.unwrap_or_else(|| panic!("{keeping:?} is not caught"));
        println!("{keeping:?}: seed {seed}, after {} schedules: {law:?}", run.played);
    }
}

#[test]
fn a_disconnection_that_overtakes_a_renewal_is_in_force_a_minute_later() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let client = shared::adapters::http_client::build_client().unwrap();
    let writer = |errand| WriterTask { errand, recruiter: 0, process: 0 };
    runtime.block_on(async {
        for (cannot_write, steps) in
            [false, true].into_iter().flat_map(|fault| (0..20).map(move |steps| (fault, steps)))
        {
            let world = ModelWorld::begun(SEED, &client).await;
            world.wait(SignedDuration::from_hours(2));
            let mut renewing = pin!(writer(WriterAction::Order).go(world.clone()));
            let mut done = false;
            for _ in 0..steps {
                done = done || poll_fn(|context| Poll::Ready(renewing.as_mut().poll(context).is_ready())).await;
            }
            assert_eq!(writer(WriterAction::Disconnect).go(world.clone()).await, WriterOutcome::Disconnected);
            if cannot_write {
                world.memory.fail_next(VaultOperation::Put, InjectedFault::Unavailable);
            }
            world.wait(SignedDuration::from_secs(60));
            if !done {
                renewing.await;
            }
            world.memory.clear_faults();
            let after = writer(WriterAction::Order).go(world.clone()).await;
            assert_eq!(after, WriterOutcome::Disconnected, "overtaken after {steps} steps");
        }
    });
}

#[test]
fn a_seed_makes_one_schedule() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let client = shared::adapters::http_client::build_client().unwrap();
    let once = |seed| runtime.block_on(play(seed, ConnectionSlot::Everything, &client));
    for seed in 0..20 {
        assert_eq!(once(seed), once(seed));
    }
}
