//! The closed catalogue of events.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What an event is about, and so where it stands whether the change was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSubject {
    /// The customer's app: its tags say it.
    App,
    /// The customer: the app's secret is marked for deletion.
    Offboarding,
    /// The form of an intake link: nothing is written.
    Intake,
    /// A recruiter's connection: its entry says it.
    Connection,
    /// A trial of an operator: nothing is written.
    Trial,
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $subject:ident, $about:literal;)*) => {
        /// What happened. Codes are stable: an ATS branches on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventKind { $($(#[$doc])* $name,)* }

        impl EventKind {
            /// The whole catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it is about.
            #[must_use]
            pub fn subject(self) -> EventSubject {
                match self { $(Self::$name => EventSubject::$subject,)* }
            }

            /// What it means, for the reference.
            #[must_use]
            pub fn description(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

event_kinds! {
    /// Credentials of an app were stored: the customer's first, or those of another app.
    CustomerConfigured = "customer.configured", App,
        "Credentials of an app were stored: the customer's first ones, or those of another app. Also sent when an operator \
         takes an offboarding back: links from before it no longer work.";
    /// Entra rejects the credential.
    CustomerBlocked = "customer.blocked", App,
        "An app check found an error: none of the customer's recruiters can create meetings until it is solved. \
         Repeated every day until then.";
    /// The app works again.
    CustomerRecovered = "customer.recovered", App, "The app works again.";
    /// The customer was offboarded.
    CustomerOffboarded = "customer.offboarded", Offboarding,
        "The customer was offboarded. From then on there are no events about its recruiters.";
    /// The credential ends within the reminder days.
    CredentialExpiring = "credential.expiring", App,
        "The credential expires soon: sent 60, 30, 14, 7 days and 1 day before.";
    /// The credential has expired.
    CredentialExpired = "credential.expired", App, "The credential has expired.";
    /// New credentials of the same app were stored.
    CredentialRenewed = "credential.renewed", App, "New credentials of the same app were stored.";
    /// An administrator granted consent.
    ConsentGranted = "consent.granted", App,
        "An administrator granted consent, according to Microsoft's redirect. It came through a browser; only a \
         sign-in proves it.";
    /// An administrator declined.
    ConsentDeclined = "consent.declined", App, "An administrator declined consent.";
    /// A sign-in test found no error.
    SignInTestPassed = "sign_in_test.passed", App, "A sign-in test passed.";
    /// A sign-in test found errors.
    SignInTestFailed = "sign_in_test.failed", App, "A sign-in test failed.";
    /// Somebody opened an intake link.
    IntakeOpened = "intake.opened", Intake,
        "Somebody opened an intake link for the first time, perhaps a mail scanner. One event for each link.";
    /// A form was rejected.
    IntakeFailed = "intake.failed", Intake,
        "The values in the form were not accepted. One event for each link and finding.";
    /// A recruiter signed in.
    ConnectionMade = "connection.made", Connection, "A recruiter signed in, and meetings can be ordered.";
    /// Only a new sign-in helps.
    ConnectionNeedsSignIn = "connection.needs_sign_in", Connection,
        "Microsoft ended a recruiter's sign-in, so the recruiter must sign in again. Repeated every day until then.";
    /// A connection that needed a sign-in works again.
    ConnectionRecovered = "connection.recovered", Connection, "A connection that needed a sign-in works again.";
    /// The recruiter was disconnected.
    ConnectionEnded = "connection.ended", Connection, "A recruiter was disconnected.";
    /// An operator tries the way to the receiver.
    TestSent = "test.sent", Trial,
        "An operator tested whether events arrive. Nothing has happened, and the customer need not exist.";
}

impl EventKind {
    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_code(&String::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("not a kind of event"))
    }
}
