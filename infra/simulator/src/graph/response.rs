//! A meeting in a response of Graph.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::graph::meeting::SimulatedMeeting;
use crate::graph::time::written;
use crate::http_message::{PageLanguage, SimulatedRequest};
use crate::state::{SimulatorState, later};

/// The full resource, or the properties in `$select`.
pub(crate) fn render(
    state: &SimulatorState,
    call: &SimulatedRequest,
    meeting: &SimulatedMeeting,
    select: Option<&[&str]>,
) -> Map<String, Value> {
    let record = &meeting.record;
    let organizer_name = state.account(record.tenant, record.organizer_oid).map(|(_, user)| user.name.clone());
    let mut body = record.properties.clone();
    let rest = json!({
        "id": record.id,
        "creationDateTime": written(meeting.created),
        "startDateTime": written(record.start),
        "endDateTime": written(record.end),
        // Dial-in and options expire 60 days after the end (Teams limits page).
        "expiryDateTime": written(later(record.end, SignedDuration::from_hours(60 * 24))),
        "joinWebUrl": record.join_web_url,
        "meetingOptionsWebUrl": format!(
            "https://teams.microsoft.com/meetingOptions/?organizerId={}&tenantId={}&threadId={}",
            record.organizer_oid, record.tenant, meeting.thread.replace(':', "%3a").replace('@', "%40")
        ),
        "subject": record.subject,
        "isBroadcast": false,
        "broadcastSettings": null,
        "externalId": record.external_id,
        "videoTeleconferenceId": null,
        "cloudVideoInteropInfo": null,
        "attendeeReport": null,
        "meetingType": "scheduled",
        "chatInfo": {
            "threadId": meeting.thread,
            "messageId": "0",
            "replyChainMessageId": null,
        },
        "joinMeetingIdSettings": {
            "isPasscodeRequired": meeting.passcode.is_some(),
            "joinMeetingId": meeting.join_id,
            "passcode": meeting.passcode,
        },
        "audioConferencing": audio(meeting),
        "joinInformation": {
            "content": invitation(meeting, call.language()),
            "contentType": "html",
        },
    });
    if let Value::Object(rest) = rest {
        body.extend(rest);
    }
    body["participants"]["organizer"] = json!({
        "upn": record.organizer,
        "role": "presenter",
        "identity": {
            "application": null,
            "device": null,
            "user": {
                "id": record.organizer_oid,
                "displayName": organizer_name,
                "tenantId": record.tenant,
                "identityProvider": "AAD",
            },
        },
    });
    if !knows_all_members(call) {
        hide_unknown_members(&mut body);
    }
    if let Some(names) = select {
        body.retain(|name, _| names.contains(&name.as_str()) || name == "id");
    }
    body
}

/// `Prefer: include-unknown-enum-members` (Graph best practices, evolvable enums).
pub(crate) fn knows_all_members(call: &SimulatedRequest) -> bool {
    call.headers.get_all("prefer").iter().any(|value| {
        value
            .to_str()
            .is_ok_and(|value| value.split([',', ';']).any(|word| word.trim() == "include-unknown-enum-members"))
    })
}

fn hide_unknown_members(body: &mut Map<String, Value>) {
    let hide = |value: &mut Value, unknown: &[&str]| {
        if value.as_str().is_some_and(|own| unknown.contains(&own)) {
            *value = json!("unknownFutureValue");
        }
    };
    if let Some(lobby) = body.get_mut("lobbyBypassSettings").filter(|own| own.is_object()) {
        hide(&mut lobby["scope"], &["invited", "organizationExcludingGuests"]);
    }
    if let Some(attendees) = body["participants"]["attendees"].as_array_mut() {
        for attendee in attendees {
            hide(&mut attendee["role"], &["producer", "coorganizer"]);
        }
    }
}

fn audio(meeting: &SimulatedMeeting) -> Value {
    let Some(conference) = &meeting.conference_id else {
        return Value::Null;
    };
    json!({
        "conferenceId": conference,
        "tollNumber": "+48 22 555 01 00",
        "tollNumbers": ["+48 22 555 01 00"],
        "tollFreeNumber": null,
        "tollFreeNumbers": [],
        "dialinUrl": format!(
            "https://dialin.teams.microsoft.com/6787a136-a9b8-4d39-846c-c0f1ff937f10?id={conference}"
        ),
    })
}

/// The invitation text: a data URL in the language of `Accept-Language`.
fn invitation(meeting: &SimulatedMeeting, language: PageLanguage) -> String {
    let (title, join, id, passcode) = match language {
        PageLanguage::Polish => {
            ("Spotkanie w aplikacji Microsoft Teams", "Dołącz do spotkania", "Identyfikator spotkania", "Kod dostępu")
        }
        PageLanguage::English => ("Microsoft Teams meeting", "Join the meeting now", "Meeting ID", "Passcode"),
    };
    let passcode = meeting.passcode.as_ref().map_or_else(String::new, |own| format!("<div>{passcode}: {own}</div>"));
    let lang = match language {
        PageLanguage::Polish => "pl-PL",
        PageLanguage::English => "en-US",
    };
    let html = format!(
        "<div lang=\"{lang}\"><div>{title}</div><div><a href=\"{}\">{join}</a></div>\
         <div>{id}: {}</div>{passcode}</div>",
        meeting.record.join_web_url, meeting.join_id
    );
    let encoded: String = form_urlencoded::byte_serialize(html.as_bytes()).collect();
    format!("data:text/html,{encoded}")
}
