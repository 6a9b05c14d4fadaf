//! The command line, what is printed, and the exit code: 0 when nothing differs, 1 when something does, 2 when nothing was
//! tried.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use microsoft_contract::ALL;
use microsoft_contract::belief::{Outcome, Verdict};
use microsoft_contract::browser::{Browser, PersonBrowser};
use microsoft_contract::report;
use microsoft_contract::session::{App, Extras, Session};
use microsoft_simulator::{Directory, Simulator, SimulatorSettings, demo};
use rustix::termios;
use shared::startup::settings::{EnvSource, ProcessEnv};
use shared::types::clock::Clock;
use shared::types::secret::ClientSecret;
use url::Url;

const HELP: &str = "\
At a tenant it takes ten minutes. Register an app (single tenant) with a client secret, the delegated permissions
OnlineMeetings.ReadWrite and User.Read of Microsoft Graph, and for the platform Web the redirect URI
http://localhost:8400/oauth/callback. Then run it and answer: tenant, client id, secret. The secret is not shown; it can
come from MICROSOFT_CLIENT_SECRET too. One sign-in opens in the browser, for a recruiter with a licence for Teams.

The meetings that it makes have \"Teams Connect contract\" in their subject and are deleted at the end. Neither the table
nor the report holds a secret, a name, or an id.

Examples:
  cargo run -p microsoft-contract -- --simulator
  cargo run -p microsoft-contract -- --tenant contoso.onmicrosoft.com's id --client-id the app's id --report contract.md
  cargo run -p microsoft-contract -- --consent --unlicensed --colleague jan@contoso.example";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Tries at Microsoft what the product believes of it.
#[derive(Debug, Parser)]
#[command(name = "microsoft-contract", version, after_long_help = HELP)]
struct CommandLine {
    /// Try it at the simulator, which plays Microsoft on this machine; nothing is asked
    #[arg(long, conflicts_with_all = ["tenant", "client_id", "consent", "unlicensed", "colleague"])]
    simulator: bool,
    /// The directory (tenant) id [default: asked for]
    #[arg(long)]
    tenant: Option<String>,
    /// The application (client) id [default: asked for]
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The port of this machine to which the browser returns
    #[arg(long, default_value_t = 8400)]
    port: u16,
    /// An administrator consents first, in the browser
    #[arg(long)]
    consent: bool,
    /// An account without a licence for Teams signs in too
    #[arg(long)]
    unlicensed: bool,
    /// A colleague who is made a co-organizer, by user principal name
    #[arg(long, value_name = "UPN")]
    colleague: Option<String>,
    /// Try only what these beliefs need; may be given again
    #[arg(long, value_name = "BELIEF", value_parser = belief())]
    only: Vec<String>,
    /// Write the report into this file, as Markdown
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

fn belief() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(ALL.iter().map(|belief| belief.name))
}

/// Does what the command line says.
pub(crate) async fn run() -> ExitCode {
    let line = CommandLine::parse();
    match tried(&line).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => ended(&error),
    }
}

fn ended(why: &dyn Display) -> ExitCode {
    // If standard error is gone, the exit code says it.
    drop(writeln!(io::stderr(), "microsoft-contract: {why}"));
    ExitCode::from(2)
}

async fn tried(line: &CommandLine) -> Result<usize, Failure> {
    // The simulator plays on until the run has ended.
    let (place, _simulator, mut session) = if line.simulator {
        let (simulator, session) = at_the_simulator(line.port).await?;
        ("the simulator", Some(simulator), session)
    } else {
        ("a tenant of Microsoft", None, at_a_tenant(line).await?)
    };
    let (mut out, begun) = (io::stdout(), Clock::system().now());
    let last = ALL.iter().rposition(|belief| line.only.iter().any(|only| only == belief.name));
    let wanted = &ALL[..last.map_or(ALL.len(), |last| last + 1)];
    writeln!(out, "{} beliefs, at {place}\n", wanted.len())?;
    let mut outcomes = Vec::new();
    for (at, belief) in wanted.iter().enumerate() {
        let outcome = belief.try_at(&mut session).await;
        let Outcome { believed, did, verdict, .. } = &outcome;
        writeln!(out, "{:>2}/{} {believed} · {did} · {verdict}", at + 1, wanted.len())?;
        outcomes.push(outcome);
    }
    let left = session.sweep().await;
    if left > 0 {
        writeln!(out, "\n{left} meetings could not be deleted: look for \"{}\"", session.title())?;
    }
    if let Some(file) = &line.report {
        std::fs::write(file, report::page(place, begun, &outcomes))?;
        writeln!(out, "\nThe report is in {}.", file.display())?;
    }
    writeln!(out, "\n{}", report::summary(&outcomes))?;
    Ok(report::count(&outcomes, Verdict::Different))
}

fn redirect_uri(port: u16) -> Result<Url, url::ParseError> {
    Url::parse(&format!("http://localhost:{port}/oauth/callback"))
}

async fn at_the_simulator(port: u16) -> Result<(Simulator, Session), Failure> {
    let redirect_uri = redirect_uri(port)?;
    let simulator = Simulator::start(SimulatorSettings::new(Directory::demo(&[redirect_uri.to_string()]))).await?;
    let app = App {
        login: simulator.login_url().to_owned(),
        graph: simulator.graph_url().to_owned(),
        tenant: demo::KADRY_TENANT.to_string().parse()?,
        client_id: demo::KADRY_CLIENT_ID.to_string().parse()?,
        secret: ClientSecret::from(demo::KADRY_SECRET.to_owned()),
        redirect_uri,
    };
    let browser = Browser::Simulated {
        recruiter: demo::ANNA.to_owned(),
        administrator: demo::ADMIN.to_owned(),
        unlicensed: demo::UNLICENSED.to_owned(),
    };
    let extras = Extras { consent: true, unlicensed: true, colleague: Some(demo::JAN.to_owned()) };
    Ok((simulator, Session::new(app, browser, extras)?))
}

async fn at_a_tenant(line: &CommandLine) -> Result<Session, Failure> {
    let redirect_uri = redirect_uri(line.port)?;
    let tenant = line.tenant.clone().map_or_else(|| asked("Directory (tenant) id: "), Ok)?;
    let client_id = line.client_id.clone().map_or_else(|| asked("Application (client) id: "), Ok)?;
    let secret = match ProcessEnv.get("MICROSOFT_CLIENT_SECRET") {
        Some(secret) => secret,
        None => asked_in_secret("Client secret (it is not shown): ")?,
    };
    let app = App {
        login: "https://login.microsoftonline.com".to_owned(),
        graph: "https://graph.microsoft.com".to_owned(),
        tenant: tenant.trim().parse()?,
        client_id: client_id.trim().parse()?,
        secret: ClientSecret::from(secret.trim().to_owned()),
        redirect_uri,
    };
    let browser = PersonBrowser::listen(&app.redirect_uri).await?;
    let extras = Extras { consent: line.consent, unlicensed: line.unlicensed, colleague: line.colleague.clone() };
    Session::new(app, Browser::Person(browser), extras)
}

fn asked(what: &str) -> io::Result<String> {
    let mut out = io::stdout();
    write!(out, "{what}")?;
    out.flush()?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "nothing was answered"));
    }
    Ok(answer)
}

/// Asks without showing what is typed.
fn asked_in_secret(what: &str) -> io::Result<String> {
    if !io::stdin().is_terminal() {
        return asked(what);
    }
    let shown = termios::tcgetattr(io::stdin())?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(termios::LocalModes::ECHO);
    termios::tcsetattr(io::stdin(), termios::OptionalActions::Now, &hidden)?;
    let answer = asked(what);
    termios::tcsetattr(io::stdin(), termios::OptionalActions::Now, &shown)?;
    writeln!(io::stdout())?;
    answer
}
