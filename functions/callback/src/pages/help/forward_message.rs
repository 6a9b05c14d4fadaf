//! The message that a recruiter forwards to whoever can solve the problem: plain text with all that is known.

use std::iter::once;

use url::{Url, form_urlencoded};

use shared::domain::finding::{Evidence, FindingKind};
use shared::types::language::Language;

use super::messages::ForwardMessages;
use crate::connect_link::ConnectLinkStatus;

/// A message to forward.
#[derive(Debug)]
pub(super) struct ForwardMessage {
    /// Its text, line by line.
    pub(super) lines: Vec<String>,
    /// A `mailto:` URL that opens the message in a mail program (RFC 6068).
    pub(super) mailto_url: String,
}

/// Writes the message about a number. `portal_url` is where the problem is solved.
pub(super) fn new(
    evidence: &Evidence,
    kind: Option<FindingKind>,
    redirect_uri: Option<&Url>,
    status: &ConnectLinkStatus,
    portal_url: Option<&str>,
    language: Language,
) -> ForwardMessage {
    let says = ForwardMessages::of(language);
    let number = evidence.aadsts.map(aadsts_label).unwrap_or_default();
    let line = |label: &str, value: String| format!("{label}: {value}");
    let message = kind.map(|kind| kind.message(language));
    let app = match status {
        ConnectLinkStatus::Valid { tenant, client_id, .. } => Some((client_id.to_string(), tenant.to_string())),
        ConnectLinkStatus::Invalid | ConnectLinkStatus::Unknown => None,
    };
    let (client_id, tenant) = app.unzip();
    let copied = |value: &Option<String>| value.clone().or_else(|| kind.is_none().then(|| says.copy_it.to_owned()));
    let optional = [
        (says.redirect_uri, redirect_uri.map(ToString::to_string)),
        (says.client_id, client_id),
        (says.tenant, tenant),
        (says.place, portal_url.map(str::to_owned)),
        (says.correlation_id, copied(&evidence.correlation_id)),
        (says.time, copied(&evidence.timestamp)),
    ];
    let lines: Vec<String> = once(line(says.opening, number.clone()))
        .chain(message.iter().flat_map(|message| {
            [line(says.what, message.title.to_owned()), line(says.remedy, message.remedy.to_owned())]
        }))
        .chain(optional.into_iter().filter_map(|(label, value)| Some(line(label, value?))))
        .collect();
    let mailto_url = mailto_url(&format!("{} {number}", says.subject), &lines);
    ForwardMessage { lines, mailto_url }
}

/// An AADSTS number as Microsoft writes it.
pub(super) fn aadsts_label(number: u32) -> String {
    format!("AADSTS{number}")
}

/// A `mailto:` URL: lines end in CR LF, spaces are percent-encoded (RFC 6068 §5).
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

    fn valid() -> ConnectLinkStatus {
        let (tenant, client_id) = (TENANT.parse().unwrap(), CLIENT_ID.parse().unwrap());
        ConnectLinkStatus::Valid { tenant, client_id, sign_in_url: "https://teams.ats.example/connect/x".to_owned() }
    }

    #[test]
    fn the_message_names_everything_that_an_administrator_needs() {
        let kind = FindingKind::RedirectUriMissing;
        let uri = Url::parse(REDIRECT_URI).unwrap();
        for language in Language::ALL {
            let portal_url = "https://entra.microsoft.com/#x";
            let text =
                new(&parse_error_page("AADSTS50011"), Some(kind), Some(&uri), &valid(), Some(portal_url), language)
                    .lines
                    .join("\n");
            let message = kind.message(language);
            for part in ["AADSTS50011", message.title, message.remedy, REDIRECT_URI, CLIENT_ID, TENANT, portal_url] {
                assert!(text.contains(part), "{part}: {text}");
            }
            assert!(!text.contains("/connect/"), "a connect link is for the recruiter only: {text}");
        }
    }

    #[test]
    fn the_message_names_no_customer_without_a_valid_link() {
        for status in [ConnectLinkStatus::Invalid, ConnectLinkStatus::Unknown] {
            let text =
                new(&parse_error_page("50105"), Some(FindingKind::UserNotAssigned), None, &status, None, Language::En)
                    .lines;
            assert_eq!(text.len(), 3, "{text:?}");
        }
    }

    #[test]
    fn the_message_about_an_unknown_number_asks_for_id_and_time() {
        let says = ForwardMessages::of(Language::En);
        let text = |typed: &str| {
            new(&parse_error_page(typed), None, None, &ConnectLinkStatus::Unknown, None, Language::En).lines
        };
        assert_eq!(text("AADSTS12345").iter().filter(|line| line.contains(says.copy_it)).count(), 2);
        let lines =
            text("AADSTS12345 Correlation ID: 0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f Timestamp: 2026-11-24 09:00:00Z");
        assert!(lines[1].ends_with("6a7b8c9d0e1f") && lines[2].ends_with("09:00:00Z"), "{lines:?}");
    }

    #[test]
    fn a_mailto_url_is_encoded_as_rfc_6068_says() {
        assert_eq!(
            mailto_url("a b&c", &["ą+".to_owned(), "?".to_owned()]),
            "mailto:?subject=a%20b%26c&body=%C4%85%2B%0D%0A%3F"
        );
    }
}
