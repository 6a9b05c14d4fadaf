//! Each module talks to one outside system. `microsoft` and `vault` do not import each other.

pub mod http_client;
pub mod microsoft;
pub mod vault;
