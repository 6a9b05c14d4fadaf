//! The product's own code for what the requests of one process share, compiled a second time with locks that try out orders:
//! at each of them `shuttle` lets another thread go on, or does not. So this finds what no order of awaits shows, which is
//! what `tests/model` plays: a look and an act that are two.
//!
//! The files are the product's; what they import by `crate::` is here. Waiting is done by tokio's `Mutex` in both, which knows
//! no runtime.

#![cfg(test)]

/// What the product's files know of `types`; the lock is the one that tries out orders.
mod types {
    pub(crate) use shared::types::clock;

    pub(crate) mod lock {
        pub(crate) use shuttle::sync::Mutex;
    }
}

#[path = "../../../shared/src/types/keyed_mutex.rs"]
pub mod keyed_mutex;
#[path = "../../../shared/src/types/single_flight.rs"]
mod single_flight;

mod orders;
mod threads;
