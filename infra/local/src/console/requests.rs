//! Forms and queries that a browser sends to the console.

use jiff::civil::DateTime;
use shared::http::problem::{FieldError, Problem, ProblemKind};
use shared::http::urlencoded::{parse, parse_known};
use shared::types::base_url::{BaseUrl, is_loopback};
use shared::types::ids::{CustomerId, UserId};
use shared::types::language::Language;
use url::Url;

/// What a button does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ConsoleAction {
    LogIn(CustomerId, UserId),
    IntakeLink,
    Customer,
    ConnectLink,
    Complete,
    Order(MeetingForm),
    State,
    Refresh,
    Disconnect,
}

/// The form that orders a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MeetingForm {
    pub(super) key: String,
    pub(super) subject: String,
    pub(super) start: DateTime,
    pub(super) minutes: u16,
}

/// What the browser brings back from a sign-in: a completion handle or the code of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignInReturn {
    Handle(String),
    Error(String),
}

/// How the `Host` header of a request compares with the console's own host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostMatch {
    Own,
    OtherLoopback,
    Foreign,
}

pub(super) fn parse_action(name: &str, form: &str) -> Result<ConsoleAction, Problem> {
    match name {
        "login" => {
            let [customer, user] = fields(form, ["customer", "user"])?;
            Ok(ConsoleAction::LogIn(field("customer", &customer)?, field("user", &user)?))
        }
        "meetings" => {
            let [key, subject, start, minutes] = fields(form, ["key", "subject", "start", "minutes"])?;
            let (start, minutes) = (field("start", &start)?, field("minutes", &minutes)?);
            Ok(ConsoleAction::Order(MeetingForm { key, subject, start, minutes }))
        }
        "intake-link" => Ok(ConsoleAction::IntakeLink),
        "customer" => Ok(ConsoleAction::Customer),
        "connect-link" => Ok(ConsoleAction::ConnectLink),
        "complete" => Ok(ConsoleAction::Complete),
        "state" => Ok(ConsoleAction::State),
        "refresh" => Ok(ConsoleAction::Refresh),
        "disconnect" => Ok(ConsoleAction::Disconnect),
        _ => Err(ProblemKind::NotFound.into()),
    }
}

fn fields<const N: usize>(form: &str, names: [&str; N]) -> Result<[String; N], Problem> {
    Ok(parse_known(form, names)?.map(Option::unwrap_or_default))
}

fn field<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, Problem> {
    let invalid = || {
        Problem::from(ProblemKind::InvalidFields).with_field(FieldError::new(name, "has a value that it cannot have"))
    };
    text.trim().parse().map_err(|_| invalid())
}

/// Parses the query of the completion page: `handle` or `error`.
///
/// # Errors
/// [`ProblemKind::MalformedRequest`] for any other query.
pub(super) fn parse_return(query: Option<&str>) -> Result<SignInReturn, Problem> {
    match parse_known(query.unwrap_or_default(), ["handle", "error"])? {
        [Some(handle), None] => Ok(SignInReturn::Handle(handle)),
        [None, Some(code)] => Ok(SignInReturn::Error(code)),
        _ => Err(ProblemKind::MalformedRequest.into()),
    }
}

/// The language chosen on the page.
pub(super) fn language_from_query(query: Option<&str>) -> Option<Language> {
    let parameters = parse(query?).ok()?;
    parameters.iter().find(|(name, _)| name == "language").and_then(|(_, tag)| Language::from_bcp47(tag))
}

/// Whether the address has the token that opens the console.
pub(super) fn has_token(query: Option<&str>, token: &str) -> bool {
    let parameters = parse(query.unwrap_or_default()).unwrap_or_default();
    parameters.iter().any(|(name, value)| name == "token" && value == token)
}

/// Compares `Host` with the host name of the console.
pub(super) fn match_host(host: &str, public_url: &BaseUrl) -> HostMatch {
    let (Ok(requested), Ok(ours)) = (Url::parse(&format!("http://{host}")), Url::parse(public_url.as_str())) else {
        return HostMatch::Foreign;
    };
    // A missing port is the default port of the public address's scheme.
    let port = |url: &Url| url.port().or(ours.port_or_known_default());
    if requested.host() == ours.host() && port(&requested) == port(&ours) {
        HostMatch::Own
    } else if is_loopback(&requested) {
        HostMatch::OtherLoopback
    } else {
        HostMatch::Foreign
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> BaseUrl {
        "http://localhost:8700".parse().unwrap()
    }

    #[test]
    fn every_button_is_parsed_and_anything_else_is_an_error() {
        let login = parse_action("login", "customer=kadry-polska&user=anna.nowak").unwrap();
        assert_eq!(login, ConsoleAction::LogIn("kadry-polska".parse().unwrap(), "anna.nowak".parse().unwrap()));
        let order =
            parse_action("meetings", "key=k&subject=Rozmowa+%C5%BC&start=2026-11-25T10%3A00&minutes=45").unwrap();
        let start = "2026-11-25T10:00:00".parse().unwrap();
        assert_eq!(
            order,
            ConsoleAction::Order(MeetingForm { key: "k".into(), subject: "Rozmowa ż".into(), start, minutes: 45 })
        );
        for (name, form) in [
            ("login", "customer=a/b&user=anna"),
            ("login", "customer=a"),
            ("meetings", "key=k&subject=s&start=tomorrow&minutes=45"),
            ("meetings", "key=k&subject=s&start=2026-11-25T10:00&minutes=-1"),
            ("meetings", "key=k&key=l"),
            ("completed", ""),
            ("", ""),
        ] {
            assert!(parse_action(name, form).is_err(), "{name} {form}");
        }
    }

    #[test]
    fn a_sign_in_returns_a_handle_or_an_error() {
        assert_eq!(parse_return(Some("handle=v4.local.x")).unwrap(), SignInReturn::Handle("v4.local.x".into()));
        assert_eq!(
            parse_return(Some("error=sign_in_declined")).unwrap(),
            SignInReturn::Error("sign_in_declined".into())
        );
        for query in [None, Some(""), Some("handle=a&error=b"), Some("handle=a&handle=b"), Some("code=a")] {
            assert!(parse_return(query).is_err(), "{query:?}");
        }
    }

    #[test]
    fn the_console_serves_only_its_own_host_name() {
        assert_eq!(match_host("localhost:8700", &base()), HostMatch::Own);
        for host in ["127.0.0.1:8700", "[::1]:8700", "localhost:9000"] {
            assert_eq!(match_host(host, &base()), HostMatch::OtherLoopback, "{host}");
        }
        for host in ["evil.example:8700", "localhost.evil.example", "", "a b", "10.0.0.1:8700"] {
            assert_eq!(match_host(host, &base()), HostMatch::Foreign, "{host}");
        }
        assert_eq!(match_host("localhost", &"http://localhost".parse().unwrap()), HostMatch::Own);
    }
}
