//! What our issuer calls a customer, in an entry of the customer's own.

use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::customer_entry::{read_customer_entry, write_customer_entry};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::entra_app::FederatedSubject;
use crate::types::ids::CustomerId;

/// Without a subject it says that there was one, and goes with the next write.
#[derive(Serialize, Deserialize)]
struct FederatedSubjectDocument {
    federated_subject: Option<FederatedSubject>,
}

/// What our issuer calls a customer; `None` if it has no name for it.
///
/// # Errors
/// `Corrupt` for what is another customer's, or no such entry.
pub(in crate::adapters::vault) fn read_federated_subject(
    node: &Node<'_>,
    key: &str,
    customer: &CustomerId,
) -> Result<Option<FederatedSubject>, VaultError> {
    let read: Option<FederatedSubjectDocument> = read_customer_entry(node, key, customer, "the subject")?;
    Ok(read.and_then(|read| read.federated_subject))
}

pub(in crate::adapters::vault) fn write_federated_subject(
    key: &str,
    customer: &CustomerId,
    federated_subject: Option<FederatedSubject>,
) -> Result<EntryWrite, VaultError> {
    write_customer_entry(key, customer, FederatedSubjectDocument { federated_subject })
}
