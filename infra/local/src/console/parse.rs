//! What a browser sends to the console.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use jiff::civil::DateTime;
use shared::ids::{CustomerId, UserId};
use shared::language::Language;
use shared::microsoft::{Base, is_loopback};
use shared::web::parameters::{read, read_known};
use shared::web::problem::{FieldFault, Kind, Problem};
use url::Url;

/// What somebody wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Act {
    LogIn(CustomerId, UserId),
    IntakeLink,
    Customer,
    ConnectLink,
    Complete,
    Order(Order),
    State,
    Refresh,
    Disconnect,
}

/// An order for a meeting, as it stands in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) key: String,
    pub(super) subject: String,
    pub(super) start: DateTime,
    pub(super) minutes: u16,
}

/// What a browser brings from a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Returned {
    Handle(String),
    Refused(String),
}

/// Under which name the console was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    OtherName,
    Foreign,
}

pub(super) fn act(name: &str, form: &str) -> Result<Act, Problem> {
    match name {
        "login" => {
            let [customer, user] = fields(form, ["customer", "user"])?;
            Ok(Act::LogIn(field("customer", &customer)?, field("user", &user)?))
        }
        "meetings" => {
            let [key, subject, start, minutes] = fields(form, ["key", "subject", "start", "minutes"])?;
            let (start, minutes) = (field("start", &start)?, field("minutes", &minutes)?);
            Ok(Act::Order(Order { key, subject, start, minutes }))
        }
        "intake-link" => Ok(Act::IntakeLink),
        "customer" => Ok(Act::Customer),
        "connect-link" => Ok(Act::ConnectLink),
        "complete" => Ok(Act::Complete),
        "state" => Ok(Act::State),
        "refresh" => Ok(Act::Refresh),
        "disconnect" => Ok(Act::Disconnect),
        _ => Err(Kind::NotFound.into()),
    }
}

fn fields<const N: usize>(form: &str, names: [&str; N]) -> Result<[String; N], Problem> {
    let values = read_known(form, names).map_err(|error| Problem::from(Kind::MalformedRequest).because(error))?;
    Ok(values.map(Option::unwrap_or_default))
}

fn field<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, Problem> {
    let fault =
        || Problem::from(Kind::InvalidFields).with_field(FieldFault::new(name, "has a value that it cannot have"));
    text.trim().parse().map_err(|_| fault())
}

/// `handle` or `error`, and nothing else.
pub(super) fn returned(query: Option<&str>) -> Result<Returned, Problem> {
    let known = read_known(query.unwrap_or_default(), ["handle", "error"]);
    match known.map_err(|error| Problem::from(Kind::MalformedRequest).because(error))? {
        [Some(handle), None] => Ok(Returned::Handle(handle)),
        [None, Some(code)] => Ok(Returned::Refused(code)),
        _ => Err(Kind::MalformedRequest.into()),
    }
}

/// What somebody chose on the page.
pub(super) fn language(query: Option<&str>) -> Option<Language> {
    let parameters = read(query?).ok()?;
    parameters.iter().find(|(name, _)| name == "language").and_then(|(_, tag)| Language::from_tag(tag))
}

/// A form that the console's own page sent. Other ports of this machine are other sites here: anything may run there.
pub(super) fn same_site(headers: &HeaderMap, public_url: &Base) -> Result<(), Problem> {
    let ours = Url::parse(public_url.as_str()).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let allowed = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        // With `Referrer-Policy: no-referrer` browsers write `Origin: null` on forms of our own.
        (Some("same-origin" | "none"), origin) => origin.is_none_or(|origin| origin == "null" || origin == ours),
        (None, origin) => origin.is_none_or(|origin| origin == ours),
        (Some(_), _) => false,
    };
    if allowed { Ok(()) } else { Err(Kind::CrossSite.into()) }
}

/// Whether `Host` is the console's own name, another of this machine's, or somebody else's.
pub(super) fn place(host: &str, public_url: &Base) -> Place {
    let (Ok(called), Ok(ours)) = (Url::parse(&format!("http://{host}")), Url::parse(public_url.as_str())) else {
        return Place::Foreign;
    };
    // A port that is not written is that of the public address's scheme.
    let port = |url: &Url| url.port().or(ours.port_or_known_default());
    if called.host() == ours.host() && port(&called) == port(&ours) {
        Place::Home
    } else if is_loopback(&called) {
        Place::OtherName
    } else {
        Place::Foreign
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn base() -> Base {
        "http://localhost:8700".parse().unwrap()
    }

    #[test]
    fn every_button_is_understood_and_nothing_else() {
        let login = act("login", "customer=kadry-polska&user=anna.nowak").unwrap();
        assert_eq!(login, Act::LogIn("kadry-polska".parse().unwrap(), "anna.nowak".parse().unwrap()));
        let order = act("meetings", "key=k&subject=Rozmowa+%C5%BC&start=2026-11-25T10%3A00&minutes=45").unwrap();
        let start = "2026-11-25T10:00:00".parse().unwrap();
        assert_eq!(order, Act::Order(Order { key: "k".into(), subject: "Rozmowa ż".into(), start, minutes: 45 }));
        for (name, form) in [
            ("login", "customer=a/b&user=anna"),
            ("login", "customer=a"),
            ("meetings", "key=k&subject=s&start=tomorrow&minutes=45"),
            ("meetings", "key=k&subject=s&start=2026-11-25T10:00&minutes=-1"),
            ("meetings", "key=k&key=l"),
            ("completed", ""),
            ("", ""),
        ] {
            assert!(act(name, form).is_err(), "{name} {form}");
        }
    }

    #[test]
    fn a_sign_in_brings_a_handle_or_an_error() {
        assert_eq!(returned(Some("handle=v4.local.x")).unwrap(), Returned::Handle("v4.local.x".into()));
        assert_eq!(returned(Some("error=sign_in_declined")).unwrap(), Returned::Refused("sign_in_declined".into()));
        for query in [None, Some(""), Some("handle=a&error=b"), Some("handle=a&handle=b"), Some("code=a")] {
            assert!(returned(query).is_err(), "{query:?}");
        }
    }

    #[test]
    fn a_form_is_taken_from_the_console_alone() {
        let sent = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter();
            let headers: HeaderMap =
                headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
            same_site(&headers, &base()).is_ok()
        };
        assert!(sent(&[]) && sent(&[("origin", "http://localhost:8700")]));
        assert!(sent(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        for pairs in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:3000")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "http://localhost:3000")],
        ] {
            assert!(!sent(pairs), "{pairs:?}");
        }
    }

    #[test]
    fn the_console_answers_to_its_own_name() {
        assert_eq!(place("localhost:8700", &base()), Place::Home);
        for host in ["127.0.0.1:8700", "[::1]:8700", "localhost:9000"] {
            assert_eq!(place(host, &base()), Place::OtherName, "{host}");
        }
        for host in ["evil.example:8700", "localhost.evil.example", "", "a b", "10.0.0.1:8700"] {
            assert_eq!(place(host, &base()), Place::Foreign, "{host}");
        }
        assert_eq!(place("localhost", &"http://localhost".parse().unwrap()), Place::Home);
    }
}
