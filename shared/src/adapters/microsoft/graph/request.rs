//! Request bodies for new and changed meetings.

use crate::adapters::microsoft::graph::enums::GraphEnum;
use crate::adapters::microsoft::graph::wire;
use crate::domain::meeting::{
    CreateMeeting, ExternalId, MeetingPatch, MeetingTemplateId, MeetingTimes, Participant, ParticipantRole, Recording,
    Subject,
};
use crate::types::clock::Timestamp;

/// The body of `createOrGet`.
pub(super) fn create_or_get_body<'a>(
    external_id: &'a ExternalId,
    order: &CreateMeeting<'a>,
) -> wire::CreateOrGetBody<'a> {
    let (start, end) = order.times.encode();
    // Graph accepts presenters only with `roleIsPresenter`, and that only by PATCH. Until then they are attendees.
    let role = |role| if role == ParticipantRole::Presenter { ParticipantRole::Attendee } else { role };
    let people: Vec<_> = order.people.iter().map(|person| attendee_body(person, role(person.role))).collect();
    wire::CreateOrGetBody {
        external_id: external_id.as_str(),
        subject: order.subject,
        start_date_time: to_utc_string(start),
        end_date_time: to_utc_string(end),
        participants: (!people.is_empty()).then_some(wire::ParticipantsBody { attendees: people }),
    }
}

pub(super) fn patch_meeting_body(patch: &MeetingPatch) -> wire::PatchMeetingBody<'_> {
    let options = &patch.options;
    let times = patch.times.map(MeetingTimes::encode);
    let lobby =
        (options.lobby.is_some() || options.dial_in_skips_lobby.is_some()).then(|| wire::LobbyBypassSettingsBody {
            scope: options.lobby.map(GraphEnum::to_graph),
            is_dial_in_bypass_enabled: options.dial_in_skips_lobby,
        });
    let people = patch.people.as_ref().map(|people| wire::ParticipantsBody {
        attendees: people.iter().map(|person| attendee_body(person, person.role)).collect(),
    });
    wire::PatchMeetingBody {
        subject: patch.subject.as_ref().map(Subject::as_str),
        start_date_time: times.map(|(start, _)| to_utc_string(start)),
        end_date_time: times.map(|(_, end)| to_utc_string(end)),
        participants: people,
        lobby_bypass_settings: lobby,
        allowed_lobby_admitters: options.lobby_admitters.map(GraphEnum::to_graph),
        allowed_presenters: options.presenters.map(GraphEnum::to_graph),
        allow_meeting_chat: options.chat.map(GraphEnum::to_graph),
        allow_recording: options.recording.map(|recording| recording != Recording::Off),
        record_automatically: options.recording.map(|recording| recording == Recording::Automatic),
        allow_transcription: options.transcription,
        is_entry_exit_announced: options.announce_entry,
        allow_attendee_to_enable_mic: options.microphones,
        allow_attendee_to_enable_camera: options.cameras,
        join_meeting_id_settings: options
            .passcode
            .map(|is_passcode_required| wire::JoinMeetingIdSettingsBody { is_passcode_required }),
        meeting_template_id: options.template.as_ref().map(MeetingTemplateId::as_str),
    }
}

fn attendee_body(person: &Participant, role: ParticipantRole) -> wire::AttendeeBody<'_> {
    wire::AttendeeBody { upn: person.address.as_str(), role: role.to_graph() }
}

fn to_utc_string(time: Timestamp) -> String {
    time.to_string()
}
