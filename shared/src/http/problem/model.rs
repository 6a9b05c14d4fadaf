//! Problems (RFC 9457). A handler returns a [`Problem`]; the HTTP stack renders it, as JSON for machines and as a page for
//! people, in the reader's language. Its cause goes to the log and never into the response.

use std::error::Error;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::domain::finding::{Actor, Finding};
use crate::http::problem::accounts::AccountMismatch;
use crate::http::problem::kind::ProblemKind;
use crate::http::problem::recovery::{RecoveryBody, RecoveryRequest};
use crate::types::language::Language;

/// A field with an invalid value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The path of the field.
    pub field: String,
    /// What is wrong, for a developer.
    pub detail: String,
}

impl FieldError {
    #[must_use]
    pub fn new(field: &str, detail: &str) -> Self {
        Self { field: field.chars().take(128).collect(), detail: detail.to_owned() }
    }
}

/// An error, as the API answers it.
#[derive(Debug)]
pub struct Problem(pub(super) Box<ProblemData>);

#[derive(Debug)]
pub(super) struct ProblemData {
    pub(super) kind: ProblemKind,
    pub(super) retryable: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) fields: Vec<FieldError>,
    pub(super) retry_after: Option<Duration>,
    pub(super) key_was_sent: bool,
    pub(super) mend: Option<RecoveryRequest>,
    pub(super) mend_body: Option<RecoveryBody>,
    pub(super) accounts: Option<AccountMismatch>,
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
            key_was_sent: false,
            mend: None,
            mend_body: None,
            accounts: None,
            language: None,
            cause: None,
        }))
    }
}

impl Problem {
    #[must_use]
    pub fn kind(&self) -> ProblemKind {
        self.0.kind
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Adds findings.
    #[must_use]
    pub fn with_findings(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.0.findings.extend(findings);
        self
    }

    /// Adds an invalid field.
    #[must_use]
    pub fn with_field(mut self, field: FieldError) -> Self {
        self.0.fields.push(field);
        self
    }

    /// Adds invalid fields.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.0.fields.extend(fields);
        self
    }

    /// The two accounts that should have been one: for the ATS, not for the log.
    #[must_use]
    pub fn with_accounts(mut self, accounts: AccountMismatch) -> Self {
        self.0.accounts = Some(accounts);
        self
    }

    /// What the order of the connect link that solves it must say.
    #[must_use]
    pub fn with_recovery_body(mut self, body: RecoveryBody) -> Self {
        self.0.mend_body = Some(body);
        self
    }

    /// Says that a retry may succeed after this time.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retryable = true;
        self.0.retry_after = Some(wait);
        self
    }

    /// Too many requests: one more is possible after this time.
    #[must_use]
    pub fn rate_limited(wait: Duration) -> Self {
        // `Retry-After` has whole seconds: rounding down would make the wait too short.
        let almost_a_second = Duration::from_nanos(999_999_999);
        Self::from(ProblemKind::TooManyRequests).with_retry_after(wait.saturating_add(almost_a_second))
    }

    /// Says that a key was sent, which is not valid.
    #[must_use]
    pub fn with_sent_key(mut self) -> Self {
        self.0.key_was_sent = true;
        self
    }

    /// The value of `WWW-Authenticate` (RFC 6750 §3). Whoever sent no key is told no error.
    #[must_use]
    pub fn challenge(&self) -> Option<&'static str> {
        match (self.0.kind, self.0.key_was_sent) {
            (ProblemKind::Unauthorized, false) => Some(r#"Bearer realm="Teams Connect""#),
            (ProblemKind::Unauthorized, true) => Some(r#"Bearer realm="Teams Connect", error="invalid_token""#),
            (ProblemKind::InsufficientScope, _) => Some(r#"Bearer realm="Teams Connect", error="insufficient_scope""#),
            _ => None,
        }
    }

    /// Sets the reader's language, if it is known better than from `Accept-Language`.
    #[must_use]
    pub fn with_language(mut self, language: Option<Language>) -> Self {
        self.0.language = language.or(self.0.language);
        self
    }

    /// The reader's language, if it was set.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.0.language
    }

    /// The stable code. If the customer's app is the reason, the code of its finding.
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

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.kind.status()
    }

    /// The value of `Retry-After`, in seconds.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after.map(|wait| wait.as_secs().max(1))
    }

    /// The cause and its sources in one line.
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
    /// Puts the problem into the response's extensions. The HTTP stack renders it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
