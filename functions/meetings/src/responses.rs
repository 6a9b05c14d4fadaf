//! Bodies that go out.

use axum::Json;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[cfg(feature = "openapi")]
use shared::domain::meeting::MeetingId;
use shared::domain::meeting::{
    CalendarMessage, DialIn, ItipMethod, Meeting, MeetingNumber, MeetingOptions, ParticipantRole, with_role,
};
use shared::http::problem::{Outcome, Problem};
use shared::http::routes;
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::sealing::deterministic::DeterministicSealingKey;

use crate::cancellation::CancelOutcome;
use crate::entity_tag::EntityTag;
use crate::meeting_link;
use crate::meeting_result::MeetingResult;
use crate::state::Meetings;

/// A meeting as Microsoft has it now.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Meeting))]
pub(crate) struct MeetingResponse {
    /// The outcome of the request.
    outcome: Outcome,
    /// Identifies the meeting in API paths.
    #[cfg_attr(feature = "openapi", schema(value_type = MeetingId))]
    id: String,
    /// The recruiter in whose name the meeting is.
    user: UserId,
    /// The link to give to people: it leads to the interview even after it has been moved or handed over to a
    /// colleague, or after Microsoft has changed its own links.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    link: String,
    /// Microsoft's address for joining the meeting.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    join_url: String,
    /// The title.
    subject: String,
    /// When the meeting starts.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    start: Timestamp,
    /// When the meeting ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    end: Timestamp,
    /// Addresses of the people invited.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    attendees: Vec<String>,
    /// Addresses of people who may run the meeting alongside the recruiter.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    co_organizers: Vec<String>,
    /// Addresses of the people named as presenters.
    #[cfg_attr(feature = "openapi", schema(max_items = 1000))]
    presenter_addresses: Vec<String>,
    /// The options in force, as far as Microsoft reported them.
    settings: MeetingOptions,
    /// Names of what was requested but is not in force: options that the customer's tenant policy forbids, people whom
    /// Microsoft did not accept, the title. Start and end are never among them.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    dropped: Vec<&'static str>,
    /// After a hand-over: whether the previous meeting has been cancelled at Microsoft. If not, its recruiter's account
    /// is not available; the same request cancels it once the recruiter has signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_cancelled: Option<bool>,
    /// How to join with a meeting ID instead of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    join_by_number: Option<MeetingNumberResponse>,
    /// How to join by phone, if the customer's tenant supports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    dial_in: Option<DialInResponse>,
    /// Microsoft's text for an invitation, in the language of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    join_text: Option<String>,
}

/// How to join with a meeting ID.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingNumber))]
struct MeetingNumberResponse {
    /// The meeting ID.
    id: String,
    /// The passcode that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<String>,
}

/// How to join by phone.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DialIn))]
struct DialInResponse {
    /// The conference ID.
    conference_id: String,
    /// The number to dial.
    #[serde(skip_serializing_if = "Option::is_none")]
    toll_number: Option<String>,
    /// The toll-free number.
    #[serde(skip_serializing_if = "Option::is_none")]
    toll_free_number: Option<String>,
    /// A page with numbers for other locations.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_numbers: Option<String>,
}

/// A meeting as it is answered to the ATS.
#[derive(Debug)]
pub(crate) struct MeetingAnswer {
    user: UserId,
    link: String,
    /// Where it is read.
    location: String,
    result: MeetingResult,
    previous_cancelled: Option<bool>,
}

/// The link to a meeting as a QR code.
#[derive(Debug)]
pub(crate) struct QrCodeResponse(pub(crate) String);

/// The answer to an order; a header tells whether the same order was answered before.
#[derive(Debug)]
pub(crate) struct CreateMeetingAnswer(pub(crate) MeetingAnswer);

/// A calendar message.
#[derive(Debug)]
pub(crate) struct InvitationResponse(pub(crate) CalendarMessage);

impl IntoResponse for CreateMeetingAnswer {
    fn into_response(self) -> Response {
        let replayed = if self.0.result.outcome == Outcome::Created { "false" } else { "true" };
        ([(HeaderName::from_static("idempotency-replayed"), replayed)], self.0).into_response()
    }
}

impl IntoResponse for InvitationResponse {
    /// The media type names the method (RFC 6047 §2.4): mail programs show buttons to accept or decline for it.
    fn into_response(self) -> Response {
        let CalendarMessage { method, text } = self.0;
        let media_type = format!("text/calendar; charset=utf-8; method={}", method.as_str());
        let file = if method == ItipMethod::Cancel { "cancellation.ics" } else { "invitation.ics" };
        let disposition = format!("attachment; filename=\"{file}\"");
        ([(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition)], text).into_response()
    }
}

impl IntoResponse for CancelOutcome {
    fn into_response(self) -> Response {
        match self {
            Self::Cancelled => StatusCode::NO_CONTENT.into_response(),
            Self::Recorded => StatusCode::ACCEPTED.into_response(),
        }
    }
}

impl IntoResponse for QrCodeResponse {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "image/svg+xml")], self.0).into_response()
    }
}

impl IntoResponse for MeetingAnswer {
    fn into_response(self) -> Response {
        let tag = [(header::ETAG, EntityTag::new(&self.result.meeting).as_str().to_owned())];
        if self.result.outcome == Outcome::Created {
            let location = [(header::LOCATION, self.location.clone())];
            return (StatusCode::CREATED, tag, location, Json(self.into_response_body())).into_response();
        }
        (tag, Json(self.into_response_body())).into_response()
    }
}

impl MeetingAnswer {
    /// The result with our own link to the meeting.
    pub(crate) fn new(
        meetings: &Meetings,
        link_key: &DeterministicSealingKey,
        customer: &CustomerId,
        user: &UserId,
        result: MeetingResult,
    ) -> Result<Self, Problem> {
        let link = meeting_link::url(meetings, link_key, customer, user, &result.meeting)?;
        let id = result.meeting.id.to_base64url();
        let ids = [("customer", customer.as_str()), ("user", user.as_str()), ("id", &id)];
        let location = routes::GET_MEETING.url(meetings.settings.api_url.as_str(), &ids);
        Ok(Self { user: user.clone(), link, location, result, previous_cancelled: None })
    }

    /// After a hand-over: whether the previous meeting is cancelled.
    pub(crate) fn with_previous_cancelled(self, is_cancelled: bool) -> Self {
        Self { previous_cancelled: Some(is_cancelled), ..self }
    }

    /// The link to the meeting.
    pub(crate) fn link(&self) -> &str {
        &self.link
    }

    fn into_response_body(self) -> MeetingResponse {
        let Self { user, link, location: _, result: MeetingResult { outcome, meeting, dropped }, previous_cancelled } =
            self;
        let named = |role| with_role(&meeting.people, role).map(|address| address.as_str().to_owned()).collect();
        let (attendees, co_organizers, presenters) =
            (named(ParticipantRole::Attendee), named(ParticipantRole::CoOrganizer), named(ParticipantRole::Presenter));
        let Meeting { id, join_url, subject, times, options, number, dial_in, join_text, .. } = meeting;
        MeetingResponse {
            outcome,
            id: id.to_base64url(),
            user,
            link,
            join_url: join_url.as_str().to_owned(),
            subject,
            start: times.start,
            end: times.end,
            attendees,
            co_organizers,
            presenter_addresses: presenters,
            settings: options,
            dropped,
            previous_cancelled,
            join_by_number: number.map(|MeetingNumber { id, passcode }| MeetingNumberResponse { id, passcode }),
            dial_in: dial_in.map(DialInResponse::from),
            join_text,
        }
    }
}

impl From<DialIn> for DialInResponse {
    fn from(dial_in: DialIn) -> Self {
        let DialIn { conference_id, toll_number, toll_free_number, more_numbers } = dial_in;
        Self { conference_id, toll_number, toll_free_number, more_numbers }
    }
}
