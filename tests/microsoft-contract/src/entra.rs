//! Trials at Entra.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::StatusCode;
use serde_json::{Value, json};
use url::Url;

use crate::belief::{Observation, TrialError};
use crate::browser::Who;
use crate::http::{Reply, word};
use crate::session::Session;
use crate::sign_in::{Returned, authorize_url, sign_in};
use crate::{id_token, sign_in as signing_in};

type Tried = Result<Observation, TrialError>;

/// A secret of the right shape that nobody made.
const WRONG_SECRET: &str = "Zz08Q~not.a.secret-of_anybody.0123456789";

/// How many seconds an access token lives, without continuous access evaluation.
const ACCESS_LIFE: std::ops::RangeInclusive<u64> = 3_500..=5_500;

/// How many characters a code is known to have (msal-js#6629, openiddict#2066).
const CODE_LENGTH: std::ops::RangeInclusive<usize> = 900..=2_400;

pub(crate) async fn issuer_of_the_tenant(session: &mut Session) -> Tried {
    let reply = Reply::to(session.http.get(session.entra("v2.0/.well-known/openid-configuration"))).await?;
    let expected = session.entra("v2.0");
    let is_same = reply.status == StatusCode::OK && reply.text("issuer") == expected;
    Ok(Observation::new(
        format!("{reply}, an issuer {}", if is_same { "of this form" } else { "of another form" }),
        is_same,
    ))
}

pub(crate) async fn unknown_tenant(session: &mut Session) -> Tried {
    let url = format!("{}/{}/v2.0/.well-known/openid-configuration", session.app.login, session.unknown_id()?);
    let reply = Reply::to(session.http.get(url)).await?;
    Ok(Observation::new(&reply, reply.status == StatusCode::BAD_REQUEST && reply.number() == Some(90_002)))
}

pub(crate) async fn signing_keys(session: &mut Session) -> Tried {
    let reply = Reply::to(session.http.get(session.entra("discovery/v2.0/keys"))).await?;
    Ok(keys(&reply))
}

pub(crate) async fn signing_keys_of_an_app(session: &mut Session) -> Tried {
    let url = format!("{}?appid={}", session.entra("discovery/v2.0/keys"), session.app.client_id);
    let reply = Reply::to(session.http.get(url)).await?;
    Ok(keys(&reply))
}

fn keys(reply: &Reply) -> Observation {
    let keys = reply.json["keys"].as_array().cloned().unwrap_or_default();
    let usable = |key: &&Value| key["kty"] == "RSA" && ["kid", "n", "e"].iter().all(|member| key[*member].is_string());
    let usable = keys.iter().filter(usable).count();
    Observation::new(format!("{reply}, {usable} of {} keys usable", keys.len()), usable > 0 && usable == keys.len())
}

async fn client_credentials(session: &Session, tenant: &str, more: &[(&str, &str)]) -> Result<Reply, TrialError> {
    let grant = [("grant_type", "client_credentials"), ("scope", "https://graph.microsoft.com/.default")];
    let form = session.token_form(&[&grant, more].concat());
    Ok(session.ask_token(tenant, &form).await?)
}

pub(crate) async fn credential_alone(session: &mut Session) -> Tried {
    let reply = client_credentials(session, &session.app.tenant.to_string(), &[]).await?;
    let has = |member: &str| reply.json.get(member).is_some();
    let is_same = reply.status == StatusCode::OK && has("access_token") && !has("refresh_token") && !has("id_token");
    Ok(Observation::new(&reply, is_same))
}

pub(crate) async fn wrong_secret(session: &mut Session) -> Tried {
    let reply =
        client_credentials(session, &session.app.tenant.to_string(), &[("client_secret", WRONG_SECRET)]).await?;
    Ok(Observation::new(&reply, reply.is(401, "invalid_client", 7_000_215)))
}

pub(crate) async fn secret_id_for_its_value(session: &mut Session) -> Tried {
    let id = session.unknown_id()?;
    let reply = client_credentials(session, &session.app.tenant.to_string(), &[("client_secret", &id)]).await?;
    Ok(Observation::new(&reply, reply.is(401, "invalid_client", 7_000_215)))
}

pub(crate) async fn unknown_app(session: &mut Session) -> Tried {
    let id = session.unknown_id()?;
    let reply = client_credentials(session, &session.app.tenant.to_string(), &[("client_id", &id)]).await?;
    Ok(Observation::new(&reply, reply.is(400, "unauthorized_client", 700_016)))
}

pub(crate) async fn token_of_an_unknown_tenant(session: &mut Session) -> Tried {
    let reply = client_credentials(session, &session.unknown_id()?, &[]).await?;
    Ok(Observation::new(&reply, reply.is(400, "invalid_request", 90_002)))
}

pub(crate) async fn no_credential(session: &mut Session) -> Tried {
    let mut form = session.token_form(&[("grant_type", "client_credentials")]);
    form.push(("scope", "https://graph.microsoft.com/.default".to_owned()));
    form.retain(|(name, _)| *name != "client_secret");
    let reply = session.ask_token(&session.app.tenant.to_string(), &form).await?;
    Ok(Observation::new(&reply, reply.is(401, "invalid_client", 7_000_218)))
}

pub(crate) async fn assertion_of_an_issuer_that_nobody_trusts(session: &mut Session) -> Tried {
    const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    // Until the end of the century. Nobody signed it.
    let claims = json!({
        "iss": "https://issuer.example", "sub": "nobody", "aud": "api://AzureADTokenExchange", "jti": "1", "exp": 4_102_444_800_u32,
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(&json!({ "alg": "RS256", "typ": "JWT", "kid": "1" }));
    let assertion = format!("{head}.{}.{}", part(&claims), URL_SAFE_NO_PAD.encode([1; 256]));
    let mut form = session.token_form(&[("grant_type", "client_credentials"), ("client_assertion_type", TYPE)]);
    form.push(("scope", "https://graph.microsoft.com/.default".to_owned()));
    form.push(("client_assertion", assertion));
    form.retain(|(name, _)| *name != "client_secret");
    let reply = session.ask_token(&session.app.tenant.to_string(), &form).await?;
    let refused = [70_025, 700_211].iter().any(|number| reply.is(401, "invalid_client", *number));
    Ok(Observation::new(&reply, refused))
}

pub(crate) async fn members_of_an_error(session: &mut Session) -> Tried {
    const MEMBERS: [&str; 6] = ["error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id"];
    let reply =
        client_credentials(session, &session.app.tenant.to_string(), &[("client_secret", WRONG_SECRET)]).await?;
    let missing: Vec<_> = MEMBERS.into_iter().filter(|member| reply.json.get(member).is_none()).collect();
    let did =
        if missing.is_empty() { "all of them are there".to_owned() } else { format!("without {}", missing.join(", ")) };
    Ok(Observation::new(did, missing.is_empty()))
}

/// Opens an authorize page without a browser's cookies.
async fn page(session: &Session, more: &[(&str, &str)]) -> Result<Reply, TrialError> {
    let url = authorize_url(session, &[&[("nonce", "n-0S6_WzA2Mj"), ("state", "a b&c")], more].concat())?;
    Ok(Reply::to(session.http.get(url)).await?)
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

pub(crate) async fn silent_sign_in_without_a_session(session: &mut Session) -> Tried {
    let reply = page(session, &[("prompt", "none")]).await?;
    let Some(to) = reply.location.as_ref() else { return Ok(Observation::new(format!("a page: {reply}"), false)) };
    let is_ours = to.as_str().starts_with(session.app.redirect_uri.as_str());
    let (error, state) = (parameter(to, "error").unwrap_or_default(), parameter(to, "state"));
    let did = format!("a redirect {} with {}", if is_ours { "to us" } else { "elsewhere" }, word(&error));
    Ok(Observation::new(did, is_ours && error == "login_required" && state.as_deref() == Some("a b&c")))
}

pub(crate) async fn redirect_uri_that_nobody_registered(session: &mut Session) -> Tried {
    let reply =
        page(session, &[("prompt", "none"), ("redirect_uri", "https://nobody.example/registered/this")]).await?;
    Ok(Observation::new(format!("a page: {reply}"), reply.location.is_none() && reply.number() == Some(50_011)))
}

pub(crate) async fn page_of_an_unknown_app(session: &mut Session) -> Tried {
    let reply = page(session, &[("client_id", &session.unknown_id()?)]).await?;
    Ok(Observation::new(format!("a page: {reply}"), reply.location.is_none() && reply.number() == Some(700_016)))
}

pub(crate) async fn admin_consent(session: &mut Session) -> Tried {
    if !session.extras.consent {
        return Err(TrialError::Missing("it was not asked for (`--consent`)"));
    }
    let parameters = [
        ("client_id", session.app.client_id.to_string()),
        ("redirect_uri", session.app.redirect_uri.to_string()),
        ("scope", Session::scopes()),
        ("state", "consent-1".to_owned()),
    ];
    let address = Url::parse_with_params(&session.entra("v2.0/adminconsent"), parameters)
        .map_err(|_| TrialError::Missing("the login address is none"))?;
    let back = session.browser.open(&session.http, &address, Who::Administrator).await?;
    let names: Vec<_> = back.iter().map(|(name, _)| word(name)).collect();
    let is =
        |name: &str, value: &str| back.iter().any(|(known, text)| known == name && text.eq_ignore_ascii_case(value));
    let is_same =
        is("admin_consent", "true") && is("state", "consent-1") && is("tenant", &session.app.tenant.to_string());
    Ok(Observation::new(format!("a redirect with {}", names.join(", ")), is_same))
}

pub(crate) async fn redirect_of_a_sign_in(session: &mut Session) -> Tried {
    let returned = sign_in(session, Who::Recruiter).await?;
    let names: Vec<_> = returned.parameters.iter().map(|(name, _)| word(name)).collect();
    let has = |name: &str| names.contains(&name);
    let observation = Observation::new(
        format!("a redirect with {}", names.join(", ")),
        returned.is_ours && has("session_state") && !has("iss"),
    );
    session.returned = Some(returned);
    Ok(observation)
}

pub(crate) async fn length_of_a_code(session: &mut Session) -> Tried {
    let returned = session.returned.as_ref().ok_or(TrialError::Missing("nobody signed in"))?;
    let length = returned.code.len();
    Ok(Observation::new(format!("{length} characters"), CODE_LENGTH.contains(&length)))
}

pub(crate) async fn code_with_a_wrong_secret(session: &mut Session) -> Tried {
    let refused = session.redeem(&[("client_secret", WRONG_SECRET)]).await?;
    let is_refused = refused.is(401, "invalid_client", 7_000_215);
    let first = session.redeem(&[]).await?;
    let did = format!("{refused}, then {first}");
    let is_good = first.status == StatusCode::OK;
    if is_good {
        session.tokens = Some(first.json);
    } else {
        // The rest needs tokens all the same.
        let Returned { code, verifier, nonce, .. } = signing_in::sign_in(session, Who::Recruiter).await?;
        session.returned = Some(Returned { parameters: Vec::new(), code, verifier, nonce, is_ours: true });
        session.tokens = Some(session.redeem(&[]).await?.json).filter(|tokens| tokens.get("access_token").is_some());
    }
    Ok(Observation::new(did, is_refused && is_good))
}

pub(crate) async fn tokens_of_a_sign_in(session: &mut Session) -> Tried {
    let scope = session.token("scope")?.to_ascii_lowercase();
    let granted = |name: &str| scope.split(' ').any(|scope| scope.rsplit('/').next() == Some(name));
    let has = |member: &str| session.token(member).is_ok();
    let is_same = has("access_token")
        && has("refresh_token")
        && has("id_token")
        && session.token("token_type")?.eq_ignore_ascii_case("bearer")
        && granted("onlinemeetings.readwrite")
        && granted("user.read");
    let members: Vec<_> =
        ["access_token", "refresh_token", "id_token"].into_iter().filter(|member| has(member)).collect();
    Ok(Observation::new(format!("{}; {} permissions", members.join(", "), scope.split(' ').count()), is_same))
}

pub(crate) async fn life_of_an_access_token(session: &mut Session) -> Tried {
    let tokens = session.tokens.as_ref().ok_or(TrialError::Missing("the sign-in gave no tokens"))?;
    let seconds = tokens["expires_in"].as_u64().unwrap_or_default();
    Ok(Observation::new(format!("{seconds} seconds"), ACCESS_LIFE.contains(&seconds)))
}

pub(crate) async fn claims_of_an_id_token(session: &mut Session) -> Tried {
    id_token::look(session).await
}

pub(crate) async fn code_twice(session: &mut Session) -> Tried {
    session.token("access_token")?;
    let reply = session.redeem(&[]).await?;
    Ok(Observation::new(&reply, reply.is(400, "invalid_grant", 54_005)))
}

async fn refresh(session: &Session, token: &str) -> Result<Reply, TrialError> {
    let form = session.token_form(&[("grant_type", "refresh_token"), ("refresh_token", token)]);
    Ok(session.ask_token(&session.app.tenant.to_string(), &form).await?)
}

pub(crate) async fn refresh_without_a_scope(session: &mut Session) -> Tried {
    let reply = refresh(session, session.token("refresh_token")?).await?;
    let scope = reply.text("scope").to_ascii_lowercase();
    let is_same = reply.status == StatusCode::OK
        && ["onlinemeetings.readwrite", "user.read"].iter().all(|name| scope.contains(name))
        && !reply.text("refresh_token").is_empty();
    Ok(Observation::new(format!("{reply}, {} permissions", scope.split_whitespace().count()), is_same))
}

pub(crate) async fn refresh_token_twice(session: &mut Session) -> Tried {
    let token = session.token("refresh_token")?;
    let (first, second) = (refresh(session, token).await?, refresh(session, token).await?);
    let is_same = first.status == StatusCode::OK && second.status == StatusCode::OK;
    Ok(Observation::new(format!("{first}, then {second}"), is_same))
}

pub(crate) async fn refresh_token_that_is_none(session: &mut Session) -> Tried {
    let reply = refresh(session, "0.not-a-refresh-token").await?;
    let is_same = reply.status == StatusCode::BAD_REQUEST && reply.error() == "invalid_grant";
    Ok(Observation::new(&reply, is_same))
}
