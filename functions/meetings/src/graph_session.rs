//! A recruiter's way to Graph in one request.

pub(crate) mod operations;

use std::sync::Arc;

use shared::adapters::microsoft::graph::{CreateOutcome, GraphError};
use shared::domain::connection::{Account, Connection};
use shared::domain::finding;
use shared::domain::meeting::{CreateMeeting, ExternalId, Meeting, MeetingId, MeetingPatch};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::use_cases::token_refresh::{RefreshOutcome, TokenRefreshError};

use crate::Meetings;

/// A recruiter with a token that counted when it was looked at.
pub(crate) struct GraphSession<'a> {
    meetings: &'a Meetings,
    connection: Arc<Connection>,
    may_renew: bool,
}

/// Why Graph was not asked, or did not do it.
#[derive(Debug)]
pub(crate) enum GraphCallError {
    Token(TokenRefreshError),
    Graph(GraphError),
    /// What is wished for makes no sense for this meeting.
    Rejected(Problem),
}

impl Meetings {
    /// The recruiter's seat; what keeps him from it is told with the link that mends it.
    pub(crate) async fn seat(&self, customer: &CustomerId, user: &UserId) -> Result<GraphSession<'_>, Problem> {
        let connection = self.renewal.get_valid(customer, user).await;
        let connection = connection.map_err(|error| self.with_recovery(error.into(), customer, user))?;
        Ok(GraphSession { meetings: self, connection, may_renew: true })
    }

    fn with_recovery(&self, problem: Problem, customer: &CustomerId, user: &UserId) -> Problem {
        problem.with_recovery(self.public_url(), customer, user)
    }
}

impl GraphSession<'_> {
    pub(crate) async fn create_or_get(
        &mut self,
        external_id: &ExternalId,
        opening: &CreateMeeting<'_>,
    ) -> Result<(CreateOutcome, Meeting), GraphCallError> {
        loop {
            let answer = self.meetings.graph.create_or_get(&self.connection.access, external_id, opening).await;
            if let Some(made) = self.retry_on_rejected_token(answer).await? {
                return Ok(made);
            }
        }
    }

    pub(crate) async fn get(&mut self, id: &MeetingId, language: Language) -> Result<Meeting, GraphCallError> {
        loop {
            let answer = self.meetings.graph.get_meeting(&self.connection.access, id, language).await;
            if let Some(meeting) = self.retry_on_rejected_token(answer).await? {
                return Ok(meeting);
            }
        }
    }

    pub(crate) async fn update(
        &mut self,
        id: &MeetingId,
        revision: &MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        loop {
            let answer = self.meetings.graph.update_meeting(&self.connection.access, id, revision, language).await;
            if let Some(meeting) = self.retry_on_rejected_token(answer).await? {
                return Ok(meeting);
            }
        }
    }

    pub(crate) async fn delete(&mut self, id: &MeetingId) -> Result<(), GraphCallError> {
        loop {
            let answer = self.meetings.graph.delete_meeting(&self.connection.access, id).await;
            if let Some(()) = self.retry_on_rejected_token(answer).await? {
                return Ok(());
            }
        }
    }

    /// What Graph answered; `None` when it is to be asked again with other tokens. A token that was revoked before its
    /// time is renewed, once in a request. Newer tokens that another process brought meanwhile are tried before: they may
    /// have been revoked as well.
    async fn retry_on_rejected_token<T>(&mut self, answer: Result<T, GraphError>) -> Result<Option<T>, GraphCallError> {
        match answer {
            Err(GraphError::TokenRejected) if self.may_renew => {
                let renewed = self.meetings.renewal.refresh_if_unchanged(&self.connection).await;
                self.connection = match renewed.map_err(GraphCallError::Token)? {
                    RefreshOutcome::RefreshedElsewhere(connection) => connection,
                    RefreshOutcome::Refreshed(connection) => {
                        self.may_renew = false;
                        connection
                    }
                };
                Ok(None)
            }
            answer => answer.map(Some).map_err(GraphCallError::Graph),
        }
    }

    /// The account whose seat it is.
    pub(crate) fn account(&self) -> &Account {
        &self.connection.account
    }

    /// What the caller is told.
    pub(crate) async fn problem_for(&self, unable: GraphCallError) -> Problem {
        let problem = match unable {
            GraphCallError::Rejected(problem) => problem,
            GraphCallError::Token(error) => error.into(),
            GraphCallError::Graph(error @ GraphError::NotAllowed(_)) => self.explain_forbidden(error).await,
            GraphCallError::Graph(error) => error.into(),
        };
        let (customer, user) = (&self.connection.customer, &self.connection.user);
        self.meetings.with_recovery(problem, customer, user)
    }

    /// Graph says 403 to whoever lacks a permission, a licence, or a policy that lets him. The first shows in the token's
    /// scope, the second is asked for; what is left is the third.
    async fn explain_forbidden(&self, error: GraphError) -> Problem {
        if !self.connection.has_required_scopes() {
            return Problem::from(ProblemKind::CustomerBlocked)
                .with_findings([finding::FindingKind::PermissionMissing.into()])
                .with_cause(error);
        }
        let found = match self.meetings.graph.has_teams_license(&self.connection.access).await {
            Ok(Some(false)) => finding::FindingKind::TeamsLicenceMissing,
            Ok(Some(true) | None) | Err(_) => finding::FindingKind::TeamsNotAvailable,
        };
        Problem::from(ProblemKind::TeamsNotAvailable).with_findings([found.into()]).with_cause(error)
    }
}
