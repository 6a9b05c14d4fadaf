//! The shape of the contents of secrets: the only place where it is spelled.
//!
//! Every content says what it is and whose, and both are compared after it was read: a secret that was swapped for
//! another is `Corrupt`, not somebody else's meeting. Unknown fields are passed over, so that a version of this
//! software can read what its successor wrote.

mod app;
mod connection;
mod deployment_keys;
mod hand_overs;
mod json;

pub(super) use app::{
    read_app, read_pending_key_pair, write_app, write_claim, write_consumed_key_pair, write_pending_key_pair,
};
pub(super) use connection::{Disconnection, read_connection, write_connection, write_disconnection};
pub(super) use deployment_keys::{
    read_api_keys, read_link_key, read_sealing_key, write_api_keys, write_link_key, write_sealing_key,
};
pub(super) use hand_overs::{read_hand_overs, write_hand_overs};
pub(super) use json::corrupt_document;
