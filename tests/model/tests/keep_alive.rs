//! A hundred thousand connections and one schedule: what is due is found, done oldest first, at its pace and in its time,
//! whoever else is in trouble.
#![cfg(test)]

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use refresh::{KeepAliveReport, Refresh, keep_alive};
use ring::digest::{SHA256, digest};
use serde_json::json;
use shared::adapters::http_client::build_client;
use shared::adapters::http_client::transport::{FakePeerTimeout, HttpTransport};
use shared::adapters::vault::Vault;
use shared::adapters::vault::apps::{AppStatusUpdate, CheckRecord};
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::{MemoryBackend, VaultOperation};
use shared::adapters::vault::connections::SLICES;
use shared::adapters::vault::model::VersionId;
use shared::domain::entra_app::{ConnectionCounts, Credential, EntraApp};
use shared::startup::dependencies::Dependencies;
use shared::startup::settings::Settings;
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::ids::CustomerId;
use shared::types::randomness::Randomness;
use shared::types::secret::{ClientSecret, SecretBody};

const CUSTOMERS: usize = 3_200;
const RECRUITERS: usize = 32;

/// Of so many recruiters of a customer one has not met anybody for a month.
const ONE_OF: usize = 32;

/// Customers in trouble: nobody answers for the first, the second's secret has ended, what lies in the vault for the
/// third is no app.
const OUT_OF_REACH: usize = 7;
const EXPIRED: usize = 13;
const CORRUPT: usize = 21;
const IN_TROUBLE: [usize; 3] = [OUT_OF_REACH, EXPIRED, CORRUPT];

const DUE: usize = CUSTOMERS * RECRUITERS / ONE_OF;
const DUE_IN_TROUBLE: usize = IN_TROUBLE.len() * RECRUITERS / ONE_OF;

/// One tenant does for all.
const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";

/// Each customer has an app of its own.
fn client(number: usize) -> String {
    format!("0c9d8e7f-1a2b-4c3d-8e5f-{number:012x}")
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// What the schedule asked Entra for, in this order: refresh tokens.
type Asked = Arc<Mutex<Vec<String>>>;

/// The most calls of a second.
type Busiest = BTreeMap<VaultOperation, usize>;

struct Fleet {
    parts: Dependencies,
    memory: MemoryBackend,
    clock: Clock,
    asked: Asked,
    recruiters: usize,
    /// How many seconds a recruiter's refresh token has lain unused.
    unused_for: fn(usize, usize) -> usize,
}

/// Most met somebody these days; one of each customer last did between 30 and 60 days ago.
fn of_years(customer: usize, user: usize) -> usize {
    let number = customer * RECRUITERS + user;
    if user.is_multiple_of(ONE_OF) { 30 * 86_400 + number * 25 } else { number % (3 * 86_400) }
}

impl Fleet {
    async fn of(customers: usize) -> Self {
        let fleet = Self::without_customers(RECRUITERS, of_years);
        for customer in 0..customers {
            fleet.add_customer(customer).await;
        }
        // A day later the credentials are due for a look, and their clocks run on.
        fleet.clock.advance(SignedDuration::from_hours(25));
        fleet
    }

    fn without_customers(recruiters: usize, unused_for: fn(usize, usize) -> usize) -> Self {
        let clock = Clock::frozen_at("2026-11-24T09:00:00Z".parse().unwrap());
        let randomness = Randomness::seeded(1);
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let (asked, backend) = (Asked::default(), Backend::Memory(memory.clone()));
        let settings = Settings::read(&|name: &str| match name {
            "PUBLIC_URL" => Some("https://connect.example".to_owned()),
            "ATS_COMPLETION_URL" => Some("https://ats.example/done".to_owned()),
            _ => None,
        })
        .unwrap();
        let vault = Vault::new(backend, settings.prefix.clone(), clock.clone(), randomness.clone());
        let line = entra(asked.clone());
        let parts = Dependencies {
            settings,
            vault,
            http_transport: line,
            clock: clock.clone(),
            randomness,
            probe_function: None,
        };
        Self { parts, memory, clock, asked, recruiters, unused_for }
    }

    async fn add_customer(&self, number: usize) {
        let customer = customer(number);
        let app = EntraApp {
            tenant: TENANT.parse().unwrap(),
            client_id: client(number).parse().unwrap(),
            credential: Credential::Secret(ClientSecret::from(format!("secret.{number}"))),
            expires_on: None,
        };
        let diagnosed = CheckRecord::from_findings(true, &[]);
        let writer = self.parts.vault.app_writer();
        writer.claims.claim(&customer, (app.tenant, app.client_id)).await.unwrap();
        writer.store(&customer, &app, &diagnosed, None).await.unwrap();
        let active = u32::try_from(self.recruiters).unwrap();
        let counted = AppStatusUpdate::ConnectionCounts(ConnectionCounts { active, ..ConnectionCounts::default() });
        let of = writer.summary(&customer).await.unwrap().app();
        self.parts.vault.app_status_writer().record(&customer, of, counted).await.unwrap();
        let name = format!("teams-connect/customers/{customer}/app");
        if number == CORRUPT {
            let lying = self.memory.stored(&name).unwrap();
            self.memory.put(&lying.arn, &lying.version, SecretBody::from("{}".to_owned())).await.unwrap();
        }
        let known = self.memory.describe(&name.parse().unwrap()).await.unwrap().tags;
        self.lay_connections(number, &known["tenure"], &known["slice"]).await;
    }

    /// All connections of a customer, as they lie in the vault after years.
    async fn lay_connections(&self, number: usize, tenure: &str, slice: &str) {
        let customer = customer(number).to_string();
        let entries: serde_json::Map<_, _> = (0..self.recruiters)
            .map(|user| {
                let (at, user) = (self.obtained_at(number, user), format!("u{user:03}"));
                let refresh = format!("{}/{number}/{user}", at.as_second());
                let entry = json!({
                    "customer": customer, "user": user, "state": "active", "since": at, "connected_at": at,
                    "obtained_at": at, "tenant": TENANT, "client_id": client(number),
                    "oid": "11a5c0de-0001-4a01-8001-a1b2c3d4e501", "name": "Anna Nowak", "upn": "anna@kadry.example",
                    "refresh_token": refresh, "scope": "OnlineMeetings.ReadWrite User.Read", "sign_in": "sign-in"
                });
                (user, entry)
            })
            .collect();
        let node = json!({
            "schema": 1, "kind": "connections", "customer": customer, "tenure": tenure, "from": "0000000000000000",
            "moved": [], "write": "0", "written": [], "entries": entries
        });
        let oldest = (0..self.recruiters).map(|user| self.obtained_at(number, user)).min().unwrap();
        let tags = [
            ("kind", "connections"),
            ("customer", &customer),
            ("tenure", tenure),
            ("slice", slice),
            ("from", "0000000000000000"),
            ("children", "0"),
            ("counts", &format!("{} 0 0", self.recruiters)),
            ("oldest_token", &oldest.to_string()),
        ];
        let tags = tags.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let name = format!("teams-connect/customers/{customer}/connections").parse().unwrap();
        let first = VersionId::random(&Randomness::seeded(1)).unwrap();
        self.memory.create(&name, &first, SecretBody::from(node.to_string()), &tags).await.unwrap();
    }

    fn obtained_at(&self, customer: usize, user: usize) -> Timestamp {
        let age = i64::try_from((self.unused_for)(customer, user)).unwrap();
        self.clock.now() - SignedDuration::from_secs(age)
    }

    /// One run of the schedule while time passes for everybody alike, how long it took, and its busiest seconds.
    async fn run(&self, time: SignedDuration) -> (KeepAliveReport, Duration, Busiest) {
        let mut busiest = Busiest::new();
        let time_passes = async {
            let mut before = self.memory.call_counts();
            loop {
                for _ in 0..20 {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    self.clock.advance(SignedDuration::from_millis(50));
                }
                let now = self.memory.call_counts();
                for (operation, calls) in &now {
                    let most = busiest.entry(*operation).or_default();
                    *most = (*most).max(calls - before.get(operation).copied().unwrap_or_default());
                }
                before = now;
            }
        };
        let schedule = Refresh::new(&self.parts);
        let began = tokio::time::Instant::now();
        let report = tokio::select! {
            report = keep_alive(&schedule, time) => report.unwrap(),
            () = time_passes => unreachable!(),
        };
        (report, began.elapsed(), busiest)
    }

    fn calls(&self, operation: VaultOperation) -> usize {
        self.memory.call_counts().get(&operation).copied().unwrap_or_default()
    }

    /// How many connections wait for a renewal, by customer.
    async fn waiting(&self) -> HashMap<CustomerId, usize> {
        let list = self.parts.vault.secret_index();
        let (mut waiting, mut next) = (HashMap::new(), None);
        loop {
            let page = list.page(next.as_deref()).await.unwrap();
            for listed in page.nodes {
                let oldest = listed.summary.oldest_token.unwrap();
                if oldest.duration_until(self.clock.now()) >= SignedDuration::from_hours(7 * 24) {
                    *waiting.entry(listed.node.customer).or_default() += 1;
                }
            }
            next = page.next;
            if next.is_none() {
                return waiting;
            }
        }
    }
}

fn customer(number: usize) -> CustomerId {
    format!("c{number:04}").parse().unwrap()
}

/// Entra, three tenths of a second away.
fn entra(asked: Asked) -> HttpTransport {
    HttpTransport::with_fake_peer(build_client().unwrap(), move |request| {
        let asked = asked.clone();
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
            let form: HashMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
            let secret = form.get("client_secret").map(String::as_str).unwrap_or_default();
            let is_of = |customer: usize| secret == format!("secret.{customer}");
            if is_of(OUT_OF_REACH) {
                return Err(FakePeerTimeout);
            }
            let (status, body) = if secret.is_empty() {
                // The tenant's discovery document, or the sign-in page, which shows nothing here.
                (200, json!({ "issuer": format!("https://login.microsoftonline.com/{TENANT}/v2.0") }))
            } else if is_of(EXPIRED) {
                (401, json!({ "error": "invalid_client", "error_codes": [7_000_222] }))
            } else {
                let scope = "OnlineMeetings.ReadWrite User.Read";
                asked.lock().unwrap().extend(form.get("refresh_token").cloned());
                (200, json!({ "token_type": "Bearer", "expires_in": 3_600, "scope": scope, "access_token": "b" }))
            };
            let answer = http::Response::builder().status(status).header("content-type", "application/json");
            Ok(answer.body(body.to_string()).unwrap())
        })
    })
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_connections_are_kept_alive_oldest_first_at_their_pace_and_in_their_time() {
    let fleet = Fleet::of(CUSTOMERS).await;
    let all = CUSTOMERS * RECRUITERS;
    let (reads, puts) = (fleet.calls(VaultOperation::Read), fleet.calls(VaultOperation::Put));

    // The first run has three minutes: enough for all credentials and a part of the renewals.
    let (first, took, _) = fleet.run(MINUTE * 3).await;
    assert_eq!(first.seen, all);
    assert_eq!(first.checked, CUSTOMERS - 2, "one was not answered, one could not be read: {first:?}");
    assert!(first.renewed > 500 && first.left > 500, "{first:?}");
    assert!(took < Duration::from_secs(190), "begun in time, and what was begun ended: {took:?}");

    // It goes on where the first stopped, and gets to the end.
    let (second, took_then, _) = fleet.run(MINUTE * 10).await;
    assert_eq!(first.renewed + second.renewed, DUE - DUE_IN_TROUBLE, "{first:?} {second:?}");
    assert!(took_then < Duration::from_mins(10), "{took_then:?}");

    // Nobody was forgotten but who is in trouble.
    let mut waiting = fleet.waiting().await;
    for number in IN_TROUBLE {
        assert_eq!(waiting.remove(&customer(number)), Some(RECRUITERS / ONE_OF), "customer {number}");
    }
    assert_eq!(waiting, HashMap::new());

    // Oldest first: nobody was asked for who is younger than one that came more than a handful later.
    let asked: Vec<i64> =
        fleet.asked.lock().unwrap().iter().map(|t| t.split('/').next().unwrap().parse().unwrap()).collect();
    assert!(asked.windows(65).all(|window| window[0] <= window[64]), "out of order");

    // Written was no faster than the budget, and read was nothing but what was due.
    let (reads, puts) = (fleet.calls(VaultOperation::Read) - reads, fleet.calls(VaultOperation::Put) - puts);
    let seconds = usize::try_from((took + took_then).as_secs()).unwrap() + 2;
    assert_eq!(puts, DUE - DUE_IN_TROUBLE);
    assert!(puts <= 25 * seconds, "{puts} writes in {seconds} s");
    // A check reads the app and who claims it. Whoever is in trouble is looked at once more in each run, before it is told.
    let begun = |report: KeepAliveReport| 3 * (report.renewed + report.failed) + 2 * report.checked + IN_TROUBLE.len();
    assert!(reads <= begun(first) + begun(second), "{reads} reads: {first:?} {second:?}");
}

/// Of a million recruiters, twenty of a customer, a run looks at those whose hour it is, and at those of the next hour. All
/// apps are due for their daily check, and one customer's tokens of six.
#[tokio::test(start_paused = true)]
async fn the_hour_of_a_million_recruiters_ends_far_within_its_time_and_takes_half_of_every_quota() {
    const CUSTOMERS_OF_ALL: usize = 50_000;
    const RECRUITERS_OF_A_CUSTOMER: usize = 20;
    let slice = |number: &usize| digest(&SHA256, customer(*number).as_str().as_bytes()).as_ref()[0] % SLICES;
    let fleet =
        Fleet::without_customers(
            RECRUITERS_OF_A_CUSTOMER,
            |customer, _| {
                if customer.is_multiple_of(6) { 5 * 86_400 } else { 3_600 }
            },
        );
    let of_slice = |wanted: u8| (100..CUSTOMERS_OF_ALL).filter(move |number| slice(number) == wanted);
    let these: Vec<_> = of_slice(10).collect();
    for number in &these {
        fleet.add_customer(*number).await;
    }
    fleet.clock.advance(SignedDuration::from_hours(23));
    for number in of_slice(11).filter(|number| !number.is_multiple_of(6)) {
        fleet.add_customer(number).await;
    }
    fleet.clock.advance(SignedDuration::from_hours(2));
    let (report, took, busiest) = fleet.run(SignedDuration::from_secs(280)).await;
    let due = these.iter().filter(|number| number.is_multiple_of(6)).count() * RECRUITERS_OF_A_CUSTOMER;
    assert_eq!((report.checked, report.renewed, report.failed, report.left), (these.len(), due, 0, 0), "{report:?}");
    assert!(due > 6_000 && these.len() > 2_000, "{due} {}", these.len());
    // A list takes a fifth of a second for a hundred secrets: 17 s more.
    assert!(took < Duration::from_secs(210), "{took:?}");
    // AWS Secrets Manager quotas, calls a second.
    println!("a million recruiters: {took:?} of 300 s, {report:?}, calls of the busiest seconds: {busiest:?}");
    for (operation, quota) in [
        (VaultOperation::Put, 50),
        (VaultOperation::Tag, 50),
        (VaultOperation::Read, 10_000),
        (VaultOperation::Describe, 10_000),
    ] {
        assert!(busiest[&operation] <= quota / 2, "{operation:?}: {busiest:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_without_time_begins_nothing_and_leaves_everything() {
    let fleet = Fleet::of(1).await;
    let (report, ..) = fleet.run(SignedDuration::ZERO).await;
    assert_eq!((report.renewed, report.checked, report.failed), (0, 0, 0));
    assert!(report.left > 0);
    assert!(fleet.asked.lock().unwrap().is_empty());
}
