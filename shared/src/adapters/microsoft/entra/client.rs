//! The Entra client: where browsers sign in, redeeming codes, refreshing tokens.

use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, CsrfToken, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope, StandardRevocableToken, TokenUrl,
};
use url::Url;

use crate::adapters::http_client;
use crate::adapters::http_client::transport::HttpTransport;
use crate::adapters::http_client::{HttpError, RetryPolicy};
use crate::adapters::microsoft::client_assertion;
use crate::adapters::microsoft::endpoints::Endpoints;
use crate::adapters::microsoft::entra::error::EntraError;
use crate::adapters::microsoft::id_token;
use crate::adapters::microsoft::id_token::{ExpectedClaims, IdTokenError, VerifiedIdentity};
use crate::adapters::microsoft::jwks::{JwksCache, JwksError};
use crate::adapters::microsoft::token_error;
use crate::adapters::microsoft::token_error::TokenEndpointError;
use crate::adapters::microsoft::wire;
use crate::domain::connection::{Account, TokenSet};
use crate::domain::entra_app::{Credential, EntraApp, FEDERATION_AUDIENCE};
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::issuer::Issuer;
use crate::domain::sign_in::{HANDLE_TTL, PendingSignIn};
use crate::types::clock::{Clock, Timestamp};
use crate::types::held_values::HeldValues;
use crate::types::ids::{ClientId, TenantId};
use crate::types::randomness::Randomness;
use crate::types::secret::{AccessToken, AuthorizationCode, RawIdToken, RefreshToken, Secret};

/// The timeout for a token, for all attempts together.
pub(super) const TOKEN_TIMEOUT: Duration = Duration::from_secs(8);

pub(super) type OAuth2Client = oauth2::Client<
    wire::TokenErrorResponse,
    wire::TokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A client for Entra. It calls no other host.
#[derive(Clone, Debug)]
pub struct EntraClient {
    pub(super) http: HttpTransport,
    pub(super) endpoints: Endpoints,
    pub(super) redirect_uri: Url,
    pub(super) clock: Clock,
    randomness: Randomness,
    /// What signs for apps that trust our issuer; `None` in a function that must not.
    issuer: Option<Issuer>,
    keys: JwksCache,
    /// What codes were redeemed for, by sign-in, where a key of Microsoft's was not to be had afterwards.
    redeemed: HeldValues<RedeemedCode>,
}

/// What a code was redeemed for. Nobody has looked yet whose it is.
#[derive(Debug)]
struct RedeemedCode {
    id_token: RawIdToken,
    tokens: TokenSet,
}

/// The result of a sign-in.
#[derive(Debug)]
pub struct SignInResult {
    /// The account that signed in.
    pub account: Account,
    /// Whether the account's home is another tenant.
    pub is_guest: bool,
    /// The issued tokens.
    pub tokens: TokenSet,
}

/// Which account Entra offers to whoever signs in.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountHints<'a> {
    /// A name or address to offer.
    pub login_hint: Option<&'a str>,
    /// Whether the account is chosen by hand, even if one is signed in already (`prompt=select_account`).
    pub select_account: bool,
}

impl EntraClient {
    /// A client for these endpoints. Browsers return to `redirect_uri`.
    #[must_use]
    pub fn new(
        http: impl Into<HttpTransport>,
        endpoints: Endpoints,
        redirect_uri: Url,
        clock: Clock,
        randomness: Randomness,
    ) -> Self {
        let http = http.into();
        let keys = JwksCache::new(http.clone(), endpoints.clone(), clock.clone());
        Self {
            http,
            endpoints,
            redirect_uri,
            clock,
            randomness,
            issuer: None,
            keys,
            redeemed: HeldValues::new(HANDLE_TTL),
        }
    }

    /// The same, but that it signs for apps that trust this issuer.
    #[must_use]
    pub fn with_issuer(self, issuer: Issuer) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    /// The redirect URI, which administrators register.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// The issuer of a tenant: an `iss` in a redirect must equal it (RFC 9207).
    #[must_use]
    pub fn issuer(&self, tenant: TenantId) -> String {
        self.endpoints.issuer(tenant)
    }

    /// The address at which a browser signs in (RFC 6749 §4.1.1, RFC 7636 §4.3).
    ///
    /// # Errors
    /// [`EntraError::Protocol`] if the settings make no valid address.
    pub fn authorize_url(
        &self,
        sign_in: &PendingSignIn,
        state: &str,
        hints: AccountHints<'_>,
    ) -> Result<Url, EntraError> {
        let client = self.oauth_client(sign_in.tenant, &sign_in.client_id.to_string())?;
        let verifier = oauth2::PkceCodeVerifier::new(sign_in.verifier.expose().to_owned());
        let mut request = client
            .authorize_url(|| CsrfToken::new(state.to_owned()))
            .add_scopes(self.endpoints.scopes().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("response_mode", "query")
            .add_extra_param("nonce", &sign_in.nonce);
        if let Some(hint) = hints.login_hint {
            request = request.add_extra_param("login_hint", hint);
        }
        if hints.select_account {
            request = request.add_extra_param("prompt", "select_account");
        }
        Ok(request.url().0)
    }

    /// The address at which an administrator grants admin consent
    /// ([admin consent](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent)).
    ///
    /// # Errors
    /// [`EntraError::Protocol`] if the settings make no valid address.
    pub fn consent_url(&self, tenant: TenantId, client_id: ClientId, state: &str) -> Result<Url, EntraError> {
        let parameters = [
            ("client_id", client_id.to_string()),
            ("redirect_uri", self.redirect_uri.to_string()),
            ("scope", self.endpoints.scopes().join(" ")),
            ("state", state.to_owned()),
        ];
        let page = format!("{}/{tenant}/v2.0/adminconsent", self.endpoints.login.as_str());
        Url::parse_with_params(&page, parameters).map_err(|_| EntraError::Protocol("at an address that is none"))
    }

    /// Redeems a code for tokens, and reads from the id_token who signed in. A code is redeemed once: where Microsoft's keys
    /// cannot be had after that, the same call again goes on from there.
    ///
    /// # Errors
    /// [`EntraError`].
    pub async fn redeem_code(
        &self,
        app: &EntraApp,
        sign_in: &PendingSignIn,
        code: &AuthorizationCode,
    ) -> Result<SignInResult, EntraError> {
        let redeemed = match self.redeemed.take(&sign_in.id, self.clock.now()) {
            Some(redeemed) => redeemed,
            None => self.exchange_code(app, sign_in, code).await?,
        };
        match self.identify(app, sign_in, &redeemed).await {
            Ok(VerifiedIdentity { account, is_guest }) => {
                Ok(SignInResult { account, is_guest, tokens: redeemed.tokens })
            }
            Err(error) => {
                if matches!(error, EntraError::Unavailable { .. }) {
                    self.redeemed.hold(&sign_in.id, redeemed, self.clock.now());
                }
                Err(error)
            }
        }
    }

    async fn exchange_code(
        &self,
        app: &EntraApp,
        sign_in: &PendingSignIn,
        code: &AuthorizationCode,
    ) -> Result<RedeemedCode, EntraError> {
        let client = self.authenticated_client(app)?;
        let now = self.clock.now();
        let adapter = OAuthHttpAdapter { entra: self.clone(), retry: RetryPolicy::OnlyIfUnsent };
        let mut request = client
            .exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(oauth2::PkceCodeVerifier::new(sign_in.verifier.expose().to_owned()));
        for (name, value) in self.client_assertion_params(app).await? {
            request = request.add_extra_param(name, value);
        }
        // A code is redeemed once: what an outage can keep from us comes first. A tenant that has no keys here is another
        // matter, which the token endpoint explains.
        match self.keys.prefetch(app.tenant).await {
            Ok(()) | Err(JwksError::Protocol(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let tokens = request.request_async(&adapter).await.map_err(|error| self.map_token_error(error, app))?;
        let id_token = tokens.id_token.as_ref().map(|text| RawIdToken::from(text.0.clone()));
        let id_token = id_token.ok_or(EntraError::Protocol("without an id_token"))?;
        Ok(RedeemedCode { id_token, tokens: to_token_set(tokens, now)? })
    }

    async fn identify(
        &self,
        app: &EntraApp,
        sign_in: &PendingSignIn,
        redeemed: &RedeemedCode,
    ) -> Result<VerifiedIdentity, EntraError> {
        let RedeemedCode { id_token, tokens } = redeemed;
        let expected = ExpectedClaims {
            issuer: self.endpoints.issuer(app.tenant),
            tenant: app.tenant,
            client_id: app.client_id,
            nonce: sign_in.nonce.clone(),
        };
        let kid = id_token::key_id(id_token).map_err(EntraError::IdToken)?;
        let key = self.keys.get(app.tenant, app.client_id, &kid).await?;
        let key = key.ok_or(EntraError::IdToken(IdTokenError::UnknownKey))?;
        id_token::verify(id_token, &key, &expected, &tokens.access, self.clock.now()).map_err(EntraError::IdToken)
    }

    /// Exchanges a refresh token for new tokens. Safe to retry: Entra keeps the old refresh token valid. The request has no
    /// scope, which means all granted scopes; Entra rejects a scope that was not granted (RFC 6749 §6). Decision 0007.
    ///
    /// # Errors
    /// [`EntraError`].
    pub async fn refresh(&self, app: &EntraApp, refresh: &RefreshToken) -> Result<TokenSet, EntraError> {
        let client = self.authenticated_client(app)?;
        let now = self.clock.now();
        let refresh = oauth2::RefreshToken::new(refresh.expose().to_owned());
        let adapter = OAuthHttpAdapter { entra: self.clone(), retry: RetryPolicy::Idempotent };
        let mut request = client.exchange_refresh_token(&refresh);
        for (name, value) in self.client_assertion_params(app).await? {
            request = request.add_extra_param(name, value);
        }
        let tokens = request.request_async(&adapter).await.map_err(|error| self.map_token_error(error, app))?;
        to_token_set(tokens, now)
    }

    pub(super) fn oauth_client(&self, tenant: TenantId, client_id: &str) -> Result<OAuth2Client, EntraError> {
        let endpoint = |path| self.endpoints.oauth2_url(tenant, path);
        let invalid = |_| EntraError::Protocol("at an address that is none");
        let client = oauth2::Client::new(oauth2::ClientId::new(client_id.to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(endpoint("authorize")).map_err(invalid)?)
            .set_token_uri(TokenUrl::new(endpoint("token")).map_err(invalid)?)
            .set_redirect_uri(RedirectUrl::from_url(self.redirect_uri.clone()));
        Ok(client)
    }

    pub(super) fn authenticated_client(&self, app: &EntraApp) -> Result<OAuth2Client, EntraError> {
        let client = self.oauth_client(app.tenant, &app.client_id.to_string())?;
        Ok(match &app.credential {
            Credential::Secret(secret) => {
                client.set_client_secret(oauth2::ClientSecret::new(secret.expose().to_owned()))
            }
            Credential::Certificate(_) | Credential::Federated(_) => client,
        })
    }

    /// The parameters that authenticate an app without a secret at its tenant's token endpoint. Empty for a secret.
    pub(super) async fn client_assertion_params(
        &self,
        app: &EntraApp,
    ) -> Result<Vec<(&'static str, String)>, EntraError> {
        let id = self.randomness.bytes().map_err(|_| EntraError::CannotSign)?;
        let now = self.clock.now();
        let signed = match &app.credential {
            Credential::Secret(_) => return Ok(Vec::new()),
            Credential::Certificate(pair) => {
                let endpoint = self.endpoints.oauth2_url(app.tenant, "token");
                client_assertion::sign_assertion(pair, app.client_id, &endpoint, id, now)
            }
            Credential::Federated(subject) => {
                let issuer = self.issuer.as_ref().ok_or(EntraError::CannotSign)?;
                let key = issuer.keys.read().await?.ok_or(EntraError::CannotSign)?;
                client_assertion::sign_federated_assertion((&issuer.url, &key), subject, id, now)
            }
        };
        let signed = signed.map_err(|client_assertion::ClientAssertionError| EntraError::CannotSign)?;
        Ok(vec![
            ("client_assertion_type", client_assertion::CLIENT_ASSERTION_TYPE.to_owned()),
            ("client_assertion", signed),
        ])
    }

    /// What an error of the token endpoint means for this app.
    pub(super) fn map_token_error(
        &self,
        error: RequestTokenError<HttpError, wire::TokenErrorResponse>,
        app: &EntraApp,
    ) -> EntraError {
        match error {
            RequestTokenError::Request(error) => error.into(),
            RequestTokenError::ServerResponse(body) => match token_error::classify(&body, app.credential.kind()) {
                TokenEndpointError::AppRejected(finding) => {
                    let expected = self.expected_value(finding.kind, app);
                    EntraError::AppRejected(Finding { expected, ..finding })
                }
                TokenEndpointError::SignInRejected { finding, interaction_required } => {
                    EntraError::SignInRejected { finding, interaction_required }
                }
                TokenEndpointError::Throttled(after) => {
                    EntraError::Unavailable { retry_after: Some(after), source: None }
                }
                TokenEndpointError::Unavailable => EntraError::Unavailable { retry_after: None, source: None },
                TokenEndpointError::RequestRejected(kind, evidence) => EntraError::RequestRejected { kind, evidence },
            },
            // The parse error has the body, which may contain a token. It is dropped here.
            RequestTokenError::Parse(..) => EntraError::Protocol("something that is not a token answer"),
            RequestTokenError::Other(_) => EntraError::Protocol("an empty body or another media type"),
        }
    }

    /// The value that the app's federated credential should have, where it has another one.
    fn expected_value(&self, kind: FindingKind, app: &EntraApp) -> Option<Box<str>> {
        let (Credential::Federated(subject), Some(issuer)) = (&app.credential, &self.issuer) else { return None };
        match kind {
            FindingKind::FederatedIssuerWrong => Some(issuer.url.as_str().into()),
            FindingKind::FederatedAudienceWrong => Some(FEDERATION_AUDIENCE.into()),
            FindingKind::FederatedSubjectWrong => Some(subject.as_str().into()),
            _ => None,
        }
    }

    async fn send(&self, request: HttpRequest, policy: RetryPolicy) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let raw = http_client::send_with_retry(&self.http, TOKEN_TIMEOUT, policy, &self.clock, |http| {
            let url = parts.uri.to_string();
            http.request(parts.method.clone(), url).headers(parts.headers.clone()).body(body.clone())
        })
        .await?;
        let mut response = HttpResponse::new(raw.body);
        *response.status_mut() = raw.status;
        *response.headers_mut() = raw.headers;
        Ok(response)
    }
}

/// Sends the requests of the OAuth library over our client.
pub(super) struct OAuthHttpAdapter {
    pub(super) entra: EntraClient,
    pub(super) retry: RetryPolicy,
}

impl<'c> AsyncHttpClient<'c> for OAuthHttpAdapter {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.entra.send(request, self.retry))
    }
}

fn to_token_set(tokens: wire::TokenResponse, now: Timestamp) -> Result<TokenSet, EntraError> {
    let printable = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if tokens.token_type != BasicTokenType::Bearer || !printable(tokens.access_token.secret()) {
        return Err(EntraError::Protocol("a token that is no bearer token"));
    }
    let expires_in = tokens.expires_in.unwrap_or_default();
    Ok(TokenSet {
        access: AccessToken::from(tokens.access_token.into_secret()),
        obtained_at: now,
        expires_at: TokenSet::expires_at(now, expires_in),
        refresh: tokens.refresh_token.map(|token| RefreshToken::from(token.into_secret())),
        scope: tokens.scope.unwrap_or_default(),
    })
}
