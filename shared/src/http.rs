//! What all HTTP responses of ours share.

pub mod accept;
pub mod accept_language;
pub mod api_key_auth;
pub mod branding;
pub mod client_network;
pub mod connection_document;
pub mod consent_document;
pub mod extract;
pub mod html;
mod json_error;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod problem;
mod request_id;
pub mod routes;
pub mod same_origin;
pub mod sign_in_cookie;
pub mod stack;
pub mod urlencoded;
