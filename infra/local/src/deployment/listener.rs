//! The door on loopback: both of its addresses, so that `localhost` works whichever way it resolves.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a stop waits for answers that are under way.
const GRACE_PERIOD: Duration = Duration::from_secs(5);

/// How often another free port is tried, when the one of IPv4 is taken on IPv6.
const TRIES: usize = 16;

/// A port that is ours, and nobody is let in yet.
pub(super) struct LoopbackListener {
    pub(super) port: u16,
    listeners: Vec<TcpListener>,
}

/// A door that lets requests in.
pub(super) struct RunningServer(Vec<JoinHandle<()>>);

impl LoopbackListener {
    /// Takes this port on 127.0.0.1 and, where the machine has it, on `::1`. Port 0 takes any free one.
    pub(super) async fn bind(port: u16) -> io::Result<Self> {
        let mut tries = if port == 0 { TRIES } else { 1 };
        loop {
            let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
            let port = first.local_addr()?.port();
            tries -= 1;
            match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
                Ok(second) => return Ok(Self { port, listeners: vec![first, second] }),
                // Somebody else would get half of the browsers.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries == 0 => return Err(error),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                // This machine has no IPv6.
                Err(_) => return Ok(Self { port, listeners: vec![first] }),
            }
        }
    }

    /// Lets requests in until `stopped` says otherwise.
    pub(super) fn serve(self, app: &Router, stopped: &watch::Receiver<bool>) -> RunningServer {
        let serve = |listener| {
            let (app, mut stopped) = (app.clone(), stopped.clone());
            let stop = async move { drop(stopped.wait_for(|stop| *stop).await) };
            tokio::spawn(async move {
                let app = app.into_make_service_with_connect_info::<SocketAddr>();
                if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stop).await {
                    tracing::error!(error = %error, "the door closed");
                }
            })
        };
        RunningServer(self.listeners.into_iter().map(serve).collect())
    }
}

impl RunningServer {
    /// Waits until the last answer has left, but not for ever.
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
        let door = LoopbackListener::bind(0).await.unwrap();
        assert_eq!(LoopbackListener::bind(door.port).await.err().unwrap().kind(), io::ErrorKind::AddrInUse);
        if let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await {
            let port = other.local_addr().unwrap().port();
            assert_eq!(LoopbackListener::bind(port).await.err().unwrap().kind(), io::ErrorKind::AddrInUse);
        }
    }
}
