//! The result as a picture: the first meeting of a cold function at each memory size, then memory and package.

use std::fmt::Write as _;

use crate::result::{Measured, Outcome};

/// Who makes a meeting, with the colour of each.
const DRAWN: [(&str, &str, &str); 3] = [
    ("meetings", "Teams Connect", "#0f6b5c"),
    ("node", "Node.js, msal-node + SDK v3", "#c98a1b"),
    ("python", "Python, msal + boto3", "#8a5a9e"),
];

const WIDTH: f64 = 760.0;
const LEFT: f64 = 150.0;
const BAR: f64 = 13.0;
const GAP: f64 = 16.0;
/// Room for the number behind a bar.
const NUMBER: f64 = 90.0;

/// A group of bars: what is measured, its unit, and whose is how long.
struct Group {
    title: String,
    unit: &'static str,
    values: Vec<f64>,
}

/// The whole picture, as SVG.
pub(crate) fn picture(outcome: &Outcome) -> String {
    let drawn: Vec<&Measured> = DRAWN
        .iter()
        .filter_map(|(name, ..)| outcome.contestants.iter().find(|contestant| contestant.name == *name))
        .collect();
    let groups = groups(&drawn);
    let most = groups.iter().flat_map(|group| group.values.iter().copied()).fold(1.0, f64::max);
    let height = 74.0 + f64::from(u32::try_from(groups.len()).unwrap_or_default()) * (3.0 * BAR + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#1c2733\">\n\
         <title>The first meeting of a cold function, beside Node.js and Python</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f7f8f8\"/>\n\
         <text x=\"16\" y=\"24\" font-size=\"14\" font-weight=\"600\">The first meeting of a cold function \
         (logarithmic scale)</text>\n"
    );
    let mut x = 16.0;
    for (_, label, colour) in DRAWN {
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"37\" width=\"10\" height=\"10\" fill=\"{colour}\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"46\">{label}</text>", x + 15.0);
        x += 215.0;
    }
    let mut y = 62.0;
    for group in &groups {
        draw(&mut svg, group, y, most);
        y += 3.0 * BAR + GAP;
    }
    svg += "</svg>\n";
    svg
}

fn groups(drawn: &[&Measured]) -> Vec<Group> {
    let group = |title: String, unit, of: &dyn Fn(&Measured) -> Option<f64>| {
        let values: Option<Vec<f64>> = drawn.iter().map(|measured| of(measured)).collect();
        values.map(|values| Group { title, unit, values })
    };
    let mut groups = vec![group("one core".to_owned(), "ms", &|measured| Some(measured.cold))];
    for share in drawn.first().map(|measured| measured.shares.as_slice()).unwrap_or_default() {
        let title = format!("{} MB{}", share.megabytes, if share.free_init { ", init free" } else { "" });
        groups.push(group(title, "ms", &|measured| measured.cold_at(share.megabytes, share.free_init)));
    }
    groups.push(group("peak memory".to_owned(), "MB", &|measured| Some(measured.peak)));
    groups.push(group("zip".to_owned(), "MB", &|measured| Some(measured.zip)));
    groups.into_iter().flatten().collect()
}

fn draw(svg: &mut String, group: &Group, top: f64, most: f64) {
    let label = top + 2.0 * BAR - 3.0;
    let _ = writeln!(svg, "<text x=\"{}\" y=\"{label}\" text-anchor=\"end\">{}</text>", LEFT - 10.0, group.title);
    let mut y = top;
    for (value, (_, _, colour)) in group.values.iter().zip(DRAWN) {
        let width = length(*value, most);
        let _ = writeln!(
            svg,
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"{colour}\"/>",
            BAR - 2.0
        );
        let number = if *value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") };
        let x = LEFT + width + 6.0;
        let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{}\" font-size=\"11\">{number} {}</text>", y + 9.5, group.unit);
        y += BAR;
    }
}

/// Ten times as much is as long a way everywhere; a tenth of a unit is the beginning.
fn length(value: f64, most: f64) -> f64 {
    let part = (value.max(0.1) / 0.1).log10() / (most.max(1.0) / 0.1).log10();
    part * (WIDTH - LEFT - NUMBER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_the_logarithm_of_its_value() {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let step = length(1.0, 1_000.0);
        assert!(near(length(10.0, 1_000.0), 2.0 * step) && near(length(0.1, 1_000.0), 0.0));
        assert!(near(length(1_000.0, 1_000.0), WIDTH - LEFT - NUMBER));
    }
}
