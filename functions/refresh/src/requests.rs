//! Queries that come in.

use serde::{Deserialize, Serialize};

use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::{AppSummary, ConsentState, CustomerState, days_left};
use shared::domain::finding::Actor;
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded;
use shared::types::clock::{SignedDuration, Timestamp};
use shared::types::language::Language;

use crate::list_page::ListPosition;

/// In days. Entra's credentials live for two years at most in the portal; more than three is a mistake.
const MAX_EXPIRING_WITHIN: i32 = 1_100;

/// Entries of a page, where nothing else is asked for.
const DEFAULT_LIMIT: usize = 100;

/// Entries of a page at most: their answer stays far below the 6 MB that Lambda lets out.
const MAX_LIMIT: usize = 200;

/// How long a support link works if the ATS does not say: an hour, in seconds.
const DEFAULT_LINK_SECONDS: i64 = 3_600;

/// How long a support link may work: five minutes to twelve hours, in seconds. A working day needs no more.
const LINK_SECONDS: std::ops::RangeInclusive<i64> = 300..=43_200;

/// The options of a link to the support page.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SupportLinkOrder))]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSupportLinkRequest {
    /// How long the link works, in seconds; an hour by default.
    #[cfg_attr(feature = "openapi", schema(minimum = 300, maximum = 43_200))]
    expires_in: Option<i64>,
}

impl CreateSupportLinkRequest {
    pub(crate) fn parse(&self) -> Result<SignedDuration, Problem> {
        let lifetime = self.expires_in.unwrap_or(DEFAULT_LINK_SECONDS);
        if LINK_SECONDS.contains(&lifetime) {
            return Ok(SignedDuration::from_secs(lifetime));
        }
        let fault = FieldError::new("expires_in", "is not a number of seconds from 300 to 43200");
        Err(Problem::from(ProblemKind::InvalidFields).with_field(fault))
    }
}

/// What a reader of a support page chose: a language and a search.
#[derive(Debug, Default)]
pub(crate) struct SupportPageQuery {
    pub(crate) language: Option<Language>,
    pub(crate) search: String,
}

/// Longer searches are cut: Microsoft's pages of errors are shorter.
const MAX_SEARCH_CHARS: usize = 2_000;

impl SupportPageQuery {
    /// Parses a query. Mail programs and people add to addresses, so what is unknown is passed over.
    pub(crate) fn parse(query: Option<&str>) -> Self {
        let mut parsed = Self::default();
        for (name, value) in urlencoded::parse(query.unwrap_or_default()).unwrap_or_default() {
            match name.as_str() {
                "language" => parsed.language = Language::from_bcp47(&value),
                "q" => parsed.search = value.trim().chars().take(MAX_SEARCH_CHARS).collect(),
                _ => {}
            }
        }
        parsed
    }
}

/// How a list of customers is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum CustomerOrder {
    /// By id.
    #[default]
    Customer,
    /// Whose credential expires first comes first; unknown ones come last.
    ExpiresOn,
    /// Whose state lasts longest comes first.
    Since,
}

/// Whether customers with an unknown expiry date count as expiring soon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnknownExpiry {
    #[default]
    Exclude,
    Include,
}

/// The query of `GET /v1/customers`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct CustomerListQuery {
    /// Only customers whose credential expires within so many days, or has expired.
    expiring_within: Option<i32>,
    unknown_expiry: UnknownExpiry,
    state: Option<CustomerState>,
    actor: Option<Actor>,
    consent: Option<ConsentState>,
    pub(crate) order: CustomerOrder,
    pub(crate) page: PageQuery,
}

/// The query of `GET /v1/customers/{customer}/users`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UserListQuery {
    state: Option<ConnectionState>,
    pub(crate) page: PageQuery,
}

/// Which page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PageQuery {
    pub(crate) after: Option<ListPosition>,
    pub(crate) limit: usize,
}

impl Default for PageQuery {
    fn default() -> Self {
        Self { after: None, limit: DEFAULT_LIMIT }
    }
}

impl CustomerOrder {
    /// Its name in queries and cursors.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::ExpiresOn => "expires_on",
            Self::Since => "since",
        }
    }

    /// What customers are compared by, as texts.
    pub(crate) fn key(self, app: &AppSummary) -> String {
        match self {
            Self::Customer => String::new(),
            // A tilde comes after every digit.
            Self::ExpiresOn => app.expires_on.map_or_else(|| "~".to_owned(), |date| date.to_string()),
            Self::Since => format!("{:020}", app.standing().since.as_microsecond().max(0)),
        }
    }
}

/// The order of every list of recruiters.
pub(crate) const USER_ORDER: &str = "user";

impl CustomerListQuery {
    /// Parses a query; every parameter is optional.
    pub(crate) fn parse(query: &str) -> Result<Self, Problem> {
        let names = ["expiring_within", "unknown_expiry", "state", "actor", "consent", "sort", "limit", "page"];
        let [expiring_within, unknown_expiry, state, actor, consent, sort, limit, page] =
            urlencoded::parse_known(query, names)?;
        let mut faults = FieldFaults::default();
        let days = "is not a number of days from 1d to 1100d";
        let parsed = Self {
            expiring_within: faults.parse("expiring_within", expiring_within, days, parse_days),
            unknown_expiry: faults.parse_name("unknown_expiry", unknown_expiry).unwrap_or_default(),
            state: faults.parse_name("state", state),
            actor: faults.parse_name("actor", actor),
            consent: faults.parse_name("consent", consent),
            order: faults.parse_name("sort", sort).unwrap_or_default(),
            page: PageQuery::default(),
        };
        let page = faults.parse_page(limit, page, parsed.order.as_str());
        faults.into_result(Self { page, ..parsed })
    }

    /// Whether a customer belongs in the list.
    pub(crate) fn matches(&self, app: &AppSummary, now: Timestamp) -> bool {
        let standing = app.standing();
        let is_in_time = self.expiring_within.is_none_or(|limit| {
            let is_unknown = app.has_unknown_expiry() && self.unknown_expiry == UnknownExpiry::Include;
            days_left(app.expires_on, now).map_or(is_unknown, |days| days <= limit)
        });
        is_in_time
            && self.state.is_none_or(|state| state == standing.state)
            && self.actor.is_none_or(|actor| Some(actor) == standing.actor)
            && self.consent.is_none_or(|consent| consent == app.consent_state().state)
    }
}

impl UserListQuery {
    /// Parses a query; every parameter is optional.
    pub(crate) fn parse(query: &str) -> Result<Self, Problem> {
        let [state, limit, page] = urlencoded::parse_known(query, ["state", "limit", "page"])?;
        let mut faults = FieldFaults::default();
        let state = faults.parse_name("state", state);
        let page = faults.parse_page(limit, page, USER_ORDER);
        faults.into_result(Self { state, page })
    }

    /// Whether a recruiter in this state belongs in the list.
    pub(crate) fn matches(&self, state: ConnectionState) -> bool {
        self.state.is_none_or(|wanted| wanted == state)
    }
}

/// What is wrong with the parameters of a query: all of it is told at once.
#[derive(Default)]
struct FieldFaults(Vec<FieldError>);

impl FieldFaults {
    fn parse<T>(
        &mut self,
        name: &str,
        value: Option<String>,
        fault: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = value?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.0.push(FieldError::new(name, fault));
        }
        parsed
    }

    /// One of the names of an enum.
    fn parse_name<T: for<'de> Deserialize<'de>>(&mut self, name: &str, value: Option<String>) -> Option<T> {
        let text = serde_json::Value::String(value?);
        match serde_json::from_value(text) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                // "unknown variant `…`, expected one of `…`, `…`": what was sent is not said back.
                let text = error.to_string();
                let expected = text.rsplit_once(", expected ").map_or("", |(_, expected)| expected);
                let known: Vec<_> = expected.split('`').skip(1).step_by(2).map(|name| format!("`{name}`")).collect();
                self.0.push(FieldError::new(name, &format!("is none of {}", known.join(", "))));
                None
            }
        }
    }

    fn parse_page(&mut self, limit: Option<String>, page: Option<String>, order: &str) -> PageQuery {
        let limit = self.parse("limit", limit, "is not a number from 1 to 200", parse_limit);
        let cursor = |page: &str| ListPosition::parse_cursor(page, order);
        let after = self.parse("page", page, "is no `next_page` of this list in this order", cursor);
        PageQuery { after, limit: limit.unwrap_or(DEFAULT_LIMIT) }
    }

    fn into_result<T>(self, parsed: T) -> Result<T, Problem> {
        if self.0.is_empty() { Ok(parsed) } else { Err(Problem::from(ProblemKind::InvalidFields).with_fields(self.0)) }
    }
}

fn parse_limit(text: &str) -> Option<usize> {
    parse_digits(text).filter(|limit| (1..=MAX_LIMIT).contains(limit))
}

fn parse_days(text: &str) -> Option<i32> {
    parse_digits(text.strip_suffix('d')?).filter(|days| (1..=MAX_EXPIRING_WITHIN).contains(days))
}

fn parse_digits<N: std::str::FromStr>(digits: &str) -> Option<N> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_of_days_has_one_spelling() {
        let parse = |query: &str| CustomerListQuery::parse(query).map(|query| query.expiring_within);
        assert_eq!(parse("").unwrap(), None);
        assert_eq!(parse("expiring_within=30d").unwrap(), Some(30));
        for query in [
            "expiring_within=30",
            "expiring_within=0d",
            "expiring_within=-1d",
            "expiring_within=1e3d",
            "a=b",
            "expiring_within=",
            "expiring_within=9999999999d",
            "expiring_within=1d&expiring_within=2d",
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
    }

    #[test]
    fn every_fault_of_a_query_is_told_at_once() {
        let query = "expiring_within=x&unknown_expiry=yes&state=broken&actor=me&consent=&sort=name&limit=201&page=1";
        let problem = CustomerListQuery::parse(query).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::InvalidFields);
        let faults = &problem.document(Language::En, "", "")["errors"];
        let fields: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["field"].as_str().unwrap()).collect();
        let all = ["expiring_within", "unknown_expiry", "state", "actor", "consent", "sort", "limit", "page"];
        assert_eq!(fields, all);
        assert_eq!(faults[2]["detail"], json!("is none of `ready`, `incomplete`, `blocked`"));
        assert!(!faults.to_string().contains("broken"), "what was sent is not said back");
        let problem = UserListQuery::parse("state=broken&limit=0&page=").unwrap_err();
        assert_eq!(problem.document(Language::En, "", "")["errors"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn an_order_is_spelled_in_one_way() {
        for order in [CustomerOrder::Customer, CustomerOrder::ExpiresOn, CustomerOrder::Since] {
            assert_eq!(serde_json::to_value(order).unwrap(), order.as_str());
        }
    }
}
