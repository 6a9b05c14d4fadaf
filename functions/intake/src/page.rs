//! The pages: guide and form, and the receipt. What was pasted as a secret is never shown again.

mod receipt;
mod words;

use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use url::Url;

use shared::clock::{SignedDuration, Timestamp};
use shared::entra_app::{AppCard, CredentialKind, Offer, Submission, today};
use shared::finding::{Field, Finding, Kind as Found, Severity, Words};
use shared::ids::{ClientId, CustomerId};
use shared::language::Language;
use shared::vault::key_pairs::Waiting;
use shared::web::page::{self, STYLE};
use shared::web::problem::{Kind, Problem};

use crate::kit::File;

pub(crate) use receipt::stored;

/// The look of every page of ours, and what only these need.
static LOOK: LazyLock<String> = LazyLock::new(|| format!("{STYLE}{}", include_str!("../pages/intake.css")));

/// What is better with a script.
const SCRIPT: &str = include_str!("../pages/intake.js");

/// What a browser may do on the form.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| page::policy(&LOOK, Some(SCRIPT)));

/// The periods that the portal offers for a secret, in days, and what it calls them
/// ([Add credentials](https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials)).
const LIFETIMES: [(i64, u8); 4] = [(180, 6), (365, 12), (545, 18), (730, 24)];

/// The mistakes that the script tells apart as the server does. The rest only Entra knows.
const SEEN_BY_THE_SCRIPT: [Found; 19] = [
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
pub(crate) struct Echo {
    tenant: String,
    client_id: String,
    expires_on: String,
    kind: Option<CredentialKind>,
}

impl Echo {
    /// What stays as it is when a credential is renewed.
    fn known(card: &AppCard) -> Self {
        Self { tenant: card.tenant.to_string(), client_id: card.client_id.to_string(), ..Self::default() }
    }

    pub(crate) fn of(submission: &Submission) -> Self {
        let short = |text: &str| text.chars().take(256).collect();
        let (kind, expires_on) = match &submission.offer {
            Offer::Secret { expires_on, .. } => (CredentialKind::ClientSecret, expires_on.as_deref()),
            Offer::Certificate => (CredentialKind::Certificate, None),
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
pub(crate) struct Form<'a> {
    language: Language,
    style: &'static str,
    script: &'static str,
    opening: &'static words::Opening,
    guide: &'static words::Guide,
    drawings: &'static words::Drawings,
    kit: &'static words::Kit,
    fields: &'static words::Fields,
    /// The last segment of the page's address.
    link: &'a str,
    customer: &'a CustomerId,
    redirect_uri: &'a Url,
    /// The end of it, as long as fits into a drawing.
    redirect_tail: String,
    files: Vec<KitFile>,
    today: Date,
    lifetimes: Vec<Lifetime>,
    /// What the script may have to say.
    sentences: Vec<Sentence>,
    is_renewal: bool,
    /// The customer works with a certificate already.
    of_certificate: bool,
    /// The certificate that can be chosen.
    waiting: Option<&'a Waiting>,
    /// The customer's own app, once it is known.
    client_id: Option<ClientId>,
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
    /// It keeps the values from being stored; the rest is good to know.
    is_grave: bool,
}

impl Fault {
    /// The field's name in the form.
    fn field_name(&self) -> Option<&'static str> {
        self.field.map(name_of)
    }
}

fn name_of(field: Field) -> &'static str {
    match field {
        Field::Tenant => "tenant",
        Field::ClientId => "client_id",
        Field::ClientSecret => "client_secret",
        Field::Certificate => "kind",
        Field::ExpiresOn => "expires_on",
    }
}

/// A sentence that the script shows beside a field.
#[derive(Debug)]
struct Sentence {
    code: &'static str,
    words: Words,
}

/// A file of the kit, as the page offers it.
#[derive(Debug)]
struct KitFile {
    name: &'static str,
    tool: &'static str,
    how: &'static str,
    command: &'static str,
}

/// A period that the portal offers for a secret.
#[derive(Debug)]
struct Lifetime {
    name: String,
    until: Date,
}

/// What the form is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) language: Language,
    /// The last segment of the page's address.
    pub(crate) link: &'a str,
    pub(crate) customer: &'a CustomerId,
    /// The app that the customer works with already: then there is but a credential to renew.
    pub(crate) present: Option<&'a AppCard>,
    /// The certificate that waits for being registered.
    pub(crate) waiting: Option<&'a Waiting>,
    pub(crate) redirect_uri: &'a Url,
    pub(crate) now: Timestamp,
}

impl<'a> Form<'a> {
    pub(crate) fn empty(occasion: Occasion<'a>) -> Self {
        let Occasion { language, link, customer, present, waiting, redirect_uri, now } = occasion;
        let today = today(now);
        let kit = words::Kit::of(language);
        let sentence = |kind: Found| Sentence { code: kind.code(), words: kind.words(language) };
        Self {
            language,
            style: LOOK.as_str(),
            script: SCRIPT,
            opening: words::Opening::of(language),
            guide: words::Guide::of(language),
            drawings: words::Drawings::of(language),
            kit,
            fields: words::Fields::of(language),
            link,
            customer,
            redirect_uri,
            redirect_tail: tail(redirect_uri),
            files: File::ALL.map(|file| offered(file, kit, waiting.is_some())).into(),
            today,
            lifetimes: LIFETIMES
                .iter()
                .filter_map(|(days, months)| lifetime(today, *days, *months, language))
                .collect(),
            sentences: SEEN_BY_THE_SCRIPT.map(sentence).into(),
            is_renewal: present.is_some(),
            of_certificate: present.is_some_and(|card| card.kind == CredentialKind::Certificate),
            waiting,
            client_id: present.map(|card| card.client_id),
            echo: present.map(Echo::known).unwrap_or_default(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn with_faults(occasion: Occasion<'a>, echo: Echo, findings: &[Finding]) -> Self {
        let faults = findings.iter().map(|finding| Fault {
            code: finding.kind.code(),
            // Without a certificate on the page there is no field to choose it by.
            field: finding.kind.field().filter(|field| *field != Field::Certificate || occasion.waiting.is_some()),
            words: finding.kind.words(occasion.language),
            reference: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
            is_grave: finding.kind.severity() == Severity::Error,
        });
        let client_id = echo.client_id.parse().ok();
        Self { faults: faults.collect(), client_id, echo, ..Self::empty(occasion) }
    }

    /// The faults of one field, by its name in the form.
    fn of(&self, name: &str) -> Vec<&Fault> {
        self.faults.iter().filter(|fault| fault.field_name() == Some(name)).collect()
    }

    /// Whether the certificate is chosen: by whoever sent the form, else wherever there is one.
    fn is_with_certificate(&self) -> bool {
        self.waiting.is_some() && self.echo.kind != Some(CredentialKind::ClientSecret)
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.of(name).iter().any(|fault| fault.is_grave)
    }
}

fn offered(file: File, kit: &words::Kit, with_certificate: bool) -> KitFile {
    let (tool, how, commands) = match file {
        File::Bash => {
            ("Azure CLI", kit.bash, ["bash teams-connect.sh", "bash teams-connect.sh --certificate teams-connect.cer"])
        }
        File::PowerShell => (
            "PowerShell",
            kit.powershell,
            [
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1",
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1 -Certificate ./teams-connect.cer",
            ],
        ),
        File::Terraform => (
            "Terraform",
            kit.terraform,
            [
                "az login --allow-no-subscriptions\nterraform init\nterraform apply\nterraform output -raw client_secret",
                "az login --allow-no-subscriptions\nterraform init\nterraform apply -var certificate=teams-connect.cer",
            ],
        ),
    };
    let command = commands[usize::from(with_certificate)];
    KitFile { name: file.name(), tool, how, command }
}

fn lifetime(today: Date, days: i64, months: u8, language: Language) -> Option<Lifetime> {
    let until = today.checked_add(SignedDuration::from_hours(24 * days)).ok()?;
    Some(Lifetime { name: format!("{months} {}", language.of("mies.", "months")), until })
}

/// The last characters of an address.
fn tail(address: &Url) -> String {
    let path = address.path();
    path.get(path.len().saturating_sub(LONGEST_TAIL)..).unwrap_or_default().to_owned()
}

/// A page of ours with a policy of its own.
pub(crate) type Page = ([(HeaderName, HeaderValue); 1], Html<String>);

pub(crate) fn form(form: &Form<'_>) -> Result<Page, Problem> {
    Ok(([(CONTENT_SECURITY_POLICY, POLICY.clone())], rendered(form)?))
}

/// The form again, with what is wrong.
pub(crate) fn refused(occasion: Occasion<'_>, echo: Echo, findings: &[Finding]) -> Result<Response, Problem> {
    let page = form(&Form::with_faults(occasion, echo, findings))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub(crate) fn rendered(page: &impl Template) -> Result<Html<String>, Problem> {
    page.render().map(Html).map_err(|error| Problem::from(Kind::Internal).because(error))
}
