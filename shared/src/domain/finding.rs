//! Findings: everything that can be wrong with an app, a sign-in or an account.

mod aadsts;
mod aadsts_number;
mod kind;
mod messages;
mod model;

pub(crate) use aadsts_number::leading_number;
pub use aadsts_number::parse_aadsts;
pub use kind::{Actor, FindingKind, FormField, Message, Severity};
pub use model::{Evidence, Finding, first_of, from_codes};
