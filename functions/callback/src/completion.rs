//! The completion of a sign-in: the ATS says whose it is, the code is redeemed, the connection is stored.

use shared::adapters::microsoft::entra::{EntraError, SignInResult};
use shared::adapters::vault::apps::{AppStatusUpdate, StoredApp};
use shared::adapters::vault::connections::{SignInProgress, StoreSignInError, StoredConnection};
use shared::adapters::vault::model::VaultError;
use shared::domain::audit;
use shared::domain::connection::{Connection, ConnectionOwner};
use shared::domain::entra_app::{AppSummary, ConsentState, EntraApp};
use shared::domain::sign_in::{CompletionHandle, CompletionOptions, PendingSignIn, ReturnedSignIn};
use shared::http::problem::{AccountDetails, Problem, ProblemKind, RecoveryBody};
use shared::types::ids::{CustomerId, UserId};
use shared::types::sealing::SealError;

use crate::problems::{app_problem, different_account_problem, redeem_problem, store_sign_in_problem};
use crate::requests::Completion;
use crate::state::Callback;

/// Completes a sign-in for the user whom the ATS names. What fails after the code was redeemed is finished by the same
/// completion again.
///
/// # Errors
/// `wrong_user` if the handle is from another user's link: a forwarded link must not connect somebody else's account
/// (cross-user session fixation). `different_account` if another account is connected or expected; then nothing is stored.
pub(crate) async fn complete(
    callback: &Callback,
    customer: &CustomerId,
    user: &UserId,
    completion: Completion,
) -> Result<Connection, Problem> {
    let handle = open_handle(callback, &completion.handle).await?;
    audit::record_sign_in_id(handle.sign_in());
    if !handle.is_of(customer, user) {
        return Err(ProblemKind::WrongUser.into());
    }
    let app = callback.apps.read(customer).await.map_err(app_problem)?;
    let SignInProgress { connection: current, returned } =
        callback.connections.sign_in_progress(app.tenure, (customer, user)).await?;
    if current.as_ref().is_some_and(|stored| stored.connection.sign_in == handle.sign_in()) {
        return Err(ProblemKind::HandleUsed.into());
    }
    // A later sign-in waits in its place, or none does.
    let returned = returned.filter(|returned| returned.sign_in.id == handle.sign_in());
    let returned = returned.ok_or(ProblemKind::HandleUnusable)?;
    check_app(&app, &returned.sign_in)?;
    let result = connect(callback, &app, (customer, user), &completion, (current, &returned)).await;
    let result = match result {
        Ok(connection) => confirm(callback, &app, (customer, user)).await.map(|()| connection),
        result => result,
    };
    let result = result.map_err(|problem| match problem.kind() {
        ProblemKind::DifferentAccount => problem.with_recovery_body(next_link(&returned.sign_in, &completion)),
        _ => problem,
    });
    if let Err(problem) = &result
        && matches!(
            problem.kind(),
            ProblemKind::SignInRefused | ProblemKind::DifferentAccount | ProblemKind::HandleUsed
        )
        && let Err(error) = callback.connections.drop_return(app.tenure, (customer, user), handle.sign_in()).await
    {
        tracing::warn!(error = %error, "a sign-in that cannot be completed waits until its time is over");
    }
    result
}

/// The link that the recruiter needs next, for another account: with the options of the one that was used.
fn next_link(sign_in: &PendingSignIn, completion: &Completion) -> RecoveryBody {
    let CompletionOptions { state, url, expected_account } = sign_in.completion.clone();
    let expected_account = expected_account.or_else(|| completion.expected_account.clone());
    RecoveryBody {
        select_account: true,
        expected_account: expected_account.map(|account| account.to_string()),
        state,
        completion_url: url,
        language: sign_in.language,
    }
}

/// The app as it is now, in the tenure of the one that was read; nothing where the vault does not tell it.
async fn find_app_again(
    callback: &Callback,
    customer: &CustomerId,
    app: &StoredApp,
) -> Result<Option<AppSummary>, Problem> {
    match callback.apps.summary(customer).await {
        Ok(present) if present.tenure == app.tenure => Ok(Some(present)),
        // The customer left and began anew.
        Ok(_) => Err(ProblemKind::HandleUnusable.into()),
        Err(error @ (VaultError::NotFound | VaultError::Deleted)) => Err(app_problem(error)),
        Err(error) => {
            tracing::warn!(%customer, error = %error, "whether the customer left meanwhile is seen by the schedule");
            Ok(None)
        }
    }
}

/// Looks at the app once more. An offboarding notes its end there before it marks what recruiters left: whoever looks after
/// a write sees the end, or what was written is marked with the rest. Records that a sign-in had all permissions, once for
/// each app.
async fn confirm(
    callback: &Callback,
    app: &StoredApp,
    (customer, user): (&CustomerId, &UserId),
) -> Result<(), Problem> {
    let summary = match find_app_again(callback, customer, app).await {
        Ok(summary) => summary,
        Err(ended) => {
            callback.connections.take_back(app.tenure, (customer, user)).await?;
            return Err(ended);
        }
    };
    if summary.is_none_or(|summary| summary.consent_state().state == ConsentState::Granted) {
        return Ok(());
    }
    let update = AppStatusUpdate::ConsentSeen(callback.clock.now());
    if let Err(error) = callback.app_status.record(customer, app.app(), update).await {
        tracing::warn!(%customer, error = %error, "that consent was seen is not recorded; the next sign-in will show it");
    }
    Ok(())
}

/// Redeems the code, or takes what an earlier try redeemed it for, and stores the connection.
async fn connect(
    callback: &Callback,
    app: &StoredApp,
    (customer, user): (&CustomerId, &UserId),
    completion: &Completion,
    (current, returned): (Option<StoredConnection>, &ReturnedSignIn),
) -> Result<Connection, Problem> {
    let sign_in = &returned.sign_in;
    let held = callback.unstored.take(&sign_in.id, callback.clock.now());
    let connection = if let Some(connection) = held {
        connection
    } else {
        let signed_in = redeem_code(callback, app, returned).await.map_err(redeem_problem)?;
        connection_from(customer, user, &app.value, signed_in, &sign_in.id)?
    };
    let different = |expected: AccountDetails| different_account_problem(expected, &connection.account);
    let expected = [&sign_in.completion.expected_account, &completion.expected_account];
    if let Some(expected) = expected.into_iter().flatten().find(|expected| !expected.matches(&connection.account)) {
        return Err(different(expected.into()));
    }
    if let Some(stored) = &current
        && !completion.replace_account
        && !stored.connection.belongs_to(app.value.tenant, &connection.account)
    {
        return Err(different((&stored.connection.account).into()));
    }
    find_app_again(callback, customer, app).await?;
    let made = (&connection, sign_in.started_at);
    match callback.connections.complete_sign_in(app.tenure, made, completion.replace_account).await {
        Ok(()) => Ok(connection),
        Err(error) => {
            if let StoreSignInError::Vault(VaultError::Unavailable(_) | VaultError::Stale) = error {
                callback.unstored.hold(&sign_in.id, connection, callback.clock.now());
            }
            Err(store_sign_in_problem(error))
        }
    }
}

/// Redeems the code. If Entra rejects the app's credential, tries the previous one: a rejected credential does not use up
/// the code.
async fn redeem_code(
    callback: &Callback,
    app: &StoredApp,
    ReturnedSignIn { sign_in, code, .. }: &ReturnedSignIn,
) -> Result<SignInResult, EntraError> {
    let rejection = match callback.entra.redeem_code(&app.value, sign_in, code).await {
        Err(EntraError::AppRejected(finding)) => finding,
        result => return result,
    };
    let customer = &sign_in.customer;
    if let Some(previous) = callback.apps.previous_credential(customer, app, rejection.kind).await
        && let Ok(signed_in) = callback.entra.redeem_code(&previous, sign_in, code).await
    {
        tracing::warn!(%customer, "new credential rejected; the previous one was accepted");
        return Ok(signed_in);
    }
    Err(EntraError::AppRejected(rejection))
}

async fn open_handle(callback: &Callback, handle: &str) -> Result<CompletionHandle, Problem> {
    let opened = callback.sign_in_keys.open::<CompletionHandle>(handle, "", callback.clock.now()).await?;
    opened
        .map(|opened| opened.content)
        .map_err(|error: SealError| Problem::from(ProblemKind::HandleUnusable).with_cause(error))
}

/// The app that the sign-in was started with. An app that replaced it since cannot redeem the code, and a sign-in that was
/// started before the customer was offboarded counts no more.
pub(crate) fn check_app(app: &StoredApp, sign_in: &PendingSignIn) -> Result<(), Problem> {
    if app.app() == sign_in.app() { Ok(()) } else { Err(ProblemKind::HandleUnusable.into()) }
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
