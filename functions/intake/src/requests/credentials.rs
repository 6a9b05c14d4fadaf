//! Credentials, by a form or by the ATS, and the certificate that may take the place of a secret.

use serde::{Deserialize, Serialize};

use shared::domain::entra_app::{Certificate, CredentialKind, CredentialsSubmission, SubmittedCredential};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::secret::ClientSecret;

/// The credentials of a customer's own app in Microsoft Entra ID.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Credentials))]
#[serde(deny_unknown_fields)]
pub(crate) struct PutCredentialsRequest {
    /// Directory (tenant) id, or a verified domain.
    tenant: String,
    /// Application (client) id.
    client_id: String,
    /// How the app proves itself: by a secret where nothing is said.
    #[serde(default)]
    kind: CredentialKind,
    /// The secret's value, not its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Password))]
    client_secret: Option<ClientSecret>,
    /// The day on which the secret ends, as YYYY-MM-DD; an empty one says as little as none.
    #[cfg_attr(feature = "openapi", schema(pattern = r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})?\s*$"))]
    expires_on: Option<String>,
}

impl PutCredentialsRequest {
    pub(crate) fn parse(self) -> Result<CredentialsSubmission, Problem> {
        let Self { tenant, client_id, kind, client_secret, expires_on } = self;
        let offer = match kind {
            CredentialKind::ClientSecret => {
                SubmittedCredential::Secret { client_secret: or_empty(client_secret), expires_on }
            }
            CredentialKind::Certificate => {
                let of_a_secret = [("client_secret", client_secret.is_some()), ("expires_on", expires_on.is_some())];
                let faults = of_a_secret.into_iter().filter(|(_, is_given)| *is_given);
                let faults: Vec<_> =
                    faults.map(|(name, _)| FieldError::new(name, "is a secret's, not a certificate's")).collect();
                if !faults.is_empty() {
                    return Err(Problem::from(ProblemKind::InvalidFields).with_fields(faults));
                }
                SubmittedCredential::Certificate
            }
        };
        Ok(CredentialsSubmission { tenant, client_id, offer })
    }
}

/// What was left out is empty, and the doctor says so.
fn or_empty(secret: Option<ClientSecret>) -> ClientSecret {
    secret.unwrap_or_else(|| ClientSecret::from(String::new()))
}

/// The fields of the form; a field that was left out is an empty one. With a certificate the fields of the secret stand
/// on the page all the same, so they may come along.
pub(crate) fn parse_form(form: &str) -> Result<CredentialsSubmission, Problem> {
    let fields = urlencoded::parse_known(form, ["tenant", "client_id", "kind", "client_secret", "expires_on"]);
    let fields = fields.map_err(|error| Problem::from(ProblemKind::MalformedRequest).with_cause(error))?;
    if fields.iter().all(Option::is_none) {
        return Err(ProblemKind::MalformedRequest.into());
    }
    let [tenant, client_id, kind, client_secret, expires_on] = fields;
    let kind = kind.map_or(Some(CredentialKind::default()), |name| CredentialKind::parse(&name));
    let offer = match kind.ok_or(ProblemKind::MalformedRequest)? {
        CredentialKind::ClientSecret => {
            SubmittedCredential::Secret { client_secret: or_empty(client_secret.map(ClientSecret::from)), expires_on }
        }
        CredentialKind::Certificate => SubmittedCredential::Certificate,
    };
    Ok(CredentialsSubmission { tenant: tenant.unwrap_or_default(), client_id: client_id.unwrap_or_default(), offer })
}

/// A certificate for the customer's administrator.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CertificateToRegister))]
pub(crate) struct CertificateResponse {
    /// X.509, as text (RFC 7468): the file to upload under Certificates & secrets.
    certificate: String,
    /// Its SHA-1, as the portal shows it beside the upload.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9A-F]{40}$"))]
    thumbprint: String,
    /// The day on which it ends.
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
