//! Errors as the API answers them (RFC 9457).

mod accounts;
#[cfg(feature = "openapi")]
mod code;
mod document;
mod from_errors;
mod kind;
mod messages;
mod model;
mod outcome;
mod recovery;

pub use accounts::{AccountDetails, AccountMismatch};
#[cfg(feature = "openapi")]
pub use code::Code;
pub use document::{FindingDocument, ProblemDocument};
pub use kind::ProblemKind;
pub use model::{FieldError, Problem};
pub use outcome::Outcome;
pub use recovery::{RecoveryBody, RecoveryRequest};
