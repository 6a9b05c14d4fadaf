//! Errors as answers: RFC 9457, with a stable code, who must act, and whether to try again.
//!
//! A handler returns a [`Problem`]; the layer in `front` writes it, as JSON for machines and as a page for people, in
//! the reader's language. What caused it goes to the log and never into the answer.

use std::error::Error;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use super::accounts::AccountMismatch;
use super::outcome::RecoveryRequest;
use crate::domain::finding::{Actor, Finding};
use crate::types::language::Language;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $actor:ident, retry: $retryable:literal;)*) => {
        /// What can go wrong. Codes are stable: an ATS branches on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemKind { $($(#[$doc])* $name,)* }

        impl ProblemKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The status of the answer.
            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// Who must act.
            #[must_use]
            pub fn actor(self) -> Actor {
                match self { $(Self::$name => Actor::$actor,)* }
            }

            /// Whether the same request may succeed later.
            #[must_use]
            pub fn is_retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }
        }
    };
}

kinds! {
    /// Not what HTTP, JSON or a form looks like.
    MalformedRequest = "malformed_request", BAD_REQUEST, Ats, retry: false;
    /// `Idempotency-Key` is missing or none.
    IdempotencyKeyMissing = "idempotency_key_missing", BAD_REQUEST, Ats, retry: false;
    /// The answer of Microsoft's redirect belongs to no sign-in of this browser.
    SignInNotFound = "sign_in_not_found", BAD_REQUEST, Recruiter, retry: false;
    /// No valid API key.
    Unauthorized = "unauthorized", UNAUTHORIZED, Ats, retry: false;
    /// The API key does not open this part of the contract.
    InsufficientScope = "insufficient_scope", FORBIDDEN, Ats, retry: false;
    /// The sign-in was begun for somebody else.
    WrongUser = "wrong_user", FORBIDDEN, Ats, retry: false;
    /// A page of another site sent this form.
    CrossSite = "cross_site", FORBIDDEN, CustomerAdmin, retry: false;
    /// Nothing of that name, or nothing that the caller may know of.
    NotFound = "not_found", NOT_FOUND, Ats, retry: false;
    /// The recruiter has no connection, or nobody of that name is known here.
    NotConnected = "not_connected", NOT_FOUND, Recruiter, retry: false;
    /// Graph has no such meeting of this recruiter, or not any more.
    MeetingGone = "meeting_gone", NOT_FOUND, Ats, retry: false;
    /// The interview behind a link was called off.
    InterviewCancelled = "interview_cancelled", GONE, Ats, retry: false;
    /// No such method here.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, Ats, retry: false;
    /// The customer has handed over no credentials yet.
    NotConfigured = "not_configured", CONFLICT, CustomerAdmin, retry: false;
    /// The recruiter must sign in again.
    ReauthRequired = "reauth_required", CONFLICT, Recruiter, retry: false;
    /// The customer's app does not work; the finding says why.
    CustomerBlocked = "customer_blocked", CONFLICT, CustomerAdmin, retry: false;
    /// Microsoft does not let this recruiter make meetings.
    TeamsNotAvailable = "teams_not_available", CONFLICT, CustomerAdmin, retry: false;
    /// Another account than before signed in.
    DifferentAccount = "different_account", CONFLICT, Recruiter, retry: false;
    /// The handle was completed before.
    HandleUsed = "handle_used", CONFLICT, Ats, retry: false;
    /// What was signed in does not make a connection; the finding says why.
    SignInRefused = "sign_in_refused", CONFLICT, Recruiter, retry: false;
    /// The recruiter handed over as many interviews that are to come as can be remembered.
    TooManyHandOvers = "too_many_hand_overs", CONFLICT, Ats, retry: false;
    /// Somebody else changed the same thing at the same time.
    Conflict = "conflict", CONFLICT, Ats, retry: true;
    /// The recruiter was disconnected.
    Disconnected = "disconnected", GONE, Recruiter, retry: false;
    /// The customer was offboarded.
    Offboarded = "offboarded", GONE, Ats, retry: false;
    /// A link of ours that is spent, expired or none.
    LinkUnusable = "link_unusable", GONE, Ats, retry: false;
    /// The handle is expired or none.
    HandleUnusable = "handle_unusable", GONE, Recruiter, retry: false;
    /// Larger than anything that is taken.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, Ats, retry: false;
    /// Not the media type that is taken.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, Ats, retry: false;
    /// A field has a value that it cannot have.
    InvalidFields = "invalid_fields", UNPROCESSABLE_ENTITY, Ats, retry: false;
    /// The credentials are not right; the findings say why.
    CredentialsRefused = "credentials_refused", UNPROCESSABLE_ENTITY, CustomerAdmin, retry: false;
    /// The key was used for another order.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, Ats, retry: false;
    /// Graph refused the order.
    OrderRefused = "order_refused", UNPROCESSABLE_ENTITY, Ats, retry: false;
    /// More often than is allowed; `Retry-After` says when again.
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, Ats, retry: true;
    /// Something of ours is broken.
    Internal = "internal", INTERNAL_SERVER_ERROR, Operator, retry: false;
    /// Microsoft answered something that is not in its documentation.
    MicrosoftProtocol = "microsoft_protocol", BAD_GATEWAY, Operator, retry: false;
    /// Microsoft is throttling or out of service.
    MicrosoftUnavailable = "microsoft_unavailable", SERVICE_UNAVAILABLE, Ats, retry: true;
    /// The vault is out of reach.
    VaultUnavailable = "vault_unavailable", SERVICE_UNAVAILABLE, Ats, retry: true;
    /// It took longer than a caller waits.
    TooSlow = "too_slow", SERVICE_UNAVAILABLE, Ats, retry: true;
}

/// A field that has a value that it cannot have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FieldFault))]
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
            mend: None,
            accounts: None,
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

    /// The two accounts that should have been one: for the ATS, not for the log.
    #[must_use]
    pub fn with_accounts(mut self, accounts: AccountMismatch) -> Self {
        self.0.accounts = Some(accounts);
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::finding;

    #[test]
    fn every_code_stands_for_one_problem() {
        let codes: HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ProblemKind::ALL.len());
    }

    #[test]
    fn every_problem_says_what_and_what_to_do_in_every_language() {
        for kind in ProblemKind::ALL {
            let [polish, english] = Language::ALL.map(|language| Problem::from(*kind).message(language));
            assert!(polish.0 != english.0 && polish.1 != english.1, "{kind:?}");
            assert!(polish.1.len() > 10 && english.1.len() > 10, "{kind:?}");
        }
    }

    #[test]
    fn what_caused_a_problem_is_not_in_the_answer() {
        let problem = Problem::from(ProblemKind::Internal).with_cause("canary");
        assert!(!problem.document(Language::En, "", "t").to_string().contains("canary"));
        assert_eq!(problem.cause().unwrap(), "canary");
    }

    #[test]
    fn where_the_customers_app_is_at_fault_its_finding_speaks() {
        let problem =
            Problem::from(ProblemKind::CustomerBlocked).with_findings([finding::FindingKind::SecretExpired.into()]);
        let document = problem.document(Language::En, "https://x.example", "t");
        assert_eq!(document["code"], "secret_expired");
        assert_eq!(document["actor"], "customer_admin");
        assert_eq!(document["type"], "https://x.example/problems/secret_expired");
        assert_eq!((document["status"].as_u64(), document["retryable"].as_bool()), (Some(409), Some(false)));
    }
}
