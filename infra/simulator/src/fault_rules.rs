//! Faults on demand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::operation::Operation;

/// A fault: its operation, tenant, user, number and effect.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The operation.
    pub operation: Operation,
    /// Only requests of this user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
    /// Only requests of this tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Uuid>,
    /// The number of matching requests before it starts.
    #[serde(default)]
    pub after: u32,
    /// The number of requests that it affects. Absent means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The effect.
    pub effect: FaultEffect,
}

/// The effect of a fault on a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultEffect {
    /// Sends this response instead.
    #[serde(rename_all = "snake_case")]
    Answer {
        /// Status code.
        status: u16,
        /// Headers, in addition to those of the transport.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Body text.
        #[serde(default)]
        body: String,
    },
    /// Sends an error of Entra instead.
    ///
    /// On `authorize` and `authorize:decision` it is a redirect if the request names a
    /// redirect URI.
    EntraError {
        /// OAuth error code.
        error: String,
        /// AADSTS number.
        code: u32,
        /// Further classification.
        #[serde(default)]
        suberror: Option<String>,
        /// Claims challenge, a JSON text.
        #[serde(default)]
        claims: Option<String>,
        /// Status code of a JSON response.
        #[serde(default = "bad_request")]
        status: u16,
        /// Seconds for a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Sends an error of Graph instead.
    GraphError {
        /// Status code.
        status: u16,
        /// Graph's error code.
        code: String,
        /// Graph's message.
        #[serde(default)]
        message: String,
        /// Seconds for a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// Waits, then responds as usual.
    Delay {
        /// Real milliseconds.
        milliseconds: u64,
    },
    /// Performs the operation and cuts the connection: the response is lost.
    LoseAnswer,
    /// Cuts the connection without performing the operation.
    DropConnection,
    /// Changes a successful response of Graph by RFC 7396 merge patch.
    PatchGraphAnswer(Value),
    /// Changes a successful token response by RFC 7396 merge patch.
    PatchTokenAnswer(Value),
    /// Changes the id token of a successful token response.
    ForgeIdToken(IdTokenForgery),
}

/// How an id token is forged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdTokenForgery {
    /// RFC 7396 merge patch on the header, before signing.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub header: Value,
    /// RFC 7396 merge patch on the claims, before signing.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub claims: Value,
    /// Signs with a key that is not published.
    #[serde(default)]
    pub unpublished_key: bool,
    /// Replaces the whole token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

const fn bad_request() -> u16 {
    400
}

impl FaultEffect {
    /// An error of the token endpoint.
    #[must_use]
    pub fn entra_error(error: &str, code: u32) -> Self {
        Self::EntraError { error: error.to_owned(), code, suberror: None, claims: None, status: 400, retry_after: None }
    }
}

impl FaultRule {
    /// A fault of every request of the operation.
    #[must_use]
    pub const fn new(operation: Operation, effect: FaultEffect) -> Self {
        Self { operation, upn: None, tenant: None, after: 0, times: None, effect }
    }

    /// A fault of one request of the operation.
    #[must_use]
    pub const fn once(operation: Operation, effect: FaultEffect) -> Self {
        Self::new(operation, effect).times(1)
    }

    /// Limits the number of requests.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Skips the first matching requests.
    #[must_use]
    pub const fn after(mut self, passing: u32) -> Self {
        self.after = passing;
        self
    }

    /// Limits it to one user.
    #[must_use]
    pub fn for_user(mut self, upn: &str) -> Self {
        self.upn = Some(upn.to_owned());
        self
    }

    /// Limits it to one tenant.
    #[must_use]
    pub const fn for_tenant(mut self, tenant: Uuid) -> Self {
        self.tenant = Some(tenant);
        self
    }

    fn hits(&self, operation: Operation, tenant: Option<Uuid>, upn: Option<&str>) -> bool {
        self.operation.covers(operation)
            && self.tenant.is_none_or(|wanted| tenant == Some(wanted))
            && self.upn.as_deref().is_none_or(|wanted| upn.is_some_and(|upn| upn.eq_ignore_ascii_case(wanted)))
    }
}

/// The active faults, shared with the listeners.
#[derive(Clone, Debug, Default)]
pub struct FaultRules {
    list: Arc<Mutex<Vec<FaultRule>>>,
}

impl FaultRules {
    /// Adds a fault after the active ones.
    pub fn add(&self, fault: FaultRule) {
        self.lock().push(fault);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The active faults.
    #[must_use]
    pub fn all(&self) -> Vec<FaultRule> {
        self.lock().clone()
    }

    /// The effect on a request: that of the first fault that matches it.
    pub(crate) fn take(&self, operation: Operation, tenant: Option<Uuid>, upn: Option<&str>) -> Option<FaultEffect> {
        let mut list = self.lock();
        for fault in list.iter_mut() {
            if !fault.hits(operation, tenant, upn) || fault.times == Some(0) {
                continue;
            }
            if fault.after > 0 {
                fault.after -= 1;
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            let effect = fault.effect.clone();
            list.retain(|fault| fault.times != Some(0));
            return Some(effect);
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Vec<FaultRule>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// RFC 7396: null removes, objects merge, everything else replaces.
pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else {
        return;
    };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}
