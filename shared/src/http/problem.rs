//! Errors as the API answers them (RFC 9457).

mod accounts;
mod document;
pub mod from_errors;
mod messages;
mod model;
mod outcome;

pub use accounts::{AccountDetails, AccountMismatch};
pub use document::{FindingDocument, ProblemDocument};
pub use model::{FieldError, Problem, ProblemKind};
pub use outcome::{Outcome, RecoveryRequest};
