//! The command line, its output and exit codes: 0 for success, 1 for a failure, 2 for an invalid command line or setting.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use directories::ProjectDirs;
use microsoft_simulator::demo;
use shared::startup::settings::{EnvSource, ProcessEnv};
use shared::startup::telemetry;

use crate::deployment::{Deployment, DeploymentError, DeploymentOptions, LocalApiKey, LocalApiKeyError, MicrosoftMode};
use crate::journey;

/// The port, unless another one is given.
const DEFAULT_PORT: u16 = 8700;

/// The settings that are passed to the product unchanged.
const SETTINGS: [&str; 14] = [
    "PUBLIC_URL",
    "API_URL",
    "ATS_COMPLETION_URL",
    "ATS_COMPLETION_URLS",
    "ATS_NAME",
    "ATS_LOGO_URL",
    "ATS_ACCENT",
    "ATS_SUPPORT_URL",
    "ATS_PRIVACY_URL",
    "WEBHOOK_URL",
    "SECRET_PREFIX",
    "REDIRECT_PATH",
    "MICROSOFT_LOGIN_URL",
    "MICROSOFT_GRAPH_URL",
];

const HELP: &str = "\
Settings (environment variables; an option above overrides its variable; an empty variable counts as not set):
  PORT                 as --port
  DATA_DIR             as --data-dir
  PUBLIC_URL           as --public-url
  API_URL              the address that the ATS calls, if it is different [default: PUBLIC_URL]
  ATS_COMPLETION_URL   as --ats-completion-url
  ATS_COMPLETION_URLS  further pages that a connect link may name, separated by commas [default: none]
  ATS_NAME             what pages, apps and certificates call the ATS, up to 50 characters [default: Teams Connect]
  ATS_LOGO_URL         its logo on every page, https; needs ATS_NAME [default: none]
  ATS_ACCENT           the colour of buttons and links, as #4b53bc [default: ours]
  ATS_SUPPORT_URL      the link to help on every page, https or mailto: [default: none]
  ATS_PRIVACY_URL      the link to privacy on every page, https [default: none]
  WEBHOOK_URL          where events are sent; the secret to verify them with is printed [default: the console]
  SIMULATOR_PORT       as --simulator-port
  API_KEY              the key of the ATS [default: one is generated and stored in the file api-key in the data folder]
  SECRET_PREFIX        what the names of secrets in the vault begin with [default: teams-connect]
  REDIRECT_PATH        the path of the redirect URI that administrators register [default: /oauth/callback];
                       /Integrations/BusinessIntegration/Microsoft/OAuth2.aspx for old registrations
  MICROSOFT_LOGIN_URL  Microsoft's login servers [default: https://login.microsoftonline.com]
  MICROSOFT_GRAPH_URL  Microsoft Graph, without /v1.0 [default: https://graph.microsoft.com]
                       If either of the two is set, those servers are used and no simulator is started.
  RUST_LOG             what is logged on standard error, such as info,shared=debug [default: info; journey: warn]
Plain http is accepted for this machine only. The console is available only while PUBLIC_URL is this machine: it acts for
the ATS without asking who is using it.

Exit codes: 0 success, 1 something failed, 2 the command line or a setting is wrong.

Examples:
  teams-connect                          serve, with a Microsoft simulator; then open the console address it prints
  teams-connect journey                  credentials, sign-in, meeting, refresh without a browser; ends with a join link
  teams-connect --microsoft real         serve, with your own app registration at Microsoft
  teams-connect --port 0 --data-dir try
  MICROSOFT_LOGIN_URL=http://127.0.0.1:9100 MICROSOFT_GRAPH_URL=http://127.0.0.1:9200 teams-connect
With cargo, from a clone: `cargo run`, `cargo run -- journey`, `cargo run -- --microsoft real`.";

/// Teams meetings for the interviews of an applicant tracking system, on one machine.
///
/// Serves the product's HTTP API, a console page that stands in for the ATS and, by default, a simulator of
/// Microsoft. Listens on loopback only. All state is kept in one folder.
#[derive(Debug, Parser)]
#[command(name = "teams-connect", version, after_long_help = HELP, subcommand_help_heading = "Commands")]
struct LocalCommandLine {
    #[command(subcommand)]
    command: Option<LocalCommand>,
    /// The port on loopback; 0 takes a free one [default: 8700; journey: a free one]
    #[arg(long, global = true)]
    port: Option<u16>,
    /// The folder that holds all state [default: teams-connect in your data folder; journey: one that is deleted]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Which Microsoft to use
    #[arg(long, value_enum, global = true, default_value_t = MicrosoftArg::Simulator)]
    microsoft: MicrosoftArg,
    /// What links begin with, and the redirect URI [default: http://localhost:PORT]
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// The ATS page that a sign-in returns to [default: console/completed under the public URL]
    #[arg(long, global = true, value_name = "URL")]
    ats_completion_url: Option<String>,
    /// The port of the simulator's sign-in page; its Graph uses the next. If taken, free ones are used [default: 8701]
    #[arg(long, global = true, value_name = "PORT")]
    simulator_port: Option<u16>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum LocalCommand {
    /// Serve until Ctrl-C; the same as no command
    Serve,
    /// Walk the whole journey without a browser, print each step and the meeting, and exit
    Journey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MicrosoftArg {
    /// A simulator in this process, with two fictional companies
    Simulator,
    /// Microsoft itself
    Real,
}

/// Why the command line is invalid.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error("API_KEY: {0}")]
    ApiKey(#[from] LocalApiKeyError),
    #[error("{0} is not a port: use a number from 0 to 65535")]
    InvalidPort(&'static str),
    #[error("this user has no data folder: set one with --data-dir (DATA_DIR)")]
    NoDataFolder,
    #[error(
        "the journey signs in by itself, which only our simulator allows: leave out --microsoft real, \
         MICROSOFT_LOGIN_URL and MICROSOFT_GRAPH_URL, or start without `journey` and use the console"
    )]
    JourneyWithoutSimulator,
}

/// Runs the command line.
pub async fn run() -> ExitCode {
    let line = LocalCommandLine::parse();
    match line.command {
        None | Some(LocalCommand::Serve) => serve(&line).await,
        Some(LocalCommand::Journey) => run_journey(&line).await,
    }
}

async fn serve(line: &LocalCommandLine) -> ExitCode {
    telemetry::init_human_readable(&ProcessEnv);
    let options = match line.options(&ProcessEnv) {
        Ok(options) => options,
        Err(error) => return fail(2, &error),
    };
    let is_key_given = options.api_key.is_some();
    let deployment = match Deployment::start(options).await {
        Ok(deployment) => deployment,
        Err(error) => return fail(exit_code(&error), &error),
    };
    let printed = print_banner(&mut io::stdout().lock(), &deployment, is_key_given);
    if printed.is_ok() {
        shutdown_signal().await;
    }
    deployment.stop().await;
    printed.map_or_else(|error| fail(1, &error), |()| ExitCode::SUCCESS)
}

async fn run_journey(line: &LocalCommandLine) -> ExitCode {
    // Standard output shows the steps; the log shows only warnings and errors.
    telemetry::init_demonstration(&|name: &str| {
        ProcessEnv.get(name).or_else(|| (name == "RUST_LOG").then(|| "warn".into()))
    });
    let folder = tempfile::tempdir();
    let temporary = match &folder {
        Ok(folder) => folder.path(),
        Err(error) => return fail(1, error),
    };
    let options = match line.journey_options(&ProcessEnv, temporary) {
        Ok(options) => options,
        Err(error) => return fail(2, &error),
    };
    let deployment = match Deployment::start(options).await {
        Ok(deployment) => deployment,
        Err(error) => return fail(exit_code(&error), &error),
    };
    let result = journey::run(&deployment, &mut io::stdout()).await;
    deployment.stop().await;
    result.map_or_else(|error| fail(1, &error), |()| ExitCode::SUCCESS)
}

impl LocalCommandLine {
    fn options(&self, environment: &dyn EnvSource) -> Result<DeploymentOptions, CliError> {
        let folder = self.folder(environment);
        let folder = folder.or_else(|| Some(ProjectDirs::from("", "", "teams-connect")?.data_dir().to_owned()));
        let microsoft = match self.microsoft {
            MicrosoftArg::Simulator => {
                MicrosoftMode::Simulator { port: self.simulator_port(environment)?.unwrap_or(DEFAULT_PORT + 1) }
            }
            MicrosoftArg::Real => MicrosoftMode::Real,
        };
        let mut settings: BTreeMap<String, String> =
            SETTINGS.iter().filter_map(|name| Some(((*name).to_owned(), non_empty_var(environment, name)?))).collect();
        for (name, option) in [("PUBLIC_URL", &self.public_url), ("ATS_COMPLETION_URL", &self.ats_completion_url)] {
            settings.extend(option.clone().map(|value| (name.to_owned(), value)));
        }
        Ok(DeploymentOptions {
            port: self.port(environment)?.unwrap_or(DEFAULT_PORT),
            data_dir: folder.ok_or(CliError::NoDataFolder)?,
            microsoft,
            settings,
            api_key: non_empty_var(environment, "API_KEY").map(|key| key.parse::<LocalApiKey>()).transpose()?,
        })
    }

    /// Options that do not disturb a running deployment: free ports, a temporary folder, own addresses.
    fn journey_options(&self, environment: &dyn EnvSource, temporary: &Path) -> Result<DeploymentOptions, CliError> {
        let mut options = self.options(environment)?;
        if options.microsoft == MicrosoftMode::Real || options.overrides_microsoft() {
            return Err(CliError::JourneyWithoutSimulator);
        }
        options.settings.retain(|name, _| name != "PUBLIC_URL" && name != "ATS_COMPLETION_URL");
        options.port = self.port(environment)?.unwrap_or(0);
        options.microsoft = MicrosoftMode::Simulator { port: self.simulator_port(environment)?.unwrap_or(0) };
        options.data_dir = self.folder(environment).unwrap_or_else(|| temporary.to_owned());
        Ok(options)
    }

    fn port(&self, environment: &dyn EnvSource) -> Result<Option<u16>, CliError> {
        self.port.map_or_else(|| port_from_env(environment, "PORT"), |port| Ok(Some(port)))
    }

    fn simulator_port(&self, environment: &dyn EnvSource) -> Result<Option<u16>, CliError> {
        self.simulator_port.map_or_else(|| port_from_env(environment, "SIMULATOR_PORT"), |port| Ok(Some(port)))
    }

    fn folder(&self, environment: &dyn EnvSource) -> Option<PathBuf> {
        self.data_dir.clone().or_else(|| non_empty_var(environment, "DATA_DIR").map(PathBuf::from))
    }
}

/// A variable. An empty one counts as not set.
fn non_empty_var(environment: &dyn EnvSource, name: &str) -> Option<String> {
    environment.get(name).filter(|value| !value.is_empty())
}

fn port_from_env(environment: &dyn EnvSource, name: &'static str) -> Result<Option<u16>, CliError> {
    non_empty_var(environment, name).map(|text| text.parse().map_err(|_| CliError::InvalidPort(name))).transpose()
}

fn exit_code(error: &DeploymentError) -> u8 {
    match error {
        DeploymentError::Settings(_) => 2,
        _ => 1,
    }
}

/// Prints one line on standard error. If that fails too, the exit code remains.
fn fail(code: u8, error: &dyn std::error::Error) -> ExitCode {
    drop(writeln!(io::stderr(), "teams-connect: {error}"));
    ExitCode::from(code)
}

fn print_banner(out: &mut impl Write, deployment: &Deployment, is_key_given: bool) -> io::Result<()> {
    let public = deployment.public_url();
    let key = deployment.api_key();
    writeln!(out, "Teams Connect {} is ready.\n", env!("CARGO_PKG_VERSION"))?;
    match deployment.console_url() {
        Some(console) => writeln!(out, "  Console      {console}")?,
        None => writeln!(out, "  Console      off: PUBLIC_URL is not this machine")?,
    }
    writeln!(out, "  API          {public}/v1")?;
    if deployment.base_url() != public {
        writeln!(out, "  Listens on   {}", deployment.base_url())?;
    }
    let microsoft = deployment.microsoft();
    let kind = if deployment.simulator().is_some() { "simulator at" } else { "servers at" };
    writeln!(out, "  Microsoft    {kind} {} and {}", microsoft.login.as_str(), microsoft.graph.as_str())?;
    writeln!(out, "  Data folder  {}", deployment.data_dir().display())?;
    writeln!(out, "  API key      {key}{}", if is_key_given { " (from API_KEY)" } else { "" })?;
    if let Some(secret) = deployment.webhook_secret() {
        writeln!(out, "  Events       signed with {secret}")?;
    }
    if deployment.simulator().is_some() {
        writeln!(out, "\nFor the intake form: tenant {}, client {}", demo::KADRY_TENANT, demo::KADRY_CLIENT_ID)?;
        writeln!(out, "                     secret {}", demo::KADRY_SECRET)?;
    }
    writeln!(out, "\nA first call:")?;
    writeln!(
        out,
        "  curl {public}/v1/customers/kadry-polska/intake-links -H 'Content-Type: application/json' -d '{{}}' \\"
    )?;
    writeln!(out, "    -H 'Authorization: Bearer {key}'")?;
    if deployment.has_stale_connections() {
        writeln!(
            out,
            "\nThe folder has connections from an earlier start. The simulator keeps its tokens in memory and"
        )?;
        writeln!(out, "no longer knows them: connect those recruiters again.")?;
    }
    writeln!(out, "\nPress Ctrl-C to stop.")?;
    out.flush()
}

/// Waits for Ctrl-C, or for the SIGTERM of systemd and Docker.
async fn shutdown_signal() {
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn line(arguments: &[&str]) -> LocalCommandLine {
        LocalCommandLine::try_parse_from(["teams-connect"].iter().chain(arguments)).unwrap()
    }

    fn no_variables(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn the_command_line_is_consistent_and_its_help_names_every_setting() {
        LocalCommandLine::command().debug_assert();
        let help = LocalCommandLine::command().render_long_help().to_string();
        let others = ["PORT", "DATA_DIR", "SIMULATOR_PORT", "API_KEY", "RUST_LOG"];
        for name in SETTINGS.iter().chain(&others) {
            assert!(help.contains(name), "{name}");
        }
    }

    #[test]
    fn without_arguments_it_serves_with_a_simulator() {
        let options = line(&["--data-dir", "x"]).options(&no_variables).unwrap();
        assert_eq!((options.port, options.microsoft), (8700, MicrosoftMode::Simulator { port: 8701 }));
        assert!(options.settings.is_empty() && options.api_key.is_none() && !options.overrides_microsoft());
    }

    #[test]
    fn an_option_wins_over_its_variable_and_an_empty_variable_counts_as_not_set() {
        let environment = |name: &str| match name {
            "PUBLIC_URL" => Some("https://from.environment".to_owned()),
            "MICROSOFT_LOGIN_URL" => Some(String::new()),
            "PORT" => Some("2".to_owned()),
            "SIMULATOR_PORT" => Some("3".to_owned()),
            "DATA_DIR" => Some("/from/environment".to_owned()),
            "API_KEY" => Some("k".to_owned()),
            _ => None,
        };
        let options = line(&["--public-url", "https://from.line", "--port", "1"]).options(&environment).unwrap();
        assert_eq!(options.settings["PUBLIC_URL"], "https://from.line");
        assert_eq!((options.port, options.microsoft), (1, MicrosoftMode::Simulator { port: 3 }));
        assert!(!options.overrides_microsoft() && options.data_dir == Path::new("/from/environment"));
        assert_eq!(options.api_key.unwrap().as_str(), "k");
        let no_key = |name: &str| (name == "API_KEY").then(|| "a b".to_owned());
        assert!(line(&[]).options(&no_key).unwrap_err().to_string().starts_with("API_KEY: "));
        let no_port = |name: &str| (name == "PORT").then(|| "70000".to_owned());
        assert!(line(&[]).options(&no_port).unwrap_err().to_string().starts_with("PORT is not a port"));
    }

    #[test]
    fn a_journey_does_not_disturb_a_running_deployment() {
        let remote = |name: &str| (name == "PUBLIC_URL").then(|| "https://teams.ats.example".to_owned());
        let options = line(&["journey"]).journey_options(&remote, Path::new("journey")).unwrap();
        assert_eq!((options.port, options.microsoft), (0, MicrosoftMode::Simulator { port: 0 }));
        assert!(options.settings.is_empty() && options.data_dir == Path::new("journey"));
        let kept = line(&["journey", "--data-dir", "kept"]).journey_options(&no_variables, Path::new("journey"));
        assert_eq!(kept.unwrap().data_dir, Path::new("kept"));
    }

    #[test]
    fn a_journey_needs_the_simulator() {
        let servers = |name: &str| (name == "MICROSOFT_GRAPH_URL").then(|| "http://127.0.0.1:9200".to_owned());
        assert!(line(&["journey"]).journey_options(&servers, Path::new("folder")).is_err());
        assert!(line(&["journey", "--microsoft", "real"]).journey_options(&no_variables, Path::new("folder")).is_err());
    }

    #[test]
    fn an_unknown_argument_is_a_usage_error() {
        for arguments in
            [&["--port", "x"][..], &["--port", "65536"], &["--microsoft", "maybe"], &["travel"], &["--data-dir"]]
        {
            let error = LocalCommandLine::try_parse_from(["teams-connect"].iter().chain(arguments)).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{arguments:?}");
        }
    }
}
