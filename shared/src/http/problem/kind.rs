//! What can go wrong: each kind with a stable code, a status, an actor, and whether a retry may succeed.

use http::StatusCode;

use crate::domain::finding::Actor;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $actor:ident, retry: $retryable:literal;)*) => {
        /// What can go wrong. Codes are stable: an ATS may branch on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemKind { $($(#[$doc])* $name,)* }

        impl ProblemKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status.
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
    /// The request is not valid HTTP, JSON or form data.
    MalformedRequest = "malformed_request", BAD_REQUEST, Ats, retry: false;
    /// `Idempotency-Key` is missing.
    IdempotencyKeyMissing = "idempotency_key_missing", BAD_REQUEST, Ats, retry: false;
    /// `Idempotency-Key` is no key, or stands twice.
    IdempotencyKeyInvalid = "idempotency_key_invalid", BAD_REQUEST, Ats, retry: false;
    /// Microsoft's redirect belongs to no started sign-in of this browser.
    SignInNotFound = "sign_in_not_found", BAD_REQUEST, Recruiter, retry: false;
    /// No valid API key.
    Unauthorized = "unauthorized", UNAUTHORIZED, Ats, retry: false;
    /// The API key does not include this part of the API.
    InsufficientScope = "insufficient_scope", FORBIDDEN, Ats, retry: false;
    /// The sign-in was started for another user.
    WrongUser = "wrong_user", FORBIDDEN, Ats, retry: false;
    /// A page of another site submitted this form.
    CrossSite = "cross_site", FORBIDDEN, CustomerAdmin, retry: false;
    /// It does not exist, or is outside the caller's limits.
    NotFound = "not_found", NOT_FOUND, Ats, retry: false;
    /// The recruiter has no connection, or is not known.
    NotConnected = "not_connected", NOT_FOUND, Recruiter, retry: false;
    /// Graph has no such meeting of this recruiter.
    MeetingGone = "meeting_gone", NOT_FOUND, Ats, retry: false;
    /// The meeting of a meeting link was cancelled.
    InterviewCancelled = "interview_cancelled", GONE, Ats, retry: false;
    /// The meeting of this idempotency key was cancelled.
    OrderCancelled = "order_cancelled", GONE, Ats, retry: false;
    /// The route does not have this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, Ats, retry: false;
    /// The customer has not submitted credentials yet.
    NotConfigured = "not_configured", CONFLICT, CustomerAdmin, retry: false;
    /// The recruiter must sign in again.
    ReauthRequired = "reauth_required", CONFLICT, Recruiter, retry: false;
    /// The customer's app does not work; the finding says why.
    CustomerBlocked = "customer_blocked", CONFLICT, CustomerAdmin, retry: false;
    /// Microsoft does not let this recruiter create meetings.
    TeamsNotAvailable = "teams_not_available", CONFLICT, CustomerAdmin, retry: false;
    /// Another account than before signed in.
    DifferentAccount = "different_account", CONFLICT, Recruiter, retry: false;
    /// The completion handle was used before.
    HandleUsed = "handle_used", CONFLICT, Ats, retry: false;
    /// The sign-in does not make a connection; the finding says why.
    SignInRefused = "sign_in_refused", CONFLICT, Recruiter, retry: false;
    /// The recruiter handed over as many future meetings as can be stored.
    TooManyHandOvers = "too_many_hand_overs", CONFLICT, Ats, retry: false;
    /// Another request changed the same thing at the same time.
    Conflict = "conflict", CONFLICT, Ats, retry: true;
    /// The recruiter was disconnected.
    Disconnected = "disconnected", GONE, Recruiter, retry: false;
    /// The customer was offboarded.
    Offboarded = "offboarded", GONE, Ats, retry: false;
    /// The link is used, expired or not ours.
    LinkUnusable = "link_unusable", GONE, Ats, retry: false;
    /// The completion handle is expired or not ours.
    HandleUnusable = "handle_unusable", GONE, Recruiter, retry: false;
    /// The meeting is not in the state that `If-Match` names: somebody else changed it.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, Ats, retry: false;
    /// The body is too large.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, Ats, retry: false;
    /// The body has another media type than expected.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, Ats, retry: false;
    /// A field has an invalid value.
    InvalidFields = "invalid_fields", UNPROCESSABLE_ENTITY, Ats, retry: false;
    /// The credentials do not work; the findings say why.
    CredentialsRefused = "credentials_refused", UNPROCESSABLE_ENTITY, CustomerAdmin, retry: false;
    /// The idempotency key was used for another order.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, Ats, retry: false;
    /// Graph rejected the order.
    OrderRefused = "order_refused", UNPROCESSABLE_ENTITY, Ats, retry: false;
    /// Too many requests; `Retry-After` says when to try again.
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS, Ats, retry: true;
    /// An error of ours.
    Internal = "internal", INTERNAL_SERVER_ERROR, Operator, retry: false;
    /// Microsoft's response does not follow its documentation.
    MicrosoftProtocol = "microsoft_protocol", BAD_GATEWAY, Operator, retry: false;
    /// Microsoft is throttling or out of service.
    MicrosoftUnavailable = "microsoft_unavailable", SERVICE_UNAVAILABLE, Ats, retry: true;
    /// The vault is not reachable.
    VaultUnavailable = "vault_unavailable", SERVICE_UNAVAILABLE, Ats, retry: true;
    /// The request took too long.
    TooSlow = "too_slow", SERVICE_UNAVAILABLE, Ats, retry: true;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_stands_for_one_problem() {
        let codes: HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ProblemKind::ALL.len());
    }
}
