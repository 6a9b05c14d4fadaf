//! Graph v1.0: online meetings of the signed-in user.
//!
//! [createOrGet](https://learn.microsoft.com/graph/api/onlinemeeting-createorget) makes a repeated order one meeting. It takes
//! no options, so a [PATCH](https://learn.microsoft.com/graph/api/onlinemeeting-update) follows.

mod enums;
mod error;
mod request;
mod response;
mod wire;

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::StatusCode;

use crate::adapters::http_client;
use crate::adapters::http_client::transport::HttpTransport;
use crate::adapters::http_client::{RawResponse, RetryPolicy};
use crate::domain::meeting::{CreateMeeting, EmailAddress, ExternalId, Meeting, MeetingId, MeetingPatch};
use crate::types::base_url::BaseUrl;
use crate::types::clock::Clock;
use crate::types::ids::ObjectId;
use crate::types::language::Language;
use crate::types::secret::{AccessToken, Secret};

pub use error::GraphError;

/// The timeout for one call, for all attempts together.
const GRAPH_TIMEOUT: Duration = Duration::from_secs(12);

/// A client for Graph. It calls no other host.
#[derive(Clone, Debug)]
pub struct GraphClient {
    http: HttpTransport,
    base: BaseUrl,
    clock: Clock,
}

/// Whether a meeting existed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateOutcome {
    /// This call created it.
    Created,
    /// An earlier call with the same external id created it.
    Existing,
}

impl GraphClient {
    /// A client for Graph at this host.
    #[must_use]
    pub fn new(http: impl Into<HttpTransport>, base: BaseUrl, clock: Clock) -> Self {
        Self { http: http.into(), base, clock }
    }

    /// Creates the meeting, or finds the one that the same external id created before.
    ///
    /// # Errors
    /// [`GraphError`]. After `Unavailable` the call may be repeated: there will be one meeting. Never `NotFound`: a 404 says
    /// that the recruiter has no licence, no mailbox or no policy for meetings.
    pub async fn create_or_get(
        &self,
        access: &AccessToken,
        external_id: &ExternalId,
        order: &CreateMeeting<'_>,
    ) -> Result<(CreateOutcome, Meeting), GraphError> {
        let body = request::create_or_get_body(external_id, order);
        let url = format!("{}/v1.0/me/onlineMeetings/createOrGet", self.base.as_str());
        let answer = self.send(order.language, |http| http.post(&url).json(&body), access).await;
        let answer = answer.map_err(|error| match error {
            GraphError::NotFound => GraphError::NotAllowed("itemNotFound".to_owned()),
            error => error,
        })?;
        let outcome =
            if answer.status == StatusCode::CREATED { CreateOutcome::Created } else { CreateOutcome::Existing };
        Ok((outcome, response::parse_meeting(&answer)?))
    }

    /// Gets a meeting, with its invitation text in a language.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn get_meeting(
        &self,
        access: &AccessToken,
        id: &MeetingId,
        language: Language,
    ) -> Result<Meeting, GraphError> {
        let url = self.meeting_url(id);
        response::parse_meeting(&self.send(language, |http| http.get(&url), access).await?)
    }

    /// Changes a meeting. Safe to retry.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn update_meeting(
        &self,
        access: &AccessToken,
        id: &MeetingId,
        patch: &MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphError> {
        let (url, body) = (self.meeting_url(id), request::patch_meeting_body(patch));
        response::parse_meeting(&self.send(language, |http| http.patch(&url).json(&body), access).await?)
    }

    /// Deletes a meeting.
    ///
    /// # Errors
    /// [`GraphError`]. `NotFound` if it was deleted before, also by a first attempt whose response was lost.
    pub async fn delete_meeting(&self, access: &AccessToken, id: &MeetingId) -> Result<(), GraphError> {
        let url = self.meeting_url(id);
        self.send(Language::default(), |http| http.delete(&url), access).await.map(drop)
    }

    /// Whether the signed-in user has a licence for Teams; `None` if Graph does not say.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn has_teams_license(&self, access: &AccessToken, oid: ObjectId) -> Result<Option<bool>, GraphError> {
        // Graph documents no other path, not even for oneself.
        let url = format!("{}/v1.0/users/{oid}/licenseDetails/getTeamsLicensingDetails", self.base.as_str());
        let answer = self.send(Language::default(), |http| http.get(&url), access).await?;
        let details: Option<wire::TeamsLicensingDetails> = serde_json::from_slice(&answer.body).ok();
        Ok(details.and_then(|details| details.has_teams_license))
    }

    /// The mailbox of the signed-in user; `None` if they have none. A sign-in name need not be one.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn get_mailbox(&self, access: &AccessToken) -> Result<Option<EmailAddress>, GraphError> {
        let url = format!("{}/v1.0/me?$select=mail", self.base.as_str());
        let answer = self.send(Language::default(), |http| http.get(&url), access).await?;
        let user: wire::User =
            serde_json::from_slice(&answer.body).map_err(|_| GraphError::Protocol("something that is not a user"))?;
        Ok(user.mail.and_then(|mail| mail.parse().ok()))
    }

    fn meeting_url(&self, id: &MeetingId) -> String {
        let id = utf8_percent_encode(id.as_str(), NON_ALPHANUMERIC);
        format!("{}/v1.0/me/onlineMeetings/{id}", self.base.as_str())
    }

    async fn send(
        &self,
        language: Language,
        request: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
        access: &AccessToken,
    ) -> Result<RawResponse, GraphError> {
        let answer =
            http_client::send_with_retry(&self.http, GRAPH_TIMEOUT, RetryPolicy::Idempotent, &self.clock, |http| {
                request(http)
                    .bearer_auth(access.expose())
                    .header("Accept-Language", language.bcp47())
                    // Without it Graph writes `unknownFutureValue` for enum members that Microsoft added later.
                    .header("Prefer", "include-unknown-enum-members")
            })
            .await?;
        if let Some(id) = answer.header("request-id") {
            tracing::info!(status = answer.status.as_u16(), microsoft_request_id = id, "Graph answered");
        }
        match answer.status {
            StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(GraphError::TokenRejected),
            StatusCode::FORBIDDEN => Err(GraphError::NotAllowed(error_code(&answer))),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(GraphError::NotFound),
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::LOCKED => {
                Err(GraphError::Unavailable { retry_after: Some(Duration::from_secs(1)), source: None })
            }
            status if status.is_client_error() => Err(GraphError::Refused(error_code(&answer))),
            _ => Err(GraphError::Protocol("with a status that is none of its own")),
        }
    }
}

/// Graph's error code, or the status. The message beside the code is never passed on.
fn error_code(answer: &RawResponse) -> String {
    let code = serde_json::from_slice::<wire::ErrorResponse>(&answer.body).map(|body| body.error.code);
    let code = code.unwrap_or_default();
    let is_code = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    if is_code && !code.is_empty() { code } else { answer.status.as_u16().to_string() }
}
