//! The API key check: the layer around all routes of the ATS. It checks the key and its limits before anything else reads the
//! request, and writes one audit entry for each call. Decision 0015.

use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::adapters::vault::api_keys::ApiKeys;
use crate::adapters::vault::model::VaultError;
use crate::domain::api_key::{ApiScope, Caller};
use crate::domain::audit::{AuditAction, AuditActor, AuditEntry, FOREIGN_CUSTOMER};
use crate::http::client_network;
use crate::http::client_network::ClientNetwork;
use crate::http::problem::{Problem, ProblemKind};
use crate::http::routes::audit_action;
use crate::http::urlencoded;
use crate::types::clock::Clock;
use crate::types::ids::{CustomerId, UserId};
use crate::types::rate_limiter::{RateLimit, RateLimiter};
use crate::types::secret::ApiKey;

/// More bytes than any API key has.
const MAX_KEY_BYTES: usize = 512;

/// How many wrong keys one network may send. Keys have 256 bits and cannot be guessed, so the limit only keeps the log short.
const FAILED_AUTH_LIMIT: RateLimit =
    RateLimit { burst: NonZeroU32::new(100).unwrap(), period: Duration::from_millis(600) };

/// The API key check of a function. What its limits count, they count for all its routes together.
#[derive(Clone, Debug)]
pub struct ApiKeyAuth {
    keys: ApiKeys,
    failed: RateLimiter<Option<ClientNetwork>>,
    callers: RateLimiter<(String, NonZeroU32)>,
}

/// The customers that routes are about, and whether they take a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerScope {
    /// The customer in the path. The routes take no query.
    PathCustomer,
    /// The customer in the path. The routes take a query and reject unknown parameters.
    PathCustomerWithQuery,
    /// All customers; each handler leaves out those outside the caller's limits. The routes take a query.
    AllCustomers,
}

/// The state of the layer.
#[derive(Clone, Debug)]
struct AuthLayer {
    auth: ApiKeyAuth,
    scope: ApiScope,
    customer_scope: CustomerScope,
}

impl ApiKeyAuth {
    #[must_use]
    pub fn new(keys: ApiKeys, clock: Clock) -> Self {
        Self { keys, failed: RateLimiter::new(clock.clone()), callers: RateLimiter::new(clock) }
    }

    /// Requires an API key with this scope for routes.
    pub fn require<S: Clone + Send + Sync + 'static>(
        &self,
        routes: Router<S>,
        scope: ApiScope,
        customer_scope: CustomerScope,
    ) -> Router<S> {
        let layer = AuthLayer { auth: self.clone(), scope, customer_scope };
        routes.route_layer(from_fn_with_state(layer, authenticate_request))
    }
}

/// The response for a denied call, and the code in the audit log. They differ for a customer outside the key's limits,
/// which must look like an unknown one.
struct Denial {
    problem: Problem,
    audit_code: &'static str,
}

async fn authenticate_request(
    State(layer): State<AuthLayer>,
    route: MatchedPath,
    path: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match layer.authenticate(bearer_token(request.headers()), client_network::from_request(&request)).await
    {
        Ok(caller) => caller,
        Err(problem) => {
            AuditEntry::new(AuditAction::PresentKey, AuditActor::Stranger).refused(problem.code());
            return problem.into_response();
        }
    };
    // A path that is not UTF-8 has no ids.
    let path = path.ok();
    let action = audit_action(request.method().as_str(), route.as_str());
    let (key_id, customer, user) =
        (caller.key_id.clone(), id::<CustomerId>(path.as_ref(), "customer"), id::<UserId>(path.as_ref(), "user"));
    let mut entry = AuditEntry::new(action, AuditActor::Key(&key_id));
    entry = customer.iter().fold(entry, AuditEntry::customer);
    entry = user.iter().fold(entry, AuditEntry::user);
    if let Err(Denial { problem, audit_code }) = layer.authorize(&caller, customer.as_ref()) {
        entry.refused(audit_code);
        return problem.into_response();
    }
    // These routes take no query, so a parameter is a mistake of the caller.
    if layer.customer_scope == CustomerScope::PathCustomer
        && let Err(problem) = urlencoded::parse_known(request.uri().query().unwrap_or_default(), [])
    {
        return problem.into_response();
    }
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    entry.ended(response.extensions().get::<Arc<Problem>>().map(|problem| problem.code()));
    response
}

impl AuthLayer {
    /// Authenticates the caller. Only wrong keys count towards the limit of a network, so a caller with a valid key is not
    /// affected by others there.
    async fn authenticate(&self, presented: Option<ApiKey>, source: Option<ClientNetwork>) -> Result<Caller, Problem> {
        let known = match &presented {
            Some(presented) => self.auth.keys.authenticate(presented).await,
            None => Ok(None),
        };
        match known {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => {
                self.auth.failed.acquire(&source, FAILED_AUTH_LIMIT).map_err(Problem::rate_limited)?;
                let problem = Problem::from(ProblemKind::Unauthorized);
                Err(if presented.is_some() { problem.with_sent_key() } else { problem })
            }
            // Without keys every request is rejected. The operator must create them.
            Err(error @ (VaultError::NotFound | VaultError::Deleted)) => {
                Err(Problem::from(ProblemKind::Internal).with_cause(error))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Checks the key's customers, scope and rate. A customer outside them gets the same 404 as an unknown one.
    fn authorize(&self, caller: &Caller, customer: Option<&CustomerId>) -> Result<(), Denial> {
        let denied = |kind: ProblemKind, audit_code| Err(Denial { problem: kind.into(), audit_code });
        if let Some(burst) = caller.rate_limit() {
            let limit = RateLimit { burst, period: Duration::from_mins(1) / burst.get() };
            let acquired = self.auth.callers.acquire(&(caller.key_id.clone(), burst), limit);
            acquired.map_err(|wait| Denial {
                problem: Problem::rate_limited(wait),
                audit_code: ProblemKind::TooManyRequests.code(),
            })?;
        }
        match customer {
            _ if !caller.has_scope(self.scope) => {
                denied(ProblemKind::InsufficientScope, ProblemKind::InsufficientScope.code())
            }
            None if self.customer_scope == CustomerScope::AllCustomers => Ok(()),
            None => denied(ProblemKind::NotFound, ProblemKind::NotFound.code()),
            Some(customer) if !caller.may_access(customer) => denied(ProblemKind::NotFound, FOREIGN_CUSTOMER),
            Some(_) => Ok(()),
        }
    }
}

/// An id in the path, if it is valid.
fn id<T: FromStr>(path: Option<&RawPathParams>, name: &str) -> Option<T> {
    path?.iter().find(|(key, _)| *key == name).and_then(|(_, value)| value.parse().ok())
}

/// The key in the one `Authorization: Bearer` header (RFC 6750 §2.1).
fn bearer_token(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else { return None };
    let (scheme, key) = value.split_once(' ')?;
    let is_valid = !key.is_empty()
        && key.len() <= MAX_KEY_BYTES
        && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    (scheme.eq_ignore_ascii_case("bearer") && is_valid).then(|| ApiKey::from(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::Extension;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::adapters::vault::Vault;
    use crate::adapters::vault::backend::Backend;
    use crate::adapters::vault::backend::memory::MemoryBackend;
    use crate::domain::api_key::{ApiKeyLimits, ApiKeyRecord};
    use crate::types::clock::{SignedDuration, Timestamp};
    use crate::types::randomness::Randomness;
    use crate::types::secret::Secret;

    fn key(lines: &[&str]) -> Option<String> {
        let lines = lines.iter().map(|line| (AUTHORIZATION, HeaderValue::from_str(line).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        bearer_token(&headers).map(|key| key.expose().to_owned())
    }

    #[test]
    fn one_bearer_header_is_read_and_nothing_else() {
        assert_eq!(key(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(key(&["bearer abc"]).as_deref(), Some("abc"));
        for lines in [
            &[][..],
            &["Bearer"],
            &["Bearer "],
            &["Bearer  abc"],
            &["Basic abc"],
            &["abc"],
            &["Bearer a,b"],
            &["Bearer a b"],
            &["Bearer abc", "Bearer abc"],
        ] {
            assert_eq!(key(lines), None, "{lines:?}");
        }
    }

    #[test]
    fn a_key_that_is_too_long_is_not_looked_up() {
        let presented = |length| key(&[&format!("Bearer {}", "k".repeat(length))]).map(|key| key.len());
        assert_eq!(presented(MAX_KEY_BYTES), Some(MAX_KEY_BYTES));
        assert_eq!(presented(MAX_KEY_BYTES + 1), None);
    }

    const OF_ONE: &str = "/v1/customers/{customer}";
    const OF_ONE_ASKED: &str = "/v1/customers/{customer}/asked";
    const OF_ALL: &str = "/v1/customers";

    /// A route of each kind that answers with the id of the caller's key. Each key's text is its id.
    async fn routes(keys: &[(&str, ApiKeyLimits)]) -> (Router, Clock) {
        let (clock, randomness) = (Clock::frozen_at(Timestamp::UNIX_EPOCH), Randomness::seeded(1));
        let backend = Backend::Memory(MemoryBackend::new(clock.clone(), randomness.clone()));
        let vault = Vault::new(backend, "test".parse().unwrap(), clock.clone(), randomness);
        let hashed = |(name, limits): &(&str, ApiKeyLimits)| {
            ApiKeyRecord::from_key(name, &ApiKey::from((*name).to_owned())).with_limits(limits.clone())
        };
        vault.put_api_keys(keys.iter().map(hashed).collect()).await.unwrap();
        let route = |path| Router::new().route(path, get(async |Extension(caller): Extension<Caller>| caller.key_id));
        let (one, asked, all) = (route(OF_ONE), route(OF_ONE_ASKED), route(OF_ALL));
        let auth = ApiKeyAuth::new(vault.api_keys(), clock.clone());
        let router = auth
            .require(one, ApiScope::Administration, CustomerScope::PathCustomer)
            .merge(auth.require(asked, ApiScope::Administration, CustomerScope::PathCustomerWithQuery))
            .merge(auth.require(all, ApiScope::Connections, CustomerScope::AllCustomers));
        (router, clock)
    }

    /// The id of the caller's key, or the problem.
    async fn call(routes: &Router, key: &str, path: &str) -> Result<String, ProblemKind> {
        let request = Request::get(path).header(AUTHORIZATION, format!("Bearer {key}"));
        let response = routes.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        if let Some(problem) = response.extensions().get::<Arc<Problem>>() {
            return Err(problem.kind());
        }
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Ok(String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn no_route_is_reached_but_with_a_key() {
        let (routes, _) = routes(&[("ats", ApiKeyLimits::default())]).await;
        for path in ["/v1/customers/kadry", "/v1/customers/kadry/asked", "/v1/customers"] {
            assert_eq!(call(&routes, "ats", path).await.as_deref(), Ok("ats"), "{path}");
            for none in ["", "other"] {
                assert_eq!(call(&routes, none, path).await, Err(ProblemKind::Unauthorized), "{path} {none}");
            }
        }
    }

    #[tokio::test]
    async fn a_key_reaches_its_customers_and_its_part_of_the_contract_alone() {
        let kadry = Some(BTreeSet::from(["kadry".parse().unwrap()]));
        let administration = Some(BTreeSet::from([ApiScope::Administration]));
        let limits = ApiKeyLimits { customers: kadry, scopes: administration, per_minute: None };
        let (routes, _) = routes(&[("limited", limits), ("ats", ApiKeyLimits::default())]).await;
        for path in ["/v1/customers/kadry", "/v1/customers/kadry/asked"] {
            assert_eq!(call(&routes, "limited", path).await.as_deref(), Ok("limited"), "{path}");
        }
        for path in ["/v1/customers/kadry2", "/v1/customers/kadry2/asked"] {
            assert_eq!(call(&routes, "limited", path).await, Err(ProblemKind::NotFound), "{path}");
            assert_eq!(call(&routes, "ats", path).await.as_deref(), Ok("ats"), "{path}");
        }
        assert_eq!(call(&routes, "limited", "/v1/customers").await, Err(ProblemKind::InsufficientScope));
    }

    #[tokio::test]
    async fn an_invalid_customer_id_is_not_found_with_any_key() {
        let (routes, _) = routes(&[("ats", ApiKeyLimits::default())]).await;
        for path in ["/v1/customers/-", "/v1/customers/a%20b/asked", "/v1/customers/%ff"] {
            assert_eq!(call(&routes, "ats", path).await, Err(ProblemKind::NotFound), "{path}");
        }
    }

    #[tokio::test]
    async fn a_query_is_rejected_where_no_handler_reads_it() {
        let (routes, _) = routes(&[("ats", ApiKeyLimits::default())]).await;
        for path in ["/v1/customers/kadry?state=active", "/v1/customers/kadry?&a"] {
            assert_eq!(call(&routes, "ats", path).await, Err(ProblemKind::MalformedRequest), "{path}");
        }
        for path in [
            "/v1/customers/kadry?",
            "/v1/customers/kadry?&",
            "/v1/customers/kadry/asked?state=active",
            "/v1/customers?state=active",
        ] {
            assert_eq!(call(&routes, "ats", path).await.as_deref(), Ok("ats"), "{path}");
        }
    }

    #[tokio::test]
    async fn a_key_of_two_requests_a_minute_has_one_more_after_half_a_minute() {
        let limits = ApiKeyLimits { per_minute: NonZeroU32::new(2), ..ApiKeyLimits::default() };
        let (routes, clock) = routes(&[("slow", limits), ("ats", ApiKeyLimits::default())]).await;
        let slow = async || call(&routes, "slow", "/v1/customers/kadry").await.is_ok();
        assert_eq!((slow().await, slow().await, slow().await), (true, true, false));
        clock.advance(SignedDuration::from_secs(29));
        assert_eq!(call(&routes, "slow", "/v1/customers/kadry").await, Err(ProblemKind::TooManyRequests));
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!((slow().await, slow().await), (true, false));
        assert!(call(&routes, "ats", "/v1/customers/kadry").await.is_ok(), "another key has a limit of its own");
    }
}
