//! The pages that show the result of admin consent and of a sign-in test.

use askama::Template;
use axum::response::Html;

use shared::domain::finding::{Finding, Message};
use shared::http::branding::Branding;
use shared::http::html::PageFrame;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::clock::Timestamp;
use shared::types::language::Language;

/// The template of both.
#[derive(Debug, Template)]
#[template(path = "result.html")]
struct ResultPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    passed: bool,
    title: &'static str,
    detail: &'static str,
    account: Option<&'a str>,
    passed_steps: Vec<StepView>,
    findings: Vec<FindingView>,
    test_sign_in_url: Option<&'a str>,
}

/// A finding in the reader's language.
#[derive(Debug)]
struct FindingView {
    code: &'static str,
    message: Message,
    /// The right value, where another one stands at Microsoft.
    expected: Option<String>,
    reference: Option<String>,
}

/// A step of a sign-in test.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TestStep {
    SignIn,
    Licence,
    /// A meeting was created and deleted.
    Meeting,
    /// A meeting was created. Deleting it failed.
    MeetingNotDeleted,
}

/// A step that passed, and when.
#[derive(Debug)]
pub(crate) struct PassedStep {
    pub(crate) kind: TestStep,
    pub(crate) at: Timestamp,
}

/// The result of a sign-in test.
#[derive(Debug)]
pub(crate) struct SignInTestReport {
    /// The account that signed in.
    pub(crate) account: Option<String>,
    pub(crate) passed: Vec<PassedStep>,
    pub(crate) findings: Vec<Finding>,
}

impl SignInTestReport {
    /// A sign-in that failed.
    pub(crate) fn rejected(finding: Finding) -> Self {
        Self { account: None, passed: Vec::new(), findings: vec![finding] }
    }
}

/// A step that passed, as the page shows it.
#[derive(Debug)]
struct StepView {
    text: &'static str,
    /// RFC 3339, for machines.
    datetime: String,
    time: String,
}

/// The result of admin consent. `rejection` says why it was not granted.
pub(crate) fn admin_consent_page(
    branding: &Branding,
    language: Language,
    rejection: Option<&Finding>,
    test_sign_in_url: &str,
) -> Result<Html<String>, Problem> {
    let (title, detail) = match rejection {
        None => language.choose(
            (
                "Udzielono zgody",
                "Rekruterzy mogą się teraz logować, a Microsoft nie będzie pytać ich o uprawnienia. Przetestuj logowanie, aby zobaczyć, czy wszystko działa.",
            ),
            (
                "Consent granted",
                "Recruiters can now sign in without being asked for permissions. Test sign-in to see whether everything works.",
            ),
        ),
        Some(_) => language.choose(
            ("Nie udzielono zgody", "Niczego nie zmieniono. Zgody można udzielić później w portalu lub za pomocą tego samego linku."),
            ("Consent was not granted", "Nothing has changed. Consent can be granted later in the portal or with the same link."),
        ),
    };
    render(&ResultPage {
        language,
        frame: PageFrame::plain(branding),
        passed: rejection.is_none(),
        title,
        detail,
        account: None,
        passed_steps: Vec::new(),
        findings: rejection.map(|finding| finding_view(finding, language)).into_iter().collect(),
        test_sign_in_url: Some(test_sign_in_url),
    })
}

/// Renders the result of a sign-in test.
pub(crate) fn sign_in_test_page(
    branding: &Branding,
    language: Language,
    report: &SignInTestReport,
) -> Result<Html<String>, Problem> {
    let passed = report.findings.is_empty();
    let title = if passed {
        language.choose("Logowanie działa", "Sign-in works")
    } else {
        language.choose("Logowanie jeszcze nie działa", "Sign-in does not work yet")
    };
    let detail = language.choose(
        "To był tylko test: konto nie zostało połączone i nie zapisaliśmy o nim żadnych danych. Możesz zamknąć tę stronę.",
        "This was only a test: the account was not connected, and nothing about it was stored. You can close this page.",
    );
    render(&ResultPage {
        language,
        frame: PageFrame::plain(branding),
        passed,
        title,
        detail,
        account: report.account.as_deref(),
        passed_steps: report.passed.iter().map(|step| step_view(step, language)).collect(),
        findings: report.findings.iter().map(|finding| finding_view(finding, language)).collect(),
        test_sign_in_url: None,
    })
}

fn step_view(step: &PassedStep, language: Language) -> StepView {
    let text = match step.kind {
        TestStep::SignIn => language.choose("Logowanie powiodło się", "Sign-in succeeded"),
        TestStep::Licence => {
            language.choose("Konto ma licencję Microsoft Teams", "The account has a Microsoft Teams licence")
        }
        TestStep::Meeting => {
            language.choose("Spotkanie próbne zostało utworzone i usunięte", "A test meeting was created and deleted")
        }
        TestStep::MeetingNotDeleted => language.choose(
            "Spotkanie próbne zostało utworzone, ale nie udało się go usunąć",
            "A test meeting was created but could not be deleted",
        ),
    };
    StepView { text, datetime: step.at.to_string(), time: step.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string() }
}

fn finding_view(finding: &Finding, language: Language) -> FindingView {
    FindingView {
        code: finding.kind.code(),
        message: finding.kind.message(language),
        expected: finding.expected.as_deref().map(str::to_owned),
        reference: finding.evidence.as_ref().and_then(|evidence| evidence.correlation_id.clone()),
    }
}

fn render(page: &impl Template) -> Result<Html<String>, Problem> {
    page.render().map(Html).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}
