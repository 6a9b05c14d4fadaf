//! One task of a run.

use shared::domain::entra_app::ConnectionCounts;
use shared::types::ids::{ClientId, CustomerId, TenantId, UserId};

/// One task of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeepAliveTask {
    /// The customer was offboarded: delete the recruiter's connection.
    Disconnect(CustomerId, UserId),
    /// The recruiter was disconnected, and the process stopped before the secret was deleted.
    FinishDisconnect(CustomerId, UserId),
    /// The customer was offboarded: delete the record of the recruiter's hand-overs.
    DeleteHandOvers(CustomerId, UserId),
    /// The customer's app was not checked for a day.
    Check(CustomerId),
    /// The customer's credential expires in `days_left` days, and this reminder was not sent yet.
    SendReminder { customer: CustomerId, of: (TenantId, ClientId), days_left: i32, reminder: i32 },
    /// The counts of connections differ from those stored in the app's tags.
    StoreCounts { customer: CustomerId, of: (TenantId, ClientId), count: ConnectionCounts },
    /// The refresh token was not used for long, or the connection is suspect.
    RefreshTokens(CustomerId, UserId),
}

impl KeepAliveTask {
    pub(super) fn customer(&self) -> &CustomerId {
        let (Self::Disconnect(customer, _)
        | Self::FinishDisconnect(customer, _)
        | Self::DeleteHandOvers(customer, _)
        | Self::Check(customer)
        | Self::SendReminder { customer, .. }
        | Self::StoreCounts { customer, .. }
        | Self::RefreshTokens(customer, _)) = self;
        customer
    }
}
