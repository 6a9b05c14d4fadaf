//! Each module talks to one outside system: Microsoft, the vault. They do not import each other.

pub mod http_client;
pub mod microsoft;
pub mod vault;
