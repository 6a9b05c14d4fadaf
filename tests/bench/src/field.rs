//! Brings the contestants to the start: programs that trust the hosts of this run, and what each finds in the vault.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::authority::Authority;
use crate::cast;
use crate::contestant::{BenchTarget, PUBLIC_URL, Task};
use crate::outside::{FakeNetwork, Host, Secret, discovery};
use crate::program::Start;

/// Where what is measured lies. `tests/bench/run` builds it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Places {
    /// The folder of the release binaries
    #[arg(long)]
    binaries: PathBuf,
    /// The folder of the bundle for Node.js
    #[arg(long)]
    node: PathBuf,
    /// The folder of the peer in Python, with its packages
    #[arg(long)]
    python: PathBuf,
}

/// Those of ours, and what each is asked.
const FUNCTIONS: [(&str, &str, Task); 4] = [
    ("meetings", "ours: order a meeting", Task::Meeting),
    ("callback", "ours: order a connect link", Task::ConnectLink),
    ("refresh", "ours: refresh a connection", Task::Renewal),
    ("intake", "ours: order an intake link", Task::IntakeLink),
];

/// Everybody, in the order of a round.
pub(crate) async fn contestants(
    places: &Places,
    folder: &Path,
    authority: &Authority,
    outside: &FakeNetwork,
) -> Vec<BenchTarget> {
    outside.lay(cast::secrets().await);
    let certificates = folder.join("authority.pem");
    fs::write(&certificates, &authority.pem).unwrap();
    let mut field = vec![floor(places, folder)];
    for (name, what, task) in FUNCTIONS {
        let binary = places.binaries.join(name);
        let copy = folder.join(name);
        let program = fs::read(&binary).unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
        fs::write(&copy, authority.implanted(&program)).unwrap();
        fs::set_permissions(&copy, fs::metadata(&binary).unwrap().permissions()).unwrap();
        let start = started(vec![text(&copy)], folder, outside, cast::PREFIX, Vec::new());
        field.push(BenchTarget { name, what, start, deployed: vec![binary], task });
    }
    field.push(node(places, &certificates, outside));
    field.push(python(places, folder, &certificates, outside));
    field
}

fn floor(places: &Places, folder: &Path) -> BenchTarget {
    let binary = places.binaries.join("floor");
    let start = Start { command: vec![text(&binary)], environment: lambda(), folder: folder.to_owned() };
    BenchTarget { name: "floor", what: "lambda_http: hello", start, deployed: vec![binary], task: Task::Hello }
}

fn node(places: &Places, certificates: &Path, outside: &FakeNetwork) -> BenchTarget {
    let program = told(Command::new("sh").args(["-c", "command -v node"]));
    let metadata = discovery(&outside.url(Host::Login)).to_string();
    let more = vec![
        ("NODE_EXTRA_CA_CERTS", text(certificates)),
        ("AUTHORITY_METADATA", metadata),
        // What the SDK says of the Node.js of next year costs no start of today.
        ("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true".to_owned()),
    ];
    let start = started(vec![program, "main.mjs".to_owned()], &places.node, outside, "peer-node", more);
    outside.lay(signed_in(&start, "peer-node"));
    let deployed = vec![places.node.join("main.mjs")];
    BenchTarget { name: "node", what: "Node.js: msal-node, SDK v3, one bundle", start, deployed, task: Task::Meeting }
}

fn python(places: &Places, folder: &Path, certificates: &Path, outside: &FakeNetwork) -> BenchTarget {
    // As many roots as it has in life, and ours.
    let roots = fs::read_to_string(places.python.join("certifi/cacert.pem")).unwrap();
    let bundle = folder.join("python.pem");
    fs::write(&bundle, roots + &fs::read_to_string(certificates).unwrap()).unwrap();
    let more = vec![("AWS_CA_BUNDLE", text(&bundle)), ("REQUESTS_CA_BUNDLE", text(&bundle))];
    // The program itself, not what a manager of versions puts before it.
    let program = told(Command::new("python3").args(["-c", "import sys; print(sys.executable)"]));
    let start = started(vec![program, "main.py".to_owned()], &places.python, outside, "peer-python", more);
    outside.lay(signed_in(&start, "peer-python"));
    let deployed = vec![places.python.clone()];
    BenchTarget { name: "python", what: "Python: msal, boto3", start, deployed, task: Task::Meeting }
}

/// The recruiter signs in at a peer: its library writes what it will find in the vault.
fn signed_in(start: &Start, prefix: &str) -> Vec<Secret> {
    let (program, arguments) = start.command.split_first().unwrap();
    let mut command = Command::new(program);
    command.args(arguments).args(["sign-in", &cast::unconnected().to_string(), cast::REFRESH_TOKEN]);
    command.env_clear().envs(start.environment.iter().cloned()).current_dir(&start.folder).stderr(Stdio::inherit());
    let output = command.output().unwrap();
    let connection: Value = serde_json::from_slice(&output.stdout).expect("the peer signs in");
    cast::secrets_of_a_peer(prefix, &connection.to_string())
}

/// What AWS sets, and what the template gives to each function.
fn started(
    command: Vec<String>,
    folder: &Path,
    outside: &FakeNetwork,
    prefix: &str,
    more: Vec<(&str, String)>,
) -> Start {
    let mut environment = lambda();
    let ours = [
        ("PUBLIC_URL", PUBLIC_URL.to_owned()),
        ("ATS_COMPLETION_URL", "https://ats.example/teams/done".to_owned()),
        ("SECRET_PREFIX", prefix.to_owned()),
        ("MICROSOFT_LOGIN_URL", outside.url(Host::Login)),
        ("MICROSOFT_GRAPH_URL", outside.url(Host::Graph)),
        ("AWS_ENDPOINT_URL", outside.url(Host::Vault)),
    ];
    environment.extend(ours.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)));
    Start { command, environment, folder: folder.to_owned() }
}

fn lambda() -> Vec<(String, String)> {
    [
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("AWS_SESSION_TOKEN", "IQoJb3JpZ2luX2VjEBench"),
        ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2031/01/20/[$LATEST]0"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// What a program says of itself.
pub(crate) fn told(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn text(path: &Path) -> String {
    path.to_str().expect("paths are text").to_owned()
}
