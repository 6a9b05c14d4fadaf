//! JSON as Graph spells it. Private to the Graph adapter.

use serde::{Deserialize, Serialize};

/// `POST /me/onlineMeetings/createOrGet`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateOrGetBody<'a> {
    pub(super) external_id: &'a str,
    pub(super) subject: &'a str,
    pub(super) start_date_time: String,
    pub(super) end_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) participants: Option<ParticipantsBody<'a>>,
}

/// The participants.
#[derive(Debug, Serialize)]
pub(super) struct ParticipantsBody<'a> {
    pub(super) attendees: Vec<AttendeeBody<'a>>,
}

/// A participant.
#[derive(Debug, Serialize)]
pub(super) struct AttendeeBody<'a> {
    pub(super) upn: &'a str,
    pub(super) role: &'static str,
}

/// `PATCH /me/onlineMeetings/{id}`: only what is to change.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PatchMeetingBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) participants: Option<ParticipantsBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lobby_bypass_settings: Option<LobbyBypassSettingsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed_lobby_admitters: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed_presenters: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_meeting_chat: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_recording: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record_automatically: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_transcription: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_entry_exit_announced: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_attendee_to_enable_mic: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allow_attendee_to_enable_camera: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) join_meeting_id_settings: Option<JoinMeetingIdSettingsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) meeting_template_id: Option<&'a str>,
}

/// Who waits in the lobby.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LobbyBypassSettingsBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_dial_in_bypass_enabled: Option<bool>,
}

/// Whether a passcode is required.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JoinMeetingIdSettingsBody {
    pub(super) is_passcode_required: bool,
}

/// The members of an `onlineMeeting` that we use. Unknown members are ignored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OnlineMeeting {
    pub(super) id: String,
    pub(super) join_web_url: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) creation_date_time: Option<jiff::Timestamp>,
    pub(super) start_date_time: Option<jiff::Timestamp>,
    pub(super) end_date_time: Option<jiff::Timestamp>,
    pub(super) participants: Option<MeetingParticipants>,
    pub(super) lobby_bypass_settings: Option<LobbyBypassSettings>,
    pub(super) allowed_lobby_admitters: Option<String>,
    pub(super) allowed_presenters: Option<String>,
    pub(super) allow_meeting_chat: Option<String>,
    pub(super) allow_recording: Option<bool>,
    pub(super) record_automatically: Option<bool>,
    pub(super) allow_transcription: Option<bool>,
    pub(super) is_entry_exit_announced: Option<bool>,
    pub(super) allow_attendee_to_enable_mic: Option<bool>,
    pub(super) allow_attendee_to_enable_camera: Option<bool>,
    pub(super) join_meeting_id_settings: Option<JoinMeetingIdSettings>,
    pub(super) meeting_template_id: Option<String>,
    pub(super) audio_conferencing: Option<AudioConferencing>,
    pub(super) join_information: Option<ItemBody>,
}

/// The participants.
#[derive(Debug, Deserialize)]
pub(super) struct MeetingParticipants {
    pub(super) attendees: Option<Vec<MeetingParticipantInfo>>,
}

/// A participant.
#[derive(Debug, Deserialize)]
pub(super) struct MeetingParticipantInfo {
    pub(super) upn: Option<String>,
    pub(super) role: Option<String>,
}

/// Who waits in the lobby.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LobbyBypassSettings {
    pub(super) scope: Option<String>,
    pub(super) is_dial_in_bypass_enabled: Option<bool>,
}

/// How to join with a meeting ID.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JoinMeetingIdSettings {
    pub(super) is_passcode_required: Option<bool>,
    pub(super) join_meeting_id: Option<String>,
    pub(super) passcode: Option<String>,
}

/// How to join by phone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AudioConferencing {
    pub(super) conference_id: Option<String>,
    pub(super) toll_number: Option<String>,
    pub(super) toll_free_number: Option<String>,
    #[serde(rename = "dialinUrl")]
    pub(super) dial_in_url: Option<String>,
}

/// A text from Microsoft.
#[derive(Debug, Deserialize)]
pub(super) struct ItemBody {
    pub(super) content: Option<String>,
}

/// Whether the signed-in user has a licence for Teams.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TeamsLicensingDetails {
    pub(super) has_teams_license: Option<bool>,
}

/// A user, as far as it is used.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) mail: Option<String>,
}

/// An error response of Graph.
#[derive(Debug, Deserialize)]
pub(super) struct ErrorResponse {
    pub(super) error: ODataError,
}

/// The error. Its message is not read.
#[derive(Debug, Deserialize)]
pub(super) struct ODataError {
    #[serde(default)]
    pub(super) code: String,
}
