//! The audit log: one line for each thing that an auditor asks about. Who did what, for which customer, and how it ended.
//!
//! A line has the fields `audit` (an [`AuditAction`]), `by` (an [`AuditActor`]), `key` (the id of an API key), `customer`,
//! `user`, `outcome` (`done` or `refused`) and, for a refusal, `code`. The span `request` around it has `trace_id`, which the
//! response has too, and `sign_in`, which connects the steps of one sign-in. Nothing in it is secret, and `RUST_LOG` cannot
//! switch it off.

use tracing::Span;

use crate::types::ids::{CustomerId, UserId};

/// The log target of all lines.
pub const AUDIT_TARGET: &str = "audit";

/// Codes of refusals that look like an attack. The template counts each of them, and an alarm watches the counts.
pub const ALERT_CODES: [&str; 5] =
    ["unauthorized", "insufficient_scope", FOREIGN_CUSTOMER, "wrong_user", OWNER_MISMATCH];

/// An API key was used for a customer outside its limits. The response does not say so.
pub const FOREIGN_CUSTOMER: &str = "foreign_customer";

/// A secret in the vault belongs to another owner than its name says.
pub const OWNER_MISMATCH: &str = "belongs_to_another";

macro_rules! audit_actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// What an audit entry is about. Codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum AuditAction {
            $($(#[$doc])* $name,)*
        }

        impl AuditAction {
            /// All actions.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

audit_actions! {
    /// The ATS created an intake link, or somebody of support did.
    CreateIntakeLink = "create_intake_link";
    /// The ATS withdrew the intake links of a customer.
    WithdrawIntakeLinks = "withdraw_intake_links";
    /// The ATS handed credentials over.
    HandOverCredentials = "hand_over_credentials";
    /// The ATS asked for a key pair's certificate.
    OrderCertificate = "order_certificate";
    /// The ATS asked for what an app must trust in place of a secret.
    OrderFederatedTrust = "order_federated_trust";
    /// The ATS read a customer.
    ShowCustomer = "show_customer";
    /// The ATS listed its customers.
    ListCustomers = "list_customers";
    /// The ATS listed a customer's recruiters.
    ListUsers = "list_users";
    /// The ATS created a link to the page for support.
    CreateSupportLink = "create_support_link";
    /// Somebody opened the page for support, or a customer's page there.
    OpenSupportPage = "open_support_page";
    /// The ATS ran an app check.
    CheckCustomer = "check_customer";
    /// The ATS offboarded a customer.
    OffboardCustomer = "offboard_customer";
    /// The ATS created a connect link.
    CreateConnectLink = "create_connect_link";
    /// The ATS withdrew the connect links of a recruiter.
    WithdrawConnectLinks = "withdraw_connect_links";
    /// The ATS completed a sign-in.
    CompleteConnection = "complete_connection";
    /// The ATS read the state of a connection.
    ShowConnection = "show_connection";
    /// A recruiter was disconnected: by the ATS, or after an offboarding.
    Disconnect = "disconnect";
    /// The ATS forced a refresh of tokens.
    RefreshConnection = "refresh_connection";
    /// The ATS ordered a meeting.
    OrderMeeting = "order_meeting";
    /// The ATS read a meeting or its invitation.
    ShowMeeting = "show_meeting";
    /// The ATS changed a meeting.
    ChangeMeeting = "change_meeting";
    /// The ATS cancelled a meeting.
    CancelMeeting = "cancel_meeting";
    /// The ATS handed a meeting over to another recruiter.
    HandOverMeeting = "hand_over_meeting";
    /// A call of the ATS without an action of its own.
    OtherCall = "other_call";
    /// A request had no valid API key.
    PresentKey = "present_key";
    /// An administrator, or a mail scanner, opened the form.
    OpenIntakeLink = "open_intake_link";
    /// An administrator created a key pair, or asked for its certificate again.
    MakeCertificate = "make_certificate";
    /// An administrator asked for what an app must trust in place of a secret.
    MakeFederatedTrust = "make_federated_trust";
    /// An administrator submitted the form.
    SubmitCredentials = "submit_credentials";
    /// A recruiter opened a connect link and was redirected to Microsoft.
    BeginSignIn = "begin_sign_in";
    /// Microsoft redirected a recruiter back.
    ReturnFromSignIn = "return_from_sign_in";
    /// Microsoft redirected an administrator back from admin consent.
    AnswerConsent = "answer_consent";
    /// A user of the customer's tenant completed a sign-in test.
    TestSignIn = "test_sign_in";
    /// Somebody opened a meeting link. The user is the recruiter whose meeting it is.
    OpenMeetingLink = "open_meeting_link";
    /// A refresh token was exchanged for new tokens.
    RenewTokens = "renew_tokens";
    /// The hand-overs of an offboarded customer's recruiter were deleted.
    ForgetHandOvers = "forget_hand_overs";
    /// A secret was read from the vault.
    ReadSecret = "read_secret";
}

/// The span of a request. All lines inside it have its `trace_id`.
#[must_use]
pub fn request_span(trace_id: &str) -> Span {
    tracing::info_span!(target: AUDIT_TARGET, "request", trace_id, sign_in = tracing::field::Empty)
}

/// Adds the id of a sign-in to the span of this request.
pub fn record_sign_in_id(sign_in: &str) {
    Span::current().record("sign_in", sign_in);
}

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditActor<'a> {
    /// The ATS, with the API key of this id.
    Key(&'a str),
    /// Somebody unknown.
    Stranger,
    /// The holder of an intake link or a meeting link.
    Link,
    /// The holder of a support link, which the API key of this id ordered.
    SupportLink(&'a str),
    /// A recruiter's browser.
    Browser,
    /// This product, during a call.
    Product,
    /// This product, on schedule.
    Schedule,
}

/// A line of the audit log. [`AuditEntry::succeeded`] or [`AuditEntry::refused`] writes it.
#[derive(Debug, Clone, Copy)]
pub struct AuditEntry<'a> {
    action: AuditAction,
    by: AuditActor<'a>,
    customer: Option<&'a str>,
    user: Option<&'a str>,
}

impl<'a> AuditEntry<'a> {
    /// An action of an actor.
    #[must_use]
    pub fn new(action: AuditAction, by: AuditActor<'a>) -> Self {
        Self { action, by, customer: None, user: None }
    }

    /// Adds the customer.
    #[must_use]
    pub fn customer(self, customer: &'a CustomerId) -> Self {
        Self { customer: Some(customer.as_str()), ..self }
    }

    /// Adds the recruiter.
    #[must_use]
    pub fn user(self, user: &'a UserId) -> Self {
        Self { user: Some(user.as_str()), ..self }
    }

    /// Writes that the action succeeded.
    pub fn succeeded(self) {
        self.write("done", None);
    }

    /// Writes that the action was refused, and the code that says why.
    pub fn refused(self, code: &str) {
        self.write("refused", Some(code));
    }

    /// Writes that the action was refused for this reason, or that it succeeded without one.
    pub fn ended(self, refusal: Option<&str>) {
        match refusal {
            None => self.succeeded(),
            Some(code) => self.refused(code),
        }
    }

    fn write(self, outcome: &str, code: Option<&str>) {
        let (by, key) = match self.by {
            AuditActor::Key(id) => ("key", Some(id)),
            AuditActor::Stranger => ("stranger", None),
            AuditActor::Link => ("link", None),
            AuditActor::SupportLink(id) => ("link", Some(id)),
            AuditActor::Browser => ("browser", None),
            AuditActor::Product => ("product", None),
            AuditActor::Schedule => ("schedule", None),
        };
        let Self { action, customer, user, .. } = self;
        tracing::info!(target: AUDIT_TARGET, audit = action.code(), by, key, customer, user, outcome, code);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_has_a_code_of_its_own() {
        let codes: HashSet<_> = AuditAction::ALL.iter().map(|action| action.code()).collect();
        assert_eq!(codes.len(), AuditAction::ALL.len());
    }
}
