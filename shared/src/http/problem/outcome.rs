//! The outcome of a request, in seven values, and the request that helps if it failed.

use serde::Serialize;

use crate::domain::finding::{Actor, FindingKind};
use crate::http::problem::kind::ProblemKind;
use crate::http::problem::model::Problem;
use crate::http::problem::recovery::RecoveryRequest;
use crate::http::routes;
use crate::types::ids::{CustomerId, UserId};

/// The outcome of a request. The set is closed: no value will be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was created.
    Created,
    /// It existed, as requested.
    Existing,
    /// It was changed as requested.
    Updated,
    /// The recruiter must sign in; then the same request succeeds, or one with the new sign-in's handle.
    PendingReauth,
    /// The customer's administrator must act; then the same request succeeds.
    CustomerBlocked,
    /// The same request may succeed later, without anybody acting.
    RetryLater,
    /// The same request will not succeed.
    Rejected,
}

impl Problem {
    /// The outcome of the request.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.kind() {
            ProblemKind::Offboarded => Outcome::CustomerBlocked,
            _ if self.actor() == Actor::CustomerAdmin => Outcome::CustomerBlocked,
            ProblemKind::ReauthRequired => Outcome::PendingReauth,
            _ if self.actor() == Actor::Recruiter => Outcome::PendingReauth,
            _ if self.0.retryable => Outcome::RetryLater,
            _ => Outcome::Rejected,
        }
    }

    /// Adds the request that gets a link for the recruiter or the customer's administrator, if a link can solve the problem.
    /// The ATS sends it to the address for its calls.
    #[must_use]
    pub fn with_recovery(mut self, api_url: &str, customer: &CustomerId, user: &UserId) -> Self {
        let connect_link = |body| {
            let parameters = [("customer", customer.as_str()), ("user", user.as_str())];
            RecoveryRequest::post(routes::CREATE_CONNECT_LINK.url(api_url, &parameters), body)
        };
        self.0.mend = match self.outcome() {
            Outcome::PendingReauth => Some(connect_link(self.0.mend_body.take())),
            Outcome::CustomerBlocked if self.is_credential_problem() => {
                let url = routes::CREATE_INTAKE_LINK.url(api_url, &[("customer", customer.as_str())]);
                Some(RecoveryRequest::post(url, None))
            }
            Outcome::CustomerBlocked if self.is_consent_problem() => {
                let url = routes::GET_CUSTOMER.url(api_url, &[("customer", customer.as_str())]);
                Some(RecoveryRequest::get(url))
            }
            _ => None,
        };
        self
    }

    /// Whether an administrator's consent solves it.
    fn is_consent_problem(&self) -> bool {
        let finding = self.0.findings.first().map(|finding| finding.kind);
        let needs_consent = |kind| {
            matches!(
                kind,
                FindingKind::ConsentMissing | FindingKind::AdminApprovalNeeded | FindingKind::EnterpriseAppMissing
            )
        };
        finding.is_some_and(needs_consent)
    }

    /// Whether new credentials solve it: there are none, or one of the three values is wrong.
    fn is_credential_problem(&self) -> bool {
        let field = self.0.findings.first().and_then(|finding| finding.kind.field());
        matches!(self.kind(), ProblemKind::NotConfigured | ProblemKind::Offboarded) || field.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding;

    #[test]
    fn every_problem_has_one_of_the_four_outcomes_of_failure() {
        for kind in ProblemKind::ALL {
            let outcome = Problem::from(*kind).outcome();
            assert!(!matches!(outcome, Outcome::Created | Outcome::Existing | Outcome::Updated), "{kind:?}");
        }
        assert_eq!(Problem::from(ProblemKind::ReauthRequired).outcome(), Outcome::PendingReauth);
        assert_eq!(Problem::from(ProblemKind::SignInRefused).outcome(), Outcome::PendingReauth);
        assert_eq!(Problem::from(ProblemKind::HandleUnusable).outcome(), Outcome::PendingReauth);
        assert_eq!(Problem::from(ProblemKind::TeamsNotAvailable).outcome(), Outcome::CustomerBlocked);
        assert_eq!(Problem::from(ProblemKind::VaultUnavailable).outcome(), Outcome::RetryLater);
        assert_eq!(Problem::from(ProblemKind::IdempotencyKeyReused).outcome(), Outcome::Rejected);
    }

    #[test]
    fn a_problem_names_the_request_for_a_link_that_solves_it() {
        let mend = |problem: Problem| {
            let problem =
                problem.with_recovery("https://x.example", &"kadry".parse().unwrap(), &"anna".parse().unwrap());
            problem.document(crate::types::language::Language::En, "", "")["mend"]["url"].as_str().map(str::to_owned)
        };
        let connect = "https://x.example/v1/customers/kadry/users/anna/connect-links";
        let intake = "https://x.example/v1/customers/kadry/intake-links";
        assert_eq!(mend(ProblemKind::NotConnected.into()).as_deref(), Some(connect));
        assert_eq!(mend(ProblemKind::NotConfigured.into()).as_deref(), Some(intake));
        let blocked =
            |kind: finding::FindingKind| Problem::from(ProblemKind::CustomerBlocked).with_findings([kind.into()]);
        assert_eq!(mend(blocked(finding::FindingKind::SecretExpired)).as_deref(), Some(intake));
        let known = "https://x.example/v1/customers/kadry";
        assert_eq!(
            mend(blocked(finding::FindingKind::ConsentMissing)).as_deref(),
            Some(known),
            "it has the consent link"
        );
        assert_eq!(mend(blocked(finding::FindingKind::PermissionMissing)), None, "no link of ours adds permissions");
        assert_eq!(mend(ProblemKind::MeetingGone.into()), None);
    }
}
