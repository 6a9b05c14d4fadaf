//! Queries that come in.

use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;

/// The query of `GET /v1/customers`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CustomerListQuery {
    /// Only customers whose credential expires within so many days, or has expired.
    expiring_within: Option<i32>,
    pub(crate) page: Option<String>,
}

/// In days. Entra's credentials live for two years at most in the portal; more than three is a mistake.
const MAX_EXPIRING_WITHIN: i32 = 1_100;

impl CustomerListQuery {
    /// Parses `expiring_within=30d` and `page=…`, both optional.
    pub(crate) fn parse(query: &str) -> Result<Self, Problem> {
        let [expiring_within, page] = urlencoded::parse_known(query, ["expiring_within", "page"])?;
        let expiring_within = expiring_within.map(|text| parse_days(&text).ok_or(text)).transpose().map_err(|_| {
            let error = FieldError::new("expiring_within", "is not a number of days from 1d to 1100d");
            Problem::from(ProblemKind::InvalidFields).with_field(error)
        })?;
        Ok(Self { expiring_within, page })
    }

    /// Whether a customer belongs in the list whose credential expires in `days_left` days.
    pub(crate) fn matches(&self, days_left: Option<i32>) -> bool {
        self.expiring_within.is_none_or(|limit| days_left.is_some_and(|days| days <= limit))
    }
}

fn parse_days(text: &str) -> Option<i32> {
    let digits = text.strip_suffix('d').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|days| (1..=MAX_EXPIRING_WITHIN).contains(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_days_has_one_spelling() {
        let parse = |query: &str| CustomerListQuery::parse(query).map(|query| query.expiring_within);
        assert_eq!(parse("").unwrap(), None);
        assert_eq!(parse("expiring_within=30d").unwrap(), Some(30));
        for query in [
            "expiring_within=30",
            "expiring_within=0d",
            "expiring_within=-1d",
            "expiring_within=1e3d",
            "a=b",
            "expiring_within=",
            "expiring_within=9999999999d",
            "expiring_within=1d&expiring_within=2d",
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
