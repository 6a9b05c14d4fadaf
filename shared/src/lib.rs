//! What the four functions of Teams Connect have in common, as a ladder of five rungs.
//!
//! A module imports only from lower rungs: words, what they mean, the doors to the outside, what is
//! done through two of them at once, start-up. Read it in this
//! order; `ARCHITECTURE.md` has the map and `tests/architecture` keeps it true.

// Rung 0: words.
pub mod clock;
pub mod ids;
pub mod language;
mod lock;
pub mod randomness;
pub mod seal;
pub mod secret;
pub mod visible;

// Rung 1: meaning. No I/O, no HTTP, no AWS.
pub mod allowance;
pub mod audit;
pub mod caller;
pub mod connection;
pub mod entra_app;
pub mod finding;
pub mod meeting;
pub mod sign_in;

// Rung 2: doors.
pub mod microsoft;
pub mod vault;
pub mod web;

// Rung 3: acts that need two doors, and that two functions share.
pub mod admission;
pub mod doctor;
pub mod failure;
pub mod renewal;

// Rung 4: start-up.
#[cfg(feature = "aws")]
pub mod aws;
pub mod config;
pub mod parts;
pub mod telemetry;
