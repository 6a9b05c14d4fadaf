//! What every backend of the vault promises, each promise kept by each backend that needs nothing but this process.
#![expect(clippy::unwrap_used, reason = "clippy takes only what bears #[test] for a test, and here that is a macro's")]

use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::types::clock::{Clock, Timestamp};
use shared::types::randomness::Randomness;

#[macro_use]
mod contract;

use contract::Subject;

fn noon() -> Clock {
    Clock::frozen_at("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap())
}

fn in_memory() -> Subject {
    let clock = noon();
    let [vault, elsewhere] = [1, 2].map(|seed| MemoryBackend::new(clock.clone(), Randomness::seeded(seed)));
    let (vault, elsewhere) = (Backend::Memory(vault), Backend::Memory(elsewhere));
    Subject { clock: Some(clock), ..Subject::alone(vault, elsewhere, ()) }
}

#[cfg(feature = "local")]
fn in_a_folder() -> Subject {
    let clock = noon();
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [vault, elsewhere] = folders.each_ref().map(|folder| {
        let vault = shared::adapters::vault::backend::local::LocalBackend::open(
            folder.path(),
            clock.clone(),
            Randomness::system(),
        )
        .unwrap();
        Backend::Local(vault)
    });
    Subject { clock: Some(clock), ..Subject::alone(vault, elsewhere, folders) }
}

/// Each promise becomes one test for each backend.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() { crate::contract::$promise(&super::in_memory()).await })*
        }
        #[cfg(feature = "local")]
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $promise() { crate::contract::$promise(&super::in_a_folder()).await })*
        }
    };
}

all_promises!(promises);
