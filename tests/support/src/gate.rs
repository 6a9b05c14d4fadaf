//! A gate before Microsoft: it lets calls through, or does to them what networks and broken servers do.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::raw::{RawReply, RawRequest};

/// A call of the product's to Microsoft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProxiedCall {
    /// The tenant of a domain.
    Discovery,
    /// The signing keys of a tenant.
    Keys,
    /// A token for the app itself.
    Probe,
    /// A code for tokens.
    Redeem,
    /// A refresh token for tokens.
    Renew,
    /// A meeting made or found.
    Create,
    /// A meeting read.
    Read,
    /// A meeting changed.
    Change,
    /// A meeting deleted.
    Delete,
}

/// What befalls a call.
#[derive(Debug, Clone)]
pub enum InjectedTrouble {
    /// The connection is reset, and nothing was done.
    Reset,
    /// It is done, and the connection is reset instead of an answer.
    LosesAnswer,
    /// The connection is closed in good order, without an answer.
    Closes,
    /// Nothing comes, ever.
    Stalls,
    /// An answer begins and comes a byte a second.
    Drips,
    /// These bytes come, whatever they are; then the connection is closed.
    Says(Vec<u8>),
    /// An answer without an end.
    Floods,
    /// It is done, and its answer ends in the middle.
    Truncates,
    /// It is done, and its answer ends between two chunks.
    CutsChunks,
    /// It is done, and its answer says that it is of this type.
    Retypes(&'static str),
    /// It is done once `go_on` says so; `came` tells that it waits.
    Holds {
        /// Somebody called.
        came: Arc<Notify>,
        /// The call may go on.
        go_on: Arc<Notify>,
    },
    /// It is done, and its answer has these bytes in the place of its content.
    Replaces(Vec<u8>),
}

#[derive(Default)]
struct ArmedFault {
    troubles: Mutex<BTreeMap<ProxiedCall, InjectedTrouble>>,
    hits: AtomicUsize,
}

/// The gate. It stands until it is dropped.
pub struct FaultProxy {
    /// Entra's side.
    pub login: String,
    /// Graph's side.
    pub graph: String,
    armed: Arc<ArmedFault>,
    doors: Vec<JoinHandle<()>>,
}

impl FaultProxy {
    /// A gate before these two.
    pub async fn before(login: &str, graph: &str) -> Self {
        let armed = Arc::<ArmedFault>::default();
        let (login, login_door) = door(login, armed.clone()).await;
        let (graph, graph_door) = door(graph, armed.clone()).await;
        Self { login, graph, armed, doors: vec![login_door, graph_door] }
    }

    /// From now on this befalls every such call.
    pub fn arm(&self, call: ProxiedCall, trouble: InjectedTrouble) {
        self.armed.troubles.lock().unwrap().insert(call, trouble);
    }

    /// Nothing befalls anybody any more.
    pub fn lift(&self) {
        self.armed.troubles.lock().unwrap().clear();
    }

    /// How many calls something befell.
    pub fn hits(&self) -> usize {
        self.armed.hits.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        for door in &self.doors {
            door.abort();
        }
    }
}

async fn door(upstream: &str, armed: Arc<ArmedFault>) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let upstream = upstream.to_owned();
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (upstream, armed) = (upstream.clone(), armed.clone());
            // Whoever called may be gone before he is answered.
            tokio::spawn(async move { drop(attend(stream, &upstream, &armed).await) });
        }
    });
    (address, task)
}

/// Takes one request, and closes the connection after it.
async fn attend(mut stream: TcpStream, upstream: &str, armed: &ArmedFault) -> io::Result<()> {
    let request = read(&mut stream).await?;
    let trouble = call_of(&request).and_then(|call| armed.troubles.lock().unwrap().get(&call).cloned());
    let Some(trouble) = trouble else {
        let reply = RawRequest::to(upstream).send(&request, false).await?;
        return stream.write_all(&written(&reply, None, reply.body.as_bytes())).await;
    };
    armed.hits.fetch_add(1, Ordering::SeqCst);
    let acted = async || RawRequest::to(upstream).send(&request, false).await;
    match trouble {
        InjectedTrouble::Reset => stream.set_zero_linger()?,
        InjectedTrouble::LosesAnswer => {
            acted().await?;
            stream.set_zero_linger()?;
        }
        InjectedTrouble::Closes => {}
        InjectedTrouble::Stalls => drop(stream.read_u8().await),
        InjectedTrouble::Drips => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n")
                .await?;
            loop {
                stream.write_all(b"{").await?;
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        InjectedTrouble::Says(bytes) => stream.write_all(&bytes).await?,
        InjectedTrouble::Floods => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n").await?;
            loop {
                stream.write_all(&vec![b' '; 65_536]).await?;
            }
        }
        InjectedTrouble::Truncates => {
            let reply = acted().await?;
            let bytes = written(&reply, None, reply.body.as_bytes());
            stream.write_all(&bytes[..bytes.len() - reply.body.len() / 2 - 1]).await?;
        }
        InjectedTrouble::CutsChunks => {
            let reply = acted().await?;
            let (status, half) = (reply.status, &reply.body[..reply.body.len() / 2]);
            let head =
                format!("HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
            stream.write_all(format!("{head}{:x}\r\n{half}\r\n", half.len()).as_bytes()).await?;
        }
        InjectedTrouble::Retypes(media_type) => {
            let reply = acted().await?;
            stream.write_all(&written(&reply, Some(media_type), reply.body.as_bytes())).await?;
        }
        InjectedTrouble::Holds { came, go_on } => {
            came.notify_one();
            go_on.notified().await;
            let reply = acted().await?;
            stream.write_all(&written(&reply, None, reply.body.as_bytes())).await?;
        }
        InjectedTrouble::Replaces(body) => {
            let reply = acted().await?;
            stream.write_all(&written(&reply, Some("application/json"), &body)).await?;
        }
    }
    Ok(())
}

async fn read(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or_default();
            if bytes.len() >= end + 4 + length {
                return Ok(bytes);
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn call_of(request: &[u8]) -> Option<ProxiedCall> {
    let text = String::from_utf8_lossy(request);
    let (method, rest) = text.split_once(' ')?;
    let path = rest.split([' ', '?']).next()?;
    let grants = |grant: &str| text.contains(&format!("grant_type={grant}"));
    Some(match method {
        "GET" if path.ends_with("/openid-configuration") => ProxiedCall::Discovery,
        "GET" if path.ends_with("/keys") => ProxiedCall::Keys,
        "POST" if path.ends_with("/token") && grants("client_credentials") => ProxiedCall::Probe,
        "POST" if path.ends_with("/token") && grants("authorization_code") => ProxiedCall::Redeem,
        "POST" if path.ends_with("/token") && grants("refresh_token") => ProxiedCall::Renew,
        "POST" if path.ends_with("/createOrGet") => ProxiedCall::Create,
        "GET" if path.contains("/onlineMeetings/") => ProxiedCall::Read,
        "PATCH" if path.contains("/onlineMeetings/") => ProxiedCall::Change,
        "DELETE" if path.contains("/onlineMeetings/") => ProxiedCall::Delete,
        _ => return None,
    })
}

/// An answer as bytes, of this type if one is given, with this content.
fn written(reply: &RawReply, media_type: Option<&str>, body: &[u8]) -> Vec<u8> {
    let kept = reply.headers.iter().filter(|(name, _)| {
        !["content-length", "connection", "transfer-encoding"].contains(&name.as_str())
            && (media_type.is_none() || name != "content-type")
    });
    let headers: Vec<_> = kept.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let media_type = media_type.map(|media_type| format!("content-type: {media_type}\r\n")).unwrap_or_default();
    let length = if reply.status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let head =
        format!("HTTP/1.1 {} -\r\n{}{media_type}{length}connection: close\r\n\r\n", reply.status, headers.concat());
    [head.as_bytes(), body].concat()
}
