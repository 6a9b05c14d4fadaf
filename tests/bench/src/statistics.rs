//! Medians, and what lies at the ends.

use std::time::Duration;

/// The value below which this part of all lies; the nearest that was measured.
///
/// # Panics
/// When there is none.
pub(crate) fn quantile<T: Ord + Copy>(values: &[T], part: f64) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let last = sorted.len() - 1;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank among some thousands"
    )]
    let rank = (last as f64 * part).round() as usize;
    sorted[rank.min(last)]
}

/// The value in the middle.
pub(crate) fn median<T: Ord + Copy>(values: &[T]) -> T {
    quantile(values, 0.5)
}

/// As milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_ends_are_found_in_any_order() {
        let values: Vec<u32> = (1..=101).rev().collect();
        assert_eq!(median(&values), 51);
        assert_eq!(quantile(&values, 0.0), 1);
        assert_eq!(quantile(&values, 0.99), 100);
        assert_eq!(quantile(&values, 1.0), 101);
        assert_eq!(median(&[7]), 7);
    }
}
