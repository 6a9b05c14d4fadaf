//! Single calls to Graph, with one token refresh.

use std::sync::Arc;

use shared::adapters::microsoft::graph::{CreateOutcome, GraphError};
use shared::domain::connection::{Account, Connection};
use shared::domain::finding::FindingKind;
use shared::domain::meeting::{CreateMeeting, EmailAddress, ExternalId, Meeting, MeetingId, MeetingPatch};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use shared::use_cases::token_refresh::{RefreshOutcome, TokenRefreshError};

use crate::state::Meetings;

/// Calls to Graph for one recruiter. Refreshes a rejected access token once.
pub(crate) struct GraphSession<'a> {
    meetings: &'a Meetings,
    connection: Arc<Connection>,
    may_refresh: bool,
}

/// Why a call to Graph failed.
#[derive(Debug)]
pub(crate) enum GraphCallError {
    /// The access token was rejected and could not be refreshed.
    Token(TokenRefreshError),
    /// Graph failed or rejected the call.
    Graph(GraphError),
    /// The request does not fit this meeting; Graph was not asked to change it.
    Rejected(Problem),
}

impl<'a> GraphSession<'a> {
    /// Opens a session with a valid access token. A problem names the request that solves it, if there is one.
    pub(crate) async fn open(
        meetings: &'a Meetings,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<GraphSession<'a>, Problem> {
        let connection = meetings.token_refresher.get_valid(customer, user).await;
        let connection = connection.map_err(|error| with_recovery(error.into(), meetings, customer, user))?;
        Ok(Self { meetings, connection, may_refresh: true })
    }

    pub(crate) async fn create_or_get(
        &mut self,
        external_id: &ExternalId,
        order: &CreateMeeting<'_>,
    ) -> Result<(CreateOutcome, Meeting), GraphCallError> {
        loop {
            let answer = self.meetings.graph.create_or_get(&self.connection.access, external_id, order).await;
            if let Some(created) = self.retry_on_rejected_token(answer).await? {
                return Ok(created);
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
        patch: &MeetingPatch,
        language: Language,
    ) -> Result<Meeting, GraphCallError> {
        loop {
            let answer = self.meetings.graph.update_meeting(&self.connection.access, id, patch, language).await;
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

    /// The recruiter's mailbox; `None` if there is none.
    pub(crate) async fn get_mailbox(&mut self) -> Result<Option<EmailAddress>, GraphCallError> {
        loop {
            let answer = self.meetings.graph.get_mailbox(&self.connection.access).await;
            if let Some(mailbox) = self.retry_on_rejected_token(answer).await? {
                return Ok(mailbox);
            }
        }
    }

    /// Returns the answer, or `None` if the call has to be repeated with other tokens: an access token may be revoked
    /// before it expires. Tokens that another process stored meanwhile are tried first, because they may be revoked as
    /// well; this process refreshes once in a request.
    async fn retry_on_rejected_token<T>(&mut self, answer: Result<T, GraphError>) -> Result<Option<T>, GraphCallError> {
        match answer {
            Err(GraphError::TokenRejected) if self.may_refresh => {
                let refreshed = self.meetings.token_refresher.refresh_if_unchanged(&self.connection).await;
                self.connection = match refreshed.map_err(GraphCallError::Token)? {
                    RefreshOutcome::RefreshedElsewhere(connection) => connection,
                    RefreshOutcome::Refreshed(connection) => {
                        self.may_refresh = false;
                        connection
                    }
                };
                Ok(None)
            }
            answer => answer.map(Some).map_err(GraphCallError::Graph),
        }
    }

    /// The recruiter's account.
    pub(crate) fn account(&self) -> &Account {
        &self.connection.account
    }

    /// The problem that the caller gets.
    pub(crate) async fn problem_for(&self, error: GraphCallError) -> Problem {
        let problem = match error {
            GraphCallError::Rejected(problem) => problem,
            GraphCallError::Token(error) => error.into(),
            GraphCallError::Graph(error @ GraphError::NotAllowed(_)) => self.explain_forbidden(error).await,
            GraphCallError::Graph(error) => error.into(),
        };
        let (customer, user) = (&self.connection.customer, &self.connection.user);
        with_recovery(problem, self.meetings, customer, user)
    }

    /// Graph answers 403 for a missing permission, a missing licence and a forbidding policy alike. The token's scope shows
    /// the first, a second call finds the licence; otherwise it is the policy.
    async fn explain_forbidden(&self, error: GraphError) -> Problem {
        if !self.connection.has_required_scopes() {
            return Problem::from(ProblemKind::CustomerBlocked)
                .with_findings([FindingKind::PermissionMissing.into()])
                .with_cause(error);
        }
        let found =
            match self.meetings.graph.has_teams_license(&self.connection.access, self.connection.account.oid).await {
                Ok(Some(false)) => FindingKind::TeamsLicenceMissing,
                Ok(Some(true) | None) | Err(_) => FindingKind::TeamsNotAvailable,
            };
        Problem::from(ProblemKind::TeamsNotAvailable).with_findings([found.into()]).with_cause(error)
    }
}

fn with_recovery(problem: Problem, meetings: &Meetings, customer: &CustomerId, user: &UserId) -> Problem {
    problem.with_recovery(meetings.settings.api_url.as_str(), customer, user)
}
