//! A meeting, as it is read from Graph's answer.

use percent_encoding::percent_decode_str;

use crate::adapters::http_client::RawResponse;
use crate::domain::meeting::{
    Chat, DialIn, JoinUrl, Lobby, Meeting, MeetingId, MeetingIdError, MeetingNumber, MeetingOptions, MeetingTimes,
    Participant, ParticipantRole, Presenters, Recording,
};

use crate::adapters::microsoft::graph::enums::GraphEnum;
use crate::adapters::microsoft::graph::{GraphError, wire};

impl From<MeetingIdError> for GraphError {
    fn from(_: MeetingIdError) -> Self {
        Self::Protocol("a meeting that nobody could join")
    }
}

/// No success without a link to join.
pub(super) fn parse_meeting(answer: &RawResponse) -> Result<Meeting, GraphError> {
    if !answer.is_json() {
        return Err(GraphError::Protocol("something that is not JSON"));
    }
    let read: wire::OnlineMeeting =
        serde_json::from_slice(&answer.body).map_err(|_| GraphError::Protocol("something that is not a meeting"))?;
    let (Some(start), Some(end)) = (read.start_date_time, read.end_date_time) else {
        return Err(GraphError::Protocol("a meeting without times"));
    };
    let options = parse_options(&read);
    Ok(Meeting {
        id: MeetingId::parse(&read.id)?,
        join_url: JoinUrl::parse(&read.join_web_url.unwrap_or_default())?,
        subject: read.subject.unwrap_or_default(),
        times: MeetingTimes::decode(start, end),
        people: read
            .participants
            .and_then(|people| people.attendees)
            .unwrap_or_default()
            .iter()
            .filter_map(parse_participant)
            .collect(),
        options,
        number: read
            .join_meeting_id_settings
            .and_then(|settings| settings.join_meeting_id.map(|id| MeetingNumber { id, passcode: settings.passcode })),
        dial_in: read.audio_conferencing.and_then(parse_dial_in),
        created_at: read.creation_date_time,
        join_text: read.join_information.and_then(|text| parse_join_information(&text.content?)),
    })
}

fn parse_options(read: &wire::OnlineMeeting) -> MeetingOptions {
    let recording = match (read.allow_recording, read.record_automatically) {
        (_, Some(true)) => Some(Recording::Automatic),
        (Some(false), _) => Some(Recording::Off),
        (Some(true), _) => Some(Recording::Allowed),
        (None, _) => None,
    };
    let lobby = read.lobby_bypass_settings.as_ref();
    MeetingOptions {
        lobby: lobby.and_then(|lobby| Lobby::from_graph(lobby.scope.as_deref()?)),
        dial_in_skips_lobby: lobby.and_then(|lobby| lobby.is_dial_in_bypass_enabled),
        lobby_admitters: read.allowed_lobby_admitters.as_deref().and_then(GraphEnum::from_graph),
        recording,
        transcription: read.allow_transcription,
        presenters: read.allowed_presenters.as_deref().and_then(Presenters::from_graph),
        chat: read.allow_meeting_chat.as_deref().and_then(Chat::from_graph),
        announce_entry: read.is_entry_exit_announced,
        microphones: read.allow_attendee_to_enable_mic,
        cameras: read.allow_attendee_to_enable_camera,
        passcode: read.join_meeting_id_settings.as_ref().and_then(|settings| settings.is_passcode_required),
        template: read.meeting_template_id.clone().and_then(|template| template.try_into().ok()),
    }
}

/// Somebody without an address cannot be invited again; a role that Microsoft adds later is that of an attendee.
fn parse_participant(read: &wire::MeetingParticipantInfo) -> Option<Participant> {
    let role = read.role.as_deref().and_then(ParticipantRole::from_graph).unwrap_or(ParticipantRole::Attendee);
    Some(Participant { address: read.upn.as_deref()?.parse().ok()?, role })
}

fn parse_dial_in(read: wire::AudioConferencing) -> Option<DialIn> {
    Some(DialIn {
        conference_id: read.conference_id?,
        toll_number: read.toll_number,
        toll_free_number: read.toll_free_number,
        more_numbers: read.dial_in_url.filter(|url| JoinUrl::parse(url).is_ok()),
    })
}

/// Graph wraps its text in a `data:` address (RFC 2397), with blanks as a form writes them.
fn parse_join_information(content: &str) -> Option<String> {
    let Some(wrapped) = content.strip_prefix("data:text/html,") else { return Some(content.to_owned()) };
    percent_decode_str(&wrapped.replace('+', " ")).decode_utf8().ok().map(Into::into)
}
