//! The page of one customer: app, findings, consent, test, recruiters.

use askama::Template;

use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::{AppSummary, IntakeProgress};
use shared::domain::finding::{FindingKind, Message, from_codes};
use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::pages::messages::{
    SupportMessages, actor_name, connection_state_name, consent_name, credential_name, customer_state_name,
};
use crate::pages::{PageContext, moment};
use crate::responses::UserListItem;
use crate::supported_customer::SupportedCustomer;

#[derive(Debug, Template)]
#[template(path = "customer.html")]
struct CustomerPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    says: &'static SupportMessages,
    other_language: Language,
    other_language_url: String,
    overview_url: String,
    customer: &'a CustomerId,
    /// Label and value.
    facts: Vec<(&'static str, String)>,
    findings: Vec<ShownFinding>,
    recruiters: Vec<Recruiter>,
    intake_links_url: String,
}

/// A finding in words.
#[derive(Debug)]
struct ShownFinding {
    code: &'static str,
    message: Message,
    actor: &'static str,
}

/// A recruiter on the page.
#[derive(Debug)]
struct Recruiter {
    user: String,
    must_sign_in: bool,
    state: &'static str,
    since: String,
    reason: Option<&'static str>,
    account: Option<String>,
}

/// Renders a customer's page.
pub(crate) fn page(
    context: PageContext<'_>,
    customer: &CustomerId,
    SupportedCustomer { app, progress }: &SupportedCustomer,
    mut users: Vec<UserListItem>,
) -> Result<HtmlPage, Problem> {
    let language = context.language;
    users.sort_by_key(|item| (item.connection.state != ConnectionState::NeedsReauth, item.user.to_string()));
    let app_facts = app.iter().flat_map(|app| facts(app, language));
    let page = CustomerPage {
        language,
        frame: context.frame(),
        says: SupportMessages::of(language),
        other_language: context.other_language(),
        other_language_url: context.other_language_url(""),
        overview_url: context.overview_url(),
        customer,
        facts: app_facts.chain(intake_facts(progress.as_ref(), language)).collect(),
        findings: app.as_ref().map(|app| shown_findings(app, language)).unwrap_or_default(),
        recruiters: users.into_iter().map(|item| recruiter(item, language)).collect(),
        intake_links_url: context.intake_links_url(customer),
    };
    context.frame().render(&page, None)
}

fn facts(app: &AppSummary, language: Language) -> Vec<(&'static str, String)> {
    let says = SupportMessages::of(language);
    let standing = app.standing();
    let at = |moment_or_none: Option<_>| moment_or_none.map_or_else(|| says.not_known.to_owned(), moment);
    let expires_on = match app.expires_on {
        _ if app.never_expires() => says.never.to_owned(),
        None => says.not_known.to_owned(),
        Some(date) => date.to_string(),
    };
    let consent = app.consent_state();
    let consent_at = consent.at.map(|at| format!(", {}", moment(at))).unwrap_or_default();
    let test = app.sign_in_test.as_ref().map_or_else(
        || says.no_test.to_owned(),
        |test| {
            let result = if test.findings.is_empty() { says.passed } else { says.failed };
            format!("{result}, {}", moment(test.at))
        },
    );
    let who = standing.actor.map(|actor| (says.who, actor_name(actor, language).to_owned()));
    [(says.state, customer_state_name(standing.state, language).to_owned())]
        .into_iter()
        .chain([(says.since, moment(standing.since))])
        .chain(who)
        .chain([
            (says.expires_on, expires_on),
            (says.consent, format!("{}{consent_at}", consent_name(consent.state, language))),
            (says.sign_in_test, test),
            (says.tenant, app.tenant.to_string()),
            (says.client_id, app.client_id.to_string()),
            (says.authentication, credential_name(app.kind, language).to_owned()),
            (says.submitted_at, moment(app.submitted_at)),
            (says.verified_at, at(app.verified_at)),
            (says.checked_at, at(app.checked_at)),
        ])
        .collect()
}

/// How far an administrator came with an intake link.
pub(super) fn intake_facts(progress: Option<&IntakeProgress>, language: Language) -> Vec<(&'static str, String)> {
    let (says, Some(progress)) = (SupportMessages::of(language), progress) else { return Vec::new() };
    let opened = progress.opened_at.map(|at| (says.link_opened, moment(at)));
    let stopped = match progress.finding() {
        Some((kind, at)) => format!("{} ({})", kind.message(language).title, moment(at)),
        None => says.nothing_submitted.to_owned(),
    };
    opened.into_iter().chain([(says.stopped_at, stopped)]).collect()
}

/// What the last check and the last sign-in test found, each once; and first what decides how the customer stands.
fn shown_findings(app: &AppSummary, language: Language) -> Vec<ShownFinding> {
    let tested = app.sign_in_test.iter().flat_map(|test| from_codes(&test.findings));
    let all = app.standing().finding.into_iter();
    let all = all.chain(from_codes(&app.findings).into_iter().chain(tested).map(|finding| finding.kind));
    let mut kinds: Vec<FindingKind> = Vec::new();
    for kind in all {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let shown = |kind: FindingKind| ShownFinding {
        code: kind.code(),
        message: kind.message(language),
        actor: actor_name(kind.actor(), language),
    };
    kinds.into_iter().map(shown).collect()
}

fn recruiter(item: UserListItem, language: Language) -> Recruiter {
    let reason = item.connection.reason.as_deref().and_then(FindingKind::from_code);
    Recruiter {
        user: item.user.to_string(),
        must_sign_in: item.connection.state == ConnectionState::NeedsReauth,
        state: connection_state_name(item.connection.state, language),
        since: moment(item.connection.since),
        reason: reason.map(|kind| kind.message(language).title),
        account: item.account.map(|account| format!("{} ({})", account.name, account.upn)),
    }
}
