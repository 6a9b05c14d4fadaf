//! Random bytes: from the operating system, or from a seed in tests.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A source of unpredictable bytes.
#[derive(Clone, Debug)]
pub struct Randomness(RandomnessSource);

#[derive(Clone, Debug)]
enum RandomnessSource {
    System,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

/// The operating system gave no random bytes. Nothing that needs them can go on.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomnessError;

impl Randomness {
    /// Bytes of the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self(RandomnessSource::System)
    }

    /// The same bytes for the same seed, for tests.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(RandomnessSource::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))))
    }

    /// `N` new bytes.
    ///
    /// # Errors
    /// [`RandomnessError`] if the operating system gives none.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], RandomnessError> {
        let mut bytes = [0; N];
        match &self.0 {
            RandomnessSource::System => system_bytes(&mut bytes)?,
            RandomnessSource::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes),
        }
        Ok(bytes)
    }

    /// A generator with a new seed, for algorithms that draw an unknown number of times.
    ///
    /// # Errors
    /// As [`Randomness::bytes`].
    pub fn rng(&self) -> Result<ChaCha20Rng, RandomnessError> {
        Ok(ChaCha20Rng::from_seed(self.bytes()?))
    }

    /// 256 bits in base64url: 43 characters, the shape of a PKCE verifier (RFC 7636 §4.1), a state, a nonce.
    ///
    /// # Errors
    /// As [`Randomness::bytes`].
    pub fn token(&self) -> Result<String, RandomnessError> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<32>()?))
    }

    /// 128 bits in base64url: 22 characters, for a name that nothing else has.
    ///
    /// # Errors
    /// As [`Randomness::bytes`].
    pub fn id(&self) -> Result<String, RandomnessError> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<16>()?))
    }

    /// A number in `0..=max`. Its distribution is even enough for jitter.
    ///
    /// # Errors
    /// As [`Randomness::bytes`].
    pub fn at_most(&self, max: u64) -> Result<u64, RandomnessError> {
        let number = u64::from_le_bytes(self.bytes()?);
        Ok(number % max.saturating_add(1).max(1))
    }
}

#[expect(clippy::disallowed_methods, reason = "the only place that asks the system for random bytes")]
fn system_bytes(bytes: &mut [u8]) -> Result<(), RandomnessError> {
    getrandom::fill(bytes).map_err(|_| RandomnessError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_the_bytes() {
        assert_eq!(Randomness::seeded(7).token().unwrap(), Randomness::seeded(7).token().unwrap());
        assert_ne!(Randomness::seeded(7).token().unwrap(), Randomness::seeded(8).token().unwrap());
    }

    #[test]
    fn every_number_of_a_range_is_drawn_and_none_beyond() {
        let randomness = Randomness::seeded(1);
        let drawn: Vec<_> = (0..100).map(|_| randomness.at_most(2).unwrap()).collect();
        assert!((0..=2).all(|number| drawn.contains(&number)) && drawn.iter().all(|number| *number <= 2));
        assert_eq!(randomness.at_most(0).unwrap(), 0);
        assert!((0..10).any(|_| randomness.at_most(u64::MAX).unwrap() > u64::MAX / 2));
    }

    /// Neither a counter nor a clock passes. The sum of a fair bit strays by more than eight of its standard deviations once in
    /// a thousand million million tries.
    #[test]
    fn each_of_the_256_bits_of_a_token_is_set_as_often_as_not_and_goes_with_no_other() {
        const TOKENS: usize = 4_096;
        const FAIR: std::ops::RangeInclusive<usize> = TOKENS / 2 - 8 * 32..=TOKENS / 2 + 8 * 32;
        let tokens: Vec<Vec<u8>> =
            (0..TOKENS).map(|_| URL_SAFE_NO_PAD.decode(Randomness::system().token().unwrap()).unwrap()).collect();
        assert!(tokens.iter().all(|token| token.len() == 32));
        let bit = |token: &[u8], bit: usize| token[bit / 8] >> (bit % 8) & 1;
        for number in 0..256 {
            let set = tokens.iter().filter(|token| bit(token, number) == 1).count();
            assert!(FAIR.contains(&set), "bit {number} is set {set} times");
            let changed = tokens.windows(2).filter(|pair| bit(&pair[0], number) != bit(&pair[1], number)).count();
            assert!(FAIR.contains(&changed), "bit {number} changes {changed} times");
            let alike = tokens.iter().filter(|token| bit(token, number) == bit(token, (number + 1) % 256)).count();
            assert!(FAIR.contains(&alike), "bit {number} is the next one {alike} times");
        }
        assert_eq!(Randomness::system().id().unwrap().len(), 22);
    }
}
