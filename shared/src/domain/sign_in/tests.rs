use crate::domain::finding::{Evidence, FindingKind};
use crate::domain::sign_in::*;
use crate::types::secret::Secret;

fn answer(query: &str) -> Result<AuthorizationResponse, AuthorizationResponseError> {
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    AuthorizationResponse::parse(&parameters)
}

#[test]
fn a_code_with_its_state_is_an_answer_whatever_microsoft_adds() {
    let AuthorizationResponse::Code { state, code, iss } =
        answer("code=0.AbC-_~&state=xyz&session_state=1&client_info=2&new=3").unwrap()
    else {
        panic!("not granted")
    };
    assert_eq!((state.as_str(), code.expose(), iss), ("xyz", "0.AbC-_~", None));
}

#[test]
fn every_answer_brings_its_state_and_whoever_names_itself_is_heard() {
    for query in ["code=a&iss=me", "error=access_denied&iss=me", "error=access_denied&iss=me&error_description="] {
        let answer = answer(&format!("{query}&state=xyz")).unwrap();
        assert_eq!(answer.state(), "xyz", "{query}");
        let (AuthorizationResponse::Code { iss, .. } | AuthorizationResponse::Error { iss, .. }) = answer else {
            panic!("{query}")
        };
        assert_eq!(iss.as_deref(), Some("me"), "{query}");
    }
    assert_eq!(
        answer("admin_consent=True&tenant=6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60&state=xyz").unwrap().state(),
        "xyz"
    );
}

#[test]
fn no_two_sign_ins_have_anything_in_common() {
    let randomness = Randomness::seeded(1);
    let begin = || {
        let app = AppInTenure {
            tenure: Timestamp::UNIX_EPOCH,
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        };
        PendingSignIn::start(
            "kadry".parse().unwrap(),
            SignInPurpose::Test { meeting: false, link_ends_at: Timestamp::UNIX_EPOCH },
            app,
            (Timestamp::UNIX_EPOCH, &randomness),
        )
        .unwrap()
    };
    let (one, other) = (begin(), begin());
    let words = [&one, &other].map(|begun| [begun.id.as_str(), begun.nonce.as_str(), begun.verifier.expose()]);
    let different: std::collections::HashSet<_> = words.iter().flatten().collect();
    assert_eq!(different.len(), 6, "{words:?}");
}

#[test]
fn what_no_authorization_server_sends_is_refused() {
    for query in [
        "",
        "code=a",
        "state=b",
        "code=&state=b",
        "code=a&state=",
        "code=a&code=b&state=c",
        "code=a&state=b&state=b",
        "code=a&error=b&state=c",
        "error=access_denied",
        "code=a&state=b&iss=c&iss=c",
        "code=a&state=b&iss=",
        "code=a b&state=c",
        "code=ą&state=c",
        "code=a%0d%0ab&state=c",
        "state[]=a&code=b",
    ] {
        assert!(answer(query).is_err(), "{query}");
    }
    assert!(answer(&format!("state=a&code={}", "x".repeat(6_144))).is_ok());
    assert!(answer(&format!("state=a&code={}", "x".repeat(6_145))).is_err());
}

#[test]
fn a_consent_is_told_from_a_sign_in() {
    let consented = answer("admin_consent=True&tenant=6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60&state=s&scope=a+b").unwrap();
    assert!(matches!(consented, AuthorizationResponse::AdminConsent { state, tenant } if state == "s"
            && tenant.to_string() == "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"));
    let declined =
        answer("error=consent_required&error_description=AADSTS65004%3A+x&admin_consent=True&tenant=6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60&state=s").unwrap();
    assert!(
        matches!(declined, AuthorizationResponse::Error { refusal, .. } if refusal.finding == Some(FindingKind::SignInDeclined))
    );
    assert!(answer("admin_consent=False&tenant=6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60&state=s").is_err());
    for of_nobody in ["", "&tenant=", "&tenant=kadry.example"] {
        assert!(answer(&format!("admin_consent=True&state=s{of_nobody}")).is_err(), "{of_nobody}");
    }
}

#[test]
fn what_microsofts_support_asks_for_is_taken_out_of_the_description() {
    let id = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
    for end in ["\r\n", " "] {
        let text =
            format!("AADSTS65004: No.{end}Trace ID: {id}{end}Correlation ID: {id}{end}Timestamp: 2026-11-24 09:00:00Z");
        let refusal = AuthorizationError::from_parameters("access_denied", &text, None);
        assert_eq!(refusal.evidence.correlation_id.as_deref(), Some(id));
        assert_eq!(refusal.evidence.timestamp.as_deref(), Some("2026-11-24 09:00:00Z"));
    }
    let planted = AuthorizationError::from_parameters("access_denied", "Trace ID: <script> Timestamp: soon", None);
    assert_eq!(planted.evidence, Evidence::default());
}

#[test]
fn a_refusal_is_told_in_a_code_of_ours() {
    for (query, code) in [
        ("error=access_denied&state=s", "sign_in_declined"),
        ("error=access_denied&state=s&error_description=AADSTS65004%3A+User+declined", "sign_in_declined"),
        ("error=access_denied&state=s&error_description=AADSTS53003%3A+Blocked", "blocked_by_policy"),
        ("error=access_denied&state=s&error_description=AADSTS123456789%3A+x", "sign_in_failed"),
        ("error=consent_required&state=s&error_description=AADSTS123456789%3A+x", "sign_in_failed"),
        ("error=invalid_client&state=s&error_description=AADSTS650056%3A+x", "permission_missing"),
        ("error=consent_required&state=s", "consent_missing"),
        ("error=access_denied&state=s&error_description=", "sign_in_declined"),
        ("error=brand_new&state=s&error_subcode=cancel", "sign_in_declined"),
        ("error=server_error&state=s&error_description=AADSTS50000%3A+x", "microsoft_unavailable"),
        ("error=temporarily_unavailable&state=s&error_description=AADSTS65004%3A+x", "microsoft_unavailable"),
        ("error=brand_new&state=s&error_description=%3Cscript%3E", "sign_in_failed"),
    ] {
        let AuthorizationResponse::Error { refusal, .. } = answer(query).unwrap() else { panic!("{query}") };
        assert_eq!(refusal.code, code, "{query}");
    }
}

#[test]
fn a_handle_names_its_sign_in_and_is_of_one_recruiter() {
    let id = |text: &str| (text.parse().unwrap(), text.parse().unwrap());
    let ((kadry, anna), (other, jan)) = (id("kadry"), id("jan"));
    let handle = CompletionHandle::new("sign-in", &kadry, &anna);
    assert_eq!(handle.sign_in(), "sign-in");
    assert!(handle.is_of(&kadry, &anna));
    assert!(!handle.is_of(&other, &anna) && !handle.is_of(&kadry, &jan));
}

#[test]
fn what_the_ats_wants_at_the_end_lies_in_a_link_only_if_it_wants_something() {
    let content = |completion: CompletionOptions| {
        let (customer, user) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let tenure = Timestamp::UNIX_EPOCH;
        let (login_hint, language, select_account) = (None, None, false);
        let link = ConnectLink { customer, user, tenure, login_hint, language, select_account, completion };
        serde_json::to_value(link).unwrap().get("completion").cloned()
    };
    assert_eq!(content(CompletionOptions::default()), None);
    let wanted = CompletionOptions { state: Some("1".to_owned()), ..CompletionOptions::default() };
    assert_eq!(content(wanted), Some(serde_json::json!({ "state": "1" })));
}
