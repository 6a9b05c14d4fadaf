//! The call that the handler makes. The schedule's is in [`crate::schedule`].

use std::sync::Arc;

use shared::connection::Connection;
use shared::ids::{CustomerId, UserId};
use shared::web::problem::Problem;

use crate::Refresh;

impl Refresh {
    pub(crate) async fn renew(&self, customer: &CustomerId, user: &UserId) -> Result<Arc<Connection>, Problem> {
        Ok(self.renewal.renewed(customer, user).await?)
    }
}
