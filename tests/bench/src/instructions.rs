//! Instructions of one warm request, counted by callgrind: the same number however busy the machine is.

use std::fs;
use std::path::Path;

use crate::contestant::BenchTarget;
use crate::course::{self, Share};
use crate::outside::FakeNetwork;

/// Warm requests of a short and of a long run; what both have in common falls out.
const FEW: usize = 10;
const MANY: usize = 50;

/// Whether callgrind is there.
pub(crate) fn can_be_counted() -> bool {
    let version = std::process::Command::new("valgrind").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// Of one warm request of this contestant.
///
/// # Errors
/// When an answer is wrong.
pub(crate) async fn count(
    contestant: &BenchTarget,
    outside: &FakeNetwork,
    folder: &Path,
    log: &Path,
) -> Result<u64, String> {
    let mut counts = Vec::new();
    for requests in [FEW, MANY] {
        let told = folder.join(format!("callgrind.{}.{requests}", contestant.name));
        let mut counted = contestant.clone();
        let file = format!("--callgrind-out-file={}", told.display());
        let under = ["valgrind", "--tool=callgrind", "--quiet", &file].map(str::to_owned);
        counted.start.command.splice(0..0, under);
        course::run(&counted, outside, Share::Whole, requests, log).await?;
        counts.push(total(&fs::read_to_string(&told).unwrap_or_default()).ok_or("callgrind wrote no count")?);
    }
    let requests = u64::try_from(MANY - FEW).unwrap();
    Ok(counts[1].saturating_sub(counts[0]) / requests)
}

/// The line `summary:` of a profile, or `totals:` where it has parts.
fn total(profile: &str) -> Option<u64> {
    let line = profile.lines().rev().find_map(|line| {
        let (name, number) = line.split_once(':')?;
        matches!(name, "summary" | "totals").then_some(number)
    })?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_found_in_a_profile() {
        assert_eq!(total("version: 1\nevents: Ir\nsummary: 17\nfn=(0)\n16 400\n\ntotals: 23\n"), Some(23));
        assert_eq!(total("version: 1\nevents: Ir\nsummary: 17\n"), Some(17));
        assert_eq!(total("version: 1\n"), None);
    }
}
