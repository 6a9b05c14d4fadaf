//! A running simulator, and the handles on it.

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
const PATIENCE: Duration = Duration::from_secs(1);

/// Where the simulator listens and what it knows.
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
    /// When an address is not on loopback or cannot be bound.
    pub async fn start(settings: SimulatorSettings) -> io::Result<Self> {
        let login_listener = bind(settings.login).await?;
        let graph_listener = bind(settings.graph).await?;
        let login = format!("http://{}", login_listener.local_addr()?);
        let graph = format!("http://{}", graph_listener.local_addr()?);
        let world = SimulatorState::new(settings.directory, login.clone(), graph.clone())?;
        let shared = SharedState::new(world);
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
    pub fn directory<T>(&self, look: impl FnOnce(&mut Directory) -> T) -> T {
        look(&mut self.shared.world().directory)
    }

    /// Lets an event happen.
    ///
    /// # Errors
    /// When the directory does not have the event's subject.
    pub fn apply(&self, event: DirectoryEvent) -> Result<(), DirectoryEventError> {
        self.shared.world().apply(event)
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> &FaultRules {
        &self.shared.faults
    }

    /// All meetings ever made, deleted ones too.
    #[must_use]
    pub fn meetings(&self) -> Vec<MeetingRecord> {
        control::meetings(&self.shared.world())
    }

    /// Graph has a deleted meeting again, as after somebody opened its join URL (microsoft-graph-docs#17590).
    pub fn revive_meeting(&self, id: &str) {
        for meeting in self.shared.world().meetings.iter_mut().filter(|meeting| meeting.record.id == id) {
            meeting.record.deleted = false;
        }
    }

    /// Graph loses a meeting, as after the recruiter deleted it in Teams.
    pub fn delete_meeting(&self, id: &str) {
        for meeting in self.shared.world().meetings.iter_mut().filter(|meeting| meeting.record.id == id) {
            meeting.record.deleted = true;
        }
    }

    /// A look at what it has issued so far, for as long as it is there.
    #[must_use]
    pub fn secrets(&self) -> IssuedSecrets {
        self.shared.secrets()
    }

    /// What was asked so far, in the order it was answered.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.world().journal.clone()
    }

    /// Forgets what was asked so far.
    pub fn clear_requests(&self) {
        self.shared.world().journal.clear();
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.world().now()
    }

    /// Makes it be this time; the clock goes on ticking from there.
    pub fn set_time(&self, then: Timestamp) {
        self.shared.world().clock.set(then);
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        self.shared.world().clock.advance(by);
    }

    /// Registers these redirect URIs for every application, instead of what there was.
    pub fn set_redirect_uris(&self, uris: &[String]) {
        for app in self.shared.world().directory.tenants.iter_mut().flat_map(|tenant| &mut tenant.apps) {
            app.redirect_uris = uris.to_vec();
        }
    }

    /// From now on it stands behind these addresses, and what it says of itself names them.
    pub fn stand_behind(&self, login: &str, graph: &str) {
        let mut world = self.shared.world();
        login.clone_into(&mut world.login);
        graph.clone_into(&mut world.graph);
    }

    /// Stops listening and waits a moment for open connections.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            let _ = tokio::time::timeout(PATIENCE, task).await;
        }
    }
}

/// The common events by name.
///
/// # Errors
/// All of them: when the directory does not have the event's subject.
#[expect(clippy::missing_errors_doc, reason = "one sentence above says it for all of them")]
impl Simulator {
    /// Every secret of the application is expired from now on.
    pub fn expire_secret(&self, client_id: Uuid) -> Result<(), DirectoryEventError> {
        self.apply(DirectoryEvent::ExpireSecret { client_id })
    }

    /// The application has this secret and no other.
    pub fn replace_secret(&self, client_id: Uuid, value: &str) -> Result<(), DirectoryEventError> {
        let value = value.to_owned();
        self.apply(DirectoryEvent::ReplaceSecret { client_id, value })
    }

    /// Sign-in to the application is switched off.
    pub fn disable_app(&self, client_id: Uuid) -> Result<(), DirectoryEventError> {
        self.apply(DirectoryEvent::DisableApp { client_id })
    }

    /// Refresh tokens of the user so far are dead.
    pub fn revoke_sessions(&self, upn: &str) -> Result<(), DirectoryEventError> {
        let upn = upn.to_owned();
        self.apply(DirectoryEvent::RevokeSessions { upn })
    }

    /// Every consent of the application is gone, the organisation's too.
    pub fn withdraw_consent(&self, client_id: Uuid) -> Result<(), DirectoryEventError> {
        let upn = None;
        self.apply(DirectoryEvent::WithdrawConsent { client_id, upn })
    }

    /// The Teams licence is taken.
    pub fn remove_licence(&self, upn: &str) -> Result<(), DirectoryEventError> {
        let upn = upn.to_owned();
        self.apply(DirectoryEvent::RemoveLicence { upn })
    }

    /// The account is disabled.
    pub fn disable_user(&self, upn: &str) -> Result<(), DirectoryEventError> {
        let upn = upn.to_owned();
        self.apply(DirectoryEvent::DisableUser { upn })
    }

    /// The next key signs; the old ones stay published.
    pub fn rotate_signing_key(&self) {
        self.shared.world().keys.rotate();
    }

    /// Only the key that signs stays published.
    pub fn drop_old_keys(&self) {
        self.shared.world().keys.drop_old();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// The control routes are open to whoever reaches them, so nobody else may.
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
