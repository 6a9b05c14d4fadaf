//! The sentences of an invitation.

use super::Method;
use crate::language::Language;
use crate::meeting::{DialIn, Meeting, Number};

pub(super) fn place(language: Language) -> &'static str {
    language.of("Spotkanie w aplikacji Microsoft Teams", "Microsoft Teams meeting")
}

/// How to join, one way a line.
pub(super) fn description(method: Method, meeting: &Meeting, link: &str, language: Language) -> String {
    if method == Method::Cancel {
        return language.of("Ta rozmowa została odwołana.", "This interview was called off.").to_owned();
    }
    let mut lines = vec![said(language, "Dołącz do rozmowy", "Join the interview", link)];
    if let Some(number) = &meeting.number {
        lines.extend(by_number(number, language));
    }
    if let Some(dial_in) = &meeting.dial_in {
        lines.extend(by_telephone(dial_in, language));
    }
    lines.join("\n")
}

fn by_number(number: &Number, language: Language) -> Vec<String> {
    let mut lines = vec![said(language, "Identyfikator spotkania w Teams", "Meeting ID in Teams", &number.id)];
    lines.extend(number.passcode.iter().map(|passcode| said(language, "Kod dostępu", "Passcode", passcode)));
    lines
}

fn by_telephone(dial_in: &DialIn, language: Language) -> Vec<String> {
    let DialIn { conference_id, toll_number, toll_free_number, more_numbers } = dial_in;
    let mut lines = Vec::new();
    lines.extend(toll_number.iter().map(|number| said(language, "Telefonicznie", "By phone", number)));
    let free = |number| said(language, "Telefonicznie, bezpłatnie", "By phone, free of charge", number);
    lines.extend(toll_free_number.iter().map(|number| free(number)));
    lines.push(said(language, "Identyfikator konferencji", "Conference ID", &format!("{conference_id}#")));
    let elsewhere = |url| said(language, "Numery w innych krajach", "Numbers in other countries", url);
    lines.extend(more_numbers.iter().map(|url| elsewhere(url)));
    lines
}

fn said(language: Language, polish: &str, english: &str, what: &str) -> String {
    format!("{}: {what}", language.of(polish, english))
}
