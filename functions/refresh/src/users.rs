//! Lists a customer's recruiters.

use shared::adapters::vault::connections::ListedConnection;
use shared::adapters::vault::model::VaultError;
use shared::domain::entra_app::AppSummary;
use shared::http::connection_document::ConnectionDocument;
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;

use crate::customers;
use crate::list_page::{self, ListPosition};
use crate::requests::{USER_ORDER, UserListQuery};
use crate::responses::{UserListItem, UserListResponse};
use crate::state::Refresh;

/// Lists who connected in the customer's present tenure. The first page reads each secret with connections of the customer;
/// the pages after it may be of what was read within the last minute.
pub(crate) async fn list(
    refresh: &Refresh,
    customer: &CustomerId,
    query: &UserListQuery,
) -> Result<UserListResponse, Problem> {
    let app = customers::summary(refresh, customer).await?;
    let users = of_app(refresh, customer, &app, query.page.after.is_some()).await?;
    let matching = users.into_iter().filter(|item| query.matches(item.connection.state));
    let entries = matching.map(|item| (ListPosition { key: String::new(), id: item.user.to_string() }, item));
    let (users, next) = list_page::cut(entries.collect(), query.page.after.as_ref(), query.page.limit);
    Ok(UserListResponse { users, next_page: next.map(|position| position.to_cursor(USER_ORDER)) })
}

/// Who connected in the tenure of the customer's app.
pub(crate) async fn of_app(
    refresh: &Refresh,
    customer: &CustomerId,
    app: &AppSummary,
    may_be_known: bool,
) -> Result<Vec<UserListItem>, VaultError> {
    let listed = refresh.connections.list(customer, may_be_known).await?;
    let of_tenure = listed.into_iter().filter(|listed| listed.summary.tenure >= app.tenure);
    let users = of_tenure.filter_map(|ListedConnection { user, summary, account }| {
        let connection = ConnectionDocument::new(summary, Some(app))?;
        Some(UserListItem { user, connection, account: account.map(Into::into) })
    });
    Ok(users.collect())
}
