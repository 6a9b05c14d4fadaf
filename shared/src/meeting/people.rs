//! Who takes part, and in which role.

use crate::entra_app::Domain;

/// As many as one request takes. Microsoft documents no limit.
pub const MOST_PEOPLE: usize = 50;

/// An e-mail address of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// What somebody may do in a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Take part.
    Attendee,
    /// Present, where that is for those who are named.
    Presenter,
    /// Run it beside the recruiter: an account of the tenant.
    CoOrganizer,
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Where the invitation goes.
    pub address: Address,
    /// In which role.
    pub role: Role,
}

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the e-mail address of one person")]
pub struct AddressFault;

impl Address {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same mailbox: few servers tell cases apart, and none of Microsoft's does.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl std::str::FromStr for Address {
    type Err = AddressFault;

    /// A dot-atom and a domain (RFC 5322 §3.4.1), the domain in its ASCII form.
    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let (local, domain) = text.trim().split_once('@').ok_or(AddressFault)?;
        let atom = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        if local.len() > 64 || !local.split('.').all(atom) || domain.contains(['[', '@', ',']) {
            return Err(AddressFault);
        }
        let domain = url::Host::parse(domain).map_err(|_| AddressFault)?.to_string();
        let domain: Domain = domain.parse().map_err(|_| AddressFault)?;
        Ok(Self(format!("{local}@{}", domain.as_str())))
    }
}

/// Those of one role, in the order in which they were named.
pub fn in_role(people: &[Person], role: Role) -> impl Iterator<Item = &Address> {
    people.iter().filter(move |person| person.role == role).map(|person| &person.address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_one_person() {
        assert_eq!("jan@żółw.example".parse::<Address>().unwrap().as_str(), "jan@xn--w-uga1v8h.example");
        for text in [
            "a",
            "a@b@c.pl",
            "a＠b.pl",
            "a@x.pl,b@y.pl",
            "\"a b\"@x.pl",
            "a@localhost",
            "a@[1.2.3.4]",
            "a@1.2.3.4",
            ".a@x.pl",
            "a\r\n@x.pl",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
