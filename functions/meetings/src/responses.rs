//! A meeting as the ATS reads it.

use axum::Json;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use shared::domain::meeting::{
    DialIn, ItipMethod, Meeting, MeetingLink, MeetingNumber, MeetingOptions, ParticipantRole, with_role,
};
use shared::http::problem::{Outcome, Problem, ProblemKind};
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::sealing::deterministic::DeterministicSealingKey;

use crate::Meetings;
use crate::meeting::MeetingResult;

/// A meeting as Microsoft has it now.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Meeting))]
pub(crate) struct MeetingResponse {
    /// What came of the request.
    outcome: Outcome,
    /// Names the meeting in our addresses.
    id: String,
    /// In whose name it is.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    user: UserId,
    /// The link to give to people: it leads to the interview also after it was moved, handed to a colleague, or Microsoft
    /// changed its own links.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    link: String,
    /// Where everybody joins.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    join_url: String,
    /// The title.
    subject: String,
    /// From when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    start: Timestamp,
    /// Until when.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    end: Timestamp,
    /// Addresses of those who are invited.
    attendees: Vec<String>,
    /// Addresses of those who may run it beside the recruiter.
    co_organizers: Vec<String>,
    /// Addresses of those who were named as presenters.
    presenters: Vec<String>,
    /// The options in force, as far as Microsoft told them.
    settings: MeetingOptions,
    /// The options that were wished for and are not in force: the policy of the customer's tenant forbids them.
    dropped: Vec<&'static str>,
    /// How to join by number instead of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    join_by_number: Option<MeetingNumberResponse>,
    /// How to join by telephone, where the customer's tenant has that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    dial_in: Option<DialInResponse>,
    /// Microsoft's text for an invitation, in the language of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    join_text: Option<String>,
}

/// How to join by number.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingNumber))]
struct MeetingNumberResponse {
    /// The number.
    id: String,
    /// What is asked for beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    passcode: Option<String>,
}

/// How to join by telephone.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = DialIn))]
struct DialInResponse {
    /// The number of the conference.
    conference_id: String,
    /// The number to dial.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    toll_number: Option<String>,
    /// The number to dial for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    toll_free_number: Option<String>,
    /// A page with numbers of other places.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    more_numbers: Option<String>,
}

/// A meeting that is told to the ATS.
#[derive(Debug)]
pub(crate) struct MeetingAnswer {
    user: UserId,
    link: String,
    done: MeetingResult,
}

/// The answer to an order, which says whether it was answered before.
#[derive(Debug)]
pub(crate) struct CreateMeetingAnswer(pub(crate) MeetingAnswer);

/// An invitation, or that it is taken back.
#[derive(Debug)]
pub(crate) struct InvitationResponse {
    pub(crate) method: ItipMethod,
    pub(crate) text: String,
}

impl Meetings {
    /// What is told of a meeting, with our own link to it.
    pub(crate) fn answer(
        &self,
        seal: &DeterministicSealingKey,
        customer: &CustomerId,
        user: &UserId,
        done: MeetingResult,
    ) -> Result<MeetingAnswer, Problem> {
        let link = self.link(seal, customer, user, &done.meeting)?;
        Ok(MeetingAnswer { user: user.clone(), link, done })
    }

    /// Our own link to a meeting.
    pub(crate) fn link(
        &self,
        seal: &DeterministicSealingKey,
        customer: &CustomerId,
        user: &UserId,
        meeting: &Meeting,
    ) -> Result<String, Problem> {
        let (id, join_url) = (meeting.id.clone(), meeting.join_url.clone());
        let room = MeetingLink { customer: customer.clone(), user: user.clone(), id, join_url };
        let token = room.seal(seal).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
        Ok(format!("{}/m/{token}", self.public_url()))
    }
}

impl IntoResponse for CreateMeetingAnswer {
    fn into_response(self) -> Response {
        let replayed = if self.0.done.outcome == Outcome::Created { "false" } else { "true" };
        ([(HeaderName::from_static("idempotency-replayed"), replayed)], self.0).into_response()
    }
}

impl IntoResponse for InvitationResponse {
    /// `text/calendar` names the method again (RFC 5546 §3.1.1 and RFC 6047 §2.4), by which mail programs know that it can
    /// be answered.
    fn into_response(self) -> Response {
        let (media_type, disposition) = match self.method {
            ItipMethod::Request => {
                ("text/calendar; charset=utf-8; method=REQUEST", "attachment; filename=\"invitation.ics\"")
            }
            ItipMethod::Cancel => {
                ("text/calendar; charset=utf-8; method=CANCEL", "attachment; filename=\"cancellation.ics\"")
            }
        };
        ([(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition)], self.text).into_response()
    }
}

impl IntoResponse for MeetingAnswer {
    fn into_response(self) -> Response {
        let status = if self.done.outcome == Outcome::Created { StatusCode::CREATED } else { StatusCode::OK };
        (status, Json(self.into_response_body())).into_response()
    }
}

impl MeetingAnswer {
    fn into_response_body(self) -> MeetingResponse {
        let Self { user, link, done: MeetingResult { outcome, meeting, dropped } } = self;
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
            presenters,
            settings: options,
            dropped,
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
