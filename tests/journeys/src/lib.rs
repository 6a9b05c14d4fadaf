//! The whole product and Microsoft's simulator, each on a port of its own, and the three who use it: the ATS, an
//! administrator's and a recruiter's browser.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a journey that stumbles should say where")]

pub mod ats;
pub mod browser;
pub mod product;
