//! A customer's app registration: what its administrator hands over, and what is known about it.

mod app;
mod certificate;
mod contact;
mod expiry;
mod federation;
mod hints;
mod intake_progress;
mod links;
mod probe;
mod standing;
mod submission;
mod summary;
mod tenant_ref;

pub use app::{Credential, EntraApp};
pub use certificate::{Certificate, KeyPair, KeyPairError};
pub use contact::{Contact, ContactChange, ContactError, SubmittedContact};
pub use expiry::{EXPIRED, REMINDER_DAYS, days_left, due_reminder, expiry_finding, utc_date};
pub use federation::{FEDERATION_AUDIENCE, FederatedSubject, FederatedSubjectError, FederatedTrust};
pub use intake_progress::{IntakeProgress, IntakeStop};
pub use links::{AdminConsentRequest, INTAKE_LINK_LIFETIME, IntakeLink, ShownName, TenureState};
pub use probe::{CredentialProbe, FederatedApp, ProbeError, ProbeFederatedApps, ProbeOutcome};
pub use standing::{CustomerStanding, CustomerState};
pub use submission::{AppCandidate, CredentialsSubmission, SubmittedCredential};
pub use summary::{
    AdminConsent, AppInTenure, AppSummary, ConnectionCounts, Consent, ConsentState, CredentialKind, SignInTestResult,
};
pub use tenant_ref::TenantRef;
