//! A meeting from a response body of Graph.

use percent_encoding::percent_decode_str;

use crate::adapters::http_client::RawResponse;
use crate::adapters::microsoft::graph::enums::GraphEnum;
use crate::adapters::microsoft::graph::error::GraphError;
use crate::adapters::microsoft::graph::wire;
use crate::domain::meeting::{
    Chat, DialIn, ExternalId, JoinUrl, Lobby, Meeting, MeetingId, MeetingIdError, MeetingNumber, MeetingOptions,
    MeetingTimes, Participant, ParticipantRole, Presenters, Recording,
};

impl From<MeetingIdError> for GraphError {
    fn from(_: MeetingIdError) -> Self {
        Self::Protocol("a meeting without a usable join URL")
    }
}

/// Parses a meeting. It must have a join URL.
pub(super) fn parse_meeting(response: &RawResponse) -> Result<Meeting, GraphError> {
    if !response.is_json() {
        return Err(GraphError::Protocol("something that is not JSON"));
    }
    let meeting: wire::OnlineMeeting =
        serde_json::from_slice(&response.body).map_err(|_| GraphError::Protocol("something that is not a meeting"))?;
    let (Some(start), Some(end)) = (meeting.start_date_time, meeting.end_date_time) else {
        return Err(GraphError::Protocol("a meeting without times"));
    };
    let options = parse_options(&meeting);
    Ok(Meeting {
        id: MeetingId::parse(&meeting.id)?,
        join_url: JoinUrl::parse(&meeting.join_web_url.unwrap_or_default())?,
        subject: meeting.subject.unwrap_or_default(),
        times: MeetingTimes::decode(start, end),
        people: meeting
            .participants
            .and_then(|people| people.attendees)
            .unwrap_or_default()
            .iter()
            .filter_map(parse_participant)
            .collect(),
        options,
        number: meeting
            .join_meeting_id_settings
            .and_then(|settings| settings.join_meeting_id.map(|id| MeetingNumber { id, passcode: settings.passcode })),
        dial_in: meeting.audio_conferencing.and_then(parse_dial_in),
        created_at: meeting.creation_date_time,
        external_id: meeting.external_id.map(ExternalId::from_graph),
        join_text: meeting.join_information.and_then(|text| parse_join_information(&text.content?)),
    })
}

fn parse_options(meeting: &wire::OnlineMeeting) -> MeetingOptions {
    let recording = match (meeting.allow_recording, meeting.record_automatically) {
        (_, Some(true)) => Some(Recording::Automatic),
        (Some(false), _) => Some(Recording::Off),
        (Some(true), _) => Some(Recording::Allowed),
        (None, _) => None,
    };
    let lobby = meeting.lobby_bypass_settings.as_ref();
    MeetingOptions {
        lobby: lobby.and_then(|lobby| Lobby::from_graph(lobby.scope.as_deref()?)),
        dial_in_skips_lobby: lobby.and_then(|lobby| lobby.is_dial_in_bypass_enabled),
        lobby_admitters: meeting.allowed_lobby_admitters.as_deref().and_then(GraphEnum::from_graph),
        recording,
        transcription: meeting.allow_transcription,
        presenters: meeting.allowed_presenters.as_deref().and_then(Presenters::from_graph),
        chat: meeting.allow_meeting_chat.as_deref().and_then(Chat::from_graph),
        announce_entry: meeting.is_entry_exit_announced,
        microphones: meeting.allow_attendee_to_enable_mic,
        cameras: meeting.allow_attendee_to_enable_camera,
        passcode: meeting.join_meeting_id_settings.as_ref().and_then(|settings| settings.is_passcode_required),
        template: meeting.meeting_template_id.clone().and_then(|template| template.try_into().ok()),
    }
}

/// `None` for a participant without an address, who could not be invited again. Unknown roles count as attendee.
fn parse_participant(meeting: &wire::MeetingParticipantInfo) -> Option<Participant> {
    let role = meeting.role.as_deref().and_then(ParticipantRole::from_graph).unwrap_or(ParticipantRole::Attendee);
    Some(Participant { address: meeting.upn.as_deref()?.parse().ok()?, role })
}

fn parse_dial_in(meeting: wire::AudioConferencing) -> Option<DialIn> {
    Some(DialIn {
        conference_id: meeting.conference_id?,
        toll_number: meeting.toll_number,
        toll_free_number: meeting.toll_free_number,
        more_numbers: meeting.dial_in_url.filter(|url| JoinUrl::parse(url).is_ok()),
    })
}

/// Graph wraps the text in a `data:` URL (RFC 2397), with `+` for blanks.
fn parse_join_information(content: &str) -> Option<String> {
    let Some(wrapped) = content.strip_prefix("data:text/html,") else { return Some(content.to_owned()) };
    percent_decode_str(&wrapped.replace('+', " ")).decode_utf8().ok().map(Into::into)
}
