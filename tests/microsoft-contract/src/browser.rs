//! The browser in which somebody signs in: a real one, or what plays one at the simulator.

use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use url::Url;

use crate::belief::TrialError;
use crate::http::Reply;

/// What the page at the end says.
const DONE: &str = "<!doctype html><meta charset=utf-8><title>Teams Connect</title>\
    <p>Done. Go back to the terminal; this page can be closed.";

/// Who opens the address and signs in.
pub enum Browser {
    /// A person in a browser; the answers come to a listener of ours.
    Person(PersonBrowser),
    /// Nobody: the form of the simulator's page is sent.
    Simulated {
        /// Who signs in.
        recruiter: String,
        /// Who consents.
        administrator: String,
        /// Who has no licence.
        unlicensed: String,
    },
}

/// Who is to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Recruiter,
    Administrator,
    Unlicensed,
}

/// A person's browser and the listener to which Microsoft sends it back.
pub struct PersonBrowser {
    queries: Arc<Mutex<mpsc::Receiver<String>>>,
}

impl PersonBrowser {
    /// Listens where the redirect URI leads: a port of this machine.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn listen(redirect_uri: &Url) -> std::io::Result<Self> {
        let port = redirect_uri.port_or_known_default().unwrap_or(80);
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let (sender, queries) = mpsc::channel(8);
        let router = Router::new().route(redirect_uri.path(), get(returned)).with_state(sender);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { queries: Arc::new(Mutex::new(queries)) })
    }
}

async fn returned(State(sender): State<mpsc::Sender<String>>, RawQuery(query): RawQuery) -> Html<&'static str> {
    // Nobody waits any more: the run has ended.
    drop(sender.send(query.unwrap_or_default()).await);
    Html(DONE)
}

impl Browser {
    /// Opens an address of Microsoft's for somebody, and returns the query with which Microsoft sends the browser back.
    pub(crate) async fn open(
        &self,
        http: &reqwest::Client,
        address: &Url,
        who: Who,
    ) -> Result<Vec<(String, String)>, TrialError> {
        let pairs = |query: &str| form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        match self {
            Self::Person(PersonBrowser { queries }) => {
                tell(who, address);
                let query = queries.lock().await.recv().await;
                Ok(pairs(&query.ok_or(TrialError::Missing("nobody listens for the browser"))?))
            }
            Self::Simulated { recruiter, administrator, unlicensed } => {
                let user = match who {
                    Who::Recruiter => recruiter,
                    Who::Administrator => administrator,
                    Who::Unlicensed => unlicensed,
                };
                let form = [("user", user.as_str()), ("decision", "accept")];
                let reply = Reply::to(http.post(address.clone()).form(&form)).await?;
                let back = reply.location.ok_or(TrialError::Missing("the browser was not sent back"))?;
                Ok(pairs(back.query().unwrap_or_default()))
            }
        }
    }
}

/// Says what to do, and opens the browser where that is possible.
fn tell(who: Who, address: &Url) {
    use std::io::Write;
    let what = match who {
        Who::Recruiter => "Sign in as a recruiter: an account with a licence for Teams",
        Who::Administrator => "Sign in as an administrator, and consent",
        Who::Unlicensed => "Sign in with an account that has no licence for Teams",
    };
    // If the terminal is gone, nobody waits for it.
    drop(writeln!(std::io::stdout(), "\n{what}. If no browser opens, open this address:\n{address}\n"));
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = || Stdio::null();
    drop(Command::new(program).arg(address.as_str()).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn());
}
