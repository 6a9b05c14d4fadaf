//! The Graph listener: online meetings of Microsoft Graph v1.0.

pub(crate) mod access;
pub(crate) mod error;
pub(crate) mod me;
pub(crate) mod meeting;
pub(crate) mod meetings;
pub(crate) mod response;
pub(crate) mod schema;
pub(crate) mod time;

use axum::http::Method;

use crate::graph::error::GraphErrorBody;
use crate::http_message::{SimulatedRequest, SimulatedResponse};
use crate::operation::Operation;
use crate::state::SimulatorState;

/// A route with the id in its path.
struct GraphRoute<'a> {
    operation: Operation,
    id: &'a str,
}

fn route(call: &SimulatedRequest) -> GraphRoute<'_> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let method = &call.method;
    let (operation, id) = match path.as_slice() {
        ["v1.0", "me"] if method == Method::GET => (Operation::GraphMe, ""),
        ["v1.0", "users", id, "licenseDetails", "getTeamsLicensingDetails"] if method == Method::GET => {
            (Operation::GraphLicence, *id)
        }
        ["v1.0", "organization"] if method == Method::GET => (Operation::GraphOrganization, ""),
        ["v1.0", "me", "onlineMeetings"] if method == Method::POST => (Operation::GraphCreate, ""),
        ["v1.0", "me", "onlineMeetings"] if method == Method::GET => (Operation::GraphFind, ""),
        ["v1.0", "me", "onlineMeetings", "createOrGet"] if method == Method::POST => (Operation::GraphCreateOrGet, ""),
        ["v1.0", "me", "onlineMeetings", id] if method == Method::GET => (Operation::GraphRead, *id),
        ["v1.0", "me", "onlineMeetings", id] if method == Method::PATCH => (Operation::GraphUpdate, *id),
        ["v1.0", "me", "onlineMeetings", id] if method == Method::DELETE => (Operation::GraphDelete, *id),
        _ => (Operation::GraphOther, ""),
    };
    GraphRoute { operation, id }
}

/// The operation of a request.
pub(crate) fn operation(call: &SimulatedRequest) -> Operation {
    route(call).operation
}

/// Serves a request.
pub(crate) fn answer(state: &mut SimulatorState, call: &SimulatedRequest) -> SimulatedResponse {
    let route = route(call);
    let result = access::caller(state, call, route.operation).and_then(|caller| match route.operation {
        Operation::GraphMe => me::me(state, call, &caller),
        Operation::GraphLicence => me::licence(state, &caller, route.id),
        Operation::GraphOrganization => me::organization(state, call, &caller),
        Operation::GraphCreate => meetings::create(state, call, &caller),
        Operation::GraphCreateOrGet => meetings::create_or_get(state, call, &caller),
        Operation::GraphFind => meetings::find(state, call, &caller),
        Operation::GraphRead => meetings::read(state, call, &caller, route.id),
        Operation::GraphUpdate => meetings::update(state, call, &caller, route.id),
        Operation::GraphDelete => meetings::delete(state, &caller, route.id),
        _ => Err(GraphErrorBody::bad_request(format!(
            "Resource not found for the segment '{}'.",
            call.path.last().map_or("", String::as_str)
        ))),
    });
    let answer = match result {
        Ok(answer) => answer,
        Err(problem) => problem.answer(state, call),
    };
    with_headers(state, call, answer)
}

/// Adds the headers of every Graph response.
pub(crate) fn with_headers(
    state: &mut SimulatorState,
    call: &SimulatedRequest,
    answer: SimulatedResponse,
) -> SimulatedResponse {
    let request_id = state.randomness.guid().to_string();
    let client_request_id = call.header("client-request-id").map_or_else(|| request_id.clone(), str::to_owned);
    let answer = answer
        .header("request-id", &request_id)
        .header("client-request-id", &client_request_id)
        .header("cache-control", "private")
        .header(
            "x-ms-ags-diagnostic",
            r#"{"ServerInfo":{"DataCenter":"Simulator","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIM0"}}"#,
        );
    if answer.body.is_empty() {
        return answer;
    }
    answer.header("odata-version", "4.0").header(
        "content-type",
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
    )
}
