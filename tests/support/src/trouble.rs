//! What can befall a call, by name, and what the ATS is answered then.

use crate::gate::{InjectedTrouble, ProxiedCall};

/// A trouble with its name and its kind.
#[derive(Debug, Clone)]
pub struct FaultCase {
    /// What it is.
    pub name: String,
    /// What happens.
    pub trouble: InjectedTrouble,
    kind: FaultKind,
}

/// What a trouble comes to.
#[derive(Debug, Clone, Copy)]
enum FaultKind {
    /// There is no usable answer: 503, try again.
    Unreachable,
    /// The same, where there is content.
    Cut,
    /// There is one, and it is not what the protocol says: 502.
    Nonsense,
    /// It is an answer of sorts, which only some calls take.
    Odd,
    /// A refusal with this status and nothing in it.
    Refused(u16),
}

impl FaultCase {
    /// Whether whoever meets it waits until his time is over.
    pub fn is_slow(&self) -> bool {
        matches!(self.trouble, InjectedTrouble::Stalls | InjectedTrouble::Drips | InjectedTrouble::Floods)
    }

    /// The statuses that are right for the request which made this call.
    pub fn answers(&self, call: ProxiedCall) -> Vec<u16> {
        let graph = matches!(call, ProxiedCall::Create | ProxiedCall::Read | ProxiedCall::Change | ProxiedCall::Delete);
        match (self.kind, call) {
            // Deleting has no content that could be cut, or has to be read.
            (FaultKind::Cut, ProxiedCall::Delete) => vec![204, 503],
            (FaultKind::Nonsense, ProxiedCall::Delete) => vec![204, 502],
            (FaultKind::Odd | FaultKind::Refused(404 | 410), ProxiedCall::Delete) => vec![204],
            (FaultKind::Unreachable | FaultKind::Cut, _) => vec![503],
            (FaultKind::Odd, _) => vec![200, 201, 502],
            // Entra says by 400 or 404 that there is no such tenant.
            (FaultKind::Refused(400 | 404), ProxiedCall::Discovery) => vec![422],
            // The link leads nowhere already; Teams is told when the recruiter has signed in.
            (FaultKind::Refused(401), ProxiedCall::Delete) => vec![202],
            (FaultKind::Refused(401 | 403), _) if graph => vec![409],
            // What is to be created cannot be gone: the recruiter has no Teams.
            (FaultKind::Refused(404 | 410), ProxiedCall::Create) => vec![409],
            (FaultKind::Refused(404 | 410), _) if graph => vec![404],
            (FaultKind::Refused(408 | 409 | 423), _) if graph => vec![503],
            (FaultKind::Refused(_), _) if graph => vec![422],
            (FaultKind::Nonsense | FaultKind::Refused(_), _) => vec![502],
        }
    }
}

fn says(head: &str, body: &str) -> InjectedTrouble {
    let length = body.len();
    InjectedTrouble::Says(
        format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes(),
    )
}

/// What can befall this call. Waits are one layer's affair for all calls, so three of them try every form of one.
pub fn troubles_of(call: ProxiedCall) -> Vec<FaultCase> {
    let mut all = troubles();
    if !matches!(call, ProxiedCall::Probe | ProxiedCall::Renew | ProxiedCall::Create) {
        all.retain(|troubled| !troubled.name.contains("again after"));
    }
    all
}

fn troubles() -> Vec<FaultCase> {
    let mut all = Vec::new();
    let mut add = |kind: FaultKind, name: &str, trouble: InjectedTrouble| {
        all.push(FaultCase { name: name.to_owned(), trouble, kind });
    };
    let json = "200 OK\r\ncontent-type: application/json";

    add(FaultKind::Unreachable, "reset before it is done", InjectedTrouble::Reset);
    add(FaultKind::Unreachable, "reset after it is done", InjectedTrouble::LosesAnswer);
    add(FaultKind::Unreachable, "closed without an answer", InjectedTrouble::Closes);
    add(FaultKind::Unreachable, "nothing comes", InjectedTrouble::Stalls);
    add(FaultKind::Unreachable, "a byte a second", InjectedTrouble::Drips);
    add(FaultKind::Unreachable, "no end", InjectedTrouble::Floods);
    add(FaultKind::Unreachable, "cut in the middle", InjectedTrouble::Truncates);
    add(FaultKind::Cut, "cut between chunks", InjectedTrouble::CutsChunks);
    add(FaultKind::Unreachable, "no HTTP", InjectedTrouble::Says(b"canary\r\n\r\n".to_vec()));
    add(FaultKind::Unreachable, "half a status line", InjectedTrouble::Says(b"HTTP/1.1 2".to_vec()));
    add(FaultKind::Unreachable, "half a head", InjectedTrouble::Says(b"HTTP/1.1 200 OK\r\ncontent-ty".to_vec()));
    add(FaultKind::Unreachable, "a status that is none", says("999999 canary", ""));
    add(
        FaultKind::Unreachable,
        "a length that is none",
        InjectedTrouble::Says(b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n".to_vec()),
    );
    add(
        FaultKind::Unreachable,
        "a chunk that is none",
        InjectedTrouble::Says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\ncanary".to_vec()),
    );
    add(FaultKind::Unreachable, "two megabytes", says(json, &" ".repeat(2 << 20)));
    let many: Vec<_> = (0..300).map(|number| format!("x-{number}: 1")).collect();
    add(FaultKind::Unreachable, "300 headers", says(&format!("200 OK\r\n{}", many.join("\r\n")), "{}"));

    add(FaultKind::Odd, "of another type", InjectedTrouble::Retypes("text/plain"));
    add(FaultKind::Odd, "of no type", InjectedTrouble::Retypes(""));
    add(FaultKind::Nonsense, "a page", says("200 OK\r\ncontent-type: text/html", "<html>canary</html>"));
    add(FaultKind::Nonsense, "a page that says it is JSON", says(json, "<html>canary</html>"));
    add(FaultKind::Nonsense, "no content", says("204 No Content", ""));
    add(FaultKind::Nonsense, "a part", says("206 Partial Content\r\ncontent-type: application/json", "{}"));
    add(FaultKind::Nonsense, "accepted", says("202 Accepted\r\ncontent-type: application/json", "[]"));
    for (name, body) in [
        ("nothing", &b""[..]),
        ("null", b"null"),
        ("a list", b"[]"),
        ("text", b"\"canary\""),
        ("half a document", b"{\"access_token\":\"canary"),
        ("a byte order mark", b"\xef\xbb\xbf[]"),
        ("no text", b"{\"canary\":\"\xff\xfe\"}x"),
        ("NaN", b"{\"expires_in\":NaN}"),
        ("gzip that nobody asked for", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
    ] {
        add(FaultKind::Nonsense, name, InjectedTrouble::Replaces(body.to_vec()));
    }
    add(FaultKind::Nonsense, "too deep", InjectedTrouble::Replaces(b"[".repeat(20_000)));
    add(
        FaultKind::Nonsense,
        "a gzip bomb",
        says("200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip", "\u{1f}canary"),
    );
    for status in [301, 302, 303, 307, 308] {
        let head = format!("{status} Moved\r\nlocation: http://127.0.0.1:9/canary");
        add(FaultKind::Nonsense, &format!("a redirect, {status}"), says(&head, ""));
    }
    for status in [400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 418, 422, 423, 451] {
        add(FaultKind::Refused(status), &format!("{status} and nothing"), says(&format!("{status} canary"), ""));
    }
    for status in [500, 501, 502, 503, 504, 507, 511, 599] {
        add(
            FaultKind::Unreachable,
            &format!("{status} and a page"),
            says(&format!("{status} canary"), "<html>canary</html>"),
        );
    }
    for after in [
        "",
        "0",
        "1",
        "41",
        "315",
        "86400",
        "-1",
        "1e9",
        "soon",
        "1.5",
        "99999999999999999999",
        "Tue, 24 Nov 2026 09:01:00 GMT",
        "Tue, 24 Nov 2020 09:00:00 GMT",
        "Tue, 99 Nov 2026 25:00:00 GMT",
    ] {
        for status in [429, 503] {
            let head = format!("{status} canary\r\nretry-after: {after}");
            add(FaultKind::Unreachable, &format!("{status}, again after `{after}`"), says(&head, ""));
        }
    }
    add(FaultKind::Unreachable, "429 with two waits", says("429 canary\r\nretry-after: 60\r\nretry-after: 1", ""));
    all
}
