//! The guide and the form. The form never shows a submitted secret again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use url::Url;

use shared::adapters::vault::pending_key_pairs::PendingCertificate;
use shared::domain::entra_app::{
    AppSummary, CredentialKind, CredentialsSubmission, FederatedTrust, IntakeLink, SubmittedContact,
    SubmittedCredential, utc_date,
};
use shared::domain::finding::{Finding, FindingKind, FormField, Message, Severity};
use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::ClientId;
use shared::types::language::Language;

use crate::pages::messages::{DrawingMessages, FormMessages, GuideMessages, IntroMessages, ScriptOfferMessages};
use crate::setup_scripts::ScriptKind;

/// Adds checks and buttons. The form works without it.
const SCRIPT: &str = include_str!("../../pages/intake.js");

/// The lifetimes that the portal offers for a secret: in days, and the number of months by which it names them
/// ([Add credentials](https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials)).
const SECRET_LIFETIMES: [(i64, u8); 4] = [(180, 6), (365, 12), (545, 18), (730, 24)];

/// The findings of the checks that the script repeats in the browser. All others need Entra.
const CHECKED_BY_SCRIPT: [FindingKind; 21] = [
    FindingKind::TenantMissing,
    FindingKind::TenantMalformed,
    FindingKind::TenantIsEveryTenant,
    FindingKind::TenantIsPersonal,
    FindingKind::TenantInChina,
    FindingKind::TenantIsForCustomers,
    FindingKind::TenantIsUrl,
    FindingKind::TenantIsEmail,
    FindingKind::TenantIsShortName,
    FindingKind::ClientIdMissing,
    FindingKind::ClientIdMalformed,
    FindingKind::ClientIdIsTenant,
    FindingKind::ClientIdIsMicrosofts,
    FindingKind::SecretMissing,
    FindingKind::SecretIsSecretId,
    FindingKind::SecretIsMasked,
    FindingKind::SecretHasStrangeCharacters,
    FindingKind::SecretMalformed,
    FindingKind::ExpiryMalformed,
    FindingKind::ExpiryInThePast,
    FindingKind::ContactMalformed,
];

/// The number of characters of the redirect URI that fit into a drawing.
const MAX_TAIL_CHARS: usize = 16;

/// The values that the form shows again: all but the secret.
#[derive(Debug, Default)]
pub(crate) struct FormValues {
    tenant: String,
    client_id: String,
    expires_on: String,
    /// What was submitted now, never what is kept.
    contact: SubmittedContact,
    kind: Option<CredentialKind>,
}

impl FormValues {
    /// The values that do not change when a credential is renewed.
    fn from_summary(app: &AppSummary) -> Self {
        Self { tenant: app.tenant.to_string(), client_id: app.client_id.to_string(), ..Self::default() }
    }

    pub(crate) fn from_submission(submission: &CredentialsSubmission) -> Self {
        let shortened = |text: &str| text.chars().take(256).collect::<String>();
        let (kind, expires_on) = match &submission.offer {
            SubmittedCredential::Secret { expires_on, .. } => (CredentialKind::ClientSecret, expires_on.as_deref()),
            SubmittedCredential::Certificate => (CredentialKind::Certificate, None),
            SubmittedCredential::Federated => (CredentialKind::Federated, None),
        };
        Self {
            tenant: shortened(&submission.tenant),
            client_id: shortened(&submission.client_id),
            expires_on: shortened(expires_on.unwrap_or_default()),
            contact: shortened(submission.contact.as_ref().map_or("", SubmittedContact::as_str)).into(),
            kind: Some(kind),
        }
    }
}

/// The page with the guide and the form.
#[derive(Debug, Template)]
#[template(path = "form.html")]
pub(crate) struct IntakeForm<'a> {
    language: Language,
    frame: PageFrame<'a>,
    script: &'static str,
    intro: &'static IntroMessages,
    guide: &'static GuideMessages,
    drawings: &'static DrawingMessages,
    script_offer: &'static ScriptOfferMessages,
    form: &'static FormMessages,
    /// The last segment of the page's address.
    link: &'a str,
    /// Who is asked, and by whom.
    asked: &'a IntakeLink,
    redirect_uri: &'a Url,
    /// The end of the redirect URI, short enough for a drawing.
    redirect_tail: String,
    script_files: Vec<ScriptOffer>,
    today: Date,
    lifetimes: Vec<SecretLifetime>,
    /// Messages that the script may show.
    script_messages: Vec<ScriptMessage>,
    is_renewal: bool,
    /// The certificate that can be selected in the form.
    pending_certificate: Option<&'a PendingCertificate>,
    /// How the app authenticates now, if there is one.
    current_kind: Option<CredentialKind>,
    /// Whether an app can do without a secret here.
    is_federation_offered: bool,
    /// What the app must trust then.
    trust: Option<&'a FederatedTrust>,
    /// The client id of the customer's app, if it is known. Links into the portal need it.
    client_id: Option<ClientId>,
    values: FormValues,
    problems: Vec<FieldProblem>,
}

/// A finding, as the form shows it.
#[derive(Debug)]
struct FieldProblem {
    code: &'static str,
    field: Option<FormField>,
    message: Message,
    /// Microsoft's correlation id.
    correlation_id: Option<String>,
    /// The right value, where another one stands at Microsoft.
    expected: Option<String>,
    /// Whether swapping application id and directory id corrects it.
    is_swap: bool,
    /// Whether it keeps the values from being stored.
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
        FormField::Contact => "contact",
    }
}

/// The position of a field in the form.
fn position(field: FormField) -> u8 {
    match field {
        FormField::ClientId => 0,
        FormField::Tenant => 1,
        FormField::ClientSecret | FormField::Certificate => 2,
        FormField::ExpiresOn => 3,
        FormField::Contact => 4,
    }
}

/// A message that the script can show beside a field.
#[derive(Debug)]
struct ScriptMessage {
    code: &'static str,
    message: Message,
}

/// A set-up script, as the page offers it.
#[derive(Debug)]
struct ScriptOffer {
    file_name: &'static str,
    tool: &'static str,
    instructions: &'static str,
    command: &'static str,
}

/// A lifetime that the portal offers for a secret.
#[derive(Debug)]
struct SecretLifetime {
    name: String,
    until: Date,
}

/// What the form is rendered from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FormContext<'a> {
    pub(crate) frame: PageFrame<'a>,
    pub(crate) language: Language,
    /// The last segment of the page's address.
    pub(crate) link: &'a str,
    /// Who is asked, and by whom.
    pub(crate) asked: &'a IntakeLink,
    /// The app that the customer works with now. If there is one, the form renews its credential.
    pub(crate) current_app: Option<&'a AppSummary>,
    /// The certificate that is not in use yet.
    pub(crate) pending_certificate: Option<&'a PendingCertificate>,
    /// Whether an app can do without a secret here.
    pub(crate) is_federation_offered: bool,
    /// What the app must trust then, if that was asked for.
    pub(crate) trust: Option<&'a FederatedTrust>,
    pub(crate) redirect_uri: &'a Url,
    pub(crate) now: Timestamp,
}

impl<'a> IntakeForm<'a> {
    pub(crate) fn new(context: FormContext<'a>) -> Self {
        let FormContext { frame, language, link, asked, current_app, pending_certificate, redirect_uri, now, .. } =
            context;
        let (is_federation_offered, trust) = (context.is_federation_offered, context.trust);
        let today = utc_date(now);
        let script_offer = ScriptOfferMessages::of(language);
        let script_message = |kind: FindingKind| ScriptMessage { code: kind.code(), message: kind.message(language) };
        Self {
            language,
            frame,
            script: SCRIPT,
            intro: IntroMessages::of(language),
            guide: GuideMessages::of(language),
            drawings: DrawingMessages::of(language),
            script_offer,
            form: FormMessages::of(language),
            link,
            asked,
            redirect_uri,
            redirect_tail: path_tail(redirect_uri),
            script_files: ScriptKind::ALL
                .map(|script| script_file(script, script_offer, (pending_certificate.is_some(), trust.is_some())))
                .into(),
            today,
            lifetimes: SECRET_LIFETIMES
                .iter()
                .filter_map(|(days, months)| lifetime(today, *days, *months, language))
                .collect(),
            script_messages: CHECKED_BY_SCRIPT.map(script_message).into(),
            is_renewal: current_app.is_some(),
            pending_certificate,
            current_kind: current_app.map(|app| app.kind),
            is_federation_offered,
            trust,
            client_id: current_app.map(|app| app.client_id),
            values: current_app.map(FormValues::from_summary).unwrap_or_default(),
            problems: Vec::new(),
        }
    }

    pub(crate) fn with_findings(context: FormContext<'a>, values: FormValues, findings: &[Finding]) -> Self {
        let problems = findings.iter().map(|finding| FieldProblem {
            code: finding.kind.code(),
            // Without a pending certificate the form has no field for it.
            field: finding
                .kind
                .field()
                .filter(|field| *field != FormField::Certificate || context.pending_certificate.is_some()),
            message: finding.kind.message(context.language),
            expected: finding.expected.as_deref().map(str::to_owned),
            correlation_id: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
            is_swap: finding.kind == FindingKind::TenantAndClientIdSwapped,
            is_error: finding.kind.severity() == Severity::Error,
        });
        let mut problems: Vec<_> = problems.collect();
        problems.sort_by_key(|problem| problem.field.map_or(u8::MAX, position));
        let client_id = values.client_id.parse().ok();
        Self { client_id, values, problems, ..Self::new(context) }
    }

    /// The problems of one field, by its name in the form.
    fn problems_of(&self, name: &str) -> Vec<&FieldProblem> {
        self.problems.iter().filter(|problem| problem.field_name() == Some(name)).collect()
    }

    /// The kind that is selected: as submitted, else what was prepared last.
    fn selected_kind(&self) -> CredentialKind {
        match self.values.kind {
            Some(kind @ CredentialKind::Certificate) if self.pending_certificate.is_some() => kind,
            Some(kind @ CredentialKind::Federated) if self.trust.is_some() => kind,
            None if self.pending_certificate.is_some() => CredentialKind::Certificate,
            None if self.trust.is_some() => CredentialKind::Federated,
            Some(_) | None => CredentialKind::ClientSecret,
        }
    }

    fn is_selected(&self, kind: CredentialKind) -> bool {
        self.selected_kind() == kind
    }

    /// Whether the app authenticates with a certificate now.
    fn has_certificate(&self) -> bool {
        self.current_kind == Some(CredentialKind::Certificate)
    }

    /// Whether the app does without a secret now.
    fn is_federated(&self) -> bool {
        self.current_kind == Some(CredentialKind::Federated)
    }

    /// Whether the form asks for the kind.
    fn has_choice(&self) -> bool {
        self.pending_certificate.is_some() || self.trust.is_some()
    }

    /// Whether the page offers to swap application id and directory id.
    fn has_swap(&self) -> bool {
        self.problems.iter().any(|problem| problem.is_swap)
    }

    fn has_error(&self, name: &str) -> bool {
        self.problems_of(name).iter().any(|problem| problem.is_error)
    }
}

fn script_file(
    script: ScriptKind,
    messages: &ScriptOfferMessages,
    (with_certificate, with_trust): (bool, bool),
) -> ScriptOffer {
    let (tool, instructions, commands) = match script {
        ScriptKind::Bash => (
            "Azure CLI",
            messages.bash,
            [
                "bash teams-connect.sh",
                "bash teams-connect.sh --certificate teams-connect.cer",
                "bash teams-connect.sh --federated",
            ],
        ),
        ScriptKind::PowerShell => (
            "PowerShell",
            messages.powershell,
            [
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1",
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1 -Certificate ./teams-connect.cer",
                "Install-Module Microsoft.Graph -Scope CurrentUser\nUnblock-File ./teams-connect.ps1\n./teams-connect.ps1 -Federated",
            ],
        ),
        ScriptKind::Terraform => (
            "Terraform",
            messages.terraform,
            [
                "az login --allow-no-subscriptions\nterraform init\nterraform apply\nterraform output -raw client_secret",
                "az login --allow-no-subscriptions\nterraform init\nterraform apply -var certificate=teams-connect.cer",
                "az login --allow-no-subscriptions\nterraform init\nterraform apply -var federated=true",
            ],
        ),
    };
    let [with_secret, certified, federated] = commands;
    let command = match (with_certificate, with_trust) {
        (true, _) => certified,
        (_, true) => federated,
        _ => with_secret,
    };
    ScriptOffer { file_name: script.file_name(), tool, instructions, command }
}

fn lifetime(today: Date, days: i64, months: u8, language: Language) -> Option<SecretLifetime> {
    let until = today.checked_add(SignedDuration::from_hours(24 * days)).ok()?;
    Some(SecretLifetime { name: format!("{months} {}", language.choose("mies.", "months")), until })
}

/// The last characters of the path of an address.
fn path_tail(address: &Url) -> String {
    let path = address.path();
    path.get(path.len().saturating_sub(MAX_TAIL_CHARS)..).unwrap_or_default().to_owned()
}

pub(crate) fn render_form(form: &IntakeForm<'_>) -> Result<HtmlPage, Problem> {
    form.frame.render(form, Some(SCRIPT))
}

/// The form with the findings of a submission that was not stored.
pub(crate) fn render_form_with_findings(
    context: FormContext<'_>,
    values: FormValues,
    findings: &[Finding],
) -> Result<Response, Problem> {
    let page = render_form(&IntakeForm::with_findings(context, values, findings))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
