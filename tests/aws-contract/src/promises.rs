//! The promises, each tried in a folder of its own.

use std::any::Any;
use std::panic;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::secrets_manager::SecretsManagerBackend;

use crate::account::Account;
use crate::contract::{self, EndWindow, Subject};
use crate::record::{Kept, Outcome};

/// Where the promises are tried.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) account: Account,
    pub(crate) vault: SecretsManagerBackend,
    pub(crate) elsewhere: SecretsManagerBackend,
    pub(crate) region: String,
    /// What the names of this run begin with, ending in a slash.
    pub(crate) folder: String,
    /// How long lists may lag behind. AWS says five minutes (`ListSecrets`); seconds are usual.
    pub(crate) lag: Duration,
}

/// A promise, as a function of a fresh vault that says whether it had to do without a wait.
type Promise = fn(Subject) -> Pin<Box<dyn Future<Output = bool> + Send>>;

macro_rules! table {
    ($($promise:ident)*) => {
        /// All promises by name.
        pub(crate) const ALL: &[(&str, Promise)] = &[$((stringify!($promise), |at: Subject| Box::pin(async move {
            contract::$promise(&at).await;
            at.hurried.into_inner()
        }))),*];
    };
}
all_promises!(table);

/// Where a broken promise was broken, which its panic alone does not say.
static BROKEN_AT: Mutex<Option<String>> = Mutex::new(None);

/// Keeps broken promises off standard error; the record has them.
pub(crate) fn listen_for_broken_ones() {
    panic::set_hook(Box::new(|broken| {
        let place = broken.location().map(|place| format!("{}:{}", place.file(), place.line()));
        *BROKEN_AT.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = place;
    }));
}

impl Place {
    /// Tries one promise.
    pub(crate) async fn try_one(&self, name: &'static str, promise: Promise) -> Outcome {
        let begun = Instant::now();
        let kept = match tokio::spawn(promise(self.subject(name))).await {
            Ok(false) => Kept::Yes,
            Ok(true) => Kept::WithoutTheWait,
            Err(error) if error.is_panic() => Kept::No(words(error.into_panic().as_ref())),
            Err(error) => Kept::No(error.to_string()),
        };
        Outcome { promise: name, kept, took: begun.elapsed() }
    }

    fn subject(&self, promise: &str) -> Subject {
        let (account, region) = (self.account.clone(), self.region.clone());
        let end_window: EndWindow = Box::new(move |name| {
            let (account, region) = (account.clone(), region.clone());
            Box::pin(async move { forgotten(&account, &region, &name).await })
        });
        let (vault, elsewhere) = (self.vault.clone(), self.elsewhere.clone());
        Subject {
            end_window: Some(end_window),
            folder: format!("{}{promise}/", self.folder),
            lag: self.lag,
            ..Subject::alone(Backend::SecretsManager(vault), Backend::SecretsManager(elsewhere), ())
        }
    }

    /// Deletes for good what this run made, as far as lists show it.
    ///
    /// Returns what is left.
    pub(crate) async fn swept(&self, regions: [&str; 2]) -> Vec<String> {
        let mut left = Vec::new();
        tokio::time::sleep(self.lag).await;
        for region in regions {
            // Two pages at most would do; a list that lags behind shows some names again.
            for _ in 0..5 {
                let names = self.account.names(region, &self.folder).await.unwrap_or_default();
                for name in &names {
                    if let Err(error) = self.account.forget(region, name).await {
                        left.push(format!("{name} in {region}: {error}"));
                    }
                }
                if names.is_empty() {
                    break;
                }
            }
        }
        left
    }
}

/// Deletes a secret for good and waits until its name is unknown: the deletion is asynchronous (`DeleteSecret`).
async fn forgotten(account: &Account, region: &str, name: &str) {
    const TRIES: u32 = 30;
    if let Err(error) = account.forget(region, name).await {
        panic::resume_unwind(Box::new(format!("the end of the window could not be brought about: {error}")));
    }
    for _ in 0..TRIES {
        match account.names(region, name).await {
            Ok(names) if names.iter().all(|other| other != name) => return,
            _ => tokio::time::sleep(Duration::from_secs(1)).await,
        }
    }
}

fn words(payload: &(dyn Any + Send)) -> String {
    let said = payload.downcast_ref::<String>().cloned();
    let said = said.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
    let place = BROKEN_AT.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    place.map_or_else(|| said.clone(), |place| format!("{said} ({place})"))
}
