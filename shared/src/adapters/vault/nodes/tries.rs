//! How often, and after which pauses, something is tried again that others were faster with.

use std::time::Duration;

use tokio::time::Instant;

use crate::adapters::vault::model::VaultError;
use crate::types::randomness::Randomness;

const MAX_TRIES: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_millis(1_500);
const MAX_TOTAL: Duration = Duration::from_secs(12);

/// The tries of one request.
pub(super) struct Tries<'r> {
    randomness: &'r Randomness,
    began: Instant,
    taken: u32,
}

impl<'r> Tries<'r> {
    pub(super) fn new(randomness: &'r Randomness) -> Self {
        Self { randomness, began: Instant::now(), taken: 1 }
    }

    /// Waits for the next try: full jitter, so that those who met do not meet again. After the last, why it failed.
    pub(super) async fn again(&mut self, why: VaultError) -> Result<(), VaultError> {
        let most = FIRST_PAUSE.saturating_mul(1 << self.taken.min(6)).min(MAX_PAUSE);
        let pause = self.randomness.at_most(u64::try_from(most.as_millis()).unwrap_or(u64::MAX));
        let pause = Duration::from_millis(pause.map_err(|error| VaultError::Unavailable(error.into()))?);
        if self.taken >= MAX_TRIES || self.began.elapsed() + pause > MAX_TOTAL {
            return Err(why);
        }
        self.taken += 1;
        tokio::time::sleep(pause).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often something was tried that took so long each time, and how long the whole took.
    async fn tries(randomness: &Randomness, each: Duration) -> (u32, Duration) {
        let began = Instant::now();
        let mut tries = Tries::new(randomness);
        loop {
            tokio::time::sleep(each).await;
            if tries.again(VaultError::Stale).await.is_err() {
                return (tries.taken, began.elapsed());
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tries_end_after_ten_or_after_twelve_seconds() {
        let mut longest = Duration::ZERO;
        for seed in 0..50 {
            let randomness = Randomness::seeded(seed);
            let (taken, took) = tries(&randomness, Duration::ZERO).await;
            assert_eq!(taken, MAX_TRIES);
            longest = longest.max(took);
            let (taken, took) = tries(&randomness, Duration::from_secs(3)).await;
            assert!((3..=4).contains(&taken) && took <= MAX_TOTAL + Duration::from_secs(3), "{taken} {took:?}");
        }
        // The pauses grow: 100, 200, 400, 800 ms and five times 1.5 s at most, half of it on the average.
        assert!((Duration::from_secs(5)..Duration::from_secs(9)).contains(&longest), "{longest:?}");
    }
}
