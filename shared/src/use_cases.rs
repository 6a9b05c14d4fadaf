//! Operations that need more than one adapter and that functions share.

pub mod app_check;
pub mod token_refresh;
