//! The page with a new intake link, and the message to send it with.

use askama::Template;

use shared::domain::entra_app::AppSummary;
use shared::http::html::{HtmlPage, PageFrame};
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::pages::mail::{self, AdminMail};
use crate::pages::messages::SupportMessages;
use crate::pages::{PageContext, moment};
use crate::support_link::CreatedIntakeLink;

#[derive(Debug, Template)]
#[template(path = "intake_link.html")]
struct IntakeLinkPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    says: &'static SupportMessages,
    customer: &'a CustomerId,
    customer_url: String,
    url: &'a str,
    until: String,
    mails: [AdminMail; 2],
}

/// Renders the page. It has no other language: opening it once more would make another link, and it says all in both.
pub(crate) fn page(
    context: PageContext<'_>,
    customer: &CustomerId,
    app: Option<&AppSummary>,
    created: &CreatedIntakeLink,
) -> Result<HtmlPage, Problem> {
    let page = IntakeLinkPage {
        language: context.language,
        frame: context.frame(),
        says: SupportMessages::of(context.language),
        customer,
        customer_url: context.customer_url(customer),
        url: &created.url,
        until: moment(created.expires_at),
        mails: Language::ALL.map(|language| mail::message(app, created, language)),
    };
    context.frame().render(&page, None)
}
