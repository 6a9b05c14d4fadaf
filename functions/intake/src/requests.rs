//! What comes in and what goes out, in the words of the contract.

mod credentials;

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use serde::{Deserialize, Serialize};
use url::Url;

use shared::adapters::microsoft::BaseUrl;
use shared::domain::entra_app::{AdminConsent, AppSummary, CredentialKind, DomainName, IntakeLink};
use shared::domain::finding::{Finding, from_codes};
use shared::http::problem::{FieldError, FindingDocument, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use shared::types::single_line::is_single_line;

use crate::credentials::StoredCredentials;

pub(crate) use credentials::{CertificateResponse, PutCredentialsRequest, parse_form};

/// Unless the ATS says otherwise, an administrator has a week.
const LINK_TIME: i64 = 7 * 24 * 3600;
/// And never more than 90 days, nor less than a quarter of an hour.
const LINK_TIMES: std::ops::RangeInclusive<i64> = 900..=90 * 24 * 3600;

/// What the ATS wishes of a link for an administrator.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = IntakeLinkOrder))]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateIntakeLinkRequest {
    /// How long the link works, in seconds; a week where nothing is said.
    #[cfg_attr(feature = "openapi", schema(minimum = 900, maximum = 7_776_000))]
    expires_in: Option<i64>,
    /// The language in which the page opens.
    language: Option<Language>,
    /// A domain of the customer's: credentials of a tenant to which it does not belong are refused.
    expected_domain: Option<String>,
    /// Where the page offers to go when all is done: https.
    return_url: Option<String>,
}

/// A link for an administrator, and until when it works.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Link))]
pub(crate) struct IntakeLinkResponse {
    /// The whole address. Its last segment is sealed, and worth what the link is worth.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    pub(crate) url: String,
    /// From then on it answers that it no longer works.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub(crate) expires_at: Timestamp,
}

/// What the ATS wishes of a link.
#[derive(Debug)]
pub(crate) struct IntakeLinkOptions {
    pub(crate) life: SignedDuration,
    pub(crate) language: Option<Language>,
    pub(crate) expected_domain: Option<DomainName>,
    pub(crate) return_url: Option<Url>,
}

impl CreateIntakeLinkRequest {
    pub(crate) fn parse(self) -> Result<IntakeLinkOptions, Problem> {
        let mut faults = Vec::new();
        let life = self.expires_in.unwrap_or(LINK_TIME);
        if !LINK_TIMES.contains(&life) {
            faults.push(FieldError::new("expires_in", "is not a number of seconds from 900 to 7776000"));
        }
        let expected_domain = self.expected_domain.map(|text| text.parse::<DomainName>()).transpose();
        if expected_domain.is_err() {
            faults.push(FieldError::new("expected_domain", "is not a domain name"));
        }
        let return_url = self.return_url.map(|text| parse_return_url(&text).ok_or(())).transpose();
        if return_url.is_err() {
            faults.push(FieldError::new("return_url", "is not an https address"));
        }
        match (expected_domain, return_url) {
            (Ok(expected_domain), Ok(return_url)) if faults.is_empty() => Ok(IntakeLinkOptions {
                life: SignedDuration::from_secs(life),
                language: self.language,
                expected_domain,
                return_url,
            }),
            _ => Err(Problem::from(ProblemKind::InvalidFields).with_fields(faults)),
        }
    }
}

/// An https address (http for this machine) without credentials; it may have a query of its own.
fn parse_return_url(text: &str) -> Option<Url> {
    // The parser takes line breaks out of an address and goes on (WHATWG URL §4.4).
    let url = Url::parse(text.trim()).ok().filter(|_| is_single_line(text.trim()))?;
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare.as_str().parse::<BaseUrl>().ok()?;
    Some(url)
}

/// The link itself is what another site cannot know; a browser that says that another site sent the form is believed.
pub(crate) fn same_site(headers: &HeaderMap, public_url: &BaseUrl) -> Result<(), Problem> {
    let ours = Url::parse(public_url.as_str()).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or_default());
    let origin = headers.get(ORIGIN).map(|value| value.to_str().unwrap_or_default());
    let allowed = match (site, origin) {
        // With `Referrer-Policy: no-referrer` browsers write `Origin: null` on forms of our own.
        (Some("same-origin" | "none"), None | Some("null")) | (None, None) => true,
        (Some("same-origin" | "none") | None, Some(origin)) => origin == ours,
        (Some(_), _) => false,
    };
    if allowed { Ok(()) } else { Err(ProblemKind::CrossSite.into()) }
}

/// What the reader chose on the page, else what the ATS knows, else what the browser asks for.
pub(crate) fn choose_language(query: Option<&str>, link: &IntakeLink, asked: Language) -> Language {
    language_from_query(query).or(link.language).unwrap_or(asked)
}

/// What the reader chose on the page.
pub(crate) fn language_from_query(query: Option<&str>) -> Option<Language> {
    let parameters = urlencoded::parse(query.unwrap_or_default()).unwrap_or_default();
    parameters.iter().find(|(name, _)| name == "language").and_then(|(_, tag)| Language::from_bcp47(tag))
}

/// What is known about a customer.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Customer))]
pub(crate) struct CustomerResponse {
    /// The customer, by the ATS's own id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    customer: CustomerId,
    /// Directory (tenant) id.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    tenant: String,
    /// Application (client) id.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    client_id: String,
    /// How the app proves itself to Microsoft.
    kind: CredentialKind,
    /// By what credentials can be told apart: the first 16 hexadecimal digits of a secret's SHA-256, or a certificate's
    /// thumbprint as the portal shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    fingerprint: Option<String>,
    /// The day on which the credential ends, where it was told.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    expires_on: Option<String>,
    /// When Microsoft last accepted the credentials.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    verified_at: Option<Timestamp>,
    /// When they were handed over.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    submitted_at: Timestamp,
    /// When they were last checked, by whomever.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    checked_at: Option<Timestamp>,
    /// What was found then.
    findings: Vec<FindingDocument>,
    /// How an administrator answered the request for consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    consent: Option<AdminConsentResponse>,
    /// How the last test of a sign-in ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    sign_in_test: Option<SignInTestResponse>,
    /// By state, as the schedule last counted them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    connections: Option<ConnectionCountsResponse>,
}

/// A customer's connections by state.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CountedConnections))]
struct ConnectionCountsResponse {
    /// They work.
    active: u32,
    /// Microsoft refused them once.
    suspect: u32,
    /// The recruiter must sign in again.
    needs_reauth: u32,
}

/// How an administrator answered the request for consent, as the browser reported it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ConsentAnswer))]
struct AdminConsentResponse {
    /// Whether consent was given.
    granted: bool,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    at: Timestamp,
}

/// How the last test of a sign-in ended.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TestedSignIn))]
struct SignInTestResponse {
    /// Whether it went well.
    passed: bool,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    at: Timestamp,
    /// What was found.
    findings: Vec<FindingDocument>,
}

/// What whoever handed over credentials gets for them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReceivedCustomer))]
pub(crate) struct StoredCredentialsResponse {
    #[serde(flatten)]
    known: CustomerResponse,
    /// Microsoft's page on which an administrator consents for everybody.
    consent_url: Url,
    /// Where anybody of the tenant tests a sign-in.
    #[cfg_attr(feature = "openapi", schema(format = Uri))]
    test_sign_in_url: String,
}

impl StoredCredentialsResponse {
    pub(crate) fn new(customer: &CustomerId, receipt: &StoredCredentials, language: Language) -> Self {
        let documents = receipt.findings.iter().map(|finding| FindingDocument::new(finding, language));
        Self {
            known: CustomerResponse {
                findings: documents.collect(),
                ..CustomerResponse::new(customer, &receipt.card, language)
            },
            consent_url: receipt.consent_url.clone(),
            test_sign_in_url: receipt.test_sign_in_url.clone(),
        }
    }
}

impl CustomerResponse {
    pub(crate) fn new(customer: &CustomerId, card: &AppSummary, language: Language) -> Self {
        let documents = |findings: &[Finding]| {
            findings.iter().map(|finding| FindingDocument::new(finding, language)).collect::<Vec<_>>()
        };
        Self {
            customer: customer.clone(),
            tenant: card.tenant.to_string(),
            client_id: card.client_id.to_string(),
            kind: card.kind,
            fingerprint: card.fingerprint.clone(),
            expires_on: card.expires_on.map(|date| date.to_string()),
            verified_at: card.verified_at,
            submitted_at: card.submitted_at,
            checked_at: card.checked_at,
            findings: documents(&from_codes(&card.findings)),
            consent: card.consent.map(|AdminConsent { granted, at }| AdminConsentResponse { granted, at }),
            sign_in_test: card.sign_in_test.as_ref().map(|test| SignInTestResponse {
                passed: test.findings.is_empty(),
                at: test.at,
                findings: documents(&from_codes(&test.findings)),
            }),
            connections: card.connections.map(|count| ConnectionCountsResponse {
                active: count.active,
                suspect: count.suspect,
                needs_reauth: count.needs_reauth,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_form_is_taken_from_our_own_page_only() {
        let base: BaseUrl = "https://teams.ats.example".parse().unwrap();
        let sent = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter();
            let headers: HeaderMap =
                pairs.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
            same_site(&headers, &base).is_ok()
        };
        assert!(sent(&[]));
        assert!(sent(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(sent(&[("origin", "https://teams.ats.example")]));
        for pairs in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        ] {
            assert!(!sent(pairs), "{pairs:?}");
        }
    }

    #[test]
    fn a_link_may_live_from_a_quarter_of_an_hour_to_a_quarter_of_a_year() {
        let life =
            |json: &str| serde_json::from_str::<CreateIntakeLinkRequest>(json).unwrap().parse().map(|wish| wish.life);
        assert_eq!(life("{}").unwrap(), SignedDuration::from_hours(168));
        assert_eq!(life(r#"{"expires_in":900}"#).unwrap(), SignedDuration::from_mins(15));
        for json in [
            r#"{"expires_in":0}"#,
            r#"{"expires_in":-1}"#,
            r#"{"expires_in":7776001}"#,
            r#"{"expected_domain":"x"}"#,
            r#"{"return_url":"javascript:alert(1)"}"#,
            r#"{"return_url":"http://ats.example"}"#,
            r#"{"return_url":"https://a:b@ats.example"}"#,
            r#"{"return_url":"//ats.example"}"#,
        ] {
            assert!(life(json).is_err(), "{json}");
        }
    }
}
