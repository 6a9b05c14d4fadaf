//! A meeting as the simulator stores it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A meeting, as a test sees it.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingRecord {
    /// Graph id.
    pub id: String,
    /// Tenant of the organizer.
    pub tenant: Uuid,
    /// Object id of the organizer.
    pub organizer_oid: Uuid,
    /// User principal name of the organizer.
    pub organizer: String,
    /// The caller's own id, from `createOrGet`.
    pub external_id: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// The link.
    pub join_web_url: String,
    /// Options and participants, as in a Graph response.
    pub properties: Map<String, Value>,
    /// The number of changes.
    pub changes: u32,
    /// Whether it was deleted.
    pub deleted: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct SimulatedMeeting {
    pub(crate) record: MeetingRecord,
    pub(crate) created: Timestamp,
    pub(crate) thread: String,
    pub(crate) join_id: String,
    pub(crate) passcode: Option<String>,
    pub(crate) conference_id: Option<String>,
}

impl SimulatedMeeting {
    /// Whether the user organizes the meeting.
    pub(crate) fn is_of(&self, tenant: Uuid, oid: Uuid) -> bool {
        self.record.tenant == tenant && self.record.organizer_oid == oid
    }

    /// Whether the user is invited, by principal name or object id.
    pub(crate) fn invites(&self, tenant: Uuid, oid: Uuid, upn: &str) -> bool {
        let oid = oid.to_string();
        self.record.tenant == tenant
            && self.record.properties["participants"]["attendees"].as_array().is_some_and(|attendees| {
                attendees.iter().any(|attendee| {
                    let named = attendee["upn"].as_str();
                    let id = attendee["identity"]["user"]["id"].as_str();
                    named.is_some_and(|named| named.eq_ignore_ascii_case(upn))
                        || id.is_some_and(|id| id.eq_ignore_ascii_case(&oid))
                })
            })
    }

    /// Applies a checked body, except for times and external id.
    ///
    /// Objects are merged, lists are replaced. The organizer does not change.
    pub(crate) fn write(&mut self, body: &Map<String, Value>) {
        for (name, value) in body {
            match name.as_str() {
                "subject" => self.record.subject = value.as_str().map(str::to_owned),
                "startDateTime" | "endDateTime" | "externalId" | "chatInfo" | "@odata.type" => {}
                "participants" => {
                    if let Some(attendees) = value["attendees"].as_array() {
                        self.record.properties["participants"]["attendees"] = attendees.iter().map(attendee).collect();
                    }
                }
                "joinMeetingIdSettings" => {
                    if value["isPasscodeRequired"] == true {
                        let tail = self.join_id.get(6..).unwrap_or_default();
                        self.passcode = Some(format!("Sim{tail}"));
                    }
                }
                _ => merge_members(self.record.properties.entry(name.clone()).or_insert(Value::Null), value),
            }
        }
    }
}

fn merge_members(target: &mut Value, value: &Value) {
    match (target, value) {
        (Value::Object(own), Value::Object(new)) => {
            for (name, value) in new {
                own.insert(name.clone(), value.clone());
            }
        }
        (target, value) => *target = value.clone(),
    }
}

fn attendee(sent: &Value) -> Value {
    let user = &sent["identity"]["user"];
    json!({
        "upn": sent["upn"],
        "role": sent["role"].as_str().unwrap_or("attendee"),
        "identity": {
            "application": null,
            "device": null,
            "user": if user.is_object() {
                json!({ "id": user["id"], "displayName": user["displayName"] })
            } else {
                Value::Null
            },
        },
    })
}

pub(crate) fn defaults() -> Map<String, Value> {
    let defaults = json!({
        "allowAttendeeToEnableCamera": true,
        "allowAttendeeToEnableMic": true,
        "allowBreakoutRooms": true,
        "allowCopyingAndSharingMeetingContent": true,
        "allowLiveShare": "enabled",
        "allowMeetingChat": "enabled",
        "allowParticipantsToChangeName": false,
        "allowPowerPointSharing": true,
        "allowRecording": true,
        "allowTeamworkReactions": true,
        "allowTranscription": true,
        "allowWhiteboard": true,
        "allowedLobbyAdmitters": "organizerAndCoOrganizersAndPresenters",
        "allowedPresenters": "everyone",
        "chatRestrictions": null,
        "isEndToEndEncryptionEnabled": null,
        "isEntryExitAnnounced": true,
        "lobbyBypassSettings": { "scope": "organization", "isDialInBypassEnabled": false },
        "meetingSpokenLanguageTag": null,
        "meetingTemplateId": null,
        "participants": { "attendees": [] },
        "recordAutomatically": false,
        "sensitivityLabelAssignment": null,
        "shareMeetingChatHistoryDefault": "none",
        "watermarkProtection": null,
    });
    match defaults {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
