//! Known answers: what lies in links, cookies, meetings and secrets since earlier versions opens and means the same.
//!
//! The values of this file were computed without this crate (Python: `hashlib`, `hmac`, `cryptography`, and `pyseto` to
//! open each token once), so a name that is changed on both sides of the crate is noticed here.
#![cfg(test)]

#[path = "golden/apps.rs"]
mod apps;
#[path = "golden/calendar.rs"]
mod calendar;
#[path = "golden/deployment.rs"]
mod deployment;
#[cfg(feature = "local")]
#[path = "golden/local.rs"]
mod local;
#[path = "golden/log.rs"]
mod log;
#[path = "golden/pages.rs"]
mod pages;
#[path = "golden/recruiters.rs"]
mod recruiters;
#[path = "golden/seen_from_below.rs"]
mod seen_from_below;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use shared::domain::api_key::ApiKeyRecord;
use shared::domain::entra_app::{AdminConsentRequest, IntakeLink};
use shared::domain::meeting::{
    Chat, DialIn, ExternalId, JoinUrl, Lobby, LobbyAdmitters, Meeting, MeetingDigest, MeetingId, MeetingLink,
    MeetingNumber, MeetingOptions, MeetingOrder, MeetingTemplateId, MeetingTimes, OrderFingerprint, Participant,
    ParticipantRole, Presenters, Recording,
};
use shared::domain::sign_in::{CompletionHandle, CompletionOptions, ConnectLink, PendingSignIn, SignInTestLink};
use shared::domain::support_link::SupportLink;
use shared::http::sign_in_cookie;
use shared::types::clock::Timestamp;
use shared::types::sealing::deterministic::DeterministicSealingKey;
use shared::types::sealing::{Sealable, SealingKey, derive_key};
use shared::types::secret::{ApiKey, ClientSecret, GeneratedText, Secret};

use seen_from_below::{at, customer, recruiter};

/// Tokens that this key sealed, with what is in them: `{purpose, bound_to, content, token}`.
const SEALS: &str = include_str!("golden/seals.json");

/// The key that [`generated`] stands for.
const PASERK: &str = "k4.local.xMDRixbRo7r-PRp-DDT8LL-pKUZWssw2z_1LBfTTah0";

const PASERK_OF_LINKS: &str = "k4.local.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// What the link to [`room`] ends in, sealed with [`PASERK_OF_LINKS`].
const LINK_TOKEN: &str = "fJISZgAIeBfhEvXxw2e8mnffMZ96m_ACRuyA821wbLbStRULwclfmtR9qGrkQ8uHFvABORAlgvdimO9gLI9nTDGAqLIiUzkbW\
                          N_Rt23DnrvnWoiv-HNa43Rfyzx9lAE_gEZsLk8rVaweQwaCXILRwj8IeMEnXo_t7Q";

fn meeting() -> MeetingId {
    MeetingId::parse("MSo1N2Y5/+==").unwrap()
}

fn generated() -> GeneratedText {
    "Hk7Q".repeat(16).into()
}

fn seal() -> SealingKey {
    SealingKey::new(&derive_key(&generated()).unwrap()).unwrap()
}

#[test]
fn the_key_that_a_generated_text_stands_for_and_its_id_are_those_of_earlier_versions() {
    let key = derive_key(&generated()).unwrap();
    assert_eq!(key.expose(), PASERK);
    let now = Timestamp::UNIX_EPOCH;
    let link = ConnectLink {
        customer: customer(),
        user: recruiter(),
        tenure: Timestamp::UNIX_EPOCH,
        login_hint: None,
        language: None,
        select_account: false,
        completion: CompletionOptions::default(),
    };
    let token = seal().seal(&link, "", now, Timestamp::MAX).unwrap();
    // The footer, which names the key: `hux9CB6l` in base64url.
    assert_eq!(token.rsplit('.').next(), Some("aHV4OUNCNmw"));
}

fn vectors(purpose: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(SEALS).unwrap();
    all.into_iter().filter(|vector| vector["purpose"] == purpose).collect()
}

/// Opens every token of this purpose as a `T`, and writes what was in it again.
fn opens<T: Sealable>(purpose: &str, how_many: usize) {
    let vectors = vectors(purpose);
    assert_eq!(vectors.len(), how_many, "{purpose}");
    for vector in vectors {
        let text = |member: &str| vector[member].as_str().unwrap();
        let now = at("2025-11-25T09:00:00Z");
        let opened = seal().open::<T>(text("token"), text("bound_to"), now).unwrap();
        assert_eq!((opened.issued_at, opened.expires_at), (now, at("2025-11-25T10:00:00Z")), "{purpose}");
        // The order of members is not compared: JSON has none.
        assert_eq!(serde_json::to_value(&opened.content).unwrap(), vector["content"], "{purpose}");
        assert!(seal().open::<T>(text("token"), "elsewhere", now).is_err(), "{purpose} is bound to its context");
    }
}

#[test]
fn a_link_for_the_administrator_from_an_earlier_version_opens() {
    opens::<IntakeLink>("intake-link", 4);
}

#[test]
fn a_consent_that_an_earlier_version_asked_for_is_known_again() {
    opens::<AdminConsentRequest>("admin-consent", 2);
}

#[test]
fn a_link_for_the_recruiter_from_an_earlier_version_opens() {
    opens::<ConnectLink>("connect-link", 2);
}

#[test]
fn a_link_for_the_test_of_a_sign_in_from_an_earlier_version_opens() {
    opens::<SignInTestLink>("sign-in-test-link", 2);
}

#[test]
fn a_link_to_the_page_for_support_from_an_earlier_version_opens() {
    opens::<SupportLink>("support-link", 1);
}

#[test]
fn a_sign_in_that_an_earlier_version_began_goes_on_under_this_one() {
    opens::<PendingSignIn>("sign-in", 4);
}

#[test]
fn a_handle_that_an_earlier_version_gave_out_can_be_completed() {
    opens::<CompletionHandle>("handle", 1);
    let handle = CompletionHandle::new("Zm9yIGEgZ29sZGVuIHRlc3Q", &customer(), &recruiter());
    assert_eq!(serde_json::to_value(&handle).unwrap(), vectors("handle")[0]["content"], "it is of the same recruiter");
}

fn room() -> MeetingLink {
    MeetingLink {
        customer: customer(),
        user: recruiter(),
        id: meeting(),
        join_url: JoinUrl::parse("https://teams.microsoft.com/l/meetup-join/19%3ameeting/0").unwrap(),
    }
}

#[test]
fn a_meeting_link_of_an_earlier_version_leads_to_its_meeting() {
    let seal = DeterministicSealingKey::derive(PASERK_OF_LINKS.as_bytes()).unwrap();
    assert_eq!(MeetingLink::open(&seal, LINK_TOKEN), Some(room()));
    assert!(room().seal(&seal).unwrap().len() < LINK_TOKEN.len());
}

/// Links as they are made today, one for each way in which their content is packed.
fn links() -> [(MeetingLink, &'static str); 4] {
    const GUID: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
    // `0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f` in base64, and the id of its meeting.
    let topic = "MGM5ZDhlN2YtMWEyYi00YzNkLThlNWYtNmE3YjhjOWQwZTFm";
    let id = MeetingId::parse(&STANDARD.encode(format!("1*{GUID}*0**19:meeting_{topic}@thread.v2"))).unwrap();
    let link = |customer: &str, user: &str, url: &str| MeetingLink {
        customer: customer.parse().unwrap(),
        user: user.parse().unwrap(),
        id: id.clone(),
        join_url: JoinUrl::parse(url).unwrap(),
    };
    let long = format!(
        "https://teams.microsoft.com/l/meetup-join/19%3ameeting_{topic}%40thread.v2/0?context=%7b%22Tid%22%3a%22{GUID}%22\
         %2c%22Oid%22%3a%22{GUID}%22%7d"
    );
    [
        (
            room(),
            "6WK2zdIiTngrN4Q9zAnCbdfybyO5T1KDTYAjffUnYJesjVOn3SLkdeJauPqGa3jP4iCOAvmKzDe1DTkhpQeMO4ooiVZWod4UFRF-vtAzDZ2GiIEEP6HzlK8KC25o-eXHu-SNpRLYV0BHwPxZuiY",
        ),
        (
            link(GUID, "anna", &long),
            "nER3zPHX108OkqzAfFrbmnkHhvhIWdyEC3Y9XpS4sbv7gTiH3-iRKcHcnhE-r7AY_hDWuySUgeYCHLSZT26PaVn5TPOH_OikbhlVUw_-d-K7Af0jaG0",
        ),
        (
            link("kadry", GUID, "https://teams.microsoft.com/meet/21234567890123?p=abcDEF123ghi"),
            "rvNdy2_9yKd0NE-PApu_Dp1xZ91vQL7OA96FVxH-mF-KN7pDUNtTxgaM3Tkdo-xb6y6u7pD5KhMvyYtpH4EgHRnYoacVJxduMfgX04Sws8SYxOdEcLqh5urkzg",
        ),
        (
            link(GUID, GUID, "https://teams.microsoft.com/meet/21234567890123"),
            "xUPLM0FFYemn-IR_0Gcdlxs35TdkKtsWEwA--xcUbA2mN0zrZpIpFBOBXp19wZnqzsVgJeGJdO5dVDLBoI6np8m6Lqbw6cTrtwYZEb9KD_lS4uF8DVJxwhBcDToF0Fo",
        ),
    ]
}

#[test]
fn a_short_meeting_link_is_the_same_in_every_version() {
    let seal = DeterministicSealingKey::derive(PASERK_OF_LINKS.as_bytes()).unwrap();
    for (link, token) in links() {
        assert_eq!(link.seal(&seal).unwrap(), token);
        assert_eq!(MeetingLink::open(&seal, token), Some(link));
    }
}

#[test]
fn an_order_that_is_repeated_under_this_version_finds_the_meeting_of_an_earlier_one() {
    let order = ExternalId::for_order(&"order-2026/17".parse().unwrap(), &customer(), &recruiter());
    assert_eq!(order.as_str(), "4995b731aa0441a5df293702f4bf9d8407db984c594cc8c2a103ad8ef61e20b9");
    let handed_over = ExternalId::for_hand_over(&meeting(), &customer(), &"jan-k".parse().unwrap());
    assert_eq!(handed_over.as_str(), "c17f08e9d5fb1ac5fb33adb18b0109f972e462b4d15f7ff4de1cd0333c92869f");
}

#[test]
fn a_meeting_that_was_handed_over_under_an_earlier_version_is_known_by_the_same_digest() {
    let former = serde_json::to_value(MeetingDigest::from(&meeting())).unwrap();
    assert_eq!(former, "728acb7b088ee8353b0c2fa60bd9972e");
}

#[test]
fn a_client_secret_and_an_api_key_are_told_apart_by_the_digests_of_earlier_versions() {
    assert_eq!(ClientSecret::from("qZ48Q~wartosc.2".to_owned()).fingerprint(), "42c72c9d352d280d");
    let key = ApiKeyRecord::from_key("ats", &ApiKey::from("tc-key-of-the-ats".to_owned()));
    assert_eq!(key.sha256, "2285cf611a7cee18a35c3e839cee6a54388ca32c5341105f728b37c2500d04d2");
}

fn every_option() -> MeetingOptions {
    MeetingOptions {
        lobby: Some(Lobby::OrganizationWithoutGuests),
        dial_in_skips_lobby: Some(false),
        lobby_admitters: Some(LobbyAdmitters::Organizers),
        recording: Some(Recording::Automatic),
        transcription: Some(true),
        presenters: Some(Presenters::Named),
        chat: Some(Chat::Limited),
        announce_entry: Some(true),
        microphones: Some(false),
        cameras: Some(true),
        passcode: Some(true),
        template: Some(MeetingTemplateId::try_from("szablon-1".to_owned()).unwrap()),
    }
}

/// The mark of what was ordered lies in the end of a meeting at Microsoft: it holds every role and every option.
#[test]
fn the_mark_of_an_order_with_everything_in_it_is_that_of_an_earlier_version() {
    let with = |address: &str, role| Participant { address: address.parse().unwrap(), role };
    let order = MeetingOrder {
        subject: "Rozmowa: Łucja Wąs".parse().unwrap(),
        start: at("2026-12-01T08:15:00Z"),
        end: at("2026-12-01T09:00:00Z"),
        people: vec![
            with("kandydatka@poczta.example", ParticipantRole::Attendee),
            with("szef@praca24.example", ParticipantRole::CoOrganizer),
            with("ekspert@praca24.example", ParticipantRole::Presenter),
        ],
        options: every_option(),
        language: shared::types::language::Language::Pl,
    };
    assert_eq!(order.create_meeting().times.fingerprint, Some(OrderFingerprint::from_digest(0xf24d_b439_cbab_1de1)));
}

/// The ATS keeps an `ETag` to change a meeting with, and the next version must not take that for another state.
#[test]
fn the_state_of_a_meeting_has_the_digest_of_earlier_versions() {
    let with = |address: &str, role| Participant { address: address.parse().unwrap(), role };
    let full = Meeting {
        id: meeting(),
        join_url: room().join_url,
        subject: "Rozmowa: Łucja \"Wąs\"".to_owned(),
        times: MeetingTimes {
            start: at("2026-12-01T08:15:00Z"),
            end: at("2026-12-01T09:00:00.5Z"),
            changes: 3,
            fingerprint: None,
        },
        people: vec![
            with("Szef@praca24.example", ParticipantRole::CoOrganizer),
            with("kandydatka@poczta.example", ParticipantRole::Attendee),
            with("ekspert@praca24.example", ParticipantRole::Presenter),
        ],
        options: every_option(),
        number: Some(MeetingNumber { id: "123 456".to_owned(), passcode: Some("aB1".to_owned()) }),
        dial_in: Some(DialIn {
            conference_id: "77".to_owned(),
            toll_number: Some("+48 22".to_owned()),
            toll_free_number: None,
            more_numbers: Some("https://dialin.teams.microsoft.com/1".to_owned()),
        }),
        created_at: Some(at("2026-11-01T08:15:00Z")),
        external_id: None,
        join_text: Some("<p>".to_owned()),
    };
    let bare = Meeting {
        people: Vec::new(),
        options: MeetingOptions::default(),
        number: Some(MeetingNumber { id: "1".to_owned(), passcode: None }),
        dial_in: None,
        ..full.clone()
    };
    assert_eq!(full.state_digest(), "d6f11b4589f84e2cc44d26833d3b143b");
    assert_eq!(bare.state_digest(), "fd155027d975d93b92a9332ad4d7d364");
    assert_eq!(Meeting { number: None, ..bare }.state_digest(), "cda6286a394b1a60dd222b27bb47e699");
}

#[test]
fn the_cookie_of_a_sign_in_has_the_name_of_earlier_versions() {
    let set = sign_in_cookie::set(
        "Qw-12_ertyuiopas",
        "sealed".to_owned(),
        shared::types::clock::SignedDuration::from_mins(15),
    );
    assert_eq!(set.unwrap(), "__Host-tc-Qw12ertyuiop=sealed; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=900");
}
