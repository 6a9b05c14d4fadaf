//! Rules without I/O, HTTP or AWS. They take `now` and `&Randomness` as arguments.

pub mod api_key;
pub mod audit;
pub mod connection;
pub mod entra_app;
pub mod event;
pub mod finding;
pub mod issuer;
pub mod meeting;
pub mod sign_in;
pub mod support_link;
