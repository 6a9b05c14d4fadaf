//! What can go wrong, with code, status and who must act.

use http::StatusCode;

use crate::domain::finding::Actor;

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
    /// The meeting is not in the state that `If-Match` names: somebody else changed it.
    PreconditionFailed = "precondition_failed", PRECONDITION_FAILED, Ats, retry: false;
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
