//! The shape of the contents of secrets: the only place where it is spelled.
//!
//! Every content says what it is and whose, and both are compared after it was read: a secret that was swapped for
//! another is `Corrupt`, not somebody else's meeting. Unknown fields are passed over, so that a version of this
//! software can read what its successor wrote.

pub(super) mod app;
pub(super) mod cancellations;
pub(super) mod connection;
pub(super) mod contacts;
pub(super) mod customer_entry;
mod deployment_keys;
pub(super) mod federated_subjects;
pub(super) mod hand_overs;
pub(super) mod intake_links;
mod issuer_keys;
mod json;
pub(super) mod node;
pub(super) mod told_events;
pub(super) mod withdrawn_links;

pub(super) use app::{read_app, read_pending_key_pair, write_app, write_consumed_key_pair, write_pending_key_pair};
pub(super) use deployment_keys::{read_api_keys, read_key, write_api_keys, write_key};
pub(super) use issuer_keys::{read_issuer_key, read_published_keys, write_issuer_key, write_published_keys};
pub(super) use json::corrupt_document;
