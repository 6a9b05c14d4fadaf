//! The pages: guide and form, and the receipt. What was pasted as a secret is never shown again.

use askama::Template;
use axum::response::Html;
use url::Url;

use shared::entra_app::{IntakeLink, Submission};
use shared::finding::{Field, Finding, Words};
use shared::ids::CustomerId;
use shared::language::Language;
use shared::web::page::STYLE;
use shared::web::problem::{Kind, Problem};

use crate::act::Receipt;

/// What is put back into the form: everything but the secret.
#[derive(Debug, Default)]
pub(crate) struct Echo {
    tenant: String,
    client_id: String,
    expires_on: String,
}

impl Echo {
    pub(crate) fn of(submission: &Submission) -> Self {
        let short = |text: &str| text.chars().take(256).collect();
        Self {
            tenant: short(&submission.tenant),
            client_id: short(&submission.client_id),
            expires_on: short(submission.expires_on.as_deref().unwrap_or_default()),
        }
    }
}

/// Guide and form.
#[derive(Debug, Template)]
#[template(path = "form.html")]
pub(crate) struct Form<'a> {
    language: Language,
    style: &'static str,
    customer: &'a CustomerId,
    redirect_uri: &'a Url,
    echo: Echo,
    faults: Vec<Fault>,
}

/// A fault, in the reader's words.
#[derive(Debug)]
struct Fault {
    code: &'static str,
    field: Option<Field>,
    words: Words,
    reference: Option<String>,
}

impl<'a> Form<'a> {
    pub(crate) fn empty(language: Language, redirect_uri: &'a Url, customer: &'a CustomerId) -> Self {
        Self { language, style: STYLE, customer, redirect_uri, echo: Echo::default(), faults: Vec::new() }
    }

    pub(crate) fn with_faults(
        language: Language,
        redirect_uri: &'a Url,
        customer: &'a CustomerId,
        echo: Echo,
        findings: &[Finding],
    ) -> Self {
        let faults = findings.iter().map(|finding| Fault {
            code: finding.kind.code(),
            field: finding.kind.field(),
            words: finding.kind.words(language),
            reference: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
        });
        Self { faults: faults.collect(), echo, ..Self::empty(language, redirect_uri, customer) }
    }

    /// The faults of one field, by its name in the form.
    fn of(&self, name: &str) -> Vec<&Fault> {
        let field = match name {
            "tenant" => Field::Tenant,
            "client_id" => Field::ClientId,
            "client_secret" => Field::ClientSecret,
            _ => Field::ExpiresOn,
        };
        self.faults.iter().filter(|fault| fault.field == Some(field)).collect()
    }

    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.of(polish, english)
    }
}

/// The receipt.
#[derive(Debug, Template)]
#[template(path = "stored.html")]
struct Stored<'a> {
    language: Language,
    style: &'static str,
    customer: &'a CustomerId,
    tenant: String,
    client_id: String,
    expires_on: Option<String>,
    warnings: Vec<Words>,
    return_url: Option<&'a Url>,
    secret_begins: &'a str,
    fingerprint: Option<&'a str>,
    consent_url: &'a Url,
    test_sign_in_url: &'a str,
}

impl Stored<'_> {
    fn say(&self, polish: &'static str, english: &'static str) -> &'static str {
        self.language.of(polish, english)
    }
}

pub(crate) fn form(form: &Form<'_>) -> Result<Html<String>, Problem> {
    rendered(form)
}

pub(crate) fn stored(language: Language, link: &IntakeLink, receipt: &Receipt) -> Result<Html<String>, Problem> {
    let card = &receipt.card;
    let warnings = receipt.findings.iter().map(|finding| finding.kind);
    rendered(&Stored {
        language,
        style: STYLE,
        customer: &link.customer,
        tenant: card.tenant.to_string(),
        client_id: card.client_id.to_string(),
        expires_on: card.expires_on.map(|date| date.to_string()),
        warnings: warnings.map(|kind| kind.words(language)).collect(),
        return_url: link.return_url.as_ref(),
        secret_begins: &receipt.secret_begins,
        fingerprint: card.fingerprint.as_deref(),
        consent_url: &receipt.consent_url,
        test_sign_in_url: &receipt.test_sign_in_url,
    })
}

fn rendered(page: &impl Template) -> Result<Html<String>, Problem> {
    page.render().map(Html).map_err(|error| Problem::from(Kind::Internal).because(error))
}
