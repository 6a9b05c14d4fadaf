//! API keys of the ATS, and the limits of each. Only the SHA-256 of a key is stored; it is compared in constant time.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use ring::digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use crate::types::ids::CustomerId;
use crate::types::secret::{ApiKey, Secret};

/// A part of the API that a key may be limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiScope {
    /// Meetings.
    Meetings,
    /// Recruiters: connect links and connections.
    Connections,
    /// Customers: intake links, credentials, offboarding.
    Administration,
}

impl ApiScope {
    /// Its name, as the vault stores it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meetings => "meetings",
            Self::Connections => "connections",
            Self::Administration => "administration",
        }
    }
}

const FINGERPRINT_CHARS: usize = 32;

/// The ATS, authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The id of the API key.
    pub key_id: String,
    /// Tells the key from another of the same id: the beginning of its SHA-256, in hexadecimal.
    pub key_fingerprint: String,
    limits: ApiKeyLimits,
}

impl Caller {
    /// Whether the key includes this part of the API.
    #[must_use]
    pub fn has_scope(&self, scope: ApiScope) -> bool {
        self.limits.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }

    /// The customers that the key is limited to; `None` for all customers.
    #[must_use]
    pub fn allowed_customers(&self) -> Option<&BTreeSet<CustomerId>> {
        self.limits.customers.as_ref()
    }

    /// How many requests per minute the key may make, if that is limited.
    #[must_use]
    pub fn rate_limit(&self) -> Option<NonZeroU32> {
        self.limits.per_minute
    }

    /// Whether the key includes this customer. The customer need not exist.
    #[must_use]
    pub fn may_access(&self, customer: &CustomerId) -> bool {
        self.limits.customers.as_ref().is_none_or(|customers| customers.contains(customer))
    }
}

/// The limits of a key. A missing member is no limit; an empty list denies everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyLimits {
    /// The only customers the key includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers: Option<BTreeSet<CustomerId>>,
    /// The only parts of the API the key includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<BTreeSet<ApiScope>>,
    /// How many requests per minute one process accepts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<NonZeroU32>,
}

impl ApiKeyLimits {
    /// Whether the limits deny everything.
    #[must_use]
    pub fn denies_all(&self) -> bool {
        self.customers.as_ref().is_some_and(BTreeSet::is_empty) || self.scopes.as_ref().is_some_and(BTreeSet::is_empty)
    }

    fn deny_all() -> Self {
        Self { customers: Some(BTreeSet::new()), scopes: Some(BTreeSet::new()), per_minute: None }
    }
}

/// An API key, as the vault stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApiKeyRecord {
    /// Names the key in the log.
    pub id: String,
    /// The SHA-256 of the key, in hexadecimal.
    pub sha256: String,
    #[serde(flatten)]
    pub limits: ApiKeyLimits,
}

#[derive(Deserialize)]
struct ApiKeyRecordDocument {
    id: String,
    sha256: String,
    #[serde(flatten)]
    limits: Map<String, Value>,
}

impl<'de> Deserialize<'de> for ApiKeyRecord {
    /// A misspelt limit must not count as no limit, so such a key denies everything. The record is kept, because the same
    /// key may also be in the previous version, with fewer limits.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ApiKeyRecordDocument { id, sha256, limits } = ApiKeyRecordDocument::deserialize(deserializer)?;
        let limits = ApiKeyLimits::deserialize(Value::Object(limits)).unwrap_or_else(|_| ApiKeyLimits::deny_all());
        Ok(Self { id, sha256, limits })
    }
}

impl ApiKeyRecord {
    /// The record of a key without limits.
    #[must_use]
    pub fn from_key(id: &str, key: &ApiKey) -> Self {
        Self { id: id.to_owned(), sha256: sha256_hex(key), limits: ApiKeyLimits::default() }
    }

    /// The same key with these limits.
    #[must_use]
    pub fn with_limits(self, limits: ApiKeyLimits) -> Self {
        Self { limits, ..self }
    }
}

/// The valid API keys.
#[derive(Debug, Clone, Default)]
pub struct ApiKeySet(Vec<ApiKeyRecord>);

impl ApiKeySet {
    #[must_use]
    pub fn new(keys: Vec<ApiKeyRecord>) -> Self {
        Self(keys)
    }

    /// Authenticates the holder of a key, in the same time for every key. A key with two records has two sets of limits
    /// and it is unclear which one is meant, so it denies everything.
    #[must_use]
    pub fn authenticate(&self, presented: &ApiKey) -> Option<Caller> {
        let presented = sha256_hex(presented);
        let mut matching = Vec::new();
        for key in &self.0 {
            if bool::from(key.sha256.as_bytes().ct_eq(presented.as_bytes())) {
                matching.push(key);
            }
        }
        caller(&matching)
    }

    /// The holder of the key with this id. Of two keys with one id it is unclear which one is meant, so they deny everything.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Caller> {
        caller(&self.0.iter().filter(|key| key.id == id).collect::<Vec<_>>())
    }
}

fn caller(matching: &[&ApiKeyRecord]) -> Option<Caller> {
    let (key, limits) = match matching {
        [] => return None,
        [key] => (key, key.limits.clone()),
        [key, ..] => (key, ApiKeyLimits::deny_all()),
    };
    let key_fingerprint = key.sha256.chars().take(FINGERPRINT_CHARS).collect();
    Some(Caller { key_id: key.id.clone(), key_fingerprint, limits })
}

fn sha256_hex(key: &ApiKey) -> String {
    hex::encode(digest::digest(&digest::SHA256, key.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> ApiKey {
        text.to_owned().into()
    }

    #[test]
    fn only_the_holder_of_a_key_is_let_in() {
        let ring = ApiKeySet::new(vec![
            ApiKeyRecord::from_key("old", &key("alpha")),
            ApiKeyRecord::from_key("new", &key("beta")),
        ]);
        assert_eq!(ring.authenticate(&key("beta")).unwrap().key_id, "new");
        assert_eq!(ring.authenticate(&key("alpha")).unwrap().key_id, "old");
        for wrong in ["", "alph", "alpha ", "ALPHA", &ApiKeyRecord::from_key("", &key("alpha")).sha256] {
            assert_eq!(ring.authenticate(&key(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn an_empty_ring_lets_nobody_in() {
        assert_eq!(ApiKeySet::default().authenticate(&key("")), None);
    }

    fn admitted(limits: &str) -> Caller {
        let sha256 = ApiKeyRecord::from_key("", &key("alpha")).sha256;
        let written = format!(r#"{{"id":"a","sha256":"{sha256}"{limits}}}"#);
        ApiKeySet::new(vec![serde_json::from_str(&written).unwrap()]).authenticate(&key("alpha")).unwrap()
    }

    #[test]
    fn a_key_opens_what_it_names_and_nothing_beside() {
        let (kadry, other): (CustomerId, CustomerId) = ("kadry".parse().unwrap(), "kadry2".parse().unwrap());
        let every = [ApiScope::Meetings, ApiScope::Connections, ApiScope::Administration];
        let opened = |caller: &Caller| every.map(|scope| caller.has_scope(scope));

        let unlimited = admitted("");
        assert_eq!((opened(&unlimited), unlimited.may_access(&kadry)), ([true; 3], true));
        let limited = admitted(r#","customers":["kadry"],"scopes":["connections"]"#);
        assert_eq!(opened(&limited), [false, true, false]);
        assert_eq!((limited.may_access(&kadry), limited.may_access(&other)), (true, false));
        let empty = admitted(r#","customers":[],"scopes":[]"#);
        assert_eq!((opened(&empty), empty.may_access(&kadry)), ([false; 3], false));
    }

    #[test]
    fn a_limit_that_cannot_be_read_is_not_taken_for_none() {
        for limits in [
            r#","customer":["kadry"]"#,
            r#","customers":"kadry""#,
            r#","customers":["a/b"]"#,
            r#","scopes":["meeting"]"#,
            r#","Scopes":["meetings"]"#,
            r#","per_minute":0"#,
            r#","scopes":["meetings"],"expires":"2027-01-01""#,
        ] {
            let caller = admitted(limits);
            assert!(!caller.has_scope(ApiScope::Meetings) && !caller.may_access(&"kadry".parse().unwrap()), "{limits}");
        }
    }

    #[test]
    fn a_limited_key_is_limited_to_just_that() {
        let (kadry, other): (CustomerId, CustomerId) = ("kadry".parse().unwrap(), "kadry2".parse().unwrap());
        let of_kadry = ApiKeyLimits { customers: Some(BTreeSet::from([kadry.clone()])), ..ApiKeyLimits::default() };
        let ring = ApiKeySet::new(vec![ApiKeyRecord::from_key("limited", &key("alpha")).with_limits(of_kadry)]);
        let caller = ring.authenticate(&key("alpha")).unwrap();
        assert_eq!((caller.may_access(&kadry), caller.may_access(&other)), (true, false));
        assert_eq!(caller.allowed_customers(), Some(&BTreeSet::from([kadry])), "the only ones that a list may show");
        assert_eq!(caller.rate_limit(), None);
        assert!(caller.has_scope(ApiScope::Administration));
    }

    #[test]
    fn the_pace_of_a_key_limits_nothing_else() {
        let paced = admitted(r#","per_minute":60"#);
        assert_eq!((paced.rate_limit(), paced.allowed_customers()), (NonZeroU32::new(60), None));
        assert!(paced.has_scope(ApiScope::Administration));
    }

    #[test]
    fn a_key_opens_nothing_where_any_of_its_lists_is_empty() {
        let kadry = || Some(BTreeSet::from(["kadry".parse().unwrap()]));
        let meetings = || Some(BTreeSet::from([ApiScope::Meetings]));
        let opens_nothing = |customers, scopes| ApiKeyLimits { customers, scopes, per_minute: None }.denies_all();
        assert!(!opens_nothing(None, None));
        assert!(!opens_nothing(kadry(), meetings()));
        assert!(opens_nothing(Some(BTreeSet::new()), meetings()));
        assert!(opens_nothing(kadry(), Some(BTreeSet::new())));
        assert!(ApiKeyLimits::deny_all().denies_all());
    }

    #[test]
    fn a_key_that_stands_twice_opens_nothing() {
        let open = ApiKeyRecord::from_key("open", &key("alpha"));
        let limits = ApiKeyLimits { scopes: Some(BTreeSet::from([ApiScope::Meetings])), ..ApiKeyLimits::default() };
        let caller = ApiKeySet::new(vec![open.clone(), open.with_limits(limits)]).authenticate(&key("alpha")).unwrap();
        assert!(!caller.has_scope(ApiScope::Meetings));
    }

    #[test]
    fn a_part_of_the_api_is_called_as_it_is_stored() {
        for scope in [ApiScope::Meetings, ApiScope::Connections, ApiScope::Administration] {
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.as_str());
        }
    }

    #[test]
    fn limits_come_back_as_they_were_written() {
        let limits = ApiKeyLimits {
            customers: Some(BTreeSet::from(["kadry".parse().unwrap()])),
            scopes: Some(BTreeSet::from([ApiScope::Meetings])),
            per_minute: NonZeroU32::new(60),
        };
        for key in [ApiKeyRecord::from_key("a", &key("x")), ApiKeyRecord::from_key("b", &key("y")).with_limits(limits)]
        {
            let written = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<ApiKeyRecord>(&written).unwrap(), key, "{written}");
        }
    }
}
