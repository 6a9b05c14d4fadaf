//! The keys that seal links, cookies and handles. Whoever opens with a key can seal with it too, so each function has one for
//! what is its own, and there is one for what intake hands to callback. Intake's own key is refresh's too, which makes links
//! for support.
//!
//! The version labelled `AWSPREVIOUS` goes on opening, so that a rotation needs no downtime.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::adapters::vault::api_keys::{KEYS_TTL, MIN_RELOAD_INTERVAL};
use crate::adapters::vault::documents;
use crate::adapters::vault::model::{VaultError, VersionStage};
use crate::adapters::vault::secret_names::DeploymentSecret;
use crate::adapters::vault::secret_store::SecretStore;
use crate::domain::entra_app::{AdminConsentRequest, IntakeLink};
use crate::domain::sign_in::{CompletionHandle, ConnectLink, PendingSignIn, SignInTestLink};
use crate::domain::support_link::SupportLink;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::sealing::{OpenedToken, SealError, Sealable, SealingKey};
use crate::types::single_flight::SingleFlight;

/// What a sealing key is for.
pub trait KeyUse {
    /// The secret that it lies in.
    const SECRET: DeploymentSecret;
}

/// Content that is sealed and opened with the key of this use, and with no other.
pub trait SealedWith<U: KeyUse>: Sealable {}

/// The sealing keys of one use.
#[derive(Clone, Debug)]
pub struct SealingKeys<U> {
    store: SecretStore,
    current: Arc<SingleFlight<SealingKey>>,
    previous: Arc<SingleFlight<Option<SealingKey>>>,
    key_use: PhantomData<U>,
}

macro_rules! key_uses {
    ($($(#[$doc:meta])* $keys:ident = $key_use:ident in $secret:ident for $($content:ident),*;)*) => {
        $(
            $(#[$doc])*
            pub type $keys = SealingKeys<$key_use>;

            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $key_use;

            impl KeyUse for $key_use {
                const SECRET: DeploymentSecret = DeploymentSecret::$secret;
            }

            $(impl SealedWith<$key_use> for $content {})*
        )*
    };
}

key_uses! {
    /// What callback makes for itself: connect links, cookies and handles.
    SignInKeys = SignInUse in SealingKey for ConnectLink, PendingSignIn, CompletionHandle;
    /// Links to the form, which intake opens. Support orders them from refresh too.
    IntakeLinkKeys = IntakeLinkUse in IntakeKey for IntakeLink;
    /// What intake makes for callback, which makes more of it: an administrator's next steps.
    NextStepsKeys = NextStepsUse in NextStepsKey for AdminConsentRequest, SignInTestLink;
    /// What refresh makes for itself.
    SupportLinkKeys = SupportLinkUse in SupportKey for SupportLink;
}

impl<U: KeyUse> SealingKeys<U> {
    pub(super) fn new(store: SecretStore) -> Self {
        Self { store, current: SingleFlight::new(), previous: SingleFlight::new(), key_use: PhantomData }
    }

    /// Seals `value` until `expires_at`, as [`SealingKey::seal`] does.
    ///
    /// # Errors
    /// The vault's failure outside; inside, that the content could not be sealed.
    pub async fn seal<T: SealedWith<U>>(
        &self,
        value: &T,
        bound_to: &str,
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Result<String, SealError>, VaultError> {
        let now = self.store.clock.now();
        let key = self.current.get_or_load(now, KEYS_TTL, self.read(VersionStage::Current)).await?;
        Ok(key.seal(value, bound_to, issued_at, expires_at))
    }

    /// Seals `value` for so long from now on, bound to nothing. Returns when it ends, too.
    ///
    /// # Errors
    /// As [`SealingKeys::seal`].
    pub async fn seal_for<T: SealedWith<U>>(
        &self,
        value: &T,
        lifetime: SignedDuration,
    ) -> Result<Result<(String, Timestamp), SealError>, VaultError> {
        let now = self.store.clock.now();
        let expires_at = add_saturating(now, lifetime);
        Ok(self.seal(value, "", now, expires_at).await?.map(|sealed| (sealed, expires_at)))
    }

    /// Opens what the key in force sealed, or the one before it; as with API keys, a token that names neither makes both
    /// be read again, every few seconds at most.
    ///
    /// # Errors
    /// The vault's failure outside; inside, why the token was not opened.
    pub async fn open<T: SealedWith<U>>(
        &self,
        token: &str,
        bound_to: &str,
        now: Timestamp,
    ) -> Result<Result<OpenedToken<T>, SealError>, VaultError> {
        let read_at = self.store.clock.now();
        for age in [KEYS_TTL, MIN_RELOAD_INTERVAL] {
            let current = self.current.get_or_load(read_at, age, self.read(VersionStage::Current)).await?;
            let opened = current.open(token, bound_to, now);
            if !matches!(opened, Err(SealError::UnknownKey)) {
                return Ok(opened);
            }
            let previous = self.previous.get_or_load(read_at, age, self.previous()).await?;
            let opened = previous.as_ref().as_ref().map(|seal| seal.open(token, bound_to, now));
            if let Some(opened) = opened.filter(|opened| !matches!(opened, Err(SealError::UnknownKey))) {
                return Ok(opened);
            }
        }
        Ok(Err(SealError::UnknownKey))
    }

    async fn previous(&self) -> Result<Option<SealingKey>, VaultError> {
        match self.read(VersionStage::Previous).await {
            Ok(seal) => Ok(Some(seal)),
            Err(VaultError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read(&self, stage: VersionStage) -> Result<SealingKey, VaultError> {
        let name = self.store.names.of_deployment(U::SECRET);
        let key = documents::read_key(U::SECRET, &name, &self.store.backend.read(&name, stage).await?.body)?;
        SealingKey::new(&key).map_err(|_| documents::corrupt_document(&name, "it holds no sealing key"))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::types::clock::Clock;
    use crate::types::randomness::Randomness;
    use crate::types::sealing::generate_key;

    #[derive(Debug, Serialize, Deserialize)]
    struct Letter(String);
    impl Sealable for Letter {
        const PURPOSE: &'static str = "letter";
    }
    impl SealedWith<SignInUse> for Letter {}
    impl SealedWith<IntakeLinkUse> for Letter {}
    impl SealedWith<NextStepsUse> for Letter {}
    impl SealedWith<SupportLinkUse> for Letter {}

    async fn vault() -> (Vault, Clock) {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
        for secret in DeploymentSecret::KEYS {
            vault.create_key(secret, &generate_key(&vault.store.randomness).unwrap()).await.unwrap();
        }
        (vault, clock)
    }

    async fn rotate<U: KeyUse>(vault: &Vault) {
        vault.deployment_secrets().rotate(U::SECRET).await.unwrap();
    }

    async fn sealed<U: KeyUse>(keys: &SealingKeys<U>, now: Timestamp) -> String
    where
        Letter: SealedWith<U>,
    {
        let end = add_saturating(now, SignedDuration::from_hours(1));
        keys.seal(&Letter("x".into()), "", now, end).await.unwrap().unwrap()
    }

    async fn opens<U: KeyUse>(keys: &SealingKeys<U>, token: &str, now: Timestamp) -> Result<(), SealError>
    where
        Letter: SealedWith<U>,
    {
        keys.open::<Letter>(token, "", now).await.unwrap().map(drop)
    }

    #[tokio::test]
    async fn what_one_key_sealed_no_other_opens() {
        let (vault, clock) = vault().await;
        let now = clock.now();
        let (sign_in, intake, next) = (vault.sign_in_keys(), vault.intake_link_keys(), vault.next_steps_keys());
        let support = vault.support_link_keys();
        let tokens = [
            sealed(&sign_in, now).await,
            sealed(&intake, now).await,
            sealed(&next, now).await,
            sealed(&support, now).await,
        ];
        for (number, token) in tokens.iter().enumerate() {
            let opened = [
                opens(&sign_in, token, now).await,
                opens(&intake, token, now).await,
                opens(&next, token, now).await,
                opens(&support, token, now).await,
            ];
            for (other, opened) in opened.into_iter().enumerate() {
                assert_eq!(opened, if number == other { Ok(()) } else { Err(SealError::UnknownKey) });
            }
        }
    }

    #[tokio::test]
    async fn a_rotated_key_still_opens_until_the_next_rotation_and_the_others_stay() {
        let (vault, clock) = vault().await;
        let now = clock.now();
        let (token, other) = (sealed(&vault.sign_in_keys(), now).await, sealed(&vault.intake_link_keys(), now).await);
        rotate::<SignInUse>(&vault).await;
        assert_eq!(opens(&vault.sign_in_keys(), &token, now).await, Ok(()));
        rotate::<SignInUse>(&vault).await;
        assert_eq!(opens(&vault.sign_in_keys(), &token, now).await, Err(SealError::UnknownKey));
        assert_eq!(opens(&vault.intake_link_keys(), &other, now).await, Ok(()));
    }

    #[tokio::test]
    async fn a_rotation_is_no_downtime_for_a_process_that_knows_the_former_key() {
        let (vault, clock) = vault().await;
        let keys = vault.next_steps_keys();
        sealed(&keys, clock.now()).await;
        rotate::<NextStepsUse>(&vault).await;
        clock.advance(MIN_RELOAD_INTERVAL);
        let token = sealed(&vault.next_steps_keys(), clock.now()).await;
        assert_eq!(opens(&keys, &token, clock.now()).await, Ok(()));
    }
}
