//! Who may come in: the one layer that checks API keys and what they are limited to, before anything else of a request
//! is looked at, and before any secret of a customer is. It writes what came of each call to the audit trail.

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
use crate::types::clock::Clock;
use crate::types::ids::{CustomerId, UserId};
use crate::types::rate_limiter::RateLimiter;
use crate::types::secret::ApiKey;

/// Longer than any key of ours.
const MAX_KEY: usize = 512;

/// Wrong keys that one source may present at once, and after what time again. Keys have 256 bits; this keeps the log
/// short, not the guesser out.
const FAILED_AUTH_LIMIT: (NonZeroU32, Duration) = (NonZeroU32::new(100).unwrap(), Duration::from_millis(600));

/// What the layer knows.
#[derive(Clone, Debug)]
struct AuthLayer {
    keys: ApiKeys,
    scope: ApiScope,
    of: CustomerScope,
    strangers: RateLimiter<Option<ClientNetwork>>,
    callers: RateLimiter<(String, NonZeroU32)>,
}

/// The routes that only the ATS may use, with a key that opens this part of the contract. Each names its customer in
/// its path, as `{customer}`.
pub fn require_api_key<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    scope: ApiScope,
    keys: ApiKeys,
    clock: Clock,
) -> Router<S> {
    routes.route_layer(from_fn_with_state(
        AuthLayer::new(keys, (scope, CustomerScope::PathCustomer), clock),
        authenticate_request,
    ))
}

/// The routes that tell of all customers whom a key was given for, and that are asked with parameters. Each leaves out
/// by itself the customers whom the caller does not serve.
pub fn require_api_key_for_all_customers<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    scope: ApiScope,
    keys: ApiKeys,
    clock: Clock,
) -> Router<S> {
    routes.route_layer(from_fn_with_state(
        AuthLayer::new(keys, (scope, CustomerScope::AllCustomers), clock),
        authenticate_request,
    ))
}

/// The routes of one customer that read parameters, and refuse those that they do not know.
pub fn require_api_key_with_query<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    scope: ApiScope,
    keys: ApiKeys,
    clock: Clock,
) -> Router<S> {
    routes.route_layer(from_fn_with_state(
        AuthLayer::new(keys, (scope, CustomerScope::PathCustomerWithQuery), clock),
        authenticate_request,
    ))
}

/// Of whom a route tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CustomerScope {
    /// Of the customer in its path.
    PathCustomer,
    /// Of the same, asked with parameters.
    PathCustomerWithQuery,
    /// Of every customer.
    AllCustomers,
}

async fn authenticate_request(
    State(door): State<AuthLayer>,
    route: MatchedPath,
    path: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match door.authenticate(bearer_token(request.headers()), client_network::from_request(&request)).await
    {
        Ok(caller) => caller,
        Err(problem) => {
            AuditEntry::new(AuditAction::PresentKey, AuditActor::Stranger).refused(problem.code());
            return problem.into_response();
        }
    };
    // A path that is no text names nothing, like any other that is no id.
    let path = path.ok();
    let deed = audit_action(request.method().as_str(), route.as_str());
    let (key_id, customer, user) =
        (caller.key_id.clone(), id::<CustomerId>(path.as_ref(), "customer"), id::<UserId>(path.as_ref(), "user"));
    let mut entry = AuditEntry::new(deed, AuditActor::Key(&key_id));
    entry = customer.iter().fold(entry, AuditEntry::customer);
    entry = user.iter().fold(entry, AuditEntry::user);
    if let Err((problem, code)) = door.authorize(&caller, customer.as_ref()) {
        entry.refused(code);
        return problem.into_response();
    }
    // These routes take no parameters; one that is sent is a mistake that should not go unnoticed.
    if door.of == CustomerScope::PathCustomer
        && request.uri().query().is_some_and(|query| query.split('&').any(|pair| !pair.is_empty()))
    {
        return Problem::from(ProblemKind::MalformedRequest).into_response();
    }
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    match response.extensions().get::<Arc<Problem>>() {
        Some(problem) => entry.refused(problem.code()),
        None => entry.succeeded(),
    }
    response
}

impl AuthLayer {
    fn new(keys: ApiKeys, (scope, of): (ApiScope, CustomerScope), clock: Clock) -> Self {
        Self { keys, scope, of, strangers: RateLimiter::new(clock.clone()), callers: RateLimiter::new(clock) }
    }

    /// Who holds the key that was presented. Whoever holds none may try so often; whoever holds one is not turned away for
    /// what others tried from the same place.
    async fn authenticate(&self, presented: Option<ApiKey>, source: Option<ClientNetwork>) -> Result<Caller, Problem> {
        let known = match presented {
            Some(presented) => self.keys.authenticate(&presented).await,
            None => Ok(None),
        };
        match known {
            Ok(Some(caller)) => Ok(caller),
            Ok(None) => {
                let (many, pause) = FAILED_AUTH_LIMIT;
                self.strangers.acquire(&source, many, pause).map_err(Problem::rate_limited)?;
                Err(ProblemKind::Unauthorized.into())
            }
            // Without keys nobody is let in, whatever the reason; that they are missing is the operator's affair.
            Err(error @ (VaultError::NotFound | VaultError::Deleted)) => {
                Err(Problem::from(ProblemKind::Internal).with_cause(error))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the key was given for this; if not, what is answered, and what the trail says. A customer whom it was not
    /// given for is answered as one whom nobody knows.
    fn authorize(&self, caller: &Caller, customer: Option<&CustomerId>) -> Result<(), (Problem, &'static str)> {
        let refused = |kind: ProblemKind, code| Err((Problem::from(kind), code));
        if let Some(many) = caller.rate_limit() {
            let pause = Duration::from_mins(1) / many.get();
            let taken = self.callers.acquire(&(caller.key_id.clone(), many), many, pause);
            taken.map_err(|wait| (Problem::rate_limited(wait), ProblemKind::TooManyRequests.code()))?;
        }
        match customer {
            _ if !caller.has_scope(self.scope) => {
                refused(ProblemKind::InsufficientScope, ProblemKind::InsufficientScope.code())
            }
            None if self.of == CustomerScope::AllCustomers => Ok(()),
            None => refused(ProblemKind::NotFound, ProblemKind::NotFound.code()),
            Some(customer) if !caller.may_access(customer) => refused(ProblemKind::NotFound, FOREIGN_CUSTOMER),
            Some(_) => Ok(()),
        }
    }
}

/// An id in the path, if it is one.
fn id<T: FromStr>(path: Option<&RawPathParams>, name: &str) -> Option<T> {
    path?.iter().find(|(key, _)| *key == name).and_then(|(_, value)| value.parse().ok())
}

/// The key in the one `Authorization: Bearer` header (RFC 6750 §2.1).
fn bearer_token(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else { return None };
    let (scheme, key) = value.split_once(' ')?;
    let plain =
        !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    (scheme.eq_ignore_ascii_case("bearer") && plain).then(|| ApiKey::from(key.to_owned()))
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
    fn a_key_longer_than_any_of_ours_is_not_looked_for() {
        let presented = |length| key(&[&format!("Bearer {}", "k".repeat(length))]).map(|key| key.len());
        assert_eq!(presented(MAX_KEY), Some(MAX_KEY));
        assert_eq!(presented(MAX_KEY + 1), None);
    }

    const OF_ONE: &str = "/v1/customers/{customer}";
    const OF_ONE_ASKED: &str = "/v1/customers/{customer}/asked";
    const OF_ALL: &str = "/v1/customers";

    /// A route of each kind, which tells who was let in, for keys whose texts are their names; and the clock.
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
        let router = require_api_key(one, ApiScope::Administration, vault.api_keys(), clock.clone())
            .merge(require_api_key_with_query(asked, ApiScope::Administration, vault.api_keys(), clock.clone()))
            .merge(require_api_key_for_all_customers(all, ApiScope::Connections, vault.api_keys(), clock.clone()));
        (router, clock)
    }

    /// Who was let in, or what was answered instead.
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
    async fn what_is_no_id_of_a_customer_names_nobody_whatever_the_key_opens() {
        let (routes, _) = routes(&[("ats", ApiKeyLimits::default())]).await;
        for path in ["/v1/customers/-", "/v1/customers/a%20b/asked", "/v1/customers/%ff"] {
            assert_eq!(call(&routes, "ats", path).await, Err(ProblemKind::NotFound), "{path}");
        }
    }

    #[tokio::test]
    async fn parameters_are_refused_where_nobody_reads_them() {
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
        assert!(call(&routes, "ats", "/v1/customers/kadry").await.is_ok(), "another key has a pace of its own");
    }
}
