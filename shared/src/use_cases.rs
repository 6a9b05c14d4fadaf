//! Operations over several adapters that functions share.

pub mod app_check;
pub mod token_refresh;
