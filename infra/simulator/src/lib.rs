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
    pub use crate::graph::contract::{
        CREATE_OR_GET, ONLINE_MEETING, ObjectProperty, ObjectType, PropertyAccess, PropertyEnum, PropertyType,
    };
}

pub use directory::{
    Directory, MfaChallenge, SimulatedApp, SimulatedCertificate, SimulatedClientSecret, SimulatedTenant, SimulatedUser,
};
pub use event::{DirectoryEvent, DirectoryEventError};
pub use fault::{FaultEffect, FaultRule, FaultRules, IdTokenForgery};
pub use graph::meeting::MeetingRecord;
pub use journal::RecordedRequest;
pub use operation::Operation;
pub use simulator::{Simulator, SimulatorSettings};
pub use world::IssuedSecrets;
