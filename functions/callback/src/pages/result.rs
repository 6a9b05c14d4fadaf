//! The pages that show the result of admin consent and of a sign-in test.

use askama::Template;
use axum::response::Html;

use shared::domain::finding::{Finding, Message};
use shared::http::html::STYLE;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

/// The template of both.
#[derive(Debug, Template)]
#[template(path = "result.html")]
struct ResultPage<'a> {
    language: Language,
    style: &'static str,
    passed: bool,
    title: &'static str,
    detail: &'static str,
    account: Option<&'a str>,
    findings: Vec<FindingView>,
    test_sign_in_url: Option<&'a str>,
}

/// A finding in the reader's language.
#[derive(Debug)]
struct FindingView {
    code: &'static str,
    message: Message,
    reference: Option<String>,
}

/// The result of admin consent. `rejection` says why it was not granted.
pub(crate) fn admin_consent_page(
    language: Language,
    rejection: Option<&Finding>,
    test_sign_in_url: &str,
) -> Result<Html<String>, Problem> {
    let (title, detail) = match rejection {
        None => language.choose(
            (
                "Udzielono zgody",
                "Rekruterzy mogą się teraz logować bez pytania o uprawnienia. Próbne logowanie pokaże, czy wszystko działa.",
            ),
            (
                "Consent is granted",
                "Recruiters can sign in now without being asked for permissions. A test of a sign-in shows whether all works.",
            ),
        ),
        Some(_) => language.choose(
            ("Nie udzielono zgody", "Niczego nie zmieniono. Zgody można udzielić później, z portalu lub tego samego linku."),
            ("Consent was not granted", "Nothing has changed. It can be granted later, in the portal or by the same link."),
        ),
    };
    render(&ResultPage {
        language,
        style: STYLE,
        passed: rejection.is_none(),
        title,
        detail,
        account: None,
        findings: rejection.map(|finding| finding_view(finding, language)).into_iter().collect(),
        test_sign_in_url: Some(test_sign_in_url),
    })
}

/// The result of a sign-in test.
pub(crate) fn sign_in_test_page(
    language: Language,
    account: Option<&str>,
    findings: &[Finding],
) -> Result<Html<String>, Problem> {
    let passed = findings.is_empty();
    let title = if passed {
        language.choose("Logowanie działa", "The sign-in works")
    } else {
        language.choose("Logowanie jeszcze nie działa", "The sign-in does not work yet")
    };
    let detail = language.choose(
        "To była próba: nikogo nie połączono i niczego o tym koncie nie zapisano. Stronę można zamknąć.",
        "This was a test: nobody was connected, and nothing about this account was stored. You can close this page.",
    );
    let findings = findings.iter().map(|finding| finding_view(finding, language)).collect();
    render(&ResultPage { language, style: STYLE, passed, title, detail, account, findings, test_sign_in_url: None })
}

fn finding_view(finding: &Finding, language: Language) -> FindingView {
    FindingView {
        code: finding.kind.code(),
        message: finding.kind.message(language),
        reference: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
    }
}

fn render(page: &impl Template) -> Result<Html<String>, Problem> {
    page.render().map(Html).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}
