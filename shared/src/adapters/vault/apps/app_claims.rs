//! Which customer works with an app: a small secret under a name made of tenant and app, so that no two customers ever
//! share one. It is made by `CreateSecret`, which Secrets Manager grants once; nothing is listed for it.
//!
//! A claim counts while its owner's app is the one that it claims. So one that was left behind, because its owner went
//! or a write failed half way, can be taken over, and of two who do so at once the compare-and-set lets one.

use crate::adapters::vault::apps::{AppWriter, parse_app_tags};
use crate::adapters::vault::documents;
use crate::adapters::vault::model::{SecretMetadata, SecretName, Tags, VaultError};
use crate::types::clock::SignedDuration;
use crate::types::ids::{ClientId, CustomerId, TenantId};

/// Whoever claims an app keeps it with the same request; so long a claim counts without an app.
const UNBACKED_CLAIM_TTL: SignedDuration = SignedDuration::from_mins(5);

/// Writers that are overtaken this often meet again at the next request.
const MAX_ATTEMPTS: usize = 3;

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The app is the customer's.
    Ours,
    /// Another customer works with it.
    Taken,
}

impl AppWriter {
    /// Claims an app for a customer. Again: the same answer.
    ///
    /// # Errors
    /// [`VaultError`]; `Stale` when others claimed and released it all the while.
    pub async fn claim(&self, customer: &CustomerId, of: (TenantId, ClientId)) -> Result<ClaimOutcome, VaultError> {
        let name = self.store.names.claim(of.0, of.1);
        let tags = Tags::from([("kind".to_owned(), "claim".to_owned()), ("customer".to_owned(), customer.to_string())]);
        for _ in 0..MAX_ATTEMPTS {
            let first = self.store.first_version()?;
            match self.store.backend.create(&name, &first, documents::write_claim(customer)?, &tags).await {
                Ok(_) => return Ok(ClaimOutcome::Ours),
                Err(VaultError::Stale | VaultError::Deleted) => {}
                Err(error) => return Err(error),
            }
            let seen = match self.store.backend.describe(&name).await {
                Ok(seen) => seen,
                Err(VaultError::NotFound) => continue,
                Err(error) => return Err(error),
            };
            let owner = claim_owner(&seen)?;
            if seen.deleted_at.is_some() {
                self.store.backend.restore(&name).await?;
            } else if owner == *customer {
                return Ok(ClaimOutcome::Ours);
            } else if self.is_claim_valid(&seen, &owner, of).await? {
                return Ok(ClaimOutcome::Taken);
            }
            match self.store.backend.put(&seen.arn, &seen.current, documents::write_claim(customer)?).await {
                Ok(_) => return self.store.backend.tag(&seen.arn, &tags).await.map(|()| ClaimOutcome::Ours),
                Err(VaultError::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Err(VaultError::Stale)
    }

    /// Releases an app that the customer claimed. What another customer claimed, or nobody, stays as it is.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn release(&self, customer: &CustomerId, of: (TenantId, ClientId)) -> Result<(), VaultError> {
        let name: SecretName = self.store.names.claim(of.0, of.1);
        match self.store.backend.describe(&name).await {
            Ok(seen) if seen.deleted_at.is_none() && claim_owner(&seen)? == *customer => {
                self.store.backend.delete(&seen.arn).await
            }
            Ok(_) | Err(VaultError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn is_claim_valid(
        &self,
        claim: &SecretMetadata,
        owner: &CustomerId,
        of: (TenantId, ClientId),
    ) -> Result<bool, VaultError> {
        if claim.changed_at.duration_until(self.store.clock.now()) < UNBACKED_CLAIM_TTL {
            return Ok(true);
        }
        match self.store.backend.describe(&self.store.names.app(owner)).await {
            Ok(app) if app.deleted_at.is_none() => Ok(parse_app_tags(&app)?.is_app(of.0, of.1)),
            Ok(_) | Err(VaultError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn claim_owner(claim: &SecretMetadata) -> Result<CustomerId, VaultError> {
    let owner = claim.tags.get("customer").and_then(|customer| customer.parse().ok());
    owner.ok_or_else(|| documents::corrupt_document(&claim.name, "its tags are not ours"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::apps::CheckRecord;
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
            self.writer.claim(&customer.parse().unwrap(), Self::of(app)).await.unwrap()
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
    async fn an_app_is_one_customers_until_it_is_released() {
        let claims = Claims::new();
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Ours);
        claims.keep("a", 0).await;
        claims.wait();
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Ours);
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Taken);
        assert_eq!(claims.claim("b", 1).await, ClaimOutcome::Ours);
        claims.writer.release(&"b".parse().unwrap(), Claims::of(0)).await.unwrap();
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Taken, "nobody releases what another claimed");
        claims.writer.release(&"a".parse().unwrap(), Claims::of(0)).await.unwrap();
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Ours);
        assert_eq!(claims.claim("a", 0).await, ClaimOutcome::Taken);
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
    async fn the_app_of_an_offboarded_customer_may_be_anothers() {
        let claims = Claims::new();
        claims.claim("a", 0).await;
        claims.keep("a", 0).await;
        claims.writer.offboard(&"a".parse().unwrap()).await.unwrap();
        claims.wait();
        assert_eq!(claims.claim("b", 0).await, ClaimOutcome::Ours);
    }
}
