//! The receipt: what was stored and for how long, and the next steps.

use askama::Template;
use axum::http::header::CONTENT_SECURITY_POLICY;
use url::Url;

use shared::domain::entra_app::{IntakeLink, is_never};
use shared::domain::finding::{FindingKind, Message};
use shared::http::html;
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::pages::messages::ReceiptMessages;
use crate::pages::render::{HtmlResponse, STYLESHEET, render};
use crate::receipt::StoredCredentials;

#[derive(Debug, Template)]
#[template(path = "receipt.html")]
struct ReceiptPage<'a> {
    language: Language,
    style: &'static str,
    messages: &'static ReceiptMessages,
    customer: &'a CustomerId,
    /// Whether Entra accepted the credential.
    is_verified: bool,
    tenant: String,
    client_id: String,
    expires_on: String,
    warnings: Vec<ReceiptWarning<'a>>,
    return_url: Option<&'a Url>,
    secret_prefix: Option<&'a str>,
    fingerprint: Option<&'a str>,
    consent_url: &'a Url,
    test_sign_in_url: &'a str,
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

/// Renders the receipt.
pub(crate) fn render_receipt(
    language: Language,
    link: &IntakeLink,
    stored: &StoredCredentials,
) -> Result<HtmlResponse, Problem> {
    let (app, messages) = (&stored.summary, ReceiptMessages::of(language));
    let warnings = stored.findings.iter().map(|finding| ReceiptWarning {
        code: finding.kind.code(),
        message: finding.kind.message(language),
        redirect_uri: is_about_the_redirect_uri(finding.kind).then_some(&stored.redirect_uri),
        correlation_id: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
    });
    let page = ReceiptPage {
        language,
        style: STYLESHEET.as_str(),
        messages,
        customer: &link.customer,
        is_verified: app.verified_at.is_some(),
        tenant: app.tenant.to_string(),
        client_id: app.client_id.to_string(),
        expires_on: match app.expires_on {
            None => messages.expiry_unknown.to_owned(),
            Some(date) if is_never(date) => messages.never_expires.to_owned(),
            Some(date) => date.to_string(),
        },
        warnings: warnings.collect(),
        return_url: link.return_url.as_ref(),
        secret_prefix: stored.secret_prefix.as_deref(),
        fingerprint: app.fingerprint.as_deref(),
        consent_url: &stored.consent_url,
        test_sign_in_url: &stored.test_sign_in_url,
    };
    Ok(([(CONTENT_SECURITY_POLICY, html::policy(&STYLESHEET, None))], render(&page)?))
}

fn is_about_the_redirect_uri(kind: FindingKind) -> bool {
    matches!(kind, FindingKind::RedirectUriMissing | FindingKind::RedirectUriUnchecked)
}
