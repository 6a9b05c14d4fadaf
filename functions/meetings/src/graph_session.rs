//! Calls to Graph for one recruiter.

mod operations;
mod session;

pub(crate) use session::{GraphCallError, GraphSession};
