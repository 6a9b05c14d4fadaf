//! State of the callback function.

use shared::adapters::microsoft::entra::SigningEntraClient;
use shared::adapters::microsoft::graph::GraphClient;
use shared::adapters::vault::api_keys::ApiKeys;
use shared::adapters::vault::apps::{AppReader, AppStatusWriter};
use shared::adapters::vault::connections::Connections;
use shared::adapters::vault::sealing_keys::{NextStepsKeys, SignInKeys};
use shared::domain::connection::Connection;
use shared::domain::entra_app::AppInTenure;
use shared::domain::sign_in::HANDLE_TTL;
use shared::http::problem::Problem;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::Clock;
use shared::types::held_values::HeldValues;
use shared::types::ids::CustomerId;
use shared::types::randomness::Randomness;
use shared::types::rate_limiter::{LINK_LIMIT, LinkLimiter, SignInTestLimiter};

/// Everything that the callback function can reach. ARCHITECTURE.md lists the same types.
#[derive(Clone, Debug)]
pub struct Callback {
    pub(crate) api_keys: ApiKeys,
    pub(crate) sign_in_keys: SignInKeys,
    pub(crate) next_steps_keys: NextStepsKeys,
    pub(crate) apps: AppReader,
    pub(crate) app_status: AppStatusWriter,
    pub(crate) connections: Connections,
    pub(crate) entra: SigningEntraClient,
    pub(crate) graph: GraphClient,
    pub(crate) link_limiter: LinkLimiter,
    pub(crate) sign_in_test_limiter: SignInTestLimiter,
    pub(crate) clock: Clock,
    pub(crate) randomness: Randomness,
    pub(crate) settings: Settings,
    /// Connections that the vault could not store, by sign-in. Whoever completes it again need not sign in again.
    pub(crate) unstored: HeldValues<Connection>,
}

impl Callback {
    /// Takes what this function needs from the dependencies.
    #[must_use]
    pub fn new(dependencies: &Dependencies) -> Self {
        Self {
            api_keys: dependencies.vault.api_keys(),
            sign_in_keys: dependencies.vault.sign_in_keys(),
            next_steps_keys: dependencies.vault.next_steps_keys(),
            apps: dependencies.vault.app_reader(),
            app_status: dependencies.vault.app_status_writer(),
            connections: dependencies.vault.connections(),
            entra: dependencies.signing_entra(),
            graph: dependencies.graph(),
            link_limiter: LinkLimiter::new(dependencies.clock.clone()),
            sign_in_test_limiter: SignInTestLimiter::new(dependencies.clock.clone()),
            clock: dependencies.clock.clone(),
            randomness: dependencies.randomness.clone(),
            settings: dependencies.settings.clone(),
            unstored: HeldValues::new(HANDLE_TTL),
        }
    }

    /// Counts that a link is opened, before the vault is asked about it.
    ///
    /// # Errors
    /// `ProblemKind::TooManyRequests` beyond [`LINK_LIMIT`].
    pub(crate) fn count_opening(&self, link: &str) -> Result<(), Problem> {
        self.link_limiter.acquire(&link.to_owned(), LINK_LIMIT).map_err(Problem::rate_limited)
    }

    /// Counts what was made for an app. Whoever has a link of a customer can have more of these made, so they count together;
    /// what was made for a former app, or in a former tenure, counts for itself.
    ///
    /// # Errors
    /// As [`Callback::count_opening`].
    pub(crate) fn count_use(&self, purpose: &str, customer: &CustomerId, app: AppInTenure) -> Result<(), Problem> {
        let AppInTenure { tenure, tenant, client_id } = app;
        self.count_opening(&format!("{purpose}/{customer}/{tenure}/{tenant}/{client_id}"))
    }

    /// What our addresses begin with.
    pub(crate) fn public_url(&self) -> &str {
        self.settings.public_url.as_str()
    }
}
