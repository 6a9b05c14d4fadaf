//! HTTP as bytes: requests that no careful client would send.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::canary;

/// An answer is here within this time, or there is none.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that is used again and again.
pub struct RawRequest {
    host: String,
    stream: Option<TcpStream>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawReply {
    /// The status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// What follows them.
    pub body: String,
}

impl RawReply {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl RawRequest {
    /// A connection to be made, to where `base` says.
    pub fn to(base: &str) -> Self {
        Self { host: base.trim_start_matches("http://").to_owned(), stream: None }
    }

    /// Who is spoken to.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sends these bytes and reads one answer. `bodiless`: none follows its headers, whatever they say.
    ///
    /// # Errors
    /// When the connection ends without one.
    pub async fn send(&mut self, request: &[u8], bodiless: bool) -> io::Result<RawReply> {
        // A kept connection may have been closed meanwhile; a fresh one may not.
        let kept = self.stream.is_some();
        let reply = match tokio::time::timeout(PATIENCE, self.exchange(request, bodiless)).await? {
            Err(_) if kept => tokio::time::timeout(PATIENCE, self.exchange(request, bodiless)).await?,
            answered => answered,
        }?;
        canary::heard(&self.host, &format!("{}\n{:?}\n{}", reply.status, reply.headers, reply.body));
        Ok(reply)
    }

    async fn exchange(&mut self, request: &[u8], bodiless: bool) -> io::Result<RawReply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => TcpStream::connect(&self.host).await?,
        };
        stream.set_nodelay(true)?;
        // Whoever refuses a large request may answer before it is sent.
        let sent = stream.write_all(request).await;
        let reply = read(&mut stream, bodiless).await;
        let closes = reply.as_ref().is_ok_and(|reply| reply.header("connection") == Some("close"));
        if sent.is_ok() && reply.is_ok() && !closes {
            self.stream = Some(stream);
        }
        reply
    }
}

async fn read(stream: &mut TcpStream, bodiless: bool) -> io::Result<RawReply> {
    let mut bytes = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            more(stream, &mut bytes).await?;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        bytes.drain(..end + 4);
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or_default();
        // 1xx announces another answer (RFC 9110 §15.2).
        if (100..200).contains(&status) {
            continue;
        }
        let lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        let headers: Vec<_> = lines.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
        let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, text)| text.parse().ok());
        let length = if bodiless { 0 } else { length.unwrap_or(0) };
        while bytes.len() < length {
            more(stream, &mut bytes).await?;
        }
        return Ok(RawReply { status, headers, body: String::from_utf8_lossy(&bytes[..length]).into_owned() });
    }
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<()> {
    match stream.read_buf(bytes).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}
