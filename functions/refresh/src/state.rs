//! What this function may touch.

use std::sync::Arc;

use shared::adapters::vault::api_keys::ApiKeys;
use shared::adapters::vault::apps::{AppClaims, AppReader, AppStatusWriter};
use shared::adapters::vault::connections::{Connections, SecretIndex};
use shared::adapters::vault::sealing_keys::{IntakeLinkKeys, SupportLinkKeys};
use shared::adapters::vault::webhook_keys::WebhookKeys;
use shared::adapters::webhook::WebhookClient;
use shared::domain::event::EventPublisher;
use shared::http::branding::Branding;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::ScheduleSettings;
use shared::types::base_url::BaseUrl;
use shared::types::clock::Clock;
use shared::types::rate_limiter::LinkLimiter;
use shared::use_cases::app_check::AppChecker;
use shared::use_cases::token_refresh::TokenRefresher;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Refresh {
    pub(crate) api_keys: ApiKeys,
    pub(crate) apps: AppReader,
    pub(crate) app_status: AppStatusWriter,
    pub(crate) app_claims: AppClaims,
    pub(crate) connections: Connections,
    pub(crate) secret_index: SecretIndex,
    pub(crate) app_checker: AppChecker,
    pub(crate) token_refresher: TokenRefresher,
    pub(crate) events: EventPublisher,
    pub(crate) webhook_keys: WebhookKeys,
    pub(crate) webhooks: Option<WebhookClient>,
    pub(crate) clock: Clock,
    pub(crate) schedule: ScheduleSettings,
    pub(crate) support_link_keys: SupportLinkKeys,
    pub(crate) intake_link_keys: IntakeLinkKeys,
    pub(crate) link_limiter: LinkLimiter,
    pub(crate) api_url: BaseUrl,
    pub(crate) public_url: BaseUrl,
    pub(crate) branding: Arc<Branding>,
}

impl Refresh {
    /// Takes this function's share of `dependencies`.
    #[must_use]
    pub fn new(dependencies: &Dependencies) -> Self {
        Self {
            api_keys: dependencies.vault.api_keys(),
            apps: dependencies.vault.app_reader(),
            app_status: dependencies.vault.app_status_writer(),
            app_claims: dependencies.vault.app_claims(),
            connections: dependencies.vault.connections(),
            secret_index: dependencies.vault.secret_index(),
            app_checker: dependencies.signing_app_checker(),
            token_refresher: dependencies.token_refresher(),
            events: dependencies.vault.event_publisher(),
            webhook_keys: dependencies.vault.webhook_keys(),
            webhooks: dependencies.webhooks(),
            clock: dependencies.clock.clone(),
            schedule: dependencies.settings.schedule,
            support_link_keys: dependencies.vault.support_link_keys(),
            intake_link_keys: dependencies.vault.intake_link_keys(),
            link_limiter: LinkLimiter::new(dependencies.clock.clone()),
            api_url: dependencies.settings.api_url.clone(),
            public_url: dependencies.settings.public_url.clone(),
            branding: dependencies.settings.branding.clone(),
        }
    }
}
