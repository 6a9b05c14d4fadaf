//! Who plays: one customer, one recruiter, the tokens and keys of both, and what the vault holds of them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use shared::adapters::vault::Vault;
use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::model::VersionStage;
use shared::domain::api_key::ApiKeyRecord;
use shared::domain::connection::{Account, Connection, ConnectionOwner, TokenSet};
use shared::domain::entra_app::{Credential, EntraApp};
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::randomness::Randomness;
use shared::types::sealing::generate_key;
use shared::types::secret::{ApiKey, Secret as _};

use crate::outside::Secret;

pub(crate) const CUSTOMER: &str = "kadry";
pub(crate) const USER: &str = "anna";
pub(crate) const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
pub(crate) const CLIENT_ID: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
pub(crate) const CLIENT_SECRET: &str = "abC8Q~x0123456789abcdef0123456789abcdef0";
pub(crate) const OID: &str = "b1d2c3e4-5f60-4718-9a2b-3c4d5e6f7081";
pub(crate) const UPN: &str = "anna.nowak@kadry.example";
pub(crate) const API_KEY: &str = "tc_bench_0123456789abcdef0123456789abcdef";
pub(crate) const REFRESH_TOKEN: &str = "0.AXkA6f1c3e0a2b4d4c5e9f7a1b2c3d4e5f60.AgABAwEAAADW6jl31mB3T7ugrWTT8pFe";
pub(crate) const SCOPE: &str = "openid profile offline_access https://graph.microsoft.com/OnlineMeetings.ReadWrite \
                                https://graph.microsoft.com/User.Read";
/// What the names of all secrets begin with.
pub(crate) const PREFIX: &str = "teams-connect";

/// As long as Entra's for Graph.
pub(crate) fn access_token() -> String {
    format!("eyJ0eXAiOiJKV1QiLCJub25jZSI6Im5vdCBvdXJzIHRvIHJlYWQifQ.{}.c2ln", "Zm9yR3JhcGg".repeat(180))
}

/// Nobody who redeems a refresh token checks its signature: it came over TLS from Entra (OpenID Connect Core §3.1.3.7).
pub(crate) fn id_token(login: &str, now: Timestamp) -> String {
    let claims = json!({
        "aud": CLIENT_ID,
        "iss": format!("{login}/{TENANT}/v2.0"),
        "iat": now.as_second(),
        "nbf": now.as_second(),
        "exp": now.as_second() + 3600,
        "name": "Anna Nowak",
        "oid": OID,
        "preferred_username": UPN,
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "tid": TENANT,
        "ver": "2.0",
    });
    format!("{}.{}.c2ln", encoded(&json!({ "typ": "JWT", "alg": "RS256" })), encoded(&claims))
}

/// By which MSAL knows an account.
pub(crate) fn client_info() -> String {
    encoded(&json!({ "uid": OID, "utid": TENANT }))
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// What the vault holds for the four functions, laid by the product itself.
pub(crate) async fn secrets() -> Vec<Secret> {
    let (clock, randomness) = (Clock::system(), Randomness::system());
    let memory = MemoryBackend::new(clock.clone(), randomness.clone());
    let vault = Vault::new(Backend::Memory(memory.clone()), PREFIX.parse().unwrap(), clock.clone(), randomness.clone());
    for secret in DeploymentSecret::KEYS {
        vault.create_key(secret, &generate_key(&randomness).unwrap()).await.unwrap();
    }
    vault.put_api_keys(vec![api_key()]).await.unwrap();
    let diagnosed = CheckRecord { verified: true, findings: Vec::new() };
    vault.app_writer().store(&CUSTOMER.parse().unwrap(), &app(), &diagnosed, None).await.unwrap();
    let tenure = vault.app_reader().read(&CUSTOMER.parse().unwrap()).await.unwrap().tenure;
    vault.connections().store_sign_in(tenure, &connection(USER, "", clock.now())).await.unwrap();
    let mut secrets = Vec::new();
    for told in memory.list("", None, None, 100).await.unwrap().secrets {
        let body = memory.read(&told.name, VersionStage::Current).await.unwrap().body;
        secrets.push(Secret { name: told.name.to_string(), body: body.expose().to_owned(), tags: told.tags });
    }
    secrets
}

/// What the vault holds for a peer: the same keys, and a connection in its own words.
pub(crate) fn secrets_of_a_peer(prefix: &str, connection: &str) -> Vec<Secret> {
    let keys = json!({ "keys": [api_key()] }).to_string();
    let secret = |name: String, body: &str| Secret { name, body: body.to_owned(), tags: BTreeMap::new() };
    vec![
        secret(format!("{prefix}/api-keys"), &keys),
        secret(format!("{prefix}/customers/{CUSTOMER}/users/{USER}/connection"), connection),
    ]
}

/// A connection before anybody signed in, in a peer's words.
pub(crate) fn unconnected() -> Value {
    json!({ "tenant": TENANT, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET })
}

pub(crate) fn api_key() -> ApiKeyRecord {
    ApiKeyRecord::from_key("bench", &ApiKey::from(API_KEY.to_owned()))
}

fn app() -> EntraApp {
    EntraApp {
        tenant: TENANT.parse().unwrap(),
        client_id: CLIENT_ID.parse().unwrap(),
        credential: Credential::Secret(CLIENT_SECRET.to_owned().into()),
        expires_on: None,
    }
}

/// A recruiter's, with an access token that outlasts the run and ends in `mark`.
pub(crate) fn connection(user: &str, mark: &str, now: Timestamp) -> Connection {
    let owner = ConnectionOwner {
        customer: CUSTOMER.parse().unwrap(),
        user: user.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        client_id: CLIENT_ID.parse().unwrap(),
    };
    let account = Account { oid: OID.parse().unwrap(), name: "Anna Nowak".to_owned(), upn: UPN.to_owned() };
    let tokens = TokenSet {
        access: (access_token() + mark).into(),
        obtained_at: now,
        expires_at: now + SignedDuration::from_hours(2),
        refresh: Some(REFRESH_TOKEN.to_owned().into()),
        scope: SCOPE.to_owned(),
    };
    Connection::from_tokens(owner, account, tokens, "bench".to_owned()).unwrap()
}
