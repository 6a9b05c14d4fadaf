//! An interview goes to a colleague: a new meeting in the colleague's name, and the former one is cancelled.
//!
//! Four steps, in an order in which whatever is lost on the way leaves a link that leads somewhere, and in which the same
//! request again finds what is there and does the rest: the new meeting is made under an external id that follows from the
//! former; the hand-over is noted, and with that decided; the former meeting is cancelled.

use shared::adapters::vault::hand_overs::RecordHandOverError;
use shared::domain::meeting::{
    CreateMeeting, ExternalId, HandOver, Meeting, MeetingDigest, MeetingId, MeetingPatch, Participant, Presenters,
};
use shared::http::problem::{FieldError, Outcome, Problem, ProblemKind};
use shared::types::ids::UserId;
use shared::types::language::Language;

use crate::Meetings;
use crate::graph_session::{GraphCallError, GraphSession};
use crate::meeting::{MeetingResult, RequestContext};
use crate::responses::MeetingAnswer;

impl Meetings {
    /// Hands the interview to a colleague.
    pub(crate) async fn hand_over(
        &self,
        asked: &RequestContext,
        id: &MeetingId,
        to: &UserId,
    ) -> Result<MeetingAnswer, Problem> {
        if *to == asked.user {
            let fault = FieldError::new("to_user", "is the recruiter who has the meeting");
            return Err(Problem::from(ProblemKind::InvalidFields).with_field(fault));
        }
        let links = self.link_keys.current().await?;
        // The colleague first: whoever cannot hold meetings takes none over.
        let mut taker = self.seat(&asked.customer, to).await?;
        let (outcome, noted) = match self.hand_overs.find(&asked.customer, &asked.user, id).await? {
            Some(noted) => (Outcome::Existing, noted),
            None => (Outcome::Created, self.create_and_record(asked, &mut taker, id, to).await?),
        };
        if noted.to != *to {
            return Err(ProblemKind::MeetingGone.into());
        }
        let meeting = self.cancel_previous(asked, &mut taker, id, &noted).await?;
        self.answer(&links, &asked.customer, to, MeetingResult { outcome, meeting, dropped: Vec::new() })
    }

    /// Makes the new meeting and notes where the interview went.
    async fn create_and_record(
        &self,
        asked: &RequestContext,
        taker: &mut GraphSession<'_>,
        id: &MeetingId,
        to: &UserId,
    ) -> Result<HandOver, Problem> {
        let mut giver = self.seat(&asked.customer, &asked.user).await?;
        let former = match giver.get(id, asked.language).await {
            Ok(meeting) => meeting,
            Err(unable) => return Err(giver.problem_for(unable).await),
        };
        let external_id = ExternalId::for_hand_over(id, &asked.customer, to);
        let new = match taker.copy_meeting(&external_id, &former, asked.language).await {
            Ok(meeting) => meeting,
            Err(unable) => return Err(taker.problem_for(unable).await),
        };
        let until = HandOver::retention_end(former.times.end);
        let wish = HandOver {
            from: MeetingDigest::from(id),
            to: to.clone(),
            id: new.id.clone(),
            join_url: new.join_url,
            until,
        };
        let noted = self.hand_overs.record(&asked.customer, &asked.user, wish, self.clock.now()).await;
        let in_vain = match &noted {
            // Somebody handed it to another colleague at the same time and was first.
            Ok(noted) => noted.to != *to,
            Err(RecordHandOverError::Full) => true,
            Err(RecordHandOverError::Vault(_)) => false,
        };
        if in_vain && let Err(unable) = taker.cancel(&new.id).await {
            return Err(taker.problem_for(unable).await);
        }
        Ok(noted?)
    }

    /// Cancels the former meeting; the new one is what is told.
    async fn cancel_previous(
        &self,
        asked: &RequestContext,
        taker: &mut GraphSession<'_>,
        id: &MeetingId,
        noted: &HandOver,
    ) -> Result<Meeting, Problem> {
        let meeting = match taker.get(&noted.id, asked.language).await {
            Ok(meeting) => meeting,
            Err(unable) => return Err(taker.problem_for(unable).await),
        };
        match self.seat(&asked.customer, &asked.user).await {
            Ok(mut giver) => {
                if let Err(unable) = giver.cancel(id).await {
                    return Err(giver.problem_for(unable).await);
                }
            }
            // Whoever has left since cannot be asked to cancel anything any more.
            Err(problem) if matches!(problem.kind(), ProblemKind::NotConnected | ProblemKind::Disconnected) => {}
            Err(problem) => return Err(problem),
        }
        Ok(meeting)
    }
}

impl GraphSession<'_> {
    /// Makes a meeting like the former one; or brings one that an earlier try made up to date with it.
    async fn copy_meeting(
        &mut self,
        external_id: &ExternalId,
        former: &Meeting,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        // Whoever takes over is the organizer, and in no list.
        let others = former.people.iter().filter(|person| !person.address.is_same_mailbox(&self.account().upn));
        let people: Vec<Participant> = others.cloned().collect();
        let opening = CreateMeeting { subject: &former.subject, times: former.times, people: &people, language };
        let (_, new) = self.create_or_get(external_id, &opening).await?;
        let (options, _) = former.options.not_in_force(&new.options).split_create_only();
        let named = options.presenters == Some(Presenters::Named);
        let revision = MeetingPatch {
            subject: former.subject.parse().ok().filter(|_| new.subject != former.subject),
            times: (new.times != former.times).then_some(former.times),
            people: named.then_some(people),
            options,
        };
        if revision == MeetingPatch::default() { Ok(new) } else { self.send_patch(new, revision, language).await }
    }
}
