//! A customer's app with either credential, its tags, and the key pair whose certificate waits for being registered.
#![cfg(test)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use shared::adapters::vault::Vault;
use shared::adapters::vault::apps::{AppStatusUpdate, CheckRecord};
use shared::adapters::vault::pending_key_pairs::CredentialInUse;
use shared::domain::entra_app::{
    AdminConsent, AppSummary, Certificate, ConnectionCounts, ContactChange, Credential, CredentialKind, EntraApp,
    KeyPair, SignInTestResult, TenureState,
};
use shared::types::clock::SignedDuration;
use shared::types::secret::{ClientSecret, PrivateKey, Secret};

use crate::seen_from_below::{APP, SeenFromBelow, app_ids, at, customer};

const KEY_PAIR: &str = "teams-connect/customers/praca-24/key-pair";
const WITH_SECRET: &str = include_str!("secrets/app-with-client-secret.json");
const WITH_CERTIFICATE: &str = include_str!("secrets/app-with-certificate.json");
const KEPT: &str = include_str!("tags/app-kept.json");
/// The first byte of `printf %s teams-connect/contacts/praca-24 | sha256sum`.
const CONTACT: &str = "teams-connect/claims/06";
const LEFT: &str = include_str!("secrets/contact.json");
const WAITING: &str = include_str!("secrets/key-pair.json");

const CLIENT_SECRET: &str = "qZ48Q~wartosc.2";
const PRIVATE_KEY: &str = "AAECAwQFBgcICQ==";
const THUMBPRINT: &str = "31779B645CE6B250A673DE5C64AEA0434329F41B";

fn certificate() -> Certificate {
    let der = [&[0x30, 0x82, 0x01, 0xff][..], &(200..232).collect::<Vec<u8>>()].concat();
    Certificate { der, expires_on: "2028-11-23".parse().unwrap() }
}

fn with(credential: Credential) -> EntraApp {
    let (tenant, client_id) = app_ids();
    let expires_on = match credential {
        Credential::Secret(_) => Some("2027-03-31".parse().unwrap()),
        Credential::Certificate(_) | Credential::Federated(_) => None,
    };
    EntraApp { tenant, client_id, credential, expires_on }
}

fn with_secret() -> EntraApp {
    with(Credential::Secret(ClientSecret::from(CLIENT_SECRET.to_owned())))
}

fn with_certificate() -> EntraApp {
    let private_key = PrivateKey::from(PRIVATE_KEY.to_owned());
    with(Credential::Certificate(KeyPair { private_key, certificate: certificate() }))
}

fn found(verified: bool, findings: &[&str]) -> CheckRecord {
    CheckRecord { verified, findings: findings.iter().map(|&code| code.to_owned()).collect() }
}

#[tokio::test]
async fn an_app_is_kept_as_by_earlier_versions() {
    let well = SeenFromBelow::empty();
    well.vault.app_writer().store(&customer(), &with_secret(), &found(true, &[]), None).await.unwrap();
    assert_eq!(well.content(APP), WITH_SECRET);
    assert_eq!(well.tags(APP, None).await, KEPT);

    let ill = SeenFromBelow::empty();
    let findings = found(false, &["secret_wrong", "consent_missing"]);
    ill.vault.app_writer().store(&customer(), &with_certificate(), &findings, None).await.unwrap();
    assert_eq!(ill.content(APP), WITH_CERTIFICATE);
    assert_eq!(ill.tags(APP, None).await, include_str!("tags/app-with-findings.json"));
}

#[tokio::test]
async fn a_contact_is_kept_as_by_earlier_versions_and_read() {
    let contact = "it+teams@praca.example".parse().unwrap();
    let below = SeenFromBelow::empty();
    let (change, well) = (ContactChange::Set(contact), found(true, &[]));
    let writer = below.vault.app_writer();
    writer.store_by_link(&customer(), &with_secret(), (&well, None, &change), None).await.unwrap();
    assert_eq!(below.content(CONTACT), LEFT);
    let below = SeenFromBelow::with(CONTACT, LEFT, include_str!("tags/claim.json")).await;
    let read = below.vault.app_claims().contact((&customer(), at("2026-11-24T09:00:00Z"))).await.unwrap();
    assert_eq!(read.map(ContactChange::Set), Some(change));
}

#[tokio::test]
async fn an_app_that_an_earlier_version_kept_is_read() {
    let read = async |content| {
        let below = SeenFromBelow::with(APP, content, KEPT).await;
        below.vault.app_reader().read(&customer()).await.unwrap().value
    };
    let app = read(WITH_SECRET).await;
    assert_eq!(((app.tenant, app.client_id), app.expires_on), (app_ids(), with_secret().expires_on));
    assert!(matches!(app.credential, Credential::Secret(secret) if secret.expose() == CLIENT_SECRET));
    let app = read(WITH_CERTIFICATE).await;
    assert_eq!(((app.tenant, app.client_id), app.expires_on), (app_ids(), None));
    let Credential::Certificate(pair) = app.credential else { panic!("it was kept with a certificate") };
    assert_eq!((pair.private_key.expose(), pair.certificate), (PRIVATE_KEY, certificate()));
}

/// Everything that is noted beside an app.
async fn noted(vault: &Vault, diagnosed: &CheckRecord, notes: Vec<AppStatusUpdate>) {
    let app = vault.app_reader().read(&customer()).await.unwrap();
    vault.app_status_writer().record_check(&customer(), (&app.arn, &app.version), diagnosed).await.unwrap();
    for note in notes {
        vault.app_status_writer().record(&customer(), app.app(), note).await.unwrap();
    }
}

fn consent(granted: bool) -> AdminConsent {
    AdminConsent { granted, at: at("2026-11-24T09:01:00Z") }
}

fn tested(findings: &[&str]) -> SignInTestResult {
    let findings = findings.iter().map(|&code| code.to_owned()).collect();
    SignInTestResult { at: at("2026-11-24T09:02:00Z"), findings }
}

const COUNT: ConnectionCounts = ConnectionCounts { active: 12, suspect: 3, needs_reauth: 4 };

#[tokio::test]
async fn what_is_noted_beside_an_app_is_noted_as_by_earlier_versions() {
    let kept = async || {
        let below = SeenFromBelow::empty();
        below.vault.app_writer().store(&customer(), &with_secret(), &found(true, &[]), None).await.unwrap();
        below.clock.advance(SignedDuration::from_hours(1));
        below
    };
    let below = kept().await;
    let notes = vec![
        AppStatusUpdate::AdminConsent(consent(true)),
        AppStatusUpdate::SignInTest(tested(&["permission_missing", "no_refresh_token"])),
        AppStatusUpdate::ReminderSent(30),
        AppStatusUpdate::ConnectionCounts(COUNT),
    ];
    noted(&below.vault, &found(true, &["expires_soon"]), notes).await;
    assert_eq!(below.tags(APP, Some("checked")).await, include_str!("tags/app-noted.json"));

    let below = kept().await;
    let notes = vec![AppStatusUpdate::AdminConsent(consent(false)), AppStatusUpdate::SignInTest(tested(&[]))];
    noted(&below.vault, &found(false, &[]), notes).await;
    assert_eq!(below.tags(APP, Some("checked")).await, include_str!("tags/app-declined.json"));
}

async fn card(tags: &str, names_version: Option<&str>) -> AppSummary {
    let below = SeenFromBelow::with_version(APP, WITH_SECRET, tags, names_version).await;
    below.vault.app_reader().summary(&customer()).await.unwrap()
}

#[tokio::test]
async fn what_an_earlier_version_noted_beside_an_app_is_known() {
    let (tenant, client_id) = app_ids();
    let nine = at("2026-11-24T09:00:00Z");
    let kept = AppSummary {
        tenure: nine,
        tenant,
        client_id,
        kind: CredentialKind::ClientSecret,
        expires_on: with_secret().expires_on,
        fingerprint: Some("42c72c9d352d280d".to_owned()),
        verified_at: Some(nine),
        submitted_at: nine,
        checked_at: None,
        findings: Vec::new(),
        consent: None,
        consent_seen_at: None,
        sign_in_test: None,
        reminded: None,
        connections: None,
        blocked_at: None,
        intake_link: None,
    };
    let ten = at("2026-11-24T10:00:00Z");
    let noted = AppSummary {
        verified_at: Some(ten),
        checked_at: Some(ten),
        findings: vec!["expires_soon".to_owned()],
        consent: Some(consent(true)),
        sign_in_test: Some(tested(&["permission_missing", "no_refresh_token"])),
        reminded: Some(30),
        connections: Some(COUNT),
        ..kept.clone()
    };
    assert_eq!(card(include_str!("tags/app-noted.json"), Some("checked")).await, noted);
    let declined = card(include_str!("tags/app-declined.json"), Some("checked")).await;
    assert_eq!((declined.consent, declined.sign_in_test), (Some(consent(false)), Some(tested(&[]))));

    assert_eq!(card(KEPT, None).await, kept);
    let ill = card(include_str!("tags/app-with-findings.json"), None).await;
    assert_eq!((ill.kind, ill.fingerprint.as_deref()), (CredentialKind::Certificate, Some(THUMBPRINT)));
    assert_eq!((ill.verified_at, ill.findings.join(" ").as_str()), (None, "secret_wrong consent_missing"));
}

fn in_tenure() -> CredentialInUse<'static> {
    CredentialInUse { tenure: TenureState::Active(at("2026-11-24T08:00:00Z")), fingerprint: None }
}

/// The golden content with the key pair that was really made in it.
fn waiting_with(pair: &KeyPair) -> String {
    include_str!("secrets/key-pair-of-tenure.json")
        .replace(PRIVATE_KEY, pair.private_key.expose())
        .replace(&STANDARD.encode(certificate().der), &STANDARD.encode(&pair.certificate.der))
}

#[tokio::test]
async fn a_key_pair_waits_and_is_spent_as_under_earlier_versions() {
    let below = SeenFromBelow::empty();
    let pairs = below.vault.pending_key_pairs("Teams Connect");
    pairs.get_or_create(&customer(), in_tenure()).await.unwrap();
    let (pair, held) = pairs.read(&customer(), in_tenure()).await.unwrap().unwrap().into_parts();
    assert_eq!(below.content(KEY_PAIR), waiting_with(&pair));
    let tags = include_str!("tags/key-pair-of-tenure.json").replace(THUMBPRINT, &pair.certificate.thumbprint());
    assert_eq!(below.tags(KEY_PAIR, None).await, tags);
    pairs.consume(&customer(), &held).await.unwrap();
    assert_eq!(below.content(KEY_PAIR), include_str!("secrets/key-pair-spent.json"));
}

#[tokio::test]
async fn a_key_pair_that_an_earlier_version_made_still_waits() {
    still_waits(WAITING, include_str!("tags/key-pair.json")).await;
    let of_tenure = include_str!("secrets/key-pair-of-tenure.json");
    still_waits(of_tenure, include_str!("tags/key-pair-of-tenure.json")).await;
    let spent = SeenFromBelow::with(KEY_PAIR, include_str!("secrets/key-pair-spent.json"), "{}").await;
    assert!(spent.vault.pending_key_pairs("Teams Connect").read(&customer(), in_tenure()).await.unwrap().is_none());
}

async fn still_waits(content: &str, tags: &str) {
    let below = SeenFromBelow::with(KEY_PAIR, content, tags).await;
    let pairs = below.vault.pending_key_pairs("Teams Connect");
    let seen = pairs.find_certificate(&customer(), in_tenure()).await.unwrap().unwrap();
    assert_eq!((seen.thumbprint.as_str(), seen.expires_on.as_str()), (THUMBPRINT, "2028-11-23"));
    let pair = pairs.read(&customer(), in_tenure()).await.unwrap().unwrap().value;
    assert_eq!((pair.private_key.expose(), pair.certificate), (PRIVATE_KEY, certificate()));
}
