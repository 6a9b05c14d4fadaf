//! An interview goes to a colleague: a new meeting in the colleague's name, and the former one is cancelled.
//!
//! Four steps, in an order in which whatever is lost on the way leaves a link that leads somewhere, and in which the same
//! request again finds what is there and does the rest: the new meeting is made under an external id that follows from the
//! former; the hand-over is noted, and with that decided; the former meeting is cancelled.

use shared::ids::UserId;
use shared::language::Language;
use shared::meeting::{ExternalId, Former, HandOver, Meeting, MeetingId, Opening, Person, Presenters, Revision};
use shared::vault::hand_overs::NotNoted;
use shared::web::problem::{FieldFault, Kind, Outcome, Problem};

use crate::Meetings;
use crate::act::{Asked, Done};
use crate::answer::Answer;
use crate::seat::{Seat, Unable};

impl Meetings {
    /// Hands the interview to a colleague.
    pub(crate) async fn hand_over(&self, asked: &Asked, id: &MeetingId, to: &UserId) -> Result<Answer, Problem> {
        if *to == asked.user {
            let fault = FieldFault::new("to_user", "is the recruiter who has the meeting");
            return Err(Problem::from(Kind::InvalidFields).with_field(fault));
        }
        let links = self.link_keys.seal().await?;
        // The colleague first: whoever cannot hold meetings takes none over.
        let mut taker = self.seat(&asked.customer, to).await?;
        let (outcome, noted) = match self.hand_overs.find(&asked.customer, &asked.user, id).await? {
            Some(noted) => (Outcome::Existing, noted),
            None => (Outcome::Created, self.decide(asked, &mut taker, id, to).await?),
        };
        if noted.to != *to {
            return Err(Kind::MeetingGone.into());
        }
        let meeting = self.finish(asked, &mut taker, id, &noted).await?;
        self.answer(&links, &asked.customer, to, Done { outcome, meeting, dropped: Vec::new() })
    }

    /// Makes the new meeting and notes where the interview went.
    async fn decide(
        &self,
        asked: &Asked,
        taker: &mut Seat<'_>,
        id: &MeetingId,
        to: &UserId,
    ) -> Result<HandOver, Problem> {
        let mut giver = self.seat(&asked.customer, &asked.user).await?;
        let former = match giver.read(id, asked.language).await {
            Ok(meeting) => meeting,
            Err(unable) => return Err(giver.told(unable).await),
        };
        let external_id = ExternalId::of_hand_over(id, &asked.customer, to);
        let new = match taker.take_over(&external_id, &former, asked.language).await {
            Ok(meeting) => meeting,
            Err(unable) => return Err(taker.told(unable).await),
        };
        let until = HandOver::kept_until(former.times.end);
        let wish =
            HandOver { from: Former::from(id), to: to.clone(), id: new.id.clone(), join_url: new.join_url, until };
        let noted = self.hand_overs.note(&asked.customer, &asked.user, wish, self.clock.now()).await;
        let in_vain = match &noted {
            // Somebody handed it to another colleague at the same time and was first.
            Ok(noted) => noted.to != *to,
            Err(NotNoted::Full) => true,
            Err(NotNoted::Vault(_)) => false,
        };
        if in_vain && let Err(unable) = taker.cancel(&new.id).await {
            return Err(taker.told(unable).await);
        }
        Ok(noted?)
    }

    /// Cancels the former meeting; the new one is what is told.
    async fn finish(
        &self,
        asked: &Asked,
        taker: &mut Seat<'_>,
        id: &MeetingId,
        noted: &HandOver,
    ) -> Result<Meeting, Problem> {
        let meeting = match taker.read(&noted.id, asked.language).await {
            Ok(meeting) => meeting,
            Err(unable) => return Err(taker.told(unable).await),
        };
        match self.seat(&asked.customer, &asked.user).await {
            Ok(mut giver) => {
                if let Err(unable) = giver.cancel(id).await {
                    return Err(giver.told(unable).await);
                }
            }
            // Whoever has left since cannot be asked to cancel anything any more.
            Err(problem) if matches!(problem.kind(), Kind::NotConnected | Kind::Disconnected) => {}
            Err(problem) => return Err(problem),
        }
        Ok(meeting)
    }
}

impl Seat<'_> {
    /// Makes a meeting like the former one; or brings one that an earlier try made up to date with it.
    async fn take_over(
        &mut self,
        external_id: &ExternalId,
        former: &Meeting,
        language: Language,
    ) -> Result<Meeting, Unable> {
        // Whoever takes over is the organizer, and in no list.
        let others = former.people.iter().filter(|person| !person.address.is(&self.account().upn));
        let people: Vec<Person> = others.cloned().collect();
        let opening = Opening { subject: &former.subject, times: former.times, people: &people, language };
        let (_, new) = self.create_or_get(external_id, &opening).await?;
        let (options, _) = former.options.missing_in(&new.options).split();
        let named = options.presenters == Some(Presenters::Named);
        let revision = Revision {
            subject: former.subject.parse().ok().filter(|_| new.subject != former.subject),
            times: (new.times != former.times).then_some(former.times),
            people: named.then_some(people),
            options,
        };
        if revision == Revision::default() { Ok(new) } else { self.revise(new, revision, language).await }
    }
}
