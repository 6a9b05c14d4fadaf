//! The course of one start: the process comes up, answers its first event, and then some more.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::contestant::BenchTarget;
use crate::outside::{Call, FakeNetwork};
use crate::program::Program;
use crate::quota::Quota;
use crate::runtime_api::RuntimeApi;

/// What was measured of one start.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// Until it asks for its first event.
    pub(crate) init: Duration,
    /// Until its first answer is there; the time that AWS has the event in hand is not counted.
    pub(crate) cold: Duration,
    /// On a core, until its first answer is there.
    pub(crate) cold_cpu: Duration,
    /// Each later answer.
    pub(crate) warm: Vec<Duration>,
    /// Of that, all but waiting for Graph's answer to be made.
    pub(crate) own: Vec<Duration>,
    /// The most memory, in kilobytes.
    pub(crate) peak_kb: u64,
    /// Requests to the outside until the first answer.
    pub(crate) cold_calls: Vec<Call>,
    /// Requests to the outside of one later answer; the most that one took.
    pub(crate) warm_calls: usize,
}

/// How much of a machine a process gets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Share<'a> {
    /// All that it can use.
    Whole,
    /// That of a memory size, from its first instruction.
    Limited(&'a Quota, u32),
    /// That of a memory size from its first event on: Lambda does not limit the start itself.
    LimitedAfterInit(&'a Quota, u32),
}

/// Runs a contestant once, with this many warm requests.
///
/// # Errors
/// When an answer is wrong.
///
/// # Panics
/// When it does not start or does not answer.
pub(crate) async fn run(
    contestant: &BenchTarget,
    outside: &FakeNetwork,
    share: Share<'_>,
    warm: usize,
    log: &Path,
) -> Result<Run, String> {
    let mut api = RuntimeApi::start().await;
    let door = match share {
        Share::Whole => None,
        Share::Limited(quota, megabytes) => {
            quota.limit(megabytes).unwrap();
            Some(quota.door())
        }
        Share::LimitedAfterInit(quota, _) => {
            quota.lift().unwrap();
            Some(quota.door())
        }
    };
    outside.calls();
    let address = api.address.to_string();
    let program = Program::start(&contestant.start, door.as_deref(), &address, log).await.unwrap();
    let polled = api.polled().await;
    if let Share::LimitedAfterInit(quota, megabytes) = share {
        quota.limit(megabytes).unwrap();
    }
    api.offer(&contestant.task.event(0));
    let told = |fault| format!("{}: {fault}", contestant.name);
    let (handed, answered, answer) = api.answered().await.map_err(told)?;
    let cold_cpu = program.cpu().unwrap();
    let cold_calls = outside.calls();
    contestant.task.check(0, &answer).map_err(|fault| told(format!("{fault}; it asked {}", listed(&cold_calls))))?;
    let init = polled - program.began;
    let mut run = Run {
        init,
        cold: init + (answered - handed),
        cold_cpu,
        warm: Vec::with_capacity(warm),
        own: Vec::with_capacity(warm),
        peak_kb: 0,
        cold_calls,
        warm_calls: 0,
    };
    for number in 1..=warm {
        api.polled().await;
        api.offer(&contestant.task.event(number));
        let (handed, answered, answer) = api.answered().await.map_err(told)?;
        contestant.task.check(number, &answer).map_err(told)?;
        let calls = outside.calls();
        run.warm_calls = run.warm_calls.max(calls.len());
        run.warm.push(answered - handed);
        run.own.push((answered - handed).saturating_sub(held(&calls, handed, answered)));
    }
    run.peak_kb = program.peak_kb().unwrap();
    program.end().await.unwrap();
    Ok(run)
}

/// How long the outside had a request in hand between these moments.
fn held(calls: &[Call], from: Instant, to: Instant) -> Duration {
    calls.iter().map(|call| call.ended.min(to).saturating_duration_since(call.began.max(from))).sum()
}

fn listed(calls: &[Call]) -> String {
    calls.iter().map(|call| call.what.as_str()).collect::<Vec<_>>().join(", ")
}
