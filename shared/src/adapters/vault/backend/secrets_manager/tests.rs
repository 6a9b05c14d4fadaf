//! The door against a server that answers what the test wrote down.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;
use tracing::instrument::WithSubscriber;

use crate::adapters::vault::backend::secrets_manager::*;
use crate::types::randomness::Randomness;

const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:c/a-aB3dE6";
const OTHER_ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:c/a-zZ9yY8";

pub(super) fn http() -> reqwest::Client {
    crate::adapters::http_client::build_client().unwrap()
}

/// Answers in turn, the last one again and again; remembers operation and body of every request.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<Lines>>);

#[derive(Default)]
struct Lines {
    answers: Vec<(u16, String)>,
    asked: Vec<(String, Value)>,
}

impl Script {
    fn asked(&self) -> Vec<(String, Value)> {
        self.0.lock().unwrap().asked.clone()
    }
}

async fn perform(State(script): State<Script>, headers: HeaderMap, body: String) -> axum::response::Response {
    let operation = headers["x-amz-target"].to_str().unwrap().trim_start_matches("secretsmanager.").to_owned();
    let mut script = script.0.lock().unwrap();
    script.asked.push((operation, serde_json::from_str(&body).unwrap()));
    let (status, answer) = if script.answers.len() > 1 { script.answers.remove(0) } else { script.answers[0].clone() };
    let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amzn-requestid", "req-1")];
    (StatusCode::from_u16(status).unwrap(), headers, answer).into_response()
}

fn opened(endpoint: &str) -> SecretsManagerBackend {
    let setting = |name: &str| {
        let value = match name {
            "AWS_REGION" => "eu-central-1",
            "AWS_ACCESS_KEY_ID" => "id",
            "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN" => "canary-of-the-key",
            "KMS_KEY_ID" => "alias/teams-connect",
            "AWS_ENDPOINT_URL" => endpoint,
            _ => return None,
        };
        Some(value.to_owned())
    };
    SecretsManagerBackend::open(&setting, http()).unwrap()
}

async fn played(answers: &[(u16, Value)]) -> (SecretsManagerBackend, Script) {
    let script = Script::default();
    script.0.lock().unwrap().answers = answers.iter().map(|(status, answer)| (*status, answer.to_string())).collect();
    let routes = Router::new().fallback(perform).with_state(script.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (opened(&endpoint), script)
}

fn name() -> SecretName {
    "c/a".parse().unwrap()
}

fn arn() -> Arn {
    Arn(ARN.to_owned())
}

fn body() -> SecretBody {
    "canary-of-the-body".to_owned().into()
}

fn first() -> VersionId {
    VersionId::random(&Randomness::seeded(1)).unwrap()
}

fn error(code: &str) -> Value {
    json!({ "__type": code, "message": "canary-of-the-message" })
}

fn kind(error: &VaultError) -> &'static str {
    match error {
        VaultError::NotFound => "not found",
        VaultError::Stale => "stale",
        VaultError::Deleted => "deleted",
        VaultError::Refused(_) => "refused",
        VaultError::Corrupt { .. } => "corrupt",
        VaultError::Denied(_) => "denied",
        VaultError::Unavailable(_) => "unavailable",
    }
}

#[tokio::test]
async fn an_error_is_told_by_its_code_whatever_the_status() {
    let codes = [
        ("ResourceNotFoundException", "not found"),
        ("ResourceExistsException", "stale"),
        ("InvalidRequestException", "deleted"),
        ("InvalidParameterException", "refused"),
        ("ValidationException", "refused"),
        ("AccessDeniedException", "denied"),
        ("DecryptionFailure", "denied"),
        ("EncryptionFailure", "denied"),
        ("ExpiredTokenException", "denied"),
        ("UnrecognizedClientException", "denied"),
        ("InternalServiceError", "unavailable"),
        ("ThrottlingException", "unavailable"),
        ("LimitExceededException", "unavailable"),
        ("SomethingNewException", "unavailable"),
    ];
    let cases = codes.iter().flat_map(|case| [(*case, 400), (*case, 500)]);
    let judged = cases.map(|((code, wanted), status)| async move {
        let (vault, _) = played(&[(status, error(code))]).await;
        let told = vault.create(&name(), &first(), body(), &Tags::new()).await.unwrap_err();
        assert_eq!(kind(&told), wanted, "{code} {status}: {told:?}");
        let quoted = format!("{told:?}").contains("canary");
        assert_eq!(quoted, code == "AccessDeniedException", "{code}: only a refusal of access says who lacks what");
    });
    futures_util::future::join_all(judged).await;
}

#[tokio::test]
async fn trouble_of_its_own_is_met_with_two_more_attempts_whatever_the_status() {
    let read = json!({ "ARN": ARN, "Name": "c/a", "VersionId": "v", "SecretString": "content" });
    for code in ["InternalServiceError", "ThrottlingException", "ServiceUnavailable"] {
        let (vault, script) = played(&[(400, error(code)), (400, error(code)), (200, read.clone())]).await;
        assert_eq!(vault.read(&name(), VersionStage::Current).await.unwrap().body.expose(), "content");
        assert_eq!(script.asked().len(), 3, "{code}");
    }
    for code in ["AccessDeniedException", "DecryptionFailure", "ResourceNotFoundException", "InvalidRequestException"] {
        let (vault, script) = played(&[(400, error(code)), (200, read.clone())]).await;
        vault.read(&name(), VersionStage::Current).await.unwrap_err();
        assert_eq!(script.asked().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn each_operation_asks_for_what_its_page_says() {
    let marked = json!({ "ARN": ARN, "Name": "c/a", "CreatedDate": 1, "DeletedDate": 1.5,
        "VersionIdsToStages": { "v": ["AWSCURRENT"] } });
    let (vault, script) = played(&[(200, marked)]).await;
    let tags = Tags::from([("state".to_owned(), "active".to_owned())]);
    vault.create(&name(), &first(), body(), &tags).await.unwrap();
    assert!(
        matches!(vault.put(&arn(), &first(), body()).await, Err(VaultError::Corrupt { .. })),
        "no version was told"
    );
    vault.tag(&arn(), &tags).await.unwrap();
    vault.delete(&arn()).await.unwrap();
    vault.restore(&name()).await.unwrap();
    vault.describe(&name()).await.unwrap();
    assert!(vault.read(&name(), VersionStage::Previous).await.is_err(), "no content was told");
    vault.list("c/", None, None, 1000).await.unwrap();
    let (wire, successor) = (json!([{ "Key": "state", "Value": "active" }]), first().successor());
    let secret = "canary-of-the-body";
    let wanted = [
        (
            "CreateSecret",
            json!({ "Name": "c/a", "ClientRequestToken": first().as_str(), "SecretString": secret,
                "KmsKeyId": "alias/teams-connect", "Tags": wire }),
        ),
        (
            "PutSecretValue",
            json!({ "SecretId": ARN, "ClientRequestToken": successor.as_str(), "SecretString": secret }),
        ),
        ("TagResource", json!({ "SecretId": ARN, "Tags": wire })),
        ("DeleteSecret", json!({ "SecretId": ARN, "RecoveryWindowInDays": 30 })),
        ("RestoreSecret", json!({ "SecretId": "c/a" })),
        ("DescribeSecret", json!({ "SecretId": "c/a" })),
        ("GetSecretValue", json!({ "SecretId": "c/a", "VersionStage": "AWSPREVIOUS" })),
        (
            "ListSecrets",
            json!({ "IncludePlannedDeletion": false, "MaxResults": 100, "SortBy": "name", "SortOrder": "asc",
                "Filters": [{ "Key": "name", "Values": ["c/"] }] }),
        ),
    ];
    assert_eq!(script.asked(), wanted.map(|(operation, body)| (operation.to_owned(), body)));
}

#[tokio::test]
async fn an_answer_about_another_secret_is_corrupt() {
    for (name_told, arn_told) in [("c/b", ARN), ("c/a", "arn:aws:secretsmanager:r:1:secret:c/b-aB3dE6"), ("c/a", "c/a")]
    {
        let answer = json!({ "Name": name_told, "ARN": arn_told, "VersionId": first().successor().as_str(),
            "SecretString": "x", "CreatedDate": 1, "VersionIdsToStages": { "v": ["AWSCURRENT"] } });
        let (vault, _) = played(&[(200, answer)]).await;
        let told = [
            vault.create(&name(), &first(), body(), &Tags::new()).await.unwrap_err(),
            vault.put(&arn(), &first(), body()).await.unwrap_err(),
            vault.read(&name(), VersionStage::Current).await.unwrap_err(),
            vault.describe(&name()).await.unwrap_err(),
            vault.delete(&arn()).await.unwrap_err(),
            vault.restore(&name()).await.unwrap_err(),
        ];
        assert!(told.iter().all(|error| kind(error) == "corrupt"), "{name_told} {arn_told}: {told:?}");
    }
    let (vault, _) = played(&[(200, json!({ "SecretList": [{ "Name": "d/a", "ARN": ARN }] }))]).await;
    assert_eq!(kind(&vault.list("c/", None, None, 1).await.unwrap_err()), "corrupt");
}

#[tokio::test]
async fn an_answer_about_the_next_incarnation_is_corrupt() {
    let answer = json!({ "Name": "c/a", "ARN": OTHER_ARN, "VersionId": first().successor().as_str() });
    let (vault, _) = played(&[(200, answer)]).await;
    assert_eq!(kind(&vault.put(&arn(), &first(), body()).await.unwrap_err()), "corrupt");
    assert_eq!(kind(&vault.delete(&arn()).await.unwrap_err()), "corrupt");
}

#[tokio::test]
async fn what_names_no_incarnation_is_not_asked_for() {
    let (vault, script) = played(&[(200, json!({}))]).await;
    for partial in ["c/a", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:c/a", "arn:local:secret:a-aB3dE6"] {
        let partial = Arn(partial.to_owned());
        assert_eq!(kind(&vault.put(&partial, &first(), body()).await.unwrap_err()), "not found");
        assert_eq!(kind(&vault.tag(&partial, &Tags::new()).await.unwrap_err()), "not found");
        assert_eq!(kind(&vault.delete(&partial).await.unwrap_err()), "not found");
    }
    assert_eq!(script.asked().len(), 0);
}

#[tokio::test]
async fn a_mark_set_twice_or_taken_off_twice_is_a_success_when_it_is_so() {
    let refusal = (400, error("InvalidRequestException"));
    let described = |deleted: Value| {
        let told = json!({ "Name": "c/a", "ARN": ARN, "CreatedDate": 1, "DeletedDate": deleted,
            "VersionIdsToStages": { "v": ["AWSCURRENT"] } });
        (200, told)
    };
    let (vault, _) = played(&[refusal.clone(), described(json!(1))]).await;
    vault.delete(&arn()).await.unwrap();
    let (vault, _) = played(&[refusal.clone(), described(Value::Null)]).await;
    assert_eq!(kind(&vault.delete(&arn()).await.unwrap_err()), "deleted");
    let (vault, _) = played(&[refusal.clone(), described(Value::Null)]).await;
    vault.restore(&name()).await.unwrap();
    let (vault, _) = played(&[refusal, described(json!(1))]).await;
    assert_eq!(kind(&vault.restore(&name()).await.unwrap_err()), "deleted");
}

#[tokio::test]
async fn a_secret_without_a_current_version_hides_no_other_in_a_list() {
    let (whole, broken) = ("arn:aws:secretsmanager:r:1:secret:c/b-aB3dE6", ARN);
    let entry = json!({ "Name": "c/b", "ARN": whole, "CreatedDate": 1,
        "SecretVersionsToStages": { "v": ["AWSCURRENT"] } });
    let list = json!({ "SecretList": [{ "Name": "c/a", "ARN": broken, "CreatedDate": 1 }, entry], "NextToken": "t" });
    let (vault, script) = played(&[(200, list)]).await;
    let page = vault.list("c/", None, None, 2).await.unwrap();
    assert_eq!(page.secrets.iter().map(|secret| secret.arn.as_str()).collect::<Vec<_>>(), [whole]);
    vault.list("c/", None, page.next.as_deref(), 2).await.unwrap();
    assert_eq!(script.asked()[1].1["NextToken"], "t");
}

#[tokio::test]
async fn what_is_no_answer_of_its_api_is_not_quoted() {
    let (vault, _) = played(&[(200, json!("canary"))]).await;
    let told = vault.read(&name(), VersionStage::Current).await.unwrap_err();
    assert_eq!(kind(&told), "unavailable");
    assert!(!format!("{told:?}").contains("canary"), "{told:?}");
    let (vault, _) =
        played(&[(200, json!({ "ARN": ARN, "Name": "c/a", "VersionId": "v", "SecretBinary": "eA==" }))]).await;
    assert_eq!(kind(&vault.read(&name(), VersionStage::Current).await.unwrap_err()), "corrupt");
}

#[tokio::test]
async fn nobody_there_is_out_of_reach() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let told = opened(&endpoint).read(&name(), VersionStage::Current).await.unwrap_err();
    assert_eq!(kind(&told), "unavailable");
    assert!(format!("{told:?}").contains("refused"), "{told:?}");
}

#[tokio::test]
async fn whoever_never_answers_is_given_up_after_four_seconds() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let began = Instant::now();
    let told = opened(&endpoint).read(&name(), VersionStage::Current).await.unwrap_err();
    assert_eq!(kind(&told), "unavailable");
    assert!((Duration::from_secs(3)..Duration::from_secs(6)).contains(&began.elapsed()), "{:?}", began.elapsed());
}

/// Answers one request as `GetSecretValue` does.
async fn answer_one(stream: &mut tokio::net::TcpStream) -> io::Result<()> {
    let (mut request, mut read) = (String::new(), [0; 4_096]);
    loop {
        let length = stream.read(&mut read).await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        request.push_str(&String::from_utf8_lossy(&read[..length]));
        let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() >= promised.parse().unwrap() {
            break;
        }
    }
    let told = json!({ "ARN": ARN, "Name": "c/a", "VersionId": "v", "SecretString": "content" }).to_string();
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{told}", told.len());
    stream.write_all(answer.as_bytes()).await
}

#[tokio::test]
async fn a_process_that_was_frozen_and_finds_its_connection_dead_takes_a_new_one() {
    // Closed while nobody looked; or forgotten by something between, so that nothing ever comes back on it.
    for is_closed in [true, false] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let vault = opened(&format!("http://{}", listener.local_addr().unwrap()));
        let server = tokio::spawn(async move {
            let (mut first, _) = listener.accept().await.unwrap();
            answer_one(&mut first).await.unwrap();
            let silent = (!is_closed).then_some(first);
            let (mut second, _) = listener.accept().await.unwrap();
            answer_one(&mut second).await.unwrap();
            silent.is_some()
        });
        for _ in 0..2 {
            let read = vault.read(&name(), VersionStage::Current).await.unwrap();
            assert_eq!(read.body.expose(), "content", "closed: {is_closed}");
        }
        assert_eq!(server.await.unwrap(), !is_closed, "it took two connections");
    }
}

/// What was logged, by everybody.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn not_even_the_finest_log_has_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    let finest = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let finest = finest.with_writer(move || writer.clone()).finish();
    let answer = json!({ "ARN": ARN, "Name": "c/a", "VersionId": "v", "SecretString": "canary-of-the-answer" });
    let work = async {
        let (vault, _) = played(&[(200, answer)]).await;
        vault.create(&name(), &first(), body(), &Tags::new()).await.unwrap();
        let read = vault.read(&name(), VersionStage::Current).await.unwrap();
        tracing::info!(?vault, ?read, "done");
    };
    work.with_subscriber(finest).await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("done") && !text.contains("canary"), "{text}");
}
