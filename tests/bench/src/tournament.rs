//! The whole run: everybody in turn, so that a noisy neighbour disturbs all alike.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::authority::Authority;
use crate::contestant::BenchTarget;
use crate::course::{self, Run, Share};
use crate::field::{self, Places};
use crate::goal::SMALL_MB;
use crate::outside::FakeNetwork;
use crate::quota::{FULL_CORE_MB, Quota};
use crate::result::{AtShare, Machine, Measured, Outcome};
use crate::statistics::{median, milliseconds};
use crate::weight::weigh;
use crate::{WARM, instructions, scale};

/// Memory sizes below the one of a whole core, and whether the start itself is unlimited.
const SHARES: [(u32, bool); 4] = [(128, false), (SMALL_MB, false), (SMALL_MB, true), (512, false)];

/// How far away everybody is when it is counted how many round trips wait for one another: longer than what a start is
/// late by chance, and shorter than the patience of anybody here.
const FAR: Duration = Duration::from_millis(500);

/// What everybody needs to run.
struct BenchEnvironment {
    outside: FakeNetwork,
    quota: Option<Quota>,
    field: Vec<BenchTarget>,
    log: PathBuf,
}

/// Holds it: `runs` starts of each, or one of each where only the answers matter.
///
/// # Errors
/// What was wrong with an answer.
pub(crate) async fn held(places: &Places, runs: usize, quick: bool) -> Result<Outcome, String> {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let outside = FakeNetwork::start(&authority).await;
    let field = field::contestants(places, folder.path(), &authority, &outside).await;
    let quota = Quota::new().inspect_err(left_out).ok();
    let ground = BenchEnvironment { outside, quota, field, log: folder.path().join("log") };
    let (runs, warm) = if quick { (1, 3) } else { (runs, WARM) };
    let rounds = ground.rounds(runs, ground.share(FULL_CORE_MB, false), warm).await?;
    let mut contestants = Vec::new();
    for (contestant, runs) in ground.field.iter().zip(&rounds) {
        contestants.push(Measured::of(contestant, runs, weigh(&contestant.deployed, folder.path())));
    }
    let mut scale = None;
    if !quick {
        ground.measure_shares(runs, &mut contestants).await?;
        ground.count_steps(&mut contestants).await?;
        ground.count_instructions(folder.path(), &mut contestants).await?;
        let node = ground.field.iter().find(|contestant| contestant.name == "node").unwrap();
        scale = Some(scale::measure(node, &ground.outside).await?);
    }
    let machine = Machine::of_this_run(ground.quota.as_ref().map(Quota::told));
    Ok(Outcome { machine, runs, contestants, scale })
}

#[expect(clippy::print_stderr, reason = "it is no part of the result")]
fn left_out(error: &std::io::Error) {
    eprintln!("memory sizes are left out: this machine does not let us limit a process ({error})");
}

impl BenchEnvironment {
    fn share(&self, megabytes: u32, free_init: bool) -> Share<'_> {
        match &self.quota {
            None => Share::Whole,
            Some(quota) if free_init => Share::LimitedAfterInit(quota, megabytes),
            Some(quota) => Share::Limited(quota, megabytes),
        }
    }

    /// Everybody's runs, in the order of the field.
    async fn rounds(&self, runs: usize, share: Share<'_>, warm: usize) -> Result<Vec<Vec<Run>>, String> {
        let mut rounds = vec![Vec::new(); self.field.len()];
        for _ in 0..runs {
            for (contestant, runs) in self.field.iter().zip(&mut rounds) {
                runs.push(course::run(contestant, &self.outside, share, warm, &self.log).await?);
            }
        }
        Ok(rounds)
    }

    async fn measure_shares(&self, runs: usize, contestants: &mut [Measured]) -> Result<(), String> {
        if self.quota.is_none() {
            return Ok(());
        }
        for (megabytes, free_init) in SHARES {
            // At 128 MB an interpreter takes seconds to start: half the starts keep the whole below ten minutes.
            let rounds = self.rounds(runs.div_ceil(2), self.share(megabytes, free_init), 0).await?;
            for (measured, runs) in contestants.iter_mut().zip(&rounds) {
                let cold: Vec<_> = runs.iter().map(|run| run.cold).collect();
                measured.shares.push(AtShare { megabytes, free_init, cold: milliseconds(median(&cold)) });
            }
        }
        Ok(())
    }

    /// With everybody outside far away, the first answer takes as many times as there are round trips one after another.
    async fn count_steps(&self, contestants: &mut [Measured]) -> Result<(), String> {
        self.outside.at_distance(FAR);
        for (contestant, measured) in self.field.iter().zip(contestants) {
            let run = course::run(contestant, &self.outside, Share::Whole, 0, &self.log).await?;
            let travelled = run.cold.saturating_sub(Duration::from_secs_f64(measured.cold / 1_000.0));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful, and not negative")]
            let steps = (travelled.as_secs_f64() / FAR.as_secs_f64()).round() as usize;
            measured.steps = steps;
        }
        self.outside.at_distance(Duration::ZERO);
        Ok(())
    }

    async fn count_instructions(&self, folder: &Path, contestants: &mut [Measured]) -> Result<(), String> {
        if !instructions::can_be_counted() {
            return Ok(());
        }
        for (contestant, measured) in self.field.iter().zip(contestants) {
            // A program that is compiled while it runs has no number of its own.
            if !["node", "python"].contains(&contestant.name) {
                measured.instructions = Some(instructions::count(contestant, &self.outside, folder, &self.log).await?);
            }
        }
        Ok(())
    }
}
