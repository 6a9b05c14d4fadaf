//! Bodies, queries and headers that come in.

use axum::http::{HeaderMap, HeaderValue};
use jiff::tz::TimeZone;
use serde::Deserialize;

use shared::domain::meeting::{
    Chat, EmailAddress, IdempotencyKey, ItipMethod, Lobby, LobbyAdmitters, MAX_PARTICIPANTS, MeetingChange, MeetingId,
    MeetingIdError, MeetingOptions, MeetingOrder, MeetingTemplateId, Participant, ParticipantRole, Presenters,
    Recording, Subject, parse_date_time, parse_time_zone, validate_times,
};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded::parse_known;
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;

/// Whose meeting a request is about, and the language of its answer.
#[derive(Debug)]
pub(crate) struct RequestContext {
    pub(crate) customer: CustomerId,
    pub(crate) user: UserId,
    pub(crate) language: Language,
}

/// A body with fields of its own, and the people and options that both bodies take.
macro_rules! meeting_request {
    ($(#[$doc:meta])* $name:ident as $schema:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = $schema))]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $($(#[$field_doc])* $field: $type,)*
            /// Addresses of those who are invited; 50 people at most, all roles together.
            #[cfg_attr(feature = "openapi", schema(max_items = 50))]
            attendees: Option<Vec<String>>,
            /// Addresses of those who may run it beside the recruiter: accounts of the customer's tenant.
            #[cfg_attr(feature = "openapi", schema(max_items = 50))]
            co_organizers: Option<Vec<String>>,
            /// Who need not wait in the lobby.
            lobby: Option<Lobby>,
            /// Whether those who dial in skip the lobby.
            dial_in_skips_lobby: Option<bool>,
            /// Who lets people in from the lobby.
            lobby_admitters: Option<LobbyAdmitters>,
            /// Whether the meeting is recorded.
            recording: Option<Recording>,
            /// Whether it may be transcribed.
            transcription: Option<bool>,
            /// Who may present. Without a word, `named` if there are `presenter_addresses`.
            presenters: Option<Presenters>,
            /// Addresses of those who may present, beside the recruiter and the co-organizers: with `named` only.
            #[cfg_attr(feature = "openapi", schema(max_items = 50))]
            presenter_addresses: Option<Vec<String>>,
            /// Whether there is a chat: always, never, or during the meeting only.
            chat: Option<Chat>,
            /// Whether it is announced who enters and leaves.
            announce_entry: Option<bool>,
            /// Whether attendees may switch on their microphones.
            microphones: Option<bool>,
            /// Whether attendees may switch on their cameras.
            cameras: Option<bool>,
            /// Whether a passcode is asked of those who join by the meeting's number. Counts at creation only.
            passcode: Option<bool>,
            /// The template that it follows, by Microsoft's id; needs a licence. Counts at creation only.
            template: Option<MeetingTemplateId>,
            /// A zone of the IANA database, for times without an offset.
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
}

meeting_request! {
    /// What the ATS orders. An option that is left out is as the customer's tenant has it.
    CreateMeetingRequest as MeetingOrder {
        /// The title: one visible line.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255))]
        subject: String,
        /// RFC 3339 with an offset, or local time in `time_zone`.
        #[cfg_attr(feature = "openapi", schema(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$"))]
        start: String,
        /// The same; a minute to 24 hours after `start`.
        #[cfg_attr(feature = "openapi", schema(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$"))]
        end: String,
        /// The language of Microsoft's invitation text; without one, that of `Accept-Language`.
        language: Option<Language>,
    }
}

meeting_request! {
    /// What is to change. What is left out stays.
    UpdateMeetingRequest as MeetingChange {
        /// The title: one visible line.
        #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 255))]
        subject: Option<String>,
        /// RFC 3339 with an offset, or local time in `time_zone`.
        #[cfg_attr(feature = "openapi", schema(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$"))]
        start: Option<String>,
        /// The same; a minute to 24 hours after `start`.
        #[cfg_attr(feature = "openapi", schema(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$"))]
        end: Option<String>,
    }
}

/// `POST …/meetings/{id}/hand-over`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingHandOver))]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOverRequest {
    /// The colleague, by the ATS's own id: another connected recruiter of the customer.
    pub(crate) to_user: UserId,
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

impl CreateMeetingRequest {
    /// Parses every field and reports every error at once.
    pub(crate) fn parse(&self, default_language: Language, now: Timestamp) -> Result<MeetingOrder, Problem> {
        let mut errors = FieldErrors(Vec::new());
        let zone = self.time_zone.as_deref();
        let subject = errors.check("subject", self.subject.parse::<Subject>());
        let start = errors.check("start", parse_date_time(&self.start, zone));
        let end = errors.check("end", parse_date_time(&self.end, zone));
        if let (Some(start), Some(end)) = (start, end) {
            errors.check("end", validate_times(start, end, now));
        }
        let [attendees, co_organizers, presenters] = self.people(&mut errors);
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
        Ok(MeetingOrder {
            subject,
            start,
            end,
            people,
            options: self.options(),
            language: self.language.unwrap_or(default_language),
        })
    }
}

impl UpdateMeetingRequest {
    /// Parses every field and reports every error at once. The times are validated later, beside those that stay.
    pub(crate) fn parse(&self) -> Result<MeetingChange, Problem> {
        let mut errors = FieldErrors(Vec::new());
        let zone = self.time_zone.as_deref();
        let date_time = |text: &String| parse_date_time(text, zone);
        let subject = self.subject.as_ref().and_then(|text| errors.check("subject", text.parse::<Subject>()));
        let start = self.start.as_ref().and_then(|text| errors.check("start", date_time(text)));
        let end = self.end.as_ref().and_then(|text| errors.check("end", date_time(text)));
        let [attendees, co_organizers, presenters] = self.people(&mut errors);
        if !errors.0.is_empty() {
            return Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors.0));
        }
        Ok(MeetingChange { subject, start, end, attendees, co_organizers, presenters, options: self.options() })
    }
}

/// The query of `GET …/invitation.ics`.
#[derive(Debug)]
pub(crate) struct InvitationQuery {
    pub(crate) method: ItipMethod,
    pub(crate) language: Language,
    /// `None` means UTC.
    pub(crate) zone: Option<TimeZone>,
}

/// Parses `method`, `language` and `time_zone`, each at most once.
pub(crate) fn parse_invitation_query(query: &str, default_language: Language) -> Result<InvitationQuery, Problem> {
    let [method, language, zone] = parse_known(query, ["method", "language", "time_zone"])
        .map_err(|error| Problem::from(ProblemKind::MalformedRequest).with_cause(error))?;
    let mut errors = FieldErrors(Vec::new());
    let method = match method.as_deref() {
        None | Some("request") => ItipMethod::Request,
        Some("cancel") => ItipMethod::Cancel,
        Some(_) => errors.push_and_default("method", "is neither request nor cancel", ItipMethod::Request),
    };
    let language = match language.map(|tag| Language::from_bcp47(&tag)) {
        None => default_language,
        Some(Some(language)) => language,
        Some(None) => errors.push_and_default("language", "is neither pl nor en", default_language),
    };
    let zone = zone.and_then(|name| errors.check("time_zone", parse_time_zone(&name)));
    if errors.0.is_empty() {
        Ok(InvitationQuery { method, language, zone })
    } else {
        Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors.0))
    }
}

/// The errors found so far.
struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// The value, or its error is added.
    fn check<T, E: std::fmt::Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldError::new(field, &error.to_string()))).ok()
    }

    /// Adds an error and goes on with a default.
    fn push_and_default<T>(&mut self, field: &str, detail: &str, default: T) -> T {
        self.0.push(FieldError::new(field, detail));
        default
    }

    /// Parses the lists of people: nobody twice in any roles, and at most [`MAX_PARTICIPANTS`] in all.
    fn parse_participants<const N: usize>(
        &mut self,
        lists: [(&str, Option<&[String]>); N],
    ) -> [Option<Vec<EmailAddress>>; N] {
        let mut seen: Vec<EmailAddress> = Vec::new();
        let total: usize = lists.iter().map(|(_, texts)| texts.map_or(0, <[String]>::len)).sum();
        if total > MAX_PARTICIPANTS {
            self.0.push(FieldError::new(lists[0].0, "are more than 50 people, all roles together"));
            return [const { None }; N];
        }
        lists.map(|(field, texts)| {
            let texts = texts?;
            let mut people = Vec::new();
            for (index, text) in texts.iter().enumerate() {
                let field = format!("{field}[{index}]");
                let Some(address) = self.check(&field, text.parse::<EmailAddress>()) else { continue };
                if seen.iter().any(|other| other.is_same_mailbox(address.as_str())) {
                    self.0.push(FieldError::new(&field, "stands twice"));
                }
                seen.push(address.clone());
                people.push(address);
            }
            Some(people)
        })
    }
}

/// Parses the one `Idempotency-Key` (IETF draft `httpapi-idempotency-key-header`).
pub(crate) fn parse_idempotency_key(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let missing = || Problem::from(ProblemKind::IdempotencyKeyMissing);
    let mut values = headers.get_all("idempotency-key").iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else {
        return Err(missing());
    };
    IdempotencyKey::from_header(value).map_err(|error| missing().with_cause(error))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        let name = HeaderName::from_static("idempotency-key");
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    fn fields_in_error(problem: &Problem) -> Vec<String> {
        let document = problem.document(Language::En, "", "");
        let errors = document["errors"].as_array().unwrap();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn exactly_one_key_of_visible_characters_is_accepted() {
        assert_eq!(parse_idempotency_key(&headers(&["order-1"])).unwrap().as_str(), "order-1");
        assert_eq!(parse_idempotency_key(&headers(&["\"order-1\""])).unwrap().as_str(), "order-1");
        for values in [&[][..], &[""], &["a b"], &["ż"], &["a", "a"], &[&"x".repeat(256)]] {
            assert_eq!(
                parse_idempotency_key(&headers(values)).unwrap_err().kind(),
                ProblemKind::IdempotencyKeyMissing,
                "{values:?}"
            );
        }
    }

    #[test]
    fn every_error_of_an_order_is_reported_at_once() {
        let body: CreateMeetingRequest = serde_json::from_str(
            r#"{"subject":" ","start":"2026-11-25","end":"2026-11-25T10:00:00Z","attendees":["a@b.example","x"],
                "presenter_addresses":["A@B.example"]}"#,
        )
        .unwrap();
        let problem = body.parse(Language::En, "2026-11-24T12:00:00Z".parse().unwrap()).unwrap_err();
        assert_eq!(fields_in_error(&problem), ["subject", "start", "attendees[1]", "presenter_addresses[0]"]);
    }

    #[test]
    fn people_are_counted_over_all_roles() {
        let names: Vec<String> = (0..51).map(|n| format!("a{n}@x.example")).collect();
        let text = serde_json::json!({ "attendees": names[..25], "co_organizers": names[25..] }).to_string();
        let body: UpdateMeetingRequest = serde_json::from_str(&text).unwrap();
        assert_eq!(fields_in_error(&body.parse().unwrap_err()), ["attendees"]);
    }

    #[test]
    fn presenters_are_a_word_and_addresses() {
        let presenters = |text: &str| {
            let body: UpdateMeetingRequest = serde_json::from_str(text).unwrap();
            let change = body.parse().map_err(|problem| fields_in_error(&problem))?;
            Ok((change.options.presenters, change.presenters.map(|named| named.len())))
        };
        let named = Some(Presenters::Named);
        let cases = [
            (r#"{"presenters":"organizer"}"#, Ok((Some(Presenters::Organizer), None))),
            (r#"{"presenters":"named","presenter_addresses":["a@x.example"]}"#, Ok((named, Some(1)))),
            (r#"{"presenter_addresses":["a@x.example"]}"#, Ok((named, Some(1)))),
            (r#"{"presenter_addresses":[]}"#, Ok((named, Some(0)))),
            (r#"{"presenters":"named"}"#, Ok((named, None))),
            (r#"{"presenters":"organizer","presenter_addresses":[]}"#, Ok((Some(Presenters::Organizer), Some(0)))),
            (r#"{"presenters":null,"presenter_addresses":null}"#, Ok((None, None))),
            ("{}", Ok((None, None))),
        ];
        for (text, expected) in cases {
            assert_eq!(presenters(text), expected, "{text}");
        }
        let both = r#"{"presenters":"everyone","presenter_addresses":["a@x.example"]}"#;
        assert_eq!(presenters(both), Err(vec!["presenter_addresses".to_owned()]));
        assert!(serde_json::from_str::<UpdateMeetingRequest>(r#"{"presenters":["a@x.example"]}"#).is_err());
    }
}
