//! The errors of a request's fields, all reported at once.

use jiff::tz::TimeZone;

use shared::domain::meeting::{DateTimeError, EmailAddress, MAX_PARTICIPANTS, parse_date_time, parse_time_zone};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::types::clock::Timestamp;

/// The `time_zone` of a request.
pub(super) enum RequestedZone {
    None,
    Known(TimeZone),
    Unknown,
}

/// The errors found so far.
#[derive(Default)]
pub(super) struct FieldErrors(pub(super) Vec<FieldError>);

impl FieldErrors {
    /// The problem, if there is any error.
    pub(super) fn into_result(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::from(ProblemKind::InvalidFields).with_fields(self.0)) }
    }

    /// The value, or its error is added.
    pub(super) fn check<T, E: std::fmt::Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldError::new(field, &error.to_string()))).ok()
    }

    /// Parses `time_zone`. An unknown zone is an error of that field alone.
    pub(super) fn parse_time_zone(&mut self, name: Option<&str>) -> RequestedZone {
        match name.map(|name| self.check("time_zone", parse_time_zone(name))) {
            None => RequestedZone::None,
            Some(Some(zone)) => RequestedZone::Known(zone),
            Some(None) => RequestedZone::Unknown,
        }
    }

    /// Parses a date and time. In an unknown zone only its form can be checked.
    pub(super) fn parse_date_time(&mut self, field: &str, text: &str, zone: &RequestedZone) -> Option<Timestamp> {
        let parsed = match zone {
            RequestedZone::None => parse_date_time(text, None),
            RequestedZone::Known(zone) => parse_date_time(text, Some(zone)),
            RequestedZone::Unknown => match parse_date_time(text, Some(&TimeZone::UTC)) {
                Err(error @ DateTimeError::Malformed) => Err(error),
                _ => return None,
            },
        };
        self.check(field, parsed)
    }

    /// Adds an error and goes on with a default.
    pub(super) fn push_and_default<T>(&mut self, field: &str, detail: &str, default: T) -> T {
        self.0.push(FieldError::new(field, detail));
        default
    }

    /// Parses the lists of people: nobody twice in any roles, and at most [`MAX_PARTICIPANTS`] in all.
    pub(super) fn parse_participants<const N: usize>(
        &mut self,
        lists: [(&str, Option<&[String]>); N],
    ) -> [Option<Vec<EmailAddress>>; N] {
        let mut seen: Vec<EmailAddress> = Vec::new();
        let total: usize = lists.iter().map(|(_, texts)| texts.map_or(0, <[String]>::len)).sum();
        if total > MAX_PARTICIPANTS {
            self.0.push(FieldError::new(lists[0].0, "are more than 50 people, all roles together"));
            return [const { None }; N];
        }
        lists.map(|(field, texts)| {
            let texts = texts?;
            let mut people = Vec::new();
            for (index, text) in texts.iter().enumerate() {
                let field = format!("{field}[{index}]");
                let Some(address) = self.check(&field, text.parse::<EmailAddress>()) else { continue };
                if seen.iter().any(|other| other.is_same_mailbox(address.as_str())) {
                    self.0.push(FieldError::new(&field, "stands twice"));
                }
                seen.push(address.clone());
                people.push(address);
            }
            Some(people)
        })
    }
}
