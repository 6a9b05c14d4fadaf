//! The sentences of an invitation.

use crate::domain::meeting::icalendar::itip::ItipMethod;
use crate::domain::meeting::model::{DialIn, Meeting, MeetingNumber};
use crate::types::language::Language;

pub(super) fn location(language: Language) -> &'static str {
    language.choose("Spotkanie w aplikacji Microsoft Teams", "Microsoft Teams meeting")
}

/// How to join, one way a line.
pub(super) fn description(method: ItipMethod, meeting: &Meeting, link: &str, language: Language) -> String {
    if method == ItipMethod::Cancel {
        return language.choose("Ta rozmowa została odwołana.", "This interview was called off.").to_owned();
    }
    let mut lines = vec![labelled(language, "Dołącz do rozmowy", "Join the interview", link)];
    if let Some(number) = &meeting.number {
        lines.extend(by_number(number, language));
    }
    if let Some(dial_in) = &meeting.dial_in {
        lines.extend(by_telephone(dial_in, language));
    }
    lines.join("\n")
}

fn by_number(number: &MeetingNumber, language: Language) -> Vec<String> {
    let mut lines = vec![labelled(language, "Identyfikator spotkania w Teams", "Meeting ID in Teams", &number.id)];
    lines.extend(number.passcode.iter().map(|passcode| labelled(language, "Kod dostępu", "Passcode", passcode)));
    lines
}

fn by_telephone(dial_in: &DialIn, language: Language) -> Vec<String> {
    let DialIn { conference_id, toll_number, toll_free_number, more_numbers } = dial_in;
    let mut lines = Vec::new();
    lines.extend(toll_number.iter().map(|number| labelled(language, "Telefonicznie", "By phone", number)));
    let free = |number| labelled(language, "Telefonicznie, bezpłatnie", "By phone, free of charge", number);
    lines.extend(toll_free_number.iter().map(|number| free(number)));
    lines.push(labelled(language, "Identyfikator konferencji", "Conference ID", &format!("{conference_id}#")));
    let elsewhere = |url| labelled(language, "Numery w innych krajach", "Numbers in other countries", url);
    lines.extend(more_numbers.iter().map(|url| elsewhere(url)));
    lines
}

fn labelled(language: Language, polish: &str, english: &str, what: &str) -> String {
    format!("{}: {what}", language.choose(polish, english))
}
