//! The interview for a calendar.

use shared::meeting::{Host, MeetingId, Method, Reader, cancellation, invitation};
use shared::microsoft::graph::GraphError;
use shared::web::problem::Problem;

use crate::Meetings;
use crate::act::Asked;
use crate::answer::Message;
use crate::parse::InvitationWish;
use crate::seat::Unable;

impl Meetings {
    /// The message about a meeting as it is now. That a meeting was called off can be told of one that is gone as well,
    /// so the ATS may ask before it cancels or after.
    pub(crate) async fn invitation(
        &self,
        asked: &Asked,
        id: &MeetingId,
        wish: &InvitationWish,
    ) -> Result<Message, Problem> {
        let links = self.link_keys.seal().await?;
        let mut seat = self.seat(&asked.customer, &asked.user).await?;
        let read = seat.read(id, wish.language).await;
        let account = seat.account();
        let host = Host { customer: &asked.customer, name: &account.name, address: &account.upn };
        let now = self.clock.now();
        let text = match read {
            Ok(meeting) => {
                let link = self.link(&links, &asked.customer, &asked.user, &meeting)?;
                let reader = Reader { language: wish.language, zone: wish.zone.as_ref(), now };
                invitation(wish.method, &meeting, &link, host, &reader)
            }
            Err(Unable::Graph(GraphError::NotFound)) if wish.method == Method::Cancel => cancellation(id, host, now),
            Err(unable) => return Err(seat.told(unable).await),
        };
        Ok(Message { method: wish.method, text })
    }
}
