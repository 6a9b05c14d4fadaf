//! Submitted credentials. All errors of their fields are found at once.

use jiff::civil::Date;

use crate::domain::entra_app::app::{Credential, EntraApp};
use crate::domain::entra_app::contact::{ContactChange, ContactError, SubmittedContact};
use crate::domain::entra_app::expiry::utc_date;
use crate::domain::entra_app::tenant_ref::TenantRef;
use crate::domain::finding::{Finding, FindingKind};
use crate::types::clock::Timestamp;
use crate::types::domain_name::DomainNameError;
use crate::types::ids::{ClientId, GuidError, TenantId};
use crate::types::pasted_text::normalize;
use crate::types::secret::{ClientSecret, ClientSecretError};

/// Microsoft's own applications that administrators paste by mistake: Microsoft Graph, Azure CLI.
const MICROSOFT_APP_IDS: [&str; 2] = ["00000003-0000-0000-c000-000000000000", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"];

/// Hosts of Azure China. Graph v1.0 has no online meetings there
/// ([national clouds](https://learn.microsoft.com/graph/deployments)).
const CHINA_CLOUD_HOSTS: [&str; 4] = ["portal.azure.cn", "microsoftonline.cn", "chinacloudapi.cn", ".onmschina.cn"];

/// Hosts of directories for a company's customers: Azure AD B2C, Entra External ID. They have no Teams.
const CUSTOMER_DIRECTORY_HOSTS: [&str; 2] = ["b2clogin.com", "ciamlogin.com"];

/// The part before `.onmicrosoft.com` has at most 27 characters.
const MAX_SHORT_NAME_LENGTH: usize = 27;

/// Credentials as an administrator or the ATS submitted them.
#[derive(Debug)]
pub struct CredentialsSubmission {
    /// Directory (tenant) id, or a domain.
    pub tenant: String,
    /// Application (client) id.
    pub client_id: String,
    /// The credential.
    pub offer: SubmittedCredential,
    /// Whom the ATS may remind, if that was said.
    pub contact: Option<SubmittedContact>,
}

/// The submitted credential.
#[derive(Debug)]
pub enum SubmittedCredential {
    /// A client secret.
    Secret {
        /// The secret's value, as pasted.
        client_secret: ClientSecret,
        /// The day on which the secret expires, `YYYY-MM-DD`.
        expires_on: Option<String>,
    },
    /// The pending key pair, whose certificate the administrator registered.
    Certificate,
    /// Nothing: the app trusts our issuer.
    Federated,
}

/// Credentials in a valid format. Entra decides whether they work.
#[derive(Debug)]
pub struct AppCandidate {
    /// The tenant, as submitted.
    pub tenant: TenantRef,
    /// The app.
    pub client_id: ClientId,
    /// The credential.
    pub credential: Credential,
    /// The day on which the credential expires.
    pub expires_on: Option<Date>,
    /// What becomes of the contact.
    pub contact: ContactChange,
}

impl CredentialsSubmission {
    /// Parses the fields. `prepared` is what we prepared for the customer, if the submission names it and it is there: the
    /// pending key pair, or the subject.
    ///
    /// # Errors
    /// Every finding of every field.
    pub fn parse(self, prepared: Option<Credential>, now: Timestamp) -> Result<AppCandidate, Vec<Finding>> {
        let tenant = parse_tenant(&self.tenant);
        let client_id = parse_client_id(&self.client_id, &self.tenant);
        let (credential, expires_on) = match self.offer {
            SubmittedCredential::Secret { client_secret, expires_on } => {
                let secret = client_secret.validated().map(Credential::Secret).map_err(finding_kind);
                (secret, parse_expiry(expires_on.as_deref(), now))
            }
            SubmittedCredential::Certificate => {
                let is_pair = |credential: &Credential| matches!(credential, Credential::Certificate(_));
                let credential = prepared.filter(is_pair).ok_or(FindingKind::CertificateMissing);
                let expires_on = match &credential {
                    Ok(Credential::Certificate(pair)) => Some(pair.certificate.expires_on),
                    _ => None,
                };
                (credential, Ok(expires_on))
            }
            SubmittedCredential::Federated => {
                let is_subject = |credential: &Credential| matches!(credential, Credential::Federated(_));
                (prepared.filter(is_subject).ok_or(FindingKind::FederatedCredentialMissing), Ok(None))
            }
        };
        let contact = self.contact.as_ref().map(SubmittedContact::parse).transpose().map(Option::unwrap_or_default);
        let contact = contact.map_err(|ContactError| FindingKind::ContactMalformed);
        match (tenant, client_id, credential, expires_on, contact) {
            (Ok(tenant), Ok(client_id), Ok(credential), Ok(expires_on), Ok(contact)) => {
                Ok(AppCandidate { tenant, client_id, credential, expires_on, contact })
            }
            (tenant, client_id, credential, expires_on, contact) => {
                let findings = [tenant.err(), client_id.err(), credential.err(), expires_on.err(), contact.err()];
                Err(findings.into_iter().flatten().map(Finding::from).collect())
            }
        }
    }
}

impl AppCandidate {
    /// The app in its tenant.
    #[must_use]
    pub fn into_app(self, tenant: TenantId) -> EntraApp {
        EntraApp { tenant, client_id: self.client_id, credential: self.credential, expires_on: self.expires_on }
    }
}

fn parse_tenant(text: &str) -> Result<TenantRef, FindingKind> {
    let text = normalize(text);
    match text.parse::<TenantId>() {
        Ok(id) => return Ok(TenantRef::Id(id)),
        Err(GuidError::Empty) => return Err(FindingKind::TenantMissing),
        Err(GuidError::EveryTenant) => return Err(FindingKind::TenantIsEveryTenant),
        Err(GuidError::PersonalAccounts) => return Err(FindingKind::TenantIsPersonal),
        Err(GuidError::Placeholder) => return Err(FindingKind::TenantMalformed),
        Err(GuidError::NotAGuid) => {}
    }
    let lower = text.to_ascii_lowercase();
    if CHINA_CLOUD_HOSTS.iter().any(|host| lower.contains(host)) {
        return Err(FindingKind::TenantInChina);
    }
    if CUSTOMER_DIRECTORY_HOSTS.iter().any(|host| lower.contains(host)) {
        return Err(FindingKind::TenantIsForCustomers);
    }
    if text.contains("://") || text.contains('/') {
        return Err(FindingKind::TenantIsUrl);
    }
    if text.contains('@') {
        return Err(FindingKind::TenantIsEmail);
    }
    text.parse().map(TenantRef::Domain).map_err(|DomainNameError| {
        let one_label = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if one_label && text.len() <= MAX_SHORT_NAME_LENGTH {
            FindingKind::TenantIsShortName
        } else {
            FindingKind::TenantMalformed
        }
    })
}

fn parse_client_id(text: &str, tenant: &str) -> Result<ClientId, FindingKind> {
    let id: ClientId = normalize(text).parse().map_err(|error| match error {
        GuidError::Empty => FindingKind::ClientIdMissing,
        _ => FindingKind::ClientIdMalformed,
    })?;
    if normalize(tenant).eq_ignore_ascii_case(&id.to_string()) {
        return Err(FindingKind::ClientIdIsTenant);
    }
    if MICROSOFT_APP_IDS.contains(&id.to_string().as_str()) {
        return Err(FindingKind::ClientIdIsMicrosofts);
    }
    Ok(id)
}

fn finding_kind(error: ClientSecretError) -> FindingKind {
    match error {
        ClientSecretError::Missing => FindingKind::SecretMissing,
        ClientSecretError::SecretId => FindingKind::SecretIsSecretId,
        ClientSecretError::Masked => FindingKind::SecretIsMasked,
        ClientSecretError::StrangeCharacters => FindingKind::SecretHasStrangeCharacters,
        ClientSecretError::SomethingElse => FindingKind::SecretMalformed,
    }
}

fn parse_expiry(text: Option<&str>, now: Timestamp) -> Result<Option<Date>, FindingKind> {
    let Some(text) = text.map(normalize).filter(|text| !text.is_empty()) else { return Ok(None) };
    let calendar = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date: Date = text.parse().ok().filter(|_| calendar).ok_or(FindingKind::ExpiryMalformed)?;
    if date < utc_date(now) {
        return Err(FindingKind::ExpiryInThePast);
    }
    Ok(Some(date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entra_app::certificate::KeyPair;
    use crate::domain::entra_app::summary::CredentialKind;
    use crate::types::randomness::Randomness;

    const TENANT: &str = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60";
    const CLIENT: &str = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn submit(tenant: &str, client_id: &str, secret: &str, expires_on: &str) -> Result<AppCandidate, Vec<FindingKind>> {
        let submission = CredentialsSubmission {
            tenant: tenant.into(),
            client_id: client_id.into(),
            offer: SubmittedCredential::Secret {
                client_secret: ClientSecret::from(secret.to_owned()),
                expires_on: Some(expires_on.into()),
            },
            contact: None,
        };
        submission.parse(None, now()).map_err(|findings| findings.into_iter().map(|finding| finding.kind).collect())
    }

    #[test]
    fn a_certificate_needs_a_pending_key_pair_and_has_its_expiry() {
        let pair =
            KeyPair::generate(("Teams Connect", &"kadry".parse().unwrap()), now(), &Randomness::seeded(1)).unwrap();
        let submission = || CredentialsSubmission {
            tenant: TENANT.into(),
            client_id: CLIENT.into(),
            offer: SubmittedCredential::Certificate,
            contact: None,
        };
        let candidate = submission().parse(Some(Credential::Certificate(pair)), now()).unwrap();
        assert_eq!(candidate.credential.kind(), CredentialKind::Certificate);
        assert_eq!(candidate.expires_on.unwrap().to_string(), "2028-11-23");
        let findings = submission().parse(None, now()).unwrap_err();
        assert_eq!(findings, [Finding::from(FindingKind::CertificateMissing)]);
    }

    #[test]
    fn an_app_without_a_secret_has_its_subject_and_no_expiry() {
        let subject = Credential::Federated("AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap());
        let submission = || CredentialsSubmission {
            tenant: TENANT.into(),
            client_id: CLIENT.into(),
            offer: SubmittedCredential::Federated,
            contact: None,
        };
        let candidate = submission().parse(Some(subject), now()).unwrap();
        assert_eq!((candidate.credential.kind(), candidate.expires_on), (CredentialKind::Federated, None));
        assert!(submission().parse(None, now()).is_err());
    }

    #[test]
    fn good_values_pass_with_blanks_around_them() {
        let candidate = submit(&format!(" {TENANT} "), &CLIENT.to_uppercase(), "abC8Q~x\n", "2027-11-24").unwrap();
        assert_eq!(candidate.client_id.to_string(), CLIENT);
        assert_eq!(candidate.expires_on.unwrap().to_string(), "2027-11-24");
    }

    #[test]
    fn what_copying_adds_to_a_value_is_ignored() {
        let candidate =
            submit(&format!("\u{feff}{TENANT}\u{200b}"), &format!("\u{202a}{CLIENT}\u{202c} "), "abC8Q~x", "");
        assert_eq!(candidate.unwrap().client_id.to_string(), CLIENT);
        let dashes = |id: &str| id.replace('-', "\u{2011}");
        for (before, behind) in [("\u{200e}", "\u{200f}"), ("\u{2066}", "\u{2069}"), ("\u{2060}", "\u{a0}")] {
            let marked = |text: &str| format!("{before}{text}{behind}");
            let (tenant, client, date) = (marked(&dashes(TENANT)), marked(&dashes(CLIENT)), marked("2027–11–24"));
            let candidate = submit(&tenant, &client, &marked("abC8Q~x"), &date).unwrap();
            assert_eq!(candidate.client_id.to_string(), CLIENT);
            assert_eq!(candidate.tenant, TenantRef::Id(TENANT.parse().unwrap()));
            assert_eq!(candidate.expires_on.unwrap().to_string(), "2027-11-24");
        }
        assert_eq!(
            submit(&format!("{CLIENT}\u{200b}"), CLIENT, "abC8Q~x", "").unwrap_err(),
            [FindingKind::ClientIdIsTenant]
        );
    }

    #[test]
    fn a_tenant_may_be_named_by_its_domain() {
        let candidate = submit("Kadry.OnMicrosoft.com", CLIENT, "abC8Q~x", "").unwrap();
        assert_eq!(candidate.tenant, TenantRef::Domain("kadry.onmicrosoft.com".parse().unwrap()));
    }

    #[test]
    fn every_error_of_every_field_is_found_at_once() {
        let findings = submit("", "Teams app", TENANT, "24.11.2027").unwrap_err();
        assert_eq!(
            findings,
            [
                FindingKind::TenantMissing,
                FindingKind::ClientIdMalformed,
                FindingKind::SecretIsSecretId,
                FindingKind::ExpiryMalformed
            ]
        );
    }

    #[test]
    fn a_contact_may_be_left_and_is_checked_with_the_other_fields() {
        let submit = |tenant: &str, contact: Option<&str>| {
            let offer = SubmittedCredential::Secret {
                client_secret: ClientSecret::from("abC8Q~x".to_owned()),
                expires_on: None,
            };
            let contact = contact.map(|text| text.to_owned().into());
            CredentialsSubmission { tenant: tenant.into(), client_id: CLIENT.into(), offer, contact }.parse(None, now())
        };
        let change = |contact| submit(TENANT, contact).unwrap().contact;
        assert_eq!(change(None), ContactChange::Keep);
        assert_eq!(change(Some("")), ContactChange::End);
        assert_eq!(change(Some("it@kadry.example")), ContactChange::Set("it@kadry.example".parse().unwrap()));
        let findings = submit("", Some("it")).unwrap_err();
        assert_eq!(findings, [FindingKind::TenantMissing, FindingKind::ContactMalformed].map(Finding::from));
    }

    #[test]
    fn each_text_that_names_no_tenant_has_its_own_finding() {
        for (text, kind) in [
            ("common", FindingKind::TenantIsEveryTenant),
            ("consumers", FindingKind::TenantIsPersonal),
            ("9188040d-6c67-4c5b-b112-36a304b66dad", FindingKind::TenantIsPersonal),
            ("https://portal.azure.cn/#home", FindingKind::TenantInChina),
            ("kadry.partner.onmschina.cn", FindingKind::TenantInChina),
            ("kadry.b2clogin.com", FindingKind::TenantIsForCustomers),
            ("https://Kadry.CIAMLogin.com/kadry.onmicrosoft.com", FindingKind::TenantIsForCustomers),
            ("https://portal.azure.com/#home", FindingKind::TenantIsUrl),
            ("login.microsoftonline.com/x", FindingKind::TenantIsUrl),
            ("anna@kadry.example", FindingKind::TenantIsEmail),
            ("kadry", FindingKind::TenantIsShortName),
            ("Kadry Polska", FindingKind::TenantMalformed),
            ("{6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60}", FindingKind::TenantMalformed),
            ("kadry.example.", FindingKind::TenantMalformed),
            ("-kadry.example", FindingKind::TenantMalformed),
            ("127.0.0.1", FindingKind::TenantMalformed),
            ("0x7f.1", FindingKind::TenantMalformed),
            ("00000000-0000-0000-0000-000000000000", FindingKind::TenantMalformed),
        ] {
            assert_eq!(submit(text, CLIENT, "abC8Q~x", "").unwrap_err(), [kind], "{text}");
        }
    }

    #[test]
    fn every_real_date_to_come_is_a_day_of_expiry() {
        for date in ["2026-11-24", "2299-12-31", "9999-12-31"] {
            let candidate = submit(TENANT, CLIENT, "abC8Q~x", date).unwrap();
            assert_eq!(candidate.expires_on.unwrap().to_string(), date);
        }
        assert_eq!(submit(TENANT, CLIENT, "abC8Q~x", "2026-11-23").unwrap_err(), [FindingKind::ExpiryInThePast]);
    }

    #[test]
    fn an_id_in_the_wrong_field_is_noticed() {
        assert_eq!(submit(TENANT, TENANT, "abC8Q~x", "").unwrap_err(), [FindingKind::ClientIdIsTenant]);
        assert_eq!(
            submit(TENANT, MICROSOFT_APP_IDS[0], "abC8Q~x", "").unwrap_err(),
            [FindingKind::ClientIdIsMicrosofts]
        );
    }
}
