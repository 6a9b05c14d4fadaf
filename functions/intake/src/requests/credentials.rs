//! Credentials, submitted with the form or sent by the ATS.

use serde::Deserialize;

use shared::domain::entra_app::{CredentialKind, CredentialsSubmission, SubmittedContact, SubmittedCredential};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::secret::ClientSecret;

/// The credentials of a customer's own app in Microsoft Entra ID.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Credentials))]
#[serde(deny_unknown_fields)]
pub(crate) struct PutCredentialsRequest {
    /// Directory (tenant) id, or a verified domain.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    tenant: String,
    /// Application (client) id.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    client_id: String,
    /// How the app authenticates: with a secret by default.
    kind: Option<CredentialKind>,
    /// The secret's value, not its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Password, min_length = 1))]
    client_secret: Option<ClientSecret>,
    /// The day the secret expires, as YYYY-MM-DD; an empty value is the same as none.
    #[cfg_attr(feature = "openapi", schema(pattern = r"^\s*([0-9]{4}-[0-9]{2}-[0-9]{2})?\s*$"))]
    expires_on: Option<String>,
    /// An e-mail address that events have when the customer's administrator must act; no response has it. Without this
    /// member the address stays that was given before, and an empty value ends it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = r"^\s*([^@]+@[^@]+)?\s*$"))]
    contact: Option<SubmittedContact>,
}

impl PutCredentialsRequest {
    pub(crate) fn parse(self) -> Result<CredentialsSubmission, Problem> {
        let Self { tenant, client_id, kind, client_secret, expires_on, contact } = self;
        let credential = match kind.unwrap_or_default() {
            CredentialKind::ClientSecret => {
                SubmittedCredential::Secret { client_secret: or_empty(client_secret), expires_on }
            }
            kind @ (CredentialKind::Certificate | CredentialKind::Federated) => {
                let secret_fields = [("client_secret", client_secret.is_some()), ("expires_on", expires_on.is_some())];
                let given = secret_fields.into_iter().filter(|(_, is_given)| *is_given);
                let errors: Vec<_> =
                    given.map(|(name, _)| FieldError::new(name, "is a secret's, and this kind has none")).collect();
                if !errors.is_empty() {
                    return Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors));
                }
                if kind == CredentialKind::Certificate {
                    SubmittedCredential::Certificate
                } else {
                    SubmittedCredential::Federated
                }
            }
        };
        Ok(CredentialsSubmission { tenant, client_id, offer: credential, contact })
    }
}

/// A missing secret becomes an empty one, which the check reports as missing.
fn or_empty(secret: Option<ClientSecret>) -> ClientSecret {
    secret.unwrap_or_else(|| ClientSecret::from(String::new()))
}

/// Parses the form. A missing field counts as empty, and an empty contact as missing.
///
/// The form has the fields of a secret also when another kind is chosen, so they are accepted and ignored then.
///
/// # Errors
/// [`ProblemKind::MalformedRequest`] for a form that has none of the fields or an unknown `kind`.
pub(crate) fn parse_form(form: &str) -> Result<CredentialsSubmission, Problem> {
    let names = ["tenant", "client_id", "kind", "client_secret", "expires_on", "contact"];
    let fields = urlencoded::parse_known(form, names)?;
    if fields.iter().all(Option::is_none) {
        return Err(ProblemKind::MalformedRequest.into());
    }
    let [tenant, client_id, kind, client_secret, expires_on, contact] = fields;
    let kind = kind.map_or(Some(CredentialKind::default()), |name| CredentialKind::parse(&name));
    let credential = match kind.ok_or(ProblemKind::MalformedRequest)? {
        CredentialKind::ClientSecret => {
            SubmittedCredential::Secret { client_secret: or_empty(client_secret.map(ClientSecret::from)), expires_on }
        }
        CredentialKind::Certificate => SubmittedCredential::Certificate,
        CredentialKind::Federated => SubmittedCredential::Federated,
    };
    Ok(CredentialsSubmission {
        tenant: tenant.unwrap_or_default(),
        client_id: client_id.unwrap_or_default(),
        offer: credential,
        contact: contact.map(SubmittedContact::from).filter(|contact| !contact.is_empty()),
    })
}
