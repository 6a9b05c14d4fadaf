//! Graph: an online meeting, as [createOrGet](https://learn.microsoft.com/graph/api/onlinemeeting-createorget) answers.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::RequestCounts;
use crate::cast;

pub(super) fn answer(asked: &RequestCounts) -> (StatusCode, Value) {
    let refused = |status, code: &str| (status, json!({ "error": { "code": code, "message": "" } }));
    let token = asked.authorization.strip_prefix("Bearer ").and_then(|text| text.strip_prefix(&*cast::access_token()));
    let Some(whose) = token else { return refused(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken") };
    if (asked.method.as_str(), asked.path.as_str()) != ("POST", "/v1.0/me/onlineMeetings/createOrGet") {
        return refused(StatusCode::NOT_FOUND, "NotFound");
    }
    let Ok(order) = serde_json::from_slice::<Value>(&asked.body) else {
        return refused(StatusCode::BAD_REQUEST, "BadRequest");
    };
    let text = |name: &str| order[name].as_str().filter(|text| !text.is_empty());
    let (Some(key), Some(subject)) = (text("externalId"), text("subject")) else {
        return refused(StatusCode::BAD_REQUEST, "BadRequest");
    };
    let (Some(start), Some(end)) = (text("startDateTime"), text("endDateTime")) else {
        return refused(StatusCode::BAD_REQUEST, "BadRequest");
    };
    (StatusCode::CREATED, meeting(&format!("MSo{key}{whose}"), key, subject, start, end))
}

/// The id ends as the token did that opened the door, so that a meeting in another name is noticed.
fn meeting(id: &str, key: &str, subject: &str, start: &str, end: &str) -> Value {
    json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('me')/onlineMeetings/$entity",
        "id": id,
        "creationDateTime": start,
        "startDateTime": start,
        "endDateTime": end,
        "joinWebUrl": join_url(subject),
        "subject": subject,
        "externalId": key,
        "isBroadcast": false,
        "autoAdmittedUsers": "everyoneInCompany",
        "isEntryExitAnnounced": true,
        "allowedPresenters": "everyone",
        "allowMeetingChat": "enabled",
        "shareMeetingChatHistoryDefault": "none",
        "allowTeamworkReactions": true,
        "allowAttendeeToEnableMic": true,
        "allowAttendeeToEnableCamera": true,
        "allowRecording": true,
        "allowTranscription": true,
        "recordAutomatically": false,
        "videoTeleconferenceId": "115035821",
        "lobbyBypassSettings": { "scope": "organization", "isDialInBypassEnabled": false },
        "joinMeetingIdSettings": { "isPasscodeRequired": true, "joinMeetingId": "328514270165", "passcode": "Yo3kN8" },
        "chatInfo": { "threadId": "19:meeting_Y2ZjM2Ex@thread.v2", "messageId": "0", "replyChainMessageId": null },
        "joinInformation": { "contentType": "html", "content": "x".repeat(6_000) },
        "audioConferencing": {
            "conferenceId": "115035821",
            "tollNumber": "+48 22 000 00 00",
            "tollFreeNumber": null,
            "dialinUrl": "https://dialin.teams.microsoft.com/6b1c9d0a?id=115035821",
        },
        "participants": {
            "organizer": { "upn": cast::UPN, "role": "presenter", "identity": { "user": { "id": cast::OID } } },
            "attendees": [],
        },
    })
}

/// A link that only this subject leads to, so that an answer meant for somebody else is noticed.
pub(crate) fn join_url(subject: &str) -> String {
    let thread = subject.replace(' ', "-").to_lowercase();
    format!("https://teams.microsoft.com/l/meetup-join/19%3ameeting_{thread}%40thread.v2/0?context=%7b%7d")
}
