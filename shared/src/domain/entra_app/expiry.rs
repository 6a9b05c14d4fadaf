//! When a credential expires, and when a reminder is due.

use jiff::civil::Date;

use crate::domain::entra_app::summary::{AppSummary, CredentialKind};
use crate::domain::finding::{Finding, FindingKind};
use crate::types::clock::Timestamp;

/// How many days before its expiry a reminder is due.
pub const REMINDER_DAYS: [i32; 5] = [60, 30, 14, 7, 1];

/// The reminder of a credential whose last day is over.
pub const EXPIRED: i32 = -1;

/// How many days are left; negative after the expiry. `None` if the expiry is not known.
#[must_use]
pub fn days_left(expires_on: Option<Date>, now: Timestamp) -> Option<i32> {
    utc_date(now).until(expires_on?).ok().map(|span| span.get_days())
}

/// Whether a date means that the credential never expires: the portal once wrote 2299-12-31 for "never".
fn is_never(expires_on: Date) -> bool {
    expires_on >= Date::constant(2299, 12, 31)
}

impl AppSummary {
    /// Whether it is known that the credential never expires.
    #[must_use]
    pub fn never_expires(&self) -> bool {
        self.kind == CredentialKind::Federated || self.expires_on.is_some_and(is_never)
    }

    /// Whether the credential expires on a day that nobody told.
    #[must_use]
    pub fn has_unknown_expiry(&self) -> bool {
        self.expires_on.is_none() && !self.never_expires()
    }
}

/// The finding that follows from the expiry date alone.
#[must_use]
pub fn expiry_finding(kind: CredentialKind, expires_on: Option<Date>, now: Timestamp) -> Option<Finding> {
    match days_left(expires_on, now) {
        _ if kind == CredentialKind::Federated => None,
        None => Some(FindingKind::ExpiryUnknown.into()),
        Some(..0) if kind == CredentialKind::Certificate => Some(FindingKind::CertificateExpired.into()),
        Some(..0) => Some(FindingKind::SecretExpired.into()),
        Some(days) if days <= REMINDER_DAYS[0] => Some(FindingKind::ExpiresSoon.into()),
        Some(_) => None,
    }
}

/// The reminder that is due with so many days left, [`EXPIRED`] once there is none, unless it or a later one was sent (`reminded`). After a pause of a
/// month only the latest reminder is due.
#[must_use]
pub fn due_reminder(days_left: i32, reminded: Option<i32>) -> Option<i32> {
    let due = REMINDER_DAYS.into_iter().chain([EXPIRED]).rev().find(|reminder| days_left <= *reminder)?;
    reminded.is_none_or(|sent| due < sent).then_some(due)
}

/// The calendar day in UTC, as the portal shows it.
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
        assert!(expiry_finding(CredentialKind::Federated, None, now()).is_none(), "nothing of it expires");
        let unknown = expiry_finding(CredentialKind::ClientSecret, None, now());
        assert_eq!(unknown.map(|finding| finding.kind), Some(FindingKind::ExpiryUnknown));
    }

    #[test]
    fn the_portals_never_needs_no_reminder() {
        let never = |date: &str| is_never(date.parse().unwrap());
        assert!(never("2299-12-31") && never("9999-12-31") && !never("2299-12-30"));
        let secret = CredentialKind::ClientSecret;
        assert!(expiry_finding(secret, Some("9999-12-31".parse().unwrap()), now()).is_none());
    }

    #[test]
    fn each_reminder_is_sent_once_and_after_a_pause_only_the_latest() {
        let mut sent = Vec::new();
        let mut reminded = None;
        for days in (-3..=70).rev() {
            if let Some(due) = due_reminder(days, reminded) {
                sent.push((days, due));
                reminded = Some(due);
            }
        }
        assert_eq!(sent, [(60, 60), (30, 30), (14, 14), (7, 7), (1, 1), (-1, EXPIRED)]);
        assert_eq!(due_reminder(5, None), Some(7));
        assert_eq!(due_reminder(5, Some(60)), Some(7));
        assert_eq!(due_reminder(5, Some(7)), None);
        assert_eq!(due_reminder(61, None), None);
    }
}
