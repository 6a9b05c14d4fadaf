//! What could happen to connections, played through in one process.
//!
//! The product's own `Renewal`, `Connections`, Entra door and vault in memory run here; played are the network, the
//! clock and chance. A *schedule* is one run of a handful of writers in one random order: whoever's turn it is goes on to
//! its next await, and between two turns a process may die, an answer be lost, a replica lag behind, a session be
//! revoked, a minute pass. After every turn the laws of [`witness`] must hold. One number, the seed, makes a schedule, so
//! whatever breaks a law can be played again.

#![expect(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::unwrap_used,
    reason = "a schedule that cannot be set up should say where"
)]

pub mod chance;
pub mod entra;
pub mod queue;
pub mod rogue;
pub mod run;
pub mod schedule;
pub mod witness;
pub mod world;
pub mod writer;
