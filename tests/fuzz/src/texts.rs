//! Texts of people, browsers and settings: whatever is damaged is refused or read for what it is, never with a panic.

use std::str::FromStr;

use http::header::{ACCEPT_LANGUAGE, COOKIE};
use http::{HeaderMap, HeaderValue};
use shared::adapters::vault::model::SecretName;
use shared::adapters::vault::secret_names::SecretPrefix;
use shared::domain::entra_app::{CredentialsSubmission, SubmittedContact, SubmittedCredential};
use shared::domain::meeting::{
    EmailAddress, IdempotencyKey, JoinUrl, MeetingId, Subject, parse_date_time, parse_time_zone,
};
use shared::domain::sign_in::{AuthorizationResponse, parse_error_page};
use shared::http::{accept_language, sign_in_cookie, urlencoded};
use shared::types::base_url::BaseUrl;
use shared::types::domain_name::DomainName;
use shared::types::ids::{ClientId, CustomerId, ObjectId, TenantId, UserId};
use shared::types::secret::ClientSecret;

/// `0000-01-01T00:00:00Z`.
const YEAR_ZERO: i64 = -62_167_219_200;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What can be read is written as something that reads as the same.
fn reads_back<T: FromStr + ToString + PartialEq>(text: &str) -> bool {
    text.parse::<T>().is_ok_and(|read| read.to_string().parse::<T>().is_ok_and(|again| again == read))
}

/// A redirect is an answer or none.
pub fn redirect(bytes: &[u8]) {
    let Ok(parameters) = urlencoded::parse(&text(bytes)) else { return };
    if let Ok(answer) = AuthorizationResponse::parse(&parameters) {
        let given = |name: &str| parameters.iter().filter(|(known, _)| known == name).count();
        assert_eq!(given("state"), 1);
        assert!(given("code") <= 1 && given("error") <= 1);
        assert!(!(given("code") == 1 && given("error") == 1));
        assert!(!answer.state().is_empty());
    }
}

/// What is read of Microsoft's page stands there.
pub fn page(bytes: &[u8]) {
    let text = text(bytes);
    let evidence = parse_error_page(&text);
    assert!(evidence.aadsts.is_none_or(|number| text.contains(&number.to_string())), "{text}");
    for read in [&evidence.correlation_id, &evidence.timestamp].into_iter().flatten() {
        assert!(text.contains(read.as_str()), "{text}: {read}");
        assert!(read.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -:".contains(&byte)), "{read}");
    }
    assert_eq!(evidence.trace_id, None);
}

/// A form is read strictly or not at all.
pub fn form(bytes: &[u8]) {
    let names = ["tenant", "client_id", "client_secret", "expires_on", "contact"];
    let Ok([tenant, client_id, client_secret, expires_on, contact]) = urlencoded::parse_known(&text(bytes), names)
    else {
        return;
    };
    let submission = CredentialsSubmission {
        tenant: tenant.unwrap_or_default(),
        client_id: client_id.unwrap_or_default(),
        offer: SubmittedCredential::Secret {
            client_secret: ClientSecret::from(client_secret.unwrap_or_default()),
            expires_on,
        },
        contact: contact.map(SubmittedContact::from),
    };
    let now = "2026-11-24T12:00:00Z".parse().unwrap();
    match submission.parse(None, now) {
        Ok(candidate) => assert!(candidate.expires_on.is_none_or(|date| date.year() >= 2026)),
        Err(findings) => assert!(!findings.is_empty()),
    }
}

/// An id that is read is one that can stand in a path and a name.
pub fn id(bytes: &[u8]) {
    let text = text(bytes);
    for read in
        [text.parse::<CustomerId>().map(|id| id.to_string()).ok(), text.parse::<UserId>().map(|id| id.to_string()).ok()]
            .into_iter()
            .flatten()
    {
        assert_eq!(&read, &text);
        assert!((1..=64).contains(&read.len()));
        assert!(read.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte)), "{read}");
        assert!(SecretName::from_str(&read).is_ok());
    }
    for (is_read, reads_back) in [
        (text.parse::<TenantId>().is_ok(), reads_back::<TenantId>(&text)),
        (text.parse::<ClientId>().is_ok(), reads_back::<ClientId>(&text)),
        (text.parse::<ObjectId>().is_ok(), reads_back::<ObjectId>(&text)),
    ] {
        assert_eq!(is_read, reads_back);
    }
    if let Ok(domain) = text.parse::<DomainName>() {
        assert!(domain.as_str().is_ascii() && domain.as_str().contains('.') && domain.as_str().len() <= 253);
    }
    if let Ok(base) = text.parse::<BaseUrl>() {
        let local =
            ["http://127.", "http://localhost", "http://[::1]"].iter().any(|start| base.as_str().starts_with(start));
        assert!(local || base.as_str().starts_with("https://"), "{}", base.as_str());
    }
    let _ = text.parse::<SecretPrefix>();
}

/// A moment that is read stands there. `zone` is the name of a time zone, if one came along.
pub fn moment(bytes: &[u8], zone: Option<&[u8]>) {
    let (text, zone) = (text(bytes), zone.map(text));
    let Ok(zone) = zone.as_deref().map(parse_time_zone).transpose() else { return };
    if let Ok(moment) = parse_date_time(&text, zone.as_ref()) {
        assert_eq!(&text[4..5], "-", "{text}");
        assert_eq!(&text[10..11], "T", "{text}");
        assert!(zone.is_some() || text.ends_with('Z') || text[19..].contains(['+', '-']), "{text}");
        // The same moment, written in UTC, is read as the same; but for those before the year 0, which cannot be.
        if moment.as_second() > YEAR_ZERO {
            assert_eq!(parse_date_time(&moment.to_string(), None).ok(), Some(moment));
        }
    }
}

/// People, titles and links are what they should be.
pub fn people(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(address) = text.parse::<EmailAddress>() {
        let address = address.as_str();
        assert!(address.is_ascii() && address.matches('@').count() == 1, "{address}");
        assert!(!address.contains([' ', ',', ';', '<', '>', '"', '\r', '\n']), "{address}");
    }
    if let Ok(subject) = text.parse::<Subject>() {
        assert!(!subject.as_str().chars().any(char::is_control));
        assert!((1..=255).contains(&subject.as_str().chars().count()));
    }
    if let Ok(url) = JoinUrl::parse(&text) {
        assert!(url.as_str().to_lowercase().starts_with("https:"), "{}", url.as_str());
        assert!(!url.as_str().contains(['\r', '\n', '"', '<', ' ']), "{}", url.as_str());
    }
    if let Ok(id) = MeetingId::parse(&text) {
        assert_eq!(
            MeetingId::from_base64url(&id.to_base64url()).map(|read| read.as_str().to_owned()),
            Ok(text.clone())
        );
    }
    if let Ok(id) = MeetingId::from_base64url(&text) {
        assert_eq!(id.to_base64url(), text.clone(), "there is one way to write each");
    }
    let _ = text.parse::<IdempotencyKey>();
}

/// No header of a browser makes a reader panic.
pub fn headers(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(COOKIE, value.clone()), (ACCEPT_LANGUAGE, value)]);
    let _ = accept_language::negotiate(&headers);
    assert!(sign_in_cookie::cookie_names(&headers).iter().all(|name| name.starts_with("__Host-tc-")));
    if let Some(sealed) = sign_in_cookie::get(&headers, "abcdefghijkl") {
        let line = text(bytes);
        assert!(line.contains(&sealed), "{line}");
    }
}
