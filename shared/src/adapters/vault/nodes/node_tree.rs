//! Which tree a node belongs to: what lies in it, and whose.

use ring::digest;

use crate::adapters::vault::model::SecretName;
use crate::adapters::vault::secret_names::SecretNames;
use crate::types::ids::CustomerId;

/// A tree of nodes. It belongs to one customer, or, as the claims do, to the deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::adapters::vault) enum NodeTree {
    /// The connections of a customer's recruiters.
    Connections(CustomerId),
    /// The interviews that a customer's recruiters handed to others.
    HandOvers(CustomerId),
    /// Who works with the apps whose hash begins with this byte, and likewise which customers' intake links are withdrawn.
    Claims(u8),
}

impl NodeTree {
    /// The word for it, in contents and tags.
    pub(in crate::adapters::vault) fn kind(&self) -> &'static str {
        match self {
            Self::Connections(_) => "connections",
            Self::HandOvers(_) => "hand-overs",
            Self::Claims(_) => "claims",
        }
    }

    pub(in crate::adapters::vault) fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Connections(customer) | Self::HandOvers(customer) => Some(customer),
            Self::Claims(_) => None,
        }
    }

    pub(in crate::adapters::vault) fn root(&self, names: &SecretNames) -> SecretName {
        match self {
            Self::Connections(customer) => names.connections(customer),
            Self::HandOvers(customer) => names.hand_overs(customer),
            Self::Claims(byte) => names.claims(*byte),
        }
    }

    /// More entries than this are split, however short they are.
    pub(in crate::adapters::vault) fn max_entries(&self) -> usize {
        if matches!(self, Self::Connections(_)) { 32 } else { usize::MAX }
    }

    /// Where an entry lies: the first 64 bits of a hash of whose it is.
    pub(in crate::adapters::vault) fn hash(&self, key: &str) -> u64 {
        let customer = self.customer().map(CustomerId::as_str).unwrap_or_default();
        let hash = digest::digest(&digest::SHA256, format!("teams-connect/shard/{customer}/{key}").as_bytes());
        hash.as_ref().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash decides in which secret a recruiter is looked for, so it never changes. The numbers are Python's.
    #[test]
    fn an_entry_lies_where_it_lay_in_every_version() {
        let connections = NodeTree::Connections("praca-24".parse().unwrap());
        assert_eq!(connections.hash("anna"), 2_273_926_172_316_535_279);
        assert_eq!(NodeTree::Claims(0xab).hash(&"ab".repeat(32)), 13_859_304_078_736_595_530);
    }
}
