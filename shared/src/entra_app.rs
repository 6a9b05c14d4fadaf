//! What an administrator hands over: tenant, client id, client secret. All faults of the fields are found at once.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clock::{SignedDuration, Timestamp, after};
use crate::finding::{Finding, Kind};
use crate::ids::{ClientId, CustomerId, GuidError, TenantId};
use crate::language::Language;
use crate::seal::Sealed;
use crate::secret::{ClientSecret, SecretFault};

/// Applications of Microsoft's own that administrators paste by mistake: Microsoft Graph, Azure CLI.
const OF_MICROSOFT: [&str; 2] = ["00000003-0000-0000-c000-000000000000", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"];

/// The longest life that the portal gives a client secret, with a month to spare.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 365 * 100);

/// From how many days on before its end a secret is worth a warning.
pub const WARN_DAYS: i64 = 60;

/// What a link for the administrator carries, sealed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeLink {
    /// Whose credentials are asked for.
    pub customer: CustomerId,
    /// The language to begin in, if the ATS knows it.
    pub language: Option<Language>,
    /// The tenant must be the one of this domain.
    pub expected_domain: Option<Domain>,
    /// Where the page offers to go afterwards.
    pub return_url: Option<url::Url>,
}

impl Sealed for IntakeLink {
    const PURPOSE: &'static str = "intake-link";
}

/// A domain name of a tenant, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Domain(String);

impl Domain {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a domain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a domain name")]
pub struct NotADomain;

impl std::str::FromStr for Domain {
    type Err = NotADomain;

    /// Letters, digits and hyphens in at least two labels (RFC 1123 §2.1), the last of which begins with a letter.
    fn from_str(text: &str) -> Result<Self, NotADomain> {
        let text = text.trim().to_ascii_lowercase();
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let top_level = text.rsplit('.').next().unwrap_or_default();
        let named = top_level.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        if text.len() <= 253 && text.contains('.') && text.split('.').all(label) && named {
            Ok(Self(text))
        } else {
            Err(NotADomain)
        }
    }
}

impl TryFrom<String> for Domain {
    type Error = NotADomain;
    fn try_from(text: String) -> Result<Self, NotADomain> {
        text.parse()
    }
}

/// How the administrator named the tenant. A domain is turned into the GUID once, by discovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantName {
    /// By its id.
    Id(TenantId),
    /// By one of its verified domains.
    Domain(Domain),
}

/// The form as it was filled in.
#[derive(Debug)]
pub struct Submission {
    /// Directory (tenant) id, or a domain.
    pub tenant: String,
    /// Application (client) id.
    pub client_id: String,
    /// The secret's value, as pasted.
    pub client_secret: ClientSecret,
    /// The day on which the secret ends, `YYYY-MM-DD`.
    pub expires_on: Option<String>,
}

/// Values that could be right. Whether they are, Entra decides.
#[derive(Debug)]
pub struct Candidate {
    /// The tenant, as it was named.
    pub tenant: TenantName,
    /// The app.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// The day on which the secret ends.
    pub expires_on: Option<Date>,
}

/// A customer's app registration: what is kept in the vault, one for each customer.
#[derive(Debug)]
pub struct EntraApp {
    /// The tenant.
    pub tenant: TenantId,
    /// The app.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// The day on which the secret ends, if it was told.
    pub expires_on: Option<Date>,
}

impl Submission {
    /// Reads the four fields.
    ///
    /// # Errors
    /// Every fault of every field, at once.
    pub fn parse(self, now: Timestamp) -> Result<Candidate, Vec<Finding>> {
        let tenant = parse_tenant(&self.tenant);
        let client_id = parse_client_id(&self.client_id, &self.tenant);
        let client_secret = self.client_secret.tidied().map_err(kind_of);
        let expires_on = parse_expiry(self.expires_on.as_deref(), now);
        match (tenant, client_id, client_secret, expires_on) {
            (Ok(tenant), Ok(client_id), Ok(client_secret), Ok(expires_on)) => {
                Ok(Candidate { tenant, client_id, client_secret, expires_on })
            }
            (tenant, client_id, client_secret, expires_on) => {
                let faults = [tenant.err(), client_id.err(), client_secret.err(), expires_on.err()];
                Err(faults.into_iter().flatten().map(Finding::from).collect())
            }
        }
    }
}

impl Candidate {
    /// The app, once the tenant's GUID is known.
    #[must_use]
    pub fn in_tenant(self, tenant: TenantId) -> EntraApp {
        EntraApp { tenant, client_id: self.client_id, client_secret: self.client_secret, expires_on: self.expires_on }
    }
}

/// What the expiry date alone gives cause to say.
#[must_use]
pub fn expiry_finding(expires_on: Option<Date>, now: Timestamp) -> Option<Finding> {
    let today = today(now);
    let days = today.until(expires_on?).ok()?.get_days();
    match i64::from(days) {
        ..0 => Some(Kind::SecretExpired.into()),
        0..=WARN_DAYS => Some(Kind::ExpiresSoon.into()),
        _ => None,
    }
}

/// The calendar day, in UTC as the portal shows it.
fn today(now: Timestamp) -> Date {
    jiff::tz::Offset::UTC.to_datetime(now).date()
}

fn parse_tenant(text: &str) -> Result<TenantName, Kind> {
    let text = text.trim();
    match text.parse::<TenantId>() {
        Ok(id) => return Ok(TenantName::Id(id)),
        Err(GuidError::Empty) => return Err(Kind::TenantMissing),
        Err(GuidError::EveryTenant) => return Err(Kind::TenantIsEveryTenant),
        Err(GuidError::Placeholder) => return Err(Kind::TenantMalformed),
        Err(GuidError::NotAGuid) => {}
    }
    if text.contains("://") || text.contains('/') {
        return Err(Kind::TenantIsUrl);
    }
    if text.contains('@') {
        return Err(Kind::TenantIsEmail);
    }
    text.parse().map(TenantName::Domain).map_err(|NotADomain| Kind::TenantMalformed)
}

fn parse_client_id(text: &str, tenant: &str) -> Result<ClientId, Kind> {
    let id: ClientId = text.parse().map_err(|error| match error {
        GuidError::Empty => Kind::ClientIdMissing,
        _ => Kind::ClientIdMalformed,
    })?;
    if tenant.trim().eq_ignore_ascii_case(&id.to_string()) {
        return Err(Kind::ClientIdIsTenant);
    }
    if OF_MICROSOFT.contains(&id.to_string().as_str()) {
        return Err(Kind::ClientIdIsMicrosofts);
    }
    Ok(id)
}

fn kind_of(fault: SecretFault) -> Kind {
    match fault {
        SecretFault::Missing => Kind::SecretMissing,
        SecretFault::SecretId => Kind::SecretIsSecretId,
        SecretFault::Masked => Kind::SecretIsMasked,
        SecretFault::StrangeCharacters => Kind::SecretHasStrangeCharacters,
        SecretFault::SomethingElse => Kind::SecretMalformed,
    }
}

fn parse_expiry(text: Option<&str>, now: Timestamp) -> Result<Option<Date>, Kind> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let calendar = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date: Date = text.parse().ok().filter(|_| calendar).ok_or(Kind::ExpiryMalformed)?;
    if date < today(now) {
        return Err(Kind::ExpiryInThePast);
    }
    if date > today(after(now, LONGEST_LIFE)) {
        return Err(Kind::ExpiryMalformed);
    }
    Ok(Some(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
    const CLIENT: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn submit(tenant: &str, client_id: &str, secret: &str, expires_on: &str) -> Result<Candidate, Vec<Kind>> {
        let submission = Submission {
            tenant: tenant.into(),
            client_id: client_id.into(),
            client_secret: ClientSecret::from(secret.to_owned()),
            expires_on: Some(expires_on.into()),
        };
        submission.parse(now()).map_err(|findings| findings.into_iter().map(|finding| finding.kind).collect())
    }

    #[test]
    fn good_values_pass_with_blanks_around_them() {
        let candidate = submit(&format!(" {TENANT} "), &CLIENT.to_uppercase(), "abC8Q~x\n", "2027-11-24").unwrap();
        assert_eq!(candidate.client_id.to_string(), CLIENT);
        assert_eq!(candidate.expires_on.unwrap().to_string(), "2027-11-24");
    }

    #[test]
    fn a_tenant_may_be_named_by_its_domain() {
        let candidate = submit("Kadry.OnMicrosoft.com", CLIENT, "abC8Q~x", "").unwrap();
        assert_eq!(candidate.tenant, TenantName::Domain("kadry.onmicrosoft.com".parse().unwrap()));
    }

    #[test]
    fn every_fault_of_every_field_is_told_at_once() {
        let faults = submit("", "Teams app", TENANT, "24.11.2027").unwrap_err();
        assert_eq!(
            faults,
            [Kind::TenantMissing, Kind::ClientIdMalformed, Kind::SecretIsSecretId, Kind::ExpiryMalformed]
        );
    }

    #[test]
    fn each_way_of_naming_no_tenant_has_its_own_finding() {
        for (text, kind) in [
            ("common", Kind::TenantIsEveryTenant),
            ("https://portal.azure.com/#home", Kind::TenantIsUrl),
            ("login.microsoftonline.com/x", Kind::TenantIsUrl),
            ("anna@kadry.example", Kind::TenantIsEmail),
            ("kadry", Kind::TenantMalformed),
            ("kadry.example.", Kind::TenantMalformed),
            ("-kadry.example", Kind::TenantMalformed),
            ("127.0.0.1", Kind::TenantMalformed),
            ("0x7f.1", Kind::TenantMalformed),
            ("00000000-0000-0000-0000-000000000000", Kind::TenantMalformed),
        ] {
            assert_eq!(submit(text, CLIENT, "abC8Q~x", "").unwrap_err(), [kind], "{text}");
        }
    }

    #[test]
    fn an_id_in_the_wrong_field_is_noticed() {
        assert_eq!(submit(TENANT, TENANT, "abC8Q~x", "").unwrap_err(), [Kind::ClientIdIsTenant]);
        assert_eq!(submit(TENANT, OF_MICROSOFT[0], "abC8Q~x", "").unwrap_err(), [Kind::ClientIdIsMicrosofts]);
    }

    #[test]
    fn a_secret_that_ends_within_sixty_days_is_worth_a_warning() {
        let finding = |date: &str| expiry_finding(Some(date.parse().unwrap()), now()).map(|finding| finding.kind);
        assert_eq!(finding("2026-11-23"), Some(Kind::SecretExpired));
        assert_eq!(finding("2026-11-24"), Some(Kind::ExpiresSoon));
        assert_eq!(finding("2027-01-23"), Some(Kind::ExpiresSoon));
        assert_eq!(finding("2027-01-24"), None);
        assert_eq!(expiry_finding(None, now()), None);
    }
}
