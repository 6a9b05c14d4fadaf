//! The contact of a customer, in an entry of the customer's own.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::entra_app::Contact;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

/// Without a contact it is of no use any more.
#[derive(Serialize, Deserialize)]
struct ContactDocument {
    customer: CustomerId,
    tenure: Timestamp,
    contact: Option<Contact>,
}

/// The contact that a customer left in this tenure; `None` if there is none.
///
/// # Errors
/// `Corrupt` for what is another customer's, or no such entry.
pub(in crate::adapters::vault) fn read_contact(
    node: &Node<'_>,
    key: &str,
    (customer, tenure): (&CustomerId, Timestamp),
) -> Result<Option<Contact>, VaultError> {
    let Some(entry) = node.entry(key) else { return Ok(None) };
    // Why it cannot be read is not told: that could quote the address.
    let read: Option<ContactDocument> = serde_json::from_str(entry.get()).ok();
    let Some(read) = read.filter(|read| read.customer == *customer) else {
        let what = "it belongs to somebody else, or has another shape";
        return Err(VaultError::Corrupt { name: format!("the contact of {customer}"), what });
    };
    Ok(read.contact.filter(|_| read.tenure == tenure))
}

pub(in crate::adapters::vault) fn write_contact(
    key: &str,
    (customer, tenure): (&CustomerId, Timestamp),
    contact: Option<Contact>,
) -> Result<EntryWrite, VaultError> {
    EntryWrite::new(key, &ContactDocument { customer: customer.clone(), tenure, contact }, None)
}

/// Whether an entry is one of a contact, without a contact.
pub(in crate::adapters::vault) fn is_ended_contact(entry: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct EndedDocument {
        contact: serde_json::Value,
    }
    serde_json::from_str(entry.get()).is_ok_and(|EndedDocument { contact }| contact.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_entry_that_had_a_contact_is_one_that_ended() {
        let entry = |content: serde_json::Value| RawValue::from_string(content.to_string()).unwrap();
        assert!(is_ended_contact(&entry(serde_json::json!({ "customer": "kadry", "contact": null }))));
        for other in [serde_json::json!({ "customer": "kadry", "contact": "it@kadry.example" }), serde_json::json!({})]
        {
            assert!(!is_ended_contact(&entry(other.clone())), "{other}");
        }
    }
}
