//! Every request and every way in which the vault can fail it: the answer is the documented one, and when the vault is
//! itself again the same request works and the recruiter is connected.
#![cfg(test)]

use microsoft_simulator::{DirectoryEvent, demo};
use reqwest::Method;
use serde_json::json;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::ats::{AtsAnswer, connection};
use test_support::browser::query_of;
use test_support::product::Product;

const OPERATIONS: [VaultOperation; 8] = [
    VaultOperation::Create,
    VaultOperation::Put,
    VaultOperation::Read,
    VaultOperation::Describe,
    VaultOperation::Tag,
    VaultOperation::Delete,
    VaultOperation::Restore,
    VaultOperation::List,
];

const FAULTS: [InjectedFault; 4] =
    [InjectedFault::Unavailable, InjectedFault::ResponseLost, InjectedFault::Denied, InjectedFault::StaleReplica];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    Configure,
    OrderCertificate,
    HandCertificateOver,
    Known,
    IntakeLink,
    ConnectLink,
    Complete,
    State,
    Refresh,
    Order,
    Disconnect,
}

const REQUESTS: [Request; 11] = [
    Request::Configure,
    Request::OrderCertificate,
    Request::HandCertificateOver,
    Request::Known,
    Request::IntakeLink,
    Request::ConnectLink,
    Request::Complete,
    Request::State,
    Request::Refresh,
    Request::Order,
    Request::Disconnect,
];

struct Scene {
    product: Product,
    handle: String,
    turns: usize,
    refused: usize,
}

impl Scene {
    async fn set() -> Self {
        let product = Product::start().await;
        product.ats().configure("kadry").await.expect(200);
        product.ats().connect("kadry", "anna", demo::ANNA).await.expect(200);
        Self { product, handle: String::new(), turns: 0, refused: 0 }
    }

    /// Everything is as it must be, and nobody remembers anything: caches are older than they may be.
    async fn prepare(&mut self, request: Request) {
        self.turns += 1;
        let ats = self.product.ats();
        if ats.get(&connection("kadry", "anna")).await.body["state"] != "active" {
            ats.connect("kadry", "anna", demo::ANNA).await.expect(200);
        }
        self.product.wait(SignedDuration::from_hours(2));
        if request == Request::HandCertificateOver {
            let file = self.act(Request::OrderCertificate).await.expect(200).text("certificate").to_owned();
            let registered = DirectoryEvent::RegisterCertificate { client_id: demo::KADRY_CLIENT_ID, file };
            self.product.microsoft.apply(registered).unwrap();
            self.product.wait(SignedDuration::from_secs(61));
        }
        if request == Request::Complete {
            let link = ats.connect_link("kadry", "anna").await;
            self.handle = query_of(&self.product.browser().sign_in(&link, demo::ANNA).await, "handle");
            self.product.wait(SignedDuration::from_secs(61));
        }
    }

    async fn act(&self, request: Request) -> AtsAnswer {
        let ats = self.product.ats();
        match request {
            Request::Configure => ats.configure("kadry").await,
            Request::OrderCertificate => ats.post("/v1/customers/kadry/certificate", json!(null)).await,
            Request::HandCertificateOver => {
                let (tenant, client_id) = (demo::KADRY_TENANT, demo::KADRY_CLIENT_ID);
                let body = json!({ "tenant": tenant, "client_id": client_id, "kind": "certificate" });
                ats.call(Method::PUT, "/v1/customers/kadry/credentials", Some(body), &[]).await
            }
            Request::Known => ats.get("/v1/customers/kadry").await,
            Request::IntakeLink => ats.post("/v1/customers/kadry/intake-links", json!({})).await,
            Request::ConnectLink => ats.post("/v1/customers/kadry/users/anna/connect-links", json!({})).await,
            Request::Complete => ats.complete("kadry", "anna", &self.handle).await,
            Request::State => ats.get(&connection("kadry", "anna")).await,
            Request::Refresh => ats.post(&format!("{}/refresh", connection("kadry", "anna")), json!(null)).await,
            Request::Order => {
                let day = json!({ "start": "2027-03-01T10:00:00+01:00", "end": "2027-03-01T11:00:00+01:00" });
                ats.order_with("kadry", "anna", &format!("k{}", self.turns), day).await
            }
            Request::Disconnect => ats.call(Method::DELETE, &connection("kadry", "anna"), None, &[]).await,
        }
    }

    /// What is wrong with one cell.
    async fn play(&mut self, request: Request, operation: VaultOperation, fault: InjectedFault) -> Vec<String> {
        self.prepare(request).await;
        let memory = self.product.memory.clone().unwrap();
        memory.fail_next(operation, fault);
        let answer = self.act(request).await;
        memory.clear_faults();
        self.refused += usize::from(!answer.status.is_success());
        let mut faults = Vec::new();
        let (status, code) = (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or_default());
        let is_right = match fault {
            _ if answer.status.is_success() => true,
            InjectedFault::Unavailable | InjectedFault::ResponseLost => (status, code) == (503, "vault_unavailable"),
            InjectedFault::Denied => (status, code) == (500, "internal"),
            InjectedFault::StaleReplica => (status, code) == (409, "conflict"),
            InjectedFault::Unanswered => unreachable!("no operation is asked for it here"),
        };
        if !is_right {
            faults.push(format!("{status} {}", answer.body));
        }
        if status == 503 && !answer.headers.contains_key("retry-after") {
            faults.push("it does not say when to try again".to_owned());
        }
        self.product.wait(SignedDuration::from_secs(61));
        if request == Request::Complete && !answer.status.is_success() {
            self.prepare(request).await;
        }
        let next = self.act(request).await;
        // A handle counts once, and a certificate waits no more when the app works with it.
        let is_used = next.body["code"] == "handle_used" || next.body["findings"][0]["code"] == "certificate_missing";
        if !next.status.is_success() && !is_used {
            faults.push(format!("then it does not work: {} {}", next.status, next.body));
        }
        let state = self.product.ats().get(&connection("kadry", "anna")).await;
        let expected = if request == Request::Disconnect { "disconnected" } else { "active" };
        if state.body["state"] != expected {
            faults.push(format!("in the end the connection is {}", state.body));
        }
        faults.into_iter().map(|what| format!("{request:?}, {operation:?}, {fault:?}: {what}")).collect()
    }
}

#[tokio::test]
async fn however_the_vault_fails_the_answer_is_the_documented_one_and_nothing_is_lost() {
    let (mut faults, mut cells, mut refused) = (Vec::new(), 0, 0);
    for request in REQUESTS {
        let mut scene = Scene::set().await;
        for operation in OPERATIONS {
            for fault in FAULTS {
                faults.extend(scene.play(request, operation, fault).await);
                cells += 1;
            }
        }
        refused += scene.refused;
    }
    println!("{cells} cells, {refused} of them refused");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(refused > 50, "only {refused} were: the faults did not come");
}
