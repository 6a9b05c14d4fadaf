//! Some thousand orders for each law, the same ones every time; a million are one command away (`./tests/run seats`).

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};

use shared::startup::settings::{EnvSource, ProcessEnv};
use shuttle::future::{block_on, spawn, yield_now};
use shuttle::scheduler::RandomScheduler;
use shuttle::{Config, Runner};
use tokio::sync::OwnedMutexGuard;

use shared::adapters::vault::model::VaultError;
use shared::types::ids::{CustomerId, UserId};

use crate::keyed_mutex::KeyedMutex;
use crate::single_flight::SingleFlight;
use crate::types::clock::{SignedDuration, Timestamp};
use crate::types::lock::Mutex;

const SEED: u64 = 1;
const ORDERS: usize = 5_000;

/// Plays this in as many orders as are wished for; a law that is broken panics.
fn in_many_orders(play: impl Fn() + Send + Sync + 'static) {
    let wish = |name: &str| ProcessEnv.get(name);
    let orders = wish("SEATS_ORDERS").and_then(|text| text.parse().ok()).unwrap_or(ORDERS);
    let seed = wish("SEATS_SEED").and_then(|text| text.parse().ok()).unwrap_or(SEED);
    Runner::new(RandomScheduler::new_from_seed(seed, orders), Config::default()).run(play);
}

/// Whether some order breaks a law.
fn is_caught(play: impl Fn() + Send + Sync + 'static) -> bool {
    catch_unwind(AssertUnwindSafe(|| in_many_orders(play))).is_err()
}

type LockKey = (CustomerId, UserId);

fn whose(user: &str) -> LockKey {
    ("kadry".parse().unwrap(), user.parse().unwrap())
}

/// How requests of one process wait for one another.
trait LockHolder: Clone + Default + Send + Sync + 'static {
    fn lock(&self, whose: &LockKey) -> impl Future<Output = OwnedMutexGuard<()>> + Send;
}

impl LockHolder for KeyedMutex<LockKey> {
    async fn lock(&self, whose: &LockKey) -> OwnedMutexGuard<()> {
        self.lock(whose).await
    }
}

type Locks = Arc<Mutex<HashMap<LockKey, Arc<tokio::sync::Mutex<()>>>>>;

/// Looks for the seat, and takes one in another step where there is none.
#[derive(Clone, Default)]
struct CheckThenAct(Locks);

impl LockHolder for CheckThenAct {
    async fn lock(&self, whose: &LockKey) -> OwnedMutexGuard<()> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(whose).cloned();
        let seat = known.unwrap_or_else(|| {
            let seat = Arc::default();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(whose.clone(), Arc::clone(&seat));
            seat
        });
        seat.lock_owned().await
    }
}

/// Takes seats away that somebody waits for: who holds one has one clone of it, and who waits has another.
#[derive(Clone, Default)]
struct BrokenMutex(Locks);

impl LockHolder for BrokenMutex {
    async fn lock(&self, whose: &LockKey) -> OwnedMutexGuard<()> {
        let seat = {
            let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            seats.retain(|_, seat| Arc::strong_count(seat) > 2);
            seats.entry(whose.clone()).or_default().clone()
        };
        seat.lock_owned().await
    }
}

/// Somebody is aboard until this is dropped, as also happens to whoever is given up.
struct HeldLock(Arc<AtomicUsize>);

impl HeldLock {
    fn alone(aboard: &Arc<AtomicUsize>) -> Self {
        assert_eq!(aboard.fetch_add(1, Ordering::SeqCst), 0, "two are aboard at once");
        Self(Arc::clone(aboard))
    }
}

impl Drop for HeldLock {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn fly<B: LockHolder>(flights: B, whose: LockKey, aboard: Arc<AtomicUsize>) {
    for _ in 0..2 {
        let _seat = flights.lock(&whose).await;
        let _alone = HeldLock::alone(&aboard);
        yield_now().await;
    }
}

/// Three fly for Anna, one of whom is given up somewhere, and one for Jan. Whoever waited for ever would be noticed too.
fn flights<B: LockHolder>() {
    let (flights, annas, jans) = (B::default(), Arc::default(), Arc::default());
    let anna = || spawn(fly(flights.clone(), whose("anna"), Arc::clone(&annas)));
    let (given_up, others) = (anna(), [anna(), anna(), spawn(fly(flights.clone(), whose("jan"), jans))]);
    given_up.abort();
    block_on(async {
        for other in others {
            other.await.unwrap();
        }
        drop(given_up.await);
    });
    assert_eq!(annas.load(Ordering::SeqCst), 0);
}

#[test]
fn of_all_who_renew_for_one_recruiter_one_is_aboard_at_a_time() {
    in_many_orders(flights::<KeyedMutex<LockKey>>);
}

#[test]
fn a_seat_that_is_looked_for_and_taken_in_two_steps_is_caught() {
    assert!(is_caught(flights::<CheckThenAct>));
}

#[test]
fn a_seat_that_is_taken_away_too_soon_is_caught() {
    assert!(is_caught(flights::<BrokenMutex>));
}

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A vault that is read a while, and counts; the reading after `failures` succeeds.
async fn read(readings: &AtomicUsize, failures: usize) -> Result<usize, VaultError> {
    let reading = readings.fetch_add(1, Ordering::SeqCst);
    yield_now().await;
    if reading < failures { Err(VaultError::NotFound) } else { Ok(reading) }
}

/// How a process keeps what it has read.
trait CacheUnderTest: Send + Sync + 'static {
    fn empty() -> Arc<Self>;
    fn get(&self, readings: &AtomicUsize, failures: usize) -> impl Future<Output = Result<usize, VaultError>> + Send;
}

impl CacheUnderTest for SingleFlight<usize> {
    fn empty() -> Arc<Self> {
        Self::new()
    }

    async fn get(&self, readings: &AtomicUsize, failures: usize) -> Result<usize, VaultError> {
        self.get_or_load(Timestamp::UNIX_EPOCH, MINUTE, read(readings, failures)).await.map(|value| *value)
    }
}

/// Looks whether something is kept, and reads after that.
#[derive(Default)]
struct BrokenCache(Mutex<Option<usize>>);

impl CacheUnderTest for BrokenCache {
    fn empty() -> Arc<Self> {
        Arc::default()
    }

    async fn get(&self, readings: &AtomicUsize, failures: usize) -> Result<usize, VaultError> {
        let kept = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = kept {
            return Ok(value);
        }
        let value = read(readings, failures).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        Ok(value)
    }
}

/// Four need it at once: the first readings fail, each for whoever asked, and then one serves everybody else.
fn readers<K: CacheUnderTest>(failures: usize) {
    let (kept, readings) = (K::empty(), Arc::new(AtomicUsize::new(0)));
    let reader = || {
        let (kept, readings) = (Arc::clone(&kept), Arc::clone(&readings));
        spawn(async move { kept.get(&readings, failures).await.ok() })
    };
    let readers = [reader(), reader(), reader(), reader()];
    let got: Vec<_> = block_on(async {
        let mut got = Vec::new();
        for reader in readers {
            got.push(reader.await.unwrap());
        }
        got
    });
    assert_eq!(readings.load(Ordering::SeqCst), failures + 1, "it is read once");
    assert_eq!(got.iter().filter(|value| value.is_none()).count(), failures);
    assert!(got.iter().flatten().all(|value| *value == failures), "{got:?}");
}

#[test]
fn whoever_needs_a_value_at_once_waits_for_one_reading_and_none_for_one_that_failed() {
    for failures in 0..3 {
        in_many_orders(move || readers::<SingleFlight<usize>>(failures));
    }
}

#[test]
fn a_value_that_is_looked_for_and_read_in_two_steps_is_caught() {
    assert!(is_caught(|| readers::<BrokenCache>(0)));
}

#[test]
fn whoever_gives_a_reading_up_leaves_it_to_the_next() {
    in_many_orders(|| {
        let (kept, readings) = (SingleFlight::<usize>::empty(), Arc::new(AtomicUsize::new(0)));
        let reader = || {
            let (kept, readings) = (Arc::clone(&kept), Arc::clone(&readings));
            spawn(async move { kept.get(&readings, 0).await.ok() })
        };
        let (given_up, other) = (reader(), reader());
        given_up.abort();
        let got = block_on(async {
            drop(given_up.await);
            other.await.unwrap()
        });
        let readings = readings.load(Ordering::SeqCst);
        assert!(got.is_some() && (1..=2).contains(&readings), "{got:?} after {readings}");
    });
}
