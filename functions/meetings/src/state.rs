//! What this function may touch.

use shared::adapters::microsoft::graph::GraphClient;
use shared::adapters::vault::api_keys::ApiKeys;
use shared::adapters::vault::cancellations::Cancellations;
use shared::adapters::vault::hand_overs::HandOvers;
use shared::adapters::vault::link_keys::LinkKeys;
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::Clock;
use shared::types::rate_limiter::MeetingLinkLimiter;
use shared::use_cases::token_refresh::TokenRefresher;

use crate::resolved_links::ResolvedLinks;

/// What this function may touch.
#[derive(Clone, Debug)]
pub struct Meetings {
    pub(crate) api_keys: ApiKeys,
    pub(crate) link_keys: LinkKeys,
    pub(crate) hand_overs: HandOvers,
    pub(crate) cancellations: Cancellations,
    pub(crate) token_refresher: TokenRefresher,
    pub(crate) graph: GraphClient,
    pub(crate) link_limiter: MeetingLinkLimiter,
    pub(crate) resolved_links: ResolvedLinks,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
}

impl Meetings {
    /// Takes this function's share of `dependencies`.
    #[must_use]
    pub fn new(dependencies: &Dependencies) -> Self {
        let (token_refresher, cancellations) = dependencies.token_refresher_and_cancellations();
        Self {
            api_keys: dependencies.vault.api_keys(),
            link_keys: dependencies.vault.link_keys(),
            hand_overs: dependencies.vault.hand_overs(),
            cancellations,
            token_refresher,
            graph: dependencies.graph(),
            link_limiter: MeetingLinkLimiter::new(dependencies.clock.clone()),
            resolved_links: ResolvedLinks::new(),
            clock: dependencies.clock.clone(),
            settings: dependencies.settings.clone(),
        }
    }

    pub(crate) fn public_url(&self) -> &str {
        self.settings.public_url.as_str()
    }
}
