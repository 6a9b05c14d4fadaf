//! A strict simulator of Microsoft Entra ID v2 and Microsoft Graph online meetings.
//!
//! It responds as Microsoft's published pages describe, rejects what they say is rejected, and
//! fails on demand. It listens on loopback only, keeps everything in memory and has its own
//! clock. It holds no real secret: keys and client secrets are fixtures.

mod clock;
mod control;
pub mod demo;
mod directory;
mod directory_event;
mod entra;
mod fault_rules;
mod federated_credential;
mod graph;
mod http_message;
mod issuer_keys;
mod keys;
mod listener;
mod operation;
mod page_messages;
mod randomness;
mod request_log;
mod simulator;
mod start_page;
mod state;

/// The schema of an online meeting, to be compared with Microsoft's description.
pub mod contract {
    pub use crate::graph::schema::{
        CREATE_OR_GET, ONLINE_MEETING, ObjectProperty, ObjectType, PropertyAccess, PropertyEnum, PropertyType,
    };
}

pub use directory::{
    Directory, MfaChallenge, SimulatedApp, SimulatedCertificate, SimulatedClientSecret, SimulatedTenant, SimulatedUser,
};
pub use directory_event::{DirectoryEvent, DirectoryEventError};
pub use fault_rules::{FaultEffect, FaultRule, FaultRules, IdTokenForgery};
pub use federated_credential::SimulatedFederatedCredential;
pub use graph::meeting::MeetingRecord;
pub use operation::Operation;
pub use request_log::RecordedRequest;
pub use simulator::{Simulator, SimulatorSettings};
pub use state::IssuedSecrets;
