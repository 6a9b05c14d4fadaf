//! The product's own code for what the requests of one process share, compiled a second time with locks that try out orders:
//! at each of them `shuttle` lets another thread go on, or does not. So this finds what no order of awaits shows, which is
//! what `tests/model` plays: a look and an act that are two.
//!
//! The files are the product's; what they import by `crate::` is here. Waiting for a seat is tokio's `Mutex` in both, which
//! knows no runtime.

#![cfg(test)]

use shared::{clock, ids};

/// The lock that tries out orders, by the product's name for it.
mod lock {
    pub(crate) use shuttle::sync::Mutex;
}

/// What the product's files know of the vault.
mod vault {
    pub(crate) use shared::vault::terms;
}

#[path = "../../../shared/src/renewal/flights.rs"]
mod flights;
#[path = "../../../shared/src/vault/kept.rs"]
mod kept;

mod orders;
mod threads;
