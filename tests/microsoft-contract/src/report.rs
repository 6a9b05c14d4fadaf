//! The report of a run, as Markdown that can be shown to anybody.

use std::fmt::Write;

use crate::belief::{Outcome, Verdict};
use crate::by_hand::{BY_HAND, ByHand};

/// How many outcomes have this verdict.
#[must_use]
pub fn count(outcomes: &[Outcome], verdict: Verdict) -> usize {
    outcomes.iter().filter(|outcome| outcome.verdict == verdict).count()
}

/// The last line: how many were the same, different, and not tried.
#[must_use]
pub fn summary(outcomes: &[Outcome]) -> String {
    let [same, different, not_tried] =
        [Verdict::Same, Verdict::Different, Verdict::NotTried].map(|verdict| count(outcomes, verdict));
    format!("{same} the same, {different} differences, {not_tried} not tried")
}

/// The report.
#[must_use]
pub fn page(place: &str, begun: jiff::Timestamp, outcomes: &[Outcome]) -> String {
    let day = begun.strftime("%Y-%m-%d");
    let mut page = format!(
        "# What the product believes of Microsoft, tried at {place}\n\n{day}, version {} of the product. {}.\n\n\
         | belief | what Microsoft did | | from |\n|---|---|---|---|\n",
        env!("CARGO_PKG_VERSION"),
        summary(outcomes),
    );
    for Outcome { believed, source, did, verdict } in outcomes {
        let verdict = if *verdict == Verdict::Different { "**different**".to_owned() } else { verdict.to_string() };
        // A `String` takes every line.
        let _ = writeln!(page, "| {} | {} | {verdict} | {} |", cell(believed), cell(did), cell(source));
    }
    page.push_str("\nNo program finds these out:\n\n| belief | how to find out | from |\n|---|---|---|\n");
    for ByHand { believed, source, how } in BY_HAND {
        let _ = writeln!(page, "| {} | {} | {} |", cell(believed), cell(how), cell(source));
    }
    page
}

fn cell(text: &str) -> String {
    text.replace(['\n', '\r', '|'], " ")
}
