//! Orders of meetings by HTTP, one after the other or as many as are wanted.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use shared::adapters::http_client;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::house;
use crate::cast;
use crate::contestant::{BenchTarget, is_meeting, order, subject};
use crate::outside::FakeNetwork;

/// How long a load lasts.
const TIME: Duration = Duration::from_secs(2);

/// An ATS with connections of its own.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    /// One that orders there.
    pub(super) fn new(url: &str) -> Self {
        Self { http: http_client::build_client().unwrap(), url: url.to_owned() }
    }

    /// Orders a meeting for this recruiter.
    ///
    /// # Errors
    /// When the answer is another meeting, or made in another name.
    pub(super) async fn meeting(&self, user: &str, number: usize) -> Result<(), String> {
        let url = format!("{}/v1/customers/{}/users/{user}/meetings", self.url, cast::CUSTOMER);
        let request = self.http.post(url).bearer_auth(cast::API_KEY).header("accept-language", "en");
        let request = request.header("idempotency-key", format!("{user}-{number}")).json(&order(&subject(number)));
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let (status, told) = (answer.status(), answer.text().await.map_err(|error| error.to_string())?);
        let meeting: Value = serde_json::from_str(&told).unwrap_or_default();
        // A peer tells Graph's id as it is, we in base64url.
        let id = meeting["id"].as_str().unwrap_or_default();
        let plain = URL_SAFE_NO_PAD.decode(id).ok().and_then(|id| String::from_utf8(id).ok());
        let own = user == cast::USER || plain.is_some_and(|id| id.ends_with(&house::mark(user)));
        if status.as_u16() == 201 && is_meeting(&meeting, &subject(number)) && own {
            Ok(())
        } else {
            Err(format!("{user}, {number}: {status} {told}"))
        }
    }
}

/// Meetings a second, ordered by so many clients.
///
/// # Errors
/// When an answer is wrong.
pub(super) async fn rate(url: &str, user: String, clients: usize) -> Result<f64, String> {
    let one = Client::new(url);
    one.meeting(&user, 0).await?;
    let began = Instant::now();
    let mut load = JoinSet::new();
    for client in 0..clients {
        let (one, user) = (one.clone(), user.clone());
        load.spawn(async move {
            let mut made = 0_u32;
            while began.elapsed() < TIME {
                one.meeting(&user, client).await?;
                made += 1;
            }
            Ok::<_, String>(made)
        });
    }
    let mut made = 0;
    for outcome in load.join_all().await {
        made += outcome?;
    }
    Ok(f64::from(made) / began.elapsed().as_secs_f64())
}

/// The peer in Node.js as a server of one process.
pub(super) struct Peer {
    url: String,
    _child: Child,
}

impl Peer {
    /// Starts it, and waits until it serves.
    pub(super) async fn start(node: &BenchTarget, outside: &FakeNetwork) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (program, arguments) = node.start.command.split_first().unwrap();
        let mut command = Command::new(program);
        command.args(arguments).args(["serve", &port.to_string()]).current_dir(&node.start.folder);
        command.env_clear().envs(node.start.environment.iter().cloned());
        command.env("MICROSOFT_GRAPH_URL", outside.plain_graph_url());
        let child = command.stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let peer = Self { url: format!("http://127.0.0.1:{port}"), _child: child };
        let deadline = Instant::now() + Duration::from_secs(20);
        while let Err(fault) = Client::new(peer.url()).meeting(cast::USER, 0).await {
            assert!(Instant::now() < deadline, "the peer does not serve: {fault}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        peer
    }

    /// Where it is.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}
