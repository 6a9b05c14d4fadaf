//! The shape of an `onlineMeeting`, after the CSDL of Graph v1.0 (2026-08), and which
//! properties a caller may write (Microsoft's `onlinemeeting-update.md`).

use serde_json::{Map, Value};

use crate::graph::error::GraphErrorBody;
use crate::graph::time;

/// What a property may hold.
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
    /// The names, in Microsoft's order. Those after `unknownFutureValue` are told only
    /// to callers who ask for them.
    pub values: &'static [&'static str],
}

/// An object with a closed list of properties.
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
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: PropertyType,
    /// When it may be written.
    pub access: PropertyAccess,
}

const fn property(name: &'static str, kind: PropertyType, access: PropertyAccess) -> ObjectProperty {
    ObjectProperty { name, kind, access }
}

const fn open(name: &'static str, kind: PropertyType) -> ObjectProperty {
    property(name, kind, PropertyAccess::Writable)
}

const fn closed(name: &'static str, kind: PropertyType) -> ObjectProperty {
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

macro_rules! shapes {
    ($($constant:ident $name:literal [$($property:expr),* $(,)?];)*) => {
        $(static $constant: ObjectType = ObjectType { name: $name, properties: &[$($property),*] };)*
    };
}

const TEXTS: PropertyType = PropertyType::List(&PropertyType::Text);

shapes! {
    AUDIO_CONFERENCING "audioConferencing" [
        closed("conferenceId", PropertyType::Text), closed("dialinUrl", PropertyType::Text),
        closed("tollFreeNumber", PropertyType::Text), closed("tollFreeNumbers", TEXTS),
        closed("tollNumber", PropertyType::Text), closed("tollNumbers", TEXTS),
    ];
    CAPTIONS "broadcastMeetingCaptionSettings" [
        closed("isCaptionEnabled", PropertyType::Boolean), closed("spokenLanguage", PropertyType::Text),
        closed("translationLanguages", TEXTS),
    ];
    BROADCAST "broadcastMeetingSettings" [
        closed("allowedAudience", PropertyType::Choice(&AUDIENCE)),
        closed("captions", PropertyType::Object(&CAPTIONS)),
        closed("isAttendeeReportEnabled", PropertyType::Boolean),
        closed("isQuestionAndAnswerEnabled", PropertyType::Boolean),
        closed("isRecordingEnabled", PropertyType::Boolean),
        closed("isVideoOnDemandEnabled", PropertyType::Boolean),
    ];
    CHAT_INFO "chatInfo" [
        open("messageId", PropertyType::Text), open("replyChainMessageId", PropertyType::Text),
        open("threadId", PropertyType::Text),
    ];
    ITEM_BODY "itemBody" [
        closed("content", PropertyType::Text), closed("contentType", PropertyType::Choice(&BODY_TYPE)),
    ];
    JOIN_SETTINGS "joinMeetingIdSettings" [
        open("isPasscodeRequired", PropertyType::Boolean), closed("joinMeetingId", PropertyType::Text),
        closed("passcode", PropertyType::Text),
    ];
    LOBBY "lobbyBypassSettings" [
        open("isDialInBypassEnabled", PropertyType::Boolean), open("scope", PropertyType::Choice(&LOBBY_SCOPE)),
    ];
    IDENTITY "identity" [open("displayName", PropertyType::Text), open("id", PropertyType::Text)];
    IDENTITY_SET "identitySet" [
        open("application", PropertyType::Object(&IDENTITY)), open("device", PropertyType::Object(&IDENTITY)),
        open("user", PropertyType::Object(&IDENTITY)),
    ];
    PARTICIPANT "meetingParticipantInfo" [
        open("identity", PropertyType::Object(&IDENTITY_SET)), open("role", PropertyType::Choice(&ROLE)),
        open("upn", PropertyType::Text),
    ];
    PARTICIPANTS "meetingParticipants" [
        open("attendees", PropertyType::List(&PropertyType::Object(&PARTICIPANT))),
        open("organizer", PropertyType::Object(&PARTICIPANT)),
    ];
    CHAT_RESTRICTIONS "chatRestrictions" [open("allowTextOnly", PropertyType::Boolean)];
    VIDEO_INTEROP "cloudVideoInteropInfo" [
        closed("moreInfoWebUrl", PropertyType::Text), closed("tenantKey", PropertyType::Text),
        closed("videoTeleconferenceId", PropertyType::Text),
    ];
    LABEL "onlineMeetingSensitivityLabelAssignment" [open("sensitivityLabelId", PropertyType::Text)];
    WATERMARK "watermarkProtectionValues" [
        open("isEnabledForContentSharing", PropertyType::Boolean), open("isEnabledForVideo", PropertyType::Boolean),
    ];
}

/// The type every operation of the graph listener is about.
pub static ONLINE_MEETING: ObjectType = ObjectType {
    name: "onlineMeeting",
    properties: &[
        closed("id", PropertyType::Text),
        open("allowAttendeeToEnableCamera", PropertyType::Boolean),
        open("allowAttendeeToEnableMic", PropertyType::Boolean),
        open("allowBreakoutRooms", PropertyType::Boolean),
        open("allowCopyingAndSharingMeetingContent", PropertyType::Boolean),
        open("allowLiveShare", PropertyType::Choice(&LIVE_SHARE)),
        open("allowMeetingChat", PropertyType::Choice(&CHAT_MODE)),
        open("allowParticipantsToChangeName", PropertyType::Boolean),
        open("allowPowerPointSharing", PropertyType::Boolean),
        open("allowRecording", PropertyType::Boolean),
        open("allowTeamworkReactions", PropertyType::Boolean),
        open("allowTranscription", PropertyType::Boolean),
        open("allowWhiteboard", PropertyType::Boolean),
        open("allowedLobbyAdmitters", PropertyType::Choice(&ADMITTERS)),
        open("allowedPresenters", PropertyType::Choice(&PRESENTERS)),
        closed("attendeeReport", PropertyType::Text),
        closed("audioConferencing", PropertyType::Object(&AUDIO_CONFERENCING)),
        closed("broadcastSettings", PropertyType::Object(&BROADCAST)),
        property("chatInfo", PropertyType::Object(&CHAT_INFO), PropertyAccess::OnCreateOrGet),
        open("chatRestrictions", PropertyType::Object(&CHAT_RESTRICTIONS)),
        closed("cloudVideoInteropInfo", PropertyType::Object(&VIDEO_INTEROP)),
        closed("creationDateTime", PropertyType::Time),
        open("endDateTime", PropertyType::Time),
        closed("expiryDateTime", PropertyType::Time),
        property("externalId", PropertyType::Text, PropertyAccess::OnCreateOrGet),
        closed("isBroadcast", PropertyType::Boolean),
        open("isEndToEndEncryptionEnabled", PropertyType::Boolean),
        open("isEntryExitAnnounced", PropertyType::Boolean),
        closed("joinInformation", PropertyType::Object(&ITEM_BODY)),
        property("joinMeetingIdSettings", PropertyType::Object(&JOIN_SETTINGS), PropertyAccess::OnCreate),
        closed("joinWebUrl", PropertyType::Text),
        open("lobbyBypassSettings", PropertyType::Object(&LOBBY)),
        closed("meetingOptionsWebUrl", PropertyType::Text),
        open("meetingSpokenLanguageTag", PropertyType::Text),
        property("meetingTemplateId", PropertyType::Text, PropertyAccess::OnCreate),
        closed("meetingType", PropertyType::Choice(&MEETING_TYPE)),
        open("participants", PropertyType::Object(&PARTICIPANTS)),
        open("recordAutomatically", PropertyType::Boolean),
        open("sensitivityLabelAssignment", PropertyType::Object(&LABEL)),
        open("shareMeetingChatHistoryDefault", PropertyType::Choice(&CHAT_HISTORY)),
        open("startDateTime", PropertyType::Time),
        open("subject", PropertyType::Text),
        closed("videoTeleconferenceId", PropertyType::Text),
        open("watermarkProtection", PropertyType::Object(&WATERMARK)),
    ],
};

/// Parameters of `createOrGet`; further properties of a meeting are ignored there.
pub const CREATE_OR_GET: [&str; 6] =
    ["chatInfo", "endDateTime", "externalId", "participants", "startDateTime", "subject"];

impl ObjectType {
    /// The property of this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&ObjectProperty> {
        self.properties.iter().find(|own| own.name == name)
    }

    /// Checks names and types of a body, through all depths.
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
        // The placeholder stands for members a caller does not know; nobody may send it.
        (PropertyType::Choice(of), Value::String(text)) => {
            text != "unknownFutureValue" && of.values.contains(&text.as_str())
        }
        (PropertyType::Object(shape), Value::Object(members)) => {
            shape.check(members)?;
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
