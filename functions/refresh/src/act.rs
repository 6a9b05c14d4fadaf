//! The call that the handler makes. The schedule's is in [`crate::schedule`].

use std::sync::Arc;

use shared::caller::Caller;
use shared::connection::Connection;
use shared::ids::{CustomerId, UserId};
use shared::web::problem::Problem;

use crate::Refresh;

impl Refresh {
    pub(crate) async fn renew(
        &self,
        caller: &Caller,
        customer: &CustomerId,
        user: &UserId,
    ) -> Result<Arc<Connection>, Problem> {
        let connection = self.renewal.renewed(customer, user).await?;
        tracing::info!(key = caller.key_id, %customer, %user, "renewed");
        Ok(connection)
    }
}
