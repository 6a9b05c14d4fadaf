//! The help page of a connect link: it explains Microsoft's AADSTS numbers.
//!
//! After some errors Microsoft does not redirect back. A redirect URI that is not registered (AADSTS50011) leaves the
//! recruiter on Microsoft's own page.

mod forward_message;
mod messages;
mod portal_link;

use askama::Template;
use axum::response::Html;
use url::{Url, form_urlencoded};

use shared::domain::finding::{Actor, Evidence, FindingKind as Found, Message};
use shared::domain::sign_in::parse_error_page;
use shared::http::html::PageFrame;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

use crate::connect_link::{ConnectLinkStatus, ConnectLinkView};
use crate::requests::HelpQuery;
use forward_message::{ForwardMessage, aadsts_label};
use messages::HelpMessages;
use portal_link::PortalLink;

/// Microsoft's own page about a number
/// ([error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)).
const MICROSOFT_ERROR_URL: &str = "https://login.microsoftonline.com/error?code=";

/// How much unreadable input is shown again in the field.
const MAX_ECHOED_CHARS: usize = 200;

#[derive(Debug, Template)]
#[template(path = "help.html")]
struct HelpPage<'a> {
    language: Language,
    frame: PageFrame<'a>,
    says: &'static HelpMessages,
    /// This page in the other language.
    other_language_url: String,
    other_language: Language,
    /// Unreadable input, shown again in the field.
    typed: String,
    answer: HelpAnswer<'a>,
    status: &'a ConnectLinkStatus,
}

/// The answer to what was typed.
#[derive(Debug)]
enum HelpAnswer<'a> {
    None,
    /// There is no AADSTS number in it.
    Unreadable,
    /// Not in our table of numbers.
    UnknownNumber(NumberInfo),
    KnownNumber(NumberInfo, Box<KnownNumberInfo<'a>>),
}

/// What the page says about any number.
#[derive(Debug)]
struct NumberInfo {
    number: String,
    microsoft_url: String,
    forward: Option<ForwardMessage>,
}

/// What the page adds about a number in our table.
#[derive(Debug)]
struct KnownNumberInfo<'a> {
    code: &'static str,
    message: Message,
    actor: String,
    /// The redirect URI to register, if the number says that it is not registered.
    redirect_uri: Option<&'a Url>,
    /// Where in the portal it is solved.
    portal_link: Option<PortalLink>,
}

impl HelpPage<'_> {
    fn has_answer(&self) -> bool {
        matches!(self.answer, HelpAnswer::UnknownNumber(_) | HelpAnswer::KnownNumber(..))
    }

    /// All numbers of our table, by finding.
    #[expect(clippy::unused_self, reason = "a template can call methods of its page only")]
    fn numbers(&self) -> &'static [(Found, &'static [u32])] {
        Found::aadsts_codes()
    }
}

/// Renders the help page. Asks Microsoft nothing.
pub(crate) fn page(
    query: &HelpQuery,
    link: &ConnectLinkView,
    redirect_uri: &Url,
    (frame, browser_language): (PageFrame<'_>, Language),
) -> Result<Html<String>, Problem> {
    let language = query.language.or(link.language).unwrap_or(browser_language);
    let other_language = language.choose(Language::En, Language::Pl);
    let (evidence, status) = (parse_error_page(&query.typed), &link.status);
    let answer = explain(query, &evidence, status, redirect_uri, language);
    let page = HelpPage {
        language,
        frame,
        says: HelpMessages::of(language),
        other_language_url: page_url(&to_query_text(&evidence).unwrap_or_else(|| echo_input(query)), other_language),
        other_language,
        typed: if evidence.aadsts.is_some() { String::new() } else { echo_input(query) },
        answer,
        status,
    };
    page.render().map(Html).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}

fn explain<'a>(
    query: &HelpQuery,
    evidence: &Evidence,
    status: &ConnectLinkStatus,
    redirect_uri: &'a Url,
    language: Language,
) -> HelpAnswer<'a> {
    let Some(number) = evidence.aadsts else {
        return if query.typed.is_empty() { HelpAnswer::None } else { HelpAnswer::Unreadable };
    };
    let kind = Found::from_aadsts(number);
    let redirect_uri = kind.filter(|kind| portal_link::needs_redirect_uri(*kind)).map(|_| redirect_uri);
    let portal_link = kind.and_then(|kind| PortalLink::of(kind, status, language));
    // A recruiter who can solve it alone needs no message to forward.
    let is_recruiters = |kind: Found| kind.actor() == Actor::Recruiter && kind.other_actor().is_none();
    let forward = kind.is_none_or(|kind| !is_recruiters(kind)).then(|| {
        let portal_url = portal_link.as_ref().map(|link| link.url.as_str());
        forward_message::new(evidence, kind, redirect_uri, status, portal_url, language)
    });
    let info =
        NumberInfo { number: aadsts_label(number), microsoft_url: format!("{MICROSOFT_ERROR_URL}{number}"), forward };
    match kind {
        None => HelpAnswer::UnknownNumber(info),
        Some(kind) => {
            let (message, actor) = (kind.message(language), messages::actor_names(kind, language));
            HelpAnswer::KnownNumber(
                info,
                Box::new(KnownNumberInfo { code: kind.code(), message, actor, redirect_uri, portal_link }),
            )
        }
    }
}

/// The evidence in one line that [`parse_error_page`] can parse again.
fn to_query_text(evidence: &Evidence) -> Option<String> {
    let labels = [("Correlation ID", &evidence.correlation_id), ("Timestamp", &evidence.timestamp)];
    let values = labels.into_iter().filter_map(|(label, value)| Some(format!("{label}: {}", value.as_ref()?)));
    Some(std::iter::once(aadsts_label(evidence.aadsts?)).chain(values).collect::<Vec<_>>().join(" "))
}

fn echo_input(query: &HelpQuery) -> String {
    query.typed.chars().take(MAX_ECHOED_CHARS).collect()
}

/// The address of this page, relative, with an input and a language.
fn page_url(typed: &str, language: Language) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !typed.is_empty() {
        query.append_pair("code", typed);
    }
    format!("?{}", query.append_pair("language", language.bcp47()).finish())
}

#[cfg(test)]
mod tests {
    use shared::http::branding::Branding;

    use super::*;

    fn render(typed: &str, language: Language) -> String {
        let query = HelpQuery { typed: typed.to_owned(), language: Some(language) };
        let link = ConnectLinkView { language: None, status: ConnectLinkStatus::Invalid };
        let redirect_uri = Url::parse("https://teams.ats.example/oauth/callback").unwrap();
        page(&query, &link, &redirect_uri, (PageFrame::plain(&Branding::default()), Language::En)).unwrap().0
    }

    #[test]
    fn the_language_is_the_chosen_one_else_the_links_else_the_browsers() {
        let redirect_uri = Url::parse("https://teams.ats.example/oauth/callback").unwrap();
        let shown = |chosen: Option<Language>, language: Option<Language>, browser_language: Language| {
            let query = HelpQuery { typed: String::new(), language: chosen };
            let link = ConnectLinkView { language, status: ConnectLinkStatus::Unknown };
            let page = page(&query, &link, &redirect_uri, (PageFrame::plain(&Branding::default()), browser_language))
                .unwrap()
                .0;
            Language::ALL.into_iter().find(|one| page.contains(&format!("<html lang=\"{}\">", one.bcp47())))
        };
        let (pl, en) = (Language::Pl, Language::En);
        assert_eq!(shown(None, None, pl), Some(pl));
        assert_eq!(shown(None, Some(en), pl), Some(en));
        assert_eq!(shown(Some(pl), Some(en), en), Some(pl));
    }

    #[test]
    fn the_link_to_the_other_language_keeps_the_number() {
        let id = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
        let before = "We could not sign you in. ".repeat(20);
        let typed = format!("{before}Correlation Id: {id} Timestamp: 2026-11-24T09:00:00Z Message: AADSTS50011: x");
        let page = render(&typed, Language::Pl);
        let url = page.split("<nav").nth(1).and_then(|rest| rest.split('"').find(|part| part.starts_with('?')));
        let query = url.unwrap().trim_start_matches('?').replace("&#38;", "&");
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(pairs[1], ("language".to_owned(), "en".to_owned()));
        assert_eq!(parse_error_page(&pairs[0].1), parse_error_page(&typed), "{query}");
        assert!(render("", Language::En).contains("href=\"?language=pl\""));
    }

    #[test]
    fn an_unknown_number_is_not_explained_and_names_no_actor() {
        let page = render("AADSTS12345", Language::En);
        assert!(
            page.contains("AADSTS12345") && page.contains(HelpMessages::of(Language::En).unknown.trim_end_matches('.'))
        );
        assert!(page.contains(HelpMessages::of(Language::En).nobody_knows_who) && page.contains("error?code=12345"));
        assert!(!page.contains("data-code="), "it is no finding");
    }

    #[test]
    fn input_without_a_number_is_escaped_and_cut_short() {
        let page = render(&"\"><b>".repeat(100), Language::En);
        assert!(
            page.contains(HelpMessages::of(Language::En).unreadable.trim_end_matches('.')) && !page.contains("<b>")
        );
        assert!(page.matches("&#62;&#60;b").count() == MAX_ECHOED_CHARS / 5, "{page}");
    }
}
