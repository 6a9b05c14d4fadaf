use http::Response;

use super::*;
use crate::adapters::http_client::build_client;
use crate::adapters::http_client::transport::{FakePeerTimeout, HttpTransport};
use crate::adapters::microsoft::Endpoints;
use crate::adapters::vault::Vault;
use crate::adapters::vault::apps::CheckRecord;
use crate::adapters::vault::backend::Backend;
use crate::adapters::vault::backend::memory::{MemoryBackend, VaultOperation};
use crate::domain::connection::{Account, ConnectionOwner};
use crate::domain::entra_app::Credential;
use crate::domain::entra_app::EntraApp;
use crate::types::randomness::Randomness;
use crate::types::secret::{AccessToken, ClientSecret, RefreshToken};

type PeerAnswer = Result<Response<String>, FakePeerTimeout>;

/// A connected recruiter whose access token has expired, and an Entra that always answers the same. Nothing is written that may
/// be left out.
struct Fixture {
    refresher: TokenRefresher,
    memory: MemoryBackend,
    clock: Clock,
    customer: CustomerId,
    user: UserId,
}

impl Fixture {
    async fn new(answer: fn() -> PeerAnswer) -> Self {
        let (clock, randomness) = (Clock::frozen_at("2026-11-24T09:00:00Z".parse().unwrap()), Randomness::seeded(1));
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let backend = Backend::Memory(memory.clone());
        let vault =
            Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness.clone()).with_routine_writes(0);
        let (customer, user): (CustomerId, UserId) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let owner = ConnectionOwner {
            customer: customer.clone(),
            user: user.clone(),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        };
        let app = EntraApp {
            tenant: owner.tenant,
            client_id: owner.client_id,
            credential: Credential::Secret(ClientSecret::from("abC8Q~x".to_owned())),
            expires_on: None,
        };
        vault.app_writer().store(&customer, &app, &CheckRecord::from_findings(true, &[]), None).await.unwrap();
        let account = Account {
            oid: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
            name: "Anna Nowak".into(),
            upn: "anna@kadry.example".into(),
        };
        let tokens = TokenSet {
            access: AccessToken::from("access".to_owned()),
            obtained_at: clock.now(),
            expires_at: TokenSet::expires_at(clock.now(), 3_600),
            refresh: Some(RefreshToken::from("refresh".to_owned())),
            scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
        };
        let connection = Connection::from_tokens(owner, account, tokens, "sign-in".into()).unwrap();
        let tenure = vault.app_reader().read(&customer).await.unwrap().tenure;
        vault.connections().store_sign_in(tenure, &connection).await.unwrap();
        clock.advance(SignedDuration::from_hours(2));
        let transport =
            HttpTransport::with_fake_peer(build_client().unwrap(), move |_| Box::pin(async move { answer() }));
        let redirect_uri = "https://teams.ats.example/oauth/callback".parse().unwrap();
        let entra = EntraClient::new(transport, Endpoints::global().unwrap(), redirect_uri, clock.clone(), randomness);
        let refresher = TokenRefresher::new(vault.app_reader(), vault.connections(), entra, clock.clone());
        Self { refresher, memory, clock, customer, user }
    }

    /// How often the vault was written to.
    fn writes(&self) -> usize {
        use VaultOperation::{Create, Delete, Put, Restore, Tag};
        let counts = self.memory.call_counts();
        [Create, Delete, Put, Restore, Tag].iter().filter_map(|operation| counts.get(operation)).sum()
    }

    /// What a refresh ended with, and how often it wrote, also beside its answer.
    async fn refresh(&self) -> (Result<Arc<Connection>, TokenRefreshError>, usize) {
        let before = self.writes();
        let result = self.refresher.get_valid(&self.customer, &self.user).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        (result, self.writes() - before)
    }
}

fn json(status: u16, body: &str) -> Response<String> {
    Response::builder().status(status).header("content-type", "application/json").body(body.to_owned()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_outage_writes_nothing() {
    let outages: [fn() -> PeerAnswer; 6] = [
        || Err(FakePeerTimeout),
        || Ok(json(503, "{}")),
        || Ok(json(429, "{}")),
        || Ok(json(400, r#"{"error":"temporarily_unavailable"}"#)),
        || Ok(json(400, r#"{"error":"invalid_grant","error_codes":[50196]}"#)),
        || Ok(json(200, "<html>")),
    ];
    for (number, outage) in outages.into_iter().enumerate() {
        let (result, writes) = Fixture::new(outage).await.refresh().await;
        assert!(matches!(result, Err(TokenRefreshError::Entra(_))), "{number}: {result:?}");
        assert_eq!(writes, 0, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_app_writes_nothing() {
    let rejections: [fn() -> PeerAnswer; 3] = [
        || Ok(json(401, r#"{"error":"invalid_client","error_codes":[7000222]}"#)),
        || Ok(json(400, r#"{"error":"unauthorized_client","error_codes":[700016]}"#)),
        || Ok(json(400, r#"{"error":"invalid_grant","suberror":"consent_required","error_codes":[65001]}"#)),
    ];
    for (number, rejection) in rejections.into_iter().enumerate() {
        let (result, writes) = Fixture::new(rejection).await.refresh().await;
        let rejected = matches!(result, Err(TokenRefreshError::Entra(EntraError::AppRejected(_))));
        assert!(rejected, "{number}: {result:?}");
        assert_eq!(writes, 0, "{number}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_refresh_token_is_written() {
    let rejection = || Ok(json(400, r#"{"error":"invalid_grant","error_codes":[700082]}"#));
    let (result, writes) = Fixture::new(rejection).await.refresh().await;
    assert!(matches!(result, Err(TokenRefreshError::SignInRejected { .. })), "{result:?}");
    assert!(writes > 0);
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_older_than_a_week_is_written_also_where_others_are_left_out() {
    const TOKENS: &str = r#"{"token_type":"Bearer","expires_in":3600,"scope":"OnlineMeetings.ReadWrite User.Read",
        "access_token":"access","refresh_token":"newer"}"#;
    // The secret, and its tags: since when its oldest token is there.
    let week = MAX_STORED_TOKEN_AGE - SignedDuration::from_hours(2);
    for (later, expected) in [(SignedDuration::ZERO, 0), (week, 0), (week + SignedDuration::from_millis(1), 2)] {
        let fixture = Fixture::new(|| Ok(json(200, TOKENS))).await;
        fixture.clock.advance(later);
        let (result, writes) = fixture.refresh().await;
        assert_eq!((result.is_ok(), writes), (true, expected), "{later:?}: {result:?}");
    }
}
