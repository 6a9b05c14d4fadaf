//! Each module talks to one outside system. `event_queue`, `microsoft`, `vault` and `webhook` do not import each other.

pub mod event_queue;
pub mod http_client;
pub mod microsoft;
#[cfg(feature = "local")]
mod private_file;
pub mod vault;
pub mod webhook;
