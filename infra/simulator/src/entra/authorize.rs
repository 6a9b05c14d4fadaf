//! `GET /{tenant}/oauth2/v2.0/authorize`: the sign-in page, or the answer without one.

use crate::entra::authorize_request::{AuthorizePrompt, AuthorizeRequest};
use crate::entra::{decision, pages};
use crate::http_message::{SimulatedRequest, SimulatedResponse};
use crate::state::SimulatorState;

/// Shows the sign-in page, or responds without one for `prompt=none`.
pub(crate) fn show(state: &mut SimulatorState, call: &SimulatedRequest, tenant_name: &str) -> SimulatedResponse {
    let request = match AuthorizeRequest::read(state, call, tenant_name) {
        Ok(request) => request,
        Err(rejection) => return rejection.answer(state, call),
    };
    let answer = if request.prompt == AuthorizePrompt::None {
        decision::silent(state, call, &request)
    } else {
        pages::sign_in(state, call, &request)
    };
    answer.notes(request.notes)
}
