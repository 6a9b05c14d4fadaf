//! A node that was listed: as much of it as it takes to reach it.

use crate::adapters::vault::model::{Arn, SecretName};
use crate::types::ids::CustomerId;

/// A node of a customer's, by what a list says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRef {
    /// Whose.
    pub customer: CustomerId,
    pub(in crate::adapters::vault) name: SecretName,
    pub(in crate::adapters::vault) arn: Arn,
    /// The first hash that it is for.
    pub(in crate::adapters::vault) from: u64,
}
