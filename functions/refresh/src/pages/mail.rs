//! The message that support sends to a customer's administrator: plain text, in both languages.

use form_urlencoded::byte_serialize;

use shared::domain::entra_app::AppSummary;
use shared::domain::finding::{Actor, FindingKind};
use shared::types::language::Language;

use crate::pages::messages::MailMessages;
use crate::pages::moment;
use crate::support_link::CreatedIntakeLink;

/// A message for an administrator in one language.
#[derive(Debug)]
pub(super) struct AdminMail {
    pub(super) language: Language,
    pub(super) lines: Vec<String>,
    /// A `mailto:` URL that opens the message in a mail program (RFC 6068).
    pub(super) mailto_url: String,
}

/// Asks the administrator to open an intake link, and says what must be solved where that is known.
pub(super) fn message(app: Option<&AppSummary>, created: &CreatedIntakeLink, language: Language) -> AdminMail {
    let says = MailMessages::of(language);
    let finding = app.and_then(|app| app.standing().finding);
    let finding = finding.filter(|finding| finding.actor() == Actor::CustomerAdmin);
    let line = |label: &str, value: &str| format!("{label}: {value}");
    let ends = app.and_then(|app| app.expires_on).filter(|_| finding == Some(FindingKind::ExpiresSoon));
    let opening = match (ends, finding) {
        (Some(_), _) => says.ending,
        (None, Some(_)) => says.broken,
        (None, None) => says.set_up,
    };
    let mut lines = vec![says.greeting.to_owned(), opening.to_owned()];
    lines.extend(ends.map(|date| line(says.on, &date.to_string())));
    if let Some(told) = finding.map(|finding| finding.message(language)) {
        lines.extend([line(says.what, told.title), line(says.remedy, told.remedy)]);
    }
    if let Some(app) = app {
        lines.push(line(says.client_id, &app.client_id.to_string()));
        lines.push(line(says.tenant, &app.tenant.to_string()));
    }
    lines.extend([line(says.link, &created.url), line(says.until, &moment(created.expires_at))]);
    // A plus is a plus here, and no blank (RFC 6068 §5).
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let mailto_url = format!("mailto:?subject={}&body={}", encode(says.subject), encode(&lines.join("\r\n")));
    AdminMail { language, lines, mailto_url }
}
