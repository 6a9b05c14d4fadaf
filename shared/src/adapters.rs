//! Each module talks to one outside system. `event_queue`, `microsoft`, `probe_function`, `vault` and `webhook` do not import each other.

pub mod event_queue;
pub mod http_client;
pub mod microsoft;
#[cfg(feature = "local")]
mod private_file;
#[cfg(feature = "aws")]
pub mod probe_function;
pub mod vault;
pub mod webhook;
