//! One customer with two recruiters, two processes of the product, and Microsoft.

use std::sync::Arc;

use serde_json::Value;
use shared::adapters::microsoft::Endpoints;
use shared::adapters::microsoft::entra::EntraClient as Door;
use shared::adapters::vault::Vault;
use shared::adapters::vault::apps::CheckRecord;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::{MemoryBackend, VaultOperation};
use shared::adapters::vault::model::VaultError;
use shared::domain::connection::{Account, Connection, ConnectionOwner, TokenSet};
use shared::domain::entra_app::{Credential, EntraApp};
use shared::domain::event::EventPublisher;
use shared::types::clock::{Clock, SignedDuration, Timestamp};
use shared::types::ids::{CustomerId, UserId};
use shared::types::randomness::Randomness;
use shared::types::secret::{AccessToken, ClientSecret, RefreshToken, Secret};
use shared::use_cases::token_refresh::TokenRefresher;

use crate::entra::{FakeEntra, IssuedToken};
use crate::queue::ModelQueue;

/// How many recruiters there are.
pub const RECRUITERS: usize = 5;

/// How many processes there are; each has its own memory of what it has read.
pub const PROCESSES: usize = 2;

/// What the names of the secrets begin with.
const PREFIX: &str = "model";

/// Everything there is.
#[derive(Clone)]
pub struct ModelWorld {
    /// The time, for everybody.
    pub clock: Clock,
    /// The vault from below: faults, and a look at what lies in it.
    pub memory: MemoryBackend,
    /// The vault as the product opens it.
    pub vault: Vault,
    /// Where events wait.
    pub queue: ModelQueue,
    /// Microsoft.
    pub entra: FakeEntra,
    /// The customer.
    pub customer: CustomerId,
    /// The recruiters.
    pub recruiters: [UserId; RECRUITERS],
    processes: Vec<TokenRefresher>,
    client: reqwest::Client,
}

impl ModelWorld {
    /// Everything is set up and everybody connected, in the beginning.
    pub async fn begun(seed: u64, client: &reqwest::Client) -> Self {
        let clock = Clock::frozen_at("2026-11-24T09:00:00Z".parse().unwrap());
        let randomness = Randomness::seeded(seed);
        let memory = MemoryBackend::new(clock.clone(), randomness.clone());
        let backend = Backend::Memory(memory.clone());
        let queue = ModelQueue::default();
        let vault = Vault::new(backend, PREFIX.parse().unwrap(), clock.clone(), randomness)
            .with_events(EventPublisher::new(Arc::new(queue.clone())));
        let entra = FakeEntra::new(clock.clone());
        let mut world = Self {
            memory,
            queue,
            vault,
            customer: "kadry".parse().unwrap(),
            recruiters: ["anna", "jan", "ewa", "ola", "piotr"].map(|name| name.parse().unwrap()),
            processes: Vec::new(),
            client: client.clone(),
            entra,
            clock,
        };
        world.processes = (0..PROCESSES).map(|process| world.process(process)).collect();
        world.hand_over().await.unwrap();
        for recruiter in 0..RECRUITERS {
            let (_, made) = world.signed_in(recruiter);
            world.vault.connections().store_sign_in(world.tenure().await.unwrap(), &made).await.unwrap();
        }
        world
    }

    /// A process that has read nothing yet.
    pub fn process(&self, number: usize) -> TokenRefresher {
        let line = self.entra.line(&self.client, number);
        let redirect = "https://connect.example/oauth/callback".parse().unwrap();
        let (clock, randomness) = (self.clock.clone(), Randomness::seeded(0));
        let door = Door::new(line, Endpoints::global().unwrap(), redirect, clock, randomness);
        TokenRefresher::new(self.vault.app_reader(), self.vault.connections(), door, self.clock.clone())
    }

    /// One of the processes that are running.
    pub fn running(&self, process: usize) -> TokenRefresher {
        self.processes[process].clone()
    }

    /// A process dies and another takes its place.
    pub fn restart(&mut self, process: usize) {
        self.processes[process] = self.process(process);
    }

    /// Time passes.
    pub fn wait(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// The administrator hands over the secret that Entra takes now.
    pub async fn hand_over(&self) -> Result<(), VaultError> {
        let writer = self.vault.app_writer();
        let seen = writer.snapshot(&self.customer).await?;
        let app = EntraApp {
            tenant: self.owner(0).tenant,
            client_id: self.owner(0).client_id,
            credential: Credential::Secret(ClientSecret::from(self.entra.book().secret_text())),
            expires_on: None,
        };
        let diagnosed = CheckRecord::from_findings(true, &[]);
        writer.store(&self.customer, &app, &diagnosed, seen.as_ref()).await
    }

    /// What a completed sign-in makes. No two happen at the same moment.
    pub fn signed_in(&self, recruiter: usize) -> (IssuedToken, Connection) {
        self.clock.advance(SignedDuration::from_millis(1));
        let now = self.clock.now();
        let (issue, refresh, access) = self.entra.book().sign_in(recruiter);
        let tokens = TokenSet {
            access: AccessToken::from(access),
            obtained_at: now,
            expires_at: TokenSet::expires_at(now, 3_599),
            refresh: Some(RefreshToken::from(refresh)),
            scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
        };
        let account = Account {
            oid: format!("11a5c0de-0001-4a01-8001-a1b2c3d4e50{recruiter}").parse().unwrap(),
            name: self.recruiters[recruiter].to_string(),
            upn: format!("{}@kadry.example", self.recruiters[recruiter]),
        };
        let made =
            Connection::from_tokens(self.owner(recruiter), account, tokens, format!("sign-in-{}", issue.sign_in));
        (issue, made.unwrap())
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The customer's tenure, as whoever reads the app is told it.
    pub async fn tenure(&self) -> Result<Timestamp, VaultError> {
        self.vault.app_reader().read(&self.customer).await.map(|app| app.tenure)
    }

    /// Calls so far that change what lies in the vault.
    pub fn writes(&self) -> usize {
        use VaultOperation::{Create, Delete, Put, Restore};
        let counts = self.memory.call_counts();
        [Create, Put, Delete, Restore].iter().filter_map(|operation| counts.get(operation)).sum()
    }

    /// The contents of all secrets that the way from the root leads to. One that is missing is `None`. Where the customer was
    /// offboarded, or the root is of a former tenure, there are none.
    pub fn nodes(&self) -> Vec<Option<Value>> {
        let root = format!("{PREFIX}/customers/{}/connections", self.customer);
        let counting = |name: &str| self.memory.stored(name).filter(|lying| !lying.scheduled_for_deletion);
        let tenure = |name: &str| -> Option<Value> {
            let content: Value = serde_json::from_str(counting(name)?.body.expose()).unwrap();
            Some(content["tenure"].clone())
        };
        let app = tenure(&format!("{PREFIX}/customers/{}/app", self.customer));
        if app.is_none() || tenure(&root) != app {
            return Vec::new();
        }
        let (mut ways, mut nodes) = (vec![root.clone()], Vec::new());
        while let Some(name) = ways.pop() {
            let content: Option<Value> =
                counting(&name).map(|lying| serde_json::from_str(lying.body.expose()).unwrap());
            let moved = content.iter().flat_map(|content| content["moved"].as_array().unwrap());
            ways.extend(moved.map(|moved| format!("{root}/{}", moved["node"].as_str().unwrap())));
            nodes.push(content);
        }
        nodes
    }

    fn owner(&self, recruiter: usize) -> ConnectionOwner {
        ConnectionOwner {
            customer: self.customer.clone(),
            user: self.recruiters[recruiter].clone(),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        }
    }
}
