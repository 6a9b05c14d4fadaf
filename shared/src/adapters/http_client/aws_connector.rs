//! How the SDK's requests leave: through the one HTTP client, with its connections, its TLS and its manners.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// The largest answer that is read: a page of `ListSecrets` with 100 secrets and all their tags may have megabytes.
const MAX_RESPONSE_BYTES: usize = 8 << 20;

/// The client of the whole process.
#[derive(Clone, Debug)]
pub(super) struct ReqwestConnector(pub(super) reqwest::Client);

impl HttpClient for ReqwestConnector {
    /// The settings are times for connecting and reading. Both end with the attempt at the latest.
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for ReqwestConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let http = self.0.clone();
        HttpConnectorFuture::new(async move { send(&http, request).await })
    }
}

async fn send(http: &reqwest::Client, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let mut answer = http.execute(to_reqwest(request).map_err(ConnectorError::user)?).await.map_err(connector_error)?;
    let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(connector_error)? {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(ConnectorError::other("the answer is too large".into(), None));
        }
        body.extend_from_slice(&chunk);
    }
    let status = status.as_u16().try_into().map_err(|error| ConnectorError::other(BoxError::from(error), None))?;
    let mut response = HttpResponse::new(status, body.into());
    for (name, value) in &headers {
        // A header that is no text is none that the SDK reads.
        if let Ok(value) = value.to_str() {
            response.headers_mut().append(name.as_str().to_owned(), value.to_owned());
        }
    }
    Ok(response)
}

fn to_reqwest(request: HttpRequest) -> Result<reqwest::Request, BoxError> {
    let request = request.try_into_http1x()?;
    let (parts, body) = request.into_parts();
    let body = body.bytes().ok_or("the body is not in memory")?.to_vec();
    Ok(http::Request::from_parts(parts, body).try_into()?)
}

/// A request that did not arrive, or whose answer did not, is sent again: each of ours has the same effect twice.
fn connector_error(error: reqwest::Error) -> ConnectorError {
    let error = error.without_url();
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}
