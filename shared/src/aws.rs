//! Start-up of a function on AWS Lambda.

use crate::clock::Clock;
use crate::config::{Environment, Settings, Strings};
use crate::microsoft::http;
use crate::parts::Parts;
use crate::randomness::Randomness;
use crate::telemetry;
use crate::vault::Vault;
use crate::vault::backend::Backend;
use crate::vault::secrets_manager::SecretsManager;

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// Settings are missing or wrong; all of them are named.
    #[error("{0}")]
    Settings(String),
    /// TLS could not be set up, which only a broken build can cause.
    #[error("there is no HTTP client")]
    NoHttp(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Begins to log, and makes everything that a function takes its parts from. Nothing is sent yet: what a request does
/// not need, no start pays for.
///
/// # Errors
/// [`StartFault`], which is logged.
pub fn parts() -> Result<Parts, StartFault> {
    telemetry::start_json(&Environment);
    assembled(&Environment)
        .inspect_err(|fault| tracing::error!(error = fault as &dyn std::error::Error, "the function cannot start"))
}

fn assembled(strings: &dyn Strings) -> Result<Parts, StartFault> {
    let http = http::client().map_err(StartFault::NoHttp)?;
    let settings = Settings::read(strings).map_err(|faults| faults.to_string());
    let opened = SecretsManager::open(&|name| strings.get(name), http.clone()).map_err(|faults| faults.to_string());
    let (settings, secrets) = match (settings, opened) {
        (Ok(settings), Ok(secrets)) => (settings, secrets),
        (settings, opened) => {
            let faults: Vec<String> = [settings.err(), opened.err()].into_iter().flatten().collect();
            return Err(StartFault::Settings(faults.join("; ")));
        }
    };
    let (clock, randomness) = (Clock::system(), Randomness::system());
    let backend = Backend::SecretsManager(secrets);
    let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone());
    Ok(Parts { settings, vault, http, clock, randomness })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faults_of_all_settings_are_told_at_once() {
        let fault = assembled(&|name: &str| (name == "AWS_REGION").then(|| "eu-central-1".to_owned())).unwrap_err();
        let text = fault.to_string();
        for name in ["PUBLIC_URL", "ATS_COMPLETION_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            assert!(text.contains(&format!("{name} is not set")), "{name}: {text}");
        }
    }

    #[test]
    fn the_settings_of_a_lambda_function_suffice() {
        let set = [
            ("PUBLIC_URL", "https://teams.ats.example"),
            ("ATS_COMPLETION_URL", "https://ats.example/done"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "canary"),
            ("AWS_SESSION_TOKEN", "canary"),
        ];
        let find = |name: &str| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let parts = assembled(&find).unwrap();
        assert!(!format!("{parts:?}").contains("canary"));
    }
}
