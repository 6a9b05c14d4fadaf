//! The secrets of a run, looked for in everything that the product says to the ATS, to browsers and to whoever speaks HTTP
//! by hand, in what it logs, and in the words of its panics. So every journey is a search for leaks.
//!
//! Secret is what was handed over as one, every API key, the deployment's own keys, what Microsoft issued, which is codes,
//! access tokens, refresh tokens and ID tokens; and any private key. What we sealed is none: it says nothing to whoever has
//! it.

use std::collections::HashSet;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::{LazyLock, Mutex, MutexGuard, Once, PoisonError};

use microsoft_simulator::{IssuedSecrets, Simulator};
use shared::startup::telemetry;
use url::Url;
use uuid::Uuid;

/// So many characters of a secret in a row are part of it and no coincidence. What is shorter is not looked for.
const PIECE: usize = 16;

/// So begins every private RSA key in PKCS#8 (RFC 5958) and base64, after its length. None is handed out by anybody: those
/// of certificates are made by the product, and stay there.
const PRIVATE_KEY: &str = "IBADANBgkqhkiG9w0BAQEFAASC";

static WATCH: LazyLock<Mutex<LeakDetector>> = LazyLock::new(Mutex::default);

/// What is known of all runs in this process.
#[derive(Default)]
struct LeakDetector {
    known: HashSet<String>,
    pieces: HashSet<[u8; PIECE]>,
    issuers: Vec<IssuedSecrets>,
    /// Whoever speaks there is Microsoft, who may tell a browser its code.
    microsoft: HashSet<String>,
    /// What was found where nobody could be told at once.
    found: Vec<String>,
}

impl LeakDetector {
    fn know(&mut self, secret: &str) {
        // The id of a secret is pasted in its place now and then, and is none.
        if Uuid::try_parse(secret).is_err() && self.known.insert(secret.to_owned()) {
            self.pieces.extend(pieces_of(secret));
        }
    }

    fn search(&mut self, text: &str) -> bool {
        let issued: Vec<String> = self.issuers.iter().flat_map(IssuedSecrets::all).collect();
        for secret in &issued {
            self.know(secret);
        }
        let holds = |text: &str| pieces_of(text).any(|piece| self.pieces.contains(&piece));
        let tells = |text: &str| text.contains(PRIVATE_KEY) || holds(text);
        tells(text) || text.contains('%') && tells(&decoded(text))
    }
}

fn lock() -> MutexGuard<'static, LeakDetector> {
    WATCH.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pieces_of(text: &str) -> impl Iterator<Item = [u8; PIECE]> {
    text.as_bytes().windows(PIECE).filter_map(|window| window.try_into().ok())
}

/// As it reads once a percent sign and two digits are one character again.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// From now on this is looked for.
pub fn submitted(secret: &str) {
    lock().know(secret);
}

/// From now on what this Microsoft issues is looked for, but not in what is said at its own addresses.
pub(crate) fn issued_by(microsoft: &Simulator, addresses: &[&str]) {
    watch_log_and_panics();
    let mut watch = lock();
    watch.issuers.retain(|issuer| !issuer.all().is_empty());
    watch.issuers.push(microsoft.secrets());
    watch.microsoft.extend(addresses.iter().map(|address| host_of(address)));
}

/// Somebody was told this at an address.
///
/// # Panics
/// When a secret is in it, or was found before where nobody could be told.
pub fn heard(address: &str, answer: &str) {
    let mut watch = lock();
    let leaks = !watch.microsoft.contains(&host_of(address)) && watch.search(answer);
    let found = std::mem::take(&mut watch.found);
    drop(watch);
    assert!(!leaks, "a secret is in what was answered by {address}:\n{answer}");
    assert!(found.is_empty(), "secrets are in\n{}", found.join("\n"));
}

fn host_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    Url::parse(&format!("http://{rest}")).map_or_else(|_| rest.to_owned(), |url| url.authority().to_owned())
}

/// Lines of the log, and a place for what is found in them: whoever logs must not panic for it.
struct CapturedLog;

impl Write for CapturedLog {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        note("a line of the log", &String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn note(what: &str, text: &str) {
    let mut watch = lock();
    if watch.search(text) {
        watch.found.push(format!("{what}: {text}"));
    }
}

/// Tests may say what they compared; everybody else's panics tell no secret.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or("", |location| location.file());
    if !place.contains("tests/") {
        note("a panic", panic.payload_as_str().unwrap_or_default());
    }
}

/// `RUST_LOG` shows the log instead, unless a test takes it for itself.
fn watch_log_and_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        drop(tracing::dispatcher::set_global_default(telemetry::json_dispatch(&|_: &str| None, || CapturedLog)));
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            note_panic(panic);
            before(panic);
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "kPz8Q~A.Secret_That-Is.Nobodys0";

    #[test]
    fn a_secret_is_seen_in_an_answer_in_the_log_and_in_a_panic_and_microsofts_answers_are_its_own() {
        watch_log_and_panics();
        submitted(SECRET);
        lock().microsoft.insert("microsoft.example".to_owned());
        let seen =
            |address: &'static str, answer: String| panic::catch_unwind(move || heard(address, &answer)).is_err();
        assert!(!seen("http://product.example/x", "well".to_owned()));
        for part in [SECRET, &SECRET[8..24], &SECRET.replace('~', "%7E"), "kPz8Q%7eA%2eSecret_That-"] {
            assert!(seen("http://product.example/x", format!("before {part} behind")), "{part}");
            assert!(seen("product.example", part.to_owned()), "{part}");
            assert!(!seen("http://microsoft.example/x?y=z", part.to_owned()), "{part}");
        }
        // The beginning of a key, and that of the public one (RFC 5280 §4.1.2.7), which is no secret.
        assert!(seen("http://product.example/x", "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSk".to_owned()));
        assert!(!seen("http://product.example/x", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC".to_owned()));
        tracing::info!("{SECRET}");
        assert!(seen("http://product.example/x", "well".to_owned()), "it was logged before");
        note("a panic", SECRET);
        assert!(seen("http://product.example/x", "well".to_owned()), "somebody panicked with it before");
        assert!(!seen("http://product.example/x", "well".to_owned()));
    }
}
