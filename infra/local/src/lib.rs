//! The whole product on one machine: the same routers as on AWS, in one process, on loopback.
//!
//! `cli` parses the command line, `deployment` starts everything, `scheduler` keeps connections alive, `event_loop` delivers events, `console` is a page
//! that plays the ATS, `journey` performs the whole journey without a browser. Console and journey use the product only
//! through its HTTP API (`ats_client`).

mod error_chain;
mod interview;
pub mod process_hardening;
mod redaction;
mod router;

mod api_key;
mod ats_client;
mod console;
mod data_folder;
mod event_loop;
mod scheduler;

pub mod deployment;

mod journey;

pub mod cli;

pub use event_loop::deliver_due;
pub use router::{app, routes};
