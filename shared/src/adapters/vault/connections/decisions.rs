//! What is to become of a recruiter's entry, by what is there and what has happened. No vault is asked here.

use std::sync::Arc;
use std::time::Duration;

use crate::adapters::vault::documents::connection::{
    ConnectionEntry, ConnectionHeader, ConnectionSummary, EntryState, RefreshTokenDigest, Returns, read_connection,
    read_return_counts, read_returns, write_connection, write_disconnection, write_returns,
};
use crate::adapters::vault::documents::node::{EntryWrite, Node};
use crate::adapters::vault::documents::told_events::telling;
use crate::adapters::vault::documents::withdrawn_links::read_withdrawn_at;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_write::Decision;
use crate::adapters::vault::nodes::write_budget::ReturnBudget;
use crate::domain::connection::{Connection, ConnectionState, HealthEvent, HealthState, ReplaceConnectionError};
use crate::domain::event::{Event, EventKind};
use crate::domain::sign_in::{PendingSignIn, ReturnedSignIn};
use crate::types::clock::Timestamp;
use crate::types::ids::{CustomerId, UserId};

/// What Entra answered about a refresh token.
#[derive(Debug, Clone)]
pub struct RefreshResult {
    /// Whose customer.
    pub customer: CustomerId,
    /// Which recruiter.
    pub user: UserId,
    /// The token that was redeemed.
    pub redeemed: RefreshTokenDigest,
    /// The connection with the tokens that came; or what else was learned, and when: writing it down may take long, and two
    /// refusals confirm each other only if time was between them.
    pub outcome: Result<Arc<Connection>, (HealthEvent, Timestamp)>,
}

/// What became of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredTokens {
    /// It lies in the vault.
    Stored,
    /// Another refresh token lies there by now.
    Overtaken,
    /// The recruiter is not connected any more.
    Ended,
}

/// What became of the recruiters of a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DisconnectedNode {
    /// How many were connected and are not any more.
    pub disconnected: usize,
    /// How many entries nobody can read. They are as they were.
    pub damaged: usize,
}

/// Until when all has ended that was begun for a recruiter: by a disconnection, or with the links that were withdrawn.
fn ended_until(node: &Node<'_>, user: &UserId) -> Timestamp {
    let Some(header) = node.entry(user.as_str()).and_then(ConnectionHeader::parse) else { return Timestamp::default() };
    let withdrawn_at = read_withdrawn_at(node, user.as_str()).unwrap_or_default();
    let since = if header.state == Some(EntryState::Disconnected) { header.since } else { Timestamp::default() };
    since.max(header.ended_at).max(withdrawn_at)
}

/// A new sign-in, which began at this time, takes the place of an older one of the same account, and of an end that was
/// before it.
pub(super) fn sign_in(
    node: &Node<'_>,
    (made, began_at): (&Connection, Timestamp),
    check: fn(&Connection, &Connection) -> Result<(), ReplaceConnectionError>,
) -> Result<Decision<Result<(), ReplaceConnectionError>>, VaultError> {
    let mut kind = EventKind::ConnectionMade;
    match read_connection(node, &made.customer, &made.user)? {
        // Its own write, whose answer was lost.
        Some(ConnectionEntry::Connected(present)) if present.sign_in == made.sign_in => {
            return Ok(Decision::Answer(Ok(())));
        }
        _ if ended_until(node, &made.user) > began_at => {
            return Ok(Decision::Answer(Err(ReplaceConnectionError::Older)));
        }
        Some(ConnectionEntry::Connected(former)) => {
            if let Err(error) = check(made, &former) {
                return Ok(Decision::Answer(Err(error)));
            }
            if former.life.standing == HealthState::NeedsReauth && former.account.oid == made.account.oid {
                kind = EventKind::ConnectionRecovered;
            }
        }
        Some(ConnectionEntry::Ended(_)) | None => {}
    }
    let event = Event::of_user(kind, (&made.customer, &made.user), node.tenure, made.connected_at);
    Ok(Decision::Write(vec![telling(node, &made.user, write_connection(node, made)?, event)?], Ok(())))
}

/// What became of a sign-in from which a browser returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredReturn {
    /// It waits, with this handle.
    Waits(String),
    /// It was completed; or after it began another one was, the recruiter was disconnected, or the link was withdrawn.
    Over,
    /// So many signed in today that one more may only after this time.
    TooOften(Duration),
}

/// The latest sign-in waits in the place of an earlier one. One that returns again keeps the handle that it was given.
pub(super) fn returned(
    node: &Node<'_>,
    (customer, user): (&CustomerId, &UserId),
    returned: &ReturnedSignIn,
    now: Timestamp,
) -> Result<Decision<StoredReturn>, VaultError> {
    let PendingSignIn { id, started_at, .. } = &returned.sign_in;
    let mut returns = read_returns(node, user)?;
    let is_over = match read_connection(node, customer, user)? {
        Some(ConnectionEntry::Connected(present)) => present.sign_in == *id || *started_at < present.connected_at,
        Some(ConnectionEntry::Ended(_)) | None => false,
    };
    if is_over || *started_at < ended_until(node, user) {
        return Ok(Decision::Answer(StoredReturn::Over));
    }
    if let Some(pending) = returns.pending.take().filter(|pending| pending.sign_in.id == *id && pending.until > now) {
        return Ok(Decision::Answer(StoredReturn::Waits(pending.handle)));
    }
    let budget = ReturnBudget { own: &returns.counts, all: read_return_counts(node), written: node.written() };
    if let Some(wait) = budget.wait(now) {
        return Ok(Decision::Answer(StoredReturn::TooOften(wait)));
    }
    returns.counts.add(now);
    let entry = write_returns(node, user, (Some(returned), &returns), now)?;
    Ok(Decision::Write(vec![entry], StoredReturn::Waits(returned.handle.clone())))
}

/// A sign-in that cannot come to a good end waits no more.
pub(super) fn drop_return(
    node: &Node<'_>,
    user: &UserId,
    sign_in: &str,
    now: Timestamp,
) -> Result<Decision<()>, VaultError> {
    let mut returns = read_returns(node, user)?;
    if returns.pending.take().is_none_or(|pending| pending.sign_in.id != sign_in) {
        return Ok(Decision::Answer(()));
    }
    Ok(Decision::Write(vec![write_returns(node, user, (None, &returns), now)?], ()))
}

/// Results count for the very token that was redeemed. Several of one node are one write; what is answered is the last's.
pub(super) fn results(node: &Node<'_>, results: &[RefreshResult]) -> Result<Decision<StoredTokens>, VaultError> {
    let (mut writes, mut answer) = (Vec::new(), StoredTokens::Stored);
    for result in results {
        let RefreshResult { customer, user, redeemed, outcome } = result;
        let Some(ConnectionEntry::Connected(present)) = read_connection(node, customer, user)? else {
            answer = StoredTokens::Ended;
            continue;
        };
        let lies_there = RefreshTokenDigest::from(&present.refresh);
        answer = StoredTokens::Stored;
        match outcome {
            Ok(new)
                if present.obtained_at == new.obtained_at && lies_there == RefreshTokenDigest::from(&new.refresh) => {}
            // Entra may give the same token again: then the newer answer counts.
            Ok(new) if lies_there == *redeemed && present.obtained_at <= new.obtained_at => {
                writes.push(write_change(node, present.life.standing, new)?);
            }
            Err((event, at)) if lies_there == *redeemed => {
                writes.push(write_change(node, present.life.standing, &present.apply(*event, *at))?);
            }
            Ok(_) | Err(_) => answer = StoredTokens::Overtaken,
        }
    }
    Ok(if writes.is_empty() { Decision::Answer(answer) } else { Decision::Write(writes, answer) })
}

/// Every recruiter of a node who is connected is not any more; what is answered is how many, and how many entries nobody can
/// read, which are left as they are.
pub(super) fn disconnect_all(
    node: &Node<'_>,
    customer: &CustomerId,
    now: Timestamp,
) -> Result<Decision<DisconnectedNode>, VaultError> {
    let (mut writes, mut done) = (Vec::new(), DisconnectedNode::default());
    for (key, _) in node.entries() {
        let Ok(user) = key.parse::<UserId>() else {
            done.damaged += 1;
            continue;
        };
        match read_connection(node, customer, &user) {
            Ok(Some(ConnectionEntry::Connected(connection))) => {
                writes.push(write_end(node, &connection, now)?);
                done.disconnected += 1;
            }
            // Nobody is connected, and nobody is about to be: who signs in just now leaves no trace before the return.
            Ok(Some(ConnectionEntry::Ended(_)) | None) => match read_returns(node, &user) {
                Ok(returns) => writes.push(end_returns(node, &user, returns, now)?),
                Err(_) => done.damaged += 1,
            },
            Err(_) => done.damaged += 1,
        }
    }
    Ok(if writes.is_empty() { Decision::Answer(done) } else { Decision::Write(writes, done) })
}

/// The entry of somebody who is not connected, without the sign-in that waits.
fn end_returns(node: &Node<'_>, user: &UserId, returns: Returns, now: Timestamp) -> Result<EntryWrite, VaultError> {
    write_returns(node, user, (None, &Returns { ended_at: now, ..returns }), now)
}

/// What the present health of a connection is told as.
pub(super) fn event_of(kind: EventKind, connection: &Connection, tenure: Timestamp) -> Event {
    let Connection { customer, user, life, .. } = connection;
    Event::of_user(kind, (customer, user), tenure, life.since).with_finding(life.reason.as_deref())
}

/// What comes after `before`, and what that is told as: a doubt is not told, nor are new tokens.
fn write_change(node: &Node<'_>, before: HealthState, next: &Connection) -> Result<EntryWrite, VaultError> {
    let write = write_connection(node, next)?;
    let lost = HealthState::NeedsReauth;
    let kind = match (before == lost, next.life.standing == lost) {
        (false, true) => EventKind::ConnectionNeedsSignIn,
        (true, false) => EventKind::ConnectionRecovered,
        (true, true) | (false, false) => return Ok(write),
    };
    telling(node, &next.user, write, event_of(kind, next, node.tenure))
}

/// The end of a connection.
fn write_end(node: &Node<'_>, connection: &Connection, now: Timestamp) -> Result<EntryWrite, VaultError> {
    let Connection { customer, user, .. } = connection;
    let event = Event::of_user(EventKind::ConnectionEnded, (customer, user), node.tenure, now);
    telling(node, user, write_disconnection(node, user, &ended(connection, node.tenure, now), now)?, event)
}

fn ended(connection: &Connection, tenure: Timestamp, now: Timestamp) -> ConnectionSummary {
    ConnectionSummary {
        state: ConnectionState::Disconnected,
        since: now,
        reason: None,
        app: None,
        ..ConnectionSummary::new(connection, tenure)
    }
}

/// An end is written whatever was seen, for that may be old; where there is nothing, a write proves that it is so.
pub(super) fn disconnect(
    node: &Node<'_>,
    customer: &CustomerId,
    user: &UserId,
    now: Timestamp,
) -> Result<Decision<Result<(), VaultError>>, VaultError> {
    let end = match read_connection(node, customer, user)? {
        Some(ConnectionEntry::Connected(connection)) => write_end(node, &connection, now)?,
        Some(ConnectionEntry::Ended(before)) => write_disconnection(node, user, &before, now)?,
        None => {
            // Whoever is about to sign in for the first time is not connected by it any more.
            let ended = end_returns(node, user, read_returns(node, user)?, now)?;
            return Ok(Decision::Write(vec![ended], Err(VaultError::NotFound)));
        }
    };
    Ok(Decision::Write(vec![end], Ok(())))
}
