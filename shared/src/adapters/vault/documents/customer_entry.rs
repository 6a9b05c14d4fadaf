//! An entry among the claims that is a customer's own: whose it is, and one thing about the customer.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::model::VaultError;
use crate::types::ids::CustomerId;

/// What an entry is about that is over: the member stays, without a value, until the next write.
const MEMBERS_THAT_END: [&str; 2] = ["contact", "federated_subject"];

#[derive(Serialize, Deserialize)]
struct CustomerEntry<T> {
    customer: CustomerId,
    #[serde(flatten)]
    content: T,
}

/// What an entry of a customer says; `None` if there is none. `what` names it in an error.
///
/// # Errors
/// `Corrupt` for what is another customer's, or no such entry. Why it cannot be read is not told: that could quote it.
pub(super) fn read_customer_entry<T: DeserializeOwned>(
    node: &Node<'_>,
    key: &str,
    customer: &CustomerId,
    what: &str,
) -> Result<Option<T>, VaultError> {
    let Some(entry) = node.entry(key) else { return Ok(None) };
    let read: Option<CustomerEntry<T>> = serde_json::from_str(entry.get()).ok();
    match read.filter(|read| read.customer == *customer) {
        Some(read) => Ok(Some(read.content)),
        None => Err(foreign_entry(customer, what)),
    }
}

/// The error for an entry that is not this customer's, or no such entry.
pub(super) fn foreign_entry(customer: &CustomerId, what: &str) -> VaultError {
    VaultError::Corrupt {
        name: format!("{what} of {customer}"),
        what: "it belongs to somebody else, or has another shape",
    }
}

pub(super) fn write_customer_entry<T: Serialize>(
    key: &str,
    customer: &CustomerId,
    content: T,
) -> Result<EntryWrite, VaultError> {
    EntryWrite::new(key, &CustomerEntry { customer: customer.clone(), content }, None)
}

/// Whether an entry is about something that is over.
pub(in crate::adapters::vault) fn is_ended(entry: &RawValue) -> bool {
    let read: Value = serde_json::from_str(entry.get()).unwrap_or_default();
    MEMBERS_THAT_END.iter().any(|member| read.get(member).is_some_and(Value::is_null))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_entry_whose_member_has_no_value_is_one_that_ended() {
        let entry = |content: Value| RawValue::from_string(content.to_string()).unwrap();
        for member in MEMBERS_THAT_END {
            assert!(is_ended(&entry(serde_json::json!({ "customer": "kadry", member: null }))));
            assert!(!is_ended(&entry(serde_json::json!({ "customer": "kadry", member: "it@kadry.example" }))));
        }
        for other in [serde_json::json!({}), serde_json::json!({ "other": null }), serde_json::json!(5)] {
            assert!(!is_ended(&entry(other.clone())), "{other}");
        }
    }
}
