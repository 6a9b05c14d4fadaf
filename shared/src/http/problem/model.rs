//! Errors as answers: RFC 9457, with a stable code, who must act, and whether to try again.
//!
//! A handler returns a [`Problem`]; the layer in `front` writes it, as JSON for machines and as a page for people, in
//! the reader's language. What caused it goes to the log and never into the answer.

use std::error::Error;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::domain::finding::{Actor, Finding};
use crate::http::problem::kind::ProblemKind;
use crate::http::problem::recovery::RecoveryRequest;
use crate::types::language::Language;

/// A field that has a value that it cannot have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The path of the field.
    pub field: String,
    /// What is wrong with it, for a developer.
    pub detail: String,
}

impl FieldError {
    /// A fault of a field.
    #[must_use]
    pub fn new(field: &str, detail: &str) -> Self {
        Self { field: field.chars().take(128).collect(), detail: detail.to_owned() }
    }
}

/// An error on its way to be an answer.
#[derive(Debug)]
pub struct Problem(pub(super) Box<ProblemData>);

#[derive(Debug)]
pub(super) struct ProblemData {
    pub(super) kind: ProblemKind,
    pub(super) retryable: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) fields: Vec<FieldError>,
    pub(super) retry_after: Option<Duration>,
    pub(super) mend: Option<RecoveryRequest>,
    pub(super) language: Option<Language>,
    pub(super) cause: Option<Box<dyn Error + Send + Sync>>,
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        let retryable = kind.is_retryable();
        Self(Box::new(ProblemData {
            kind,
            retryable,
            findings: Vec::new(),
            fields: Vec::new(),
            retry_after: None,
            mend: None,
            language: None,
            cause: None,
        }))
    }
}

impl Problem {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.0.kind
    }

    /// What caused it: for the log.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What was found: who must act, and what to click.
    #[must_use]
    pub fn with_findings(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.0.findings.extend(findings);
        self
    }

    /// A field that is wrong.
    #[must_use]
    pub fn with_field(mut self, fault: FieldError) -> Self {
        self.0.fields.push(fault);
        self
    }

    /// All fields that are wrong.
    #[must_use]
    pub fn with_fields(mut self, faults: Vec<FieldError>) -> Self {
        self.0.fields.extend(faults);
        self
    }

    /// Trying again makes sense from then on.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retryable = true;
        self.0.retry_after = Some(wait);
        self
    }

    /// Tried more often than is allowed; there is one more try after this time.
    #[must_use]
    pub fn rate_limited(wait: Duration) -> Self {
        // The header has whole seconds, and one that was cut off would make the wait too short.
        let cut_off = Duration::from_nanos(999_999_999);
        Self::from(ProblemKind::TooManyRequests).with_retry_after(wait.saturating_add(cut_off))
    }

    /// The reader's language is known better than by what his browser asks for.
    #[must_use]
    pub fn with_language(mut self, language: Option<Language>) -> Self {
        self.0.language = language.or(self.0.language);
        self
    }

    /// The reader's language, if it is known.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.0.language
    }

    /// The stable code: that of the finding where the customer's app is at fault, for it says more.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match (self.0.kind, self.0.findings.first()) {
            (ProblemKind::CustomerBlocked | ProblemKind::SignInRefused, Some(finding)) => finding.kind.code(),
            (kind, _) => kind.code(),
        }
    }

    /// Who must act.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match (self.0.kind, self.0.findings.first()) {
            (
                ProblemKind::CustomerBlocked | ProblemKind::SignInRefused | ProblemKind::ReauthRequired,
                Some(finding),
            ) => finding.kind.actor(),
            (kind, _) => kind.actor(),
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.kind.status()
    }

    /// Until when to wait, in seconds.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after.map(|wait| wait.as_secs().max(1))
    }

    /// The cause and all that lies behind it, in one line.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        let mut next: Option<&(dyn Error + 'static)> = Some(self.0.cause.as_deref()?);
        let mut chain = Vec::new();
        while let Some(error) = next {
            chain.push(error.to_string());
            next = error.source();
        }
        Some(chain.join(": "))
    }
}

impl IntoResponse for Problem {
    /// The problem itself travels in the extensions; the outermost layer writes it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
