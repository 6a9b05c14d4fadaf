//! Why Secrets Manager did not do what was asked: told by the code of its error, never by the status, of which the
//! [common errors](https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html) and the pages of
//! the operations give two for the same code.

use std::error::Error;
use std::fmt;

use aws_sdk_secretsmanager::config::http::HttpResponse;
use aws_sdk_secretsmanager::config::interceptors::InterceptorContext;
use aws_sdk_secretsmanager::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::operation::RequestId;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::list_secrets::ListSecretsError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_sdk_secretsmanager::operation::restore_secret::RestoreSecretError;
use aws_sdk_secretsmanager::operation::tag_resource::TagResourceError;
use aws_smithy_runtime_api::client::interceptors::context;

use crate::adapters::vault::model::VaultError;

/// It is Secrets Manager's own trouble, and over soon. The SDK retries these only under a status that says the same.
const TRANSIENT_CODES: [&str; 5] = [
    "InternalServiceError",
    "InternalServerError",
    "InternalFailure",
    "ServiceUnavailable",
    "ServiceUnavailableException",
];

/// We are not who we must be, or the key is not usable. The second half are the common errors of AWS's APIs.
const ACCESS_DENIED_CODES: [&str; 16] = [
    "AccessDeniedException",
    "DecryptionFailure",
    "EncryptionFailure",
    "PreconditionNotMetException",
    "AccessDenied",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// What a call that was refused, or not answered, comes to.
pub(super) fn map_sdk_error<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> VaultError
where
    E: ProvideErrorMetadata + RequestId + Error + 'static,
{
    let SdkError::ServiceError(told) = error else { return map_transport_error(operation, &error) };
    let (told, status) = (told.err(), told.raw().status());
    let code = told.code().unwrap_or_default();
    match code {
        "ResourceNotFoundException" => VaultError::NotFound,
        "ResourceExistsException" => VaultError::Stale,
        "InvalidRequestException" => VaultError::Deleted,
        "InvalidParameterException" | "ValidationException" | "InvalidNextTokenException" => {
            VaultError::Refused("Secrets Manager took a parameter for invalid")
        }
        // Its message names who may not do what to which secret; those of other errors may quote what was sent.
        "AccessDeniedException" => VaultError::Denied(format!(
            "{operation}: {} (request {})",
            told.message().unwrap_or(code),
            told.request_id().unwrap_or("unknown")
        )),
        _ if ACCESS_DENIED_CODES.contains(&code) => {
            VaultError::Denied(format!("{operation}: {code} (request {})", told.request_id().unwrap_or("unknown")))
        }
        _ => {
            let why = if code.is_empty() { format!("status {}", status.as_u16()) } else { code.to_owned() };
            unavailable(operation, format!("{why} (request {})", told.request_id().unwrap_or("unknown")))
        }
    }
}

/// Nothing came back that says what happened. It may have been done.
fn map_transport_error<E: Error + 'static>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> VaultError {
    let why = match error {
        SdkError::TimeoutError(_) => "not in time".to_owned(),
        SdkError::DispatchFailure(failure) => error_chain(failure.as_connector_error()),
        // Its causes may quote the answer, and the answer may be a secret.
        SdkError::ResponseError(_) => "an answer that is none of its API's".to_owned(),
        _ => "the request could not be made".to_owned(),
    };
    unavailable(operation, why)
}

/// An error and its causes, in one line.
fn error_chain<E: Error + 'static>(error: Option<&E>) -> String {
    let first: Option<&(dyn Error + 'static)> = error.map(|error| error as _);
    let causes = std::iter::successors(first, |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn unavailable(operation: &'static str, why: String) -> VaultError {
    VaultError::Unavailable(Box::new(NoResponse { operation, why }))
}

/// Why there is no answer, without anything of the answer.
#[derive(Debug)]
struct NoResponse {
    operation: &'static str,
    why: String,
}

impl fmt::Display for NoResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.why)
    }
}

impl Error for NoResponse {}

/// Retries what has one of the [`TRANSIENT_CODES`], whatever the status.
#[derive(Debug)]
pub(super) struct RetryByErrorCode;

impl ClassifyRetry for RetryByErrorCode {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let error = context.output_or_error().and_then(Result::err).and_then(|error| error.as_operation_error());
        match error.and_then(error_code) {
            Some(code) if TRANSIENT_CODES.contains(&code) => RetryAction::server_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "by code"
    }
}

/// Each operation has an error type of its own, and the SDK has forgotten here which operation it was.
macro_rules! code_of {
    ($($error:ty),* $(,)?) => {
        fn error_code(error: &context::Error) -> Option<&str> {
            $(if let Some(error) = error.downcast_ref::<$error>() {
                return error.code();
            })*
            None
        }
    };
}

code_of!(
    CreateSecretError,
    DeleteSecretError,
    DescribeSecretError,
    GetSecretValueError,
    ListSecretsError,
    PutSecretValueError,
    RestoreSecretError,
    TagResourceError,
);
