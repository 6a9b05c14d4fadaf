//! The interview for a calendar.

use shared::adapters::microsoft::graph::GraphError;
use shared::domain::meeting::{
    InvitationContext, ItipMethod, MeetingId, Organizer, render_cancellation, render_invitation,
};
use shared::http::problem::Problem;

use crate::Meetings;
use crate::graph_session::GraphCallError;
use crate::meeting::RequestContext;
use crate::requests::InvitationQuery;
use crate::responses::InvitationResponse;

impl Meetings {
    /// The message about a meeting as it is now. That a meeting was called off can be told of one that is gone as well,
    /// so the ATS may ask before it cancels or after.
    pub(crate) async fn invitation(
        &self,
        asked: &RequestContext,
        id: &MeetingId,
        wish: &InvitationQuery,
    ) -> Result<InvitationResponse, Problem> {
        let links = self.link_keys.current().await?;
        let mut seat = self.seat(&asked.customer, &asked.user).await?;
        let read = seat.get(id, wish.language).await;
        let account = seat.account();
        let host = Organizer { customer: &asked.customer, name: &account.name, address: &account.upn };
        let now = self.clock.now();
        let text = match read {
            Ok(meeting) => {
                let link = self.link(&links, &asked.customer, &asked.user, &meeting)?;
                let reader = InvitationContext { language: wish.language, zone: wish.zone.as_ref(), now };
                render_invitation(wish.method, &meeting, &link, host, &reader)
            }
            Err(GraphCallError::Graph(GraphError::NotFound)) if wish.method == ItipMethod::Cancel => {
                render_cancellation(id, host, now)
            }
            Err(unable) => return Err(seat.problem_for(unable).await),
        };
        Ok(InvitationResponse { method: wish.method, text })
    }
}
