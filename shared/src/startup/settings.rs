//! Settings: environment variables, read once, all faults reported together.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::adapters::microsoft::Endpoints;
use crate::adapters::vault::documents::SecretPrefix;
use crate::http::routes;
use crate::types::base_url::BaseUrl;

/// The path that every registration of today names.
pub const REDIRECT_PATH: &str = routes::RETURN_FROM_MICROSOFT.path;

/// The path that registrations of the past name.
pub const LEGACY_REDIRECT_PATH: &str = routes::RETURN_FROM_MICROSOFT_LEGACY.path;

/// Where settings come from: the environment, or a test's own table.
pub trait EnvSource {
    /// The value of a variable, if it is set.
    fn get(&self, name: &str) -> Option<String>;
}

/// The process's environment.
#[derive(Debug, Clone, Copy)]
pub struct ProcessEnv;

impl EnvSource for ProcessEnv {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

impl<F: Fn(&str) -> Option<String>> EnvSource for F {
    fn get(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// What every function needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `PUBLIC_URL`: what our links begin with.
    pub public_url: BaseUrl,
    /// `ATS_COMPLETION_URL`: the page of the ATS to which a sign-in returns.
    pub completion_url: Url,
    /// `SECRET_PREFIX`: what the names of our secrets begin with. Default `teams-connect`.
    pub prefix: SecretPrefix,
    /// `MICROSOFT_LOGIN_URL` and `MICROSOFT_GRAPH_URL`. Default: the global cloud.
    pub endpoints: Endpoints,
    /// `PUBLIC_URL` with `REDIRECT_PATH`: what administrators register. Default path `/oauth/callback`.
    pub redirect_uri: Url,
}

/// Every setting that is wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct SettingsError(Vec<String>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not complete: {}", self.0.join("; "))
    }
}

impl std::error::Error for SettingsError {}

/// Reads variables and notes what is wrong with them.
struct SettingsReader<'a> {
    strings: &'a dyn EnvSource,
    faults: Vec<String>,
}

impl SettingsReader<'_> {
    fn parse<T: FromStr<Err: fmt::Display>>(&mut self, name: &str, default: Option<&str>) -> Option<T> {
        let text = self.strings.get(name).filter(|text| !text.is_empty()).or_else(|| default.map(str::to_owned));
        let Some(text) = text else {
            self.faults.push(format!("{name} is not set"));
            return None;
        };
        text.parse().map_err(|error| self.faults.push(format!("{name}: {error}"))).ok()
    }
}

impl Settings {
    /// Reads them all.
    ///
    /// # Errors
    /// [`SettingsError`] names every variable that is missing or wrong.
    pub fn read(strings: &dyn EnvSource) -> Result<Self, SettingsError> {
        let mut reader = SettingsReader { strings, faults: Vec::new() };
        let public_url: Option<BaseUrl> = reader.parse("PUBLIC_URL", None);
        let completion: Option<CompletionUrl> = reader.parse("ATS_COMPLETION_URL", None);
        let prefix = reader.parse("SECRET_PREFIX", Some("teams-connect"));
        let login = reader.parse("MICROSOFT_LOGIN_URL", Some("https://login.microsoftonline.com"));
        let graph = reader.parse("MICROSOFT_GRAPH_URL", Some("https://graph.microsoft.com"));
        let path: Option<RedirectPath> = reader.parse("REDIRECT_PATH", Some(REDIRECT_PATH));
        let redirect_uri = public_url
            .as_ref()
            .zip(path)
            .and_then(|(base, RedirectPath(path))| Url::parse(&format!("{}{path}", base.as_str())).ok());
        let complete = (public_url, completion, prefix, login, graph, redirect_uri);
        let (Some(public_url), Some(completion), Some(prefix), Some(login), Some(graph), Some(redirect_uri)) = complete
        else {
            return Err(SettingsError(reader.faults));
        };
        let endpoints = Endpoints { login, graph };
        Ok(Self { public_url, completion_url: completion.0, prefix, endpoints, redirect_uri })
    }
}

/// The ATS's page: an address that may have a query of its own, but no fragment.
struct CompletionUrl(Url);

impl FromStr for CompletionUrl {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| "not an address")?;
        let mut bare = url.clone();
        bare.set_query(None);
        match bare.as_str().parse::<BaseUrl>() {
            Ok(_) if url.fragment().is_none() => Ok(Self(url)),
            _ => Err("must be https (http only for a loopback host), without credentials or fragment"),
        }
    }
}

/// A path that Entra takes in a redirect URI
/// ([restrictions](https://learn.microsoft.com/entra/identity-platform/reply-url)).
struct RedirectPath(String);

impl FromStr for RedirectPath {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte));
        if text.len() > 1 && text.starts_with('/') && !text.contains("//") && !text.ends_with('/') && plain {
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
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let faults = read(&[
            ("PUBLIC_URL", "http://teams.ats.example"),
            ("SECRET_PREFIX", "/"),
            ("MICROSOFT_LOGIN_URL", "http://login.example"),
            ("REDIRECT_PATH", "callback"),
        ])
        .unwrap_err();
        let text = faults.to_string();
        for name in
            ["PUBLIC_URL", "ATS_COMPLETION_URL is not set", "SECRET_PREFIX", "MICROSOFT_LOGIN_URL", "REDIRECT_PATH"]
        {
            assert!(text.contains(name), "{name}: {text}");
        }
        assert!(!text.contains("MICROSOFT_GRAPH_URL"));
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
}
