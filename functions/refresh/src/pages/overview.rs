//! The overview: what is to fix today, what expires within a month, who must sign in, and a search.

use std::collections::BTreeMap;

use askama::Template;

use shared::domain::entra_app::{AppSummary, CustomerStanding, CustomerState, IntakeProgress, days_left};
use shared::domain::finding::{FindingKind, Message};
use shared::domain::sign_in::parse_error_page;
use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::pages::customer::intake_facts;
use crate::pages::messages::{SupportMessages, actor_name, customer_state_name};
use crate::pages::{PageContext, moment};
use crate::responses::UserListItem;

/// In days.
const MONTH: i32 = 31;

/// Customers in one section of the page.
const MAX_ROWS: usize = 50;

/// Recruiters of one customer who are named on the page.
const MAX_NAMES: usize = 5;

#[derive(Debug, Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    says: &'static SupportMessages,
    other_language: Language,
    other_language_url: String,
    overview_url: String,
    until: String,
    search: &'a str,
    /// How many customers there are in each state.
    counts: Vec<(&'static str, usize)>,
    found: Option<SearchResult>,
    sections: Vec<Section>,
}

/// What was found for a search.
#[derive(Debug)]
struct SearchResult {
    /// What the AADSTS number means that was searched for.
    explained: Option<Explanation>,
    rows: Rows,
}

/// What is known of an AADSTS number.
#[derive(Debug)]
struct Explanation {
    number: u32,
    known: Option<(Message, &'static str)>,
}

#[derive(Debug)]
struct Section {
    id: &'static str,
    heading: &'static str,
    empty: &'static str,
    rows: Rows,
}

#[derive(Debug)]
struct Rows {
    shown: Vec<Row>,
    /// How many more there are.
    left_out: usize,
}

/// A customer in a section.
#[derive(Debug)]
struct Row {
    customer: String,
    url: String,
    /// What is the matter, who should act, since when.
    facts: Vec<String>,
}

/// A customer with what is known of it and how it stands.
type KnownCustomer = (CustomerId, AppSummary, CustomerStanding);

/// All customers.
type Known = Vec<KnownCustomer>;

/// Renders the overview of these customers, with the recruiters who must sign in where they are known.
pub(crate) fn page(
    context: PageContext<'_>,
    apps: Vec<(CustomerId, AppSummary)>,
    must_sign_in: &BTreeMap<CustomerId, Vec<UserListItem>>,
) -> Result<HtmlPage, Problem> {
    let known = with_standing(apps);
    render(context, &known, "", None, sections(&context, &known, must_sign_in))
}

/// Renders what `search` finds among these customers, or the one without an app whose id it is.
pub(crate) fn search_page(
    context: PageContext<'_>,
    apps: Vec<(CustomerId, AppSummary)>,
    search: &str,
    without_app: Option<(CustomerId, IntakeProgress)>,
) -> Result<HtmlPage, Problem> {
    let known = with_standing(apps);
    let mut found = find(&context, &known, search);
    found.rows.shown.extend(without_app.map(|(customer, progress)| {
        let facts = intake_facts(Some(&progress), context.language).into_iter();
        let facts = facts.map(|(label, value)| format!("{label}: {value}"));
        let no_app = SupportMessages::of(context.language).no_app.to_owned();
        Row {
            url: context.customer_url(&customer),
            customer: customer.to_string(),
            facts: std::iter::once(no_app).chain(facts).collect(),
        }
    }));
    render(context, &known, search, Some(found), Vec::new())
}

fn with_standing(apps: Vec<(CustomerId, AppSummary)>) -> Known {
    apps.into_iter().map(|(customer, app)| (customer, app.standing(), app)).map(|(c, s, a)| (c, a, s)).collect()
}

fn render(
    context: PageContext<'_>,
    known: &Known,
    search: &str,
    found: Option<SearchResult>,
    sections: Vec<Section>,
) -> Result<HtmlPage, Problem> {
    let (language, says) = (context.language, SupportMessages::of(context.language));
    let count = |state: CustomerState| {
        let number = known.iter().filter(|(_, _, standing)| standing.state == state).count();
        (customer_state_name(state, language), number)
    };
    let counts = CustomerState::ALL.map(count).into();
    let page = OverviewPage {
        language,
        frame: context.frame(),
        says,
        other_language: context.other_language(),
        other_language_url: context.other_language_url(search),
        overview_url: context.overview_url(),
        until: moment(context.expires_at),
        search,
        counts,
        found,
        sections,
    };
    context.frame().render(&page, None)
}

fn sections(
    context: &PageContext<'_>,
    known: &Known,
    must_sign_in: &BTreeMap<CustomerId, Vec<UserListItem>>,
) -> Vec<Section> {
    let says = SupportMessages::of(context.language);
    let days = |app: &AppSummary| days_left(app.expires_on, context.now);
    let chosen = |matches: &dyn Fn(&AppSummary, &CustomerStanding) -> bool| -> Vec<_> {
        known.iter().filter(|(_, app, standing)| matches(app, standing)).collect()
    };
    let mut to_fix = chosen(&|_, standing| match standing.state {
        CustomerState::Blocked => true,
        CustomerState::Ready => standing.finding.is_some_and(|finding| finding != FindingKind::ExpiresSoon),
        CustomerState::Incomplete => false,
    });
    to_fix.sort_by_key(|(_, _, standing)| (standing.state != CustomerState::Blocked, standing.since));
    let mut ends = chosen(&|app, _| days(app).is_some_and(|days| days <= MONTH));
    ends.sort_by_key(|(_, app, _)| app.expires_on);
    ends.extend(chosen(&|app, _| app.has_unknown_expiry()));
    let mut sign_in = chosen(&|app, _| app.connections.is_some_and(|counts| counts.needs_reauth > 0));
    sign_in.sort_by_key(|(_, app, _)| std::cmp::Reverse(app.connections.map(|counts| counts.needs_reauth)));
    let mut unfinished = chosen(&|_, standing| standing.state == CustomerState::Incomplete);
    unfinished.sort_by_key(|(_, _, standing)| standing.since);
    let standing_facts = |(_, _, standing): &KnownCustomer| standing_facts(standing, context.language);
    let ends_facts = |(_, app, _): &KnownCustomer| vec![expiry(app, says)];
    let sign_in_facts = |(customer, app, _): &KnownCustomer| sign_in_facts(app, must_sign_in.get(customer));
    [
        ("to-fix", says.to_fix, says.nothing_to_fix, rows(context, to_fix, standing_facts)),
        ("ends", says.ends, says.nothing_ends, rows(context, ends, ends_facts)),
        ("sign-in", says.sign_in, says.nobody_signs_in, rows(context, sign_in, sign_in_facts)),
        ("unfinished", says.unfinished, says.nothing_unfinished, rows(context, unfinished, standing_facts)),
    ]
    .map(|(id, heading, empty, rows)| Section { id, heading, empty, rows })
    .into()
}

fn find(context: &PageContext<'_>, known: &Known, search: &str) -> SearchResult {
    let number = parse_error_page(search).aadsts;
    let kind = number.and_then(FindingKind::from_aadsts);
    let wanted = search.to_lowercase();
    let matches = |customer: &CustomerId, app: &AppSummary| {
        let has_id = [app.tenant.to_string(), app.client_id.to_string()].contains(&wanted);
        let codes = app.findings.iter().chain(app.sign_in_test.iter().flat_map(|test| &test.findings));
        let has_finding = kind.is_some_and(|kind| codes.into_iter().any(|code| code == kind.code()));
        has_id || has_finding || customer.as_str().to_lowercase().contains(&wanted)
    };
    let chosen = known.iter().filter(|(customer, app, _)| matches(customer, app)).collect();
    let explained = number.map(|number| Explanation {
        number,
        known: kind.map(|kind| (kind.message(context.language), actor_name(kind.actor(), context.language))),
    });
    let facts = |(_, _, standing): &KnownCustomer| standing_facts(standing, context.language);
    SearchResult { explained, rows: rows(context, chosen, facts) }
}

fn rows(context: &PageContext<'_>, chosen: Vec<&KnownCustomer>, facts: impl Fn(&KnownCustomer) -> Vec<String>) -> Rows {
    let left_out = chosen.len().saturating_sub(MAX_ROWS);
    let row = |known: &KnownCustomer| Row {
        customer: known.0.to_string(),
        url: context.customer_url(&known.0),
        facts: facts(known),
    };
    Rows { shown: chosen.into_iter().take(MAX_ROWS).map(row).collect(), left_out }
}

fn standing_facts(standing: &CustomerStanding, language: Language) -> Vec<String> {
    let says = SupportMessages::of(language);
    let what = standing
        .finding
        .map_or(customer_state_name(standing.state, language), |finding| finding.message(language).title);
    let who = standing.actor.map(|actor| format!("{}: {}", says.who, actor_name(actor, language)));
    let since = format!("{}: {}", says.since, moment(standing.since));
    std::iter::once(what.to_owned()).chain(who).chain([since]).collect()
}

/// How many recruiters must sign in, and the first of them by name, if they are known.
fn sign_in_facts(app: &AppSummary, recruiters: Option<&Vec<UserListItem>>) -> Vec<String> {
    let number = app.connections.map_or(0, |counts| counts.needs_reauth);
    let recruiters = recruiters.map(Vec::as_slice).unwrap_or_default();
    let name = |item: &UserListItem| match &item.account {
        Some(account) => format!("{} ({})", item.user, account.upn),
        None => item.user.to_string(),
    };
    let mut names: Vec<_> = recruiters.iter().take(MAX_NAMES).map(name).collect();
    names.extend(recruiters.len().checked_sub(MAX_NAMES).filter(|more| *more > 0).map(|more| format!("+{more}")));
    std::iter::once(number.to_string()).chain((!names.is_empty()).then(|| names.join(", "))).collect()
}

fn expiry(app: &AppSummary, says: &SupportMessages) -> String {
    match app.expires_on {
        _ if app.never_expires() => format!("{}: {}", says.expires_on, says.never),
        None => says.no_date.to_owned(),
        Some(date) => format!("{}: {date}", says.expires_on),
    }
}
