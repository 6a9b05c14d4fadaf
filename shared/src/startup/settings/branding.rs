//! The face of the ATS: its settings, and how they go together.

use crate::http::branding::Branding;
use crate::startup::settings::SettingsReader;
use crate::types::colour::Colour;

impl SettingsReader<'_> {
    /// Reads `ATS_NAME`, `ATS_LOGO_URL`, `ATS_ACCENT`, `ATS_SUPPORT_URL` and `ATS_PRIVACY_URL`. Each may be missing.
    pub(super) fn branding(&mut self) -> Branding {
        let branding = Branding {
            name: self.optional("ATS_NAME"),
            logo: self.optional("ATS_LOGO_URL"),
            support: self.optional("ATS_SUPPORT_URL"),
            privacy: self.optional("ATS_PRIVACY_URL"),
            palette: self.optional("ATS_ACCENT").map(|accent: Colour| accent.into()).unwrap_or_default(),
        };
        if branding.logo.is_some() && !self.is_set("ATS_NAME") {
            self.errors.push("ATS_LOGO_URL: needs ATS_NAME, for whoever does not see the picture".to_owned());
        }
        branding
    }
}

#[cfg(test)]
mod tests {
    use crate::http::branding::LogoUrl;
    use crate::startup::settings::{Settings, SettingsError};

    fn read(more: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let needed = [("PUBLIC_URL", "https://teams.ats.example"), ("ATS_COMPLETION_URL", "https://ats.example/done")];
        let pairs = [&needed, more].concat();
        let find = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::read(&find)
    }

    #[test]
    fn an_ats_may_show_its_face_and_an_empty_setting_counts_as_none() {
        let full = [
            ("ATS_NAME", "Kadry ATS"),
            ("ATS_LOGO_URL", "https://cdn.ats.example/logo.svg"),
            ("ATS_ACCENT", "#ffd400"),
            ("ATS_SUPPORT_URL", "mailto:help@ats.example"),
            ("ATS_PRIVACY_URL", "https://ats.example/privacy"),
        ];
        let branding = read(&full).unwrap().branding;
        assert_eq!(branding.app_name(), "Kadry ATS");
        assert_eq!(branding.logo.as_ref().map(LogoUrl::origin).as_deref(), Some("https://cdn.ats.example"));
        assert!(branding.palette.css().contains("#ffd400"));
        let links = [branding.support.is_some(), branding.privacy.is_some()];
        assert_eq!(links, [true, true]);
        for none in [full.map(|(name, _)| (name, "")).to_vec(), Vec::new()] {
            let branding = read(&none).unwrap().branding;
            assert_eq!((branding.app_name(), branding.palette.css()), ("Teams Connect", ""));
            assert!(branding.logo.is_none() && !branding.has_links());
        }
    }

    #[test]
    fn every_error_is_named_and_a_logo_needs_a_name() {
        let wrong = [
            ("ATS_NAME", "a\nb"),
            ("ATS_LOGO_URL", "http://ats.example/logo.svg"),
            ("ATS_ACCENT", "red"),
            ("ATS_SUPPORT_URL", "javascript:alert(1)"),
            ("ATS_PRIVACY_URL", "https://key@ats.example/"),
        ];
        let text = read(&wrong).unwrap_err().to_string();
        for (name, _) in wrong {
            assert!(text.contains(&format!("{name}: ")), "{name}: {text}");
        }
        assert!(!text.contains("needs ATS_NAME"), "{text}");
        let text = read(&[("ATS_LOGO_URL", "https://ats.example/logo.svg")]).unwrap_err().to_string();
        assert!(text.contains("ATS_LOGO_URL: needs ATS_NAME"), "{text}");
    }
}
