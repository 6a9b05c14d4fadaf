//! Response bodies.

use serde::Serialize;
use url::Url;

use shared::domain::entra_app::{AppSummary, Certificate, CredentialKind, FederatedTrust};
use shared::domain::finding::{Finding, from_codes};
use shared::http::consent_document::ConsentDocument;
use shared::http::problem::FindingDocument;
use shared::types::clock::Timestamp;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::receipt::StoredCredentials;

/// A link for an administrator and when it expires.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = IntakeLink))]
pub(crate) struct IntakeLinkResponse {
    /// The full address. Its last segment is sealed and as confidential as the link itself.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub(crate) url: String,
    /// When the link expires.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) expires_at: Timestamp,
}

/// What is known about a customer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KnownCustomer))]
pub(crate) struct CustomerResponse {
    /// The customer, by the ATS's own id.
    customer: CustomerId,
    /// Directory (tenant) id.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    tenant: String,
    /// Application (client) id.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    client_id: String,
    /// How the app authenticates to Microsoft.
    kind: CredentialKind,
    /// Tells credentials apart: the first 16 hexadecimal digits of a secret's SHA-256, a certificate's thumbprint as
    /// the portal shows it, or the subject that an app without a secret trusts.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    /// The day the credential expires, if it was given.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    expires_on: Option<String>,
    /// When Microsoft last accepted the credentials.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    verified_at: Option<Timestamp>,
    /// When the credentials were submitted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    submitted_at: Timestamp,
    /// When the credentials were last checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    checked_at: Option<Timestamp>,
    /// The findings of that check.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    findings: Vec<FindingDocument>,
    /// What is known about consent to the app's permissions. Under Microsoft's default policy, recruiters cannot
    /// consent for themselves.
    consent: ConsentDocument,
    /// Microsoft's page where an administrator consents for everybody; it works for a week.
    consent_url: Url,
    /// The result of the last sign-in test.
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_test: Option<SignInTestResponse>,
    /// By state, as last counted by the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    connections: Option<ConnectionCountsResponse>,
}

/// A customer's connections by state.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CountedConnections))]
struct ConnectionCountsResponse {
    /// Working connections.
    active: u32,
    /// Connections that Microsoft rejected once.
    suspect: u32,
    /// The recruiter must sign in again.
    needs_reauth: u32,
}

/// The result of the last sign-in test.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TestedSignIn))]
struct SignInTestResponse {
    /// Whether the test passed.
    passed: bool,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    at: Timestamp,
    /// The findings.
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    findings: Vec<FindingDocument>,
}

/// The response to submitted credentials.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReceivedCustomer))]
pub(crate) struct StoredCredentialsResponse {
    #[serde(flatten)]
    customer: CustomerResponse,
    /// Where anybody in the tenant can test sign-in.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    test_sign_in_url: String,
}

impl StoredCredentialsResponse {
    pub(crate) fn new(customer: &CustomerId, stored: &StoredCredentials, language: Language) -> Self {
        let documents = stored.findings.iter().map(|finding| FindingDocument::new(finding, language));
        Self {
            customer: CustomerResponse {
                findings: documents.collect(),
                ..CustomerResponse::new(customer, &stored.summary, stored.consent_url.clone(), language)
            },
            test_sign_in_url: stored.test_sign_in_url.clone(),
        }
    }
}

impl CustomerResponse {
    pub(crate) fn new(customer: &CustomerId, app: &AppSummary, consent_url: Url, language: Language) -> Self {
        let documents = |findings: &[Finding]| {
            findings.iter().map(|finding| FindingDocument::new(finding, language)).collect::<Vec<_>>()
        };
        Self {
            customer: customer.clone(),
            tenant: app.tenant.to_string(),
            client_id: app.client_id.to_string(),
            kind: app.kind,
            fingerprint: app.fingerprint.clone(),
            expires_on: app.expires_on.map(|date| date.to_string()),
            verified_at: app.verified_at,
            submitted_at: app.submitted_at,
            checked_at: app.checked_at,
            findings: documents(&from_codes(&app.findings)),
            consent: app.consent_state().into(),
            consent_url,
            sign_in_test: app.sign_in_test.as_ref().map(|test| SignInTestResponse {
                passed: test.findings.is_empty(),
                at: test.at,
                findings: documents(&from_codes(&test.findings)),
            }),
            connections: app.connections.map(|count| ConnectionCountsResponse {
                active: count.active,
                suspect: count.suspect,
                needs_reauth: count.needs_reauth,
            }),
        }
    }
}

/// What an app trusts in place of a secret. Entra compares all three values to the byte.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FederatedTrust))]
pub(crate) struct FederatedTrustResponse {
    /// The address of our issuer.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    issuer: String,
    /// What the issuer calls the customer.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{22}$"))]
    subject: String,
    /// Whom it is for: Entra.
    audience: &'static str,
}

impl From<FederatedTrust> for FederatedTrustResponse {
    fn from(trust: FederatedTrust) -> Self {
        let audience = trust.audience();
        Self { issuer: trust.issuer, subject: trust.subject.to_string(), audience }
    }
}

/// A certificate for the customer's administrator.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CertificateToRegister))]
pub(crate) struct CertificateResponse {
    /// X.509, as text (RFC 7468): the file to upload under Certificates & secrets.
    certificate: String,
    /// Its SHA-1, as the portal shows it beside the certificate.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9A-F]{40}$"))]
    thumbprint: String,
    /// The day it expires.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    expires_on: String,
}

impl From<Certificate> for CertificateResponse {
    fn from(certificate: Certificate) -> Self {
        Self {
            certificate: certificate.pem(),
            thumbprint: certificate.thumbprint(),
            expires_on: certificate.expires_on.to_string(),
        }
    }
}
