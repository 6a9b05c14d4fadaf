//! One schedule: who goes when, and what befalls them.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use shared::clock::SignedDuration;
use shared::vault::memory::{Fault, Operation};

use crate::chance::Chance;
use crate::entra::Mood;
use crate::witness::{Before, Broken, Witness};
use crate::world::{PROCESSES, RECRUITERS, World};
use crate::writer::{Errand, Outcome, Writer};

/// A schedule that takes longer is ended: those who still wait die.
const MOST_TURNS: usize = 600;

/// Whether what everything rests on is there, or what of it is missing: the faults that this model must be able to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// A write replaces what was read, or fails; and whoever is disconnected has no tokens in the vault.
    Everything,
    /// A write replaces whatever is there.
    LastWriteWins,
    /// Whoever is disconnected is only marked, and the tokens lie there still.
    MarksOnly,
}

/// What happened in schedules that broke no law.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Turns that were taken.
    pub turns: u64,
    /// Requests that Entra was sent.
    pub requests: u64,
    /// Faults of the vault and of Entra.
    pub faults: u64,
    /// Writers that died on their way.
    pub crashes: u64,
    /// Writers that came to an end with a success.
    pub successes: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.turns += other.turns;
        self.requests += other.requests;
        self.faults += other.faults;
        self.crashes += other.crashes;
        self.successes += other.successes;
    }
}

struct Under {
    writer: Writer,
    before: Before,
    way: Pin<Box<dyn Future<Output = Outcome>>>,
}

/// Plays the schedule that this seed makes. The runtime's clock must stand still.
pub async fn play(seed: u64, keeping: Keeping, client: &reqwest::Client) -> Result<Tally, Broken> {
    // Its turns are many and end in one poll of the runtime's, which would take that for greed.
    tokio::task::unconstrained(Play::begun(seed, keeping, client).await.run()).await
}

struct Play {
    chance: Chance,
    world: World,
    witness: Witness,
    under_way: Vec<Under>,
    tally: Tally,
}

impl Play {
    async fn begun(seed: u64, keeping: Keeping, client: &reqwest::Client) -> Self {
        let mut chance = Chance::seeded(seed);
        let mut world = tokio::task::unconstrained(World::begun(seed, client)).await;
        world.marks_only = keeping == Keeping::MarksOnly;
        if keeping == Keeping::LastWriteWins {
            world.memory.let_the_last_write_win();
        }
        // Most schedules begin with tokens that have lapsed, so that writers meet.
        if chance.percent(80) {
            world.wait(SignedDuration::from_hours(2));
        }
        Self { chance, world, witness: Witness::default(), under_way: Vec::new(), tally: Tally::default() }
    }

    async fn run(mut self) -> Result<Tally, Broken> {
        self.witness.look(&self.world)?;
        for _ in 0..2 + self.chance.below(5) {
            self.set_out();
        }
        for _ in 0..MOST_TURNS {
            if self.under_way.is_empty() {
                break;
            }
            match self.chance.below(100) {
                0..4 => self.let_fail(),
                4..6 => self.let_die(),
                6..9 => self.let_time_pass().await,
                9 => self.let_happen(),
                10 if self.under_way.len() < 6 => self.set_out(),
                _ => self.turn().await?,
            }
            self.witness.look(&self.world)?;
        }
        self.under_way.clear();
        self.end().await?;
        self.tally.requests = self.world.entra.book().requests;
        Ok(self.tally)
    }

    /// Somebody goes on to where he next has to wait.
    async fn turn(&mut self) -> Result<(), Broken> {
        self.tally.turns += 1;
        let at = self.chance.below(self.under_way.len());
        let way = &mut self.under_way[at].way;
        let Poll::Ready(outcome) = poll_fn(|context| Poll::Ready(way.as_mut().poll(context))).await else {
            return Ok(());
        };
        let Under { writer, before, .. } = self.under_way.swap_remove(at);
        self.witness.look(&self.world)?;
        if matches!(outcome, Outcome::Served(_) | Outcome::Connected(_) | Outcome::Disconnected | Outcome::HandedOver) {
            self.tally.successes += 1;
        }
        self.witness.told(&self.world, (writer, before), &outcome)
    }

    fn set_out(&mut self) {
        use Errand::{ClearAway, Disconnect, HandOver, Order, OrderRefused, Renew, SignIn};
        let errands = [
            Order,
            Order,
            Order,
            OrderRefused,
            Renew,
            Renew,
            SignIn,
            SignIn,
            Disconnect,
            Disconnect,
            ClearAway,
            HandOver,
        ];
        let writer = Writer {
            errand: self.chance.of(&errands),
            // Most meet at the first recruiter.
            recruiter: usize::from(self.chance.percent(15)) % RECRUITERS,
            process: self.chance.below(PROCESSES),
        };
        let before = self.witness.sets_out(&self.world, writer);
        self.under_way.push(Under { writer, before, way: Box::pin(writer.go(self.world.clone())) });
    }

    /// A call goes wrong: the next one of its kind.
    fn let_fail(&mut self) {
        self.tally.faults += 1;
        if self.chance.percent(50) {
            use Operation::{Create, Delete, Describe, Put, Read, Restore, Tag};
            let operations = [Put, Read, Create, Describe, Tag, Delete, Restore];
            let faults = [Fault::Unavailable, Fault::AnswerLost, Fault::Behind, Fault::Denied];
            self.world.memory.fail_next(self.chance.of(&operations), self.chance.of(&faults));
        } else {
            use Mood::{Loop, LosesAnswer, OutOfReach, OutOfService, Throttled, Wanting, Wrong};
            let moods = [LosesAnswer, LosesAnswer, OutOfReach, OutOfService, Throttled, Loop, Wrong, Wrong, Wanting];
            let mood = self.chance.of(&moods);
            self.world.entra.book().next(mood);
        }
    }

    /// A request is given up where it stands, or a whole process ends with all that it had under way.
    fn let_die(&mut self) {
        if self.chance.percent(70) {
            let at = self.chance.below(self.under_way.len());
            self.under_way.swap_remove(at);
            self.tally.crashes += 1;
        } else {
            let process = self.chance.below(PROCESSES);
            let before = self.under_way.len();
            self.under_way.retain(|under| under.writer.process != process);
            self.tally.crashes += u64::try_from(before - self.under_way.len()).unwrap_or_default();
            self.world.restart(process);
        }
    }

    async fn let_time_pass(&mut self) {
        let seconds = self.chance.of(&[1, 61, 61, 7_200, 31 * 86_400]);
        self.world.wait(SignedDuration::from_secs(seconds));
        // What sleeps wakes, and what waits too long gives up.
        tokio::time::advance(Duration::from_secs(if seconds > 1 { 30 } else { 1 })).await;
    }

    /// Something happens at Microsoft.
    fn let_happen(&mut self) {
        if self.chance.percent(50) {
            let recruiter = self.chance.below(RECRUITERS);
            self.world.entra.book().revoke(recruiter);
        } else {
            self.world.entra.book().end_secret();
        }
    }

    /// Nothing fails any more. What should work must work, and whoever has to sign in again can.
    async fn end(&mut self) -> Result<(), Broken> {
        self.world.memory.calm();
        self.world.entra.book().calm();
        self.world.hand_over().await.map_err(|_| Broken::CannotConnect(Outcome::HandedOver))?;
        self.world.wait(SignedDuration::from_hours(2));
        self.witness.look(&self.world)?;
        self.world.restart(0);
        for recruiter in 0..RECRUITERS {
            if self.witness.must_work(&self.world, recruiter) {
                let outcome = self.alone(Errand::Order, recruiter).await?;
                if !matches!(outcome, Outcome::Served(_)) {
                    return Err(Broken::DoesNotWork(outcome));
                }
            }
            for errand in [Errand::SignIn, Errand::Renew] {
                let outcome = self.alone(errand, recruiter).await?;
                if !matches!(outcome, Outcome::Connected(_) | Outcome::Served(_)) {
                    return Err(Broken::CannotConnect(outcome));
                }
            }
        }
        Ok(())
    }

    /// Somebody goes all the way, and nobody else does.
    async fn alone(&mut self, errand: Errand, recruiter: usize) -> Result<Outcome, Broken> {
        let writer = Writer { errand, recruiter, process: 0 };
        let before = self.witness.sets_out(&self.world, writer);
        let outcome = writer.go(self.world.clone()).await;
        self.witness.look(&self.world)?;
        self.witness.told(&self.world, (writer, before), &outcome)?;
        Ok(outcome)
    }
}
