//! The door to the ATS and to people's browsers: what every HTTP answer of ours has in common.

pub mod body;
#[cfg(feature = "openapi")]
pub mod contract;
pub mod cookie;
pub mod front;
pub mod locale;
pub mod page;
pub mod parameters;
pub mod problem;
pub mod source;
