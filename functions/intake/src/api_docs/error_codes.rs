//! The meanings of the codes of problems and findings.

use shared::domain::finding::{Actor, FindingKind, Message, Severity};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

/// One meaning of a code. A code can have two: as a problem and as a finding.
#[derive(Debug)]
pub(super) struct CodeMeaning {
    /// What is wrong.
    pub(super) title: &'static str,
    /// What to do.
    pub(super) remedy: &'static str,
    /// Who must act, in the language of the page.
    pub(super) actor: String,
    pub(super) kind: CodeKind,
}

#[derive(Debug)]
pub(super) enum CodeKind {
    /// A problem, with its status and whether a repeated request may succeed.
    Problem { status: u16, is_retryable: bool },
    /// A finding, with its severity.
    Finding(&'static str),
}

/// The meanings of a code. An unknown code has none.
pub(super) fn meanings(code: &str, language: Language) -> Vec<CodeMeaning> {
    let problems =
        ProblemKind::ALL.iter().filter(|kind| kind.code() == code).map(|kind| problem_meaning(*kind, language));
    let findings =
        FindingKind::ALL.iter().filter(|kind| kind.code() == code).map(|kind| finding_meaning(*kind, language));
    problems.chain(findings).collect()
}

/// Every code once, with its title.
pub(super) fn all_codes(language: Language) -> Vec<(&'static str, &'static str)> {
    let problems = ProblemKind::ALL.iter().map(|kind| (kind.code(), Problem::from(*kind).message(language).title));
    let findings = FindingKind::ALL.iter().map(|kind| (kind.code(), kind.message(language).title));
    let mut titles: Vec<_> = problems.chain(findings).collect();
    titles.sort_unstable();
    titles.dedup_by_key(|(code, _)| *code);
    titles
}

fn problem_meaning(kind: ProblemKind, language: Language) -> CodeMeaning {
    let Message { title, remedy } = Problem::from(kind).message(language);
    let code_kind = CodeKind::Problem { status: kind.status().as_u16(), is_retryable: kind.is_retryable() };
    CodeMeaning { title, remedy, actor: actor(kind.actor(), language).to_owned(), kind: code_kind }
}

fn finding_meaning(kind: FindingKind, language: Language) -> CodeMeaning {
    let Message { title, remedy } = kind.message(language);
    let code_kind = CodeKind::Finding(severity(kind.severity(), language));
    let actors = std::iter::once(kind.actor()).chain(kind.other_actor()).map(|one| actor(one, language));
    let actor = actors.collect::<Vec<_>>().join(language.choose(" albo ", " or "));
    CodeMeaning { title, remedy, actor, kind: code_kind }
}

fn actor(actor: Actor, language: Language) -> &'static str {
    match actor {
        Actor::Ats => language.choose("system rekrutacyjny (ats)", "the recruitment system (ats)"),
        Actor::Recruiter => language.choose("rekruter (recruiter)", "the recruiter (recruiter)"),
        Actor::CustomerAdmin => {
            language.choose("administrator klienta (customer_admin)", "the customer's administrator (customer_admin)")
        }
        Actor::Operator => {
            language.choose("operator tego wdrożenia (operator)", "the operator of this deployment (operator)")
        }
    }
}

fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Notice => language.choose("informacja (notice)", "information (notice)"),
        Severity::Warning => language.choose("ostrzeżenie (warning)", "warning (warning)"),
        Severity::Error => language.choose("błąd (error)", "error (error)"),
    }
}
