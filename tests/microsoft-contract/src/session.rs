//! What a run knows: the app, the tokens that it was given, the meeting that it made.

use reqwest::RequestBuilder;
use serde_json::Value;
use shared::adapters::http_client;
use shared::types::ids::{ClientId, TenantId};
use shared::types::randomness::Randomness;
use shared::types::secret::{ClientSecret, Secret};
use url::Url;
use uuid::Builder;

use crate::belief::TrialError;
use crate::browser::Browser;
use crate::http::{CallError, Reply};

/// The app at which the beliefs are tried.
#[derive(Debug)]
pub struct App {
    /// Entra's host.
    pub login: String,
    /// Graph's host.
    pub graph: String,
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// Its secret.
    pub secret: ClientSecret,
    /// Where the browser returns. It is registered on the app, for the platform Web.
    pub redirect_uri: Url,
}

/// What is tried beside the rest.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// An administrator consents first.
    pub consent: bool,
    /// An account without a licence for Teams signs in too.
    pub unlicensed: bool,
    /// A colleague who becomes a co-organizer: a user principal name.
    pub colleague: Option<String>,
}

/// A run.
pub struct Session {
    pub(crate) http: reqwest::Client,
    pub(crate) app: App,
    pub(crate) browser: Browser,
    randomness: Randomness,
    pub(crate) extras: Extras,
    /// What every meeting of this run is called, with a mark that nobody else uses.
    pub(crate) title: String,
    pub(crate) returned: Option<crate::sign_in::Returned>,
    pub(crate) tokens: Option<Value>,
    pub(crate) meeting: Option<Value>,
    /// Ids of meetings that lie there.
    pub(crate) made: Vec<String>,
}

const NOTHING_RANDOM: TrialError = TrialError::Missing("the operating system gave no random bytes");

/// The permissions of Graph that a sign-in asks for, and what else it does.
const SCOPES: [&str; 5] = [
    "openid",
    "profile",
    "offline_access",
    "https://graph.microsoft.com/OnlineMeetings.ReadWrite",
    "https://graph.microsoft.com/User.Read",
];

impl Session {
    /// A run at this app.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(app: App, browser: Browser, extras: Extras) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let randomness = Randomness::system();
        Ok(Self {
            http: http_client::build_client()?,
            app,
            browser,
            extras,
            title: format!("Teams Connect contract {}", randomness.id()?),
            randomness,
            returned: None,
            tokens: None,
            meeting: None,
            made: Vec::new(),
        })
    }

    /// The scopes of a sign-in.
    pub(crate) fn scopes() -> String {
        SCOPES.join(" ")
    }

    /// 43 characters that nobody guesses.
    pub(crate) fn random(&self) -> Result<String, TrialError> {
        self.randomness.token().map_err(|_| NOTHING_RANDOM)
    }

    /// A GUID that is nobody's id.
    pub(crate) fn unknown_id(&self) -> Result<String, TrialError> {
        let bytes = self.randomness.bytes().map_err(|_| NOTHING_RANDOM)?;
        Ok(Builder::from_random_bytes(bytes).into_uuid().to_string())
    }

    /// An address of the tenant at Entra.
    pub(crate) fn entra(&self, path: &str) -> String {
        format!("{}/{}/{path}", self.app.login, self.app.tenant)
    }

    /// A request for tokens, by this app and its secret.
    pub(crate) fn token_form<'a>(&self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
        let mut form =
            vec![("client_id", self.app.client_id.to_string()), ("client_secret", self.app.secret.expose().to_owned())];
        for (name, value) in more {
            form.retain(|(known, _)| known != name);
            form.push((name, (*value).to_owned()));
        }
        form
    }

    /// Asks the token endpoint of a tenant.
    pub(crate) async fn ask_token(&self, tenant: &str, form: &[(&str, String)]) -> Result<Reply, CallError> {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", self.app.login);
        Reply::to(self.http.post(url).form(form)).await
    }

    /// Asks for tokens with what a sign-in brought.
    pub(crate) async fn redeem(&self, more: &[(&str, &str)]) -> Result<Reply, TrialError> {
        let returned = self.returned.as_ref().ok_or(TrialError::Missing("nobody signed in"))?;
        let redirect_uri = self.app.redirect_uri.to_string();
        let mut form = self.token_form(&[
            ("grant_type", "authorization_code"),
            ("code", &returned.code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", &returned.verifier),
        ]);
        for (name, value) in more {
            form.retain(|(known, _)| known != name);
            form.push((name, (*value).to_owned()));
        }
        Ok(self.ask_token(&self.app.tenant.to_string(), &form).await?)
    }

    /// A member of the tokens that the sign-in gave.
    pub(crate) fn token(&self, member: &str) -> Result<&str, TrialError> {
        let tokens = self.tokens.as_ref().ok_or(TrialError::Missing("the sign-in gave no tokens"))?;
        tokens[member].as_str().ok_or(TrialError::Missing("the sign-in gave no such token"))
    }

    /// A request to Graph for whoever signed in.
    pub(crate) fn graph(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<RequestBuilder, TrialError> {
        Ok(self.graph_with(self.token("access_token")?, method, path, body))
    }

    /// A request to Graph with this token.
    pub(crate) fn graph_with(
        &self,
        access: &str,
        method: reqwest::Method,
        path: &str,
        body: Option<&Value>,
    ) -> RequestBuilder {
        let url = format!("{}/v1.0{path}", self.app.graph);
        let request = self.http.request(method, url).bearer_auth(access);
        // As the product asks.
        let request = request.header("prefer", "include-unknown-enum-members").header("accept-language", "pl-PL");
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// Deletes every meeting of this run that may lie there. Returns how many could not be deleted.
    pub async fn sweep(&mut self) -> usize {
        let mut left = 0;
        for id in std::mem::take(&mut self.made) {
            let gone = match self.graph(reqwest::Method::DELETE, &meeting_path(&id), None) {
                Ok(request) => Reply::to(request)
                    .await
                    .is_ok_and(|reply| reply.status.is_success() || reply.status == reqwest::StatusCode::NOT_FOUND),
                Err(_) => false,
            };
            left += usize::from(!gone);
        }
        left
    }

    /// What the meetings of this run are called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }
}

/// The path of a meeting.
pub(crate) fn meeting_path(id: &str) -> String {
    let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
    format!("/me/onlineMeetings/{id}")
}
