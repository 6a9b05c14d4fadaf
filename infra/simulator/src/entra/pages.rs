//! The pages of the login side.

use askama::Template;
use axum::http::StatusCode;

use crate::directory::SimulatedUser;
use crate::entra::authorize_request::{AuthorizePrompt, AuthorizeRejection, AuthorizeRequest, registration};
use crate::entra::error::{EntraErrorBody, ErrorTrace};
use crate::http_message::{PageLanguage, SimulatedRequest, SimulatedResponse};
use crate::page_messages::PageMessages;
use crate::state::SimulatorState;

/// An account that can be chosen on a page.
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
    messages: &'static PageMessages,
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
    messages: &'static PageMessages,
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
    messages: &'static PageMessages,
    action: &'a str,
    tenant: &'a str,
    application: &'a str,
    permissions: Vec<(String, &'static str)>,
    administrators: Vec<AccountChoice>,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    messages: &'static PageMessages,
    number: u32,
    text: &'a str,
    trace: ErrorTrace,
}

/// Renders a template. A failure is an error of the simulator itself.
pub(crate) fn render(status: StatusCode, page: &impl Template) -> SimulatedResponse {
    match page.render() {
        Ok(html) => SimulatedResponse::html(status, html),
        Err(error) => SimulatedResponse::html(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// The sign-in page.
pub(crate) fn sign_in(
    state: &SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
) -> SimulatedResponse {
    let messages = PageMessages::of(call.language());
    let Some((tenant, app)) = registration(state, request) else {
        return SimulatedResponse::empty(StatusCode::NOT_FOUND);
    };
    let hint = request.login_hint.as_deref();
    let permissions =
        if request.scopes.default { app.permissions.iter().cloned().collect() } else { request.scopes.names.clone() };
    let mut choices: Vec<AccountChoice> = tenant.users.iter().map(|user| choice(user, messages)).collect();
    let preselected = hint.and_then(|hint| choices.iter().position(|choice| choice.upn.eq_ignore_ascii_case(hint)));
    // `prompt=select_account` without a hint preselects no account.
    let fallback = (request.prompt != AuthorizePrompt::SelectAccount).then_some(0);
    if let Some(choice) = preselected.or(fallback).and_then(|index| choices.get_mut(index)) {
        choice.selected = true;
    }
    render(
        StatusCode::OK,
        &SignInPage {
            messages,
            action: &call.address,
            tenant: &tenant.display_name,
            application: &app.name,
            return_to: &request.return_to.uri,
            permissions: with_descriptions(permissions, messages),
            choices,
            only_administrators_consent: tenant.require_admin_consent,
        },
    )
}

/// The page that says an administrator must approve (AADSTS90094).
pub(crate) fn approval(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    request: &AuthorizeRequest,
    upn: &str,
) -> SimulatedResponse {
    let trace = ErrorTrace::of(state, call);
    let messages = PageMessages::of(call.language());
    let Some((tenant, app)) = registration(state, request) else {
        return SimulatedResponse::empty(StatusCode::NOT_FOUND);
    };
    let administrators = tenant.users.iter().filter(|user| user.admin);
    let correlation = trace.correlation.clone();
    render(
        StatusCode::OK,
        &ApprovalPage {
            messages,
            action: &call.address,
            application: &app.name,
            user: upn,
            administrators: administrators.map(|user| choice(user, messages)).collect(),
            way_back: tenant.approval_page_returns,
            trace,
        },
    )
    .code("AADSTS90094")
    .correlation_id(&correlation)
}

/// The page on which an administrator consents for the organisation.
pub(crate) fn consent(
    state: &SimulatorState,
    call: &SimulatedRequest,
    tenant: uuid::Uuid,
    client_id: uuid::Uuid,
    scopes: Vec<String>,
) -> SimulatedResponse {
    let messages = PageMessages::of(call.language());
    let Some(tenant) = state.directory.tenants.iter().find(|own| own.id == tenant) else {
        return SimulatedResponse::empty(StatusCode::NOT_FOUND);
    };
    let application = tenant.apps.iter().find(|app| app.client_id == client_id).map_or("", |app| &app.name);
    let mut people: Vec<AccountChoice> = tenant.users.iter().map(|user| choice(user, messages)).collect();
    if let Some(index) = tenant.users.iter().position(|user| user.admin)
        && let Some(administrator) = people.get_mut(index)
    {
        administrator.selected = true;
    }
    render(
        StatusCode::OK,
        &ConsentPage {
            messages,
            action: &call.address,
            tenant: &tenant.display_name,
            application,
            permissions: with_descriptions(scopes, messages),
            administrators: people,
        },
    )
}

/// The page of an error that is not redirected, with the ids for Microsoft's support.
pub(crate) fn error(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    error_body: &EntraErrorBody,
) -> SimulatedResponse {
    let trace = ErrorTrace::of(state, call);
    // Errors of an account have status 200; errors of the request or the registration 400.
    let status = match error_body.number {
        50_020 | 50_034 | 50_057 | 50_105 | 90_093 => StatusCode::OK,
        _ => StatusCode::BAD_REQUEST,
    };
    let correlation = trace.correlation.clone();
    render(
        status,
        &ErrorPage {
            messages: PageMessages::of(call.language()),
            number: error_body.number,
            text: &error_body.text,
            trace,
        },
    )
    .code(format!("AADSTS{}", error_body.number))
    .correlation_id(&correlation)
}

impl AuthorizeRejection {
    pub(crate) fn answer(self, state: &mut SimulatorState, call: &SimulatedRequest) -> SimulatedResponse {
        match self {
            Self::Page(error_body) => error(state, call, &error_body),
            Self::Redirect(return_to, error_body) => return_to.redirect_error(state, call, &error_body),
        }
    }
}

fn choice(user: &SimulatedUser, messages: &PageMessages) -> AccountChoice {
    let mut remarks = Vec::new();
    for (applies, remark) in [
        (user.admin, messages.administrator),
        (user.guest, messages.guest),
        (!user.enabled, messages.disabled),
        (!user.licensed, messages.unlicensed),
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

fn with_descriptions(scopes: impl IntoIterator<Item = String>, messages: &PageMessages) -> Vec<(String, &'static str)> {
    scopes
        .into_iter()
        .map(|scope| {
            let text = messages.permission(&scope);
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
