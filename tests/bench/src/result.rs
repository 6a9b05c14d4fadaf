//! The result of a whole run, as it is written to a file and told in tables.

use std::process::Command;
use std::time::Duration;

use serde::Serialize;

use crate::contestant::BenchTarget;
use crate::course::Run;
use crate::field::told;
use crate::quota::FULL_CORE_MB;
use crate::scale::Scale;
use crate::statistics::{median, milliseconds, quantile};
use crate::weight::Weight;

/// Everything.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    /// Where and with what.
    pub(crate) machine: Machine,
    /// Starts of each contestant.
    pub(crate) runs: usize,
    /// In the order of a round.
    pub(crate) contestants: Vec<Measured>,
    /// Many connections, requests and clients; none where only the answers matter.
    pub(crate) scale: Option<Scale>,
}

/// Where and with what.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) rust: String,
    pub(crate) node: String,
    pub(crate) python: String,
    /// How a share of a core was given; none where it could not be.
    pub(crate) shares: Option<&'static str>,
}

/// One contestant. Times in milliseconds, sizes in megabytes of a million bytes.
#[derive(Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) init: f64,
    pub(crate) cold: f64,
    pub(crate) cold_p90: f64,
    pub(crate) cold_cpu: f64,
    pub(crate) warm_p50: f64,
    pub(crate) warm_p99: f64,
    pub(crate) own_p50: f64,
    pub(crate) own_p99: f64,
    pub(crate) peak: f64,
    pub(crate) cold_calls: usize,
    pub(crate) warm_calls: usize,
    /// Round trips of a cold answer that wait for one another.
    pub(crate) steps: usize,
    pub(crate) bare: f64,
    pub(crate) zip: f64,
    /// Of a warm request; none where callgrind is missing, or a program writes its own instructions.
    pub(crate) instructions: Option<u64>,
    /// The first answer at a memory size.
    pub(crate) shares: Vec<AtShare>,
}

/// At a memory size.
#[derive(Debug, Serialize)]
pub(crate) struct AtShare {
    pub(crate) megabytes: u32,
    /// Whether the start itself had a whole core, as on Lambda.
    pub(crate) free_init: bool,
    pub(crate) cold: f64,
}

impl Machine {
    /// This one.
    pub(crate) fn of_this_run(shares: Option<&'static str>) -> Self {
        let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let named = processors.lines().find(|line| line.starts_with("model name"));
        let processor = named.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, name)| name);
        Self {
            processor: processor.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: told(Command::new("uname").args(["-sr"])),
            rust: told(Command::new("rustc").arg("--version")),
            node: told(Command::new("node").arg("--version")),
            python: told(Command::new("python3").arg("--version")),
            shares,
        }
    }
}

impl Measured {
    /// What the runs on a whole core say.
    pub(crate) fn of(contestant: &BenchTarget, runs: &[Run], weight: Weight) -> Self {
        let middle = |of: &dyn Fn(&Run) -> Duration| milliseconds(median(&runs.iter().map(of).collect::<Vec<_>>()));
        let cold: Vec<_> = runs.iter().map(|run| run.cold).collect();
        let warm: Vec<_> = runs.iter().flat_map(|run| run.warm.iter().copied()).collect();
        let own: Vec<_> = runs.iter().flat_map(|run| run.own.iter().copied()).collect();
        let peaks: Vec<_> = runs.iter().map(|run| run.peak_kb * 1024).collect();
        let most = |of: &dyn Fn(&Run) -> usize| runs.iter().map(of).max().unwrap_or_default();
        Self {
            name: contestant.name,
            what: contestant.what,
            init: middle(&|run| run.init),
            cold: middle(&|run| run.cold),
            cold_p90: milliseconds(quantile(&cold, 0.9)),
            cold_cpu: middle(&|run| run.cold_cpu),
            warm_p50: milliseconds(median(&warm)),
            warm_p99: milliseconds(quantile(&warm, 0.99)),
            own_p50: milliseconds(median(&own)),
            own_p99: milliseconds(quantile(&own, 0.99)),
            peak: megabytes(median(&peaks)),
            cold_calls: most(&|run| run.cold_calls.len()),
            warm_calls: most(&|run| run.warm_calls),
            steps: 0,
            bare: megabytes(weight.bare),
            zip: megabytes(weight.zip),
            instructions: None,
            shares: Vec::new(),
        }
    }

    /// The first answer at a memory size, in milliseconds. At the largest one has a whole core.
    pub(crate) fn cold_at(&self, megabytes: u32, free_init: bool) -> Option<f64> {
        if megabytes == FULL_CORE_MB {
            return Some(self.cold);
        }
        let mut shares = self.shares.iter();
        shares.find(|share| share.megabytes == megabytes && share.free_init == free_init).map(|share| share.cold)
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files and processes are far below 2^52 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
