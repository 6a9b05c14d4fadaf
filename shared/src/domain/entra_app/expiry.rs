//! When a credential ends, and when its administrator is to be reminded.

use jiff::civil::Date;

use crate::domain::entra_app::summary::CredentialKind;
use crate::domain::finding::{Finding, FindingKind};
use crate::types::clock::Timestamp;

/// Days before the end of a credential on which a reminder is due.
pub const REMINDER_DAYS: [i32; 5] = [60, 30, 14, 7, 1];

/// How many days are left; negative once it is over. `None` where nobody told the day.
#[must_use]
pub fn days_left(expires_on: Option<Date>, now: Timestamp) -> Option<i32> {
    utc_date(now).until(expires_on?).ok().map(|span| span.get_days())
}

/// What the expiry date alone gives cause to say.
#[must_use]
pub fn expiry_finding(kind: CredentialKind, expires_on: Option<Date>, now: Timestamp) -> Option<Finding> {
    match days_left(expires_on, now) {
        None => Some(FindingKind::ExpiryUnknown.into()),
        Some(..0) if kind == CredentialKind::Certificate => Some(FindingKind::CertificateExpired.into()),
        Some(..0) => Some(FindingKind::SecretExpired.into()),
        Some(days) if days <= REMINDER_DAYS[0] => Some(FindingKind::ExpiresSoon.into()),
        Some(_) => None,
    }
}

/// The reminder that is due with so many days left, unless it or a later one was given before (`reminded`). A schedule
/// that did not run for a month gives the latest reminder alone.
#[must_use]
pub fn due_reminder(days_left: i32, reminded: Option<i32>) -> Option<i32> {
    let due = REMINDER_DAYS.into_iter().rev().find(|reminder| days_left <= *reminder)?;
    reminded.is_none_or(|given| due < given).then_some(due)
}

/// The calendar day, in UTC as the portal shows it.
#[must_use]
pub fn utc_date(now: Timestamp) -> Date {
    jiff::tz::Offset::UTC.to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_secret_that_ends_within_sixty_days_is_worth_a_warning() {
        let finding = |date: &str| {
            let (secret, date) = (CredentialKind::ClientSecret, date.parse().unwrap());
            expiry_finding(secret, Some(date), now()).map(|finding| finding.kind)
        };
        assert_eq!(finding("2026-11-23"), Some(FindingKind::SecretExpired));
        assert_eq!(finding("2026-11-24"), Some(FindingKind::ExpiresSoon));
        assert_eq!(finding("2027-01-23"), Some(FindingKind::ExpiresSoon));
        assert_eq!(finding("2027-01-24"), None);
        let certificate = CredentialKind::Certificate;
        let over = expiry_finding(certificate, Some("2026-11-23".parse().unwrap()), now());
        assert_eq!(over.map(|finding| finding.kind), Some(FindingKind::CertificateExpired));
        let untold = expiry_finding(CredentialKind::ClientSecret, None, now());
        assert_eq!(untold.map(|finding| finding.kind), Some(FindingKind::ExpiryUnknown));
    }

    #[test]
    fn each_reminder_is_given_once_and_a_late_schedule_gives_only_the_last() {
        let mut given = Vec::new();
        let mut reminded = None;
        for days in (-3..=70).rev() {
            if let Some(due) = due_reminder(days, reminded) {
                given.push((days, due));
                reminded = Some(due);
            }
        }
        assert_eq!(given, [(60, 60), (30, 30), (14, 14), (7, 7), (1, 1)]);
        assert_eq!(due_reminder(5, None), Some(7));
        assert_eq!(due_reminder(5, Some(60)), Some(7));
        assert_eq!(due_reminder(5, Some(7)), None);
        assert_eq!(due_reminder(61, None), None);
    }
}
