//! Problems and findings as machines read them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::finding::{Actor, Evidence, Finding, FormField, Severity};
#[cfg(feature = "openapi")]
use crate::http::openapi::Code;
use crate::http::problem::model::{FieldError, Problem};
use crate::http::problem::outcome::Outcome;
use crate::http::problem::recovery::RecoveryRequest;
use crate::types::language::Language;

/// A problem (RFC 9457 §3), with members of our own. Branch on `code`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Problem))]
pub struct ProblemDocument<'a> {
    /// A page that explains the code.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub r#type: String,
    /// What happened, in one short sentence for people.
    pub title: &'a str,
    /// The status of the answer.
    #[cfg_attr(feature = "openapi", schema(minimum = 400, maximum = 599))]
    pub status: u16,
    /// What to do about it, for people.
    pub detail: String,
    /// The stable code. New ones may be added: treat one that you do not know by `status` and `retryable`.
    #[cfg_attr(feature = "openapi", schema(value_type = Code))]
    pub code: &'a str,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// Who must act.
    pub actor: Actor,
    /// What came of the request. The set is closed: whoever branches on it has branched on everything.
    pub outcome: Outcome,
    /// Names the request in the log.
    pub trace_id: &'a str,
    /// Seconds after which the same request makes sense again; the same as in the header `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The request whose answer is a link for whoever can mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<&'a RecoveryRequest>,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "openapi", schema(required = false, nullable = true, max_items = 100))]
    pub errors: &'a [FieldError],
    /// What was found: what is wrong, and what to click.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(required = false, nullable = true, max_items = 100))]
    pub findings: Vec<FindingDocument>,
}

impl Problem {
    /// The document of RFC 9457 §3, with members of our own.
    #[must_use]
    pub fn document(&self, language: Language, type_base: &str, trace_id: &str) -> Value {
        json!(ProblemDocument::of(self, language, type_base, trace_id))
    }
}

impl<'a> ProblemDocument<'a> {
    /// The document in a language. `type_base` is what the types of problems begin with, without a slash at its end.
    pub(super) fn of(problem: &'a Problem, language: Language, type_base: &str, trace_id: &'a str) -> Self {
        let message = problem.message(language);
        Self {
            r#type: format!("{type_base}/problems/{}", problem.code()),
            title: message.title,
            status: problem.status().as_u16(),
            detail: message.remedy.to_owned(),
            code: problem.code(),
            retryable: problem.0.retryable,
            actor: problem.actor(),
            outcome: problem.outcome(),
            trace_id,
            retry_after: problem.retry_after_seconds(),
            mend: problem.0.mend.as_ref(),
            errors: &problem.0.fields,
            findings: problem.0.findings.iter().map(|finding| FindingDocument::new(finding, language)).collect(),
        }
    }
}

/// A finding as the ATS reads it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Finding))]
pub struct FindingDocument {
    /// The stable code. New ones may be added.
    #[cfg_attr(feature = "openapi", schema(value_type = Code))]
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Who must act.
    pub actor: Actor,
    /// What is wrong, in one short sentence for people.
    pub what: &'static str,
    /// What to do, naming the places of Microsoft's portal in its own words.
    pub remedy: &'static str,
    /// The field of the form that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FormField>,
    /// What Microsoft said beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

impl FindingDocument {
    /// The finding in a language.
    #[must_use]
    pub fn new(finding: &Finding, language: Language) -> Self {
        let message = finding.kind.message(language);
        Self {
            code: finding.kind.code(),
            severity: finding.kind.severity(),
            actor: finding.kind.actor(),
            what: message.title,
            remedy: message.remedy,
            field: finding.kind.field(),
            evidence: finding.evidence.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FindingKind;
    use crate::http::problem::kind::ProblemKind;

    #[test]
    fn what_caused_a_problem_is_not_in_the_answer() {
        let problem = Problem::from(ProblemKind::Internal).with_cause("canary");
        assert!(!problem.document(Language::En, "", "t").to_string().contains("canary"));
        assert_eq!(problem.cause().unwrap(), "canary");
    }

    #[test]
    fn where_the_customers_app_is_at_fault_its_finding_speaks() {
        let problem = Problem::from(ProblemKind::CustomerBlocked).with_findings([FindingKind::SecretExpired.into()]);
        let document = problem.document(Language::En, "https://x.example", "t");
        assert_eq!(document["code"], "secret_expired");
        assert_eq!(document["actor"], "customer_admin");
        assert_eq!(document["type"], "https://x.example/problems/secret_expired");
        assert_eq!((document["status"].as_u64(), document["retryable"].as_bool()), (Some(409), Some(false)));
    }
}
