//! What every code means.

use shared::finding::{self, Actor, Severity};
use shared::language::Language;
use shared::web::problem::{Kind, Problem};

/// One meaning of a code: it may be that of a problem and that of a finding.
#[derive(Debug)]
pub(super) struct Meaning {
    /// What happened, or what was found.
    pub(super) title: &'static str,
    /// What to do.
    pub(super) remedy: String,
    /// Who must act, in the reader's words.
    pub(super) actor: &'static str,
    /// What tells it from the other meaning.
    pub(super) nature: Nature,
}

#[derive(Debug)]
pub(super) enum Nature {
    /// An answer with this status; whether the same request may succeed later.
    Problem(u16, bool),
    /// A finding, this bad.
    Finding(&'static str),
}

/// The meanings of a code; none for a code that nobody answers.
pub(super) fn meanings(code: &str, language: Language) -> Vec<Meaning> {
    let problems = Kind::ALL.iter().filter(|kind| kind.code() == code).map(|kind| of_problem(*kind, language));
    let findings = finding::Kind::ALL.iter().filter(|kind| kind.code() == code).map(|kind| of_finding(*kind, language));
    problems.chain(findings).collect()
}

/// Every code once, with its title.
pub(super) fn titles(language: Language) -> Vec<(&'static str, &'static str)> {
    let problems = Kind::ALL.iter().map(|kind| (kind.code(), Problem::from(*kind).words(language).0));
    let findings = finding::Kind::ALL.iter().map(|kind| (kind.code(), kind.words(language).what));
    let mut titles: Vec<_> = problems.chain(findings).collect();
    titles.sort_unstable();
    titles.dedup_by_key(|(code, _)| *code);
    titles
}

fn of_problem(kind: Kind, language: Language) -> Meaning {
    let (title, remedy) = Problem::from(kind).words(language);
    let nature = Nature::Problem(kind.status().as_u16(), kind.is_retryable());
    Meaning { title, remedy, actor: actor(kind.actor(), language), nature }
}

fn of_finding(kind: finding::Kind, language: Language) -> Meaning {
    let words = kind.words(language);
    let nature = Nature::Finding(severity(kind.severity(), language));
    Meaning { title: words.what, remedy: words.remedy.to_owned(), actor: actor(kind.actor(), language), nature }
}

fn actor(actor: Actor, language: Language) -> &'static str {
    match actor {
        Actor::Ats => language.of("system rekrutacyjny (ats)", "the applicant tracking system (ats)"),
        Actor::Recruiter => language.of("rekruter (recruiter)", "the recruiter (recruiter)"),
        Actor::CustomerAdmin => {
            language.of("administrator klienta (customer_admin)", "the customer's administrator (customer_admin)")
        }
        Actor::Operator => language.of("operator tego wdrożenia (operator)", "whoever runs this deployment (operator)"),
    }
}

fn severity(severity: Severity, language: Language) -> &'static str {
    match severity {
        Severity::Notice => language.of("informacja (notice)", "good to know (notice)"),
        Severity::Warning => {
            language.of("ostrzeżenie (warning)", "it works, but not for long or not for certain (warning)")
        }
        Severity::Error => language.of("błąd (error)", "nothing works until this is mended (error)"),
    }
}
