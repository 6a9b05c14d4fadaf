//! Who may come in: the one layer that checks API keys and what they are limited to, before anything else of a request
//! is looked at, and before any secret of a customer is.

use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::caller::{Caller, Scope};
use crate::ids::CustomerId;
use crate::secret::ApiKey;
use crate::vault::keys::ApiKeys;
use crate::vault::terms::VaultError;
use crate::web::problem::{Kind, Problem};

/// Longer than any key of ours.
const MAX_KEY: usize = 512;

/// The routes that only the ATS may use, with a key that opens this part of the contract. Each names its customer in
/// its path, as `{customer}`.
pub fn for_callers<S: Clone + Send + Sync + 'static>(routes: Router<S>, scope: Scope, keys: ApiKeys) -> Router<S> {
    routes.route_layer(from_fn_with_state((keys, scope), admit))
}

async fn admit(
    State((keys, scope)): State<(ApiKeys, Scope)>,
    path: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(presented) = presented(request.headers()) else {
        return Problem::from(Kind::Unauthorized).into_response();
    };
    let caller = match keys.admit(&presented).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return Problem::from(Kind::Unauthorized).into_response(),
        // Without keys nobody is let in, whatever the reason; that they are missing is the operator's affair.
        Err(error @ (VaultError::NotFound | VaultError::Deleted)) => {
            return Problem::from(Kind::Internal).because(error).into_response();
        }
        Err(error) => return Problem::from(error).into_response(),
    };
    if let Err(problem) = allowed(&caller, scope, &path) {
        return problem.into_response();
    }
    // No route takes parameters; one that is sent is a mistake that should not go unnoticed.
    if request.uri().query().is_some_and(|query| query.split('&').any(|pair| !pair.is_empty())) {
        return Problem::from(Kind::MalformedRequest).into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Whether the key was given for this. A customer whom it was not given for is answered as one whom nobody knows.
fn allowed(caller: &Caller, scope: Scope, path: &RawPathParams) -> Result<(), Problem> {
    if !caller.may(scope) {
        tracing::warn!(key = caller.key_id, ?scope, "an API key does not open this part of the contract");
        return Err(Kind::InsufficientScope.into());
    }
    let customer = path.iter().find_map(|(name, value)| (name == "customer").then_some(value));
    let customer: CustomerId = customer.and_then(|id| id.parse().ok()).ok_or(Kind::NotFound)?;
    if !caller.serves(&customer) {
        tracing::warn!(key = caller.key_id, %customer, "an API key was not given for this customer");
        return Err(Kind::NotFound.into());
    }
    Ok(())
}

/// The key in the one `Authorization: Bearer` header (RFC 6750 §2.1).
fn presented(headers: &HeaderMap) -> Option<ApiKey> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(Ok(value)), None) = (values.next().map(HeaderValue::to_str), values.next()) else { return None };
    let (scheme, key) = value.split_once(' ')?;
    let plain =
        !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    (scheme.eq_ignore_ascii_case("bearer") && plain).then(|| ApiKey::from(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn key(lines: &[&str]) -> Option<String> {
        let lines = lines.iter().map(|line| (AUTHORIZATION, HeaderValue::from_str(line).unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        presented(&headers).map(|key| key.expose().to_owned())
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
}
