//! The log: one JSON line an event on AWS, readable lines on one machine. `RUST_LOG` chooses what is logged, except for
//! the audit trail, which always is.
//!
//! Fields that the rest of this software writes: `method`, `route`, `status`, `code`, `cause`, `trace_id`, `customer`,
//! `user`, `sign_in`, `error`, `microsoft_request_id`, and those of [`audit`]. None of them holds a secret or the path of
//! a link.

use tracing::{Dispatch, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::audit;
use crate::config::Strings;

fn filter(strings: &dyn Strings) -> EnvFilter {
    let wish = strings.get("RUST_LOG").unwrap_or_default();
    let wish = format!("{wish},{}=info", audit::TARGET);
    EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(wish)
}

fn json<W>(strings: &dyn Strings, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let log = tracing_subscriber::fmt().json().flatten_event(true).without_time().with_span_list(false);
    log.with_env_filter(filter(strings)).with_writer(writer).finish()
}

/// Begins to log as AWS wants it: JSON lines on standard output. AWS adds the time.
pub fn start_json(strings: &dyn Strings) {
    // A second start, as in a test, leaves the first in place.
    drop(tracing::subscriber::set_global_default(json(strings, std::io::stdout)));
}

/// The same log, written elsewhere: for tests that read it.
pub fn json_to<W>(strings: &dyn Strings, writer: W) -> Dispatch
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    Dispatch::new(json(strings, writer))
}

/// Begins to log for a person at a terminal, on standard error.
pub fn start_readable(strings: &dyn Strings) {
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).without_time().with_target(false);
    drop(log.with_env_filter(filter(strings)).try_init());
}
