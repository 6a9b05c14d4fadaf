//! An answer counts only in the browser that began, with the cookie of that very sign-in (RFC 9700 §2.1 and §4.7).

use microsoft_simulator::demo::{ANNA, JAN};
use reqwest::StatusCode;
use shared::types::clock::SignedDuration;
use test_support::browser::query_of;

use crate::{Scene, with};

#[tokio::test]
async fn a_cookie_opens_with_its_own_state_alone() {
    let scene = Scene::open().await;
    let mine = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let other = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let (name, _) = scene.cookie_of(&scene.anna, &query_of(&mine, "state"));
    let (_, others) = scene.cookie_of(&scene.anna, &query_of(&other, "state"));
    // It can be read, it is hers, it is fresh; and it is not the cookie of this state.
    assert_eq!(scene.bring(&mine, &format!("{name}={others}")).await, StatusCode::BAD_REQUEST);
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn answers_and_states_of_two_sign_ins_do_not_mix() {
    let scene = Scene::open().await;
    let annas = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let jans = scene.jan.sign_in_at_microsoft(&scene.jans_link().await, JAN).await;
    // Jan's code under Anna's state, in her browser: the handle is made, for the code is opaque to us.
    let injected = with(&annas, "code", Some(&query_of(&jans, "code")));
    let handle = query_of(&scene.anna.get(injected.as_str()).await.location(), "handle");
    // Entra was told the challenge of Jan's verifier, and gets Anna's (RFC 7636 §4.6): code injection ends here.
    let refused = scene.ats.complete("kadry", "anna", &handle).await;
    assert!(refused.status.is_client_error() || refused.status == StatusCode::BAD_GATEWAY, "{refused:?}");
    assert_eq!(scene.redeemed(), 1, "it was tried, and refused");
    scene.assert_nobody_connected().await;
}

#[tokio::test]
async fn a_cookie_is_taken_as_it_was_set_or_not_at_all() {
    let scene = Scene::open().await;
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let (name, value) = scene.cookie_of(&scene.anna, &query_of(&back, "state"));
    let flipped = |at: usize| {
        let mut bytes = value.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let mut wrong = vec![
        String::new(),
        format!("{name}="),
        format!("{name}={}", &value[..value.len() - 4]),
        format!("{name}={value}AAAA"),
        format!("{name}=\"{value}"),
        format!("{}={value}", name.to_uppercase()),
        format!("{}={value}", name.trim_start_matches("__Host-")),
        format!("{}={value}", name.replace("__Host-", "__Secure-")),
        format!("{name}={value}; {name}={value}"),
        format!("{name}={value}; {name}=planted"),
        format!("{name}=planted; {name}={value}"),
    ];
    wrong.extend((9..value.len()).step_by(97).map(|at| format!("{name}={}", flipped(at))));
    for cookies in wrong {
        assert_eq!(scene.bring(&back, &cookies).await, StatusCode::BAD_REQUEST, "{cookies}");
    }
    scene.assert_nothing_gained().await;
    assert_eq!(scene.bring(&back, &format!("a=b; {name}={value}; c=d")).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_state_that_is_not_ours_to_the_byte_finds_no_sign_in() {
    let scene = Scene::open().await;
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let state = query_of(&back, "state");
    let (name, value) = scene.cookie_of(&scene.anna, &state);
    let cookies = format!("{name}={value}");
    // The first twelve letters name the cookie, so changes behind them find it, and it must not open.
    let shortened = &state[..state.len() - 1];
    for other in [
        shortened,
        &format!("{state}A"),
        &format!("{state}="),
        &format!("{state} "),
        &state.to_lowercase(),
        &state[..12],
    ] {
        assert_eq!(scene.bring(&with(&back, "state", Some(other)), &cookies).await, StatusCode::BAD_REQUEST, "{other}");
    }
    assert_eq!(scene.bring(&with(&back, "state", None), &cookies).await, StatusCode::BAD_REQUEST);
    let mut twice = back.clone();
    twice.query_pairs_mut().append_pair("state", &state);
    assert_eq!(scene.bring(&twice, &cookies).await, StatusCode::BAD_REQUEST);
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn an_answer_counts_once_and_for_a_quarter_of_an_hour() {
    let scene = Scene::open().await;
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    assert_eq!(scene.anna.get(back.as_str()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.anna.get(back.as_str()).await.status, StatusCode::BAD_REQUEST, "the cookie was taken away");

    let late = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    scene.product.wait(SignedDuration::from_mins(15));
    assert_eq!(scene.anna.get(late.as_str()).await.status, StatusCode::BAD_REQUEST);
    scene.assert_nothing_gained().await;
}

#[tokio::test]
async fn a_refusal_counts_only_where_the_sign_in_began() {
    let scene = Scene::open().await;
    let answer = [("user", ANNA), ("decision", "decline")];
    let back = scene.anna.answer_microsoft(&scene.annas_link().await, &answer).await;
    assert_eq!(scene.jan.get(back.as_str()).await.status, StatusCode::BAD_REQUEST);
    // Whoever makes up a refusal ends nobody's sign-in: it needs the state, and the cookie.
    let made_up = format!("{}/oauth/callback?error=access_denied&state=made-up", scene.product.base);
    assert_eq!(scene.anna.get(&made_up).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.anna.get(back.as_str()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_stranded_browser_reads_the_same_page() {
    let scene = Scene::open().await;
    let back = scene.anna.sign_in_at_microsoft(&scene.annas_link().await, ANNA).await;
    let (name, value) = scene.cookie_of(&scene.anna, &query_of(&back, "state"));
    let text = async |address: &str, cookies: &str| {
        let page = scene.product.browser().send(reqwest::Method::GET, address, None, &[("cookie", cookies)]).await;
        let name = page.headers["x-request-id"].to_str().unwrap().to_owned();
        (page.status, page.text.replace(&name, ""))
    };
    let nobody = text(back.as_str(), "").await;
    assert_eq!(nobody.0, StatusCode::BAD_REQUEST);
    let bare = format!("{}/oauth/callback", scene.product.base);
    for (address, cookies) in [
        (back.as_str(), format!("{name}={}", &value[..value.len() - 4])),
        (back.as_str(), format!("{name}={value}; {name}={value}")),
        (with(&back, "iss", Some("https://evil.example")).as_str(), format!("{name}={value}")),
        (with(&back, "code", None).as_str(), format!("{name}={value}")),
        (&bare, String::new()),
        (&format!("{bare}?state=%zz"), String::new()),
    ] {
        assert_eq!(text(address, &cookies).await, nobody, "{address}");
    }
}
