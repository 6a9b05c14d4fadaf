//! What is to become of a recruiter's entry, by what is there and what has happened. No vault is asked here.

use std::sync::Arc;

use crate::adapters::vault::documents::connection::{
    ConnectionEntry, ConnectionSummary, RefreshTokenDigest, read_connection, write_connection, write_disconnection,
};
use crate::adapters::vault::documents::node::Node;
use crate::adapters::vault::model::VaultError;
use crate::adapters::vault::nodes::node_store::Decision;
use crate::domain::connection::{Connection, ConnectionState, HealthEvent, ReplaceConnectionError};
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
    /// The connection with the tokens that came; or what else was learned.
    pub outcome: Result<Arc<Connection>, HealthEvent>,
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

/// A new sign-in takes the place of an older one of the same account, and of an end that was before it.
pub(super) fn sign_in(
    node: &Node<'_>,
    made: &Connection,
) -> Result<Decision<Result<(), ReplaceConnectionError>>, VaultError> {
    match read_connection(node, &made.customer, &made.user)? {
        // Its own write, whose answer was lost.
        Some(ConnectionEntry::Connected(present)) if present.sign_in == made.sign_in => {
            return Ok(Decision::Answer(Ok(())));
        }
        Some(ConnectionEntry::Connected(former)) => {
            if let Err(error) = made.can_replace(&former) {
                return Ok(Decision::Answer(Err(error)));
            }
        }
        Some(ConnectionEntry::Ended(ended)) if ended.since > made.connected_at => {
            return Ok(Decision::Answer(Err(ReplaceConnectionError::Older)));
        }
        Some(ConnectionEntry::Ended(_)) | None => {}
    }
    Ok(Decision::Write(vec![write_connection(node, made)?], Ok(())))
}

/// Results count for the very token that was redeemed. Several of one node are one write; what is answered is the last's.
pub(super) fn results(
    node: &Node<'_>,
    results: &[RefreshResult],
    now: Timestamp,
) -> Result<Decision<StoredTokens>, VaultError> {
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
                writes.push(write_connection(node, new)?);
            }
            Err(event) if lies_there == *redeemed => {
                writes.push(write_connection(node, &present.apply(*event, now))?);
            }
            Ok(_) | Err(_) => answer = StoredTokens::Overtaken,
        }
    }
    Ok(if writes.is_empty() { Decision::Answer(answer) } else { Decision::Write(writes, answer) })
}

/// An end is written whatever was seen, for that may be old; where there is nothing, a write proves that it is so.
pub(super) fn disconnect(
    node: &Node<'_>,
    customer: &CustomerId,
    user: &UserId,
    now: Timestamp,
) -> Result<Decision<Result<(), VaultError>>, VaultError> {
    let ended = match read_connection(node, customer, user)? {
        Some(ConnectionEntry::Connected(connection)) => ConnectionSummary {
            state: ConnectionState::Disconnected,
            since: now,
            reason: None,
            ..ConnectionSummary::new(&connection, node.tenure)
        },
        Some(ConnectionEntry::Ended(ended)) => ended,
        None => return Ok(Decision::Write(Vec::new(), Err(VaultError::NotFound))),
    };
    Ok(Decision::Write(vec![write_disconnection(node, user, &ended)?], Ok(())))
}
