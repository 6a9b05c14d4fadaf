//! What all HTTP responses of ours share.

pub mod accept_language;
pub mod api_key_auth;
pub mod client_network;
pub mod extract;
pub mod html;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod same_origin;
pub mod sign_in_cookie;
pub mod stack;
pub mod urlencoded;
