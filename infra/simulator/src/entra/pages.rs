//! The pages of the login side.

use askama::Template;
use axum::http::StatusCode;

use crate::directory::SimulatedUser;
use crate::entra::authorize::{AuthorizePrompt, AuthorizeRequest};
use crate::entra::decision::registration;
use crate::entra::error::{EntraErrorBody, ErrorTrace};
use crate::http_message::{PageLanguage, SimulatedRequest, SimulatedResponse};
use crate::page_messages::PageMessages;
use crate::state::SimulatorState;

/// A user as a choice on a page.
struct AccountChoice {
    upn: String,
    name: String,
    job_title: String,
    initials: String,
    remarks: Vec<&'static str>,
    selected: bool,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    words: &'static PageMessages,
    action: &'a str,
    tenant: &'a str,
    application: &'a str,
    return_to: &'a str,
    permissions: Vec<(String, &'static str)>,
    choices: Vec<AccountChoice>,
    only_administrators_consent: bool,
}

#[derive(Template)]
#[template(path = "approval.html")]
struct ApprovalPage<'a> {
    words: &'static PageMessages,
    action: &'a str,
    application: &'a str,
    user: &'a str,
    administrators: Vec<AccountChoice>,
    way_back: bool,
    trace: ErrorTrace,
}

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    words: &'static PageMessages,
    action: &'a str,
    tenant: &'a str,
    application: &'a str,
    permissions: Vec<(String, &'static str)>,
    administrators: Vec<AccountChoice>,
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct ErrorPage<'a> {
    words: &'static PageMessages,
    number: u32,
    text: &'a str,
    trace: ErrorTrace,
}

/// Renders a template; a template that fails is a fault of the simulator itself.
pub(crate) fn rendered(status: StatusCode, page: &impl Template) -> SimulatedResponse {
    match page.render() {
        Ok(html) => SimulatedResponse::html(status, html),
        Err(error) => SimulatedResponse::html(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// The sign-in page.
pub(crate) fn sign_in(
    world: &SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
) -> SimulatedResponse {
    let words = PageMessages::of(call.language());
    let Some((tenant, app)) = registration(world, request) else {
        return SimulatedResponse::empty(StatusCode::NOT_FOUND);
    };
    let hint = request.login_hint.as_deref();
    let permissions =
        if request.scopes.default { app.permissions.iter().cloned().collect() } else { request.scopes.names.clone() };
    let mut choices: Vec<AccountChoice> = tenant.users.iter().map(|user| choice(user, words)).collect();
    let preselected = hint.and_then(|hint| choices.iter().position(|choice| choice.upn.eq_ignore_ascii_case(hint)));
    // Without a hint nobody is chosen beforehand when an account shall be selected.
    let fallback = (request.prompt != AuthorizePrompt::SelectAccount).then_some(0);
    if let Some(choice) = preselected.or(fallback).and_then(|index| choices.get_mut(index)) {
        choice.selected = true;
    }
    rendered(
        StatusCode::OK,
        &SignInPage {
            words,
            action: &call.address,
            tenant: &tenant.display_name,
            application: &app.name,
            return_to: &request.return_to.uri,
            permissions: described(permissions, words),
            choices,
            only_administrators_consent: tenant.require_admin_consent,
        },
    )
}

/// The page that says an administrator must approve (AADSTS90094).
pub(crate) fn approval(
    world: &mut SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
    upn: &str,
) -> SimulatedResponse {
    let trace = ErrorTrace::of(world, call);
    let words = PageMessages::of(call.language());
    let Some((tenant, app)) = registration(world, request) else {
        return SimulatedResponse::empty(StatusCode::NOT_FOUND);
    };
    let administrators = tenant.users.iter().filter(|user| user.admin);
    let correlation = trace.correlation.clone();
    rendered(
        StatusCode::OK,
        &ApprovalPage {
            words,
            action: &call.address,
            application: &app.name,
            user: upn,
            administrators: administrators.map(|user| choice(user, words)).collect(),
            way_back: tenant.approval_page_returns,
            trace,
        },
    )
    .code("AADSTS90094")
    .correlation_id(&correlation)
}

/// The page on which an administrator consents for the organisation.
pub(crate) fn consent(
    world: &SimulatorState,
    call: &SimulatedRequest,
    tenant: uuid::Uuid,
    client_id: uuid::Uuid,
    scopes: Vec<String>,
) -> SimulatedResponse {
    let words = PageMessages::of(call.language());
    let Some(tenant) = world.directory.tenants.iter().find(|own| own.id == tenant) else {
        return SimulatedResponse::empty(StatusCode::NOT_FOUND);
    };
    let application = tenant.apps.iter().find(|app| app.client_id == client_id).map_or("", |app| &app.name);
    let mut people: Vec<AccountChoice> = tenant.users.iter().map(|user| choice(user, words)).collect();
    if let Some(index) = tenant.users.iter().position(|user| user.admin)
        && let Some(administrator) = people.get_mut(index)
    {
        administrator.selected = true;
    }
    rendered(
        StatusCode::OK,
        &ConsentPage {
            words,
            action: &call.address,
            tenant: &tenant.display_name,
            application,
            permissions: described(scopes, words),
            administrators: people,
        },
    )
}

/// A refusal that stays on the page, with what a support desk asks for.
pub(crate) fn refusal(
    world: &mut SimulatorState,
    call: &SimulatedRequest,
    refusal: &EntraErrorBody,
) -> SimulatedResponse {
    let trace = ErrorTrace::of(world, call);
    // States of an account are pages like any other; what is wrong with the request or
    // the registration is a bad request.
    let status = match refusal.number {
        50_020 | 50_034 | 50_057 | 50_105 | 90_093 => StatusCode::OK,
        _ => StatusCode::BAD_REQUEST,
    };
    let correlation = trace.correlation.clone();
    rendered(
        status,
        &ErrorPage { words: PageMessages::of(call.language()), number: refusal.number, text: &refusal.text, trace },
    )
    .code(format!("AADSTS{}", refusal.number))
    .correlation_id(&correlation)
}

fn choice(user: &SimulatedUser, words: &PageMessages) -> AccountChoice {
    let mut remarks = Vec::new();
    for (applies, remark) in [
        (user.admin, words.administrator),
        (user.guest, words.guest),
        (!user.enabled, words.disabled),
        (!user.licensed, words.unlicensed),
    ] {
        if applies {
            remarks.push(remark);
        }
    }
    AccountChoice {
        upn: user.upn.clone(),
        name: user.name.clone(),
        job_title: user.job_title.clone(),
        initials: user.name.split(' ').filter_map(|part| part.chars().next()).take(2).collect(),
        remarks,
        selected: false,
    }
}

fn described(scopes: impl IntoIterator<Item = String>, words: &PageMessages) -> Vec<(String, &'static str)> {
    scopes
        .into_iter()
        .map(|scope| {
            let text = words.permission(&scope);
            (scope, text)
        })
        .collect()
}

impl PageMessages {
    fn of(language: PageLanguage) -> &'static Self {
        match language {
            PageLanguage::Polish => &Self::POLISH,
            PageLanguage::English => &Self::ENGLISH,
        }
    }
}
