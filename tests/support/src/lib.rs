//! The whole product and Microsoft's simulator, each on a port of its own, and the three who use it: the ATS, an
//! administrator's and a recruiter's browser.

#![expect(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::return_self_not_must_use,
    clippy::unwrap_used,
    reason = "a journey that stumbles should say where"
)]

pub mod ats;
pub mod browser;
pub mod canary;
pub mod contract;
pub mod gate;
pub mod input;
pub mod product;
pub mod promise;
pub mod raw;
pub mod record;
pub mod trouble;
