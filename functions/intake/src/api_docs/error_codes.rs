//! What every code means.

use shared::domain::finding::{self, Actor, Message, Severity};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

/// One meaning of a code: it may be that of a problem and that of a finding.
#[derive(Debug)]
pub(super) struct CodeMeaning {
    /// What happened, or what was found.
    pub(super) title: &'static str,
    /// What to do.
    pub(super) remedy: &'static str,
    /// Who must act, in the reader's words.
    pub(super) actor: &'static str,
    /// What tells it from the other meaning.
    pub(super) nature: CodeKind,
}

#[derive(Debug)]
pub(super) enum CodeKind {
    /// An answer with this status; whether the same request may succeed later.
    Problem(u16, bool),
    /// A finding, this bad.
    Finding(&'static str),
}

/// The meanings of a code; none for a code that nobody answers.
pub(super) fn meanings(code: &str, language: Language) -> Vec<CodeMeaning> {
    let problems =
        ProblemKind::ALL.iter().filter(|kind| kind.code() == code).map(|kind| problem_meaning(*kind, language));
    let findings = finding::FindingKind::ALL
        .iter()
        .filter(|kind| kind.code() == code)
        .map(|kind| finding_meaning(*kind, language));
    problems.chain(findings).collect()
}

/// Every code once, with its title.
pub(super) fn all_codes(language: Language) -> Vec<(&'static str, &'static str)> {
    let problems = ProblemKind::ALL.iter().map(|kind| (kind.code(), Problem::from(*kind).message(language).title));
    let findings = finding::FindingKind::ALL.iter().map(|kind| (kind.code(), kind.message(language).title));
    let mut titles: Vec<_> = problems.chain(findings).collect();
    titles.sort_unstable();
    titles.dedup_by_key(|(code, _)| *code);
    titles
}

fn problem_meaning(kind: ProblemKind, language: Language) -> CodeMeaning {
    let Message { title, remedy } = Problem::from(kind).message(language);
    let nature = CodeKind::Problem(kind.status().as_u16(), kind.is_retryable());
    CodeMeaning { title, remedy, actor: actor(kind.actor(), language), nature }
}

fn finding_meaning(kind: finding::FindingKind, language: Language) -> CodeMeaning {
    let words = kind.message(language);
    let nature = CodeKind::Finding(severity(kind.severity(), language));
    CodeMeaning { title: words.title, remedy: words.remedy, actor: actor(kind.actor(), language), nature }
}

fn actor(actor: Actor, language: Language) -> &'static str {
    match actor {
        Actor::Ats => language.choose("system rekrutacyjny (ats)", "the applicant tracking system (ats)"),
        Actor::Recruiter => language.choose("rekruter (recruiter)", "the recruiter (recruiter)"),
        Actor::CustomerAdmin => {
            language.choose("administrator klienta (customer_admin)", "the customer's administrator (customer_admin)")
        }
        Actor::Operator => {
            language.choose("operator tego wdrożenia (operator)", "whoever runs this deployment (operator)")
        }
    }
}

fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Notice => language.choose("informacja (notice)", "good to know (notice)"),
        Severity::Warning => {
            language.choose("ostrzeżenie (warning)", "it works, but not for long or not for certain (warning)")
        }
        Severity::Error => language.choose("błąd (error)", "nothing works until this is mended (error)"),
    }
}
