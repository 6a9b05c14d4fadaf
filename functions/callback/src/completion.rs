//! The completion of a sign-in: the ATS says whose it is, the code is redeemed, the connection is stored.

use shared::adapters::microsoft::entra::{EntraError, SignInResult};
use shared::adapters::vault::apps::StoredApp;
use shared::domain::audit;
use shared::domain::connection::{Connection, ConnectionOwner};
use shared::domain::entra_app::EntraApp;
use shared::domain::sign_in::{CompletionHandle, SignInPurpose};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::ids::{CustomerId, UserId};
use shared::types::sealing::SealError;

use crate::problems::{app_problem, redeem_problem, store_sign_in_problem};
use crate::state::Callback;

/// Completes a sign-in for the user whom the ATS names.
///
/// # Errors
/// `wrong_user` if the handle is from another user's link: a forwarded link must not connect somebody else's account
/// (cross-user session fixation).
pub(crate) async fn complete(
    callback: &Callback,
    customer: &CustomerId,
    user: &UserId,
    handle: &str,
) -> Result<Connection, Problem> {
    let handle = open_handle(callback, handle).await?;
    let id = handle.sign_in.id.clone();
    audit::record_sign_in_id(&id);
    if handle.sign_in.customer != *customer || handle.sign_in.aim != SignInPurpose::Connection(user.clone()) {
        return Err(ProblemKind::WrongUser.into());
    }
    let app = read_app(callback, &handle).await?;
    let current = callback.connections.find(customer, user).await?;
    if current.as_ref().is_some_and(|stored| stored.connection.sign_in == id) {
        return Err(ProblemKind::HandleUsed.into());
    }
    let signed_in = redeem_code(callback, &app.value, &handle).await.map_err(redeem_problem)?;
    let connection = connection_from(customer, user, &app.value, signed_in, &id)?;
    callback.connections.store_sign_in(app.tenure, connection).await.map_err(store_sign_in_problem)
}

/// Redeems the code. If Entra rejects the app's credential, tries the previous one: a rejected credential does not use up
/// the code.
async fn redeem_code(
    callback: &Callback,
    app: &EntraApp,
    handle: &CompletionHandle,
) -> Result<SignInResult, EntraError> {
    let rejection = match callback.entra.redeem_code(app, handle).await {
        Err(EntraError::AppRejected(finding)) => finding,
        result => return result,
    };
    let customer = &handle.sign_in.customer;
    if let Some(previous) = callback.apps.previous_credential(customer, app, rejection.kind).await
        && let Ok(signed_in) = callback.entra.redeem_code(&previous, handle).await
    {
        tracing::warn!(%customer, "new credential rejected; the previous one was accepted");
        return Ok(signed_in);
    }
    Err(EntraError::AppRejected(rejection))
}

async fn open_handle(callback: &Callback, handle: &str) -> Result<CompletionHandle, Problem> {
    let opened = callback.sealing_keys.open::<CompletionHandle>(handle, "", callback.clock.now()).await?;
    opened
        .map(|opened| opened.content)
        .map_err(|error: SealError| Problem::from(ProblemKind::HandleUnusable).with_cause(error))
}

/// The app that the sign-in was started with. An app that replaced it since cannot redeem the code.
pub(crate) async fn read_app(callback: &Callback, handle: &CompletionHandle) -> Result<StoredApp, Problem> {
    let app = callback.apps.read(&handle.sign_in.customer).await.map_err(app_problem)?;
    let same = app.value.tenant == handle.sign_in.tenant && app.value.client_id == handle.sign_in.client_id;
    if same { Ok(app) } else { Err(ProblemKind::HandleUnusable.into()) }
}

fn connection_from(
    customer: &CustomerId,
    user: &UserId,
    app: &EntraApp,
    signed_in: SignInResult,
    sign_in: &str,
) -> Result<Connection, Problem> {
    let SignInResult { account, tokens, .. } = signed_in;
    let owner = ConnectionOwner {
        customer: customer.clone(),
        user: user.clone(),
        tenant: app.tenant,
        client_id: app.client_id,
    };
    Connection::from_tokens(owner, account, tokens, sign_in.to_owned()).map_err(|error| {
        Problem::from(ProblemKind::SignInRefused).with_findings([error.finding_kind().into()]).with_cause(error)
    })
}
