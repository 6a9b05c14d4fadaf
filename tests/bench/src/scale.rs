//! Many connections, many requests at once, many clients: the deployment on one machine, with a Graph that answers at
//! once, and the peer in Node.js under the same load.

mod house;
mod load;

use std::time::Instant;

use serde::Serialize;
use tokio::task::JoinSet;

use crate::contestant::BenchTarget;
use crate::outside::FakeNetwork;
use crate::statistics::{median, milliseconds};
use house::ScaleFixture;

/// How many connections the vault has, one after the other.
const CONNECTIONS: [usize; 4] = [10, 1_000, 10_000, 100_000];

/// Meetings of recruiters of whom the process knows nothing yet.
const MEETINGS: usize = 300;

/// Recruiters who order at the same moment, and how often.
const CROWD: usize = 64;
const ROUNDS: usize = 20;

/// Clients that order as fast as they are answered.
const CLIENTS: [usize; 5] = [1, 4, 16, 64, 256];

/// What was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Scale {
    /// A meeting of a recruiter whose connection is not cached, by connections in the vault; the median in milliseconds.
    pub(crate) by_connections: Vec<(usize, f64)>,
    /// Meetings ordered by [`CROWD`] recruiters at once, each answer checked to be the asker's own.
    pub(crate) at_once: usize,
    /// Meetings a second by clients: ours, and Node's.
    pub(crate) by_clients: Vec<(usize, f64, f64)>,
}

/// Measures everything.
///
/// # Errors
/// When an answer is wrong, or somebody else's.
pub(crate) async fn measure(node: &BenchTarget, outside: &FakeNetwork) -> Result<Scale, String> {
    let mut house = ScaleFixture::open(outside).await;
    let mut by_connections = Vec::new();
    for connections in CONNECTIONS {
        house.grow_to(connections).await;
        by_connections.push((connections, one_by_one(&house, connections).await?));
    }
    let at_once = crowd(&house).await?;
    let peer = load::Peer::start(node, outside).await;
    let mut by_clients = Vec::new();
    for clients in CLIENTS {
        let ours = load::rate(house.url(), house::first(), clients).await?;
        let theirs = load::rate(peer.url(), crate::cast::USER.to_owned(), clients).await?;
        by_clients.push((clients, ours, theirs));
    }
    Ok(Scale { by_connections, at_once, by_clients })
}

/// Recruiters from all over the vault, each for the first time in a process.
async fn one_by_one(house: &ScaleFixture, connections: usize) -> Result<f64, String> {
    let door = house.another_process().await;
    let order = load::Client::new(&door);
    order.meeting(&house::user(0), 0).await?;
    let mut times = Vec::new();
    for number in 1..=MEETINGS {
        let user = house::user(number * 7_919 % connections);
        let began = Instant::now();
        order.meeting(&user, number).await?;
        times.push(began.elapsed());
    }
    Ok(milliseconds(median(&times)))
}

async fn crowd(house: &ScaleFixture) -> Result<usize, String> {
    let mut answered = 0;
    for round in 0..ROUNDS {
        let mut crowd = JoinSet::new();
        for person in 0..CROWD {
            let client = load::Client::new(house.url());
            crowd.spawn(async move { client.meeting(&house::user(person), round * CROWD + person).await });
        }
        for outcome in crowd.join_all().await {
            outcome?;
            answered += 1;
        }
    }
    Ok(answered)
}
