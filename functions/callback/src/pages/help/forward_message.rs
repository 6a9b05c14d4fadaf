//! What a recruiter forwards to whoever can mend it: plain text, which says all that is known.

use std::iter::once;

use url::{Url, form_urlencoded};

use shared::domain::finding::{Evidence, FindingKind};
use shared::types::language::Language;

use crate::authorization_response::ConnectLinkStatus;
use crate::pages::help::messages::ForwardMessages;

/// A message, line by line.
#[derive(Debug)]
pub(super) struct ForwardMessage {
    /// Its lines.
    pub(super) lines: Vec<String>,
    /// An address that opens it in the reader's mail program (RFC 6068).
    pub(super) mail: String,
}

/// Writes about a number; `place` is the address at which it is mended.
pub(super) fn new(
    evidence: &Evidence,
    kind: Option<FindingKind>,
    redirect_uri: Option<&Url>,
    standing: &ConnectLinkStatus,
    place: Option<&str>,
    language: Language,
) -> ForwardMessage {
    let says = ForwardMessages::of(language);
    let number = evidence.aadsts.map(crate::pages::help::aadsts_label).unwrap_or_default();
    let line = |label: &str, value: String| format!("{label}: {value}");
    let words = kind.map(|kind| kind.message(language));
    let app = match standing {
        ConnectLinkStatus::Valid { tenant, client_id, .. } => Some((client_id.to_string(), tenant.to_string())),
        ConnectLinkStatus::Invalid | ConnectLinkStatus::Unknown => None,
    };
    let (client_id, tenant) = app.unzip();
    let asked = |value: &Option<String>| value.clone().or_else(|| kind.is_none().then(|| says.copy_it.to_owned()));
    let optional = [
        (says.redirect_uri, redirect_uri.map(ToString::to_string)),
        (says.client_id, client_id),
        (says.tenant, tenant),
        (says.place, place.map(str::to_owned)),
        (says.correlation_id, asked(&evidence.correlation_id)),
        (says.time, asked(&evidence.timestamp)),
    ];
    let lines: Vec<String> =
        once(line(says.opening, number.clone()))
            .chain(words.iter().flat_map(|words| {
                [line(says.what, words.title.to_owned()), line(says.remedy, words.remedy.to_owned())]
            }))
            .chain(optional.into_iter().filter_map(|(label, value)| Some(line(label, value?))))
            .collect();
    let mail = mailto_url(&format!("{} {number}", says.subject), &lines);
    ForwardMessage { lines, mail }
}

/// Lines of a mail end in CR LF, and blanks are percent sequences (RFC 6068 §5).
fn mailto_url(subject: &str, lines: &[String]) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    format!("mailto:?subject={}&body={}", encoded(subject), encoded(&lines.join("\r\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::sign_in::parse_error_page;

    const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
    const CLIENT_ID: &str = "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34";
    const REDIRECT_URI: &str = "https://teams.ats.example/oauth/callback";

    fn works() -> ConnectLinkStatus {
        let (tenant, client_id) = (TENANT.parse().unwrap(), CLIENT_ID.parse().unwrap());
        ConnectLinkStatus::Valid { tenant, client_id, sign_in_url: "https://teams.ats.example/connect/x".to_owned() }
    }

    #[test]
    fn an_administrator_is_told_all_that_she_needs() {
        let kind = FindingKind::RedirectUriMissing;
        let uri = Url::parse(REDIRECT_URI).unwrap();
        for language in Language::ALL {
            let place = "https://entra.microsoft.com/#x";
            let text = new(&parse_error_page("AADSTS50011"), Some(kind), Some(&uri), &works(), Some(place), language)
                .lines
                .join("\n");
            let words = kind.message(language);
            for part in ["AADSTS50011", words.title, words.remedy, REDIRECT_URI, CLIENT_ID, TENANT, place] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains("/connect/"), "the link is the recruiter's own: {text}");
        }
    }

    #[test]
    fn of_a_customer_that_may_not_be_named_nothing_is_said() {
        for standing in [ConnectLinkStatus::Invalid, ConnectLinkStatus::Unknown] {
            let text = new(
                &parse_error_page("50105"),
                Some(FindingKind::UserNotAssigned),
                None,
                &standing,
                None,
                Language::En,
            )
            .lines;
            assert_eq!(text.len(), 3, "{text:?}");
        }
    }

    #[test]
    fn whoever_must_look_for_a_number_is_told_what_else_to_send() {
        let says = ForwardMessages::of(Language::En);
        let text = |typed: &str| {
            new(&parse_error_page(typed), None, None, &ConnectLinkStatus::Unknown, None, Language::En).lines
        };
        assert_eq!(text("AADSTS12345").iter().filter(|line| line.contains(says.copy_it)).count(), 2);
        let told =
            text("AADSTS12345 Correlation ID: 0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f Timestamp: 2026-11-24 09:00:00Z");
        assert!(told[1].ends_with("6a7b8c9d0e1f") && told[2].ends_with("09:00:00Z"), "{told:?}");
    }

    #[test]
    fn a_mail_is_spelled_as_mail_programs_read_it() {
        assert_eq!(
            mailto_url("a b&c", &["ą+".to_owned(), "?".to_owned()]),
            "mailto:?subject=a%20b%26c&body=%C4%85%2B%0D%0A%3F"
        );
    }
}
