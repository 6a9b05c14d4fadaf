//! The receipt, which the link shows until it ends: what was stored and for how long, how things stand, and the next steps.

use askama::Template;
use url::Url;

use shared::domain::entra_app::{AppSummary, ConsentState, CredentialKind, IntakeLink, expiry_finding};
use shared::domain::finding::{FindingKind, Message, Severity, first_of};
use shared::http::html::{self, HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::types::clock::Timestamp;
use shared::types::language::Language;

use crate::pages::messages::{ReceiptMessages, StatusMessages};
use crate::receipt::StoredCredentials;

#[derive(Debug, Template)]
#[template(path = "receipt.html")]
struct ReceiptPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    messages: &'static ReceiptMessages,
    link: &'a IntakeLink,
    /// Whether Entra accepted the credential.
    is_verified: bool,
    tenant: String,
    client_id: String,
    expires_on: String,
    warnings: Vec<ReceiptWarning<'a>>,
    return_url: Option<&'a Url>,
    secret_prefix: Option<&'a str>,
    is_secret: bool,
    is_federated: bool,
    fingerprint: Option<&'a str>,
    consent_url: &'a Url,
    test_sign_in_url: &'a str,
    steps: Vec<StatusLine>,
}

/// One thing that must be so before recruiters can work.
#[derive(Debug)]
struct StatusLine {
    mark: StatusMark,
    text: &'static str,
    /// When this became known.
    at: Option<String>,
    /// What is wrong.
    message: Option<(&'static str, Message)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatusMark {
    Good,
    Open,
    Bad,
}

impl StatusMark {
    /// The class of its line.
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Open => "open",
            Self::Bad => "bad",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Open => "•",
            Self::Bad => "!",
        }
    }
}

/// A finding that did not keep the values from being stored.
#[derive(Debug)]
struct ReceiptWarning<'a> {
    code: &'static str,
    message: Message,
    /// Microsoft's correlation id.
    correlation_id: Option<String>,
    /// The redirect URI, if the message is about it.
    redirect_uri: Option<&'a Url>,
}

impl ReceiptPage<'_> {
    /// Nothing is left to do.
    fn is_complete(&self) -> bool {
        self.steps.iter().all(|line| line.mark == StatusMark::Good)
    }

    /// Recruiters cannot work.
    fn is_blocked(&self) -> bool {
        self.steps.first().is_some_and(|line| line.mark == StatusMark::Bad)
    }
}

/// Renders the receipt.
pub(crate) fn render_receipt(
    (frame, language): (PageFrame<'_>, Language),
    link: &IntakeLink,
    stored: &StoredCredentials,
    now: Timestamp,
) -> Result<HtmlPage, Problem> {
    let (app, messages) = (&stored.summary, ReceiptMessages::of(language));
    let warnings = stored.findings.iter().map(|finding| ReceiptWarning {
        code: finding.kind.code(),
        message: finding.kind.message(language),
        redirect_uri: is_about_the_redirect_uri(finding.kind).then_some(&stored.redirect_uri),
        correlation_id: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
    });
    let page = ReceiptPage {
        language,
        frame,
        messages,
        link,
        is_verified: app.verified_at.is_some(),
        tenant: app.tenant.to_string(),
        client_id: app.client_id.to_string(),
        expires_on: match app.expires_on {
            _ if app.never_expires() => messages.never_expires.to_owned(),
            None => messages.expiry_unknown.to_owned(),
            Some(date) => date.to_string(),
        },
        warnings: warnings.collect(),
        return_url: link.return_url.as_ref(),
        secret_prefix: stored.secret_prefix.as_deref(),
        fingerprint: app.fingerprint.as_deref(),
        consent_url: &stored.consent_url,
        test_sign_in_url: &stored.test_sign_in_url,
        is_secret: app.kind == CredentialKind::ClientSecret,
        is_federated: app.kind == CredentialKind::Federated,
        steps: steps(app, language, now),
    };
    frame.render(&page, None)
}

/// What must be so before recruiters can work: the credential, the consent, a test, and time until the credential ends.
fn steps(app: &AppSummary, language: Language, now: Timestamp) -> Vec<StatusLine> {
    let messages = StatusMessages::of(language);
    let message = |kind: FindingKind| (kind.code(), kind.message(language));
    let line = |mark, text, at: Option<Timestamp>, finding: Option<FindingKind>| StatusLine {
        mark,
        text,
        at: at.map(html::moment),
        message: finding.map(message),
    };
    let known = |codes: &[String]| codes.iter().find_map(|code| FindingKind::from_code(code));
    let credential = match (first_of(&app.findings, Severity::Error), app.verified_at) {
        (Some(kind), _) => line(StatusMark::Bad, messages.credential_bad, app.checked_at, Some(kind)),
        (None, Some(at)) => line(StatusMark::Good, messages.credential_good, Some(at), None),
        (None, None) => line(StatusMark::Open, messages.credential_open, None, None),
    };
    let consent = app.consent_state();
    let consent = match consent.state {
        ConsentState::Granted => line(StatusMark::Good, messages.consent_granted, consent.at, None),
        ConsentState::Reported => line(StatusMark::Good, messages.consent_reported, consent.at, None),
        ConsentState::Declined => line(StatusMark::Bad, messages.consent_declined, consent.at, None),
        ConsentState::Unknown => line(StatusMark::Open, messages.consent_unknown, consent.at, None),
    };
    let test = match &app.sign_in_test {
        None => line(StatusMark::Open, messages.test_none, None, None),
        Some(test) if test.findings.is_empty() => line(StatusMark::Good, messages.test_good, Some(test.at), None),
        Some(test) => line(StatusMark::Bad, messages.test_bad, Some(test.at), known(&test.findings)),
    };
    let expiry = expiry_finding(app.kind, app.expires_on, now);
    let end = expiry.map(|finding| {
        let mark = if finding.kind.severity() == Severity::Error { StatusMark::Bad } else { StatusMark::Open };
        line(mark, messages.expiry, None, Some(finding.kind))
    });
    [credential, consent, test].into_iter().chain(end).collect()
}

fn is_about_the_redirect_uri(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::RedirectUriMissing | FindingKind::RedirectUriUnchecked)
}
