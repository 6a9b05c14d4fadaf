//! The texts of an invitation.

use crate::domain::meeting::model::{DialIn, Meeting};
use crate::messages;

messages! {
    /// The texts of an invitation.
    pub(super) InvitationMessages {
        location: "Spotkanie w aplikacji Microsoft Teams", "Microsoft Teams meeting";
        cancelled: "Ta rozmowa została odwołana.", "This interview has been cancelled.";
        removed: "Nie bierzesz już udziału w tej rozmowie.", "You are no longer taking part in this interview.";
        join: "Dołącz do rozmowy", "Join the interview";
        meeting_id: "Identyfikator spotkania w Teams", "Meeting ID in Teams";
        passcode: "Kod dostępu", "Passcode";
        toll_number: "Telefonicznie", "By phone";
        toll_free_number: "Telefonicznie, bezpłatnie", "By phone, free of charge";
        conference_id: "Identyfikator konferencji", "Conference ID";
        more_numbers: "Numery w innych krajach", "Numbers in other countries";
    }
}

/// The ways to join, one a line.
pub(super) fn description(meeting: &Meeting, link: &str, messages: &InvitationMessages) -> String {
    let mut lines = vec![labelled(messages.join, link)];
    if let Some(number) = &meeting.number {
        lines.push(labelled(messages.meeting_id, &number.id));
        lines.extend(number.passcode.iter().map(|passcode| labelled(messages.passcode, passcode)));
    }
    if let Some(DialIn { conference_id, toll_number, toll_free_number, more_numbers }) = &meeting.dial_in {
        lines.extend(toll_number.iter().map(|number| labelled(messages.toll_number, number)));
        lines.extend(toll_free_number.iter().map(|number| labelled(messages.toll_free_number, number)));
        lines.push(labelled(messages.conference_id, &format!("{conference_id}#")));
        lines.extend(more_numbers.iter().map(|url| labelled(messages.more_numbers, url)));
    }
    lines.join("\n")
}

fn labelled(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}
