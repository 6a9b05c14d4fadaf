//! Request bodies, forms and queries.

mod credentials;

use serde::Deserialize;
use url::Url;

use shared::adapters::vault::model::RECOVERY_WINDOW_DAYS;
use shared::domain::entra_app::{INTAKE_LINK_LIFETIME, IntakeLink, ShownName};
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::base_url::BaseUrl;
use shared::types::clock::SignedDuration;
use shared::types::domain_name::DomainName;
use shared::types::language::Language;
use shared::types::single_line::is_single_line;

pub(crate) use credentials::{PutCredentialsRequest, parse_form};

/// How long an intake link may work: 15 minutes to 30 days, in seconds. The record of an offboarded customer stays as long
/// ([`RECOVERY_WINDOW_DAYS`]), and the link must not outlive it.
const LINK_SECONDS: std::ops::RangeInclusive<i64> = 900..=RECOVERY_WINDOW_DAYS as i64 * 24 * 3600;

/// The options of a link for an administrator.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = IntakeLinkOrder))]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateIntakeLinkRequest {
    /// How long the link works, in seconds; a week by default.
    #[cfg_attr(feature = "openapi", schema(minimum = 900, maximum = 2_592_000))]
    expires_in: Option<i64>,
    /// The language the page opens in.
    language: Option<Language>,
    /// A domain of the customer: credentials of a tenant without this domain are rejected.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    expected_domain: Option<String>,
    /// An https address that the page offers once everything is done.
    #[cfg_attr(feature = "openapi", schema(format = Uri, min_length = 1))]
    return_url: Option<String>,
    /// The customer's name, which the page shows instead of its id.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80, pattern = r"\S"))]
    customer_name: Option<String>,
    /// Who asks for the credentials: a person or a team whom the administrator knows. The page shows it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80, pattern = r"\S"))]
    requested_by: Option<String>,
}

/// Validated options of an intake link.
#[derive(Debug)]
pub(crate) struct IntakeLinkOptions {
    pub(crate) lifetime: SignedDuration,
    pub(crate) language: Option<Language>,
    pub(crate) expected_domain: Option<DomainName>,
    pub(crate) return_url: Option<Url>,
    pub(crate) customer_name: Option<ShownName>,
    pub(crate) requested_by: Option<ShownName>,
}

impl CreateIntakeLinkRequest {
    pub(crate) fn parse(self) -> Result<IntakeLinkOptions, Problem> {
        let mut errors = Vec::new();
        let lifetime = self.expires_in.unwrap_or(INTAKE_LINK_LIFETIME.as_secs());
        if !LINK_SECONDS.contains(&lifetime) {
            errors.push(FieldError::new("expires_in", "is not a number of seconds from 900 to 2592000"));
        }
        let expected_domain = self.expected_domain.map(|text| text.parse::<DomainName>()).transpose();
        if expected_domain.is_err() {
            errors.push(FieldError::new("expected_domain", "is not a domain name"));
        }
        let return_url = self.return_url.map(|text| parse_return_url(&text).ok_or(())).transpose();
        if return_url.is_err() {
            errors.push(FieldError::new("return_url", "is not an https address"));
        }
        let names = [("customer_name", self.customer_name), ("requested_by", self.requested_by)];
        let [customer_name, requested_by] = names.map(|(field, text)| {
            let name = text.map(|text| text.parse::<ShownName>()).transpose();
            name.unwrap_or_else(|_| {
                errors.push(FieldError::new(field, "is not 1 to 80 characters in one line"));
                None
            })
        });
        match (expected_domain, return_url) {
            (Ok(expected_domain), Ok(return_url)) if errors.is_empty() => Ok(IntakeLinkOptions {
                lifetime: SignedDuration::from_secs(lifetime),
                language: self.language,
                expected_domain,
                return_url,
                customer_name,
                requested_by,
            }),
            _ => Err(Problem::from(ProblemKind::InvalidFields).with_fields(errors)),
        }
    }
}

/// Parses an https address, or an http address on loopback. It may have a query, and must not have credentials.
fn parse_return_url(text: &str) -> Option<Url> {
    // The parser removes line breaks from an address silently (WHATWG URL §4.4), so they are rejected first.
    let url = Url::parse(text.trim()).ok().filter(|_| is_single_line(text.trim()))?;
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare.as_str().parse::<BaseUrl>().ok()?;
    Some(url)
}

/// The language of a page: chosen on the page, else set by the ATS in the link, else preferred by the browser.
pub(crate) fn choose_language(query: Option<&str>, link: &IntakeLink, preferred: Language) -> Language {
    language_from_query(query).or(link.language).unwrap_or(preferred)
}

/// The language chosen on the page.
pub(crate) fn language_from_query(query: Option<&str>) -> Option<Language> {
    let parameters = urlencoded::parse(query.unwrap_or_default()).unwrap_or_default();
    parameters.iter().find(|(name, _)| name == "language").and_then(|(_, tag)| Language::from_bcp47(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_for_15_minutes_at_least_and_30_days_at_most() {
        let lifetime = |json: &str| {
            serde_json::from_str::<CreateIntakeLinkRequest>(json).unwrap().parse().map(|options| options.lifetime)
        };
        assert_eq!(lifetime("{}").unwrap(), SignedDuration::from_hours(168));
        assert_eq!(lifetime(r#"{"expires_in":2592000}"#).unwrap(), SignedDuration::from_hours(24 * 30));
        assert_eq!(lifetime(r#"{"expires_in":900}"#).unwrap(), SignedDuration::from_mins(15));
        for json in [
            r#"{"expires_in":0}"#,
            r#"{"expires_in":-1}"#,
            r#"{"expires_in":2592001}"#,
            r#"{"expected_domain":"x"}"#,
            r#"{"customer_name":" "}"#,
            r#"{"requested_by":"a\nb"}"#,
            &format!(r#"{{"requested_by":"{}"}}"#, "ż".repeat(81)),
            r#"{"return_url":"javascript:alert(1)"}"#,
            r#"{"return_url":"http://ats.example"}"#,
            r#"{"return_url":"https://a:b@ats.example"}"#,
            r#"{"return_url":"//ats.example"}"#,
        ] {
            assert!(lifetime(json).is_err(), "{json}");
        }
    }
}
