//! The result of a submission that was stored.

use url::Url;

use shared::domain::entra_app::AppSummary;
use shared::domain::finding::Finding;

/// Stored credentials, as the receipt page and the API report them.
#[derive(Debug)]
pub(crate) struct StoredCredentials {
    /// The app as its tags describe it after the write.
    pub(crate) summary: AppSummary,
    /// Findings of the check, with Microsoft's evidence. None of them is an error.
    pub(crate) findings: Vec<Finding>,
    /// The first three characters of the secret, which the portal keeps showing too. `None` for a certificate.
    pub(crate) secret_prefix: Option<String>,
    /// The redirect URI that the app must have registered.
    pub(crate) redirect_uri: Url,
    /// Microsoft's page on which an administrator grants consent for the whole tenant.
    pub(crate) consent_url: Url,
    /// Where anybody in the tenant tests a sign-in. With `?meeting=yes` the test also creates and deletes a meeting.
    pub(crate) test_sign_in_url: String,
}
