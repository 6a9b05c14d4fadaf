//! A recruiter's connection, and what is left of it when the recruiter was disconnected: that it ended, and no token.

use serde::{Deserialize, Serialize};

use crate::adapters::vault::documents::json::{SCHEMA_VERSION, corrupt_document, from_json, to_json};
use crate::adapters::vault::model::{SecretName, VaultError};
use crate::domain::audit::{AuditAction, AuditActor, AuditEntry, OWNER_MISMATCH};
use crate::domain::connection::{Account, Connection, ConnectionHealth, HealthState};
use crate::types::clock::Timestamp;
use crate::types::ids::{ClientId, CustomerId, ObjectId, TenantId, UserId};
use crate::types::secret::{AccessToken, RefreshToken, Secret, SecretBody};

const KIND: &str = "connection";

/// The recruiter was disconnected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::adapters::vault) struct Disconnection {
    /// When.
    pub(in crate::adapters::vault) at: Timestamp,
}

#[derive(Serialize)]
struct ConnectionDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
    user: &'a UserId,
    tenant: TenantId,
    client_id: ClientId,
    oid: ObjectId,
    name: &'a str,
    upn: &'a str,
    access_token: &'a str,
    obtained_at: Timestamp,
    access_expires_at: Timestamp,
    refresh_token: &'a str,
    scope: &'a str,
    state: HealthState,
    since: Timestamp,
    reason: Option<&'a str>,
    sign_in: &'a str,
    connected_at: Timestamp,
}

#[derive(Serialize)]
struct DisconnectionDocumentRef<'a> {
    schema: u32,
    kind: &'static str,
    customer: &'a CustomerId,
    user: &'a UserId,
    disconnected_at: Timestamp,
}

/// What a connection and its end have in common.
#[derive(Deserialize)]
struct ConnectionDocumentHeader {
    kind: String,
    customer: CustomerId,
    user: UserId,
    disconnected_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct ConnectionDocument {
    tenant: TenantId,
    client_id: ClientId,
    oid: ObjectId,
    name: String,
    upn: String,
    access_token: AccessToken,
    obtained_at: Timestamp,
    access_expires_at: Timestamp,
    refresh_token: RefreshToken,
    scope: String,
    state: HealthState,
    since: Timestamp,
    reason: Option<String>,
    sign_in: String,
    connected_at: Timestamp,
}

pub(in crate::adapters::vault) fn write_connection(connection: &Connection) -> Result<SecretBody, VaultError> {
    to_json(&ConnectionDocumentRef {
        schema: SCHEMA_VERSION,
        kind: KIND,
        customer: &connection.customer,
        user: &connection.user,
        tenant: connection.tenant,
        client_id: connection.client_id,
        oid: connection.account.oid,
        name: &connection.account.name,
        upn: &connection.account.upn,
        access_token: connection.access.expose(),
        obtained_at: connection.obtained_at,
        access_expires_at: connection.access_expires_at,
        refresh_token: connection.refresh.expose(),
        scope: &connection.scope,
        state: connection.life.standing,
        since: connection.life.since,
        reason: connection.life.reason.as_deref(),
        sign_in: &connection.sign_in,
        connected_at: connection.connected_at,
    })
}

/// What lies in the place of a connection's tokens once the recruiter was disconnected.
pub(in crate::adapters::vault) fn write_disconnection(
    customer: &CustomerId,
    user: &UserId,
    ended: Disconnection,
) -> Result<SecretBody, VaultError> {
    to_json(&DisconnectionDocumentRef { schema: SCHEMA_VERSION, kind: KIND, customer, user, disconnected_at: ended.at })
}

pub(in crate::adapters::vault) fn read_connection(
    name: &SecretName,
    customer: &CustomerId,
    user: &UserId,
    body: &SecretBody,
) -> Result<Result<Connection, Disconnection>, VaultError> {
    let head: ConnectionDocumentHeader = from_json(name, body)?;
    if head.kind != KIND || head.customer != *customer || head.user != *user {
        AuditEntry::new(AuditAction::ReadSecret, AuditActor::Product)
            .customer(customer)
            .user(user)
            .refused(OWNER_MISMATCH);
        return Err(corrupt_document(name, "it belongs to somebody else"));
    }
    if let Some(at) = head.disconnected_at {
        return Ok(Err(Disconnection { at }));
    }
    let read: ConnectionDocument = from_json(name, body)?;
    Ok(Ok(Connection {
        customer: head.customer,
        user: head.user,
        tenant: read.tenant,
        client_id: read.client_id,
        account: Account { oid: read.oid, name: read.name, upn: read.upn },
        access: read.access_token,
        obtained_at: read.obtained_at,
        access_expires_at: read.access_expires_at,
        refresh: read.refresh_token,
        scope: read.scope,
        life: ConnectionHealth { standing: read.state, since: read.since, reason: read.reason },
        sign_in: read.sign_in,
        connected_at: read.connected_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::vault::secret_names::SecretNames;

    #[test]
    fn the_end_of_a_connection_is_that_recruiters_and_holds_no_token() {
        let (customer, user): (CustomerId, UserId) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let name = SecretNames::new("test".parse().unwrap()).connection(&customer, &user);
        let ended = Disconnection { at: "2026-11-24T09:00:00Z".parse().unwrap() };
        let body = write_disconnection(&customer, &user, ended).unwrap();
        assert!(!body.expose().contains("token"));
        assert_eq!(read_connection(&name, &customer, &user, &body).unwrap().unwrap_err(), ended);
    }

    #[test]
    fn what_is_of_another_recruiter_or_customer_or_no_connection_is_not_taken_for_hers() {
        let (kadry, anna): (CustomerId, UserId) = ("kadry".parse().unwrap(), "anna".parse().unwrap());
        let name = SecretNames::new("test".parse().unwrap()).connection(&kadry, &anna);
        let ended = Disconnection { at: "2026-11-24T09:00:00Z".parse().unwrap() };
        let of = |customer: &str, user: &str| {
            write_disconnection(&customer.parse().unwrap(), &user.parse().unwrap(), ended).unwrap().expose().to_owned()
        };
        let hers = of("kadry", "anna");
        for other in [of("kadry", "jan"), of("praca", "anna"), hers.replace(KIND, "hand-overs")] {
            assert_ne!(other, hers);
            let read = read_connection(&name, &kadry, &anna, &SecretBody::from(other.clone()));
            assert!(matches!(read, Err(VaultError::Corrupt { .. })), "{other}");
        }
    }
}
