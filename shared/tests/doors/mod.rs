//! Microsoft's stand-in, the doors that lead to it, and a browser that signs people in.

use http::header::LOCATION;
use microsoft_simulator::{Directory, FaultEffect, FaultRule, Operation, Simulator, SimulatorSettings, demo};
use serde_json::Value;
use shared::adapters::http_client::build_client;
use shared::adapters::microsoft::Endpoints;
use shared::adapters::microsoft::entra::{AccountHints, EntraClient, EntraError, SignInResult};
use shared::domain::entra_app::{AppInTenure, Credential, EntraApp};
use shared::domain::sign_in::{PendingSignIn, SignInPurpose};
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::randomness::Randomness;
use shared::types::secret::{AuthorizationCode, ClientSecret};

/// Where Entra sends the browser back to.
pub(crate) const REDIRECT_URI: &str = "https://connect.example/oauth/callback";

/// The doors on one side, Microsoft on the other, both at the same simulated time.
pub(crate) struct Doors {
    pub(crate) microsoft: Simulator,
    pub(crate) entra: EntraClient,
    pub(crate) clock: Clock,
    http: reqwest::Client,
    randomness: Randomness,
}

impl Doors {
    pub(crate) async fn open() -> Self {
        let directory = Directory::demo(&[REDIRECT_URI.to_owned()]).consented();
        let microsoft = Simulator::start(SimulatorSettings::new(directory)).await.unwrap();
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        microsoft.set_time(now);
        let clock = Clock::frozen_at(now);
        let endpoints =
            Endpoints { login: microsoft.login_url().parse().unwrap(), graph: microsoft.graph_url().parse().unwrap() };
        let http = build_client().unwrap();
        Self {
            entra: EntraClient::new(
                http.clone(),
                endpoints,
                REDIRECT_URI.parse().unwrap(),
                clock.clone(),
                Randomness::seeded(2),
            ),
            microsoft,
            clock,
            http,
            randomness: Randomness::seeded(1),
        }
    }

    /// Time passes on both sides.
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.microsoft.advance(by.unsigned_abs());
    }

    /// A fault for one request.
    pub(crate) fn once(&self, operation: Operation, effect: FaultEffect) {
        self.microsoft.faults().add(FaultRule::once(operation, effect));
    }

    /// How often this was asked for since the journal was last cleared.
    pub(crate) fn asked(&self, operation: Operation) -> usize {
        self.microsoft.requests().iter().filter(|request| request.operation == operation).count()
    }

    pub(crate) fn begin(&self) -> PendingSignIn {
        let app = kadry();
        let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        PendingSignIn::start(
            customer,
            SignInPurpose::Connection(user),
            AppInTenure { tenure: Timestamp::UNIX_EPOCH, tenant: app.tenant, client_id: app.client_id },
            (self.clock.now(), &self.randomness),
        )
        .unwrap()
    }

    /// Does what a browser does with the address: shows the page, posts its form, follows back to us.
    pub(crate) async fn granted(&self, sign_in: &PendingSignIn, upn: &str) -> AuthorizationCode {
        let page = self.entra.authorize_url(sign_in, "state-1", AccountHints::default()).unwrap();
        let form = [("user", upn), ("decision", "accept")];
        let answer = self.http.post(page).form(&form).send().await.unwrap();
        let back: url::Url = answer.headers()[LOCATION].to_str().unwrap().parse().unwrap();
        assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
        let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        AuthorizationCode::from(code)
    }

    pub(crate) async fn try_sign_in(&self, upn: &str) -> Result<SignInResult, EntraError> {
        let sign_in = self.begin();
        let code = self.granted(&sign_in, upn).await;
        self.entra.redeem_code(&kadry(), &sign_in, &code).await
    }

    pub(crate) async fn sign_in(&self, upn: &str) -> SignInResult {
        self.try_sign_in(upn).await.unwrap()
    }
}

/// The app that "Kadry Polska" registered.
pub(crate) fn kadry() -> EntraApp {
    EntraApp {
        tenant: demo::KADRY_TENANT.to_string().parse().unwrap(),
        client_id: demo::KADRY_CLIENT_ID.to_string().parse().unwrap(),
        credential: Credential::Secret(ClientSecret::from(demo::KADRY_SECRET.to_owned())),
        expires_on: None,
    }
}

/// An answer that Microsoft did not write.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<String>) -> FaultEffect {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    FaultEffect::Answer { status, headers, body: body.into() }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> FaultEffect {
    answer(status, &[("content-type", "application/json; charset=utf-8")], body.to_string())
}

/// Everything that an error says of itself and of what led to it, as a log would have it.
pub(crate) fn all_of(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(|error| format!("{error} {error:?} {error:#?}")).collect::<Vec<_>>().join("\n")
}
