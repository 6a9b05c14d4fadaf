use microsoft_simulator::demo;
use reqwest::StatusCode;

use crate::caller::{Caller, encoded, with};

#[tokio::test]
async fn the_page_lists_the_users_and_speaks_the_language_of_the_browser() {
    let caller = Caller::new().await;
    let url = caller.authorize_url(demo::KADRY_DOMAIN, &with(Caller::request(), "login_hint", demo::JAN));
    let polish = caller.http.get(&url).header("accept-language", "pl-PL,pl;q=0.9");
    let polish = polish.send().await.expect("a page").text().await.expect("text");
    assert!(polish.contains("Symulator"), "{polish}");
    assert!(polish.contains(demo::ANNA));
    let english = caller.get(&url).await;
    assert_eq!(english.status, StatusCode::OK);
    assert!(english.text.contains("this is not Microsoft"));
    let choice = format!("value=\"{}\" required checked", demo::JAN);
    assert!(english.text.contains(&choice));
    assert_eq!(english.text.matches("required checked").count(), 1);
}

#[tokio::test]
async fn codes_have_the_lengths_of_real_ones() {
    let caller = Caller::new().await;
    let form = [("user", demo::ANNA), ("decision", "accept")];
    let mut lengths = Vec::new();
    for _ in 0..60 {
        let got = caller.decide(demo::KADRY_DOMAIN, &Caller::request(), &form).await;
        lengths.push(got.parameter("code").expect("a code").len());
    }
    assert!(lengths.iter().all(|length| (900..=2_400).contains(length)), "{lengths:?}");
    assert!(lengths.iter().any(|length| *length < 1_400), "{lengths:?}");
    assert!(lengths.iter().any(|length| *length > 1_900), "{lengths:?}");
}

#[tokio::test]
async fn accepting_redirects_with_a_long_code_state_and_session() {
    let caller = Caller::new().await;
    let form = [("user", demo::ANNA), ("decision", "accept")];
    let got = caller.decide(demo::KADRY_DOMAIN, &Caller::request(), &form).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER);
    assert!(got.parameter("code").is_some_and(|code| code.len() > 900));
    assert_eq!(got.parameter("state").as_deref(), Some("state-1"));
    assert!(got.parameter("session_state").is_some());
    assert!(got.parameter("iss").is_none());
}

#[tokio::test]
async fn what_is_wrong_with_application_or_address_stays_on_a_page() {
    let caller = Caller::new().await;
    let other = "11111111-2222-4333-8444-555555555555";
    let object_id = demo::KADRY_OBJECT_ID.to_string();
    let slash = format!("{}/", crate::caller::REDIRECT_URI);
    for (name, value, number) in [
        ("client_id", other, 700_016),
        ("client_id", object_id.as_str(), 700_016),
        ("client_id", "", 900_144),
        ("redirect_uri", slash.as_str(), 50_011),
        ("redirect_uri", "http://localhost:8080/OAuth/callback", 50_011),
    ] {
        let got = caller.open(&with(Caller::request(), name, value)).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST);
        assert!(got.location.is_none());
        assert!(got.text.contains(&format!("AADSTS{number}")), "{number}");
    }
    let twice = format!("{}&state=again", encoded(&Caller::request()));
    let got = caller.get(&caller.login(&format!("kadry.example/oauth2/v2.0/authorize?{twice}"))).await;
    assert!(got.text.contains("AADSTS9000411"));
    for (tenant, number) in [("nobody.example", 90_002), ("common", 50_194), ("x", 900_023)] {
        let url = caller.authorize_url(tenant, &Caller::request());
        let got = caller.get(&url).await;
        assert!(got.text.contains(&format!("AADSTS{number}")), "{number}");
    }
}

#[tokio::test]
async fn an_application_of_another_tenant_is_unknown() {
    let caller = Caller::new().await;
    let got = caller.open(&Caller::praca_request()).await;
    assert!(got.text.contains("AADSTS700016"));
}

#[tokio::test]
async fn what_is_wrong_with_the_request_is_told_to_the_application() {
    let caller = Caller::new().await;
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_mode", "form_post", "invalid_request"),
        ("scope", "", "invalid_request"),
        ("scope", "openid Mail.Read", "invalid_client"),
        ("scope", "https://vault.azure.net/user", "invalid_resource"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("prompt", "perhaps", "invalid_request"),
        ("prompt", "none", "login_required"),
        ("claims", "{", "invalid_request"),
    ] {
        let got = caller.open(&with(Caller::request(), name, value)).await;
        assert_eq!(got.status, StatusCode::FOUND, "{name}={value}");
        assert_eq!(got.parameter("error").as_deref(), Some(error), "{name}={value}");
        assert_eq!(got.parameter("state").as_deref(), Some("state-1"));
    }
}

#[tokio::test]
async fn declining_redirects_with_access_denied() {
    let caller = Caller::new().await;
    let form = [("user", demo::ANNA), ("decision", "decline")];
    let got = caller.decide(demo::KADRY_DOMAIN, &Caller::request(), &form).await;
    assert_eq!(got.parameter("error").as_deref(), Some("access_denied"));
    let description = got.parameter("error_description").expect("a text");
    assert!(description.starts_with("AADSTS65004: "));
    assert!(description.contains("\r\nTrace ID: "));
}

#[tokio::test]
async fn what_a_careful_application_would_send_is_missed_in_the_record() {
    let caller = Caller::new().await;
    let request = with(with(Caller::request(), "code_challenge", ""), "code_challenge_method", "");
    let got = caller.open(&with(request, "nonce", "")).await;
    assert_eq!(got.status, StatusCode::OK);
    let requests = caller.simulator.requests();
    assert_eq!(requests[0].notes, ["pkce:missing", "nonce:missing"]);
}

#[tokio::test]
async fn a_code_is_single_use_and_bound_to_all_it_was_asked_with() {
    let caller = Caller::new().await;
    let code = caller.code(demo::ANNA).await;
    let form = Caller::redemption(&code);
    for (name, value, error, number) in [
        ("redirect_uri", "http://localhost:8080/other", "invalid_client", 500_112),
        ("code_verifier", "", "invalid_grant", 50_148),
        ("code_verifier", &crate::caller::CHALLENGE.repeat(2)[..60], "invalid_grant", 501_481),
        ("code", "1.nonsense", "invalid_grant", 70_000),
        ("code", "", "invalid_request", 900_144),
    ] {
        let got = caller.token("kadry.example", &with(form.clone(), name, value)).await;
        assert_eq!(got.refusal(), (400, error.to_owned(), number), "{name}");
    }
    assert_eq!(caller.redeem(&code).await.status, StatusCode::OK);
    let again = caller.redeem(&code).await;
    assert_eq!(again.refusal(), (400, "invalid_grant".to_owned(), 54_005));
}

#[tokio::test]
async fn a_code_dies_after_ten_minutes() {
    let caller = Caller::new().await;
    let code = caller.code(demo::ANNA).await;
    caller.simulator.advance(std::time::Duration::from_mins(10));
    let got = caller.redeem(&code).await;
    assert_eq!(got.refusal(), (400, "invalid_grant".to_owned(), 70_008));
}

#[tokio::test]
async fn a_code_of_one_tenant_is_nothing_at_another() {
    let caller = Caller::new().await;
    let code = caller.code(demo::ANNA).await;
    let form = with(Caller::redemption(&code), "client_id", &demo::PRACA_CLIENT_ID.to_string());
    let form = with(form, "client_secret", demo::PRACA_SECRET);
    let got = caller.token("praca.example", &form).await;
    assert_eq!(got.refusal(), (400, "invalid_grant".to_owned(), 700_005));
}

#[tokio::test]
async fn prompt_none_works_in_a_browser_that_has_a_session_and_consent() {
    let caller = Caller::new().await;
    let form = [("user", demo::ANNA), ("decision", "accept")];
    let got = caller.decide(demo::KADRY_DOMAIN, &Caller::request(), &form).await;
    let cookie = got.headers["set-cookie"].to_str().expect("ASCII").to_owned();
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let silent = with(Caller::request(), "prompt", "none");
    let url = caller.authorize_url(demo::KADRY_DOMAIN, &silent);
    let ask = async || {
        let request = caller.http.get(&url).header("cookie", &cookie);
        crate::caller::Got::of(request.send().await.expect("an answer")).await
    };
    assert!(ask().await.parameter("code").is_some());
    caller.simulator.withdraw_consent(demo::KADRY_CLIENT_ID).expect("an application");
    assert_eq!(ask().await.parameter("error").as_deref(), Some("consent_required"));
    caller.simulator.revoke_sessions(demo::ANNA).expect("a user");
    assert_eq!(ask().await.parameter("error").as_deref(), Some("login_required"));
}
