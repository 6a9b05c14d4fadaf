//! What carries a request to Microsoft: the network, or a fake peer in this process.
//!
//! The fake peer is for tests that need a million responses, or one at an exact moment. Everything above it is the product's
//! code, from the protocol to the retries.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::adapters::http_client::error::HttpError;

/// Carries requests to Microsoft. Clones share one pool of connections.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    peer: Option<FakePeer>,
}

/// A fake peer's response, or its timeout.
pub type FakePeerResponse = Pin<Box<dyn Future<Output = Result<http::Response<String>, FakePeerTimeout>> + Send>>;

/// The response of a fake peer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the peer did not answer")]
pub struct FakePeerTimeout;

#[derive(Clone)]
struct FakePeer(Arc<dyn Fn(reqwest::Request) -> FakePeerResponse + Send + Sync>);

impl fmt::Debug for FakePeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakePeer")
    }
}

impl From<reqwest::Client> for HttpTransport {
    fn from(client: reqwest::Client) -> Self {
        Self { client, peer: None }
    }
}

impl HttpTransport {
    /// A transport that sends every request to `peer`.
    #[must_use]
    pub fn with_fake_peer(
        client: reqwest::Client,
        peer: impl Fn(reqwest::Request) -> FakePeerResponse + Send + Sync + 'static,
    ) -> Self {
        Self { client, peer: Some(FakePeer(Arc::new(peer))) }
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(super) async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, HttpError> {
        let Some(FakePeer(peer)) = &self.peer else {
            return request.send().await.map_err(|error| {
                let error = error.without_url();
                let unsent = error.is_connect() || error.is_builder();
                if unsent { HttpError::NotSent(error.into()) } else { HttpError::ResponseLost(error.into()) }
            });
        };
        let request = request.build().map_err(|error| HttpError::NotSent(error.without_url().into()))?;
        peer(request).await.map(Into::into).map_err(|lost| HttpError::ResponseLost(lost.into()))
    }
}
