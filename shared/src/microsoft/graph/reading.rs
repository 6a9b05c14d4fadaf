//! A meeting, as it is read from Graph's answer.

use percent_encoding::percent_decode_str;

use crate::meeting::{
    Chat, DialIn, JoinUrl, Lobby, Meeting, MeetingId, NotAMeeting, Number, Options, Person, Presenters, Recording,
    Role, Times,
};
use crate::microsoft::http::Exchange;

use super::spelling::Spelled;
use super::{GraphError, wire};

impl From<NotAMeeting> for GraphError {
    fn from(_: NotAMeeting) -> Self {
        Self::Protocol("a meeting that nobody could join")
    }
}

/// No success without a link to join.
pub(super) fn meeting(answer: &Exchange) -> Result<Meeting, GraphError> {
    if !answer.is_json() {
        return Err(GraphError::Protocol("something that is not JSON"));
    }
    let read: wire::OnlineMeeting =
        serde_json::from_slice(&answer.body).map_err(|_| GraphError::Protocol("something that is not a meeting"))?;
    let (Some(start), Some(end)) = (read.start_date_time, read.end_date_time) else {
        return Err(GraphError::Protocol("a meeting without times"));
    };
    let options = options(&read);
    Ok(Meeting {
        id: MeetingId::parse(&read.id)?,
        join_url: JoinUrl::parse(&read.join_web_url.unwrap_or_default())?,
        subject: read.subject.unwrap_or_default(),
        times: Times::read(start, end),
        people: read
            .participants
            .and_then(|people| people.attendees)
            .unwrap_or_default()
            .iter()
            .filter_map(person)
            .collect(),
        options,
        number: read
            .join_meeting_id_settings
            .and_then(|settings| settings.join_meeting_id.map(|id| Number { id, passcode: settings.passcode })),
        dial_in: read.audio_conferencing.and_then(dial_in),
        join_text: read.join_information.and_then(|text| join_text(&text.content?)),
    })
}

fn options(read: &wire::OnlineMeeting) -> Options {
    let recording = match (read.allow_recording, read.record_automatically) {
        (_, Some(true)) => Some(Recording::Automatic),
        (Some(false), _) => Some(Recording::Off),
        (Some(true), _) => Some(Recording::Allowed),
        (None, _) => None,
    };
    let lobby = read.lobby_bypass_settings.as_ref();
    Options {
        lobby: lobby.and_then(|lobby| Lobby::of(lobby.scope.as_deref()?)),
        dial_in_skips_lobby: lobby.and_then(|lobby| lobby.is_dial_in_bypass_enabled),
        lobby_admitters: read.allowed_lobby_admitters.as_deref().and_then(Spelled::of),
        recording,
        transcription: read.allow_transcription,
        presenters: read.allowed_presenters.as_deref().and_then(Presenters::of),
        chat: read.allow_meeting_chat.as_deref().and_then(Chat::of),
        announce_entry: read.is_entry_exit_announced,
        microphones: read.allow_attendee_to_enable_mic,
        cameras: read.allow_attendee_to_enable_camera,
        passcode: read.join_meeting_id_settings.as_ref().and_then(|settings| settings.is_passcode_required),
        template: read.meeting_template_id.clone().and_then(|template| template.try_into().ok()),
    }
}

/// Somebody without an address cannot be invited again; a role that Microsoft adds later is that of an attendee.
fn person(read: &wire::Somebody) -> Option<Person> {
    let role = read.role.as_deref().and_then(Role::of).unwrap_or(Role::Attendee);
    Some(Person { address: read.upn.as_deref()?.parse().ok()?, role })
}

fn dial_in(read: wire::AudioConferencing) -> Option<DialIn> {
    Some(DialIn {
        conference_id: read.conference_id?,
        toll_number: read.toll_number,
        toll_free_number: read.toll_free_number,
        more_numbers: read.dial_in_url.filter(|url| JoinUrl::parse(url).is_ok()),
    })
}

/// Graph wraps its text in a `data:` address (RFC 2397), with blanks as a form writes them.
fn join_text(content: &str) -> Option<String> {
    let Some(wrapped) = content.strip_prefix("data:text/html,") else { return Some(content.to_owned()) };
    percent_decode_str(&wrapped.replace('+', " ")).decode_utf8().ok().map(Into::into)
}
