//! The log: one JSON line for each event on AWS, readable lines in the local deployment. `RUST_LOG` sets the levels, except for
//! the audit log, which is always written.
//!
//! Fields of the other lines: `method`, `route`, `status`, `code`, `cause`, `trace_id`, `customer`, `user`, `sign_in`, `error`,
//! `microsoft_request_id`; [`audit`] has its own. None of them has a secret or the path of a link.

use tracing::{Dispatch, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::domain::audit;
use crate::startup::settings::EnvSource;

/// The levels of `RUST_LOG`: one for all, and one for each target, separated by commas. Anything else is ignored, so a mistake
/// stops no function. Directives for spans are not supported: they would compile regular expressions at every start.
fn chosen_levels(env: &dyn EnvSource) -> Targets {
    let directives = env.get("RUST_LOG").unwrap_or_default();
    // An empty directive would mean every level.
    let each = directives.split(',').map(str::trim).filter(|directive| !directive.trim_start_matches('=').is_empty());
    let each = each.filter_map(|directive| directive.parse::<Targets>().ok());
    each.fold(Targets::new().with_default(LevelFilter::INFO), |all, parsed| match parsed.default_level() {
        Some(level) => all.with_default(level),
        None => all.with_targets(parsed),
    })
}

/// The levels of `RUST_LOG`, and the audit log whatever it says.
fn level_filter(env: &dyn EnvSource) -> Targets {
    chosen_levels(env).with_target(audit::AUDIT_TARGET, LevelFilter::INFO)
}

fn json<W>(env: &dyn EnvSource, writer: W) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt::layer().json().flatten_event(true).without_time().with_span_list(false).with_writer(writer);
    tracing_subscriber::registry().with(level_filter(env)).with(lines)
}

/// Starts the log for AWS: JSON lines on standard output. AWS adds the time.
pub fn init_json(env: &dyn EnvSource) {
    // A second call, as in tests, changes nothing.
    drop(tracing::subscriber::set_global_default(json(env, std::io::stdout)));
}

/// The same log with another writer, for tests that read it.
pub fn json_dispatch<W>(env: &dyn EnvSource, writer: W) -> Dispatch
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    Dispatch::new(json(env, writer))
}

/// Starts the log for a terminal, on standard error.
pub fn init_human_readable(env: &dyn EnvSource) {
    init_terminal(level_filter(env));
}

/// Starts the log of a demonstration, on standard error: the audit log is an ordinary target, which `RUST_LOG` can turn off.
pub fn init_demonstration(env: &dyn EnvSource) {
    init_terminal(chosen_levels(env));
}

fn init_terminal(filter: Targets) {
    let lines = fmt::layer().with_writer(std::io::stderr).without_time().with_target(false);
    drop(tracing_subscriber::registry().with(filter).with(lines).try_init());
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::Level;

    use super::*;

    #[test]
    fn a_directive_sets_the_level_of_all_or_of_a_target_and_others_are_ignored() {
        let logs = |directives: &'static str, target, level| {
            level_filter(&move |_: &str| Some(directives.to_owned())).would_enable(target, &level)
        };
        assert!(logs("", "shared", Level::INFO) && !logs("", "shared", Level::DEBUG));
        assert!(logs("warn,shared=debug", "shared::use_cases", Level::DEBUG));
        assert!(!logs("warn,shared=debug", "meetings", Level::INFO));
        assert!(logs("shared=nonsense, ,=,meetings=warn", "shared", Level::INFO));
        assert!(!logs("shared=nonsense, ,=,meetings=warn", "meetings", Level::INFO));
    }

    #[test]
    fn no_directive_disables_the_audit_log() {
        for directives in ["off", "error", "off,audit=off"] {
            let filter = level_filter(&move |_: &str| Some(directives.to_owned()));
            assert!(filter.would_enable(audit::AUDIT_TARGET, &Level::INFO), "{directives}");
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
    fn a_log_line_is_one_line_with_any_content() {
        let written = Sink::default();
        let writer = written.clone();
        let log = json_dispatch(&|_: &str| None, move || writer.clone());
        // Entra's error descriptions have line ends, and anybody can send one.
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
