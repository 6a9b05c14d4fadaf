//! The schema of an `onlineMeeting` from the CSDL of Graph v1.0 (2026-08), and its writable
//! properties (Microsoft's `onlinemeeting-update.md`).

use serde_json::{Map, Value};

use crate::graph::error::GraphErrorBody;
use crate::graph::time;
use crate::http_message::{SimulatedRequest, value};

/// The type of a property.
#[derive(Clone, Copy, Debug)]
pub enum PropertyType {
    /// True or false.
    Boolean,
    /// Text.
    Text,
    /// A time with offset.
    Time,
    /// One of the names of an enumeration.
    Choice(&'static PropertyEnum),
    /// An object.
    Object(&'static ObjectType),
    /// A list, never null.
    List(&'static PropertyType),
}

/// A closed list of names.
#[derive(Debug)]
pub struct PropertyEnum {
    /// Name without `microsoft.graph.`.
    pub name: &'static str,
    /// The names, in Microsoft's order. Those after `unknownFutureValue` are returned only on
    /// request.
    pub values: &'static [&'static str],
}

/// An object type.
#[derive(Debug)]
pub struct ObjectType {
    /// Name without `microsoft.graph.`.
    pub name: &'static str,
    /// The properties.
    pub properties: &'static [ObjectProperty],
}

/// When a property may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyAccess {
    /// By create and update.
    Writable,
    /// By create only.
    OnCreate,
    /// By createOrGet only.
    OnCreateOrGet,
    /// Never.
    ReadOnly,
}

/// One property.
#[derive(Debug)]
pub struct ObjectProperty {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub kind: PropertyType,
    /// When it may be written.
    pub access: PropertyAccess,
}

const fn property(name: &'static str, kind: PropertyType, access: PropertyAccess) -> ObjectProperty {
    ObjectProperty { name, kind, access }
}

const fn writable(name: &'static str, kind: PropertyType) -> ObjectProperty {
    property(name, kind, PropertyAccess::Writable)
}

const fn read_only(name: &'static str, kind: PropertyType) -> ObjectProperty {
    property(name, kind, PropertyAccess::ReadOnly)
}

macro_rules! enumerations {
    ($($constant:ident $name:literal [$($value:literal),*];)*) => {
        $(static $constant: PropertyEnum = PropertyEnum { name: $name, values: &[$($value),*] };)*
    };
}

enumerations! {
    CHAT_MODE "meetingChatMode" ["enabled", "disabled", "limited", "unknownFutureValue"];
    PRESENTERS "onlineMeetingPresenters"
        ["everyone", "organization", "roleIsPresenter", "organizer", "unknownFutureValue"];
    BODY_TYPE "bodyType" ["text", "html"];
    LOBBY_SCOPE "lobbyBypassScope"
        ["organizer", "organization", "organizationAndFederated", "everyone",
         "unknownFutureValue", "invited", "organizationExcludingGuests"];
    ROLE "onlineMeetingRole"
        ["attendee", "presenter", "unknownFutureValue", "producer", "coorganizer"];
    ADMITTERS "allowedLobbyAdmitterRoles"
        ["organizerAndCoOrganizersAndPresenters", "organizerAndCoOrganizers",
         "unknownFutureValue"];
    LIVE_SHARE "meetingLiveShareOptions" ["enabled", "disabled", "unknownFutureValue"];
    MEETING_TYPE "onlineMeetingType"
        ["adhoc", "scheduled", "recurring", "broadcast", "meetnow", "unknownFutureValue"];
    CHAT_HISTORY "meetingChatHistoryDefaultMode" ["none", "all", "unknownFutureValue"];
    AUDIENCE "broadcastMeetingAudience"
        ["roleIsAttendee", "organization", "everyone", "unknownFutureValue"];
}

macro_rules! object_types {
    ($($constant:ident $name:literal [$($property:expr),* $(,)?];)*) => {
        $(static $constant: ObjectType = ObjectType { name: $name, properties: &[$($property),*] };)*
    };
}

const TEXTS: PropertyType = PropertyType::List(&PropertyType::Text);

object_types! {
    AUDIO_CONFERENCING "audioConferencing" [
        read_only("conferenceId", PropertyType::Text), read_only("dialinUrl", PropertyType::Text),
        read_only("tollFreeNumber", PropertyType::Text), read_only("tollFreeNumbers", TEXTS),
        read_only("tollNumber", PropertyType::Text), read_only("tollNumbers", TEXTS),
    ];
    CAPTIONS "broadcastMeetingCaptionSettings" [
        read_only("isCaptionEnabled", PropertyType::Boolean), read_only("spokenLanguage", PropertyType::Text),
        read_only("translationLanguages", TEXTS),
    ];
    BROADCAST "broadcastMeetingSettings" [
        read_only("allowedAudience", PropertyType::Choice(&AUDIENCE)),
        read_only("captions", PropertyType::Object(&CAPTIONS)),
        read_only("isAttendeeReportEnabled", PropertyType::Boolean),
        read_only("isQuestionAndAnswerEnabled", PropertyType::Boolean),
        read_only("isRecordingEnabled", PropertyType::Boolean),
        read_only("isVideoOnDemandEnabled", PropertyType::Boolean),
    ];
    CHAT_INFO "chatInfo" [
        writable("messageId", PropertyType::Text), writable("replyChainMessageId", PropertyType::Text),
        writable("threadId", PropertyType::Text),
    ];
    ITEM_BODY "itemBody" [
        read_only("content", PropertyType::Text), read_only("contentType", PropertyType::Choice(&BODY_TYPE)),
    ];
    JOIN_SETTINGS "joinMeetingIdSettings" [
        writable("isPasscodeRequired", PropertyType::Boolean), read_only("joinMeetingId", PropertyType::Text),
        read_only("passcode", PropertyType::Text),
    ];
    LOBBY "lobbyBypassSettings" [
        writable("isDialInBypassEnabled", PropertyType::Boolean), writable("scope", PropertyType::Choice(&LOBBY_SCOPE)),
    ];
    IDENTITY "identity" [writable("displayName", PropertyType::Text), writable("id", PropertyType::Text)];
    IDENTITY_SET "identitySet" [
        writable("application", PropertyType::Object(&IDENTITY)), writable("device", PropertyType::Object(&IDENTITY)),
        writable("user", PropertyType::Object(&IDENTITY)),
    ];
    PARTICIPANT "meetingParticipantInfo" [
        writable("identity", PropertyType::Object(&IDENTITY_SET)), writable("role", PropertyType::Choice(&ROLE)),
        writable("upn", PropertyType::Text),
    ];
    PARTICIPANTS "meetingParticipants" [
        writable("attendees", PropertyType::List(&PropertyType::Object(&PARTICIPANT))),
        writable("organizer", PropertyType::Object(&PARTICIPANT)),
    ];
    CHAT_RESTRICTIONS "chatRestrictions" [writable("allowTextOnly", PropertyType::Boolean)];
    VIDEO_INTEROP "cloudVideoInteropInfo" [
        read_only("moreInfoWebUrl", PropertyType::Text), read_only("tenantKey", PropertyType::Text),
        read_only("videoTeleconferenceId", PropertyType::Text),
    ];
    LABEL "onlineMeetingSensitivityLabelAssignment" [writable("sensitivityLabelId", PropertyType::Text)];
    WATERMARK "watermarkProtectionValues" [
        writable("isEnabledForContentSharing", PropertyType::Boolean), writable("isEnabledForVideo", PropertyType::Boolean),
    ];
}

/// The type `onlineMeeting`.
pub static ONLINE_MEETING: ObjectType = ObjectType {
    name: "onlineMeeting",
    properties: &[
        read_only("id", PropertyType::Text),
        writable("allowAttendeeToEnableCamera", PropertyType::Boolean),
        writable("allowAttendeeToEnableMic", PropertyType::Boolean),
        writable("allowBreakoutRooms", PropertyType::Boolean),
        writable("allowCopyingAndSharingMeetingContent", PropertyType::Boolean),
        writable("allowLiveShare", PropertyType::Choice(&LIVE_SHARE)),
        writable("allowMeetingChat", PropertyType::Choice(&CHAT_MODE)),
        writable("allowParticipantsToChangeName", PropertyType::Boolean),
        writable("allowPowerPointSharing", PropertyType::Boolean),
        writable("allowRecording", PropertyType::Boolean),
        writable("allowTeamworkReactions", PropertyType::Boolean),
        writable("allowTranscription", PropertyType::Boolean),
        writable("allowWhiteboard", PropertyType::Boolean),
        writable("allowedLobbyAdmitters", PropertyType::Choice(&ADMITTERS)),
        writable("allowedPresenters", PropertyType::Choice(&PRESENTERS)),
        read_only("attendeeReport", PropertyType::Text),
        read_only("audioConferencing", PropertyType::Object(&AUDIO_CONFERENCING)),
        read_only("broadcastSettings", PropertyType::Object(&BROADCAST)),
        property("chatInfo", PropertyType::Object(&CHAT_INFO), PropertyAccess::OnCreateOrGet),
        writable("chatRestrictions", PropertyType::Object(&CHAT_RESTRICTIONS)),
        read_only("cloudVideoInteropInfo", PropertyType::Object(&VIDEO_INTEROP)),
        read_only("creationDateTime", PropertyType::Time),
        writable("endDateTime", PropertyType::Time),
        read_only("expiryDateTime", PropertyType::Time),
        property("externalId", PropertyType::Text, PropertyAccess::OnCreateOrGet),
        read_only("isBroadcast", PropertyType::Boolean),
        writable("isEndToEndEncryptionEnabled", PropertyType::Boolean),
        writable("isEntryExitAnnounced", PropertyType::Boolean),
        read_only("joinInformation", PropertyType::Object(&ITEM_BODY)),
        property("joinMeetingIdSettings", PropertyType::Object(&JOIN_SETTINGS), PropertyAccess::OnCreate),
        read_only("joinWebUrl", PropertyType::Text),
        writable("lobbyBypassSettings", PropertyType::Object(&LOBBY)),
        read_only("meetingOptionsWebUrl", PropertyType::Text),
        writable("meetingSpokenLanguageTag", PropertyType::Text),
        property("meetingTemplateId", PropertyType::Text, PropertyAccess::OnCreate),
        read_only("meetingType", PropertyType::Choice(&MEETING_TYPE)),
        writable("participants", PropertyType::Object(&PARTICIPANTS)),
        writable("recordAutomatically", PropertyType::Boolean),
        writable("sensitivityLabelAssignment", PropertyType::Object(&LABEL)),
        writable("shareMeetingChatHistoryDefault", PropertyType::Choice(&CHAT_HISTORY)),
        writable("startDateTime", PropertyType::Time),
        writable("subject", PropertyType::Text),
        read_only("videoTeleconferenceId", PropertyType::Text),
        writable("watermarkProtection", PropertyType::Object(&WATERMARK)),
    ],
};

/// Parameters of `createOrGet`. It ignores all other properties.
pub const CREATE_OR_GET: [&str; 6] =
    ["chatInfo", "endDateTime", "externalId", "participants", "startDateTime", "subject"];

impl ObjectType {
    /// The property of this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&ObjectProperty> {
        self.properties.iter().find(|own| own.name == name)
    }

    /// Checks names and types of a body, including nested objects.
    pub(crate) fn check(&self, body: &Map<String, Value>) -> Result<(), GraphErrorBody> {
        for (name, value) in body {
            if name == "@odata.type" {
                let expected = format!("#microsoft.graph.{}", self.name);
                if value.as_str().map(|own| own.trim_start_matches('#')) != Some(expected.trim_start_matches('#')) {
                    return Err(invalid(name, self.name));
                }
                continue;
            }
            let property = self.property(name).ok_or_else(|| {
                GraphErrorBody::bad_request(format!(
                    "Invalid property '{name}' on type 'microsoft.graph.{}'.",
                    self.name
                ))
            })?;
            check(name, property.kind, value)?;
        }
        Ok(())
    }
}

fn check(name: &str, kind: PropertyType, value: &Value) -> Result<(), GraphErrorBody> {
    let fits = match (kind, value) {
        (PropertyType::List(of), Value::Array(items)) => {
            for item in items {
                check(name, *of, item)?;
            }
            true
        }
        (PropertyType::List(_), _) => false,
        (_, Value::Null) | (PropertyType::Boolean, Value::Bool(_)) | (PropertyType::Text, Value::String(_)) => true,
        (PropertyType::Time, Value::String(text)) => time::parse(text).is_some(),
        // The placeholder is for unknown members in responses and must not be sent.
        (PropertyType::Choice(of), Value::String(text)) => {
            text != "unknownFutureValue" && of.values.contains(&text.as_str())
        }
        (PropertyType::Object(object_type), Value::Object(members)) => {
            object_type.check(members)?;
            true
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(invalid(name, "onlineMeeting")) }
}

fn invalid(name: &str, kind: &str) -> GraphErrorBody {
    GraphErrorBody::bad_request(format!(
        "Cannot convert the value of property '{name}' of 'microsoft.graph.{kind}' to the \
         expected type."
    ))
}

/// The names in `$select`, validated against the type.
pub(crate) fn selected<'a>(
    call: &'a SimulatedRequest,
    known: impl Fn(&str) -> bool,
    kind: &str,
) -> Result<Option<Vec<&'a str>>, GraphErrorBody> {
    let Some(select) = value(&call.query, "$select") else {
        return Ok(None);
    };
    let names: Vec<&str> = select.split(',').map(str::trim).collect();
    match names.iter().find(|name| !known(name)) {
        None => Ok(Some(names)),
        Some(name) => Err(GraphErrorBody::bad_request(format!(
            "Parsing OData Select and Expand failed: Could not find a property named '{name}' \
             on type '{kind}'."
        ))),
    }
}
