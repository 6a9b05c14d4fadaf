//! What the product believes of Microsoft Entra and Microsoft Graph, and what they do.
//!
//! Each belief is a sentence, the page of Microsoft's or the public issue that it comes from, and a request. The same
//! beliefs are tried at a real tenant and, in the test run, at the simulator: so the simulator is held to what the product
//! believes, and a run at a tenant shows where both are wrong. No outcome holds a secret, a name or an id.

pub mod belief;
pub mod browser;
mod by_hand;
mod entra;
mod graph;
pub mod http;
mod id_token;
pub mod report;
pub mod session;
mod sign_in;
mod table;

pub use by_hand::{BY_HAND, ByHand};
pub use table::ALL;
