//! The one call that the handler makes.

use std::sync::Arc;

use shared::caller::Caller;
use shared::connection::Connection;
use shared::ids::{CustomerId, UserId};
use shared::meeting::{ExternalId, IdempotencyKey, Meeting, Order};
use shared::microsoft::graph::{GraphError, Made};
use shared::renewal::Renewed;
use shared::web::problem::{Kind, Problem};

use crate::Meetings;

impl Meetings {
    /// Makes the meeting, or finds the one that the same order made before. Every step may be repeated: Graph knows the
    /// order by its external id, and options are put in force until they are.
    pub(crate) async fn order(
        &self,
        caller: &Caller,
        customer: &CustomerId,
        user: &UserId,
        key: &IdempotencyKey,
        order: &Order,
    ) -> Result<(Made, Meeting), Problem> {
        let external_id = ExternalId::of(key, customer, user);
        let connection = self.renewal.fresh(customer, user).await?;
        let (connection, (made, meeting)) = self.create_or_get(connection, &external_id, order).await?;
        if made == Made::Before && !order.made(&meeting) {
            return Err(Kind::IdempotencyKeyReused.into());
        }
        let missing = order.options.missing_in(meeting.options);
        let meeting = if missing.is_empty() {
            meeting
        } else {
            self.graph.set_options(&connection.access, &meeting.id, missing).await?
        };
        tracing::info!(key = caller.key_id, %customer, %user, ?made, "meeting ordered");
        Ok((made, meeting))
    }

    /// A token that was revoked before its time is renewed, once. Newer tokens that another process brought meanwhile
    /// are tried before: they may have been revoked as well.
    async fn create_or_get(
        &self,
        mut connection: Arc<Connection>,
        external_id: &ExternalId,
        order: &Order,
    ) -> Result<(Arc<Connection>, (Made, Meeting)), Problem> {
        let mut may_renew = true;
        loop {
            match self.graph.create_or_get(&connection.access, external_id, order).await {
                Err(GraphError::TokenRejected) if may_renew => {
                    connection = match self.renewal.renewed_since(&connection).await? {
                        Renewed::ByAnother(connection) => connection,
                        Renewed::Now(connection) => {
                            may_renew = false;
                            connection
                        }
                    };
                }
                answer => return Ok((connection, answer?)),
            }
        }
    }
}
