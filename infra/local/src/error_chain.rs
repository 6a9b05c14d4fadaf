//! An error and its causes.

use std::error::Error;

/// An error and all its causes in one line.
pub(crate) fn error_chain(error: &(dyn Error + 'static)) -> String {
    let errors = std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
