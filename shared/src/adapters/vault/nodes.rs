//! Many recruiters in one secret: the nodes of a tree, of which a small customer has only the root.

pub(super) mod node_ref;
pub(super) mod node_store;
pub(super) mod node_tags;
pub(super) mod node_tree;
pub(super) mod node_write;
pub(super) mod tries;
pub(super) mod write_budget;
