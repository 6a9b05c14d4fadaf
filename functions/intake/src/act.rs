//! The one call that each handler makes.

use shared::caller::Caller;
use shared::clock::after;
use shared::entra_app::{Candidate, EntraApp, IntakeLink, Submission, TenantName, expiry_finding};
use shared::finding::{Finding, Kind as Found};
use shared::ids::{CustomerId, TenantId};
use shared::microsoft::entra::Probe;
use shared::seal::Opened;
use shared::vault::apps::{AppCard, Seen, Verdict};
use shared::vault::terms::VaultError;
use shared::web::link::Link;
use shared::web::problem::{Kind, Problem};

use crate::Intake;
use crate::parse::LinkWish;

/// A link that opened: what it says, and when it was made.
pub(crate) struct OpenLink(Opened<IntakeLink>);

impl std::ops::Deref for OpenLink {
    type Target = IntakeLink;
    fn deref(&self) -> &IntakeLink {
        &self.0.content
    }
}

/// Credentials that were taken, or every reason why not.
pub(crate) type Taken = Result<AppCard, Vec<Finding>>;

impl Intake {
    pub(crate) async fn invite(&self, caller: &Caller, customer: CustomerId, wish: LinkWish) -> Result<Link, Problem> {
        let now = self.clock.now();
        let expires_at = after(now, wish.life);
        tracing::info!(key = caller.key_id, %customer, "intake link created");
        let LinkWish { language, expected_domain, return_url, .. } = wish;
        let content = IntakeLink { customer, language, expected_domain, return_url };
        let sealed = self.sealing_keys.seal().await?.close(&content, "", now, expires_at)?;
        Ok(Link { url: format!("{}/intake/{sealed}", self.settings.public_url.as_str()), expires_at })
    }

    /// A link that is ours, in time, and not spent: credentials that were handed over after it was made spend it.
    pub(crate) async fn opened(&self, link: &str) -> Result<OpenLink, Problem> {
        let unusable = |error| Problem::from(Kind::LinkUnusable).because(error);
        let opened = self.sealing_keys.open::<IntakeLink>(link, "", self.clock.now()).await?.map_err(unusable)?;
        let link = OpenLink(opened);
        self.look(&link).await?;
        Ok(link)
    }

    async fn look(&self, link: &OpenLink) -> Result<Option<Seen>, Problem> {
        let seen = self.apps.look(&link.customer).await?;
        let card = seen.as_ref().map(Seen::card).transpose()?.flatten();
        if card.is_some_and(|card| card.submitted_at >= link.0.issued_at) {
            return Err(Kind::LinkUnusable.into());
        }
        Ok(seen)
    }

    /// Checks what the form says and keeps it if it works.
    pub(crate) async fn take(&self, link: &OpenLink, submission: Submission) -> Result<Taken, Problem> {
        let (app, verdict) = match self.check(submission, Some(&link.0.content)).await? {
            Ok(checked) => checked,
            Err(findings) => return Ok(Err(findings)),
        };
        let seen = self.look(link).await?;
        let card = seen.as_ref().map(Seen::card).transpose()?.flatten();
        if card.is_some_and(|card| card.tenant != app.tenant && card.verified_at.is_some()) {
            return Ok(Err(vec![Found::TenantDiffers.into()]));
        }
        let taken = self.keep(&link.customer, &app, verdict, seen.as_ref()).await?;
        tracing::info!(customer = %link.customer, tenant = %app.tenant, "credentials taken through a link");
        Ok(Ok(taken))
    }

    /// The same for values that the ATS brings itself.
    pub(crate) async fn hand_over(
        &self,
        caller: &Caller,
        customer: &CustomerId,
        submission: Submission,
    ) -> Result<AppCard, Problem> {
        let (app, verdict) = self
            .check(submission, None)
            .await?
            .map_err(|findings| Problem::from(Kind::CredentialsRefused).with_findings(findings))?;
        let seen = self.apps.look(customer).await?;
        let taken = self.keep(customer, &app, verdict, seen.as_ref()).await?;
        tracing::info!(key = caller.key_id, %customer, tenant = %app.tenant, "credentials handed over");
        Ok(taken)
    }

    pub(crate) async fn known(&self, customer: &CustomerId) -> Result<AppCard, Problem> {
        self.apps.card(customer).await.map_err(|error| match error {
            VaultError::Deleted => Kind::Offboarded.into(),
            error => error.into(),
        })
    }

    pub(crate) async fn offboard(&self, caller: &Caller, customer: &CustomerId) -> Result<(), Problem> {
        self.apps.offboard(customer).await?;
        tracing::info!(key = caller.key_id, %customer, "offboarded");
        Ok(())
    }

    /// First the fields, all at once; then, where they could be right, Entra itself.
    async fn check(
        &self,
        submission: Submission,
        link: Option<&IntakeLink>,
    ) -> Result<Result<(EntraApp, Verdict), Vec<Finding>>, Problem> {
        let now = self.clock.now();
        let candidate = match submission.parse(now) {
            Ok(candidate) => candidate,
            Err(findings) => return Ok(Err(findings)),
        };
        let tenant = match self.tenant_of(&candidate, link).await? {
            Ok(tenant) => tenant,
            Err(finding) => return Ok(Err(vec![finding])),
        };
        let app = candidate.in_tenant(tenant);
        let (verified_at, doubt) = match self.entra.probe(&app).await? {
            Probe::Accepted => (Some(now), None),
            Probe::Refused(finding) => return Ok(Err(vec![finding])),
            Probe::Inconclusive(evidence) => {
                (None, Some(Finding { kind: Found::CouldNotBeChecked, evidence: Some(evidence) }))
            }
        };
        let findings = [expiry_finding(app.expires_on, now), doubt].into_iter().flatten();
        let findings = findings.map(|finding| finding.kind.code().to_owned()).collect();
        Ok(Ok((app, Verdict { verified_at, findings })))
    }

    async fn tenant_of(
        &self,
        candidate: &Candidate,
        link: Option<&IntakeLink>,
    ) -> Result<Result<TenantId, Finding>, Problem> {
        let tenant = match &candidate.tenant {
            TenantName::Id(id) => *id,
            TenantName::Domain(domain) => match self.entra.tenant_of(domain).await? {
                Some(tenant) => tenant,
                None => return Ok(Err(Found::TenantNotFound.into())),
            },
        };
        if let Some(expected) = link.and_then(|link| link.expected_domain.as_ref())
            && self.entra.tenant_of(expected).await? != Some(tenant)
        {
            return Ok(Err(Found::TenantUnexpected.into()));
        }
        Ok(Ok(tenant))
    }

    async fn keep(
        &self,
        customer: &CustomerId,
        app: &EntraApp,
        verdict: Verdict,
        seen: Option<&Seen>,
    ) -> Result<AppCard, Problem> {
        match self.apps.keep(customer, app, &verdict, seen).await {
            Ok(()) => Ok(self.apps.card(customer).await?),
            // Two people sent the form at once; whoever came second sees that it is done.
            Err(VaultError::Stale) => Err(Kind::Conflict.into()),
            Err(error) => Err(error.into()),
        }
    }
}
