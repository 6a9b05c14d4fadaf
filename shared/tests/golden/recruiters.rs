//! What lies in the vault of recruiters and claims: connections in each state, disconnections, hand-overs, claims.
//!
//! The contents and tags stand in files of their own, for a later layout will keep these three otherwise.
#![cfg(test)]

use shared::adapters::vault::apps::ClaimOutcome;
use shared::adapters::vault::connections::ConnectionSummary;
use shared::adapters::vault::model::VaultError;
use shared::domain::connection::{Account, Connection, ConnectionHealth, ConnectionState, HealthState};
use shared::domain::meeting::{HandOver, JoinUrl, MeetingDigest, MeetingId};
use shared::domain::sign_in::{CompletionOptions, PendingSignIn, ReturnedSignIn, SignInPurpose};
use shared::types::clock::Timestamp;
use shared::types::ids::ObjectId;
use shared::types::secret::{AccessToken, AuthorizationCode, PkceVerifier, RefreshToken, Secret};

use crate::seen_from_below::{SeenFromBelow, app_ids, at, customer, recruiter};

const CONNECTION: &str = "teams-connect/customers/praca-24/connections";
const HAND_OVERS: &str = "teams-connect/customers/praca-24/hand-overs";
/// The first byte of `printf %s 3b7e2c11-5d40-4a6f-8c9b-0e1f2a3b4c5d.7d1f9a20-64be-4c3d-9e8f-112233445566 | sha256sum`.
const CLAIM: &str = "teams-connect/claims/4b";

const WAITING: &str = include_str!("secrets/connection-waiting.json");
const DISCONNECTION: &str = include_str!("secrets/disconnection.json");
const DISCONNECTED: &str = include_str!("tags/connection-disconnected.json");
const HANDED_OVER: &str = include_str!("secrets/hand-overs.json");
/// The same of `printf %s teams-connect/withdrawn-intake-links/praca-24`.
const INTAKE_LINKS: &str = "teams-connect/claims/44";
const INTAKE_LINKS_WITHDRAWN: &str = include_str!("secrets/intake-links-withdrawn.json");
const CONNECT_LINKS_WITHDRAWN: &str = include_str!("secrets/connect-links-withdrawn.json");
const CLAIMED: &str = include_str!("secrets/claim.json");

/// Each state that a connection is kept in, with its content and tags.
fn states() -> [(ConnectionHealth, ConnectionState, &'static str, &'static str); 3] {
    let life = |standing, since, reason: Option<&str>| ConnectionHealth {
        standing,
        since: at(since),
        reason: reason.map(Into::into),
    };
    [
        (
            life(HealthState::Active, "2026-10-01T12:00:00Z", None),
            ConnectionState::Active,
            include_str!("secrets/connection-active.json"),
            include_str!("tags/connection-active.json"),
        ),
        (
            life(HealthState::Suspect, "2026-11-23T07:31:00Z", Some("token_revoked")),
            ConnectionState::Suspect,
            include_str!("secrets/connection-suspect.json"),
            include_str!("tags/connection-suspect.json"),
        ),
        (
            life(HealthState::NeedsReauth, "2026-11-23T07:32:30Z", Some("password_changed")),
            ConnectionState::NeedsReauth,
            include_str!("secrets/connection-needs-reauth.json"),
            include_str!("tags/connection-needs-reauth.json"),
        ),
    ]
}

/// The customer's tenure.
const TENURE: Timestamp = Timestamp::UNIX_EPOCH;

fn account() -> Account {
    let oid: ObjectId = "c4d5e6f7-0812-4b3a-9c5d-778899aabbcc".parse().unwrap();
    Account { oid, name: "Ewa Wilk-Żak".to_owned(), upn: "ewa.wilk@praca24.example".to_owned() }
}

const SCOPE: &str = "OnlineMeetings.ReadWrite User.Read offline_access";

fn connection(life: ConnectionHealth) -> Connection {
    let (tenant, client_id) = app_ids();
    Connection {
        customer: customer(),
        user: recruiter(),
        tenant,
        client_id,
        account: account(),
        access: AccessToken::from("eyJ0.access".to_owned()),
        obtained_at: at("2026-11-23T07:30:00.25Z"),
        access_expires_at: at("2026-11-24T09:45:00Z"),
        refresh: RefreshToken::from("0.AXoA-refresh".to_owned()),
        scope: SCOPE.to_owned(),
        life,
        sign_in: "sign-in-1".to_owned(),
        connected_at: at("2026-10-01T12:00:00Z"),
    }
}

#[tokio::test]
async fn a_connection_in_each_state_is_kept_as_by_earlier_versions() {
    for (life, _, content, tags) in states() {
        let below = SeenFromBelow::empty();
        below.vault.connections().store_sign_in(TENURE, &connection(life)).await.unwrap();
        assert_eq!(below.content(CONNECTION), content);
        assert_eq!(below.tags(CONNECTION, None).await, tags);
    }
}

#[tokio::test]
async fn a_connection_in_each_state_that_an_earlier_version_kept_is_read() {
    for (life, state, content, tags) in states() {
        let below = SeenFromBelow::with_version(CONNECTION, content, tags, None).await;
        let card = below.vault.connections().summary(&customer(), &recruiter()).await.unwrap();
        let expected = ConnectionSummary {
            tenure: TENURE,
            state,
            since: life.since,
            reason: life.reason.clone(),
            connected_at: at("2026-10-01T12:00:00Z"),
            renewed_at: at("2026-11-23T07:30:00.25Z"),
            app: Some(app_ids()),
        };
        assert_eq!(card, expected);
        let read = below.vault.connections().get_now(&customer(), &recruiter()).await.unwrap().connection;
        assert_eq!((read.customer, read.user), (customer(), recruiter()));
        assert_eq!((read.tenant, read.client_id), app_ids());
        assert_eq!((read.account, read.life), (account(), life));
        assert_eq!((read.access.expose(), read.refresh.expose()), ("eyJ0.access", "0.AXoA-refresh"));
        assert_eq!((read.obtained_at, read.access_expires_at), (card.renewed_at, at("2026-11-24T09:45:00Z")));
        assert_eq!((read.scope.as_str(), read.sign_in.as_str()), (SCOPE, "sign-in-1"));
        assert_eq!(read.connected_at, card.connected_at);
    }
}

/// A sign-in from which a browser returned at nine o'clock.
fn returned() -> ReturnedSignIn {
    let (tenant, client_id) = app_ids();
    ReturnedSignIn {
        sign_in: PendingSignIn {
            id: "sign-in-2".to_owned(),
            customer: customer(),
            tenure: TENURE,
            aim: SignInPurpose::Connection(recruiter()),
            tenant,
            client_id,
            nonce: "n-0S6".to_owned(),
            verifier: PkceVerifier::from("dBjftJeZ4CVP".to_owned()),
            started_at: Timestamp::UNIX_EPOCH,
            language: None,
            completion: CompletionOptions::default(),
        },
        code: AuthorizationCode::from("0.AXoA-code".to_owned()),
        handle: "v4.local.handle".to_owned(),
        until: at("2026-11-24T09:10:00Z"),
    }
}

#[tokio::test]
async fn a_sign_in_that_waits_is_kept_as_by_earlier_versions() {
    let below = SeenFromBelow::empty();
    let owner = (&customer(), &recruiter());
    below.vault.connections().store_return(TENURE, owner, &returned()).await.unwrap();
    assert_eq!(below.content(CONNECTION), WAITING);
}

#[tokio::test]
async fn a_sign_in_that_waits_since_an_earlier_version_is_read() {
    let below = SeenFromBelow::with_version(CONNECTION, WAITING, DISCONNECTED, None).await;
    let progress = below.vault.connections().sign_in_progress(TENURE, (&customer(), &recruiter())).await.unwrap();
    let (read, kept) = (progress.returned.unwrap(), returned());
    assert!(progress.connection.is_none());
    assert_eq!((read.code.expose(), read.handle, read.until), ("0.AXoA-code", kept.handle, kept.until));
    assert_eq!((read.sign_in.id.as_str(), read.sign_in.verifier.expose()), ("sign-in-2", "dBjftJeZ4CVP"));
}

#[tokio::test]
async fn a_recruiter_is_disconnected_as_by_earlier_versions() {
    let below = SeenFromBelow::empty();
    let [(life, ..), ..] = states();
    below.vault.connections().store_sign_in(TENURE, &connection(life)).await.unwrap();
    below.vault.connections().disconnect(None, (&customer(), &recruiter())).await.unwrap();
    assert_eq!(below.content(CONNECTION), DISCONNECTION);
    assert_eq!(below.tags(CONNECTION, None).await, DISCONNECTED);
}

#[tokio::test]
async fn a_recruiter_whom_an_earlier_version_disconnected_is_disconnected_still() {
    let below = SeenFromBelow::with_version(CONNECTION, DISCONNECTION, DISCONNECTED, None).await;
    let connections = below.vault.connections();
    let card = connections.summary(&customer(), &recruiter()).await.unwrap();
    assert_eq!((card.state, card.since), (ConnectionState::Disconnected, at("2026-11-24T09:00:00Z")));
    let read = connections.get_now(&customer(), &recruiter()).await;
    assert!(matches!(read, Err(VaultError::Deleted)), "{read:?}");
}

fn hand_overs() -> [(MeetingId, HandOver); 2] {
    let hand_over = |from: &str, to: &str, id: &str, url: &str, until: &str| {
        let from = MeetingId::parse(from).unwrap();
        let hand_over = HandOver {
            from: MeetingDigest::from(&from),
            to: to.parse().unwrap(),
            id: MeetingId::parse(id).unwrap(),
            join_url: JoinUrl::parse(url).unwrap(),
            until: at(until),
        };
        (from, hand_over)
    };
    [
        hand_over("MSo1N2Y5/+==", "jan-k", "MSo9/+A=", "https://teams.microsoft.com/l/9", "2027-02-02T09:00:00Z"),
        hand_over("MSo2", "ola", "MSo3", "https://teams.microsoft.com/l/3", "2027-02-03T09:00:00.5Z"),
    ]
}

#[tokio::test]
async fn hand_overs_are_kept_as_by_earlier_versions() {
    let below = SeenFromBelow::empty();
    let [(life, ..), ..] = states();
    below.vault.connections().store_sign_in(TENURE, &connection(life)).await.unwrap();
    for (_, hand_over) in hand_overs() {
        let noted = below.vault.hand_overs().record(&customer(), &recruiter(), hand_over, below.clock.now()).await;
        noted.unwrap();
    }
    assert_eq!(below.content(HAND_OVERS), HANDED_OVER);
    assert_eq!(below.tags(HAND_OVERS, None).await, include_str!("tags/hand-overs.json"));
}

#[tokio::test]
async fn hand_overs_that_an_earlier_version_kept_lead_on() {
    let below = SeenFromBelow::with(HAND_OVERS, HANDED_OVER, include_str!("tags/hand-overs.json")).await;
    for (from, hand_over) in hand_overs() {
        let found = below.vault.hand_overs().find(&customer(), &recruiter(), &from).await.unwrap();
        assert_eq!(found, Some(hand_over));
    }
}

#[tokio::test]
async fn an_app_is_claimed_as_by_earlier_versions() {
    let below = SeenFromBelow::empty();
    assert_eq!(below.vault.app_writer().claims.claim(&customer(), app_ids()).await.unwrap(), ClaimOutcome::Ours);
    assert_eq!(below.content(CLAIM), CLAIMED);
    assert_eq!(below.tags(CLAIM, None).await, include_str!("tags/claim.json"));
}

#[tokio::test]
async fn a_claim_of_an_earlier_version_is_its_owners() {
    let claim = async |customer: &str| {
        let below = SeenFromBelow::with(CLAIM, CLAIMED, include_str!("tags/claim.json")).await;
        below.vault.app_writer().claims.claim(&customer.parse().unwrap(), app_ids()).await.unwrap()
    };
    assert_eq!(claim("praca-24").await, ClaimOutcome::Ours);
    assert_eq!(claim("kadry").await, ClaimOutcome::Taken);
}

#[tokio::test]
async fn links_are_withdrawn_as_by_earlier_versions_and_stay_so() {
    let below = SeenFromBelow::empty();
    below.vault.app_writer().withdraw_intake_links(&customer()).await.unwrap();
    assert_eq!(below.content(INTAKE_LINKS), INTAKE_LINKS_WITHDRAWN);
    let below = SeenFromBelow::with(INTAKE_LINKS, INTAKE_LINKS_WITHDRAWN, include_str!("tags/claim.json")).await;
    let withdrawn_at = below.vault.app_writer().intake_links_withdrawn_at(&customer()).await.unwrap();
    assert_eq!(withdrawn_at, Some(below.clock.now()));

    let below = SeenFromBelow::empty();
    below.vault.connections().withdraw_links(TENURE, (&customer(), &recruiter())).await.unwrap();
    assert_eq!(below.content(CONNECTION), CONNECT_LINKS_WITHDRAWN);
    let below = SeenFromBelow::with(CONNECTION, CONNECT_LINKS_WITHDRAWN, DISCONNECTED).await;
    let withdrawn_at = below.vault.connections().links_withdrawn_at(&customer(), &recruiter()).await.unwrap();
    assert_eq!(withdrawn_at, Some(below.clock.now()));
}
