//! The page with a new intake link, and the message to send it with.

use askama::Template;

use shared::domain::entra_app::AppSummary;
use shared::http::problem::Problem;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

use crate::pages::mail::{self, AdminMail};
use crate::pages::messages::SupportMessages;
use crate::pages::{PageContext, STYLESHEET, SupportPage, moment, render};
use crate::support_link::CreatedIntakeLink;

#[derive(Debug, Template)]
#[template(path = "intake_link.html")]
struct IntakeLinkPage<'a> {
    language: Language,
    style: &'static str,
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
    app: &AppSummary,
    created: &CreatedIntakeLink,
) -> Result<SupportPage, Problem> {
    let page = IntakeLinkPage {
        language: context.language,
        style: STYLESHEET.as_str(),
        says: SupportMessages::of(context.language),
        customer,
        customer_url: context.customer_url(customer),
        url: &created.url,
        until: moment(created.expires_at),
        mails: Language::ALL.map(|language| mail::message(app, created, language)),
    };
    render(&page)
}
