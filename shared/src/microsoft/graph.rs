//! Graph v1.0: online meetings of the signed-in user.
//!
//! [createOrGet](https://learn.microsoft.com/graph/api/onlinemeeting-createorget) makes a repeated order one meeting;
//! it takes no options, so they follow by [PATCH](https://learn.microsoft.com/graph/api/onlinemeeting-update).

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::StatusCode;

use crate::clock::{Clock, Timestamp};
use crate::meeting::{
    Chat, DialIn, ExternalId, JoinUrl, Lobby, Meeting, MeetingId, NotAMeeting, Options, Order, Presenters, Recording,
};
use crate::microsoft::http::line::Line;
use crate::microsoft::http::{self, Exchange, HttpFault, Repeat};
use crate::microsoft::{Base, wire};
use crate::secret::{AccessToken, Secret};

/// For one call, all attempts together.
const GRAPH_TIME: Duration = Duration::from_secs(12);

/// Graph, reached at its own host and no other.
#[derive(Clone, Debug)]
pub struct Graph {
    line: Line,
    base: Base,
    clock: Clock,
}

/// Whether a meeting was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// This order made it.
    Now,
    /// An order with the same external id had made it.
    Before,
}

/// Why Graph did not do what was asked, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// Renew the token, once.
    #[error("Graph does not accept the access token")]
    TokenRejected,
    /// Permission, licence or policy: Graph says the same for all.
    #[error("Graph does not allow it ({0})")]
    NotAllowed(String),
    /// The meeting is gone.
    #[error("Graph knows no such meeting")]
    NotFound,
    /// The order is not one that Graph takes.
    #[error("Graph refused the request ({0})")]
    Refused(String),
    /// Throttled, out of service or out of reach; whatever was asked may be asked again.
    #[error("Graph is not available")]
    Unavailable {
        /// When.
        retry_after: Option<Duration>,
        /// What happened on the way.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The answer is not what the documentation says; no success without a link to join.
    #[error("Graph answered {0}")]
    Protocol(&'static str),
}

impl From<HttpFault> for GraphError {
    fn from(fault: HttpFault) -> Self {
        Self::Unavailable { retry_after: fault.retry_after(), source: Some(fault.into()) }
    }
}

impl From<NotAMeeting> for GraphError {
    fn from(_: NotAMeeting) -> Self {
        Self::Protocol("a meeting that nobody could join")
    }
}

impl Graph {
    /// Graph at this host.
    #[must_use]
    pub fn new(line: impl Into<Line>, base: Base, clock: Clock) -> Self {
        Self { line: line.into(), base, clock }
    }

    /// Makes the meeting, or finds the one that the same external id made before.
    ///
    /// # Errors
    /// [`GraphError`]. After `Unavailable` it may be asked again: there will be one meeting.
    pub async fn create_or_get(
        &self,
        access: &AccessToken,
        external_id: &ExternalId,
        order: &Order,
    ) -> Result<(Made, Meeting), GraphError> {
        let body = wire::CreateOrGet {
            external_id: external_id.as_str(),
            subject: order.subject.as_str(),
            start_date_time: utc(order.start),
            end_date_time: utc(order.end),
            participants: participants(order),
        };
        let url = format!("{}/v1.0/me/onlineMeetings/createOrGet", self.base.as_str());
        let answer = self
            .call(|http| http.post(&url).header("Accept-Language", order.language.tag()).json(&body), access)
            .await?;
        let made = if answer.status == StatusCode::CREATED { Made::Now } else { Made::Before };
        Ok((made, meeting(&answer)?))
    }

    /// Puts options in force.
    ///
    /// # Errors
    /// [`GraphError`].
    pub async fn set_options(
        &self,
        access: &AccessToken,
        id: &MeetingId,
        options: Options,
    ) -> Result<Meeting, GraphError> {
        let body = change(options);
        let id = utf8_percent_encode(id.as_str(), NON_ALPHANUMERIC);
        let url = format!("{}/v1.0/me/onlineMeetings/{id}", self.base.as_str());
        meeting(&self.call(|http| http.patch(&url).json(&body), access).await?)
    }

    async fn call(
        &self,
        request: impl Fn(&reqwest::Client) -> reqwest::RequestBuilder,
        access: &AccessToken,
    ) -> Result<Exchange, GraphError> {
        let answer = http::call(&self.line, GRAPH_TIME, Repeat::Freely, &self.clock, |http| {
            request(http)
                .bearer_auth(access.expose())
                // Without it, members of enumerations that Microsoft added later come as `unknownFutureValue`.
                .header("Prefer", "include-unknown-enum-members")
        })
        .await?;
        if let Some(id) = answer.header("request-id") {
            tracing::info!(status = answer.status.as_u16(), microsoft_request_id = id, "Graph answered");
        }
        match answer.status {
            StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT => Ok(answer),
            StatusCode::UNAUTHORIZED => Err(GraphError::TokenRejected),
            StatusCode::FORBIDDEN => Err(GraphError::NotAllowed(code(&answer))),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(GraphError::NotFound),
            StatusCode::CONFLICT | StatusCode::LOCKED => {
                Err(GraphError::Unavailable { retry_after: Some(Duration::from_secs(1)), source: None })
            }
            status if status.is_client_error() => Err(GraphError::Refused(code(&answer))),
            _ => Err(GraphError::Protocol("with a status that is none of its own")),
        }
    }
}

/// Graph's own word for it, if it is one: the text beside it is never passed on.
fn code(answer: &Exchange) -> String {
    let code = serde_json::from_slice::<wire::GraphRefusal>(&answer.body).map(|body| body.error.code);
    let code = code.unwrap_or_default();
    let word = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
    if word && !code.is_empty() { code } else { answer.status.as_u16().to_string() }
}

fn utc(time: Timestamp) -> String {
    time.to_string()
}

fn participants(order: &Order) -> Option<wire::Participants<'_>> {
    let person = |role| move |address| wire::Participant { upn: crate::meeting::Address::as_str(address), role };
    let attendees = order.attendees.iter().map(person("attendee"));
    let attendees: Vec<_> = attendees.chain(order.co_organizers.iter().map(person("coorganizer"))).collect();
    (!attendees.is_empty()).then_some(wire::Participants { attendees })
}

fn change(options: Options) -> wire::MeetingChange {
    wire::MeetingChange {
        lobby_bypass_settings: options.lobby.map(|lobby| wire::LobbyChange {
            scope: match lobby {
                Lobby::Organizer => "organizer",
                Lobby::Organization => "organization",
                Lobby::OrganizationAndFederated => "organizationAndFederated",
                Lobby::Invited => "invited",
                Lobby::Everyone => "everyone",
            },
        }),
        allowed_presenters: options.presenters.map(|presenters| match presenters {
            Presenters::Everyone => "everyone",
            Presenters::Organization => "organization",
            Presenters::Organizer => "organizer",
        }),
        allow_meeting_chat: options.chat.map(|chat| match chat {
            Chat::Enabled => "enabled",
            Chat::Disabled => "disabled",
            Chat::Limited => "limited",
        }),
        allow_recording: options.recording.map(|recording| recording != Recording::Off),
        record_automatically: options.recording.map(|recording| recording == Recording::Automatic),
    }
}

fn meeting(answer: &Exchange) -> Result<Meeting, GraphError> {
    if !answer.is_json() {
        return Err(GraphError::Protocol("something that is not JSON"));
    }
    let read: wire::OnlineMeeting =
        serde_json::from_slice(&answer.body).map_err(|_| GraphError::Protocol("something that is not a meeting"))?;
    let (Some(start), Some(end)) = (read.start_date_time, read.end_date_time) else {
        return Err(GraphError::Protocol("a meeting without times"));
    };
    let recording = match (read.allow_recording, read.record_automatically) {
        (_, Some(true)) => Some(Recording::Automatic),
        (Some(false), _) => Some(Recording::Off),
        (Some(true), _) => Some(Recording::Allowed),
        (None, _) => None,
    };
    Ok(Meeting {
        id: MeetingId::parse(&read.id)?,
        join_url: JoinUrl::parse(&read.join_web_url.unwrap_or_default())?,
        subject: read.subject.unwrap_or_default(),
        start,
        end,
        options: Options {
            lobby: read.lobby_bypass_settings.and_then(|lobby| lobby.scope).and_then(|scope| lobby_of(&scope)),
            recording,
            presenters: read.allowed_presenters.and_then(|presenters| presenters_of(&presenters)),
            chat: read.allow_meeting_chat.and_then(|chat| chat_of(&chat)),
        },
        dial_in: read.audio_conferencing.and_then(|audio| {
            audio.conference_id.map(|conference_id| DialIn { conference_id, toll_number: audio.toll_number })
        }),
    })
}

/// Members that Microsoft adds later are nothing of ours.
fn lobby_of(scope: &str) -> Option<Lobby> {
    Some(match scope {
        "organizer" => Lobby::Organizer,
        "organization" => Lobby::Organization,
        "organizationAndFederated" => Lobby::OrganizationAndFederated,
        "invited" => Lobby::Invited,
        "everyone" => Lobby::Everyone,
        _ => return None,
    })
}

fn presenters_of(text: &str) -> Option<Presenters> {
    Some(match text {
        "everyone" => Presenters::Everyone,
        "organization" => Presenters::Organization,
        "organizer" => Presenters::Organizer,
        _ => return None,
    })
}

fn chat_of(text: &str) -> Option<Chat> {
    Some(match text {
        "enabled" => Chat::Enabled,
        "disabled" => Chat::Disabled,
        "limited" => Chat::Limited,
        _ => return None,
    })
}
