//! Whose page it is: name, logo, colour and links of the ATS, as the operator sets them.

mod palette;

use std::str::FromStr;

use url::Url;

pub use palette::Palette;

use crate::types::single_line::OneLine;

/// What pages and apps are called where the operator sets no name.
const PRODUCT: &str = "Teams Connect";

/// With it, a blank and a customer's id in brackets, a name is no longer than Entra allows an app: 120 characters. The
/// subject of a certificate holds 64 (RFC 5280, `ub-common-name`).
const MAX_NAME_CHARS: usize = 50;

/// The face of the ATS on every page.
#[derive(Debug, Clone, Default)]
pub struct Branding {
    /// `ATS_NAME`.
    pub name: Option<AtsName>,
    /// `ATS_LOGO_URL`.
    pub logo: Option<LogoUrl>,
    /// `ATS_SUPPORT_URL`: where the ATS helps its users.
    pub support: Option<SupportUrl>,
    /// `ATS_PRIVACY_URL`: what the ATS says of privacy.
    pub privacy: Option<PrivacyUrl>,
    /// What is made of `ATS_ACCENT`.
    pub palette: Palette,
}

impl Branding {
    /// What an app, a certificate or a meeting that tests a sign-in is called.
    #[must_use]
    pub fn app_name(&self) -> &str {
        self.name.as_ref().map_or(PRODUCT, AtsName::as_str)
    }

    /// Whether pages have a footer with links of the ATS.
    #[must_use]
    pub fn has_links(&self) -> bool {
        self.support.is_some() || self.privacy.is_some()
    }
}

/// The name of the ATS.
pub type AtsName = OneLine<MAX_NAME_CHARS>;

/// The address of a picture. Its origin stands in the content security policy, so its host is a plain domain name: there a
/// star, a comma or a semicolon would have a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoUrl(Url);

impl FromStr for LogoUrl {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = https_url(text)?;
        let is_plain = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        if url.domain().is_some_and(is_plain) { Ok(Self(url)) } else { Err("must have a domain name as its host") }
    }
}

impl LogoUrl {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

/// Where the ATS helps its users: a page, or an address for e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportUrl(Url);

impl FromStr for SupportUrl {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Url::parse(text) {
            Ok(url) if url.scheme() == "mailto" && url.path().contains('@') => Ok(Self(url)),
            _ => https_url(text).map(Self).map_err(|_| "must be https without credentials, or mailto:"),
        }
    }
}

impl SupportUrl {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it opens a page and not a mail program.
    #[must_use]
    pub fn is_page(&self) -> bool {
        self.0.scheme() == "https"
    }
}

/// The page of the ATS about privacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyUrl(Url);

impl FromStr for PrivacyUrl {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        https_url(text).map(Self)
    }
}

impl PrivacyUrl {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn https_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "not an address")?;
    if url.scheme() == "https" && url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err("must be https, without credentials")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_comes_from_one_host_over_https() {
        let logo: LogoUrl = "https://cdn.ats.example:8443/a/logo.svg?v=2".parse().unwrap();
        assert_eq!(logo.origin(), "https://cdn.ats.example:8443");
        assert_eq!("https://łódź.example/l.png".parse::<LogoUrl>().unwrap().origin(), "https://xn--d-uga0v4h.example");
        for wrong in [
            "http://ats.example/l.svg",
            "https://key@ats.example/l.svg",
            "https://:key@ats.example/l.svg",
            "https://*/l.svg",
            "https://*.example/l.svg",
            "https://a.example;script-src/l.svg",
            "https://a.example,b.example/l.svg",
            "https://192.0.2.1/l.svg",
            "https://[2001:db8::1]/l.svg",
            "data:image/svg+xml,x",
            "//ats.example/l.svg",
            "logo.svg",
        ] {
            assert!(wrong.parse::<LogoUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn help_is_a_page_or_a_mailbox_and_privacy_a_page() {
        for (text, is_page) in [("https://ats.example/help?x=1#faq", true), ("mailto:help@ats.example", false)] {
            assert_eq!(
                text.parse::<SupportUrl>().map(|url| (url.is_page(), url.as_str() == text)),
                Ok((is_page, true))
            );
        }
        for wrong in ["javascript:alert(1)", "http://ats.example/", "https://a:b@ats.example/", "mailto:", "help", ""] {
            assert!(wrong.parse::<SupportUrl>().is_err() && wrong.parse::<PrivacyUrl>().is_err(), "{wrong}");
        }
        assert!("mailto:help@ats.example".parse::<PrivacyUrl>().is_err());
    }

    #[test]
    fn without_a_name_everything_bears_that_of_the_product() {
        assert_eq!(Branding::default().app_name(), "Teams Connect");
        let named = Branding { name: "Kadry ATS".parse().ok(), ..Branding::default() };
        assert_eq!((named.app_name(), named.palette.css()), ("Kadry ATS", ""));
    }
}
