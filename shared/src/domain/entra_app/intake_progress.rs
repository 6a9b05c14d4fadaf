//! How far an administrator came with an intake link before anything was stored.

use serde::{Deserialize, Serialize};

use crate::domain::finding::FindingKind;
use crate::types::clock::Timestamp;

/// How far an administrator came with the last link that was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeProgress {
    /// When the form was first opened with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// What was last wrong with what was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<IntakeStop>,
}

/// What was wrong with submitted values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeStop {
    pub at: Timestamp,
    /// The code of the first finding.
    pub finding: String,
}

impl IntakeProgress {
    /// The progress when the form was opened, or `finding` kept its values from being stored, with a link of that time. `None`
    /// if nothing changes by it.
    #[must_use]
    pub fn after(&self, link_issued_at: Timestamp, finding: Option<&str>, now: Timestamp) -> Option<Self> {
        let is_of_link = self.opened_at.is_some_and(|opened_at| opened_at >= link_issued_at);
        let known = if is_of_link { self.clone() } else { Self { opened_at: Some(now), stopped: None } };
        let stopped = match finding {
            Some(code) if known.stopped.as_ref().is_none_or(|stop| stop.finding != code) => {
                Some(IntakeStop { at: now, finding: code.to_owned() })
            }
            _ => known.stopped.clone(),
        };
        let next = Self { stopped, ..known };
        (next != *self).then_some(next)
    }

    /// The same, if it is of a link that was opened after `submitted_at`: what was stored since is more than that.
    #[must_use]
    pub fn since(self, submitted_at: Timestamp) -> Option<Self> {
        self.opened_at.is_some_and(|opened_at| opened_at > submitted_at).then_some(self)
    }

    /// What was last wrong, if this version knows it, and when.
    #[must_use]
    pub fn finding(&self) -> Option<(FindingKind, Timestamp)> {
        let stop = self.stopped.as_ref()?;
        Some((FindingKind::from_code(&stop.finding)?, stop.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn progress_is_of_the_last_link_and_changes_only_by_news() {
        let opened = IntakeProgress::default().after(at(10), None, at(20)).unwrap();
        assert_eq!((opened.opened_at, opened.finding()), (Some(at(20)), None));
        assert_eq!(opened.after(at(10), None, at(30)), None);
        let stopped = opened.after(at(10), Some("secret_wrong"), at(30)).unwrap();
        assert_eq!((stopped.opened_at, stopped.finding()), (Some(at(20)), Some((FindingKind::SecretWrong, at(30)))));
        assert_eq!(stopped.after(at(10), Some("secret_wrong"), at(40)), None);
        assert_eq!(stopped.after(at(10), None, at(40)), None);
        let elsewhere = stopped.after(at(10), Some("tenant_missing"), at(40)).unwrap();
        assert_eq!(elsewhere.finding(), Some((FindingKind::TenantMissing, at(40))));
        let next_link = stopped.after(at(35), None, at(40)).unwrap();
        assert_eq!((next_link.opened_at, next_link.finding()), (Some(at(40)), None));
        assert_eq!(stopped.clone().since(at(19)), Some(stopped.clone()));
        assert_eq!(stopped.since(at(20)), None);
    }
}
