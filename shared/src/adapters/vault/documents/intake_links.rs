//! What became of a customer's intake links, in an entry of the customer's own: when they were withdrawn, and how far an
//! administrator came with the last one. Links are not stored.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::customer_entry::{foreign_entry, read_customer_entry, write_customer_entry};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::{RECOVERY_WINDOW_DAYS, VaultError};
use crate::domain::entra_app::IntakeProgress;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::CustomerId;

/// What errors call it.
const WHAT: &str = "the intake links";

/// No intake link lives longer.
const INTAKE_LINK_TTL: SignedDuration = SignedDuration::from_hours(24 * RECOVERY_WINDOW_DAYS as i64);

/// What is known of a customer's intake links.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::adapters::vault) struct IntakeLinksEntry {
    /// Links that were made until then do not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::adapters::vault) links_withdrawn_at: Option<Timestamp>,
    #[serde(flatten)]
    pub(in crate::adapters::vault) progress: IntakeProgress,
}

impl IntakeLinksEntry {
    /// What there is, as far as a link from then could still work.
    ///
    /// # Errors
    /// `Corrupt` for what is another customer's, or no such entry.
    pub(in crate::adapters::vault) fn read(
        node: &Node<'_>,
        key: &str,
        customer: &CustomerId,
        now: Timestamp,
    ) -> Result<Self, VaultError> {
        let Some(read) = read_customer_entry::<Self>(node, key, customer, WHAT)? else { return Ok(Self::default()) };
        if read.last_change().is_none() {
            return Err(foreign_entry(customer, WHAT));
        }
        Ok(if read.lasts(now) { read } else { Self::default() })
    }

    pub(in crate::adapters::vault) fn to_write(
        &self,
        key: &str,
        customer: &CustomerId,
    ) -> Result<EntryWrite, VaultError> {
        write_customer_entry(key, customer, self)
    }

    fn last_change(&self) -> Option<Timestamp> {
        self.links_withdrawn_at.max(self.progress.opened_at)
    }

    fn lasts(&self, now: Timestamp) -> bool {
        self.last_change().is_some_and(|at| add_saturating(at, INTAKE_LINK_TTL) > now)
    }
}

/// Whether an entry is about intake links that cannot work any more.
pub(in crate::adapters::vault) fn is_outdated(entry: &RawValue, now: Timestamp) -> bool {
    let read: Option<IntakeLinksEntry> = serde_json::from_str(entry.get()).ok();
    read.is_some_and(|read| read.last_change().is_some() && !read.lasts(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_counts_as_long_as_links_from_before_it_could_work() {
        let entry = |content: serde_json::Value| RawValue::from_string(content.to_string()).unwrap();
        let at = |day: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
        let withdrawn = entry(serde_json::json!({ "customer": "kadry", "links_withdrawn_at": at(1) }));
        let opened = entry(serde_json::json!({ "customer": "kadry", "opened_at": at(1) }));
        let both = entry(serde_json::json!({ "customer": "kadry", "links_withdrawn_at": at(0), "opened_at": at(1) }));
        for entry in [withdrawn, opened, both] {
            assert_eq!([2, 30, 31].map(|day| is_outdated(&entry, at(day))), [false, false, true], "{entry}");
        }
        for other in
            [entry(serde_json::json!({ "customer": "kadry", "claimed_at": at(1) })), entry(serde_json::json!(5))]
        {
            assert!(!is_outdated(&other, at(99)), "{other}");
        }
    }
}
