//! The pages for administrators. No page shows a submitted secret again.

pub(crate) mod form;
mod messages;
pub(crate) mod receipt;
pub(crate) mod render;
