//! What was to be reached, and what was.

use serde::Serialize;

use crate::result::{Measured, Outcome};

/// A memory size at which many functions run.
pub(crate) const SMALL_MB: u32 = 256;

/// A limit, and what was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) limit: f64,
    pub(crate) measured: f64,
    pub(crate) unit: &'static str,
}

impl Goal {
    /// Whether it was reached.
    pub(crate) fn is_met(&self) -> bool {
        self.measured <= self.limit
    }
}

/// All of them, as far as they were measured.
pub(crate) fn goals(outcome: &Outcome) -> Vec<Goal> {
    let named = |name: &str| outcome.contestants.iter().find(|contestant| contestant.name == name);
    let (Some(floor), Some(meetings)) = (named("floor"), named("meetings")) else { return Vec::new() };
    let ours: Vec<_> = outcome.contestants.iter().filter(|contestant| contestant.what.starts_with("ours")).collect();
    let most = |of: fn(&Measured) -> f64| ours.iter().map(|function| of(function)).fold(0.0, f64::max);
    let counted = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let goal = |what, limit, unit, measured| Goal { what, limit, measured, unit };
    let mut goals = vec![
        goal("init of every function", 1.3, "× floor", most(|function| function.init) / floor.init),
        goal("cold first meeting, one full core", 3.0, "× floor", meetings.cold / floor.cold),
    ];
    for (peer, what) in [
        ("node", "cold first meeting at 256 MB, beside Node.js"),
        ("python", "cold first meeting at 256 MB, beside Python"),
    ] {
        let at = |of: Option<&Measured>| of.and_then(|of| of.cold_at(SMALL_MB, true));
        if let (Some(ours), Some(theirs)) = (at(Some(meetings)), at(named(peer))) {
            goals.push(goal(what, 1.0 / 15.0, "× it", ours / theirs));
        }
    }
    goals.extend([
        goal("own time of a warm meeting, p50", 0.3, "ms", meetings.own_p50),
        goal("own time of a warm meeting, p99", 1.0, "ms", meetings.own_p99),
        goal("peak memory of every function", 12.0, "MB", most(|function| function.peak)),
        goal("zip of every function", 2.5, "MB", most(|function| function.zip)),
        goal("requests of a warm meeting", 1.0, "", counted(meetings.warm_calls)),
        goal("requests of a cold meeting", 3.0, "", counted(meetings.cold_calls)),
    ]);
    goals
}
