//! The door to the ATS and to people's browsers: what every HTTP answer of ours has in common.

pub mod accept_language;
pub mod api_key_auth;
pub mod extract;
pub mod html;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod problem;
pub mod sign_in_cookie;
pub mod stack;
pub mod urlencoded;

pub mod client_network;
