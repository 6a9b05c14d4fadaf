//! The pages for support: who must act, and how one customer is. They show what tags and entries say, and nothing secret.

pub(crate) mod customer;
pub(crate) mod intake_link;
mod mail;
mod messages;
pub(crate) mod overview;

use std::sync::LazyLock;

use form_urlencoded::Serializer;

use shared::http::branding::Branding;
use shared::http::html::{PageFrame, STYLE, moment};
use shared::types::clock::Timestamp;
use shared::types::ids::CustomerId;
use shared::types::language::Language;

/// The stylesheet of all pages of the product, and what only the pages for support need.
static STYLESHEET: LazyLock<String> = LazyLock::new(|| format!("{STYLE}{}", include_str!("../pages/support.css")));

/// Where a page stands: its link, and the language that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageContext<'a> {
    pub(crate) branding: &'a Branding,
    pub(crate) language: Language,
    pub(crate) public_url: &'a str,
    pub(crate) link: &'a str,
    pub(crate) expires_at: Timestamp,
    pub(crate) now: Timestamp,
}

impl<'a> PageContext<'a> {
    fn frame(&self) -> PageFrame<'a> {
        PageFrame { style: &STYLESHEET, branding: self.branding }
    }

    /// The address of the overview, in this language.
    fn overview_url(&self) -> String {
        format!("{}/support/{}?language={}", self.public_url, self.link, self.language.bcp47())
    }

    /// The address of a customer's page, in this language.
    fn customer_url(&self, customer: &CustomerId) -> String {
        let language = self.language.bcp47();
        format!("{}/support/{}/customers/{customer}?language={language}", self.public_url, self.link)
    }

    /// Where a form orders an intake link for a customer, in this language.
    fn intake_links_url(&self, customer: &CustomerId) -> String {
        let language = self.language.bcp47();
        format!("{}/support/{}/customers/{customer}/intake-links?language={language}", self.public_url, self.link)
    }

    fn other_language(&self) -> Language {
        self.language.choose(Language::En, Language::Pl)
    }

    /// This page in the other language, relative, with the same search.
    fn other_language_url(&self, search: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("language", self.other_language().bcp47());
        if !search.is_empty() {
            query.append_pair("q", search);
        }
        format!("?{}", query.finish())
    }
}
