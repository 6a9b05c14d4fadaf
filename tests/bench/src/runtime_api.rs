//! The side of the [Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) that AWS plays: hands
//! events out, takes answers in, and notes when.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

/// How long a program may take for one event. Python's first one at 128 MB takes seconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// What a program did.
#[derive(Debug)]
pub(crate) enum RuntimeEvent {
    /// It asked for an event.
    Polled(Instant),
    /// It was given one.
    Handed(Instant),
    /// It answered.
    Answered(Instant, Bytes),
    /// It says that it failed.
    Failed(Bytes),
}

/// The API for one process.
pub(crate) struct RuntimeApi {
    /// `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) address: SocketAddr,
    events: mpsc::UnboundedSender<Bytes>,
    heard: mpsc::UnboundedReceiver<RuntimeEvent>,
    server: JoinHandle<()>,
}

struct RuntimeApiState {
    events: Mutex<mpsc::UnboundedReceiver<Bytes>>,
    heard: mpsc::UnboundedSender<RuntimeEvent>,
}

impl RuntimeApi {
    /// Begins to serve.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, waiting) = mpsc::unbounded_channel();
        let (told, heard) = mpsc::unbounded_channel();
        let desk = Arc::new(RuntimeApiState { events: Mutex::new(waiting), heard: told });
        let server = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let desk = desk.clone();
                tokio::spawn(async move {
                    let answer = service_fn(|request| desk.clone().answer(request));
                    // The program may be ended while it waits.
                    drop(
                        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await,
                    );
                });
            }
        });
        Self { address, events, heard, server }
    }

    /// Has an event ready.
    pub(crate) fn offer(&self, event: &[u8]) {
        self.events.send(Bytes::copy_from_slice(event)).unwrap();
    }

    /// What happens next.
    ///
    /// # Panics
    /// When nothing does.
    pub(crate) async fn next(&mut self) -> RuntimeEvent {
        tokio::time::timeout(PATIENCE, self.heard.recv()).await.expect("the program does nothing").unwrap()
    }

    /// When the program asks for an event.
    ///
    /// # Panics
    /// When it does something else.
    pub(crate) async fn polled(&mut self) -> Instant {
        match self.next().await {
            RuntimeEvent::Polled(at) => at,
            other => panic!("the program did not ask for an event: {other:?}"),
        }
    }

    /// When an event was handed out and when it was answered, with the answer.
    ///
    /// # Errors
    /// What the program says about its failure.
    ///
    /// # Panics
    /// When it does not keep to the protocol.
    pub(crate) async fn answered(&mut self) -> Result<(Instant, Instant, Bytes), String> {
        match (self.next().await, self.next().await) {
            (RuntimeEvent::Handed(handed), RuntimeEvent::Answered(answered, answer)) => Ok((handed, answered, answer)),
            (RuntimeEvent::Handed(_), RuntimeEvent::Failed(told)) => Err(String::from_utf8_lossy(&told).into_owned()),
            other => panic!("the program did not answer: {other:?}"),
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl RuntimeApiState {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let at = Instant::now();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        if method == Method::GET && path.ends_with("/invocation/next") {
            return Ok(self.hand_out(at).await);
        }
        let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        // The answer counts when its last byte is there.
        let heard = if path.ends_with("/response") {
            RuntimeEvent::Answered(Instant::now(), body)
        } else {
            RuntimeEvent::Failed(body)
        };
        drop(self.heard.send(heard));
        Ok(Response::builder().status(StatusCode::ACCEPTED).body(Full::from("{}")).unwrap())
    }

    async fn hand_out(&self, at: Instant) -> Response<Full<Bytes>> {
        drop(self.heard.send(RuntimeEvent::Polled(at)));
        let event = self.events.lock().await.recv().await.unwrap_or_default();
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
            .header("lambda-runtime-deadline-ms", deadline().to_string())
            .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:123456789012:function:bench")
            .header(
                "lambda-runtime-trace-id",
                "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
            )
            .body(Full::from(event))
            .unwrap();
        drop(self.heard.send(RuntimeEvent::Handed(Instant::now())));
        response
    }
}

#[expect(clippy::disallowed_methods, reason = "AWS says by its own clock until when an answer counts")]
fn deadline() -> u128 {
    (SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + PATIENCE).as_millis()
}
