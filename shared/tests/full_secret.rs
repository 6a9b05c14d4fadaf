//! How much memory it takes to find one recruiter in a secret that is full: the secret is held once, and what is parsed
//! points into it.

#![cfg(test)]

use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::memory::MemoryBackend;
use shared::domain::connection::{Account, Connection, ConnectionOwner, TokenSet};
use shared::types::clock::{Clock, Timestamp};
use shared::types::ids::{CustomerId, UserId};
use shared::types::randomness::Randomness;
use shared::types::secret::{AccessToken, RefreshToken, Secret};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const ROOT: &str = "test/customers/kadry/connections";

/// Real refresh tokens have 1.2 to 1.8 kB, access tokens 2 kB and more.
fn signed_in(number: usize, now: Timestamp) -> Connection {
    let tokens = TokenSet {
        access: AccessToken::from("a".repeat(2_200)),
        obtained_at: now,
        expires_at: TokenSet::expires_at(now, 3_600),
        refresh: Some(RefreshToken::from(format!("{number:04}{}", "r".repeat(1_500)))),
        scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
    };
    let account = Account {
        oid: format!("11a5c0de-0001-4a01-8001-a1b2c3d4{number:04}").parse().unwrap(),
        name: "Anna Nowak".to_owned(),
        upn: format!("anna{number}@kadry.example"),
    };
    let owner = ConnectionOwner {
        customer: "kadry".parse().unwrap(),
        user: format!("user-{number}").parse().unwrap(),
        tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
        client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
    };
    Connection::from_tokens(owner, account, tokens, format!("sign-in-{number}")).unwrap()
}

#[tokio::test]
async fn a_recruiter_of_a_full_secret_is_found_without_a_copy_of_it() {
    let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
    let memory = MemoryBackend::new(clock.clone(), randomness.clone());
    let vault = Vault::new(Backend::Memory(memory.clone()), "test".parse().unwrap(), clock.clone(), randomness);
    let connections = vault.connections();
    let size = || memory.stored(ROOT).map_or(0, |stored| stored.body.expose().len());
    let mut recruiters = 0;
    while size() < 54 * 1_024 {
        connections.store_sign_in(Timestamp::UNIX_EPOCH, &signed_in(recruiters, clock.now())).await.unwrap();
        recruiters += 1;
        assert!(recruiters < 60, "the secret was split before it was full: {} bytes", size());
    }
    let (customer, user): (CustomerId, UserId) = ("kadry".parse().unwrap(), "user-1".parse().unwrap());
    // The secret itself is held from here on.
    connections.get(&customer, &user).await.unwrap();

    let profiler = dhat::Profiler::builder().testing().build();
    let held = connections.get(&customer, &user).await.unwrap();
    let peak = dhat::HeapStats::get().max_bytes;
    drop(profiler);
    assert_eq!(held.connection.account.upn, "anna1@kadry.example");
    println!("{recruiters} recruiters, {} bytes of secret, {peak} bytes to find one of them", size());
    // Its own tokens are two copies of a few kilobytes; the rest of the secret is not copied.
    assert!(peak < size() / 3, "{peak} bytes for a secret of {}", size());
}
