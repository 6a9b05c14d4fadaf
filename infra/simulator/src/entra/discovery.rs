//! The discovery document and the published keys.

use axum::http::StatusCode;
use serde_json::json;

use crate::entra::tenant;
use crate::http_message::{SimulatedRequest, SimulatedResponse, value};
use crate::state::SimulatorState;

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub(crate) fn document(state: &mut SimulatorState, call: &SimulatedRequest, name: &str) -> SimulatedResponse {
    let (segment, issuer_segment) = match tenant::resolve(state, name) {
        Ok(id) => (id.to_string(), id.to_string()),
        // The document of a tenant of another cloud is served here all the same, and names the issuer there.
        Err(error_body) if error_body.number == 90_038 => return in_another_cloud(state, name),
        // The shared endpoints have a document too; its issuer is a template.
        Err(error_body) if error_body.number == 50_194 => (name.to_ascii_lowercase(), "{tenantid}".to_owned()),
        Err(mut error_body) => {
            // Here, and only here, the OAuth code is this one (recorded).
            error_body.error = "invalid_tenant".into();
            return error_body.answer(state, call);
        }
    };
    let login = &state.login;
    let host = login.trim_start_matches("http://");
    let graph_host = state.graph.trim_start_matches("http://");
    let body = json!({
        "token_endpoint": format!("{login}/{segment}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported":
            ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{login}/{segment}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("{login}/{issuer_segment}/v2.0"),
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": format!("{}/oidc/userinfo", state.graph),
        "authorization_endpoint": format!("{login}/{segment}/oauth2/v2.0/authorize"),
        "device_authorization_endpoint": format!("{login}/{segment}/oauth2/v2.0/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{login}/{segment}/oauth2/v2.0/logout"),
        "claims_supported": [
            "sub", "iss", "cloud_instance_name", "cloud_instance_host_name",
            "cloud_graph_host_name", "msgraph_host", "aud", "exp", "iat", "auth_time", "acr",
            "nonce", "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"
        ],
        "kerberos_endpoint": format!("{login}/{segment}/kerberos"),
        "tenant_region_scope": "EU",
        "cloud_instance_name": host,
        "cloud_graph_host_name": graph_host,
        "msgraph_host": graph_host,
        "rbac_url": format!("{login}/rbac"),
    });
    SimulatedResponse::json(StatusCode::OK, &body).header("cache-control", "max-age=86400, private")
}

/// The document of a tenant in another cloud: all its addresses are in that cloud.
fn in_another_cloud(state: &SimulatorState, name: &str) -> SimulatedResponse {
    let tenant = state.directory.tenant(name);
    let (id, login) =
        tenant.map_or_else(Default::default, |tenant| (tenant.id, tenant.cloud.clone().unwrap_or_default()));
    let body = json!({
        "token_endpoint": format!("{login}/{id}/oauth2/v2.0/token"),
        "jwks_uri": format!("{login}/{id}/discovery/v2.0/keys"),
        "issuer": format!("{login}/{id}/v2.0"),
        "authorization_endpoint": format!("{login}/{id}/oauth2/v2.0/authorize"),
        "cloud_instance_name": login.trim_start_matches("https://login."),
    });
    SimulatedResponse::json(StatusCode::OK, &body).header("cache-control", "max-age=86400, private")
}

/// `GET /{tenant}/discovery/v2.0/keys`. With `appid` the key of an app with claims mapping
/// (Microsoft's `access-tokens.md`, "validate the issuer").
pub(crate) fn keys(state: &mut SimulatorState, call: &SimulatedRequest, name: &str) -> SimulatedResponse {
    match tenant::resolve(state, name) {
        Ok(id) => {
            let app = value(&call.query, "appid").and_then(|appid| state.directory.tenant(name)?.app(appid));
            let issuer = state.issuer(id);
            let body = if app.is_some_and(|app| app.own_signing_key) {
                state.keys.app_document(&issuer)
            } else {
                state.keys.document(&issuer)
            };
            SimulatedResponse::json(StatusCode::OK, &body).header("cache-control", "max-age=86400, private")
        }
        Err(mut error_body) => {
            error_body.error = "invalid_tenant".into();
            error_body.answer(state, call)
        }
    }
}
