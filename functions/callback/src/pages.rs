//! Pages for recruiters and administrators.

pub(crate) mod help;
pub(crate) mod result;
