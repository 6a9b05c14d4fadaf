//! The result in tables, as `docs/performance.md` has them.

use std::fmt::Write as _;

use crate::goal::{Goal, goals};
use crate::result::{Measured, Outcome};
use crate::scale::Scale;

/// The lines of the page between which this program writes.
const BEGIN: &str = "<!-- speed -->\n";
const END: &str = "<!-- /speed -->";

/// The tables and what they were measured on.
pub(crate) fn tables(outcome: &Outcome) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}\n", conditions(outcome));
    text += "| | init ms | cold ms | cold, ms of CPU | warm p50 ms | p99 | peak MB | program MB | zip MB | requests cold, warm | steps cold | instructions, warm |\n";
    text += "|---|--:|--:|--:|--:|--:|--:|--:|--:|:-:|--:|--:|\n";
    for contestant in &outcome.contestants {
        let _ = writeln!(text, "{}", row(contestant));
    }
    if outcome.machine.shares.is_some() {
        text += "\nThe first answer at a memory size, in ms:\n\n";
        text += &shares(outcome);
    }
    if let Some(scale) = &outcome.scale {
        text += &scaled(scale);
    }
    text += "\n| goal | limit | measured | |\n|---|--:|--:|---|\n";
    for goal in goals(outcome) {
        let _ = writeln!(text, "{}", verdict(&goal));
    }
    text
}

fn conditions(outcome: &Outcome) -> String {
    let machine = &outcome.machine;
    format!(
        "{} cores of {}, {}; {}, Node.js {}, {}. Medians of {} starts each, in turn; warm: {} requests each.",
        machine.cores,
        machine.processor,
        machine.kernel,
        machine.rust.split(" (").next().unwrap_or_default(),
        machine.node,
        machine.python,
        outcome.runs,
        outcome.runs * crate::WARM,
    )
}

fn row(of: &Measured) -> String {
    let instructions = of.instructions.map_or("–".to_owned(), |count| format!("{} k", count / 1_000));
    format!(
        "| **{}** {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.1} | {:.1} | {:.2} | {}, {} | {} | {} |",
        of.name,
        of.what,
        of.init,
        of.cold,
        of.cold_cpu,
        of.warm_p50,
        of.warm_p99,
        of.peak,
        of.bare,
        of.zip,
        of.cold_calls,
        of.warm_calls,
        of.steps,
        instructions
    )
}

fn shares(outcome: &Outcome) -> String {
    let Some(first) = outcome.contestants.first() else { return String::new() };
    let columns: Vec<_> = first.shares.iter().map(|share| (share.megabytes, share.free_init)).collect();
    let mut text = "|".to_owned();
    for (megabytes, free_init) in &columns {
        let _ = write!(text, " | {megabytes} MB{}", if *free_init { ", init unlimited" } else { "" });
    }
    text += " | one core |\n|---";
    text += &"|--:".repeat(columns.len() + 1);
    text += "|\n";
    for contestant in &outcome.contestants {
        let _ = write!(text, "| {}", contestant.name);
        for (megabytes, free_init) in &columns {
            let _ = write!(text, " | {:.1}", contestant.cold_at(*megabytes, *free_init).unwrap_or(f64::NAN));
        }
        let _ = writeln!(text, " | {:.1} |", contestant.cold);
    }
    text
}

fn scaled(scale: &Scale) -> String {
    let mut text =
        "\nThe deployment on one machine, with a Graph that answers at once. A meeting of a recruiter whose connection \
                    is not cached, by connections in the vault:\n\n"
            .to_owned();
    let cells = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let told = |of: &dyn Fn(&(usize, f64)) -> String| scale.by_connections.iter().map(of).collect::<Vec<_>>();
    let head = |first: &str, rest: Vec<String>| {
        let columns = "|--:".repeat(rest.len());
        format!("{}|---{columns}|\n", cells([vec![first.to_owned()], rest].concat()))
    };
    text += &head("connections", told(&|(connections, _)| connections.to_string()));
    text += &cells([vec!["ms".to_owned()], told(&|(_, time)| format!("{time:.2}"))].concat());
    let _ = writeln!(
        text,
        "\n{} meetings were ordered by 64 recruiters at once; each recruiter got their own. Meetings a second, by \
         clients; the load, Graph and the server share the cores:\n",
        scale.at_once
    );
    let told = |of: &dyn Fn(&(usize, f64, f64)) -> String| scale.by_clients.iter().map(of).collect::<Vec<_>>();
    text += &head("clients", told(&|(clients, ..)| clients.to_string()));
    text += &cells([vec!["ours".to_owned()], told(&|(_, ours, _)| format!("{ours:.0}"))].concat());
    text += &cells([vec!["Node.js".to_owned()], told(&|(.., node)| format!("{node:.0}"))].concat());
    text
}

fn verdict(goal: &Goal) -> String {
    let Goal { what, limit, measured, unit } = goal;
    let met =
        if goal.is_met() { "met".to_owned() } else { format!("missed by {:.0} %", (measured / limit - 1.0) * 100.0) };
    let digits = if unit.is_empty() { 0 } else { 2 + usize::from(*limit < 0.1) };
    format!("| {what} | {limit:.digits$} {unit} | {measured:.digits$} {unit} | {met} |")
}

/// The page with this text between its marks.
///
/// # Panics
/// When it has no marks.
pub(crate) fn written_into(page: &str, text: &str) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("the page has a mark where the tables begin");
    let (_, after) = rest.split_once(END).expect("the page has a mark where the tables end");
    format!("{before}{BEGIN}{text}{END}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_written_again() {
        let page = format!("a\n{BEGIN}old\n{END}\nb\n");
        let written = written_into(&page, "new\n");
        assert_eq!(written, format!("a\n{BEGIN}new\n{END}\nb\n"));
        assert_eq!(written_into(&written, "new\n"), written);
    }

    #[test]
    fn a_goal_that_was_missed_says_by_how_much() {
        let goal = |measured| Goal { what: "x", limit: 2.0, measured, unit: "ms" };
        assert_eq!(verdict(&goal(1.5)), "| x | 2.00 ms | 1.50 ms | met |");
        assert_eq!(verdict(&goal(3.0)), "| x | 2.00 ms | 3.00 ms | missed by 50 % |");
    }
}
