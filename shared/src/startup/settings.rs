//! Settings: environment variables, read once. All errors are reported together.

mod branding;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use url::Url;

use crate::adapters::microsoft::Endpoints;
use crate::adapters::vault::secret_names::SecretPrefix;
use crate::http::branding::Branding;
use crate::http::routes;
use crate::types::base_url::BaseUrl;

/// The path of the redirect URI that customers register.
pub const REDIRECT_PATH: &str = routes::RETURN_FROM_MICROSOFT.path;

/// The path of the redirect URI that former customers registered.
pub const LEGACY_REDIRECT_PATH: &str = routes::RETURN_FROM_MICROSOFT_LEGACY.path;

/// The source of settings: the environment, or a table in tests.
pub trait EnvSource {
    /// The value of a variable, if it is set.
    fn get(&self, name: &str) -> Option<String>;
}

/// The environment of the process.
#[derive(Debug, Clone, Copy)]
pub struct ProcessEnv;

impl EnvSource for ProcessEnv {
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

impl<F: Fn(&str) -> Option<String>> EnvSource for F {
    fn get(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// The settings of a function.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `PUBLIC_URL`: the address of this deployment for people. Links begin with it.
    pub public_url: BaseUrl,
    /// `API_URL`: the address for the ATS's calls. Default: that for people.
    pub api_url: BaseUrl,
    /// `ISSUER_URL`: the address of our issuer, which customers' apps trust. Default: the address for people.
    pub issuer_url: BaseUrl,
    /// `ATS_COMPLETION_URL`: the page of the ATS that completes a sign-in.
    pub completion_url: Url,
    /// `ATS_COMPLETION_URLS`: further pages of the ATS to which a sign-in may return. Default none.
    pub completion_urls: Vec<Url>,
    /// `WEBHOOK_URL`: the address of the ATS that events are sent to. Default none: then nothing is told.
    pub webhook_url: Option<Url>,
    /// `SECRET_PREFIX`: the prefix of our secrets' names. Default `teams-connect`.
    pub prefix: SecretPrefix,
    /// `MICROSOFT_LOGIN_URL` and `MICROSOFT_GRAPH_URL`. Default: the global cloud.
    pub endpoints: Endpoints,
    /// The redirect URI that administrators register: `PUBLIC_URL` with `REDIRECT_PATH`, by default `/oauth/callback`.
    pub redirect_uri: Url,
    /// How often the schedule does its tasks.
    pub schedule: ScheduleSettings,
    /// Whose pages they are. Clones of the settings share it.
    pub branding: Arc<Branding>,
    /// The version of the product and, on AWS, of the function that was published: `0.1.0+7`.
    pub version: String,
}

/// How often the schedule does its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduleSettings {
    /// `REFRESH_TOKENS_EVERY_DAYS`: the maximal time without use of a refresh token. Default 7; it expires after 90.
    pub refresh_tokens_days: i64,
    /// `CHECK_APPS_EVERY_HOURS`: how often to check every customer's app. Default 24.
    pub check_apps_hours: i64,
    /// `TOKEN_WRITES_PER_DAY`: how often per secret and day to write tokens that a meeting refreshed. Default 48; set 0 from
    /// 200 000 recruiters on.
    pub token_writes: u32,
}

/// All settings that are missing or not valid.
#[derive(Debug, PartialEq, Eq)]
pub struct SettingsError(Vec<String>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not complete: {}", self.0.join("; "))
    }
}

impl std::error::Error for SettingsError {}

/// Reads settings and collects the errors.
struct SettingsReader<'a> {
    env: &'a dyn EnvSource,
    errors: Vec<String>,
}

impl SettingsReader<'_> {
    fn is_set(&self, name: &str) -> bool {
        self.env.get(name).is_some_and(|text| !text.is_empty())
    }

    /// The value of a setting that may be missing; `None` too where it is not valid.
    fn optional<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Option<T> {
        if self.is_set(name) { self.parse(name, None) } else { None }
    }

    fn parse<T: FromStr<Err: fmt::Display>>(&mut self, name: &str, default: Option<&str>) -> Option<T> {
        let text = self.env.get(name).filter(|text| !text.is_empty()).or_else(|| default.map(str::to_owned));
        let Some(text) = text else {
            self.errors.push(format!("{name} is not set"));
            return None;
        };
        text.parse().map_err(|error| self.errors.push(format!("{name}: {error}"))).ok()
    }
}

impl Settings {
    /// Reads all settings.
    ///
    /// # Errors
    /// [`SettingsError`] names every setting that is missing or not valid.
    pub fn read(env: &dyn EnvSource) -> Result<Self, SettingsError> {
        let mut reader = SettingsReader { env, errors: Vec::new() };
        let public_url: Option<BaseUrl> = reader.parse("PUBLIC_URL", None);
        let api_url = reader.optional("API_URL").or_else(|| public_url.clone());
        let issuer_url = reader.optional("ISSUER_URL").or_else(|| public_url.clone());
        let completion: Option<CompletionUrl> = reader.parse("ATS_COMPLETION_URL", None);
        let others: Option<CompletionUrls> = reader.parse("ATS_COMPLETION_URLS", Some(""));
        let webhook = reader.optional("WEBHOOK_URL");
        let prefix = reader.parse("SECRET_PREFIX", Some("teams-connect"));
        let login = reader.parse("MICROSOFT_LOGIN_URL", Some("https://login.microsoftonline.com"));
        let graph = reader.parse("MICROSOFT_GRAPH_URL", Some("https://graph.microsoft.com"));
        let path: Option<RedirectPath> = reader.parse("REDIRECT_PATH", Some(REDIRECT_PATH));
        let redirect_uri = public_url
            .as_ref()
            .zip(path)
            .and_then(|(base, RedirectPath(path))| Url::parse(&format!("{}{path}", base.as_str())).ok());
        let days: Option<InRange<2, 80>> = reader.parse("REFRESH_TOKENS_EVERY_DAYS", Some("7"));
        let hours: Option<InRange<1, 168>> = reader.parse("CHECK_APPS_EVERY_HOURS", Some("24"));
        let writes: Option<InRange<0, 48>> = reader.parse("TOKEN_WRITES_PER_DAY", Some("48"));
        let schedule = days.zip(hours).zip(writes).map(|((days, hours), writes)| ScheduleSettings {
            refresh_tokens_days: days.0.into(),
            check_apps_hours: hours.0.into(),
            token_writes: writes.0,
        });
        let branding = reader.branding();
        // One of the settings that may be missing is there and not valid.
        let completion = completion.zip(others).filter(|_| reader.errors.is_empty());
        let complete =
            (public_url.zip(api_url).zip(issuer_url), completion, prefix, login, graph, redirect_uri.zip(schedule));
        let (
            Some(((public_url, api_url), issuer_url)),
            Some(completion),
            Some(prefix),
            Some(login),
            Some(graph),
            Some(rest),
        ) = complete
        else {
            return Err(SettingsError(reader.errors));
        };
        let (endpoints, (redirect_uri, schedule)) = (Endpoints { login, graph }, rest);
        let (CompletionUrl(completion_url), CompletionUrls(completion_urls)) = completion;
        let webhook_url = webhook.map(|CompletionUrl(url)| url);
        let version = version(env);
        Ok(Self {
            public_url,
            api_url,
            issuer_url,
            completion_url,
            completion_urls,
            webhook_url,
            prefix,
            endpoints,
            redirect_uri,
            schedule,
            branding: Arc::new(branding),
            version,
        })
    }

    /// The address for the ATS's calls, where it is another than that for people.
    #[must_use]
    pub fn separate_api_url(&self) -> Option<&BaseUrl> {
        Some(&self.api_url).filter(|url| **url != self.public_url)
    }

    /// The page of the ATS with this address, if a sign-in may return to it.
    #[must_use]
    pub fn find_completion_url(&self, address: &str) -> Option<&Url> {
        // The parser passes over blanks and line breaks.
        let wanted = Url::parse(address).ok().filter(|_| !address.contains(|c: char| c <= ' '))?;
        std::iter::once(&self.completion_url).chain(&self.completion_urls).find(|allowed| **allowed == wanted)
    }
}

/// The version of the product and, on AWS, of the function that was published. Lambda tells its number in this variable; where
/// none was published it is no number.
pub(super) fn version(env: &dyn EnvSource) -> String {
    let product = env!("CARGO_PKG_VERSION");
    match env.get("AWS_LAMBDA_FUNCTION_VERSION").and_then(|number| number.parse::<u64>().ok()) {
        Some(number) => format!("{product}+{number}"),
        None => product.to_owned(),
    }
}

/// A whole number between two limits.
struct InRange<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> FromStr for InRange<MIN, MAX> {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse().ok().filter(|number| (MIN..=MAX).contains(number));
        number.map(Self).ok_or_else(|| format!("must be a whole number from {MIN} to {MAX}"))
    }
}

/// The page of the ATS. It may have a query, but no fragment.
struct CompletionUrl(Url);

impl FromStr for CompletionUrl {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| "not an address")?;
        let mut without_query = url.clone();
        without_query.set_query(None);
        match without_query.as_str().parse::<BaseUrl>() {
            Ok(_) if url.fragment().is_none() => Ok(Self(url)),
            _ => Err("must be https (http only for a loopback host), without credentials or fragment"),
        }
    }
}

/// The longest further page, in bytes: its address travels in the cookie of a sign-in, and browsers drop cookies of more
/// than 4096 bytes.
const MAX_COMPLETION_URL_BYTES: usize = 512;

/// Pages of the ATS, separated by commas.
struct CompletionUrls(Vec<Url>);

impl FromStr for CompletionUrls {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let addresses = text.split(',').map(str::trim).filter(|address| !address.is_empty());
        let parse = |address: &str| match address.parse() {
            Ok(CompletionUrl(url)) if url.as_str().len() <= MAX_COMPLETION_URL_BYTES => Ok(url),
            Ok(_) => Err("an address is longer than 512 bytes"),
            Err(error) => Err(error),
        };
        addresses.map(parse).collect::<Result<_, _>>().map(Self)
    }
}

/// A path that Entra accepts in a redirect URI
/// ([restrictions](https://learn.microsoft.com/entra/identity-platform/reply-url)).
struct RedirectPath(String);

impl FromStr for RedirectPath {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte));
        if text.len() > 1 && text.starts_with('/') && !text.contains("//") && !text.ends_with('/') && is_allowed {
            Ok(Self(text.to_owned()))
        } else {
            Err("must begin with a slash, end without one, and have letters, digits, dots, hyphens and slashes only")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let find = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::read(&find)
    }

    #[test]
    fn two_settings_suffice() {
        let settings = read(&[
            ("PUBLIC_URL", "https://teams.ats.example/"),
            ("ATS_COMPLETION_URL", "https://ats.example/done?x=1"),
        ])
        .unwrap();
        assert_eq!(settings.redirect_uri.as_str(), "https://teams.ats.example/oauth/callback");
        assert_eq!(settings.endpoints, Endpoints::global().unwrap());
        assert_eq!(settings.completion_url.as_str(), "https://ats.example/done?x=1");
        let schedule = ScheduleSettings { refresh_tokens_days: 7, check_apps_hours: 24, token_writes: 48 };
        assert_eq!(settings.schedule, schedule);
    }

    #[test]
    fn all_errors_are_named_at_once() {
        let error = read(&[
            ("PUBLIC_URL", "http://teams.ats.example"),
            ("SECRET_PREFIX", "/"),
            ("MICROSOFT_LOGIN_URL", "http://login.example"),
            ("REDIRECT_PATH", "callback"),
            ("REFRESH_TOKENS_EVERY_DAYS", "90"),
            ("CHECK_APPS_EVERY_HOURS", "0"),
            ("TOKEN_WRITES_PER_DAY", "-1"),
        ])
        .unwrap_err();
        let text = error.to_string();
        for name in [
            "PUBLIC_URL",
            "ATS_COMPLETION_URL is not set",
            "SECRET_PREFIX",
            "MICROSOFT_LOGIN_URL",
            "REDIRECT_PATH",
            "REFRESH_TOKENS_EVERY_DAYS",
            "CHECK_APPS_EVERY_HOURS",
            "TOKEN_WRITES_PER_DAY",
        ] {
            assert!(text.contains(name), "{name}: {text}");
        }
        assert!(!text.contains("MICROSOFT_GRAPH_URL"));
    }

    #[test]
    fn the_ats_may_call_at_another_address_than_people_open() {
        let api_url = |other: &str| {
            let people = [("PUBLIC_URL", "https://ats.example"), ("ATS_COMPLETION_URL", "https://ats.example/done")];
            read(&[people[0], people[1], ("API_URL", other)]).map(|settings| {
                let separate = settings.separate_api_url().is_some();
                (settings.api_url.as_str().to_owned(), separate)
            })
        };
        assert_eq!(api_url("https://teams.ats.example").unwrap(), ("https://teams.ats.example".to_owned(), true));
        for same in ["", "https://ats.example/"] {
            assert_eq!(api_url(same).unwrap(), ("https://ats.example".to_owned(), false));
        }
        assert!(api_url("http://teams.ats.example").unwrap_err().to_string().contains("API_URL"));
    }

    #[test]
    fn the_version_is_that_of_the_product_and_of_the_function_that_was_published() {
        let version = |number: Option<&str>| super::version(&|_: &str| number.map(str::to_owned));
        let product = env!("CARGO_PKG_VERSION");
        assert_eq!(version(Some("7")), format!("{product}+7"));
        assert_eq!([version(Some("$LATEST")), version(None)], [product, product]);
    }

    #[test]
    fn the_path_of_former_registrations_can_be_kept() {
        let settings = read(&[
            ("PUBLIC_URL", "https://ats.example"),
            ("ATS_COMPLETION_URL", "https://ats.example/done"),
            ("REDIRECT_PATH", LEGACY_REDIRECT_PATH),
        ]);
        assert!(settings.unwrap().redirect_uri.as_str().ends_with("/Microsoft/OAuth2.aspx"));
    }

    #[test]
    fn a_sign_in_returns_to_the_pages_that_are_listed_and_to_no_others() {
        let with = |urls: &str| {
            read(&[
                ("PUBLIC_URL", "https://teams.ats.example"),
                ("ATS_COMPLETION_URL", "https://ats.example/done"),
                ("ATS_COMPLETION_URLS", urls),
            ])
        };
        let settings = with(" https://ats.example/a?x=1, ,http://localhost:1/b,").unwrap();
        for known in ["https://ats.example/done", "https://ats.example/a?x=1", "http://localhost:1/b"] {
            assert_eq!(settings.find_completion_url(known).map(Url::as_str), Some(known));
        }
        for unknown in ["", "https://ats.example/a", "https://ats.example/done?x=1", "https://ats.example/do\nne"] {
            assert_eq!(settings.find_completion_url(unknown), None, "{unknown}");
        }
        for wrong in ["x", "http://ats.example/", "https://ats.example/#x", &format!("https://a.example/{:0512}", 0)] {
            let faults = with(&format!("https://ats.example/a,{wrong}")).unwrap_err().to_string();
            assert!(faults.contains("ATS_COMPLETION_URLS: "), "{faults}");
        }
    }
}
