//! A foreign issuer on loopback: its two documents, and assertions that it signs.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair, PublicKeyComponents};
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

/// What the issuer answers, and what it was asked.
#[derive(Default)]
pub(crate) struct Documents {
    pub(crate) discovery: Value,
    pub(crate) keys: Vec<Value>,
    /// Whether every request fails.
    pub(crate) out_of_order: bool,
    pub(crate) asked: Vec<String>,
}

pub(crate) struct Issuer {
    pub(crate) url: String,
    documents: Arc<Mutex<Documents>>,
}

impl Issuer {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let discovery = json!({
            "issuer": url,
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let documents = Documents { discovery, keys: vec![published("one", KEY_ONE)], ..Documents::default() };
        let documents = Arc::new(Mutex::new(documents));
        let router = Router::new().route("/{*path}", get(answer)).with_state(documents.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, documents }
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Documents) -> T) -> T {
        change(&mut self.documents.lock().expect("no panic before"))
    }

    /// The paths that were asked for since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.change(|documents| std::mem::take(&mut documents.asked))
    }
}

async fn answer(State(documents): State<Arc<Mutex<Documents>>>, Path(path): Path<String>) -> axum::response::Response {
    let mut documents = documents.lock().expect("no panic before");
    documents.asked.push(path.clone());
    match path.as_str() {
        _ if documents.out_of_order => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        ".well-known/openid-configuration" => axum::Json(documents.discovery.clone()).into_response(),
        "keys" => axum::Json(json!({ "keys": documents.keys })).into_response(),
        "moved" => axum::response::Redirect::to("/keys").into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(crate) const KEY_ONE: &str = include_str!("../../keys/1.pem");
pub(crate) const KEY_TWO: &str = include_str!("../../keys/2.pem");

fn pair(pem: &str) -> KeyPair {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    KeyPair::from_pkcs8(&STANDARD.decode(base64).expect("base64")).expect("a key")
}

/// The member of a key set.
pub(crate) fn published(id: &str, pem: &str) -> Value {
    let public: PublicKeyComponents<Vec<u8>> = pair(pem).public().into();
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": number(&public.n), "e": number(&public.e) })
}

/// A signed JWT.
pub(crate) fn signed(pem: &str, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let key = pair(pem);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("a signature");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
