//! The pages that recruiters and administrators see.

pub(crate) mod help;
pub(crate) mod result;
