//! The two lines of the schedule's log that metrics are made of: members and values are those of earlier versions.
#![cfg(test)]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::http::Response;
use refresh::{Refresh, keep_alive};
use serde_json::{Value, json};
use shared::adapters::http_client::build_client;
use shared::adapters::http_client::transport::{FakePeerResponse, HttpTransport};
use shared::adapters::vault::Vault;
use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::domain::connection::{Account, Connection, ConnectionHealth};
use shared::domain::entra_app::{Credential, EntraApp};
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::startup::telemetry::json_dispatch;
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::ids::{ClientId, CustomerId, TenantId};
use shared::types::randomness::Randomness;
use shared::types::secret::{AccessToken, ClientSecret, RefreshToken, SecretBody};

const TENANT: &str = "3b7e2c11-5d40-4a6f-8c9b-0e1f2a3b4c5d";
const SCOPE: &str = "OnlineMeetings.ReadWrite User.Read";

/// The secret that Entra refuses.
const EXPIRED: &str = "secret-of-the-expired";

/// No two customers work with one app.
fn client_of(customer: &str) -> String {
    format!("7d1f9a20-64be-4c3d-9e8f-1122334455{:02x}", customer.as_bytes()[0])
}

/// A vault with customers, and Entra's stand-in beside it.
struct Customers {
    parts: Dependencies,
    memory: MemoryBackend,
    clock: Clock,
}

/// Knows the tenant and every secret but the expired one.
fn entra(body: &str) -> (u16, Value) {
    if !body.contains("client_secret") {
        (200, json!({"issuer": format!("https://login.microsoftonline.com/{TENANT}/v2.0")}))
    } else if body.contains(EXPIRED) {
        (401, json!({"error": "invalid_client", "error_codes": [7_000_222]}))
    } else {
        (200, json!({"token_type": "Bearer", "expires_in": 3_600, "scope": SCOPE, "access_token": "new"}))
    }
}

impl Customers {
    fn none() -> Self {
        let clock = Clock::frozen_at("2026-11-24T09:00:00Z".parse().unwrap());
        let randomness = Randomness::seeded(1);
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let settings = Settings::read(&|name: &str| match name {
            "PUBLIC_URL" => Some("https://connect.example".to_owned()),
            "ATS_COMPLETION_URL" => Some("https://ats.example/done".to_owned()),
            _ => None,
        })
        .unwrap();
        let backend = Backend::Memory(memory.clone());
        let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone());
        let line = HttpTransport::with_fake_peer(build_client().unwrap(), |request| -> FakePeerResponse {
            let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
            let (status, answer) = entra(&String::from_utf8_lossy(body));
            let answer = Response::builder().status(status).body(answer.to_string()).unwrap();
            Box::pin(async move { Ok(answer) })
        });
        Self {
            parts: Dependencies {
                settings,
                vault,
                http_transport: line,
                clock: clock.clone(),
                randomness,
                probe_function: None,
            },
            memory,
            clock,
        }
    }

    async fn add(&self, customer: &str, secret: &str, expires_on: Option<&str>) {
        let (tenant, client_id): (TenantId, ClientId) = (TENANT.parse().unwrap(), client_of(customer).parse().unwrap());
        let credential = Credential::Secret(ClientSecret::from(secret.to_owned()));
        let expires_on = expires_on.map(|day| day.parse().unwrap());
        let app = EntraApp { tenant, client_id, credential, expires_on };
        let customer: CustomerId = customer.parse().unwrap();
        self.parts
            .vault
            .app_writer()
            .store(&customer, &app, &CheckRecord::from_findings(true, &[]), None)
            .await
            .unwrap();
    }

    /// Recruiters of whom none met anybody for so many days.
    async fn connect(&self, customer: &str, recruiters: i64, days: i64) {
        let obtained_at = self.clock.now() - SignedDuration::from_hours(24 * days);
        for number in 0..recruiters {
            let connection = Connection {
                customer: customer.parse().unwrap(),
                user: format!("r{days}-{number}").parse().unwrap(),
                tenant: TENANT.parse().unwrap(),
                client_id: client_of(customer).parse().unwrap(),
                account: Account {
                    oid: "c4d5e6f7-0812-4b3a-9c5d-778899aabbcc".parse().unwrap(),
                    name: "Ewa Wilk".to_owned(),
                    upn: "ewa@praca24.example".to_owned(),
                },
                access: AccessToken::from("old".to_owned()),
                obtained_at,
                access_expires_at: obtained_at + SignedDuration::from_hours(1),
                refresh: RefreshToken::from("refresh".to_owned()),
                scope: SCOPE.to_owned(),
                life: ConnectionHealth::active_since(obtained_at),
                sign_in: "sign-in".to_owned(),
                connected_at: obtained_at,
            };
            self.parts.vault.connections().store_sign_in(self.tenure(customer).await, &connection).await.unwrap();
        }
    }

    async fn tenure(&self, customer: &str) -> Timestamp {
        let app = self.parts.vault.app_reader().summary(&customer.parse().unwrap()).await;
        app.map_or(Timestamp::UNIX_EPOCH, |app| app.tenure)
    }

    /// What lies in the place of a customer's connections is none.
    async fn spoil(&self, customer: &str) {
        let name = format!("teams-connect/customers/{customer}/connections");
        let lying = self.memory.stored(&name).unwrap();
        self.memory.put(&lying.arn, &lying.version, SecretBody::from("{}".to_owned())).await.unwrap();
    }

    /// What a run of the schedule logs under this message.
    async fn told(&self, message: &str) -> Vec<Value> {
        let written = Written::default();
        let writer = written.clone();
        let log = json_dispatch(&|_: &str| None, move || writer.clone());
        let guard = tracing::dispatcher::set_default(&log);
        keep_alive(&Refresh::new(&self.parts), SignedDuration::from_mins(5)).await.unwrap();
        drop(guard);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut lines: Vec<_> = lines.filter(|line| line["message"] == message).collect();
        for line in &mut lines {
            // The module that writes the line, which nobody counts.
            line.as_object_mut().unwrap().remove("target");
        }
        lines
    }
}

/// Where the log goes.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn the_report_of_a_run_is_logged_as_by_earlier_versions() {
    let customers = Customers::none();
    for customer in ["praca-24", "spokojny", "zepsuty"] {
        customers.add(customer, "secret", None).await;
    }
    customers.add("wygasly", EXPIRED, None).await;
    customers.connect("praca-24", 2, 40).await;
    customers.connect("praca-24", 7, 3).await;
    customers.connect("zepsuty", 1, 40).await;
    customers.spoil("zepsuty").await;
    // Its credential is refused, so what is due is left: two renewals and the count of connections.
    customers.connect("wygasly", 2, 40).await;
    // A customer who is gone.
    customers.connect("dawny", 5, 3).await;
    customers.clock.advance(SignedDuration::from_hours(25));
    let expected = json!({"level": "INFO", "message": "the schedule ran",
        "seen": 17, "renewed": 2, "removed": 5, "checked": 4, "failed": 1, "left": 3});
    assert_eq!(customers.told("the schedule ran").await, [expected]);
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_ends_is_logged_as_by_earlier_versions() {
    let customers = Customers::none();
    customers.add("praca-24", "secret", Some("2026-12-07")).await;
    let expected = json!({"level": "WARN", "message": "a credential ends", "customer": "praca-24", "tenant": TENANT,
        "client_id": client_of("praca-24"), "days_left": 13, "reminder": 14});
    assert_eq!(customers.told("a credential ends").await, [expected]);
}
