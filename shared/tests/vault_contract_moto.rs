//! The promises of the vault, kept by the backend of AWS against a server process that plays Secrets Manager; where the
//! server is not what the API reference says, `moto/departures.rs` says so, and the test that it still is not.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy takes only what bears #[test] for a test, and here that is a macro's"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shared::adapters::vault::backend::Backend;

#[macro_use]
mod contract;
mod moto;

use contract::{EndWindow, Subject};
use moto::Moto;
use moto::departures::{DEPARTURES, Departure, Test};

/// A vault in a region of its own.
fn subject() -> Subject {
    static REGIONS: AtomicUsize = AtomicUsize::new(1);
    let moto = Moto::running();
    let region = format!("promise-{}", REGIONS.fetch_add(1, Ordering::Relaxed));
    let vault = Backend::SecretsManager(moto.vault(&region));
    let elsewhere = Backend::SecretsManager(moto.vault(&format!("{region}-elsewhere")));
    let server = Arc::clone(&moto);
    let end_window: EndWindow = Box::new(move |name| Box::pin(Arc::clone(&server).forget(region.clone(), name)));
    Subject { end_window: Some(end_window), ..Subject::alone(vault, elsewhere, moto) }
}

/// Compares what became of a promise, and whether it had to do without a wait, with what the table says of it.
async fn judge(promise: &str, kept: impl Future<Output = bool> + Send + 'static) {
    let departure = DEPARTURES.iter().find(|departure| departure.promise == promise);
    match (tokio::spawn(kept).await, departure) {
        (Ok(false), None) | (Ok(true), Some(Departure { test: Test::Hurried, .. })) => {}
        (Ok(true), None) => panic!("it did without a wait, and the table does not say so"),
        (Ok(_), Some(Departure { moto, .. })) => panic!("strike it from the table: moto no longer does this: {moto}"),
        (Err(error), Some(Departure { moto, reference, test: Test::FailsWith(words), .. })) => {
            let panic = error.into_panic();
            let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            assert!(said.contains(words), "it failed, but not because of this: {moto} ({reference}): {said}");
        }
        (Err(error), _) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Each promise becomes one test.
macro_rules! promises {
    ($($promise:ident)*) => {
        const PROMISES: &[&str] = &[$(stringify!($promise)),*];

        $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $promise() {
            let kept = async {
                let at = subject();
                contract::$promise(&at).await;
                at.hurried.into_inner()
            };
            judge(stringify!($promise), kept).await;
        })*
    };
}

all_promises!(promises);

#[test]
fn every_departure_is_from_a_promise() {
    for departure in &DEPARTURES {
        assert!(PROMISES.contains(&departure.promise), "{}", departure.promise);
    }
}
