//! A new meeting and a change, as they are sent.

use crate::clock::Timestamp;
use crate::meeting::{ExternalId, Opening, Person, Recording, Revision, Role, Subject, Template, Times};

use super::spelling::Spelled;
use super::wire;

/// All that `createOrGet` takes.
pub(super) fn opening<'a>(external_id: &'a ExternalId, opening: &Opening<'a>) -> wire::CreateOrGet<'a> {
    let (start, end) = opening.times.noted();
    // Graph takes presenters only beside `roleIsPresenter`, and that only by PATCH: until then they are attendees.
    let role = |role| if role == Role::Presenter { Role::Attendee } else { role };
    let people: Vec<_> = opening.people.iter().map(|person| participant(person, role(person.role))).collect();
    wire::CreateOrGet {
        external_id: external_id.as_str(),
        subject: opening.subject,
        start_date_time: utc(start),
        end_date_time: utc(end),
        participants: (!people.is_empty()).then_some(wire::Participants { attendees: people }),
    }
}

pub(super) fn revision(revision: &Revision) -> wire::MeetingChange<'_> {
    let options = &revision.options;
    let times = revision.times.map(Times::noted);
    let lobby = (options.lobby.is_some() || options.dial_in_skips_lobby.is_some()).then(|| wire::LobbyChange {
        scope: options.lobby.map(Spelled::spelled),
        is_dial_in_bypass_enabled: options.dial_in_skips_lobby,
    });
    let people = revision.people.as_ref().map(|people| wire::Participants {
        attendees: people.iter().map(|person| participant(person, person.role)).collect(),
    });
    wire::MeetingChange {
        subject: revision.subject.as_ref().map(Subject::as_str),
        start_date_time: times.map(|(start, _)| utc(start)),
        end_date_time: times.map(|(_, end)| utc(end)),
        participants: people,
        lobby_bypass_settings: lobby,
        allowed_lobby_admitters: options.lobby_admitters.map(Spelled::spelled),
        allowed_presenters: options.presenters.map(Spelled::spelled),
        allow_meeting_chat: options.chat.map(Spelled::spelled),
        allow_recording: options.recording.map(|recording| recording != Recording::Off),
        record_automatically: options.recording.map(|recording| recording == Recording::Automatic),
        allow_transcription: options.transcription,
        is_entry_exit_announced: options.announce_entry,
        allow_attendee_to_enable_mic: options.microphones,
        allow_attendee_to_enable_camera: options.cameras,
        join_meeting_id_settings: options
            .passcode
            .map(|is_passcode_required| wire::PasscodeChange { is_passcode_required }),
        meeting_template_id: options.template.as_ref().map(Template::as_str),
    }
}

fn participant(person: &Person, role: Role) -> wire::Participant<'_> {
    wire::Participant { upn: person.address.as_str(), role: role.spelled() }
}

fn utc(time: Timestamp) -> String {
    time.to_string()
}
