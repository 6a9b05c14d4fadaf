//! The contact of a customer, in an entry of the customer's own.

use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::customer_entry::{read_customer_entry, write_customer_entry};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::entra_app::Contact;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

/// Without a contact it is of no use any more.
#[derive(Serialize, Deserialize)]
struct ContactDocument {
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
    let read: Option<ContactDocument> = read_customer_entry(node, key, customer, "the contact")?;
    Ok(read.filter(|read| read.tenure == tenure).and_then(|read| read.contact))
}

pub(in crate::adapters::vault) fn write_contact(
    key: &str,
    (customer, tenure): (&CustomerId, Timestamp),
    contact: Option<Contact>,
) -> Result<EntryWrite, VaultError> {
    write_customer_entry(key, customer, ContactDocument { tenure, contact })
}
