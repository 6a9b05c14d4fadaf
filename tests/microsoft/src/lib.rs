//! A strict stand-in for Microsoft Entra ID v2 and Microsoft Graph online meetings.
//!
//! It answers as Microsoft's published pages say Microsoft answers, refuses what they say
//! is refused, and lets things go wrong on demand. It listens on loopback only, keeps
//! everything in memory and has a clock of its own. Nothing in it is secret: keys and
//! client secrets are fixtures.

mod about;
mod clock;
mod control;
pub mod demo;
mod directory;
mod entra;
mod event;
mod exchange;
mod fault;
mod graph;
mod journal;
mod keys;
mod listener;
mod operation;
mod randomness;
mod simulator;
mod words;
mod world;

/// The shape of an online meeting, to be compared with Microsoft's description.
pub mod contract {
    pub use crate::graph::contract::{Access, CREATE_OR_GET, Enumeration, Kind, ONLINE_MEETING, Property, Shape};
}

pub use directory::{App, Certificate, Directory, MfaDemand, Secret, Tenant, User};
pub use event::{Event, NoSuchSubject};
pub use fault::{Effect, Fault, Faults, Forgery};
pub use graph::meeting::MeetingRecord;
pub use journal::RecordedRequest;
pub use operation::Operation;
pub use simulator::{Settings, Simulator};
pub use world::Secrets;
