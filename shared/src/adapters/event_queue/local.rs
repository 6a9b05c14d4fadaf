//! The queue of the deployment on one machine: a database in its folder, so that no restart loses an event.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use redb::backends::InMemoryBackend;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};

use crate::adapters::event_queue::{INITIAL_DELAY, MAX_RECEIVES, ReceivedEvent};
use crate::adapters::private_file::private_file;
use crate::domain::event::{Event, PublishError, PublishEvents};
use crate::types::clock::{Clock, SignedDuration, Timestamp, add_saturating};

/// The name of the file in the folder.
const FILE: &str = "events.redb";

/// A [`WaitingEvent`] as JSON, by the order in which they came.
const WAITING: TableDefinition<u64, &[u8]> = TableDefinition::new("waiting");

/// So long an event that was taken is hidden from others.
const HIDDEN_WHILE_DELIVERED: SignedDuration = SignedDuration::from_mins(1);

/// A queue in a folder, or in memory. Its clones share it.
#[derive(Clone)]
pub struct LocalQueue {
    database: Arc<Database>,
    clock: Clock,
}

#[derive(Serialize, Deserialize)]
struct WaitingEvent {
    event: Event,
    published_at: Timestamp,
    visible_at: Timestamp,
    receives: u32,
}

/// Names an event that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalReceipt(u64);

impl fmt::Debug for LocalQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalQueue")
    }
}

impl LocalQueue {
    /// The queue in `folder`; one is made where there is none.
    ///
    /// # Errors
    /// [`PublishError`] when it cannot be opened.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, PublishError> {
        let path = folder.join(FILE);
        // Events name customers and recruiters: whoever else works on this machine does not read them.
        match private_file().create_new(true).open(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
        Ok(Self { database: Arc::new(Database::create(path).map_err(failed)?), clock })
    }

    /// A queue in memory, for tests.
    ///
    /// # Errors
    /// As [`LocalQueue::open`].
    pub fn in_memory(clock: Clock) -> Result<Self, PublishError> {
        let database = Database::builder().create_with_backend(InMemoryBackend::new()).map_err(failed)?;
        Ok(Self { database: Arc::new(database), clock })
    }

    /// Takes events that are due, at most so many. Each is hidden for a minute.
    ///
    /// # Errors
    /// [`PublishError`].
    pub async fn receive(&self, limit: usize) -> Result<Vec<(LocalReceipt, ReceivedEvent)>, PublishError> {
        let now = self.clock.now();
        // Only this process takes events, one loop after another: what is due stays due.
        let due = self.due(now, limit).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        self.change(move |waiting| {
            let mut taken = Vec::new();
            for (number, mut held) in due {
                held.receives += 1;
                held.visible_at = add_saturating(now, HIDDEN_WHILE_DELIVERED);
                put(waiting, number, &held)?;
                let WaitingEvent { event, published_at, receives, .. } = held;
                taken.push((LocalReceipt(number), ReceivedEvent { event, published_at, receives }));
            }
            Ok(taken)
        })
        .await
    }

    /// Forgets an event that was delivered.
    ///
    /// # Errors
    /// [`PublishError`].
    pub async fn delete(&self, receipt: LocalReceipt) -> Result<(), PublishError> {
        self.change(move |waiting| waiting.remove(receipt.0).map(drop).map_err(failed)).await
    }

    /// Hides an event for so long that was taken and is not done.
    ///
    /// # Errors
    /// [`PublishError`].
    pub async fn retry_later(&self, receipt: LocalReceipt, delay: SignedDuration) -> Result<(), PublishError> {
        let visible_at = add_saturating(self.clock.now(), delay);
        self.change(move |waiting| {
            let held = waiting.get(receipt.0).map_err(failed)?.map(|held| serde_json::from_slice(held.value()));
            let Some(held) = held.transpose().map_err(failed)? else { return Ok(()) };
            put(waiting, receipt.0, &WaitingEvent { visible_at, ..held })
        })
        .await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<(u64, WaitingEvent)>, PublishError> {
        let is_due = move |held: &WaitingEvent| held.visible_at <= now && held.receives < MAX_RECEIVES;
        let mut due: Vec<_> = self.all().await?.into_iter().filter(|(_, held)| is_due(held)).collect();
        due.truncate(limit);
        Ok(due)
    }

    /// How many events wait, and how many of them are dead letters.
    ///
    /// # Errors
    /// [`PublishError`].
    pub async fn count(&self) -> Result<(usize, usize), PublishError> {
        let (dead, alive): (Vec<_>, Vec<_>) =
            self.all().await?.into_iter().partition(|(_, held)| held.receives == MAX_RECEIVES);
        Ok((alive.len(), dead.len()))
    }

    async fn all(&self) -> Result<Vec<(u64, WaitingEvent)>, PublishError> {
        let database = Arc::clone(&self.database);
        run_blocking(move || {
            let waiting = match database.begin_read().map_err(failed)?.open_table(WAITING) {
                Ok(waiting) => waiting,
                Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
                Err(error) => return Err(failed(error)),
            };
            let rows = waiting.iter().map_err(failed)?.map(|row| {
                let (number, held) = row.map_err(failed)?;
                Ok((number.value(), serde_json::from_slice(held.value()).map_err(failed)?))
            });
            rows.collect()
        })
        .await
    }

    async fn send(&self, events: &[Event]) -> Result<(), PublishError> {
        let published_at = self.clock.now();
        let visible_at = add_saturating(published_at, INITIAL_DELAY);
        let events = events.to_vec();
        self.change(move |waiting| {
            let last = waiting.last().map_err(failed)?.map(|(number, _)| number.value());
            for (number, event) in (last.map_or(0, |last| last + 1)..).zip(events) {
                put(waiting, number, &WaitingEvent { event, published_at, visible_at, receives: 0 })?;
            }
            Ok(())
        })
        .await
    }

    /// One transaction, on the disk when it returns.
    async fn change<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut redb::Table<'_, u64, &'static [u8]>) -> Result<T, PublishError> + Send + 'static,
    ) -> Result<T, PublishError> {
        let database = Arc::clone(&self.database);
        run_blocking(move || {
            let writing = database.begin_write().map_err(failed)?;
            let answer = act(&mut writing.open_table(WAITING).map_err(failed)?)?;
            writing.commit().map_err(failed)?;
            Ok(answer)
        })
        .await
    }
}

impl PublishEvents for LocalQueue {
    fn publish<'a>(&'a self, events: &'a [Event]) -> BoxFuture<'a, Result<(), PublishError>> {
        self.send(events).boxed()
    }
}

fn put(
    waiting: &mut redb::Table<'_, u64, &'static [u8]>,
    number: u64,
    held: &WaitingEvent,
) -> Result<(), PublishError> {
    let text = serde_json::to_vec(held).map_err(failed)?;
    waiting.insert(number, text.as_slice()).map(drop).map_err(failed)
}

async fn run_blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, PublishError> + Send + 'static,
) -> Result<T, PublishError> {
    tokio::task::spawn_blocking(act).await.map_err(failed)?
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> PublishError {
    PublishError(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::event_queue::retry_delay;
    use crate::domain::event::EventKind;

    fn event(customer: &str) -> Event {
        let start = Timestamp::UNIX_EPOCH;
        Event::of_customer(EventKind::CustomerConfigured, &customer.parse().unwrap(), start, start)
    }

    async fn taken(queue: &LocalQueue) -> Vec<(LocalReceipt, ReceivedEvent)> {
        queue.receive(10).await.unwrap()
    }

    #[tokio::test]
    async fn an_event_waits_is_taken_by_one_and_gone_when_it_was_delivered() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let queue = LocalQueue::in_memory(clock.clone()).unwrap();
        queue.publish(&[event("a"), event("b")]).await.unwrap();
        assert!(taken(&queue).await.is_empty(), "the change is being written");
        clock.advance(INITIAL_DELAY);
        let both = taken(&queue).await;
        assert_eq!(both.iter().map(|(_, taken)| taken.event.clone()).collect::<Vec<_>>(), [event("a"), event("b")]);
        assert!(taken(&queue).await.is_empty(), "they are being delivered");
        queue.delete(both[0].0).await.unwrap();
        queue.publish(&[event("c")]).await.unwrap();
        clock.advance(HIDDEN_WHILE_DELIVERED);
        let rest: Vec<_> = taken(&queue).await.into_iter().map(|(_, taken)| (taken.event, taken.receives)).collect();
        assert_eq!(rest, [(event("b"), 2), (event("c"), 1)], "whoever delivered it may have died");
    }

    #[tokio::test]
    async fn a_restart_loses_no_event() {
        let (clock, folder) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), tempfile::tempdir().unwrap());
        LocalQueue::open(folder.path(), clock.clone()).unwrap().publish(&[event("a")]).await.unwrap();
        clock.advance(INITIAL_DELAY);
        let queue = LocalQueue::open(folder.path(), clock).unwrap();
        assert_eq!(taken(&queue).await.len(), 1);
        #[cfg(unix)]
        {
            let file = std::fs::metadata(folder.path().join(FILE)).unwrap();
            assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o077, 0);
        }
    }

    #[tokio::test]
    async fn what_nobody_takes_for_a_day_is_a_dead_letter() {
        let clock = Clock::frozen_at(Timestamp::UNIX_EPOCH);
        let queue = LocalQueue::in_memory(clock.clone()).unwrap();
        queue.publish(&[event("a")]).await.unwrap();
        clock.advance(INITIAL_DELAY);
        for receives in 1..=MAX_RECEIVES {
            let (receipt, taken) = taken(&queue).await.remove(0);
            assert_eq!((taken.receives, taken.published_at), (receives, Timestamp::UNIX_EPOCH));
            assert_eq!(queue.count().await.unwrap(), if receives < MAX_RECEIVES { (1, 0) } else { (0, 1) });
            let Some(delay) = retry_delay(receives) else { break };
            queue.retry_later(receipt, delay).await.unwrap();
            clock.advance(delay - SignedDuration::from_secs(1));
            assert!(self::taken(&queue).await.is_empty());
            clock.advance(SignedDuration::from_secs(1));
        }
        clock.advance(SignedDuration::from_hours(48));
        assert!(taken(&queue).await.is_empty());
    }
}
