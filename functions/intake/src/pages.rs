//! The pages that administrators see.

pub(crate) mod form;
pub(crate) mod messages;
pub(crate) mod receipt;
