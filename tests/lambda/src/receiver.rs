//! The ATS as the receiver of events.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::types::clock::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// An event as it came.
#[derive(Debug, Clone)]
pub struct ReceivedWebhook {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub at: Timestamp,
    /// `webhook-signature`.
    pub signature: String,
    /// What was signed.
    pub body: String,
}

impl ReceivedWebhook {
    /// The body, parsed.
    ///
    /// # Panics
    /// When it is no JSON.
    #[must_use]
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Debug, Default)]
struct Inbox {
    received: Vec<ReceivedWebhook>,
    /// The kinds that it answers 500 to.
    refused: BTreeSet<&'static str>,
}

/// A server that notes what it gets. It ends when it is dropped.
#[derive(Debug)]
pub struct EventReceiver {
    /// Where it is.
    pub url: String,
    inbox: Arc<Mutex<Inbox>>,
    server: JoinHandle<()>,
}

impl EventReceiver {
    /// Starts it.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/teams/events", listener.local_addr().unwrap());
        let inbox = Arc::new(Mutex::new(Inbox::default()));
        let routes = Router::new().route("/teams/events", post(take)).with_state(inbox.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, inbox, server }
    }

    /// From now on it answers 500 to these kinds and takes all others.
    ///
    /// # Panics
    /// When a test panicked before.
    pub fn refuse(&self, kinds: &[&'static str]) {
        self.inbox.lock().unwrap().refused = kinds.iter().copied().collect();
    }

    /// What it got since it was asked last, taken or not.
    ///
    /// # Panics
    /// When a test panicked before.
    #[must_use]
    pub fn received(&self) -> Vec<ReceivedWebhook> {
        std::mem::take(&mut self.inbox.lock().unwrap().received)
    }
}

impl Drop for EventReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn take(State(inbox): State<Arc<Mutex<Inbox>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let at = header("webhook-timestamp").parse().ok().and_then(|second| Timestamp::from_second(second).ok());
    let body = String::from_utf8(body.to_vec()).unwrap();
    let webhook =
        ReceivedWebhook { id: header("webhook-id"), at: at.unwrap(), signature: header("webhook-signature"), body };
    let kind = webhook.event()["type"].as_str().unwrap_or_default().to_owned();
    let mut inbox = inbox.lock().unwrap();
    inbox.received.push(webhook);
    if inbox.refused.contains(kind.as_str()) { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NO_CONTENT }
}
