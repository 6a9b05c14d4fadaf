//! Listens on both loopback addresses, so that `localhost` works with IPv4 and IPv6.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long stopping waits for requests in progress.
const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Attempts to find a port that is free on IPv4 and IPv6.
const MAX_ATTEMPTS: usize = 16;

/// A bound port. Requests are not served yet.
pub(super) struct LoopbackListener {
    pub(super) port: u16,
    listeners: Vec<TcpListener>,
}

/// A server that serves requests.
pub(super) struct RunningServer(Vec<JoinHandle<()>>);

impl LoopbackListener {
    /// Binds the port on 127.0.0.1 and, if the machine has IPv6, on `::1`. Port 0 takes any free one.
    pub(super) async fn bind(port: u16) -> io::Result<Self> {
        let mut attempts = if port == 0 { MAX_ATTEMPTS } else { 1 };
        loop {
            let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
            let port = first.local_addr()?.port();
            attempts -= 1;
            match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
                Ok(second) => return Ok(Self { port, listeners: vec![first, second] }),
                // Another program would receive the requests of browsers that prefer IPv6.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempts == 0 => return Err(error),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                // This machine has no IPv6.
                Err(_) => return Ok(Self { port, listeners: vec![first] }),
            }
        }
    }

    /// Serves requests until `stopped` becomes true.
    pub(super) fn serve(self, app: &Router, stopped: &watch::Receiver<bool>) -> RunningServer {
        let serve = |listener| {
            let (app, mut stopped) = (app.clone(), stopped.clone());
            let stop = async move { drop(stopped.wait_for(|stop| *stop).await) };
            tokio::spawn(async move {
                let app = app.into_make_service_with_connect_info::<SocketAddr>();
                if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stop).await {
                    tracing::error!(error = %error, "serving requests on loopback failed");
                }
            })
        };
        RunningServer(self.listeners.into_iter().map(serve).collect())
    }
}

impl RunningServer {
    /// Waits for the requests in progress, at most for the grace period.
    pub(super) async fn stopped(self) {
        for mut task in self.0 {
            if tokio::time::timeout(GRACE_PERIOD, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_on_either_address_is_taken() {
        let listener = LoopbackListener::bind(0).await.unwrap();
        assert_eq!(LoopbackListener::bind(listener.port).await.err().unwrap().kind(), io::ErrorKind::AddrInUse);
        if let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await {
            let port = other.local_addr().unwrap().port();
            assert_eq!(LoopbackListener::bind(port).await.err().unwrap().kind(), io::ErrorKind::AddrInUse);
        }
    }
}
