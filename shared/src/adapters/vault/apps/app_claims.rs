//! Which customer works with an app, so that no two customers ever share one. The claims of the deployment lie in 256
//! secrets, by the first byte of a hash of tenant and app, each made when it is needed.
//!
//! Only an app that Entra accepted is claimed: credentials that were never checked must not keep out whoever has the right
//! ones. A claim counts while its owner's app is the one that it claims, and for five minutes without an app, because its
//! writer may be about to store one. Whoever stores another app or is offboarded ends those five minutes, by compare-and-set
//! over the very claim that was there before, so a late write ends nobody else's. A claim is written again each time the app
//! is stored; of two customers who do so at once the compare-and-set lets one.

use ring::digest;

use crate::adapters::vault::apps::app_tags::{has_ended, parse_app_tags};
use crate::adapters::vault::documents::app::{ClaimEntry, read_claim, write_claim};
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::NodeStore;
use crate::adapters::vault::nodes::node_tree::NodeTree;
use crate::adapters::vault::nodes::node_write::{Decision, WritePlan};
use crate::adapters::vault::nodes::write_budget::WriteClass;
use crate::adapters::vault::secret_store::SecretStore;
use crate::types::clock::{SignedDuration, Timestamp};
use crate::types::ids::{ClientId, CustomerId, TenantId};

/// Whoever claims an app keeps it with the same request; so long a claim counts without an app.
const UNBACKED_CLAIM_TTL: SignedDuration = SignedDuration::from_mins(5);

pub(super) const CLAIM_WRITE: WritePlan = WritePlan { class: WriteClass::Always, tenure: None, may_begin: true };

/// The key of what lies among the claims under this name, and the tree that it lies in.
pub(super) fn place_among_claims(name: &str) -> (String, NodeTree) {
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    let byte = hash.as_ref().first().copied().unwrap_or_default();
    (hex::encode(hash), NodeTree::Claims(byte))
}

fn place_of_claim((tenant, client_id): (TenantId, ClientId)) -> (String, NodeTree) {
    place_among_claims(&format!("{tenant}.{client_id}"))
}

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The app is the customer's.
    Ours,
    /// Another customer works with it.
    Taken,
}

/// Claims apps for customers.
#[derive(Clone, Debug)]
pub struct AppClaims {
    pub(in crate::adapters::vault) store: SecretStore,
    pub(in crate::adapters::vault) nodes: NodeStore,
}

impl AppClaims {
    /// Whether a customer may store an app that Entra has not accepted yet. Nothing is claimed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn look_up(&self, customer: &CustomerId, of: (TenantId, ClientId)) -> Result<ClaimOutcome, VaultError> {
        match self.find(of).await? {
            Some(other) if other.customer != *customer && self.is_valid(&other, of).await? => Ok(ClaimOutcome::Taken),
            _ => Ok(ClaimOutcome::Ours),
        }
    }

    /// Claims an app that Entra accepted for a customer. Again: the same answer.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when others claimed it all the while.
    pub async fn claim(&self, customer: &CustomerId, of: (TenantId, ClientId)) -> Result<ClaimOutcome, VaultError> {
        let (key, tree) = place_of_claim(of);
        // The claim of another that is known to count no more: written over only while it is this very one.
        let mut lapsed: Option<ClaimEntry> = None;
        loop {
            let now = self.store.clock.now();
            let decided = self.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
                Ok(match read_claim(node, &key)? {
                    Some(other) if other.customer != *customer && lapsed.as_ref() != Some(&other) => {
                        Decision::Answer(Err(other))
                    }
                    _ => Decision::Write(vec![write_claim(&key, customer, now)?], Ok(ClaimOutcome::Ours)),
                })
            });
            match decided.await? {
                Ok(outcome) => return Ok(outcome),
                Err(other) if self.is_valid(&other, of).await? => return Ok(ClaimOutcome::Taken),
                Err(other) => lapsed = Some(other),
            }
        }
    }

    /// The same of an app that the customer has already: nothing is written where the claim is there.
    ///
    /// # Errors
    /// As [`AppClaims::claim`].
    pub async fn keep(&self, customer: &CustomerId, of: (TenantId, ClientId)) -> Result<ClaimOutcome, VaultError> {
        match self.of_customer(customer, of).await? {
            Some(_) => Ok(ClaimOutcome::Ours),
            None => self.claim(customer, of).await,
        }
    }

    /// What `read` takes from what lies at this place, as it is known now; `None` if nothing does.
    pub(super) async fn find_now<T>(
        &self,
        (key, tree): (String, NodeTree),
        read: impl FnOnce(&Node<'_>, &str) -> Result<T, VaultError>,
    ) -> Result<Option<T>, VaultError> {
        let Some(node) = self.nodes.find_now(&tree, &key).await? else { return Ok(None) };
        read(&node.parse(&tree)?, &key).map(Some)
    }

    async fn find(&self, of: (TenantId, ClientId)) -> Result<Option<ClaimEntry>, VaultError> {
        let (key, tree) = place_of_claim(of);
        let read = self.nodes.update(&tree, &key, CLAIM_WRITE, |node| Ok(Decision::Answer(read_claim(node, &key)?)));
        read.await
    }

    /// The claim of a customer on an app.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(super) async fn of_customer(
        &self,
        customer: &CustomerId,
        of: (TenantId, ClientId),
    ) -> Result<Option<ClaimEntry>, VaultError> {
        Ok(self.find(of).await?.filter(|claim| claim.customer == *customer))
    }

    /// Lets a claim count no longer than its owner's app, if it is still this very claim.
    ///
    /// # Errors
    /// [`VaultError`].
    pub(super) async fn end_unbacked(&self, claim: &ClaimEntry, of: (TenantId, ClientId)) -> Result<(), VaultError> {
        let (key, tree) = place_of_claim(of);
        let decided = self.nodes.update(&tree, &key, CLAIM_WRITE, |node| {
            Ok(match read_claim(node, &key)? {
                Some(found) if found == *claim => {
                    Decision::Write(vec![write_claim(&key, &claim.customer, Timestamp::UNIX_EPOCH)?], ())
                }
                _ => Decision::Answer(()),
            })
        });
        decided.await
    }

    async fn is_valid(&self, claim: &ClaimEntry, of: (TenantId, ClientId)) -> Result<bool, VaultError> {
        if claim.claimed_at.duration_until(self.store.clock.now()) < UNBACKED_CLAIM_TTL {
            return Ok(true);
        }
        match self.store.backend.describe(&self.store.names.app(&claim.customer)).await {
            Ok(app) if !has_ended(&app) => Ok(parse_app_tags(&app)?.is_app(of.0, of.1)),
            Ok(_) | Err(VaultError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::apps::{AppWriter, CheckRecord};
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::entra_app::{Credential, EntraApp};
    use crate::types::clock::{Clock, Timestamp};
    use crate::types::randomness::Randomness;

    const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
    const APPS: [&str; 2] = ["0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f", "1c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f"];

    struct Claims {
        writer: AppWriter,
        clock: Clock,
    }

    impl Claims {
        fn new() -> Self {
            let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
            let memory = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
            let vault = Vault::new(memory, "test".parse().unwrap(), clock.clone(), randomness);
            Self { writer: vault.app_writer(), clock }
        }

        async fn claim(&self, customer: &str, app: usize) -> ClaimOutcome {
            self.writer.claims.claim(&customer.parse().unwrap(), Self::of(app)).await.unwrap()
        }

        async fn keep(&self, customer: &str, app: usize) {
            let customer = customer.parse().unwrap();
            let seen = self.writer.snapshot(&customer).await.unwrap();
            let (tenant, client_id) = Self::of(app);
            let credential = Credential::Secret("abC8Q~x".to_owned().into());
            let app = EntraApp { tenant, client_id, credential, expires_on: None };
            self.writer.store(&customer, &app, &CheckRecord::from_findings(true, &[]), seen.as_ref()).await.unwrap();
        }

        fn of(app: usize) -> (TenantId, ClientId) {
            (TENANT.parse().unwrap(), APPS[app].parse().unwrap())
        }

        fn wait(&self) {
            self.clock.advance(SignedDuration::from_hours(1));
        }
    }

    #[tokio::test]
    async fn an_app_is_one_customers_until_he_works_with_another() {
        let claims = Claims::new();
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Ours);
        claims.keep("a", 0).await;
        claims.wait();
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Ours);
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Taken);
        assert_eq!(claims.claim("b", 1).await, ClaimOutcome::Ours);
        claims.wait();
        claims.claim("a", 1).await;
        claims.keep("a", 1).await;
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Ours);
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Taken);
    }

    #[tokio::test]
    async fn what_was_seen_as_ones_own_long_ago_is_claimed_again_before_it_is_relied_on() {
        let claims = Claims::new();
        claims.claim("a", 0).await;
        claims.clock.advance(UNBACKED_CLAIM_TTL - SignedDuration::from_secs(1));
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Ours);
        claims.clock.advance(SignedDuration::from_secs(2));
        assert_eq!(
            claims.claim("b", 0).await,
            ClaimOutcome::Taken,
            "it was written again, and its owner keeps the app now"
        );
    }

    #[tokio::test]
    async fn of_two_who_take_over_a_claim_at_once_one_has_it() {
        let claims = Claims::new();
        claims.claim("a", 0).await;
        claims.wait();
        let both = futures_util::future::join(claims.claim("b", 0), claims.claim("c", 0)).await;
        assert!(
            matches!(both, (ClaimOutcome::Ours, ClaimOutcome::Taken) | (ClaimOutcome::Taken, ClaimOutcome::Ours)),
            "{both:?}"
        );
    }

    #[tokio::test]
    async fn a_claim_that_was_left_behind_is_taken_over() {
        let claims = Claims::new();
        claims.claim("a", 0).await;
        claims.clock.advance(SignedDuration::from_secs(299));
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Taken, "its owner may be about to keep the app");
        claims.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Ours);
        claims.keep("b", 0).await;
        claims.wait();
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Taken);
        claims.keep("b", 1).await;
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Ours, "its owner works with another app by now");
    }

    #[tokio::test]
    async fn an_app_that_was_left_is_free_at_once_also_after_the_offboarding() {
        let claims = Claims::new();
        claims.wait();
        for app in [0, 1, 0] {
            assert_eq!(claims.claim("a", app).await, ClaimOutcome::Ours);
            claims.keep("a", app).await;
        }
        assert_eq!(claims.claim("b", 1).await, ClaimOutcome::Ours);
        assert_eq!(claims.claim("c", 0).await, ClaimOutcome::Taken);
        claims.writer.offboard(&"a".parse().unwrap()).await.unwrap();
        assert_eq!(claims.claim("c", 0).await, ClaimOutcome::Ours);
    }

    #[tokio::test]
    async fn the_app_of_an_offboarded_customer_may_be_anothers() {
        let claims = Claims::new();
        claims.claim("a", 0).await;
        claims.keep("a", 0).await;
        claims.writer.offboard(&"a".parse().unwrap()).await.unwrap();
        claims.wait();
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Ours);
    }

    #[tokio::test]
    async fn whoever_looks_up_an_app_is_told_whose_it_is_and_claims_nothing() {
        let claims = Claims::new();
        let look_up = async |customer: &str| {
            claims.writer.claims.look_up(&customer.parse().unwrap(), Claims::of(0)).await.unwrap()
        };
        assert_eq!([look_up("a").await, look_up("b").await], [ClaimOutcome::Ours; 2]);
        claims.claim("a", 0).await;
        claims.keep("a", 0).await;
        for _ in 0..2 {
            assert_eq!((look_up("a").await, look_up("b").await), (ClaimOutcome::Ours, ClaimOutcome::Taken));
            claims.wait();
        }
        claims.keep("a", 1).await;
        assert_eq!(look_up("b").await, ClaimOutcome::Ours);
    }

    #[tokio::test]
    async fn an_offboarding_that_comes_late_ends_no_claim_of_another() {
        let claims = Claims::new();
        claims.claim("a", 0).await;
        let former = claims.writer.claims.find(Claims::of(0)).await.unwrap().unwrap();
        claims.wait();
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Ours);
        claims.writer.claims.end_unbacked(&former, Claims::of(0)).await.unwrap();
        assert_eq!(claims.claim("c", 0).await, ClaimOutcome::Taken);
    }
}
