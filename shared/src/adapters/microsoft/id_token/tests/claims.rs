//! Forgeries of the claims, all of them signed by the right key.

use super::*;

fn issuer(of: &str) -> Value {
    json!({ "iss": of })
}

/// The valid claims as text, with one word replaced: for what a JSON library would not write.
fn rewritten(from: &str, to: &str) -> String {
    let text = claims().to_string();
    assert!(text.contains(from), "{from}");
    signed(message(&header(), text.replace(from, to)))
}

fn half_hash_of(access: &str) -> String {
    encoded(&digest::digest(&digest::SHA256, access.as_bytes()).as_ref()[..16])
}

fn payload(text: &str) -> String {
    signed(message(&header(), text))
}

#[test]
fn a_payload_is_one_json_object() {
    use IdTokenError::Claims;
    let deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    let c = claims();
    let in_order = ["iss", "aud", "exp", "iat", "sub", "nonce", "tid", "oid", "nbf", "ver"].map(|name| c[name].clone());
    assert_refused(vec![
        ("payload empty", payload(""), Claims),
        ("payload null", payload("null"), Claims),
        ("payload a string", payload("\"x\""), Claims),
        ("payload an empty list", payload("[]"), Claims),
        ("payload a list of the claims", payload(&format!("[{c}]")), Claims),
        ("payload a list of the values", payload(&json!(in_order).to_string()), Claims),
        ("payload of bytes", signed(format!("{}.{}", encoded(header().to_string()), encoded([0xff]))), Claims),
        ("two objects", payload(&format!("{c}{c}")), Claims),
        ("cut in half", payload(&c.to_string()[..200]), Claims),
        ("aud 1,000 deep", rewritten(&format!("\"{CLIENT}\""), &deep), Claims),
        ("payload 1,000 deep", payload(&deep), Claims),
    ]);
}

#[test]
fn a_token_is_issued_by_the_customers_tenant() {
    use IdTokenError::{Claims, Issuer, Tenant};
    let base = "https://login.microsoftonline.com";
    let twice = format!("\"iss\":\"{base}/{OTHER_TENANT}/v2.0\",\"iss\":");
    assert_refused(vec![
        ("iss of another tenant", with(&issuer(&format!("{base}/{OTHER_TENANT}/v2.0"))), Issuer),
        ("iss of version 1", with(&issuer(&format!("https://sts.windows.net/{TENANT}/"))), Issuer),
        ("iss in upper case", with(&issuer(&format!("{base}/{TENANT}/v2.0").to_uppercase())), Issuer),
        ("iss with a slash at its end", with(&issuer(&format!("{base}/{TENANT}/v2.0/"))), Issuer),
        ("iss as Microsoft's template", with(&issuer(&format!("{base}/{{tenantid}}/v2.0"))), Issuer),
        ("iss over plain http", with(&issuer(&format!("http://login.microsoftonline.com/{TENANT}/v2.0"))), Issuer),
        ("iss of another host", with(&issuer(&format!("{base}.evil.example/{TENANT}/v2.0"))), Issuer),
        ("iss empty", with(&issuer("")), Issuer),
        ("iss a list", with(&json!({ "iss": [format!("{base}/{TENANT}/v2.0")] })), Claims),
        ("iss missing", without("iss"), Claims),
        ("iss twice, first another's", rewritten("\"iss\":", &twice), Claims),
        ("iss twice, the same", rewritten("\"iss\":", &twice.replace(OTHER_TENANT, TENANT)), Claims),
        ("tid of another tenant", with(&json!({ "tid": OTHER_TENANT })), Tenant),
        ("tid of personal accounts", with(&json!({ "tid": "9188040d-6c67-4c5b-b112-36a304b66dad" })), Claims),
        ("tid common", with(&json!({ "tid": "common" })), Claims),
        ("tid not a GUID", with(&json!({ "tid": "kadry.example" })), Claims),
        ("tid null", with(&json!({ "tid": null })), Claims),
        ("tid missing", without("tid"), Claims),
    ]);
}

#[test]
fn a_token_is_for_the_customers_app_alone() {
    use IdTokenError::{Audience, Claims};
    assert_refused(vec![
        ("aud of another app", with(&json!({ "aud": OTHER_CLIENT })), Audience),
        ("aud a list with another app", with(&json!({ "aud": [OTHER_CLIENT] })), Audience),
        ("aud in upper case", with(&json!({ "aud": CLIENT.to_uppercase() })), Audience),
        ("aud as an address", with(&json!({ "aud": format!("api://{CLIENT}") })), Audience),
        ("aud null", with(&json!({ "aud": null })), Claims),
        ("aud an object", with(&json!({ "aud": { "0": CLIENT } })), Claims),
        ("aud missing", without("aud"), Claims),
        ("azp of another app", with(&json!({ "azp": OTHER_CLIENT })), Audience),
        ("azp empty", with(&json!({ "azp": "" })), Audience),
        ("azp null", with(&json!({ "azp": null })), Claims),
    ]);
}

#[test]
fn an_app_that_is_not_alone_in_aud_is_another_audience() {
    use IdTokenError::Audience;
    assert_refused(vec![
        ("aud ours and another", with(&json!({ "aud": [CLIENT, OTHER_CLIENT] })), Audience),
        ("aud ours twice", with(&json!({ "aud": [CLIENT, CLIENT] })), Audience),
        ("aud nobody", with(&json!({ "aud": [] })), Audience),
    ]);
}

#[test]
fn a_token_names_a_person() {
    use IdTokenError::Claims;
    assert_refused(vec![
        ("oid missing", without("oid"), Claims),
        ("oid null", with(&json!({ "oid": null })), Claims),
        ("oid not a GUID", with(&json!({ "oid": UPN })), Claims),
        ("oid of zeros", with(&json!({ "oid": "00000000-0000-0000-0000-000000000000" })), Claims),
        ("sub missing", without("sub"), Claims),
        ("sub empty", with(&json!({ "sub": "" })), Claims),
        ("sub a number", with(&json!({ "sub": 7 })), Claims),
        ("name null", with(&json!({ "name": null })), Claims),
        ("name an object", with(&json!({ "name": {} })), Claims),
        ("ver 1.0", with(&json!({ "ver": "1.0" })), Claims),
        ("ver a number", with(&json!({ "ver": 2.0 })), Claims),
    ]);
}

#[test]
fn a_token_belongs_to_this_sign_in() {
    use IdTokenError::{AccessToken, Claims, Nonce};
    let of_other = half_hash_of("EwB-another-access-token");
    assert_refused(vec![
        ("nonce missing", without("nonce"), Claims),
        ("nonce of another sign-in", with(&json!({ "nonce": "n-other" })), Nonce),
        ("nonce with more behind it", with(&json!({ "nonce": format!("{NONCE}x") })), Nonce),
        ("nonce cut short", with(&json!({ "nonce": NONCE[..4] })), Nonce),
        ("nonce empty", with(&json!({ "nonce": "" })), Nonce),
        ("nonce a list with the right one", with(&json!({ "nonce": [NONCE] })), Claims),
        ("nonce null", with(&json!({ "nonce": null })), Claims),
        ("at_hash of another access token", with(&json!({ "at_hash": of_other })), AccessToken),
        ("at_hash empty", with(&json!({ "at_hash": "" })), AccessToken),
        ("at_hash null", with(&json!({ "at_hash": null })), Claims),
    ]);
}

#[test]
fn a_token_counts_now() {
    use IdTokenError::{Claims, Time};
    let exp = format!("\"exp\":{}", NOW + 3_600);
    assert_refused(vec![
        ("exp missing", without("exp"), Claims),
        ("exp null", with(&json!({ "exp": null })), Claims),
        ("exp a string", with(&json!({ "exp": (NOW + 3_600).to_string() })), Claims),
        ("exp past by six minutes", with(&json!({ "exp": NOW - 360, "iat": NOW - 900, "nbf": NOW - 900 })), Time),
        ("exp past by 300 seconds", with(&json!({ "exp": NOW - 300, "iat": NOW - 900, "nbf": NOW - 900 })), Time),
        ("exp 1e30", rewritten(&exp, "\"exp\":1e30"), Claims),
        ("exp 1e400", rewritten(&exp, "\"exp\":1e400"), Claims),
        ("exp beyond 64 bits", rewritten(&exp, "\"exp\":9223372036854775808"), Claims),
        ("exp negative", with(&json!({ "exp": -1 })), Time),
        ("exp with a fraction", rewritten(&exp, &format!("{exp}.5")), Claims),
        ("exp with a fraction of nothing", rewritten(&exp, &format!("{exp}.0")), Claims),
        ("nbf in ten minutes", with(&json!({ "nbf": NOW + 600 })), Time),
        ("nbf at the end of time", with(&json!({ "nbf": i64::MAX })), Time),
        ("nbf a string", with(&json!({ "nbf": NOW.to_string() })), Claims),
        ("nbf null", with(&json!({ "nbf": null })), Claims),
        ("iat in ten minutes", with(&json!({ "iat": NOW + 600 })), Time),
        ("iat in 301 seconds", with(&json!({ "iat": NOW + 301 })), Time),
        ("iat in 1970", with(&json!({ "iat": 0 })), Time),
        ("iat before all time", with(&json!({ "iat": i64::MIN })), Time),
        ("iat a string", with(&json!({ "iat": NOW.to_string() })), Claims),
        ("iat missing", without("iat"), Claims),
        ("iat after exp", with(&json!({ "iat": NOW + 60, "exp": NOW + 30 })), Time),
        ("iat as late as exp", with(&json!({ "iat": NOW, "exp": NOW })), Time),
    ]);
}

#[test]
fn what_a_provider_may_leave_out_or_add_is_no_forgery() {
    for (what, token) in [
        ("aud as a list of one", with(&json!({ "aud": [CLIENT] }))),
        ("azp ours", with(&json!({ "azp": CLIENT }))),
        ("at_hash of this access token", with(&json!({ "at_hash": half_hash_of(ACCESS) }))),
        ("no nbf", without("nbf")),
        ("no ver", without("ver")),
        ("tid and oid in upper case", with(&json!({ "tid": TENANT.to_uppercase(), "oid": OID.to_uppercase() }))),
        ("over for 299 seconds", with(&json!({ "exp": NOW - 299, "iat": NOW - 900, "nbf": NOW - 900 }))),
        ("issued in 300 seconds", with(&json!({ "iat": NOW + 300, "nbf": NOW + 300 }))),
        ("claims that are nothing of ours", with(&json!({ "aio": "A", "amr": ["pwd", "mfa"], "groups": null }))),
        ("the time it has before it is stale", with(&json!({ "iat": NOW - 3_600, "nbf": NOW - 3_600 }))),
    ] {
        assert_eq!(believe(&token), Ok(anna()), "{what}");
    }
}

#[test]
fn the_hash_of_an_access_token_is_that_of_the_standard() {
    // OpenID Connect Core appendix A.3.
    let access = crate::types::secret::AccessToken::from("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y".to_owned());
    assert_eq!(at_hash(&access), "77QmUPtjPfzWtF2AnpK9RQ");
}

#[test]
fn whose_home_is_another_tenant_is_a_guest() {
    let is_guest = |token: String| identify(&published(&OURS), &token).unwrap().is_guest;
    assert!(!is_guest(valid()));
    assert!(!is_guest(with(&json!({ "idp": format!("https://login.microsoftonline.com/{TENANT}/v2.0") }))));
    for home in [format!("https://sts.windows.net/{OTHER_TENANT}/"), "live.com".to_owned()] {
        assert!(is_guest(with(&json!({ "idp": home }))), "{home}");
    }
}

#[test]
fn who_has_no_name_is_called_by_the_address() {
    assert_eq!(believe(&without("name")), Ok(Account { name: UPN.to_owned(), ..anna() }));
}

#[test]
fn who_has_no_address_still_has_a_name() {
    assert_eq!(believe(&without("preferred_username")), Ok(Account { upn: String::new(), ..anna() }));
}
