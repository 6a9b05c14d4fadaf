//! The shape of an `onlineMeeting`, after the CSDL of Graph v1.0 (2026-08), and which
//! properties a caller may write (Microsoft's `onlinemeeting-update.md`).

use serde_json::{Map, Value};

use crate::graph::problem::Problem;
use crate::graph::time;

/// What a property may hold.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// Text.
    Text,
    /// A time with offset.
    Time,
    /// One of the names of an enumeration.
    Choice(&'static Enumeration),
    /// An object.
    Object(&'static Shape),
    /// A list, never null.
    List(&'static Kind),
}

/// A closed list of names.
#[derive(Debug)]
pub struct Enumeration {
    /// Name without `microsoft.graph.`.
    pub name: &'static str,
    /// The names, in Microsoft's order. Those after `unknownFutureValue` are told only
    /// to callers who ask for them.
    pub values: &'static [&'static str],
}

/// An object with a closed list of properties.
#[derive(Debug)]
pub struct Shape {
    /// Name without `microsoft.graph.`.
    pub name: &'static str,
    /// The properties.
    pub properties: &'static [Property],
}

/// When a property may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
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
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// When it may be written.
    pub access: Access,
}

const fn property(name: &'static str, kind: Kind, access: Access) -> Property {
    Property { name, kind, access }
}

const fn open(name: &'static str, kind: Kind) -> Property {
    property(name, kind, Access::Writable)
}

const fn closed(name: &'static str, kind: Kind) -> Property {
    property(name, kind, Access::ReadOnly)
}

macro_rules! enumerations {
    ($($constant:ident $name:literal [$($value:literal),*];)*) => {
        $(static $constant: Enumeration = Enumeration { name: $name, values: &[$($value),*] };)*
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
        $(static $constant: Shape = Shape { name: $name, properties: &[$($property),*] };)*
    };
}

const TEXTS: Kind = Kind::List(&Kind::Text);

shapes! {
    AUDIO_CONFERENCING "audioConferencing" [
        closed("conferenceId", Kind::Text), closed("dialinUrl", Kind::Text),
        closed("tollFreeNumber", Kind::Text), closed("tollFreeNumbers", TEXTS),
        closed("tollNumber", Kind::Text), closed("tollNumbers", TEXTS),
    ];
    CAPTIONS "broadcastMeetingCaptionSettings" [
        closed("isCaptionEnabled", Kind::Boolean), closed("spokenLanguage", Kind::Text),
        closed("translationLanguages", TEXTS),
    ];
    BROADCAST "broadcastMeetingSettings" [
        closed("allowedAudience", Kind::Choice(&AUDIENCE)),
        closed("captions", Kind::Object(&CAPTIONS)),
        closed("isAttendeeReportEnabled", Kind::Boolean),
        closed("isQuestionAndAnswerEnabled", Kind::Boolean),
        closed("isRecordingEnabled", Kind::Boolean),
        closed("isVideoOnDemandEnabled", Kind::Boolean),
    ];
    CHAT_INFO "chatInfo" [
        open("messageId", Kind::Text), open("replyChainMessageId", Kind::Text),
        open("threadId", Kind::Text),
    ];
    ITEM_BODY "itemBody" [
        closed("content", Kind::Text), closed("contentType", Kind::Choice(&BODY_TYPE)),
    ];
    JOIN_SETTINGS "joinMeetingIdSettings" [
        open("isPasscodeRequired", Kind::Boolean), closed("joinMeetingId", Kind::Text),
        closed("passcode", Kind::Text),
    ];
    LOBBY "lobbyBypassSettings" [
        open("isDialInBypassEnabled", Kind::Boolean), open("scope", Kind::Choice(&LOBBY_SCOPE)),
    ];
    IDENTITY "identity" [open("displayName", Kind::Text), open("id", Kind::Text)];
    IDENTITY_SET "identitySet" [
        open("application", Kind::Object(&IDENTITY)), open("device", Kind::Object(&IDENTITY)),
        open("user", Kind::Object(&IDENTITY)),
    ];
    PARTICIPANT "meetingParticipantInfo" [
        open("identity", Kind::Object(&IDENTITY_SET)), open("role", Kind::Choice(&ROLE)),
        open("upn", Kind::Text),
    ];
    PARTICIPANTS "meetingParticipants" [
        open("attendees", Kind::List(&Kind::Object(&PARTICIPANT))),
        open("organizer", Kind::Object(&PARTICIPANT)),
    ];
    CHAT_RESTRICTIONS "chatRestrictions" [open("allowTextOnly", Kind::Boolean)];
    VIDEO_INTEROP "cloudVideoInteropInfo" [
        closed("moreInfoWebUrl", Kind::Text), closed("tenantKey", Kind::Text),
        closed("videoTeleconferenceId", Kind::Text),
    ];
    LABEL "onlineMeetingSensitivityLabelAssignment" [open("sensitivityLabelId", Kind::Text)];
    WATERMARK "watermarkProtectionValues" [
        open("isEnabledForContentSharing", Kind::Boolean), open("isEnabledForVideo", Kind::Boolean),
    ];
}

/// The type every operation of the graph listener is about.
pub static ONLINE_MEETING: Shape = Shape {
    name: "onlineMeeting",
    properties: &[
        closed("id", Kind::Text),
        open("allowAttendeeToEnableCamera", Kind::Boolean),
        open("allowAttendeeToEnableMic", Kind::Boolean),
        open("allowBreakoutRooms", Kind::Boolean),
        open("allowCopyingAndSharingMeetingContent", Kind::Boolean),
        open("allowLiveShare", Kind::Choice(&LIVE_SHARE)),
        open("allowMeetingChat", Kind::Choice(&CHAT_MODE)),
        open("allowParticipantsToChangeName", Kind::Boolean),
        open("allowPowerPointSharing", Kind::Boolean),
        open("allowRecording", Kind::Boolean),
        open("allowTeamworkReactions", Kind::Boolean),
        open("allowTranscription", Kind::Boolean),
        open("allowWhiteboard", Kind::Boolean),
        open("allowedLobbyAdmitters", Kind::Choice(&ADMITTERS)),
        open("allowedPresenters", Kind::Choice(&PRESENTERS)),
        closed("attendeeReport", Kind::Text),
        closed("audioConferencing", Kind::Object(&AUDIO_CONFERENCING)),
        closed("broadcastSettings", Kind::Object(&BROADCAST)),
        property("chatInfo", Kind::Object(&CHAT_INFO), Access::OnCreateOrGet),
        open("chatRestrictions", Kind::Object(&CHAT_RESTRICTIONS)),
        closed("cloudVideoInteropInfo", Kind::Object(&VIDEO_INTEROP)),
        closed("creationDateTime", Kind::Time),
        open("endDateTime", Kind::Time),
        closed("expiryDateTime", Kind::Time),
        property("externalId", Kind::Text, Access::OnCreateOrGet),
        closed("isBroadcast", Kind::Boolean),
        open("isEndToEndEncryptionEnabled", Kind::Boolean),
        open("isEntryExitAnnounced", Kind::Boolean),
        closed("joinInformation", Kind::Object(&ITEM_BODY)),
        property("joinMeetingIdSettings", Kind::Object(&JOIN_SETTINGS), Access::OnCreate),
        closed("joinWebUrl", Kind::Text),
        open("lobbyBypassSettings", Kind::Object(&LOBBY)),
        closed("meetingOptionsWebUrl", Kind::Text),
        open("meetingSpokenLanguageTag", Kind::Text),
        property("meetingTemplateId", Kind::Text, Access::OnCreate),
        closed("meetingType", Kind::Choice(&MEETING_TYPE)),
        open("participants", Kind::Object(&PARTICIPANTS)),
        open("recordAutomatically", Kind::Boolean),
        open("sensitivityLabelAssignment", Kind::Object(&LABEL)),
        open("shareMeetingChatHistoryDefault", Kind::Choice(&CHAT_HISTORY)),
        open("startDateTime", Kind::Time),
        open("subject", Kind::Text),
        closed("videoTeleconferenceId", Kind::Text),
        open("watermarkProtection", Kind::Object(&WATERMARK)),
    ],
};

/// Parameters of `createOrGet`; further properties of a meeting are ignored there.
pub const CREATE_OR_GET: [&str; 6] =
    ["chatInfo", "endDateTime", "externalId", "participants", "startDateTime", "subject"];

impl Shape {
    /// The property of this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|own| own.name == name)
    }

    /// Checks names and types of a body, through all depths.
    pub(crate) fn check(&self, body: &Map<String, Value>) -> Result<(), Problem> {
        for (name, value) in body {
            if name == "@odata.type" {
                let expected = format!("#microsoft.graph.{}", self.name);
                if value.as_str().map(|own| own.trim_start_matches('#')) != Some(expected.trim_start_matches('#')) {
                    return Err(invalid(name, self.name));
                }
                continue;
            }
            let property = self.property(name).ok_or_else(|| {
                Problem::bad_request(format!("Invalid property '{name}' on type 'microsoft.graph.{}'.", self.name))
            })?;
            check(name, property.kind, value)?;
        }
        Ok(())
    }
}

fn check(name: &str, kind: Kind, value: &Value) -> Result<(), Problem> {
    let fits = match (kind, value) {
        (Kind::List(of), Value::Array(items)) => {
            for item in items {
                check(name, *of, item)?;
            }
            true
        }
        (Kind::List(_), _) => false,
        (_, Value::Null) | (Kind::Boolean, Value::Bool(_)) | (Kind::Text, Value::String(_)) => true,
        (Kind::Time, Value::String(text)) => time::parse(text).is_some(),
        // The placeholder stands for members a caller does not know; nobody may send it.
        (Kind::Choice(of), Value::String(text)) => text != "unknownFutureValue" && of.values.contains(&text.as_str()),
        (Kind::Object(shape), Value::Object(members)) => {
            shape.check(members)?;
            true
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(invalid(name, "onlineMeeting")) }
}

fn invalid(name: &str, kind: &str) -> Problem {
    Problem::bad_request(format!(
        "Cannot convert the value of property '{name}' of 'microsoft.graph.{kind}' to the \
         expected type."
    ))
}
