//! What stands outside of a function: Secrets Manager, Entra and Graph, over TLS and ready to answer at once. They check
//! what they are asked, so a program that asks for something else gets no meeting.

mod graph;
mod login;
mod vault;

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::authority::Authority;

pub(crate) use graph::join_url;
pub(crate) use login::discovery;
pub(crate) use vault::Secret;

/// Whom a program asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    /// Secrets Manager.
    Vault,
    /// Entra.
    Login,
    /// Graph.
    Graph,
}

/// A request as it was seen from outside.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// What was asked: `Graph POST /v1.0/me/onlineMeetings/createOrGet 201`.
    pub(crate) what: String,
    /// When its head had come.
    pub(crate) began: Instant,
    /// When its answer was ready.
    pub(crate) ended: Instant,
}

/// What an exchange needs of its request.
struct RequestCounts {
    method: String,
    path: String,
    target: String,
    authorization: String,
    body: Bytes,
}

/// The three hosts, serving.
#[derive(Clone)]
pub(crate) struct FakeNetwork(Arc<Shared>);

struct Shared {
    hosts: [(Host, u16); 3],
    plain_graph: u16,
    tls: TlsAcceptor,
    secrets: Mutex<Vec<Secret>>,
    calls: Mutex<Vec<Call>>,
    /// How far away they are: the time of a connection, and of an answer.
    distance: Mutex<Duration>,
}

impl FakeNetwork {
    /// Begins to serve.
    pub(crate) async fn start(authority: &Authority) -> Self {
        let mut listeners = Vec::new();
        for host in [Host::Vault, Host::Login, Host::Graph] {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            listeners.push((host, listener.local_addr().unwrap().port(), listener));
        }
        let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let hosts = [0, 1, 2].map(|at: usize| (listeners[at].0, listeners[at].1));
        let outside = Self(Arc::new(Shared {
            hosts,
            plain_graph: plain.local_addr().unwrap().port(),
            tls: TlsAcceptor::from(authority.server.clone()),
            secrets: Mutex::default(),
            calls: Mutex::default(),
            distance: Mutex::default(),
        }));
        for (host, _, listener) in listeners {
            outside.clone().serve(host, listener, true);
        }
        outside.clone().serve(Host::Graph, plain, false);
        outside
    }

    /// The address of a host, without a slash at its end.
    pub(crate) fn url(&self, host: Host) -> String {
        let (_, port) = self.0.hosts.iter().find(|(known, _)| *known == host).unwrap();
        format!("https://localhost:{port}")
    }

    /// Graph without TLS, as the local deployment may have it on loopback.
    pub(crate) fn plain_graph_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.plain_graph)
    }

    /// Lays these in the vault, beside what is there.
    pub(crate) fn lay(&self, secrets: impl IntoIterator<Item = Secret>) {
        self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner).extend(secrets);
    }

    /// Moves all hosts away by this time.
    pub(crate) fn at_distance(&self, distance: Duration) {
        *self.0.distance.lock().unwrap_or_else(PoisonError::into_inner) = distance;
    }

    /// What was asked since this was asked last.
    pub(crate) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.0.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn distance(&self) -> Duration {
        *self.0.distance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(self, host: Host, listener: TcpListener, secure: bool) {
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let outside = self.clone();
                tokio::spawn(async move {
                    outside.travel().await;
                    if !secure {
                        outside.converse(host, stream).await;
                    } else if let Ok(stream) = outside.0.tls.accept(stream).await {
                        outside.converse(host, stream).await;
                    }
                });
            }
        });
    }

    /// A program that is ended in the middle of a conversation is no fault of ours.
    async fn converse(&self, host: Host, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let answer = service_fn(|request| self.exchange(host, request));
        drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await);
    }

    async fn travel(&self) {
        let distance = self.distance();
        if !distance.is_zero() {
            tokio::time::sleep(distance).await;
        }
    }

    async fn exchange(&self, host: Host, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let began = Instant::now();
        let (head, body) = request.into_parts();
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let asked = RequestCounts {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            target: header("x-amz-target").to_owned(),
            authorization: header("authorization").to_owned(),
            body: body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default(),
        };
        let (status, told) = match host {
            Host::Vault => vault::answer(&asked, &self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner)),
            Host::Login => login::answer(&asked, &self.url(Host::Login)),
            Host::Graph => graph::answer(&asked),
        };
        self.travel().await;
        let what = format!("{host:?} {} {}{} {}", asked.method, asked.path, asked.target, status.as_u16());
        let call = Call { what, began, ended: Instant::now() };
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        Ok(response(host, status, &told))
    }
}

fn response(host: Host, status: StatusCode, told: &Value) -> Response<Full<Bytes>> {
    let media = if host == Host::Vault { "application/x-amz-json-1.1" } else { "application/json" };
    let response = Response::builder().status(status).header("content-type", media);
    let response = response.header("request-id", "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60");
    response.body(Full::from(told.to_string())).unwrap()
}
