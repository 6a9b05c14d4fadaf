//! The message that support sends to a customer's administrator: plain text, in both languages.

use form_urlencoded::byte_serialize;

use shared::domain::entra_app::AppSummary;
use shared::domain::finding::{Actor, FindingKind};
use shared::types::language::Language;

use crate::pages::messages::MailMessages;

/// A message for an administrator in one language.
#[derive(Debug)]
pub(super) struct AdminMail {
    pub(super) language: Language,
    pub(super) lines: Vec<String>,
    /// A `mailto:` URL that opens the message in a mail program (RFC 6068).
    pub(super) mailto_url: String,
}

/// The messages about what an administrator must solve; none where there is nothing for an administrator.
pub(super) fn messages(app: &AppSummary) -> Vec<AdminMail> {
    match app.standing().finding.filter(|finding| finding.actor() == Actor::CustomerAdmin) {
        None => Vec::new(),
        Some(finding) => Language::ALL.map(|language| message(app, finding, language)).into(),
    }
}

fn message(app: &AppSummary, finding: FindingKind, language: Language) -> AdminMail {
    let (says, told) = (MailMessages::of(language), finding.message(language));
    let line = |label: &str, value: &str| format!("{label}: {value}");
    let ends = app.expires_on.filter(|_| finding == FindingKind::ExpiresSoon);
    let mut lines = vec![says.greeting.to_owned()];
    lines.push(ends.map_or(says.opening, |_| says.ending).to_owned());
    lines.extend(ends.map(|date| line(says.on, &date.to_string())));
    lines.extend([
        line(says.what, told.title),
        line(says.remedy, told.remedy),
        line(says.client_id, &app.client_id.to_string()),
        line(says.tenant, &app.tenant.to_string()),
        line(says.link, says.put_link_here),
    ]);
    // A plus is a plus here, and no blank (RFC 6068 §5).
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let mailto_url = format!("mailto:?subject={}&body={}", encode(says.subject), encode(&lines.join("\r\n")));
    AdminMail { language, lines, mailto_url }
}
