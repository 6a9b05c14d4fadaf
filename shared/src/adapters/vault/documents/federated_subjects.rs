//! What our issuer calls a customer, in an entry of the customer's own.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::domain::entra_app::FederatedSubject;
use crate::types::ids::CustomerId;

/// Without a subject it says that there was one, and goes with the next write.
#[derive(Serialize, Deserialize)]
struct FederatedSubjectDocument {
    customer: CustomerId,
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
    let Some(entry) = node.entry(key) else { return Ok(None) };
    let read: Option<FederatedSubjectDocument> = serde_json::from_str(entry.get()).ok();
    let read = read.filter(|read| read.customer == *customer).map(|read| read.federated_subject);
    let what = "it belongs to somebody else, or has another shape";
    read.ok_or_else(|| VaultError::Corrupt { name: format!("the subject of {customer}"), what })
}

pub(in crate::adapters::vault) fn write_federated_subject(
    key: &str,
    customer: &CustomerId,
    federated_subject: Option<FederatedSubject>,
) -> Result<EntryWrite, VaultError> {
    EntryWrite::new(key, &FederatedSubjectDocument { customer: customer.clone(), federated_subject }, None)
}

/// Whether an entry is what is left of a subject.
pub(in crate::adapters::vault) fn is_forgotten_subject(entry: &RawValue) -> bool {
    #[derive(Deserialize)]
    struct Forgotten {
        /// The member is there, and it is null.
        federated_subject: Option<()>,
    }
    entry.get().contains("\"federated_subject\"")
        && serde_json::from_str(entry.get()).is_ok_and(|Forgotten { federated_subject }| federated_subject.is_none())
}
