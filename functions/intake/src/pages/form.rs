//! The pages: guide and form, and the receipt. What was pasted as a secret is never shown again.

use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use url::Url;

use shared::adapters::vault::pending_key_pairs::PendingCertificate;
use shared::domain::entra_app::{AppSummary, CredentialKind, CredentialsSubmission, SubmittedCredential, utc_date};
use shared::domain::finding::{Finding, FindingKind as Found, FormField, Message, Severity};
use shared::http::html;
use shared::http::html::STYLE;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::{ClientId, CustomerId};
use shared::types::language::Language;

use crate::setup_scripts::ScriptKind;

pub(crate) use crate::pages::receipt::render_receipt;

/// The look of every page of ours, and what only these need.
pub(super) static STYLESHEET: LazyLock<String> =
    LazyLock::new(|| format!("{STYLE}{}", include_str!("../../pages/intake.css")));

/// What is better with a script.
const SCRIPT: &str = include_str!("../../pages/intake.js");

/// What a browser may do on the form.
static FORM_CSP: LazyLock<HeaderValue> = LazyLock::new(|| html::policy(&STYLESHEET, Some(SCRIPT)));

/// The periods that the portal offers for a secret, in days, and what it calls them
/// ([Add credentials](https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials)).
const LIFETIMES: [(i64, u8); 4] = [(180, 6), (365, 12), (545, 18), (730, 24)];

/// The mistakes that the script tells apart as the server does. The rest only Entra knows.
const CHECKED_BY_SCRIPT: [Found; 19] = [
    Found::TenantMissing,
    Found::TenantMalformed,
    Found::TenantIsEveryTenant,
    Found::TenantIsPersonal,
    Found::TenantInChina,
    Found::TenantIsUrl,
    Found::TenantIsEmail,
    Found::TenantIsShortName,
    Found::ClientIdMissing,
    Found::ClientIdMalformed,
    Found::ClientIdIsTenant,
    Found::ClientIdIsMicrosofts,
    Found::SecretMissing,
    Found::SecretIsSecretId,
    Found::SecretIsMasked,
    Found::SecretHasStrangeCharacters,
    Found::SecretMalformed,
    Found::ExpiryMalformed,
    Found::ExpiryInThePast,
];

/// As much of the redirect URI as fits into a drawing.
const LONGEST_TAIL: usize = 16;

/// What is put back into the form: everything but the secret.
#[derive(Debug, Default)]
pub(crate) struct FormValues {
    tenant: String,
    client_id: String,
    expires_on: String,
    kind: Option<CredentialKind>,
}

impl FormValues {
    /// What stays as it is when a credential is renewed.
    fn from_summary(card: &AppSummary) -> Self {
        Self { tenant: card.tenant.to_string(), client_id: card.client_id.to_string(), ..Self::default() }
    }

    pub(crate) fn from_submission(submission: &CredentialsSubmission) -> Self {
        let short = |text: &str| text.chars().take(256).collect();
        let (kind, expires_on) = match &submission.offer {
            SubmittedCredential::Secret { expires_on, .. } => (CredentialKind::ClientSecret, expires_on.as_deref()),
            SubmittedCredential::Certificate => (CredentialKind::Certificate, None),
        };
        Self {
            tenant: short(&submission.tenant),
            client_id: short(&submission.client_id),
            expires_on: short(expires_on.unwrap_or_default()),
            kind: Some(kind),
        }
    }
}

/// Guide and form.
#[derive(Debug, Template)]
#[template(path = "form.html")]
pub(crate) struct IntakeForm<'a> {
    language: Language,
    style: &'static str,
    script: &'static str,
    opening: &'static crate::pages::messages::IntroMessages,
    guide: &'static crate::pages::messages::GuideMessages,
    drawings: &'static crate::pages::messages::DrawingMessages,
    kit: &'static crate::pages::messages::ScriptOfferMessages,
    fields: &'static crate::pages::messages::FormMessages,
    /// The last segment of the page's address.
    link: &'a str,
    customer: &'a CustomerId,
    redirect_uri: &'a Url,
    /// The end of it, as long as fits into a drawing.
    redirect_tail: String,
    files: Vec<ScriptOffer>,
    today: Date,
    lifetimes: Vec<SecretLifetime>,
    /// What the script may have to say.
    sentences: Vec<ScriptMessage>,
    is_renewal: bool,
    /// The customer works with a certificate already.
    of_certificate: bool,
    /// The certificate that can be chosen.
    waiting: Option<&'a PendingCertificate>,
    /// The customer's own app, once it is known.
    client_id: Option<ClientId>,
    echo: FormValues,
    faults: Vec<FieldProblem>,
}

/// A fault, in the reader's words.
#[derive(Debug)]
struct FieldProblem {
    code: &'static str,
    field: Option<FormField>,
    words: Message,
    reference: Option<String>,
    /// It keeps the values from being stored; the rest is good to know.
    is_error: bool,
}

impl FieldProblem {
    /// The field's name in the form.
    fn field_name(&self) -> Option<&'static str> {
        self.field.map(field_name)
    }
}

fn field_name(field: FormField) -> &'static str {
    match field {
        FormField::Tenant => "tenant",
        FormField::ClientId => "client_id",
        FormField::ClientSecret => "client_secret",
        FormField::Certificate => "kind",
        FormField::ExpiresOn => "expires_on",
    }
}

/// A sentence that the script shows beside a field.
#[derive(Debug)]
struct ScriptMessage {
    code: &'static str,
    words: Message,
}

/// A file of the kit, as the page offers it.
#[derive(Debug)]
struct ScriptOffer {
    name: &'static str,
    tool: &'static str,
    how: &'static str,
    command: &'static str,
}

/// A period that the portal offers for a secret.
#[derive(Debug)]
struct SecretLifetime {
    name: String,
    until: Date,
}

/// What the form is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormContext<'a> {
    pub(crate) language: Language,
    /// The last segment of the page's address.
    pub(crate) link: &'a str,
    pub(crate) customer: &'a CustomerId,
    /// The app that the customer works with already: then there is but a credential to renew.
    pub(crate) present: Option<&'a AppSummary>,
    /// The certificate that waits for being registered.
    pub(crate) waiting: Option<&'a PendingCertificate>,
    pub(crate) redirect_uri: &'a Url,
    pub(crate) now: Timestamp,
}

impl<'a> IntakeForm<'a> {
    pub(crate) fn new(occasion: FormContext<'a>) -> Self {
        let FormContext { language, link, customer, present, waiting, redirect_uri, now } = occasion;
        let today = utc_date(now);
        let kit = crate::pages::messages::ScriptOfferMessages::of(language);
        let sentence = |kind: Found| ScriptMessage { code: kind.code(), words: kind.message(language) };
        Self {
            language,
            style: STYLESHEET.as_str(),
            script: SCRIPT,
            opening: crate::pages::messages::IntroMessages::of(language),
            guide: crate::pages::messages::GuideMessages::of(language),
            drawings: crate::pages::messages::DrawingMessages::of(language),
            kit,
            fields: crate::pages::messages::FormMessages::of(language),
            link,
            customer,
            redirect_uri,
            redirect_tail: path_tail(redirect_uri),
            files: ScriptKind::ALL.map(|file| script_offer(file, kit, waiting.is_some())).into(),
            today,
            lifetimes: LIFETIMES
                .iter()
                .filter_map(|(days, months)| lifetime(today, *days, *months, language))
                .collect(),
            sentences: CHECKED_BY_SCRIPT.map(sentence).into(),
            is_renewal: present.is_some(),
            of_certificate: present.is_some_and(|card| card.kind == CredentialKind::Certificate),
            waiting,
            client_id: present.map(|card| card.client_id),
            echo: present.map(FormValues::from_summary).unwrap_or_default(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn with_findings(occasion: FormContext<'a>, echo: FormValues, findings: &[Finding]) -> Self {
        let faults = findings.iter().map(|finding| FieldProblem {
            code: finding.kind.code(),
            // Without a certificate on the page there is no field to choose it by.
            field: finding.kind.field().filter(|field| *field != FormField::Certificate || occasion.waiting.is_some()),
            words: finding.kind.message(occasion.language),
            reference: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
            is_error: finding.kind.severity() == Severity::Error,
        });
        let client_id = echo.client_id.parse().ok();
        Self { faults: faults.collect(), client_id, echo, ..Self::new(occasion) }
    }

    /// The faults of one field, by its name in the form.
    fn problems_of(&self, name: &str) -> Vec<&FieldProblem> {
        self.faults.iter().filter(|fault| fault.field_name() == Some(name)).collect()
    }

    /// Whether the certificate is chosen: by whoever sent the form, else wherever there is one.
    fn is_certificate_selected(&self) -> bool {
        self.waiting.is_some() && self.echo.kind != Some(CredentialKind::ClientSecret)
    }

    fn has_error(&self, name: &str) -> bool {
        self.problems_of(name).iter().any(|fault| fault.is_error)
    }
}

fn script_offer(
    file: ScriptKind,
    kit: &crate::pages::messages::ScriptOfferMessages,
    with_certificate: bool,
) -> ScriptOffer {
    let (tool, how, commands) = match file {
        ScriptKind::Bash => {
            ("Azure CLI", kit.bash, ["bash teams-connect.sh", "bash teams-connect.sh --certificate teams-connect.cer"])
        }
        ScriptKind::PowerShell => (
            "PowerShell",
            kit.powershell,
            [
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1",
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1 -Certificate ./teams-connect.cer",
            ],
        ),
        ScriptKind::Terraform => (
            "Terraform",
            kit.terraform,
            [
                "az login --allow-no-subscriptions\nterraform init\nterraform apply\nterraform output -raw client_secret",
                "az login --allow-no-subscriptions\nterraform init\nterraform apply -var certificate=teams-connect.cer",
            ],
        ),
    };
    let command = commands[usize::from(with_certificate)];
    ScriptOffer { name: file.file_name(), tool, how, command }
}

fn lifetime(today: Date, days: i64, months: u8, language: Language) -> Option<SecretLifetime> {
    let until = today.checked_add(SignedDuration::from_hours(24 * days)).ok()?;
    Some(SecretLifetime { name: format!("{months} {}", language.choose("mies.", "months")), until })
}

/// The last characters of an address.
fn path_tail(address: &Url) -> String {
    let path = address.path();
    path.get(path.len().saturating_sub(LONGEST_TAIL)..).unwrap_or_default().to_owned()
}

/// A page of ours with a policy of its own.
pub(crate) type HtmlResponse = ([(HeaderName, HeaderValue); 1], Html<String>);

pub(crate) fn render_form(form: &IntakeForm<'_>) -> Result<HtmlResponse, Problem> {
    Ok(([(CONTENT_SECURITY_POLICY, FORM_CSP.clone())], render(form)?))
}

/// The form again, with what is wrong.
pub(crate) fn render_form_with_findings(
    occasion: FormContext<'_>,
    echo: FormValues,
    findings: &[Finding],
) -> Result<Response, Problem> {
    let page = render_form(&IntakeForm::with_findings(occasion, echo, findings))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub(crate) fn render(page: &impl Template) -> Result<Html<String>, Problem> {
    page.render().map(Html).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}
