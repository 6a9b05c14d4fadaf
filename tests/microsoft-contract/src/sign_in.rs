//! A sign-in in a browser.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use url::Url;

use crate::belief::TrialError;
use crate::browser::Who;
use crate::session::Session;

/// What a sign-in brought.
pub(crate) struct Returned {
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) code: String,
    pub(crate) verifier: String,
    pub(crate) nonce: String,
    /// Whether our `state` came back.
    pub(crate) is_ours: bool,
}

/// The address of a sign-in page.
pub(crate) fn authorize_url(session: &Session, more: &[(&str, &str)]) -> Result<Url, TrialError> {
    let base = session.entra("oauth2/v2.0/authorize");
    let mut parameters = vec![
        ("client_id", session.app.client_id.to_string()),
        ("response_type", "code".to_owned()),
        ("redirect_uri", session.app.redirect_uri.to_string()),
        ("response_mode", "query".to_owned()),
        ("scope", Session::scopes()),
    ];
    for (name, value) in more {
        parameters.retain(|(known, _)| known != name);
        parameters.push((name, (*value).to_owned()));
    }
    Url::parse_with_params(&base, parameters).map_err(|_| TrialError::Missing("the login address is none"))
}

/// Lets somebody sign in.
pub(crate) async fn sign_in(session: &Session, who: Who) -> Result<Returned, TrialError> {
    let (state, nonce, verifier) = (session.random()?, session.random()?, session.random()?);
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
    let more = [
        ("state", state.as_str()),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("prompt", "select_account"),
    ];
    let address = authorize_url(session, &more)?;
    let parameters = session.browser.open(&session.http, &address, who).await?;
    let one = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let code = one("code").ok_or(TrialError::Missing("Microsoft refused the sign-in: see the browser"))?;
    let is_ours = one("state").as_deref() == Some(&state);
    Ok(Returned { parameters, code, verifier, nonce, is_ours })
}
