//! The events for the OpenAPI document: one webhook for each kind, with an example.

use serde_json::{Map, Value, json};
use shared::domain::event::{Event, EventKind, EventSubject};
use shared::domain::finding::FindingKind;
use shared::http::openapi::SchemaMap;
use shared::types::base_url::BaseUrl;
use shared::types::clock::Timestamp;
use shared::types::ids::{CustomerId, UserId};
use utoipa::{PartialSchema, ToSchema};

use crate::event_document::{EventDocument, actor};

/// The headers of every webhook, as Standard Webhooks names them.
const HEADERS: [(&str, &str); 3] = [
    ("webhook-id", "The id of the event; repeats have the same id."),
    ("webhook-timestamp", "When this attempt was made, in seconds since 1970. Reject what is older than five minutes."),
    (
        "webhook-signature",
        "`v1,` and HMAC-SHA-256 in base64 over `webhook-id`, `.`, `webhook-timestamp`, `.` and the body; two, \
         separated by a space, while a key is being replaced.",
    ),
];

/// The webhooks by their codes, and their schemas.
#[must_use]
pub fn webhooks() -> (Map<String, Value>, SchemaMap) {
    let mut nested = Vec::new();
    EventDocument::schemas(&mut nested);
    let mut schemas: SchemaMap = nested.into_iter().collect();
    schemas.insert(EventDocument::name().into_owned(), EventDocument::schema());
    let webhooks = EventKind::ALL.iter().map(|kind| (kind.code().to_owned(), webhook(*kind)));
    (webhooks.collect(), schemas)
}

fn webhook(kind: EventKind) -> Value {
    let parameters = HEADERS.map(|(name, description)| {
        json!({"name": name, "in": "header", "required": true, "description": description, "schema": {"type": "string"}})
    });
    json!({
        "post": {
            "operationId": format!("on{}", in_camel_case(kind.code())),
            "tags": ["Events"],
            "summary": summary(kind.description()),
            "description": kind.description(),
            "security": [],
            "parameters": parameters,
            "requestBody": {
                "required": true,
                "content": {
                    "application/cloudevents+json": {
                        "schema": {"$ref": format!("#/components/schemas/{}", EventDocument::name())},
                        "example": example(kind),
                    }
                }
            },
            "responses": {
                "204": {
                    "description": "The event was received; any other 2xx means the same. Answer within eight seconds and do the rest afterwards."
                },
                "503": {"description": "The event is sent again, for up to a day, as after any other response."}
            }
        }
    })
}

/// The first sentence, without its end.
fn summary(description: &str) -> &str {
    description.split([':', ',', '.']).next().unwrap_or(description)
}

fn in_camel_case(code: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    code.split(['.', '_']).map(capital).collect()
}

fn example(kind: EventKind) -> Value {
    let parsed = "praca-24".parse::<CustomerId>().ok().zip("ewa.wilk".parse::<UserId>().ok());
    let moments =
        "2026-11-02T08:00:00Z".parse::<Timestamp>().ok().zip("2026-11-24T09:30:00Z".parse::<Timestamp>().ok());
    let address = "https://teams.ats.example".parse::<BaseUrl>().ok();
    let (Some((customer, user)), Some((tenure, at)), Some(address)) = (parsed, moments, address) else {
        return Value::Null;
    };
    let event = match kind.subject() {
        EventSubject::Connection => Event::of_user(kind, (&customer, &user), tenure, at),
        EventSubject::App | EventSubject::Offboarding | EventSubject::Intake | EventSubject::Trial => {
            Event::of_customer(kind, &customer, tenure, at)
        }
    };
    let finding = match kind {
        EventKind::CustomerBlocked => Some(FindingKind::SecretExpired),
        EventKind::SignInTestFailed => Some(FindingKind::ConsentMissing),
        EventKind::IntakeFailed => Some(FindingKind::SecretIsSecretId),
        EventKind::ConnectionNeedsSignIn => Some(FindingKind::SignInExpired),
        _ => None,
    };
    let expires_on = kind.code().starts_with("credential.").then(|| "2026-12-24".parse().ok()).flatten();
    let event = event.with_finding(finding.map(FindingKind::code)).with_expiry(expires_on);
    let contact = expires_on.and_then(|_| "it@praca.example".parse().ok()).filter(|_| actor(&event).is_some());
    serde_json::to_value(EventDocument::new(&event, contact.as_ref(), &address)).unwrap_or_default()
}
