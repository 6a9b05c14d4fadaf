//! One schedule: who goes when, and what befalls them.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use serde_json::Value;
use shared::adapters::vault::backend::memory::{InjectedFault, VaultOperation};
use shared::types::clock::SignedDuration;

use crate::chance::ScheduleRng;
use crate::entra::EntraFault;
use crate::rogue;
use crate::witness::{InvariantChecker, InvariantViolation, PreviousObservation};
use crate::world::{ModelWorld, PROCESSES, RECRUITERS};
use crate::writer::{WriterAction, WriterOutcome, WriterTask};

/// A schedule that takes longer is ended: those who still wait die.
const MOST_TURNS: usize = 600;

/// Whether what everything rests on is there, or what of it is missing: the faults that this model must be able to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionSlot {
    /// A write replaces what was read, or fails, and follows from what it replaces.
    Everything,
    /// A write replaces whatever is there.
    LastWriteWins,
    /// A writer writes again, over what came since, what it had decided upon what was there before.
    BlindSecondTry,
    /// A refresh writes the older tokens of a connection over newer ones: it compares no token.
    ComparesNoToken,
    /// Where a connection has ended, what was there before is written again: nobody looks whether it ended.
    RevivesEnded,
    /// What lay there in a former tenure of the customer is written into the next.
    ForgetsTenure,
    /// A writer leaves out what it does not know.
    DropsOthers,
    /// A splitter writes the parent and dies before there is a child.
    ParentBeforeChild,
    /// A splitter that comes late puts back what it has read into the child of the parent that counts.
    LateSplitter,
    /// A node in use is marked, as one that nobody leads to.
    DropsChild,
    /// The queue of events loses what it took.
    ForgetsEvents,
}

/// What happened in schedules that broke no law.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScheduleCounts {
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

impl std::ops::AddAssign for ScheduleCounts {
    fn add_assign(&mut self, other: Self) {
        self.turns += other.turns;
        self.requests += other.requests;
        self.faults += other.faults;
        self.crashes += other.crashes;
        self.successes += other.successes;
    }
}

struct RunConditions {
    writer: WriterTask,
    before: PreviousObservation,
    way: Pin<Box<dyn Future<Output = WriterOutcome>>>,
}

/// Plays the schedule that this seed makes. The runtime's clock must stand still.
pub async fn play(
    seed: u64,
    keeping: ConnectionSlot,
    client: &reqwest::Client,
) -> Result<ScheduleCounts, InvariantViolation> {
    // Its turns are many and end in one poll of the runtime's, which would take that for greed.
    tokio::task::unconstrained(ScheduleRun::begun(seed, keeping, client).await.run()).await
}

struct ScheduleRun {
    keeping: ConnectionSlot,
    /// What a writer that does not keep the rules has read.
    former: Vec<Option<Value>>,
    chance: ScheduleRng,
    world: ModelWorld,
    witness: InvariantChecker,
    under_way: Vec<RunConditions>,
    tally: ScheduleCounts,
}

impl ScheduleRun {
    async fn begun(seed: u64, keeping: ConnectionSlot, client: &reqwest::Client) -> Self {
        let mut chance = ScheduleRng::seeded(seed);
        let world = tokio::task::unconstrained(ModelWorld::begun(seed, client)).await;
        if keeping == ConnectionSlot::LastWriteWins {
            world.memory.disable_compare_and_set();
        }
        if keeping == ConnectionSlot::ForgetsEvents {
            world.queue.forget_everything();
        }
        // Most schedules begin with tokens that have lapsed, so that writers meet.
        if chance.percent(80) {
            world.wait(SignedDuration::from_hours(2));
        }
        Self {
            keeping,
            former: world.nodes(),
            chance,
            world,
            witness: InvariantChecker::default(),
            under_way: Vec::new(),
            tally: ScheduleCounts::default(),
        }
    }

    async fn run(mut self) -> Result<ScheduleCounts, InvariantViolation> {
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
                11..14 => rogue::go(self.keeping, &self.world, &mut self.former).await,
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
    async fn turn(&mut self) -> Result<(), InvariantViolation> {
        self.tally.turns += 1;
        let at = self.chance.below(self.under_way.len());
        let way = &mut self.under_way[at].way;
        let Poll::Ready(outcome) = poll_fn(|context| Poll::Ready(way.as_mut().poll(context))).await else {
            return Ok(());
        };
        let RunConditions { writer, before, .. } = self.under_way.swap_remove(at);
        self.witness.look(&self.world)?;
        if matches!(
            outcome,
            WriterOutcome::Served(_)
                | WriterOutcome::Connected(_)
                | WriterOutcome::Disconnected
                | WriterOutcome::HandedOver
                | WriterOutcome::Offboarded
        ) {
            self.tally.successes += 1;
        }
        self.witness.told(&self.world, (writer, before), &outcome)
    }

    fn set_out(&mut self) {
        use WriterAction::{Disconnect, HandOver, Offboard, Order, OrderRefused, Renew, SignIn, Sweep};
        let errands =
            [Order, Order, Order, OrderRefused, Renew, Renew, SignIn, SignIn, Disconnect, Disconnect, Sweep, HandOver];
        // Once in a while a customer leaves, and whoever comes back begins anew.
        let errand = if self.chance.percent(4) { Offboard } else { self.chance.of(&errands) };
        let writer = WriterTask {
            errand,
            // Most meet at the first recruiter.
            recruiter: if self.chance.percent(40) { self.chance.below(RECRUITERS) } else { 0 },
            process: self.chance.below(PROCESSES),
        };
        let before = self.witness.sets_out(&self.world, writer);
        self.under_way.push(RunConditions { writer, before, way: Box::pin(writer.go(self.world.clone())) });
    }

    /// A call goes wrong: the next one of its kind.
    fn let_fail(&mut self) {
        self.tally.faults += 1;
        if self.chance.percent(10) {
            self.world.queue.fail_next();
        } else if self.chance.percent(50) {
            use VaultOperation::{Create, Delete, Describe, Put, Read, Restore, Tag};
            let operations = [Put, Read, Create, Describe, Tag, Delete, Restore];
            let faults = [
                InjectedFault::Unavailable,
                InjectedFault::ResponseLost,
                InjectedFault::StaleReplica,
                InjectedFault::Denied,
            ];
            self.world.memory.fail_next(self.chance.of(&operations), self.chance.of(&faults));
        } else {
            use EntraFault::{Loop, LosesAnswer, OutOfReach, OutOfService, Throttled, Wanting, Wrong};
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
    async fn end(&mut self) -> Result<(), InvariantViolation> {
        self.world.memory.clear_faults();
        self.world.queue.calm();
        self.world.entra.book().calm();
        self.world.hand_over().await.map_err(|_| InvariantViolation::CannotConnect(WriterOutcome::HandedOver))?;
        self.world.wait(SignedDuration::from_hours(2));
        self.witness.look(&self.world)?;
        self.world.restart(0);
        for recruiter in 0..RECRUITERS {
            if self.witness.must_work(&self.world, recruiter) {
                let outcome = self.alone(WriterAction::Order, recruiter).await?;
                if !matches!(outcome, WriterOutcome::Served(_)) {
                    return Err(InvariantViolation::DoesNotWork(outcome));
                }
            }
            for errand in [WriterAction::SignIn, WriterAction::Renew] {
                let outcome = self.alone(errand, recruiter).await?;
                if !matches!(outcome, WriterOutcome::Connected(_) | WriterOutcome::Served(_)) {
                    return Err(InvariantViolation::CannotConnect(outcome));
                }
                rogue::go(self.keeping, &self.world, &mut self.former).await;
                self.witness.look(&self.world)?;
            }
        }
        self.witness.delivered(&self.world).await
    }

    /// Somebody goes all the way, and nobody else does.
    async fn alone(&mut self, errand: WriterAction, recruiter: usize) -> Result<WriterOutcome, InvariantViolation> {
        let writer = WriterTask { errand, recruiter, process: 0 };
        let before = self.witness.sets_out(&self.world, writer);
        let outcome = writer.go(self.world.clone()).await;
        self.witness.look(&self.world)?;
        self.witness.told(&self.world, (writer, before), &outcome)?;
        Ok(outcome)
    }
}
