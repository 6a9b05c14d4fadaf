//! Whoever cannot prove that he is Microsoft is told nothing: not the secret, not the token, not even what is asked.
#![cfg(test)]

use std::sync::{Arc, Mutex};

use rcgen::generate_simple_self_signed;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use shared::adapters::http_client::build_client;
use shared::adapters::microsoft::Endpoints;
use shared::adapters::microsoft::entra::{EntraClient, EntraError};
use shared::domain::entra_app::{Credential, EntraApp};
use shared::types::clock::{Clock, Timestamp};
use shared::types::randomness::Randomness;
use shared::types::secret::{ClientSecret, RefreshToken};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What an impostor could read.
type Heard = Arc<Mutex<Vec<u8>>>;

#[derive(Clone, Copy)]
enum Impostor {
    /// No TLS at all.
    Plain,
    /// A certificate for this very address, of no authority that anybody trusts.
    SelfSigned,
    /// The connection ends during the handshake.
    Closes,
    /// The handshake never ends.
    Stalls,
}

async fn attend(mut stream: TcpStream, impostor: Impostor, heard: Heard) {
    let mut bytes = vec![0; 4_096];
    match impostor {
        Impostor::Plain => {
            let count = stream.read(&mut bytes).await.unwrap_or_default();
            heard.lock().unwrap().extend(&bytes[..count]);
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await);
        }
        Impostor::SelfSigned => {
            let own = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            let config = config.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key).unwrap();
            if let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await {
                let count = stream.read(&mut bytes).await.unwrap_or_default();
                heard.lock().unwrap().extend(&bytes[..count]);
            }
        }
        Impostor::Closes => drop(stream.read(&mut bytes[..64]).await),
        Impostor::Stalls => while stream.read(&mut bytes).await.is_ok_and(|count| count > 0) {},
    }
}

/// What comes of a renewal at an impostor's, and what he heard.
async fn renewed_at(impostor: Impostor) -> (EntraError, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Heard::default();
    let ears = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(attend(stream, impostor, ears.clone()));
        }
    });
    let login = format!("https://{address}").parse().unwrap();
    let endpoints = Endpoints { login, ..Endpoints::global().unwrap() };
    let redirect = "https://connect.example/oauth/callback".parse().unwrap();
    let entra = EntraClient::new(
        build_client().unwrap(),
        endpoints,
        redirect,
        Clock::frozen_at(Timestamp::UNIX_EPOCH),
        Randomness::seeded(1),
    );
    let app = EntraApp {
        tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
        client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        credential: Credential::Secret(ClientSecret::from("canary-secret".to_owned())),
        expires_on: None,
    };
    let error = entra.refresh(&app, &RefreshToken::from("canary-token".to_owned())).await.unwrap_err();
    let heard = String::from_utf8_lossy(&heard.lock().unwrap()).into_owned();
    (error, heard)
}

#[tokio::test]
async fn whoever_cannot_prove_to_be_microsoft_is_told_nothing() {
    let (plain, own, closes, stalls) = tokio::join!(
        renewed_at(Impostor::Plain),
        renewed_at(Impostor::SelfSigned),
        renewed_at(Impostor::Closes),
        renewed_at(Impostor::Stalls),
    );
    for (error, heard) in [plain, own, closes, stalls] {
        assert!(matches!(error, EntraError::Unavailable { retry_after: None, .. }), "{error:?}");
        for secret in ["canary", "oauth2", "grant_type"] {
            assert!(!heard.contains(secret) && !format!("{error:?}").contains("canary"), "{heard}");
        }
    }
}
