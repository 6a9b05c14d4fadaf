//! An event as the ATS receives it: a `CloudEvents` 1.0 document in JSON.

use serde::Serialize;

use shared::domain::entra_app::Contact;
use shared::domain::event::{Event, EventKind};
use shared::domain::finding::{Actor, FindingKind, FormField, Severity};
use shared::http::problem::RecoveryRequest;
use shared::http::routes;
use shared::types::base_url::BaseUrl;
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;

/// An event: a [CloudEvents](https://github.com/cloudevents/spec) document.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = WebhookEvent))]
pub(crate) struct EventDocument<'a> {
    /// The version of `CloudEvents`.
    specversion: &'static str,
    /// The id; it stays the same when the event is sent again. The `webhook-id` header has it too.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^evt_[0-9a-f]{24}$", max_length = 28))]
    id: String,
    /// The address of the customer in this API.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    source: String,
    /// What happened. Values may be added: ignore those you do not know.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    kind: EventKind,
    /// When it happened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    time: Timestamp,
    /// The media type of `data`.
    datacontenttype: &'static str,
    /// What is known about it.
    data: EventData<'a>,
}

/// Whom an event concerns, who must act, and what helps.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct EventData<'a> {
    /// The customer, by the ATS's own id.
    customer: &'a CustomerId,
    /// The recruiter, by the ATS's own id, if the event concerns a connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a UserId>,
    /// Who must act; missing if nobody must.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Actor>,
    /// The e-mail address that the customer's administrator left for reminders, if the administrator must act.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Email))]
    contact: Option<&'a Contact>,
    /// What happened, in a sentence for people.
    sentence: EventText,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<EventFinding>,
    /// The last day of the credential, if the event concerns credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    expires_on: Option<String>,
    /// A request that returns what the person who must act needs, usually a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<RecoveryRequest>,
}

/// What is wrong, and what to do.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct EventFinding {
    /// The stable code.
    code: &'static str,
    /// How severe it is.
    severity: Severity,
    /// The field of the form that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<FormField>,
    /// What is wrong.
    what: EventText,
    /// What to do.
    remedy: EventText,
}

/// A text in both languages.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(crate) struct EventText {
    /// Polish.
    pl: String,
    /// English.
    en: String,
}

impl EventText {
    fn new(text: impl Fn(Language) -> String) -> Self {
        Self { pl: text(Language::Pl), en: text(Language::En) }
    }
}

impl From<FindingKind> for EventFinding {
    fn from(kind: FindingKind) -> Self {
        Self {
            code: kind.code(),
            severity: kind.severity(),
            field: kind.field(),
            what: EventText::new(|language| kind.message(language).title.into()),
            remedy: EventText::new(|language| kind.message(language).remedy.into()),
        }
    }
}

impl<'a> EventDocument<'a> {
    /// The document of an event, for an ATS that calls `api_url`.
    pub(crate) fn new(event: &'a Event, contact: Option<&'a Contact>, api_url: &BaseUrl) -> Self {
        let finding = event.finding_kind();
        let source = routes::GET_CUSTOMER.url(api_url.as_str(), &[("customer", event.customer.as_str())]);
        let data = EventData {
            customer: &event.customer,
            user: event.user.as_ref(),
            actor: actor(event),
            contact,
            sentence: EventText::new(|language| event.sentence(language)),
            finding: finding.map(EventFinding::from),
            expires_on: event.expires_on.map(|day| day.to_string()),
            mend: recovery(event, api_url),
        };
        Self {
            specversion: "1.0",
            id: event.id.to_string(),
            source,
            kind: event.kind,
            time: event.at,
            datacontenttype: "application/json",
            data,
        }
    }
}

/// Who must act.
pub(crate) fn actor(event: &Event) -> Option<Actor> {
    let finding = event.finding_kind();
    match event.kind {
        EventKind::ConnectionNeedsSignIn => Some(finding.map_or(Actor::Recruiter, FindingKind::actor)),
        EventKind::CredentialExpiring | EventKind::CredentialExpired | EventKind::ConsentDeclined => {
            Some(Actor::CustomerAdmin)
        }
        EventKind::CustomerBlocked | EventKind::SignInTestFailed | EventKind::IntakeFailed => {
            Some(finding.map_or(Actor::CustomerAdmin, FindingKind::actor))
        }
        _ => None,
    }
}

/// What gets the link that helps.
fn recovery(event: &Event, api_url: &BaseUrl) -> Option<RecoveryRequest> {
    let (customer, user) = (event.customer.as_str(), event.user.as_ref());
    let url = |route: routes::Route| {
        let user = user.map_or("", UserId::as_str);
        route.url(api_url.as_str(), &[("customer", customer), ("user", user)])
    };
    match event.kind {
        EventKind::ConnectionNeedsSignIn => Some(RecoveryRequest::post(url(routes::CREATE_CONNECT_LINK), None)),
        EventKind::CredentialExpiring
        | EventKind::CredentialExpired
        | EventKind::CustomerBlocked
        | EventKind::IntakeFailed => Some(RecoveryRequest::post(url(routes::CREATE_INTAKE_LINK), None)),
        EventKind::ConsentDeclined | EventKind::SignInTestFailed => {
            Some(RecoveryRequest::get(url(routes::GET_CUSTOMER)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn document(kind: EventKind, finding: Option<&str>) -> Value {
        let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let at = "2026-11-24T09:00:00Z".parse().unwrap();
        let event = Event::of_user(kind, (&customer, &user), at, at).with_finding(finding);
        serde_json::to_value(EventDocument::new(&event, None, &"https://api.example".parse().unwrap())).unwrap()
    }

    #[test]
    fn an_event_says_who_must_act_and_which_request_helps() {
        let told = document(EventKind::ConnectionNeedsSignIn, Some("user_disabled"));
        assert_eq!(told["type"], "connection.needs_sign_in");
        assert_eq!(told["source"], "https://api.example/v1/customers/kadry");
        let data = &told["data"];
        assert_eq!((&data["actor"], &data["finding"]["code"]), (&json!("customer_admin"), &json!("user_disabled")));
        let url = "https://api.example/v1/customers/kadry/users/anna/connect-links";
        assert_eq!(data["mend"], json!({"method": "POST", "url": url}));
        assert_eq!(document(EventKind::ConnectionMade, None)["data"].get("actor"), None);
    }

    #[test]
    fn what_only_a_later_version_knows_is_told_without_its_finding() {
        let told = document(EventKind::CustomerBlocked, Some("of_a_later_version"));
        assert_eq!(told["data"].get("finding"), None);
        assert_eq!(told["data"]["actor"], "customer_admin");
    }
}
