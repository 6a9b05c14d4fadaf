//! A running simulator, and how a test controls it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::control;
use crate::directory::Directory;
use crate::directory_event::{DirectoryEvent, DirectoryEventError};
use crate::fault_rules::FaultRules;
use crate::graph::meeting::MeetingRecord;
use crate::listener;
use crate::request_log::RecordedRequest;
use crate::state::{IssuedSecrets, SharedState, SimulatorState};

/// How long a shutdown waits for open connections.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Addresses and directory of a simulator.
#[derive(Clone, Debug)]
pub struct SimulatorSettings {
    /// Address of the login listener; loopback only, port 0 takes a free one.
    pub login: SocketAddr,
    /// Address of the graph listener; loopback only, port 0 takes a free one.
    pub graph: SocketAddr,
    /// Tenants, users, applications.
    pub directory: Directory,
}

impl SimulatorSettings {
    /// Free ports on 127.0.0.1.
    #[must_use]
    pub fn new(directory: Directory) -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { login: free, graph: free, directory }
    }
}

/// A simulator that runs until it is shut down or dropped.
pub struct Simulator {
    shared: SharedState,
    login: String,
    graph: String,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
}

impl Simulator {
    /// Binds both listeners and serves them on the current tokio runtime.
    ///
    /// # Errors
    /// An address that is not on loopback or cannot be bound; or the client for foreign issuers cannot be built.
    pub async fn start(settings: SimulatorSettings) -> io::Result<Self> {
        let login_listener = bind(settings.login).await?;
        let graph_listener = bind(settings.graph).await?;
        let login = format!("http://{}", login_listener.local_addr()?);
        let graph = format!("http://{}", graph_listener.local_addr()?);
        let state = SimulatorState::new(settings.directory, login.clone(), graph.clone())?;
        let shared = SharedState::new(state)?;
        let (stop, stopped) = watch::channel(false);
        let login_router = Router::new().fallback(listener::login).with_state(shared.clone());
        let graph_router = Router::new().fallback(listener::graph).with_state(shared.clone());
        let tasks =
            vec![serve(login_listener, login_router, stopped.clone()), serve(graph_listener, graph_router, stopped)];
        Ok(Self { shared, login, graph, stop, tasks })
    }

    /// Base address of the login side, without a slash at the end.
    #[must_use]
    pub fn login_url(&self) -> &str {
        &self.login
    }

    /// Base address of Graph, without a slash at the end and without `/v1.0`.
    #[must_use]
    pub fn graph_url(&self) -> &str {
        &self.graph
    }

    /// Reads or changes the directory.
    pub fn directory<T>(&self, change: impl FnOnce(&mut Directory) -> T) -> T {
        change(&mut self.shared.lock().directory)
    }

    /// Applies an event to the directory.
    ///
    /// # Errors
    /// The directory does not have the event's subject.
    pub fn apply(&self, event: DirectoryEvent) -> Result<(), DirectoryEventError> {
        self.shared.lock().apply(event)
    }

    /// The active faults.
    #[must_use]
    pub fn faults(&self) -> &FaultRules {
        &self.shared.faults
    }

    /// All meetings, including deleted ones.
    #[must_use]
    pub fn meetings(&self) -> Vec<MeetingRecord> {
        control::meetings(&self.shared.lock())
    }

    /// Graph has a deleted meeting again, as after somebody opened its join URL (microsoft-graph-docs#17590).
    pub fn revive_meeting(&self, id: &str) {
        for meeting in self.shared.lock().meetings.iter_mut().filter(|meeting| meeting.record.id == id) {
            meeting.record.deleted = false;
        }
    }

    /// Graph loses a meeting, as after the recruiter deleted it in Teams.
    pub fn delete_meeting(&self, id: &str) {
        for meeting in self.shared.lock().meetings.iter_mut().filter(|meeting| meeting.record.id == id) {
            meeting.record.deleted = true;
        }
    }

    /// The codes and tokens issued so far. Empty once the simulator is dropped.
    #[must_use]
    pub fn secrets(&self) -> IssuedSecrets {
        self.shared.secrets()
    }

    /// The requests so far, in the order of their responses.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.lock().request_log.clone()
    }

    /// Clears the log of requests.
    pub fn clear_requests(&self) {
        self.shared.lock().request_log.clear();
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.lock().now()
    }

    /// Sets the simulated time. The clock continues from there.
    pub fn set_time(&self, then: Timestamp) {
        self.shared.lock().clock.set(then);
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.shared.lock().clock.advance(by);
    }

    /// Registers these redirect URIs for every application, instead of what there was.
    pub fn set_redirect_uris(&self, uris: &[String]) {
        for app in self.shared.lock().directory.tenants.iter_mut().flat_map(|tenant| &mut tenant.apps) {
            app.redirect_uris = uris.to_vec();
        }
    }

    /// Sets the addresses under which a proxy serves the simulator. Documents and links name them from now on.
    pub fn set_public_urls(&self, login: &str, graph: &str) {
        let mut state = self.shared.lock();
        login.clone_into(&mut state.login);
        graph.clone_into(&mut state.graph);
    }

    /// Stops listening and waits shortly for open connections.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, task).await;
        }
    }
}

/// The common events by name.
///
/// # Errors
/// All of them: the directory does not have the event's subject.
#[expect(clippy::missing_errors_doc, reason = "one sentence above says it for all of them")]
impl Simulator {
    /// Expires every secret of the application.
    pub fn expire_secret(&self, client_id: Uuid) -> Result<(), DirectoryEventError> {
        self.apply(DirectoryEvent::ExpireSecret { client_id })
    }

    /// Replaces all secrets of the application by this one.
    pub fn replace_secret(&self, client_id: Uuid, value: &str) -> Result<(), DirectoryEventError> {
        let value = value.to_owned();
        self.apply(DirectoryEvent::ReplaceSecret { client_id, value })
    }

    /// Disables sign-in to the application.
    pub fn disable_app(&self, client_id: Uuid) -> Result<(), DirectoryEventError> {
        self.apply(DirectoryEvent::DisableApp { client_id })
    }

    /// Revokes the user's refresh tokens.
    pub fn revoke_sessions(&self, upn: &str) -> Result<(), DirectoryEventError> {
        let upn = upn.to_owned();
        self.apply(DirectoryEvent::RevokeSessions { upn })
    }

    /// Withdraws every consent to the application, including the organisation's.
    pub fn withdraw_consent(&self, client_id: Uuid) -> Result<(), DirectoryEventError> {
        let upn = None;
        self.apply(DirectoryEvent::WithdrawConsent { client_id, upn })
    }

    /// Removes the user's Teams licence.
    pub fn remove_licence(&self, upn: &str) -> Result<(), DirectoryEventError> {
        let upn = upn.to_owned();
        self.apply(DirectoryEvent::RemoveLicence { upn })
    }

    /// Disables the account.
    pub fn disable_user(&self, upn: &str) -> Result<(), DirectoryEventError> {
        let upn = upn.to_owned();
        self.apply(DirectoryEvent::DisableUser { upn })
    }

    /// Signs with the next key. The old keys stay published.
    pub fn rotate_signing_key(&self) {
        self.shared.lock().keys.rotate();
    }

    /// Publishes only the key that signs.
    pub fn drop_old_keys(&self) {
        self.shared.lock().keys.drop_old();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Binds a loopback address only, because the control routes need no authentication.
async fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{address} is not a loopback address")));
    }
    TcpListener::bind(address).await
}

fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) -> JoinHandle<io::Result<()>> {
    tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            })
            .await
    })
}
