//! A recruiter's way to Graph in one request.

use std::sync::Arc;

use shared::connection::{Account, Connection};
use shared::finding;
use shared::ids::{CustomerId, UserId};
use shared::language::Language;
use shared::meeting::{ExternalId, Meeting, MeetingId, Opening, Revision};
use shared::microsoft::graph::{GraphError, Made};
use shared::renewal::{RenewalError, Renewed};
use shared::web::problem::{Kind, Problem};

use crate::Meetings;

/// A recruiter with a token that counted when it was looked at.
pub(crate) struct Seat<'a> {
    meetings: &'a Meetings,
    connection: Arc<Connection>,
    may_renew: bool,
}

/// Why Graph was not asked, or did not do it.
#[derive(Debug)]
pub(crate) enum Unable {
    Unconnected(RenewalError),
    Graph(GraphError),
    /// What is wished for makes no sense for this meeting.
    Wrong(Problem),
}

impl Meetings {
    /// The recruiter's seat; what keeps him from it is told with the link that mends it.
    pub(crate) async fn seat(&self, customer: &CustomerId, user: &UserId) -> Result<Seat<'_>, Problem> {
        let connection = self.renewal.fresh(customer, user).await;
        let connection = connection.map_err(|error| self.mendable(error.into(), customer, user))?;
        Ok(Seat { meetings: self, connection, may_renew: true })
    }

    fn mendable(&self, problem: Problem, customer: &CustomerId, user: &UserId) -> Problem {
        problem.mended_for(self.public_url(), customer, user)
    }
}

impl Seat<'_> {
    pub(crate) async fn create_or_get(
        &mut self,
        external_id: &ExternalId,
        opening: &Opening<'_>,
    ) -> Result<(Made, Meeting), Unable> {
        loop {
            let answer = self.meetings.graph.create_or_get(&self.connection.access, external_id, opening).await;
            if let Some(made) = self.settled(answer).await? {
                return Ok(made);
            }
        }
    }

    pub(crate) async fn read(&mut self, id: &MeetingId, language: Language) -> Result<Meeting, Unable> {
        loop {
            let answer = self.meetings.graph.read(&self.connection.access, id, language).await;
            if let Some(meeting) = self.settled(answer).await? {
                return Ok(meeting);
            }
        }
    }

    pub(crate) async fn change(
        &mut self,
        id: &MeetingId,
        revision: &Revision,
        language: Language,
    ) -> Result<Meeting, Unable> {
        loop {
            let answer = self.meetings.graph.change(&self.connection.access, id, revision, language).await;
            if let Some(meeting) = self.settled(answer).await? {
                return Ok(meeting);
            }
        }
    }

    pub(crate) async fn delete(&mut self, id: &MeetingId) -> Result<(), Unable> {
        loop {
            let answer = self.meetings.graph.delete(&self.connection.access, id).await;
            if let Some(()) = self.settled(answer).await? {
                return Ok(());
            }
        }
    }

    /// What Graph answered; `None` when it is to be asked again with other tokens. A token that was revoked before its
    /// time is renewed, once in a request. Newer tokens that another process brought meanwhile are tried before: they may
    /// have been revoked as well.
    async fn settled<T>(&mut self, answer: Result<T, GraphError>) -> Result<Option<T>, Unable> {
        match answer {
            Err(GraphError::TokenRejected) if self.may_renew => {
                let renewed = self.meetings.renewal.renewed_since(&self.connection).await;
                self.connection = match renewed.map_err(Unable::Unconnected)? {
                    Renewed::ByAnother(connection) => connection,
                    Renewed::Now(connection) => {
                        self.may_renew = false;
                        connection
                    }
                };
                Ok(None)
            }
            answer => answer.map(Some).map_err(Unable::Graph),
        }
    }

    /// The account whose seat it is.
    pub(crate) fn account(&self) -> &Account {
        &self.connection.account
    }

    /// What the caller is told.
    pub(crate) async fn told(&self, unable: Unable) -> Problem {
        let problem = match unable {
            Unable::Wrong(problem) => problem,
            Unable::Unconnected(error) => error.into(),
            Unable::Graph(error @ GraphError::NotAllowed(_)) => self.not_allowed(error).await,
            Unable::Graph(error) => error.into(),
        };
        let (customer, user) = (&self.connection.customer, &self.connection.user);
        self.meetings.mendable(problem, customer, user)
    }

    /// Graph says 403 to whoever lacks a permission, a licence, or a policy that lets him. The first shows in the token's
    /// scope, the second is asked for; what is left is the third.
    async fn not_allowed(&self, error: GraphError) -> Problem {
        if !self.connection.suffices() {
            return Problem::from(Kind::CustomerBlocked)
                .with_findings([finding::Kind::PermissionMissing.into()])
                .because(error);
        }
        let found = match self.meetings.graph.has_teams(&self.connection.access).await {
            Ok(Some(false)) => finding::Kind::TeamsLicenceMissing,
            Ok(Some(true) | None) | Err(_) => finding::Kind::TeamsNotAvailable,
        };
        Problem::from(Kind::TeamsNotAvailable).with_findings([found.into()]).because(error)
    }
}
