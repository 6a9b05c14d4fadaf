//! Whom the ATS may remind: an e-mail address that an administrator left. It is personal data, so `Debug` does not print it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::types::domain_name::{DomainName, DomainNameError};
use crate::types::pasted_text::{is_invisible, normalize};

/// The part before the `@` has at most so many characters (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_LENGTH: usize = 64;

/// An address has at most so many (RFC 3696, erratum 1690).
const MAX_LENGTH: usize = 254;

/// An e-mail address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Contact(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct ContactError;

impl FromStr for Contact {
    type Err = ContactError;

    /// Parses an address without quotes and comments. Letters of any language may stand before the `@`.
    fn from_str(text: &str) -> Result<Self, ContactError> {
        let is_foreign =
            |c: char| c.is_whitespace() || c.is_control() || is_invisible(c) || "<>()[],;:\\\"@".contains(c);
        let (local, domain) = text.split_once('@').ok_or(ContactError)?;
        let is_local = (1..=MAX_LOCAL_LENGTH).contains(&local.chars().count()) && !local.contains(is_foreign);
        // A domain name would be read with blanks around it.
        let domain: DomainName = (!domain.contains(is_foreign)).then_some(domain).ok_or(ContactError)?.parse()?;
        let address = format!("{local}@{}", domain.as_str());
        if is_local && address.chars().count() <= MAX_LENGTH { Ok(Self(address)) } else { Err(ContactError) }
    }
}

impl From<DomainNameError> for ContactError {
    fn from(DomainNameError: DomainNameError) -> Self {
        Self
    }
}

impl TryFrom<String> for Contact {
    type Error = ContactError;
    fn try_from(text: String) -> Result<Self, ContactError> {
        text.parse()
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact([redacted])")
    }
}

/// A contact as it was submitted, right or wrong.
#[derive(Clone, Default, Deserialize)]
pub struct SubmittedContact(String);

impl SubmittedContact {
    /// The text, for the form in which it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        normalize(&self.0).is_empty()
    }

    /// # Errors
    /// [`ContactError`].
    pub(super) fn parse(&self) -> Result<ContactChange, ContactError> {
        match normalize(&self.0).as_str() {
            "" => Ok(ContactChange::End),
            address => address.parse().map(ContactChange::Set),
        }
    }
}

impl From<String> for SubmittedContact {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SubmittedContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubmittedContact([redacted])")
    }
}

/// What becomes of a customer's contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ContactChange {
    /// It stays.
    #[default]
    Keep,
    /// There is none any more.
    End,
    /// It is this one.
    Set(Contact),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_one_mailbox_is_a_contact() {
        for (text, read) in [
            ("it@kadry.example", "it@kadry.example"),
            ("Anna.O'Neil+teams@Kadry.Example", "Anna.O'Neil+teams@kadry.example"),
            ("żółć@kadry.example", "żółć@kadry.example"),
            ("=x!#$%&*/?^_`{|}~-@a.b.xn--p1ai", "=x!#$%&*/?^_`{|}~-@a.b.xn--p1ai"),
        ] {
            assert_eq!(text.parse::<Contact>().unwrap().0, read);
        }
        let local = "ż".repeat(64);
        assert!(format!("{local}@kadry.example").parse::<Contact>().is_ok());
        let domain = format!("{0}.{0}.{0}.pl", "a".repeat(60));
        assert!(format!("{}@{domain}", "a".repeat(64)).parse::<Contact>().is_ok(), "251 characters");
    }

    #[test]
    fn what_is_no_address_or_names_several_is_none() {
        let long = "a".repeat(65);
        let domain = format!("{0}.{0}.{0}.example", "a".repeat(60));
        for text in [
            "",
            "@",
            "kadry",
            "@kadry.example",
            "it@",
            "it@kadry",
            "it@kadry.1",
            "it@żółć.example",
            "it@@kadry.example",
            "it@kadry@kadry.example",
            "it@kadry.example,hr@kadry.example",
            "it@kadry.example; hr",
            "IT <it@kadry.example>",
            "mailto:it@kadry.example",
            "\"it\"@kadry.example",
            "i t@kadry.example",
            "it@ kadry.example",
            "it@kadry.example ",
            "it\u{a0}@kadry.example",
            "it\u{202e}@kadry.example",
            "it\r\nBcc:@kadry.example",
            "i\\t@kadry.example",
            "i(t)@kadry.example",
            "i[t]@kadry.example",
            &format!("{long}@kadry.example"),
            &format!("{}@{domain}", "a".repeat(64)),
        ] {
            assert_eq!(text.parse::<Contact>(), Err(ContactError), "{text}");
        }
    }

    #[test]
    fn a_contact_never_prints_itself() {
        let (contact, submitted) = ("it@kadry.example".parse().unwrap(), SubmittedContact("it@kadry.example".into()));
        let change = ContactChange::Set(contact);
        assert_eq!(format!("{change:?} {submitted:?}"), "Set(Contact([redacted])) SubmittedContact([redacted])");
    }

    #[test]
    fn what_copying_adds_is_ignored_and_an_empty_text_ends_the_contact() {
        let parse = |text: &str| SubmittedContact(text.to_owned()).parse();
        let contact = ContactChange::Set("it-hr@kadry.example".parse().unwrap());
        assert_eq!(parse(" it\u{2011}hr@kadry.example\u{200b}\n"), Ok(contact));
        assert_eq!(parse(" \u{feff}"), Ok(ContactChange::End));
        assert_eq!(parse("it"), Err(ContactError));
    }
}
