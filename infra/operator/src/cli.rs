//! The command line and the exit codes: 0 when all went well, 1 when something failed or was found, 2 for a command line or
//! a setting that is wrong.

use std::fmt::Display;
use std::io::{self, Write};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;

use aws_api::AwsApi;
use clap::{Args, Parser, Subcommand, ValueEnum};
use shared::adapters::http_client::build_client;
use shared::adapters::vault::Vault;
use shared::adapters::vault::backend::Backend;
use shared::adapters::vault::backend::secrets_manager::SecretsManagerBackend;
use shared::adapters::vault::deployment_secrets::DeploymentSecret;
use shared::adapters::vault::secret_names::SecretPrefix;
use shared::domain::api_key::{ApiKeyLimits, ApiScope};
use shared::startup::settings::{EnvSource, ProcessEnv};
use shared::startup::telemetry;
use shared::types::clock::Clock;
use shared::types::ids::CustomerId;
use shared::types::randomness::Randomness;

use crate::error::OperatorError;
use crate::events::EventQueues;
use crate::issuer::IssuerCommand;
use crate::report::Report;
use crate::{check, customers, events, issuer, keys, versions};

const HELP: &str = "\
Nothing is changed without --yes: each command only says what it would do.

Credentials and region come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, for a role AWS_SESSION_TOKEN,
and AWS_REGION. The AWS CLI writes them with `aws configure export-credentials --format env`. AWS_ENDPOINT_URL points to
a server other than AWS's.

`check` looks at secrets, functions and their versions, schedule, alarms, queues, API and domain. Besides the secrets it reads
by cloudformation:DescribeStacks, cloudformation:ListStackResources, lambda:GetFunctionConfiguration, lambda:GetAlias,
lambda:GetFunctionConcurrency, lambda:GetFunctionEventInvokeConfig, lambda:GetEventSourceMapping, scheduler:GetSchedule,
cloudwatch:DescribeAlarms, sqs:GetQueueAttributes and apigateway:GET. `go-back` needs lambda:GetAlias,
lambda:ListVersionsByFunction and lambda:UpdateAlias. `events`, `revoke` and `customer restore` find the queue by the two of
CloudFormation; `events test`, `revoke` and `customer restore` need sqs:SendMessage, `events dead-letters`
sqs:GetQueueAttributes, and `events replay` also sqs:StartMessageMoveTask, sqs:ReceiveMessage, sqs:DeleteMessage and
sqs:SendMessage.

Exit codes: 0 success, 1 something failed or was found, 2 the command line or a setting is wrong.

Examples:
  operator --stack teams-connect-production keys issue ats-2027-01 --yes
  operator --stack teams-connect-production keys limit scheduler --customer kadry --scope meetings --per-minute 600 --yes
  operator --stack teams-connect-production keys revoke ats-2026-01 --at-once --yes
  operator --stack teams-connect-production seal rotate --yes
  operator --stack teams-connect-production webhook-key show
  operator --stack teams-connect-production issuer rotate --yes
  operator --stack teams-connect-production events test --yes
  operator --stack teams-connect-production events replay --yes
  operator --stack teams-connect-production customer restore kadry --yes
  operator --stack teams-connect-production go-back --yes
  operator --stack teams-connect-production check --url https://teams.ats.example
With cargo, from a clone: cargo run -p operator -- --stack teams-connect-production keys list";

/// Operates a deployment of Teams Connect on AWS.
#[derive(Debug, Parser)]
#[command(name = "operator", version, after_long_help = HELP)]
struct CommandLine {
    /// The name of the stack, with which the names of all secrets begin
    #[arg(long)]
    stack: String,
    /// Do it; without this option, only say what would be done
    #[arg(long, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// API keys of the ATS
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The keys that seal links, cookies and handles and sign events
    #[command(subcommand)]
    Seal(SealCommand),
    /// The key that signs events; `seal rotate --key webhook` replaces it
    #[command(subcommand)]
    WebhookKey(WebhookKeyCommand),
    /// The keys of the issuer that apps without a secret trust
    #[command(subcommand)]
    Issuer(IssuerCommand),
    /// Events sent to the ATS
    #[command(subcommand)]
    Events(EventsCommand),
    /// Customers
    #[command(subcommand)]
    Customer(CustomerCommand),
    /// Disconnect all recruiters of a customer, or of all customers; this cannot be undone
    Revoke {
        /// The customer whose recruiters are disconnected
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        customer: Option<CustomerId>,
        /// The recruiters of all customers
        #[arg(long)]
        all: bool,
        /// Do not notify the ATS; needed if its queue does not answer
        #[arg(long)]
        untold: bool,
    },
    /// Roll all functions back to the previous version
    GoBack,
    /// Compare the deployment with the template: one line for each finding
    Check {
        /// The address of the API; if left out, the API is not called
        #[arg(long, value_name = "https://HOST")]
        url: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// List the valid keys and their limits
    List,
    /// Create a key and write it to a file; only its hash is stored
    Issue {
        /// The name of the key in the log
        id: String,
        /// The file; it must not exist yet
        #[arg(long, value_name = "FILE", default_value = "new-key")]
        out: PathBuf,
        #[command(flatten)]
        limits: Limits,
    },
    /// Give a key these limits and no others
    Limit {
        /// The name of the key in the log
        id: String,
        #[command(flatten)]
        limits: Limits,
    },
    /// Remove a key from the list; it stays valid until the next change
    Revoke {
        /// The name of the key in the log
        id: String,
        /// End it within a minute, and all others that are valid only because they were in the previous list
        #[arg(long)]
        at_once: bool,
    },
}

#[derive(Debug, Subcommand)]
enum SealCommand {
    /// Replace the current key; it still opens what it sealed until the next rotation
    Rotate {
        /// Which key
        #[arg(long, value_enum, default_value_t = SealKey::Sealing)]
        key: SealKey,
        /// The key has leaked: rotate twice, so that nothing it sealed can be opened any more
        #[arg(long)]
        leaked: bool,
    },
}

#[derive(Debug, Subcommand)]
enum WebhookKeyCommand {
    /// Print the secret that the ATS verifies events with; pass it on through a secure channel
    Show,
}

#[derive(Debug, Subcommand)]
enum EventsCommand {
    /// Send a test event to the ATS, in the same way as any other event
    Test {
        /// The customer named in the event; it need not exist
        #[arg(default_value = "test")]
        customer: CustomerId,
    },
    /// Count the dead letters and the events that are still being retried
    DeadLetters,
    /// Send all dead letters back to the queue
    Replay,
}

#[derive(Debug, Subcommand)]
enum CustomerCommand {
    /// Undo an offboarding of the last 30 days: app, connections and hand-overs; links of before stay ended
    Restore {
        /// Whose
        customer: CustomerId,
        /// Do not notify the ATS; needed if its queue does not answer
        #[arg(long)]
        untold: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SealKey {
    /// Links of recruiters, cookies, handles
    Sealing,
    /// Links of administrators
    Intake,
    /// Admin consent and sign-in tests
    NextSteps,
    /// Links to the support page
    Support,
    /// Links to meetings, which candidates keep for months
    Link,
    /// Signatures of events
    Webhook,
}

/// Limits that are left out do not apply.
#[derive(Debug, Args)]
struct Limits {
    /// A customer that the key is limited to; can be repeated
    #[arg(long = "customer", value_name = "CUSTOMER")]
    customers: Vec<CustomerId>,
    /// A part of the API that the key opens; can be repeated
    #[arg(long = "scope", value_name = "SCOPE", value_enum)]
    scopes: Vec<Scope>,
    /// How many requests per minute one process accepts
    #[arg(long, value_name = "REQUESTS")]
    per_minute: Option<NonZeroU32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scope {
    /// Meetings
    Meetings,
    /// Connect links and connections
    Connections,
    /// Intake links, credentials, offboarding
    Administration,
}

impl From<Scope> for ApiScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Meetings => Self::Meetings,
            Scope::Connections => Self::Connections,
            Scope::Administration => Self::Administration,
        }
    }
}

impl From<Limits> for ApiKeyLimits {
    fn from(limits: Limits) -> Self {
        let Limits { customers, scopes, per_minute } = limits;
        Self {
            customers: (!customers.is_empty()).then(|| customers.into_iter().collect()),
            scopes: (!scopes.is_empty()).then(|| scopes.into_iter().map(ApiScope::from).collect()),
            per_minute,
        }
    }
}

/// Does what the command line says.
pub(crate) async fn run() -> ExitCode {
    let line = CommandLine::parse();
    telemetry::init_human_readable(&|name: &str| {
        ProcessEnv.get(name).or_else(|| (name == "RUST_LOG").then(|| "error".into()))
    });
    let (vault, api) = match open(&line.stack, &ProcessEnv) {
        Ok(opened) => opened,
        Err(error) => return ended(error.exit_code(), &error),
    };
    match execute(line, &vault, &api).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ended(error.exit_code(), &error),
    }
}

/// The vault of a stack, and what is asked of its other parts.
fn open(stack: &str, environment: &dyn EnvSource) -> Result<(Vault, AwsApi), OperatorError> {
    let prefix: SecretPrefix =
        stack.parse().map_err(|error| OperatorError::Usage(format!("--stack {stack}: {error}")))?;
    let http = build_client().map_err(|error| OperatorError::Usage(error.to_string()))?;
    let backend = SecretsManagerBackend::open(&|name: &str| environment.get(name), http.clone())
        .map_err(|error| OperatorError::Usage(error.to_string()))?;
    let vault = Vault::new(Backend::SecretsManager(backend), prefix, Clock::system(), Randomness::system());
    Ok((vault, AwsApi::open(environment, http)))
}

async fn execute(line: CommandLine, vault: &Vault, api: &AwsApi) -> Result<(), OperatorError> {
    let mut report = Report::new(io::stdout(), line.yes);
    let secrets = vault.deployment_secrets();
    match line.command {
        Command::Keys(KeysCommand::List) => keys::list(&secrets, &mut report).await,
        Command::Keys(KeysCommand::Issue { id, out, limits }) => {
            keys::issue(&secrets, &mut report, (&id, limits.into()), &out).await
        }
        Command::Keys(KeysCommand::Limit { id, limits }) => {
            keys::limit(&secrets, &mut report, (&id, limits.into())).await
        }
        Command::Keys(KeysCommand::Revoke { id, at_once }) => keys::revoke(&secrets, &mut report, &id, at_once).await,
        Command::Seal(SealCommand::Rotate { key, leaked }) => {
            let secret = match key {
                SealKey::Sealing => DeploymentSecret::SealingKey,
                SealKey::Intake => DeploymentSecret::IntakeKey,
                SealKey::NextSteps => DeploymentSecret::NextStepsKey,
                SealKey::Support => DeploymentSecret::SupportKey,
                SealKey::Link => DeploymentSecret::LinkKey,
                SealKey::Webhook => DeploymentSecret::WebhookKey,
            };
            keys::rotate(&secrets, &mut report, secret, leaked).await
        }
        Command::WebhookKey(WebhookKeyCommand::Show) => keys::show_webhook_secret(&secrets, &mut report).await,
        Command::Issuer(command) => issuer::run(&secrets, &mut report, command, Clock::system().now()).await,
        Command::Events(EventsCommand::Test { customer }) => {
            events::test((api, &ProcessEnv), &line.stack, &mut report, &customer).await
        }
        Command::Events(EventsCommand::DeadLetters) => events::count(api, &line.stack, &mut report).await,
        Command::Events(EventsCommand::Replay) => events::replay(api, &line.stack, &mut report).await,
        Command::Customer(CustomerCommand::Restore { customer, untold }) => {
            let told = telling(vault, api, (&line.stack, untold)).await?;
            customers::restore(&told, &mut report, &customer).await
        }
        Command::Revoke { customer, all: _, untold } => {
            let told = telling(vault, api, (&line.stack, untold)).await?;
            customers::revoke(&told, &mut report, customer.as_ref()).await
        }
        Command::GoBack => versions::go_back(api, &line.stack, &mut report).await,
        Command::Check { url } => check::run(vault, api, &mut report, (&line.stack, url.as_deref())).await,
    }
}

/// The vault, whose changes the ATS is told where the deployment has a receiver.
async fn telling(vault: &Vault, api: &AwsApi, (stack, untold): (&str, bool)) -> Result<Vault, OperatorError> {
    let found = if untold { Ok(None) } else { EventQueues::find(api, stack).await };
    let queues = found.map_err(|error| {
        OperatorError::Refused(format!("{error}; nothing was changed: --untold does it and tells the ATS nothing"))
    })?;
    let told = queues.map(|queues| queues.publisher(&ProcessEnv)).transpose()?.unwrap_or_default();
    Ok(vault.clone().with_events(told))
}

fn ended(code: u8, why: &dyn Display) -> ExitCode {
    // If standard error is gone, the exit code says it.
    drop(writeln!(io::stderr(), "operator: {why}"));
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_its_examples_can_be_given() {
        CommandLine::command().debug_assert();
        let examples: Vec<_> = HELP.lines().filter(|line| line.starts_with("  operator ")).collect();
        assert_eq!(examples.len(), 11);
        for example in examples {
            CommandLine::try_parse_from(example.split_whitespace()).unwrap();
        }
    }

    #[test]
    fn what_is_left_out_of_limits_is_no_limit() {
        let limits = |arguments: &[&str]| {
            let line = ["operator", "--stack", "s", "keys", "limit", "a"].iter().chain(arguments);
            match CommandLine::try_parse_from(line).unwrap().command {
                Command::Keys(KeysCommand::Limit { limits, .. }) => ApiKeyLimits::from(limits),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(limits(&[]), ApiKeyLimits::default());
        let limited =
            limits(&["--customer", "kadry", "--customer", "praca", "--scope", "meetings", "--per-minute", "9"]);
        let customers = limited.customers.unwrap();
        assert_eq!(customers.iter().map(CustomerId::as_str).collect::<Vec<_>>(), ["kadry", "praca"]);
        assert_eq!((limited.scopes, limited.per_minute), (Some([ApiScope::Meetings].into()), NonZeroU32::new(9)));
    }

    #[test]
    fn a_wrong_command_line_is_a_usage_error() {
        for arguments in [
            &["keys", "list"][..],
            &["--stack", "s", "revoke"],
            &["--stack", "s", "revoke", "kadry", "--all"],
            &["--stack", "s", "keys", "limit", "a", "--scope", "meeting"],
            &["--stack", "s", "keys", "limit", "a", "--per-minute", "0"],
            &["--stack", "s", "customer", "restore", "a/b"],
        ] {
            let error = CommandLine::try_parse_from(["operator"].iter().chain(arguments)).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{arguments:?}");
        }
        assert!(matches!(open("/", &|_: &str| None), Err(OperatorError::Usage(_))));
    }
}
