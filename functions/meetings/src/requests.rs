//! Bodies, queries and headers that come in.

mod field_errors;
mod invitation_query;

use axum::http::HeaderMap;
use serde::Deserialize;

use shared::domain::meeting::{
    Chat, EmailAddress, IdempotencyKey, IdempotencyKeyError, Lobby, LobbyAdmitters, MeetingChange, MeetingId,
    MeetingIdError, MeetingOptions, MeetingOrder, MeetingTemplateId, Participant, ParticipantRole, Presenters,
    Recording, Subject, validate_times,
};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;

use field_errors::FieldErrors;
pub(crate) use invitation_query::{InvitationQuery, parse_invitation_query};

/// Whose meeting a request is about, and the language of its answer.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) customer: CustomerId,
    pub(crate) user: UserId,
    pub(crate) language: Language,
}

/// A body with fields of its own, and those that all bodies take: title and times, which are required or not, people and
/// options.
macro_rules! meeting_request {
    (@times $date_time:literal; $(#[$doc:meta])* $name:ident as $schema:ident, title and times $texts:ty {
        $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = $schema))]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $($(#[$field_doc])* $field: $type,)*
            /// The title: one line of visible text.
            #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255))]
            subject: $texts,
            /// RFC 3339 with an offset, or local time in `time_zone`.
            #[cfg_attr(feature = "openapi", schema(pattern = $date_time))]
            start: $texts,
            /// The same; one minute to 24 hours after `start`.
            #[cfg_attr(feature = "openapi", schema(pattern = $date_time))]
            end: $texts,
            /// Addresses of the people invited; at most 50 people in all roles together.
            #[cfg_attr(feature = "openapi", schema(max_items = 50))]
            attendees: Option<Vec<String>>,
            /// Addresses of people who may run the meeting alongside the recruiter: accounts in the customer's tenant.
            #[cfg_attr(feature = "openapi", schema(max_items = 50))]
            co_organizers: Option<Vec<String>>,
            /// Who does not have to wait in the lobby.
            lobby: Option<Lobby>,
            /// Whether people who dial in skip the lobby.
            dial_in_skips_lobby: Option<bool>,
            /// Who lets people in from the lobby.
            lobby_admitters: Option<LobbyAdmitters>,
            /// Whether the meeting is recorded.
            recording: Option<Recording>,
            /// Whether it may be transcribed.
            transcription: Option<bool>,
            /// Who may present. Defaults to `named` if there are `presenter_addresses`.
            presenters: Option<Presenters>,
            /// Addresses of people who may present, in addition to the recruiter and the co-organizers: with `named`
            /// only.
            #[cfg_attr(feature = "openapi", schema(max_items = 50))]
            presenter_addresses: Option<Vec<String>>,
            /// Whether there is a chat: always, never, or during the meeting only.
            chat: Option<Chat>,
            /// Whether people are announced when they join and leave.
            announce_entry: Option<bool>,
            /// Whether attendees may turn on their microphones.
            microphones: Option<bool>,
            /// Whether attendees may turn on their cameras.
            cameras: Option<bool>,
            /// Whether people who join with the meeting ID need a passcode. Applies only when the meeting is created.
            passcode: Option<bool>,
            /// The meeting template, by Microsoft's id; requires a licence. Applies only when the meeting is created.
            template: Option<MeetingTemplateId>,
            /// A time zone from the IANA database or from Windows, for times without an offset.
            #[cfg_attr(feature = "openapi", schema(min_length = 1))]
            time_zone: Option<String>,
        }

        impl $name {
            fn options(&self) -> MeetingOptions {
                MeetingOptions {
                    lobby: self.lobby,
                    dial_in_skips_lobby: self.dial_in_skips_lobby,
                    lobby_admitters: self.lobby_admitters,
                    recording: self.recording,
                    transcription: self.transcription,
                    presenters: self.presenters.or(self.presenter_addresses.as_ref().map(|_| Presenters::Named)),
                    chat: self.chat,
                    announce_entry: self.announce_entry,
                    microphones: self.microphones,
                    cameras: self.cameras,
                    passcode: self.passcode,
                    template: self.template.clone(),
                }
            }

            /// The people by role; `None` for a role that is left out.
            fn people(&self, errors: &mut FieldErrors) -> [Option<Vec<EmailAddress>>; 3] {
                let presenters = self.presenter_addresses.as_deref();
                let are_named = matches!(self.presenters, None | Some(Presenters::Named));
                if !are_named && presenters.is_some_and(|addresses| !addresses.is_empty()) {
                    errors.0.push(FieldError::new("presenter_addresses", "go with `named` presenters only"));
                }
                errors.parse_participants([
                    ("attendees", self.attendees.as_deref()),
                    ("co_organizers", self.co_organizers.as_deref()),
                    ("presenter_addresses", presenters),
                ])
            }
        }
    };
    ($($body:tt)*) => {
        meeting_request! { @times r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$"; $($body)* }
    };
}

meeting_request! {
    /// What the ATS orders. Options that are left out follow the customer's tenant settings.
    CreateMeetingRequest as MeetingOrder, title and times String {
        /// The language of Microsoft's invitation text; defaults to `Accept-Language`.
        language: Option<Language>,
    }
}

meeting_request! {
    /// What to change. Whatever is left out stays as it is.
    UpdateMeetingRequest as MeetingChange, title and times Option<String> {}
}

meeting_request! {
    /// Who takes over the interview. The members of an order are used only if the account of the recruiter who has the
    /// meeting is not available, for example because it was deleted; then `subject`, `start` and `end` are required.
    HandOverRequest as MeetingHandOver, title and times Option<String> {
        /// The colleague, by the ATS's own id: another connected recruiter of the customer.
        to_user: UserId,
        /// The language of Microsoft's invitation text; defaults to `Accept-Language`.
        language: Option<Language>,
    }
}

/// The link to a meeting as it stands in its path. What a mail program adds behind a slash is not read.
#[derive(Debug, Deserialize)]
pub(crate) struct MeetingLinkPath {
    pub(crate) link: String,
}

/// The id of a meeting as it stands in our URLs.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct MeetingIdPath(pub(crate) MeetingId);

impl TryFrom<String> for MeetingIdPath {
    type Error = MeetingIdError;
    fn try_from(text: String) -> Result<Self, MeetingIdError> {
        MeetingId::from_base64url(&text).map(Self)
    }
}

/// What an order must have, as it is written.
struct OrderTexts<'a> {
    subject: &'a str,
    start: &'a str,
    end: &'a str,
    time_zone: Option<&'a str>,
}

impl OrderTexts<'_> {
    /// Parses every field and reports every error at once.
    fn parse(
        &self,
        people: impl FnOnce(&mut FieldErrors) -> [Option<Vec<EmailAddress>>; 3],
        options: MeetingOptions,
        language: Language,
        now: Timestamp,
    ) -> Result<MeetingOrder, Problem> {
        let mut errors = FieldErrors::default();
        let zone = errors.parse_time_zone(self.time_zone);
        let subject = errors.check("subject", self.subject.parse::<Subject>());
        let start = errors.parse_date_time("start", self.start, &zone);
        let end = errors.parse_date_time("end", self.end, &zone);
        if let (Some(start), Some(end)) = (start, end)
            && let Err(error) = validate_times(start, end, now)
        {
            errors.0.push(FieldError::new(error.field(), &error.to_string()));
        }
        let [attendees, co_organizers, presenters] = people(&mut errors);
        let (Some(subject), Some(start), Some(end), true) = (subject, start, end, errors.0.is_empty()) else {
            return Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors.0));
        };
        let by_role = [
            (ParticipantRole::Attendee, attendees),
            (ParticipantRole::CoOrganizer, co_organizers),
            (ParticipantRole::Presenter, presenters),
        ];
        let people = by_role
            .into_iter()
            .flat_map(|(role, people)| {
                people.unwrap_or_default().into_iter().map(move |address| Participant { address, role })
            })
            .collect();
        Ok(MeetingOrder { subject, start, end, people, options, language })
    }
}

impl CreateMeetingRequest {
    /// Parses every field and reports every error at once.
    pub(crate) fn parse(&self, default_language: Language, now: Timestamp) -> Result<MeetingOrder, Problem> {
        let Self { subject, start, end, .. } = self;
        let texts = OrderTexts { subject, start, end, time_zone: self.time_zone.as_deref() };
        let language = self.language.unwrap_or(default_language);
        texts.parse(|errors| self.people(errors), self.options(), language, now)
    }
}

/// A hand-over.
#[derive(Debug)]
pub(crate) struct HandOverOrder {
    /// The colleague.
    pub(crate) to: UserId,
    /// The order of the new meeting if the previous one cannot be read, or the fields that are missing for one.
    pub(crate) order: Result<MeetingOrder, Vec<&'static str>>,
}

impl HandOverRequest {
    /// Parses every field and reports every error at once.
    pub(crate) fn parse(&self, default_language: Language, now: Timestamp) -> Result<HandOverOrder, Problem> {
        let to = self.to_user.clone();
        let (Some(subject), Some(start), Some(end)) = (&self.subject, &self.start, &self.end) else {
            let needed = [("subject", &self.subject), ("start", &self.start), ("end", &self.end)];
            let missing = needed.into_iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
            return Ok(HandOverOrder { to, order: Err(missing) });
        };
        let texts = OrderTexts { subject, start, end, time_zone: self.time_zone.as_deref() };
        let language = self.language.unwrap_or(default_language);
        let order = texts.parse(|errors| self.people(errors), self.options(), language, now)?;
        Ok(HandOverOrder { to, order: Ok(order) })
    }
}

impl UpdateMeetingRequest {
    /// Parses every field and reports every error at once. The times are validated later, beside those that stay.
    pub(crate) fn parse(&self) -> Result<MeetingChange, Problem> {
        let mut errors = FieldErrors::default();
        let zone = errors.parse_time_zone(self.time_zone.as_deref());
        let subject = self.subject.as_ref().and_then(|text| errors.check("subject", text.parse::<Subject>()));
        let start = self.start.as_ref().and_then(|text| errors.parse_date_time("start", text, &zone));
        let end = self.end.as_ref().and_then(|text| errors.parse_date_time("end", text, &zone));
        let [attendees, co_organizers, presenters] = self.people(&mut errors);
        errors.into_result()?;
        Ok(MeetingChange { subject, start, end, attendees, co_organizers, presenters, options: self.options() })
    }
}

/// Parses the one `Idempotency-Key` (IETF draft `httpapi-idempotency-key-header`).
pub(crate) fn parse_idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let invalid = |detail: &str| {
        Problem::from(ProblemKind::IdempotencyKeyInvalid).with_field(FieldError::new("Idempotency-Key", detail))
    };
    let mut values = headers.get_all("idempotency-key").iter();
    let value = values.next().ok_or(ProblemKind::IdempotencyKeyMissing)?;
    if values.next().is_some() {
        return Err(invalid("stands twice"));
    }
    let text = value.to_str().map_err(|_| invalid(&IdempotencyKeyError::Character.to_string()))?;
    IdempotencyKey::from_header(text).map_err(|error| invalid(&error.to_string()))
}

#[cfg(test)]
mod tests;
