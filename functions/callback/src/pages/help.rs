//! The help page of a connect link: it explains Microsoft's error numbers, because from some errors Microsoft sends
//! nobody back. A redirect URI that is not registered (AADSTS50011) leaves the recruiter on Microsoft's own page.

mod forward_message;
mod messages;
mod portal_link;

use askama::Template;
use axum::response::Html;
use url::{Url, form_urlencoded};

use shared::domain::finding::{Actor, Evidence, FindingKind as Found, Message};
use shared::domain::sign_in::parse_error_page;
use shared::http::html::STYLE;
use shared::http::problem::{Problem, ProblemKind};
use shared::types::language::Language;

use crate::connect_link::{ConnectLinkStatus, ConnectLinkView};
use crate::requests::HelpQuery;
use forward_message::{ForwardMessage, aadsts_label};
use messages::HelpMessages;
use portal_link::PortalLink;

/// Microsoft's own page about its numbers
/// ([error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)).
const AT_MICROSOFT: &str = "https://login.microsoftonline.com/error?code=";

/// As much of what nobody could read as is put back into the field, in characters.
const MOST_PUT_BACK: usize = 200;

#[derive(Debug, Template)]
#[template(path = "help.html")]
struct HelpPage<'a> {
    language: Language,
    style: &'static str,
    says: &'static HelpMessages,
    /// The way to this page in the other language.
    elsewhere: String,
    other: Language,
    /// What is put back into the field: what could not be read.
    typed: String,
    asked: HelpAnswer<'a>,
    standing: &'a ConnectLinkStatus,
}

/// What was asked, and the answer.
#[derive(Debug)]
enum HelpAnswer<'a> {
    None,
    /// There is no number in it.
    Unreadable,
    /// A number that we do not know.
    UnknownNumber(NumberInfo),
    KnownNumber(NumberInfo, Box<KnownNumberInfo<'a>>),
}

/// What is told of any number.
#[derive(Debug)]
struct NumberInfo {
    number: String,
    at_microsoft: String,
    message: Option<ForwardMessage>,
}

/// What is told of a number that we know.
#[derive(Debug)]
struct KnownNumberInfo<'a> {
    code: &'static str,
    words: Message,
    actor: &'static str,
    /// What must be registered, where the number says that it is not.
    redirect_uri: Option<&'a Url>,
    /// The page of the app's registration on which it is mended.
    place: Option<PortalLink>,
}

impl HelpPage<'_> {
    fn has_answer(&self) -> bool {
        matches!(self.asked, HelpAnswer::UnknownNumber(_) | HelpAnswer::KnownNumber(..))
    }

    /// All that are known, by what they mean.
    #[expect(clippy::unused_self, reason = "a template calls methods of its page alone")]
    fn numbers(&self) -> &'static [(Found, &'static [u32])] {
        Found::aadsts_codes()
    }
}

/// The page about what was asked. Nothing of it was asked of Microsoft.
pub(crate) fn page(
    question: &HelpQuery,
    seen: &ConnectLinkView,
    redirect_uri: &Url,
    browsers: Language,
) -> Result<Html<String>, Problem> {
    let language = question.language.or(seen.language).unwrap_or(browsers);
    let other = language.choose(Language::En, Language::Pl);
    let (evidence, standing) = (parse_error_page(&question.typed), &seen.standing);
    let asked = explain(question, &evidence, standing, redirect_uri, language);
    let page = HelpPage {
        language,
        style: STYLE,
        says: HelpMessages::of(language),
        elsewhere: page_url(&to_query_text(&evidence).unwrap_or_else(|| echo_input(question)), other),
        other,
        typed: if evidence.aadsts.is_some() { String::new() } else { echo_input(question) },
        asked,
        standing,
    };
    page.render().map(Html).map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))
}

fn explain<'a>(
    question: &HelpQuery,
    evidence: &Evidence,
    standing: &ConnectLinkStatus,
    redirect_uri: &'a Url,
    language: Language,
) -> HelpAnswer<'a> {
    let Some(number) = evidence.aadsts else {
        return if question.typed.is_empty() { HelpAnswer::None } else { HelpAnswer::Unreadable };
    };
    let kind = Found::from_aadsts(number);
    let redirect_uri = kind.filter(|kind| portal_link::needs_redirect_uri(*kind)).map(|_| redirect_uri);
    let place = kind.and_then(|kind| PortalLink::of(kind, standing, language));
    // What the recruiter mends herself is forwarded to nobody.
    let message = kind.is_none_or(|kind| kind.actor() != Actor::Recruiter).then(|| {
        let place = place.as_ref().map(|place| place.address.as_str());
        forward_message::new(evidence, kind, redirect_uri, standing, place, language)
    });
    let told = NumberInfo { number: aadsts_label(number), at_microsoft: format!("{AT_MICROSOFT}{number}"), message };
    match kind {
        None => HelpAnswer::UnknownNumber(told),
        Some(kind) => {
            let (words, actor) = (kind.message(language), messages::actor_name(kind.actor(), language));
            HelpAnswer::KnownNumber(
                told,
                Box::new(KnownNumberInfo { code: kind.code(), words, actor, redirect_uri, place }),
            )
        }
    }
}

/// What was read, in one line that can be read again.
fn to_query_text(evidence: &Evidence) -> Option<String> {
    let labels = [("Correlation ID", &evidence.correlation_id), ("Timestamp", &evidence.timestamp)];
    let told = labels.into_iter().filter_map(|(label, value)| Some(format!("{label}: {}", value.as_ref()?)));
    Some(std::iter::once(aadsts_label(evidence.aadsts?)).chain(told).collect::<Vec<_>>().join(" "))
}

fn echo_input(question: &HelpQuery) -> String {
    question.typed.chars().take(MOST_PUT_BACK).collect()
}

/// This page, about this and in this language.
fn page_url(typed: &str, language: Language) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !typed.is_empty() {
        query.append_pair("code", typed);
    }
    format!("?{}", query.append_pair("language", language.bcp47()).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(typed: &str, language: Language) -> String {
        let question = HelpQuery { typed: typed.to_owned(), language: Some(language) };
        let seen = ConnectLinkView { language: None, standing: ConnectLinkStatus::Invalid };
        let redirect_uri = Url::parse("https://teams.ats.example/oauth/callback").unwrap();
        page(&question, &seen, &redirect_uri, Language::En).unwrap().0
    }

    #[test]
    fn the_language_is_the_readers_else_the_links_else_the_browsers() {
        let redirect_uri = Url::parse("https://teams.ats.example/oauth/callback").unwrap();
        let shown = |chosen: Option<Language>, language: Option<Language>, browsers: Language| {
            let question = HelpQuery { typed: String::new(), language: chosen };
            let seen = ConnectLinkView { language, standing: ConnectLinkStatus::Unknown };
            let page = page(&question, &seen, &redirect_uri, browsers).unwrap().0;
            Language::ALL.into_iter().find(|one| page.contains(&format!("<html lang=\"{}\">", one.bcp47())))
        };
        let (pl, en) = (Language::Pl, Language::En);
        assert_eq!(shown(None, None, pl), Some(pl));
        assert_eq!(shown(None, Some(en), pl), Some(en));
        assert_eq!(shown(Some(pl), Some(en), en), Some(pl));
    }

    #[test]
    fn the_other_language_is_told_the_same() {
        let id = "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f";
        let before = "We could not sign you in. ".repeat(20);
        let typed = format!("{before}Correlation Id: {id} Timestamp: 2026-11-24T09:00:00Z Message: AADSTS50011: x");
        let page = asked(&typed, Language::Pl);
        let elsewhere = page.split("<nav").nth(1).and_then(|rest| rest.split('"').find(|part| part.starts_with('?')));
        let query = elsewhere.unwrap().trim_start_matches('?').replace("&#38;", "&");
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(pairs[1], ("language".to_owned(), "en".to_owned()));
        assert_eq!(parse_error_page(&pairs[0].1), parse_error_page(&typed), "{query}");
        assert!(asked("", Language::En).contains("href=\"?language=pl\""));
    }

    #[test]
    fn a_number_that_nobody_knows_is_not_explained_and_nobody_is_blamed() {
        let page = asked("AADSTS12345", Language::En);
        assert!(page.contains("AADSTS12345") && page.contains(HelpMessages::of(Language::En).unknown));
        assert!(page.contains(HelpMessages::of(Language::En).nobody_knows_who) && page.contains("error?code=12345"));
        assert!(!page.contains("data-code="), "it is no finding");
    }

    #[test]
    fn what_holds_no_number_is_put_back_as_text_and_cut_short() {
        let page = asked(&"\"><b>".repeat(100), Language::En);
        assert!(page.contains(HelpMessages::of(Language::En).unreadable) && !page.contains("<b>"));
        assert!(page.matches("&#62;&#60;b").count() == MOST_PUT_BACK / 5, "{page}");
    }
}
