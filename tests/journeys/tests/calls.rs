//! What a request costs: the calls that leave the process, counted. `cargo test -p journeys --test calls -- --nocapture`
//! prints them.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use microsoft_simulator::demo;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;
use test_support::product::Product;

/// What left the process while something was done: calls to the vault, and to Microsoft.
#[expect(clippy::print_stdout, reason = "the counts are asked for by one command")]
async fn counted<T>(
    product: &Product,
    what: &str,
    act: impl Future<Output = T>,
) -> (BTreeMap<VaultOperation, usize>, Vec<String>) {
    product.microsoft.clear_requests();
    let before = product.vault_calls();
    act.await;
    let mut vault = product.vault_calls();
    vault.retain(|operation, count| {
        *count -= before.get(operation).copied().unwrap_or_default();
        *count > 0
    });
    let requests = product.microsoft.requests();
    let microsoft: Vec<_> = requests.iter().map(|request| request.operation.name().to_owned()).collect();
    println!("{what}: vault {vault:?}, Microsoft {microsoft:?}");
    (vault, microsoft)
}

#[tokio::test]
async fn a_cold_meeting_reads_four_secrets_and_asks_graph_and_a_warm_one_asks_graph_alone() {
    let product = Product::with_anna().await;
    let ats = product.cold().await;
    let cold = counted(&product, "meeting, cold", ats.order("kadry", "anna", "one")).await;
    assert_eq!(cold, (BTreeMap::from([(VaultOperation::Read, 4)]), vec!["graph:create_or_get".to_owned()]));
    let warm = counted(&product, "meeting, warm", ats.order("kadry", "anna", "two")).await;
    assert_eq!(warm, (BTreeMap::new(), vec!["graph:create_or_get".to_owned()]));
    product.wait(SignedDuration::from_secs(61));
    let later = counted(&product, "meeting, a minute later", ats.order("kadry", "anna", "three")).await;
    assert_eq!(later.0, BTreeMap::from([(VaultOperation::Read, 3)]), "what was read is read again");
}

#[tokio::test]
async fn a_renewal_reads_the_app_once_more_and_writes_the_connection_once() {
    let product = Product::with_anna().await;
    let ats = product.cold().await;
    product.wait(SignedDuration::from_hours(2));
    let (vault, microsoft) = counted(&product, "meeting, token lapsed", ats.order("kadry", "anna", "one")).await;
    assert_eq!(vault, BTreeMap::from([(VaultOperation::Read, 4), (VaultOperation::Put, 1)]));
    assert_eq!(microsoft, ["token:refresh_token", "graph:create_or_get"]);
}

#[tokio::test]
async fn a_meeting_that_refreshes_its_token_waits_for_no_write() {
    let product = Product::with_anna().await;
    product.wait(SignedDuration::from_hours(2));
    product.memory.as_ref().unwrap().fail_next(VaultOperation::Put, InjectedFault::Unanswered);
    let (vault, _) = counted(&product, "meeting, token lapsed, the write is never answered", async {
        product.ats().order("kadry", "anna", "one").await.expect(201);
    })
    .await;
    assert_eq!(vault[&VaultOperation::Put], 1);
    let warm = counted(&product, "the next meeting", async {
        product.ats().order("kadry", "anna", "two").await.expect(201);
    })
    .await;
    assert_eq!(warm, (BTreeMap::new(), vec!["graph:create_or_get".to_owned()]));
}

/// A working day of one secret: 25 recruiters, ten meetings each at nine o'clock, one each in the hours after, from 20
/// processes.
#[tokio::test]
async fn recruiters_of_one_secret_make_every_meeting_and_few_writes() {
    const RECRUITERS: usize = 25;
    let product = Product::start().await;
    product.ats().configure("kadry").await.expect(200);
    for n in 0..RECRUITERS {
        product.ats().connect("kadry", &format!("recruiter-{n}"), demo::ANNA).await.expect(200);
    }
    // What was written when they connected counts for a day.
    product.wait(SignedDuration::from_hours(25));
    let memory = product.memory.as_ref().unwrap();
    let processes = join_all((0..20).map(|_| product.cold())).await;
    let versions = || memory.stored("teams-connect/customers/kadry/connections").unwrap().versions;
    let first = versions();
    println!("hour | meetings | tokens refreshed | tries to write | written");
    for hour in 0..9 {
        product.wait(SignedDuration::from_mins(91));
        product.microsoft.clear_requests();
        let (puts, written) = (product.vault_calls()[&VaultOperation::Put], versions());
        let meetings = if hour == 0 { 10 } else { 1 };
        // Each recruiter's orders follow one another, or an answer would take as long as all of them.
        let of_recruiter = async |recruiter: usize| {
            let (user, mut made) = (format!("recruiter-{recruiter}"), Vec::new());
            for n in 0..meetings {
                let ats = &processes[(recruiter * 7 + n * 3 + hour) % processes.len()];
                made.push(ats.order("kadry", &user, &format!("{hour}-{recruiter}-{n}")).await);
            }
            made
        };
        let made: Vec<_> = join_all((0..RECRUITERS).map(of_recruiter)).await.into_iter().flatten().collect();
        let (puts, written) = (product.vault_calls()[&VaultOperation::Put] - puts, versions() - written);
        let refreshed = product.asked("token:refresh_token");
        println!("{hour} | {} | {refreshed} | {puts} | {written}", made.len());
        // 200 where Graph was asked twice, because it was slow to answer.
        let ids: BTreeSet<_> =
            made.iter().filter(|order| order.status.is_success()).map(|order| order.text("id")).collect();
        assert_eq!(ids.len(), made.len());
        assert!(puts <= refreshed && written <= puts, "{refreshed} {puts} {written}");
    }
    assert!((1..=48).contains(&(versions() - first)), "{first} {}", versions());
}

#[tokio::test]
async fn a_burst_on_a_cold_process_reads_the_connection_once() {
    let product = Product::with_anna().await;
    let ats = product.cold().await;
    let keys: Vec<_> = (0..16).map(|n| format!("order-{n}")).collect();
    let burst = join_all(keys.iter().map(|key| ats.order("kadry", "anna", key)));
    let (vault, microsoft) = counted(&product, "sixteen meetings at once, cold", burst).await;
    assert_eq!(microsoft.len(), 16);
    assert_eq!(vault, BTreeMap::from([(VaultOperation::Read, 4)]));
}

#[tokio::test]
async fn strangers_do_not_make_the_vault_work() {
    let product = Product::with_anna().await;
    product.cold().await.order("kadry", "anna", "one").await.expect(201);
    let stranger = test_support::ats::TestAts::new(&product.base, "somebody-elses-key");
    let (vault, microsoft) = counted(&product, "a hundred wrong keys", async {
        for _ in 0..100 {
            stranger.order("kadry", "anna", "one").await.expect(401);
        }
    })
    .await;
    assert!(vault.values().sum::<usize>() <= 2 && microsoft.is_empty(), "{vault:?}");
}

#[tokio::test]
async fn a_credential_that_entra_refused_is_not_tried_again_until_it_changes() {
    let product = Product::with_anna().await;
    let client_id = microsoft_simulator::demo::KADRY_CLIENT_ID;
    product.microsoft.expire_secret(client_id).unwrap();
    product.wait(SignedDuration::from_hours(2));
    let (_, microsoft) = counted(&product, "two meetings, secret expired", async {
        product.ats().order("kadry", "anna", "one").await.expect(409);
        product.ats().order("kadry", "anna", "two").await.expect(409);
    })
    .await;
    assert_eq!(microsoft, ["token:refresh_token"]);
    product.wait(SignedDuration::from_secs(30));
    let again = counted(&product, "half a minute later", product.ats().order("kadry", "anna", "one")).await;
    assert_eq!(again.1, ["token:refresh_token"]);
}
