//! What is noted beside a customer's app, in tags: nothing of it is secret.

use crate::adapters::vault::documents;
use crate::adapters::vault::model::{SecretMetadata, Tags, VaultError};
use crate::adapters::vault::nodes::node_tags::{self, KIND, SLICE};
use crate::domain::entra_app::{
    AdminConsent, AppSummary, ConnectionCounts, CredentialKind, EntraApp, SignInTestResult,
};
use crate::domain::finding::Finding;
use crate::types::clock::Timestamp;
use crate::types::ids::CustomerId;

/// Something that was found about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppStatusUpdate {
    /// An administrator answered the request for consent.
    AdminConsent(AdminConsent),
    /// A sign-in had all permissions.
    ConsentSeen(Timestamp),
    /// A sign-in was tested.
    SignInTest(SignInTestResult),
    /// A sign-in test did not come about, as a browser says.
    SignInTestHint(SignInTestResult),
    /// A reminder was given, so many days before the end.
    ReminderSent(i32),
    /// The customer's connections were counted.
    ConnectionCounts(ConnectionCounts),
}

/// The result of an app check, as it is stored in tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRecord {
    /// Whether Entra accepted the credential.
    pub verified: bool,
    /// The codes of what was found.
    pub findings: Vec<String>,
}

impl CheckRecord {
    /// What was found, by its codes.
    #[must_use]
    pub fn from_findings(verified: bool, findings: &[Finding]) -> Self {
        Self { verified, findings: finding_codes(findings) }
    }
}

/// The codes of findings, as they are kept.
#[must_use]
pub fn finding_codes(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| finding.kind.code().to_owned()).collect()
}

impl AppStatusUpdate {
    /// Whether it says more than what is known. What a browser says changes little, so it is not written again and again.
    pub(super) fn is_news(&self, seen: &AppSummary) -> bool {
        match self {
            Self::AdminConsent(answer) => seen.learns_consent(*answer),
            Self::SignInTestHint(test) => seen.learns_failed_sign_in(test),
            Self::ConsentSeen(_) | Self::SignInTest(_) | Self::ReminderSent(_) | Self::ConnectionCounts(_) => true,
        }
    }

    pub(super) fn tags(self) -> Tags {
        match self {
            Self::AdminConsent(AdminConsent { granted, at }) => {
                let answer = if granted { GRANTED } else { DECLINED };
                to_tags([("consent", answer.to_owned()), ("consent_at", at.to_string())])
            }
            Self::ConsentSeen(at) => to_tags([(CONSENT_SEEN, at.to_string())]),
            Self::SignInTest(SignInTestResult { at, findings })
            | Self::SignInTestHint(SignInTestResult { at, findings }) => {
                to_tags([("sign_in_test_at", at.to_string()), ("sign_in_test", findings.join(" "))])
            }
            Self::ReminderSent(days) => to_tags([("reminded", days.to_string())]),
            Self::ConnectionCounts(ConnectionCounts { active, suspect, needs_reauth }) => {
                to_tags([("connections", format!("{active} {suspect} {needs_reauth}"))])
            }
        }
    }
}

/// What an app's secret is by its tag [`KIND`].
pub(in crate::adapters::vault) const APP_KIND: &str = "app";

/// The tag that says since when the app does not work.
pub(super) const BLOCKED_AT: &str = "blocked_at";

/// The tag with the version that was checked last.
pub(super) const CHECKED: &str = "checked";

const INTAKE_LINK: &str = "intake_link";
const TENURE: &str = "tenure";
const ENDED: &str = "ended";
const VERIFIED: &str = "verified_at";
const CONSENT_SEEN: &str = "consent_seen_at";
const GRANTED: &str = "granted";
const DECLINED: &str = "declined";

pub(super) fn to_tags<const N: usize>(tags: [(&str, String); N]) -> Tags {
    tags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Tags cannot be taken away here, so an empty one says that there is nothing. What was noted about the same app stays:
/// consent is given to an app, whatever its secret, and an app that Entra accepted once is somebody's.
pub(super) fn app_tags(
    (customer, tenure): (&CustomerId, Timestamp),
    app: &EntraApp,
    diagnosed: &CheckRecord,
    same_app: bool,
    now: Timestamp,
) -> Tags {
    let optional = |value: Option<String>| value.unwrap_or_default();
    let mut tags = to_tags([
        (KIND, APP_KIND.to_owned()),
        ("customer", customer.to_string()),
        (TENURE, tenure.to_string()),
        (SLICE, node_tags::slice_of(customer)),
        ("tenant", app.tenant.to_string()),
        ("client_id", app.client_id.to_string()),
        ("expires_on", optional(app.expires_on.map(|date| date.to_string()))),
        ("credential", app.credential.kind().as_str().to_owned()),
        ("fingerprint", app.credential.fingerprint()),
        ("submitted_at", now.to_string()),
        ("findings", diagnosed.findings.join(" ")),
        ("reminded", String::new()),
        (ENDED, String::new()),
        (BLOCKED_AT, String::new()),
    ]);
    if !same_app {
        let of_the_former_app = [VERIFIED, "consent", "consent_at", CONSENT_SEEN, "sign_in_test", "sign_in_test_at"];
        tags.extend(of_the_former_app.map(|name| (name.to_owned(), String::new())));
    }
    if diagnosed.verified {
        tags.insert(VERIFIED.to_owned(), now.to_string());
    }
    tags
}

/// Which intake link the credentials came by, if they came by one.
pub(super) fn intake_link_tag(link: Option<&str>) -> Tags {
    to_tags([(INTAKE_LINK, link.unwrap_or_default().to_owned())])
}

pub(super) fn tenure_tag(tenure: Timestamp) -> Tags {
    to_tags([(TENURE, tenure.to_string())])
}

/// Whether the customer was offboarded. Before anything else can be written the mark must come off, so the tag says it too:
/// a hand-over that is given up in between brings nobody back.
pub(in crate::adapters::vault) fn has_ended(description: &SecretMetadata) -> bool {
    description.deleted_at.is_some() || description.tags.get(ENDED).is_some_and(|ended| !ended.is_empty())
}

/// Says that the customer was offboarded, or that it was taken back.
pub(super) fn ended_tag(has_ended: bool) -> Tags {
    to_tags([(ENDED, if has_ended { "yes".to_owned() } else { String::new() })])
}

/// When the customer began; customers of earlier versions of this software always were.
pub(super) fn parse_tenure(description: &SecretMetadata) -> Timestamp {
    description.tags.get(TENURE).and_then(|tenure| tenure.parse().ok()).unwrap_or_default()
}

pub(in crate::adapters::vault) fn parse_app_tags(description: &SecretMetadata) -> Result<AppSummary, VaultError> {
    let tag = |name: &str| description.tags.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let wrong = || documents::corrupt_document(&description.name, "its tags are not ours");
    let time = |name: &str| tag(name).and_then(|value| value.parse().ok());
    let list = |name: &str| tag(name).map(|value| value.split(' ').map(str::to_owned).collect()).unwrap_or_default();
    // A note counts for the version that was checked; what was found when it was handed over, until there is one.
    let is_checked = tag(CHECKED) == Some(description.current.as_str());
    let (accepted_at, findings) =
        if is_checked { (time("check_accepted_at"), list("check_findings")) } else { (None, list("findings")) };
    Ok(AppSummary {
        tenure: parse_tenure(description),
        tenant: tag("tenant").and_then(|value| value.parse().ok()).ok_or_else(wrong)?,
        client_id: tag("client_id").and_then(|value| value.parse().ok()).ok_or_else(wrong)?,
        kind: tag("credential").and_then(CredentialKind::parse).unwrap_or_default(),
        expires_on: tag("expires_on").and_then(|value| value.parse().ok()),
        fingerprint: tag("fingerprint").map(str::to_owned),
        verified_at: accepted_at.or_else(|| time("verified_at")),
        submitted_at: time("submitted_at").ok_or_else(wrong)?,
        checked_at: is_checked.then(|| time("checked_at")).flatten(),
        findings,
        consent: time("consent_at").map(|at| AdminConsent { granted: tag("consent") == Some(GRANTED), at }),
        consent_seen_at: time(CONSENT_SEEN),
        sign_in_test: time("sign_in_test_at").map(|at| SignInTestResult { at, findings: list("sign_in_test") }),
        reminded: tag("reminded").and_then(|days| days.parse().ok()),
        connections: tag("connections").and_then(parse_counts),
        blocked_at: time(BLOCKED_AT),
        intake_link: tag(INTAKE_LINK).map(str::to_owned),
    })
}

/// Active, suspect and lost, in this order.
fn parse_counts(text: &str) -> Option<ConnectionCounts> {
    let numbers: Vec<u32> = text.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [active, suspect, needs_reauth] = numbers.try_into().ok()?;
    Some(ConnectionCounts { active, suspect, needs_reauth })
}
