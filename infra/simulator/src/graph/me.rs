//! The signed-in user, the licence, the organisation.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::directory::guid;
use crate::graph::access::TokenBearer;
use crate::graph::error::GraphErrorBody;
use crate::graph::schema::selected;
use crate::http_message::{SimulatedRequest, SimulatedResponse};
use crate::state::SimulatorState;

/// The default properties of `GET /me` (Microsoft's `user-get.md`).
const DEFAULT: [&str; 11] = [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
];

/// Further properties that can be selected.
const SELECTABLE: [&str; 10] = [
    "accountEnabled",
    "userType",
    "companyName",
    "department",
    "mailNickname",
    "usageLocation",
    "city",
    "country",
    "otherMails",
    "createdDateTime",
];

/// `GET /me`.
pub(crate) fn me(
    state: &SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let names = selected(call, |name| DEFAULT.contains(&name) || SELECTABLE.contains(&name), "microsoft.graph.user")?;
    let (tenant, user) = state.account(caller.tenant, caller.oid).ok_or_else(GraphErrorBody::not_found)?;
    let (given, family) = user.name.split_once(' ').unwrap_or((&user.name, ""));
    let all = json!({
        "businessPhones": [],
        "displayName": user.name,
        "givenName": given,
        "jobTitle": user.job_title,
        "mail": user.upn,
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": user.language,
        "surname": family,
        "userPrincipalName": user.upn,
        "id": user.oid,
        "accountEnabled": user.enabled,
        "userType": if user.guest { "Guest" } else { "Member" },
        "companyName": tenant.display_name,
        "usageLocation": "PL",
        "otherMails": [],
    });
    let shown = names.as_deref().unwrap_or(&DEFAULT);
    let context = if names.is_some() {
        format!("{}/v1.0/$metadata#users({})/$entity", state.graph, shown.join(","))
    } else {
        format!("{}/v1.0/$metadata#users/$entity", state.graph)
    };
    let mut body = Map::new();
    body.insert("@odata.context".into(), json!(context));
    for name in shown {
        body.insert((*name).to_owned(), all[*name].clone());
    }
    Ok(SimulatedResponse::json(StatusCode::OK, &Value::Object(body)))
}

/// `getTeamsLicensingDetails`; with `User.Read` only of oneself.
pub(crate) fn licence(
    state: &SimulatorState,
    caller: &TokenBearer,
    of: &str,
) -> Result<SimulatedResponse, GraphErrorBody> {
    if guid(of) != Some(caller.oid) {
        return Err(GraphErrorBody::new(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        ));
    }
    let (_, user) = state.account(caller.tenant, caller.oid).ok_or_else(GraphErrorBody::not_found)?;
    Ok(SimulatedResponse::json(
        StatusCode::OK,
        &json!({
            "@odata.context": format!(
                "{}/v1.0/$metadata#microsoft.graph.teamsLicensingDetails", state.graph
            ),
            "hasTeamsLicense": user.licensed,
        }),
    ))
}

/// `GET /organization`: with `User.Read` three properties are readable, the rest is null.
pub(crate) fn organization(
    state: &SimulatorState,
    call: &SimulatedRequest,
    caller: &TokenBearer,
) -> Result<SimulatedResponse, GraphErrorBody> {
    let names =
        selected(call, |name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "microsoft.graph.organization")?;
    let (tenant, _) = state.account(caller.tenant, caller.oid).ok_or_else(GraphErrorBody::not_found)?;
    let domains: Vec<Value> = tenant
        .domains
        .iter()
        .enumerate()
        .map(|(index, name)| {
            json!({
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": index == 0,
                "isInitial": index + 1 == tenant.domains.len(),
                "name": name,
                "type": "Managed",
            })
        })
        .collect();
    let readable = json!({
        "id": tenant.id,
        "displayName": tenant.display_name,
        "verifiedDomains": domains,
    });
    let shown = names.unwrap_or_else(|| vec!["id", "displayName", "verifiedDomains", "city"]);
    let item: Map<String, Value> = shown.iter().map(|name| ((*name).to_owned(), readable[*name].clone())).collect();
    Ok(SimulatedResponse::json(
        StatusCode::OK,
        &json!({
            "@odata.context": format!(
                "{}/v1.0/$metadata#organization({})", state.graph, shown.join(",")
            ),
            "value": [item],
        }),
    ))
}
