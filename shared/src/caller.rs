//! Who calls, and what it may do: an API key is known by its SHA-256 alone, and compared in constant time.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use ring::digest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use crate::ids::CustomerId;
use crate::secret::{ApiKey, Secret};

/// A part of the contract that a key may be limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Meetings.
    Meetings,
    /// Recruiters: their links, their connections.
    Connections,
    /// Customers: their links, their credentials, their end.
    Administration,
}

/// The ATS, as it was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name of the key; not the key.
    pub key_id: String,
    limits: Limits,
}

impl Caller {
    /// Whether its key opens this part of the contract.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.limits.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }

    /// The customers that its key was given for; `None` for all of them.
    #[must_use]
    pub fn customers(&self) -> Option<&BTreeSet<CustomerId>> {
        self.limits.customers.as_ref()
    }

    /// How many requests a minute its key may make, if that is limited.
    #[must_use]
    pub fn per_minute(&self) -> Option<NonZeroU32> {
        self.limits.per_minute
    }

    /// Whether its key was given for this customer. Nobody has to exist for the answer.
    #[must_use]
    pub fn serves(&self, customer: &CustomerId) -> bool {
        self.limits.customers.as_ref().is_none_or(|customers| customers.contains(customer))
    }
}

/// What a key is limited to. What is left out is no limit; an empty list opens nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The only customers it was given for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers: Option<BTreeSet<CustomerId>>,
    /// The only parts of the contract that it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<BTreeSet<Scope>>,
    /// How many requests a minute one process takes from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<NonZeroU32>,
}

impl Limits {
    /// Whether nothing is left.
    #[must_use]
    pub fn open_nothing(&self) -> bool {
        self.customers.as_ref().is_some_and(BTreeSet::is_empty) || self.scopes.as_ref().is_some_and(BTreeSet::is_empty)
    }

    fn nothing() -> Self {
        Self { customers: Some(BTreeSet::new()), scopes: Some(BTreeSet::new()), per_minute: None }
    }
}

/// A key as it lies in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HashedKey {
    /// Its name, for the log.
    pub id: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// What it is limited to.
    #[serde(flatten)]
    pub limits: Limits,
}

#[derive(Deserialize)]
struct HashedKeyIn {
    id: String,
    sha256: String,
    #[serde(flatten)]
    limits: Map<String, Value>,
}

impl<'de> Deserialize<'de> for HashedKey {
    /// A limit that is misspelt must not pass for none, so such a key opens nothing. It is not passed over: the same
    /// key may stand among those before the last rotation, with fewer limits.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let HashedKeyIn { id, sha256, limits } = HashedKeyIn::deserialize(deserializer)?;
        let limits = Limits::deserialize(Value::Object(limits)).unwrap_or_else(|_| Limits::nothing());
        Ok(Self { id, sha256, limits })
    }
}

impl HashedKey {
    /// What is kept of a key that opens everything.
    #[must_use]
    pub fn of(id: &str, key: &ApiKey) -> Self {
        Self { id: id.to_owned(), sha256: hash(key), limits: Limits::default() }
    }

    /// The same key, limited.
    #[must_use]
    pub fn limited_to(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

/// The keys in force.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Vec<HashedKey>);

impl KeyRing {
    /// These keys.
    #[must_use]
    pub fn new(keys: Vec<HashedKey>) -> Self {
        Self(keys)
    }

    /// Lets the holder of a key in. Takes the same time whichever key it is, and for none. A key that stands twice has
    /// two sets of limits, and nobody knows which was meant, so it opens nothing.
    #[must_use]
    pub fn admit(&self, presented: &ApiKey) -> Option<Caller> {
        let presented = hash(presented);
        let mut held = Vec::new();
        for key in &self.0 {
            if bool::from(key.sha256.as_bytes().ct_eq(presented.as_bytes())) {
                held.push(key);
            }
        }
        match held.as_slice() {
            [] => None,
            [key] => Some(Caller { key_id: key.id.clone(), limits: key.limits.clone() }),
            [key, ..] => Some(Caller { key_id: key.id.clone(), limits: Limits::nothing() }),
        }
    }
}

fn hash(key: &ApiKey) -> String {
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
        let ring = KeyRing::new(vec![HashedKey::of("old", &key("alpha")), HashedKey::of("new", &key("beta"))]);
        assert_eq!(ring.admit(&key("beta")).unwrap().key_id, "new");
        assert_eq!(ring.admit(&key("alpha")).unwrap().key_id, "old");
        for wrong in ["", "alph", "alpha ", "ALPHA", &HashedKey::of("", &key("alpha")).sha256] {
            assert_eq!(ring.admit(&key(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn an_empty_ring_lets_nobody_in() {
        assert_eq!(KeyRing::default().admit(&key("")), None);
    }

    fn admitted(limits: &str) -> Caller {
        let sha256 = HashedKey::of("", &key("alpha")).sha256;
        let written = format!(r#"{{"id":"a","sha256":"{sha256}"{limits}}}"#);
        KeyRing::new(vec![serde_json::from_str(&written).unwrap()]).admit(&key("alpha")).unwrap()
    }

    #[test]
    fn a_key_opens_what_it_names_and_nothing_beside() {
        let (kadry, other): (CustomerId, CustomerId) = ("kadry".parse().unwrap(), "kadry2".parse().unwrap());
        let every = [Scope::Meetings, Scope::Connections, Scope::Administration];
        let opened = |caller: &Caller| every.map(|scope| caller.may(scope));

        let unlimited = admitted("");
        assert_eq!((opened(&unlimited), unlimited.serves(&kadry)), ([true; 3], true));
        let limited = admitted(r#","customers":["kadry"],"scopes":["connections"]"#);
        assert_eq!(opened(&limited), [false, true, false]);
        assert_eq!((limited.serves(&kadry), limited.serves(&other)), (true, false));
        let empty = admitted(r#","customers":[],"scopes":[]"#);
        assert_eq!((opened(&empty), empty.serves(&kadry)), ([false; 3], false));
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
            assert!(!caller.may(Scope::Meetings) && !caller.serves(&"kadry".parse().unwrap()), "{limits}");
        }
    }

    #[test]
    fn a_limited_key_is_limited_to_just_that() {
        let (kadry, other): (CustomerId, CustomerId) = ("kadry".parse().unwrap(), "kadry2".parse().unwrap());
        let of_kadry = Limits { customers: Some(BTreeSet::from([kadry.clone()])), ..Limits::default() };
        let ring = KeyRing::new(vec![HashedKey::of("limited", &key("alpha")).limited_to(of_kadry)]);
        let caller = ring.admit(&key("alpha")).unwrap();
        assert_eq!((caller.serves(&kadry), caller.serves(&other)), (true, false));
        assert_eq!(caller.customers(), Some(&BTreeSet::from([kadry])), "the only ones that a list may show");
        assert_eq!(caller.per_minute(), None);
        assert!(caller.may(Scope::Administration));
    }

    #[test]
    fn the_pace_of_a_key_limits_nothing_else() {
        let paced = admitted(r#","per_minute":60"#);
        assert_eq!((paced.per_minute(), paced.customers()), (NonZeroU32::new(60), None));
        assert!(paced.may(Scope::Administration));
    }

    #[test]
    fn a_key_opens_nothing_where_any_of_its_lists_is_empty() {
        let kadry = || Some(BTreeSet::from(["kadry".parse().unwrap()]));
        let meetings = || Some(BTreeSet::from([Scope::Meetings]));
        let opens_nothing = |customers, scopes| Limits { customers, scopes, per_minute: None }.open_nothing();
        assert!(!opens_nothing(None, None));
        assert!(!opens_nothing(kadry(), meetings()));
        assert!(opens_nothing(Some(BTreeSet::new()), meetings()));
        assert!(opens_nothing(kadry(), Some(BTreeSet::new())));
        assert!(Limits::nothing().open_nothing());
    }

    #[test]
    fn a_key_that_stands_twice_opens_nothing() {
        let open = HashedKey::of("open", &key("alpha"));
        let limits = Limits { scopes: Some(BTreeSet::from([Scope::Meetings])), ..Limits::default() };
        let caller = KeyRing::new(vec![open.clone(), open.limited_to(limits)]).admit(&key("alpha")).unwrap();
        assert!(!caller.may(Scope::Meetings));
    }

    #[test]
    fn limits_come_back_as_they_were_written() {
        let limits = Limits {
            customers: Some(BTreeSet::from(["kadry".parse().unwrap()])),
            scopes: Some(BTreeSet::from([Scope::Meetings])),
            per_minute: NonZeroU32::new(60),
        };
        for key in [HashedKey::of("a", &key("x")), HashedKey::of("b", &key("y")).limited_to(limits)] {
            let written = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<HashedKey>(&written).unwrap(), key, "{written}");
        }
    }
}
