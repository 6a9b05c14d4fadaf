//! The command line, what is printed, and the exit code: 0 when all promises were kept, 1 when one was not, 2 when
//! nothing was tried.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use shared::startup::settings::{EnvSource, ProcessEnv};
use shared::types::clock::Clock;
use shared::types::randomness::Randomness;

use crate::account::Account;
use crate::disabled_key;
use crate::promises::{ALL, Place, listen_for_broken_ones};
use crate::record::Record;

const HELP: &str = "\
Credentials come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for a role, AWS_SESSION_TOKEN.
AWS_ENDPOINT_URL points to another server than AWS's; KMS_KEY_ID encrypts the secrets with a key of yours.

They need, for secrets whose names begin with teams-connect-contract/: secretsmanager:CreateSecret, DeleteSecret,
DescribeSecret, GetSecretValue, PutSecretValue, RestoreSecret, TagResource; and secretsmanager:ListSecrets. Take an
account in which nothing else lives. A run makes about 60 secrets and 400 calls, and deletes the secrets for good;
AWS charges secrets by the hour, so a run costs a few cents at most. --disabled-key needs kms:CreateKey, kms:DisableKey,
kms:ScheduleKeyDeletion, kms:GenerateDataKey and kms:Decrypt as well.

Examples:
  aws-contract --region eu-central-1 --yes --record contract.md
  aws-contract --region eu-central-1 --yes --only of_two_writers_from_the_same_version_exactly_one_wins
With cargo, from a clone: cargo run -p aws-contract -- --region eu-central-1 --yes";

/// Runs the vault's contract against Secrets Manager of a real AWS account.
#[derive(Debug, Parser)]
#[command(name = "aws-contract", version, after_long_help = HELP)]
struct CommandLine {
    /// The region in which the promises are tried
    #[arg(long)]
    region: String,
    /// Another region, whose secrets the first must not know [default: eu-west-1, or eu-central-1 if that is the first]
    #[arg(long, value_name = "REGION")]
    elsewhere: Option<String>,
    /// Try this promise alone; may be given again
    #[arg(long, value_name = "PROMISE", value_parser = promise())]
    only: Vec<String>,
    /// How long a list may lag behind what was written, in seconds; AWS allows itself 300
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    lag: u64,
    /// Find out too what is answered where a key is disabled: makes a KMS key and schedules its deletion
    #[arg(long)]
    disabled_key: bool,
    /// Write the record into this file too, as Markdown
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Yes, make and delete secrets in this account
    #[arg(long)]
    yes: bool,
}

fn promise() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(ALL.iter().map(|(name, _)| *name))
}

/// Does what the command line says.
pub(crate) async fn run() -> ExitCode {
    let line = CommandLine::parse();
    let place = match place(&line) {
        Ok(place) => place,
        Err(error) => return ended(2, &error),
    };
    if !line.yes {
        return ended(2, &"this makes and deletes secrets in the account of the environment: say --yes");
    }
    listen_for_broken_ones();
    match tried(&line, &place).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => ended(1, &error),
    }
}

fn elsewhere(line: &CommandLine) -> &str {
    line.elsewhere.as_deref().unwrap_or(if line.region == "eu-west-1" { "eu-central-1" } else { "eu-west-1" })
}

fn place(line: &CommandLine) -> Result<Place, Box<dyn std::error::Error>> {
    let account = Account::open(&ProcessEnv)?;
    let [vault, elsewhere] = [&line.region, elsewhere(line)].map(|region| account.vault(region));
    let run = Randomness::system().bytes::<8>()?.map(|byte| format!("{byte:02x}")).concat();
    let (region, lag) = (line.region.clone(), Duration::from_secs(line.lag));
    let folder = format!("teams-connect-contract/{run}/");
    Ok(Place { vault: vault?, elsewhere: elsewhere?, account, region, folder, lag })
}

/// Tries the promises one after the other, and tells how many were broken.
async fn tried(line: &CommandLine, place: &Place) -> io::Result<usize> {
    let mut out = io::stdout();
    let wanted = ALL.iter().filter(|(name, _)| line.only.is_empty() || line.only.iter().any(|only| only == name));
    let wanted: Vec<_> = wanted.collect();
    let (endpoint, begun) = (ProcessEnv.get("AWS_ENDPOINT_URL"), Clock::system().now());
    let mut record = Record { begun, region: line.region.clone(), endpoint, outcomes: Vec::new(), disabled_key: None };
    writeln!(out, "{} promises in {}, under {}", wanted.len(), line.region, place.folder)?;
    for (at, (name, promise)) in wanted.iter().enumerate() {
        let outcome = place.try_one(name, *promise).await;
        writeln!(out, "[{}/{}] {outcome}", at + 1, wanted.len())?;
        record.outcomes.push(outcome);
    }
    if line.disabled_key {
        let said = disabled_key::observe(place).await.unwrap_or_else(|error| format!("not found out: {error}"));
        writeln!(out, "a secret whose key is disabled: {said}")?;
        record.disabled_key = Some(said);
    }
    for left in place.swept([&line.region, elsewhere(line)]).await {
        writeln!(out, "left behind: {left}")?;
    }
    if let Some(file) = &line.record {
        std::fs::write(file, record.page())?;
    }
    writeln!(out, "{} kept, {} broken", record.outcomes.len() - record.broken(), record.broken())?;
    Ok(record.broken())
}

fn ended(code: u8, why: &dyn Display) -> ExitCode {
    // If standard error is gone, the exit code says it.
    drop(writeln!(io::stderr(), "aws-contract: {why}"));
    ExitCode::from(code)
}
