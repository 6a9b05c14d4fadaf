//! Everything that leaves the product while a test looks: answers, whole, and lines of the log. And what of a secret
//! may be among it: its first three characters, which the portal goes on showing too.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::{Map, Value};
use shared::startup::telemetry;
use tracing::dispatcher::DefaultGuard;

/// As many characters of a secret in a row are part of it and no coincidence.
const PIECE: usize = 8;

/// The first characters that may be shown.
const BEGINNING: usize = 3;

/// What was written and answered so far.
#[derive(Clone, Default)]
pub struct Recording {
    log: Arc<Mutex<Vec<u8>>>,
    answers: Arc<Mutex<String>>,
}

impl Write for Recording {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.log.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Recording {
    /// Takes the log of this thread, as AWS gets it, until the guard is dropped. `wish` is `RUST_LOG`.
    pub fn take_log(&self, wish: &'static str) -> DefaultGuard {
        let sink = self.clone();
        let settings = move |name: &str| (name == "RUST_LOG").then(|| wish.to_owned());
        tracing::dispatcher::set_default(&telemetry::json_dispatch(&settings, move || sink.clone()))
    }

    /// The log, as it was written.
    pub fn log(&self) -> String {
        String::from_utf8(self.log.lock().unwrap().clone()).unwrap()
    }

    /// The lines of the log.
    pub fn lines(&self) -> Vec<Map<String, Value>> {
        self.log().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Every answer: its status, its headers, its body.
    pub fn answers(&self) -> String {
        self.answers.lock().unwrap().clone()
    }

    /// Notes every answer of these routes.
    pub(crate) fn beside(&self, routes: Router) -> Router {
        routes.layer(from_fn_with_state(self.clone(), note))
    }
}

async fn note(State(record): State<Recording>, request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let answer = [parts.status.as_str(), &format!("{:?}", parts.headers), &text, ""].join("\n");
    record.answers.lock().unwrap().push_str(&answer);
    Response::from_parts(parts, Body::from(bytes))
}

/// Secrets, cut into pieces that can be looked for.
pub struct Canaries {
    pieces: HashSet<Vec<u8>>,
    beginnings: Vec<String>,
}

impl Canaries {
    /// Of these secrets. What is shorter than a piece is one.
    pub fn of<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let (mut pieces, mut beginnings) = (HashSet::new(), Vec::new());
        for secret in secrets.into_iter().filter(|secret| secret.len() > BEGINNING) {
            pieces.extend(secret.as_bytes().windows(PIECE).map(<[u8]>::to_vec));
            // One character more than may be shown; a tilde there is in no token and no id, so this is no coincidence.
            let beginning = secret.get(..=BEGINNING).filter(|beginning| beginning.ends_with('~'));
            beginnings.extend(beginning.map(str::to_owned));
        }
        Self { pieces, beginnings }
    }

    /// The line of a text in which more of a secret stands than may be shown.
    pub fn seen_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.lines().find(|line| {
            line.as_bytes().windows(PIECE).any(|piece| self.pieces.contains(piece))
                || self.beginnings.iter().any(|beginning| line.contains(beginning))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_three_characters_of_a_secret_are_seen_wherever_they_stand() {
        let canaries = Canaries::of(["kP5~8Qz-Xw3vRt", "e27c5b90-6a1d-4d8e-a3f4-95b0c7d8e612"]);
        for text in ["kP5", "kP5…", "8Qz-Xw3", "e27c5b9", "95b0c7d"] {
            assert_eq!(canaries.seen_in(text), None, "{text}");
        }
        for text in ["kP5~8Qz-Xw3vRt", "kP5~", "…8Qz-Xw3v…", "e27c5b90", "c7d8e612"] {
            assert!(canaries.seen_in(&format!("well\nbefore {text} behind\nwell")).is_some(), "{text}");
        }
    }
}
