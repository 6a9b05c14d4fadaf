//! The log: one JSON line an event on AWS, readable lines on one machine. `RUST_LOG` chooses what is logged, except for
//! the audit trail, which always is.
//!
//! Fields that the rest of this software writes: `method`, `route`, `status`, `code`, `cause`, `trace_id`, `customer`,
//! `user`, `sign_in`, `error`, `microsoft_request_id`, and those of [`audit`]. None of them holds a secret or the path of
//! a link.

use tracing::{Dispatch, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::domain::audit;
use crate::startup::settings::EnvSource;

/// `RUST_LOG`: levels, and levels of targets, separated by commas. What is neither is passed over: a mistake there stops
/// no function. The form of it that also names spans would cost every start a compiler of regular expressions.
fn level_filter(strings: &dyn EnvSource) -> Targets {
    let wish = strings.get("RUST_LOG").unwrap_or_default();
    // Nothing at all, and a level of nothing, would be read as the wish for everything.
    let each = wish.split(',').map(str::trim).filter(|wish| !wish.trim_start_matches('=').is_empty());
    let each = each.filter_map(|wish| wish.parse::<Targets>().ok());
    let chosen = each.fold(Targets::new().with_default(LevelFilter::INFO), |all, wish| match wish.default_level() {
        Some(level) => all.with_default(level),
        None => all.with_targets(wish),
    });
    chosen.with_target(audit::AUDIT_TARGET, LevelFilter::INFO)
}

fn json<W>(strings: &dyn EnvSource, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt::layer().json().flatten_event(true).without_time().with_span_list(false).with_writer(writer);
    tracing_subscriber::registry().with(level_filter(strings)).with(lines)
}

/// Begins to log as AWS wants it: JSON lines on standard output. AWS adds the time.
pub fn init_json(strings: &dyn EnvSource) {
    // A second start, as in a test, leaves the first in place.
    drop(tracing::subscriber::set_global_default(json(strings, std::io::stdout)));
}

/// The same log, written elsewhere: for tests that read it.
pub fn json_dispatch<W>(strings: &dyn EnvSource, writer: W) -> Dispatch
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    Dispatch::new(json(strings, writer))
}

/// Begins to log for a person at a terminal, on standard error.
pub fn init_human_readable(strings: &dyn EnvSource) {
    let lines = fmt::layer().with_writer(std::io::stderr).without_time().with_target(false);
    drop(tracing_subscriber::registry().with(level_filter(strings)).with(lines).try_init());
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::Level;

    use super::*;

    #[test]
    fn a_wish_sets_the_level_of_all_or_of_a_target_and_nonsense_sets_none() {
        let logs = |wish: &'static str, target, level| {
            level_filter(&move |_: &str| Some(wish.to_owned())).would_enable(target, &level)
        };
        assert!(logs("", "shared", Level::INFO) && !logs("", "shared", Level::DEBUG));
        assert!(logs("warn,shared=debug", "shared::renewal", Level::DEBUG));
        assert!(!logs("warn,shared=debug", "meetings", Level::INFO));
        assert!(logs("shared=nonsense, ,=,meetings=warn", "shared", Level::INFO));
        assert!(!logs("shared=nonsense, ,=,meetings=warn", "meetings", Level::INFO));
    }

    #[test]
    fn no_wish_silences_the_audit_trail() {
        for wish in ["off", "error", "off,audit=off"] {
            let filter = level_filter(&move |_: &str| Some(wish.to_owned()));
            assert!(filter.would_enable(audit::AUDIT_TARGET, &Level::INFO), "{wish}");
        }
    }

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whatever_stands_in_it_a_line_of_the_log_is_one_line() {
        let written = Sink::default();
        let writer = written.clone();
        let log = json_dispatch(&|_: &str| None, move || writer.clone());
        // Entra's descriptions of errors have line ends in them, and anybody can send some.
        let forged = "denied\r\n{\"level\":\"ERROR\",\"audit\":\"offboard_customer\"}\u{2028}\u{1b}[2K";
        tracing::dispatcher::with_default(&log, || {
            tracing::info!(cause = forged, "{forged}");
            tracing::info!(target: audit::AUDIT_TARGET, key = forged);
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert_eq!((&lines[0]["cause"], &lines[1]["key"]), (&forged.into(), &forged.into()));
        assert!(lines.iter().all(|line| line["level"] == "INFO" && line["audit"].is_null()));
        assert!(!text.contains('\u{1b}') && !text.contains('\r'));
    }
}
