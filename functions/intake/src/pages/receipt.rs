//! The receipt: what was stored, where and for how long, and what comes next.

use askama::Template;
use axum::http::header::CONTENT_SECURITY_POLICY;
use url::Url;

use shared::domain::entra_app::IntakeLink;
use shared::domain::finding::{FindingKind as Found, Message};
use shared::http::html;
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::credentials::StoredCredentials;
use crate::pages::form::{HtmlResponse, STYLESHEET, render};
use crate::pages::messages;

#[derive(Debug, Template)]
#[template(path = "stored.html")]
struct ReceiptPage<'a> {
    language: Language,
    style: &'static str,
    says: &'static messages::ReceiptMessages,
    customer: &'a CustomerId,
    tenant: String,
    client_id: String,
    expires_on: Option<String>,
    warnings: Vec<ReceiptWarning<'a>>,
    return_url: Option<&'a Url>,
    secret_begins: Option<&'a str>,
    fingerprint: Option<&'a str>,
    consent_url: &'a Url,
    test_sign_in_url: &'a str,
}

/// Something to know although the values were stored.
#[derive(Debug)]
struct ReceiptWarning<'a> {
    code: &'static str,
    words: Message,
    reference: Option<String>,
    /// What the words speak of, and nothing else on the page shows.
    redirect_uri: Option<&'a Url>,
}

/// The receipt, as a page.
pub(crate) fn render_receipt(
    language: Language,
    link: &IntakeLink,
    receipt: &StoredCredentials,
) -> Result<HtmlResponse, Problem> {
    let card = &receipt.card;
    let warnings = receipt.findings.iter().map(|finding| ReceiptWarning {
        code: finding.kind.code(),
        words: finding.kind.message(language),
        redirect_uri: is_about_the_redirect_uri(finding.kind).then_some(&receipt.redirect_uri),
        reference: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
    });
    let page = ReceiptPage {
        language,
        style: STYLESHEET.as_str(),
        says: messages::ReceiptMessages::of(language),
        customer: &link.customer,
        tenant: card.tenant.to_string(),
        client_id: card.client_id.to_string(),
        expires_on: card.expires_on.map(|date| date.to_string()),
        warnings: warnings.collect(),
        return_url: link.return_url.as_ref(),
        secret_begins: receipt.secret_begins.as_deref(),
        fingerprint: card.fingerprint.as_deref(),
        consent_url: &receipt.consent_url,
        test_sign_in_url: &receipt.test_sign_in_url,
    };
    Ok(([(CONTENT_SECURITY_POLICY, html::policy(&STYLESHEET, None))], render(&page)?))
}

fn is_about_the_redirect_uri(kind: Found) -> bool {
    matches!(kind, Found::RedirectUriMissing | Found::RedirectUriUnchecked)
}
