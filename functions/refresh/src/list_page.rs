//! Pages of a list: where one ends and the next begins.
//!
//! A page begins behind the last entry of the one before, by the order of the list and the id. So entries that come or go
//! meanwhile move nothing: nobody stands on two pages, and whoever is there the whole time stands on one.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use shared::http::accept::ListFormat;
use shared::http::problem::{Problem, ProblemKind};
use shared::http::urlencoded;

use crate::csv;

/// Where an entry lies in the order of a list: by what the list is sorted by, and by its id among equals. Neither has blanks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ListPosition {
    pub(crate) key: String,
    pub(crate) id: String,
}

impl ListPosition {
    /// The position in a list of this order, as callers send it back.
    pub(crate) fn to_cursor(&self, order: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{order} {} {}", self.key, self.id))
    }

    /// The position of a cursor of a list of this order.
    pub(crate) fn parse_cursor(cursor: &str, order: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        match text.split(' ').collect::<Vec<_>>().as_slice() {
            [of_order, key, id] if *of_order == order => Some(Self { key: (*key).to_owned(), id: (*id).to_owned() }),
            _ => None,
        }
    }
}

/// The entries behind this position, at most `limit`, in order; and the last one's position where there are more.
pub(crate) fn cut<T>(
    mut entries: Vec<(ListPosition, T)>,
    after: Option<&ListPosition>,
    limit: usize,
) -> (Vec<T>, Option<ListPosition>) {
    entries.retain(|(position, _)| after.is_none_or(|after| position > after));
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let next = (entries.len() > limit).then(|| entries.get(limit - 1).map(|(position, _)| position.clone())).flatten();
    entries.truncate(limit);
    (entries.into_iter().map(|(_, entry)| entry).collect(), next)
}

/// A page as it goes out.
pub(crate) trait ListResponse: Serialize {
    /// An entry.
    type Entry: Serialize;
    /// The columns of the CSV: the members of an entry.
    const COLUMNS: &'static [&'static str];
    fn entries(&self) -> &[Self::Entry];
    fn next_page(&self) -> Option<&str>;
}

/// The page in a format. Where there is a next one, its address stands in `Link` too (RFC 8288), for CSV has no place for it.
pub(crate) fn render<L: ListResponse>(page: &L, format: ListFormat, query: &str) -> Result<Response, Problem> {
    let (media_type, body) = match format {
        ListFormat::Json => ("application/json", serde_json::to_string(page)),
        ListFormat::Csv => ("text/csv; charset=utf-8; header=present", csv::render(L::COLUMNS, page.entries())),
    };
    let internal = |cause: String| Problem::from(ProblemKind::Internal).with_cause(cause);
    let body = body.map_err(|error| internal(error.to_string()))?;
    let mut response = (StatusCode::OK, [(CONTENT_TYPE, media_type)], Body::from(body)).into_response();
    if let Some(next) = page.next_page() {
        let next = urlencoded::replace(query, "page", next)?;
        let link = HeaderValue::from_str(&format!("<?{next}>; rel=\"next\""));
        response.headers_mut().insert(LINK, link.map_err(|error| internal(error.to_string()))?);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(key: &str, id: &str) -> ListPosition {
        ListPosition { key: key.to_owned(), id: id.to_owned() }
    }

    fn walk(
        entries: &[(&str, &str)],
        limit: usize,
        mut change: impl FnMut(&mut Vec<(ListPosition, String)>),
    ) -> Vec<String> {
        let mut all: Vec<_> = entries.iter().map(|(key, id)| (at(key, id), (*id).to_owned())).collect();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (page, next) = cut(all.clone(), after.as_ref(), limit);
            assert!(page.len() <= limit);
            seen.extend(page);
            change(&mut all);
            match next {
                Some(next) => after = ListPosition::parse_cursor(&next.to_cursor("since"), "since"),
                None => return seen,
            }
        }
    }

    #[test]
    fn pages_show_everybody_once_in_order() {
        let entries = [("2", "a"), ("1", "d"), ("2", "b"), ("1", "c"), ("3", "e")];
        for limit in 1..=6 {
            assert_eq!(walk(&entries, limit, |_| {}), ["c", "d", "a", "b", "e"], "{limit}");
        }
        assert!(walk(&[], 1, |_| {}).is_empty());
    }

    #[test]
    fn who_comes_or_goes_between_two_pages_moves_nobody() {
        let entries = [("1", "a"), ("1", "c"), ("1", "e"), ("1", "g")];
        let seen = walk(&entries, 1, |all| {
            all.retain(|(_, id)| id != "a" && id != "c");
            all.push((at("1", "0"), "0".to_owned()));
        });
        assert_eq!(seen, ["a", "e", "g"], "whoever left between is not seen, and whoever stays is, once");
    }

    #[test]
    fn a_cursor_is_one_of_this_list_in_this_order() {
        let cursor = at("2026-12-24", "kadry").to_cursor("expires_on");
        assert_eq!(ListPosition::parse_cursor(&cursor, "expires_on"), Some(at("2026-12-24", "kadry")));
        assert_eq!(ListPosition::parse_cursor(&cursor, "since"), None);
        for text in ["", "nonsense", "AA", &URL_SAFE_NO_PAD.encode("since a"), &URL_SAFE_NO_PAD.encode("since a b c")] {
            assert_eq!(ListPosition::parse_cursor(text, "since"), None, "{text}");
        }
    }
}
