//! The audit trail: one line for each thing that an auditor asks about. Who did what, for which customer, and what came
//! of it.
//!
//! A line has the fields `audit` (a [`AuditAction`]), `by` (key, link, browser, schedule, product or stranger), `key` (the id of
//! an API key), `customer`, `user`, `outcome` (`done` or `refused`) and, where it was refused, `code`. The span around it,
//! `request`, has `trace_id`, which the answer carries too, and `sign_in`, which ties the steps of one sign-in together.
//! Nothing in it is secret, and `RUST_LOG` cannot switch it off.

use tracing::Span;

use crate::types::ids::{CustomerId, UserId};

/// The target of all lines, by which filters know them.
pub const AUDIT_TARGET: &str = "audit";

/// Refusals that are somebody's attempt rather than somebody's mistake: the template counts each of these codes, and
/// an alarm reads it.
pub const ALERT_CODES: [&str; 5] =
    ["unauthorized", "insufficient_scope", FOREIGN_CUSTOMER, "wrong_user", OWNER_MISMATCH];

/// A key asked for a customer whom it was not given for; what was answered does not say so.
pub const FOREIGN_CUSTOMER: &str = "foreign_customer";

/// What was read from the vault belongs to somebody else.
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
    /// The ATS created an intake link.
    CreateIntakeLink = "create_intake_link";
    /// The ATS handed credentials over.
    HandOverCredentials = "hand_over_credentials";
    /// The ATS asked for a key pair's certificate.
    OrderCertificate = "order_certificate";
    /// The ATS read a customer.
    ShowCustomer = "show_customer";
    /// The ATS listed its customers.
    ListCustomers = "list_customers";
    /// The ATS ran an app check.
    CheckCustomer = "check_customer";
    /// The ATS offboarded a customer.
    OffboardCustomer = "offboard_customer";
    /// The ATS created a connect link.
    CreateConnectLink = "create_connect_link";
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
    /// A call that has no name yet.
    OtherCall = "other_call";
    /// A key was presented, and it is none.
    PresentKey = "present_key";
    /// An administrator, or a mail scanner, looked at the form.
    OpenIntakeLink = "open_intake_link";
    /// An administrator had a key pair made, or asked for its certificate again.
    MakeCertificate = "make_certificate";
    /// An administrator sent the form.
    SubmitCredentials = "submit_credentials";
    /// A recruiter opened a link and was sent to Microsoft.
    BeginSignIn = "begin_sign_in";
    /// A recruiter came back from Microsoft.
    ReturnFromSignIn = "return_from_sign_in";
    /// An administrator came back from Microsoft's page of consent.
    AnswerConsent = "answer_consent";
    /// Somebody of the customer's tenant tested a sign-in.
    TestSignIn = "test_sign_in";
    /// Somebody opened the link to an interview; the user is the recruiter who ordered it.
    OpenMeetingLink = "open_meeting_link";
    /// A refresh token was used.
    RenewTokens = "renew_tokens";
    /// What a recruiter of a former customer handed over was forgotten.
    ForgetHandOvers = "forget_hand_overs";
    /// A secret was read.
    ReadSecret = "read_secret";
}

/// The span of a request: all that is logged meanwhile carries its name.
#[must_use]
pub fn request_span(trace_id: &str) -> Span {
    tracing::info_span!(target: AUDIT_TARGET, "request", trace_id, sign_in = tracing::field::Empty)
}

/// Ties this request to a sign-in: every line of its span says so from here on.
pub fn record_sign_in_id(sign_in: &str) {
    Span::current().record("sign_in", sign_in);
}

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditActor<'a> {
    /// The ATS, with the key of this id.
    Key(&'a str),
    /// Nobody whom we know.
    Stranger,
    /// The holder of an intake link, or of the link to an interview.
    Link,
    /// A recruiter's browser.
    Browser,
    /// This software, for whoever called it.
    Product,
    /// This software, by the clock.
    Schedule,
}

/// A line of the trail, to be written by [`AuditEntry::done`] or [`AuditEntry::refused`].
#[derive(Debug, Clone, Copy)]
pub struct AuditEntry<'a> {
    deed: AuditAction,
    by: AuditActor<'a>,
    customer: Option<&'a str>,
    user: Option<&'a str>,
}

impl<'a> AuditEntry<'a> {
    /// Somebody does something.
    #[must_use]
    pub fn new(deed: AuditAction, by: AuditActor<'a>) -> Self {
        Self { deed, by, customer: None, user: None }
    }

    /// For this customer.
    #[must_use]
    pub fn customer(self, customer: &'a CustomerId) -> Self {
        Self { customer: Some(customer.as_str()), ..self }
    }

    /// For this recruiter.
    #[must_use]
    pub fn user(self, user: &'a UserId) -> Self {
        Self { user: Some(user.as_str()), ..self }
    }

    /// It came about.
    pub fn succeeded(self) {
        self.write("done", None);
    }

    /// It did not; the code says why.
    pub fn refused(self, code: &str) {
        self.write("refused", Some(code));
    }

    fn write(self, outcome: &str, code: Option<&str>) {
        let (by, key) = match self.by {
            AuditActor::Key(id) => ("key", Some(id)),
            AuditActor::Stranger => ("stranger", None),
            AuditActor::Link => ("link", None),
            AuditActor::Browser => ("browser", None),
            AuditActor::Product => ("product", None),
            AuditActor::Schedule => ("schedule", None),
        };
        let Self { deed, customer, user, .. } = self;
        tracing::info!(target: AUDIT_TARGET, audit = deed.code(), by, key, customer, user, outcome, code);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_deed_has_a_name_of_its_own() {
        let names: HashSet<_> = AuditAction::ALL.iter().map(|deed| deed.code()).collect();
        assert_eq!(names.len(), AuditAction::ALL.len());
    }
}
