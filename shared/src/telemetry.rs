//! The log: one JSON line an event on AWS, readable lines on one machine. `RUST_LOG` chooses what is logged.
//!
//! Fields that the rest of this software writes: `method`, `route`, `status`, `code`, `cause`, `trace_id`, `customer`,
//! `user`, `sign_in`, `error`, `microsoft_request_id`. None of them holds a secret or the path of a link.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::Strings;

fn filter(strings: &dyn Strings) -> EnvFilter {
    let wish = strings.get("RUST_LOG").unwrap_or_default();
    EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(wish)
}

/// Begins to log as AWS wants it: JSON lines on standard output. AWS adds the time.
pub fn start_json(strings: &dyn Strings) {
    let log = tracing_subscriber::fmt().json().flatten_event(true).without_time().with_current_span(false);
    // A second start, as in a test, leaves the first in place.
    drop(log.with_env_filter(filter(strings)).try_init());
}

/// Begins to log for a person at a terminal, on standard error.
pub fn start_readable(strings: &dyn Strings) {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).without_time().with_target(false);
    drop(log.with_env_filter(filter(strings)).try_init());
}
