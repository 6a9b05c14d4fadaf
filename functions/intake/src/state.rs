//! Everything that the intake function may touch. The table in ARCHITECTURE.md lists the same types; a test compares them.

use shared::adapters::microsoft::entra::EntraClient;
use shared::adapters::vault::api_keys::ApiKeys;
use shared::adapters::vault::apps::AppWriter;
use shared::adapters::vault::issuer_keys::PublishedKeys;
use shared::adapters::vault::pending_key_pairs::PendingKeyPairs;
use shared::adapters::vault::sealing_keys::{IntakeLinkKeys, NextStepsKeys};
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::Clock;
use shared::types::rate_limiter::{IntakeLinkLimiter, LinkLimiter};
use shared::use_cases::app_check::AppChecker;

use crate::intake_events::IntakeEvents;

/// State of the intake function. Clones share it.
///
/// It can write the credentials of an app and cannot read them: [`AppWriter`] reads tags only.
#[derive(Clone, Debug)]
pub struct Intake {
    pub(crate) api_keys: ApiKeys,
    pub(crate) link_keys: IntakeLinkKeys,
    pub(crate) next_steps_keys: NextStepsKeys,
    pub(crate) apps: AppWriter,
    pub(crate) pending_key_pairs: PendingKeyPairs,
    pub(crate) published_keys: PublishedKeys,
    pub(crate) entra: EntraClient,
    pub(crate) app_checker: AppChecker,
    pub(crate) link_limiter: LinkLimiter,
    pub(crate) submission_limiter: IntakeLinkLimiter,
    pub(crate) events: IntakeEvents,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
}

impl Intake {
    /// Takes from the dependencies of the process only what this function needs.
    #[must_use]
    pub fn new(dependencies: &Dependencies) -> Self {
        Self {
            api_keys: dependencies.vault.api_keys(),
            link_keys: dependencies.vault.intake_link_keys(),
            next_steps_keys: dependencies.vault.next_steps_keys(),
            apps: dependencies.vault.app_writer(),
            pending_key_pairs: dependencies.vault.pending_key_pairs(dependencies.settings.branding.app_name()),
            published_keys: dependencies.vault.published_keys(),
            entra: dependencies.entra(),
            app_checker: dependencies.app_checker(),
            link_limiter: LinkLimiter::new(dependencies.clock.clone()),
            submission_limiter: IntakeLinkLimiter::new(dependencies.clock.clone()),
            events: IntakeEvents::new(
                dependencies.vault.event_publisher(),
                dependencies.vault.app_writer(),
                dependencies.clock.clone(),
            ),
            clock: dependencies.clock.clone(),
            settings: dependencies.settings.clone(),
        }
    }
}
