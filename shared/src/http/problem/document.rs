//! Problems and findings in JSON.

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::finding::{Actor, Evidence, Finding, FormField, Severity};
use crate::http::problem::accounts::AccountMismatch;
#[cfg(feature = "openapi")]
use crate::http::problem::code::Code;
use crate::http::problem::model::{FieldError, Problem};
use crate::http::problem::outcome::Outcome;
use crate::http::problem::recovery::RecoveryRequest;
use crate::types::language::Language;

/// A problem (RFC 9457 §3) with additional members. Branch on `outcome` or `code`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Problem))]
pub struct ProblemDocument<'a> {
    /// A page that explains the code.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub r#type: String,
    /// What happened, in one short sentence for people.
    pub title: &'a str,
    /// The HTTP status.
    #[cfg_attr(feature = "openapi", schema(minimum = 400, maximum = 599))]
    pub status: u16,
    /// What to do, for people.
    pub detail: String,
    /// The stable code. New ones may be added: handle an unknown one by `status` and `retryable`.
    #[cfg_attr(feature = "openapi", schema(value_type = Code))]
    pub code: &'a str,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// Who must act.
    pub actor: Actor,
    /// The outcome of the request. The set is closed: no value will be added.
    pub outcome: Outcome,
    /// Identifies the request in the log.
    pub trace_id: &'a str,
    /// How many seconds to wait before trying again, as in the `Retry-After` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// A request whose response has a link for the person who can solve the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<&'a RecoveryRequest>,
    /// With `different_account`: the account that was expected and the one that signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<&'a AccountMismatch>,
    /// The invalid fields.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[cfg_attr(feature = "openapi", schema(required = false, nullable = true, max_items = 100))]
    pub errors: &'a [FieldError],
    /// What is wrong, and what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(required = false, nullable = true, max_items = 100))]
    pub findings: Vec<FindingDocument>,
}

impl Problem {
    /// The problem as JSON (RFC 9457 §3).
    #[must_use]
    pub fn document(&self, language: Language, type_base: &str, trace_id: &str) -> Value {
        json!(ProblemDocument::of(self, language, type_base, trace_id))
    }
}

impl<'a> ProblemDocument<'a> {
    /// The document in a language. `type_base` is the public URL without a slash at the end.
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
            accounts: problem.0.accounts.as_ref(),
            errors: &problem.0.fields,
            findings: problem.0.findings.iter().map(|finding| FindingDocument::new(finding, language)).collect(),
        }
    }
}

/// A finding.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Finding))]
pub struct FindingDocument {
    /// The stable code. New ones may be added.
    #[cfg_attr(feature = "openapi", schema(value_type = Code))]
    pub code: &'static str,
    /// How severe it is.
    pub severity: Severity,
    /// Who must act.
    pub actor: Actor,
    /// Who may have to act instead, if the finding has two possible causes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_actor: Option<Actor>,
    /// What is wrong, in one short sentence for people.
    pub what: &'static str,
    /// What to do, with the names used in Microsoft's portal.
    pub remedy: &'static str,
    /// The field of the intake form that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FormField>,
    /// The right value, to the character, where another one stands at Microsoft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What Microsoft reported about it.
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
            other_actor: finding.kind.other_actor(),
            what: message.title,
            remedy: message.remedy,
            field: finding.kind.field(),
            expected: finding.expected.as_deref().map(str::to_owned),
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
