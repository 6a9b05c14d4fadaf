//! The pages for administrators. No page shows a submitted secret again.

pub(crate) mod admin_frame;
pub(crate) mod form;
pub(crate) mod home;
mod messages;
pub(crate) mod receipt;
