//! Participants and their roles.

use crate::types::domain_name::DomainName;

/// The maximum of one request. Microsoft documents no limit.
pub const MAX_PARTICIPANTS: usize = 50;

/// An e-mail address of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// What a participant may do. The variants' `Debug` texts are part of the order's fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParticipantRole {
    /// Takes part.
    Attendee,
    /// May present, if `presenters` is `named`.
    Presenter,
    /// Runs the meeting beside the recruiter. Must be an account of the tenant.
    CoOrganizer,
}

impl ParticipantRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Attendee, Self::CoOrganizer, Self::Presenter];

    /// The people of this role, as requests and answers call them.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Attendee => "attendees",
            Self::CoOrganizer => "co_organizers",
            Self::Presenter => "presenters",
        }
    }
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub address: EmailAddress,
    pub role: ParticipantRole,
}

/// A text that is not the address of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the e-mail address of one person")]
pub struct EmailAddressError;

impl EmailAddress {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same mailbox: few servers distinguish upper and lower case, and Microsoft's do not.
    #[must_use]
    pub fn is_same_mailbox(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = EmailAddressError;

    /// Parses a dot-atom and a domain (RFC 5322 §3.4.1). The domain is converted to its ASCII form.
    fn from_str(text: &str) -> Result<Self, EmailAddressError> {
        let (local, domain) = text.trim().split_once('@').ok_or(EmailAddressError)?;
        let atom = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        if local.len() > 64 || !local.split('.').all(atom) || domain.contains(['[', '@', ',']) {
            return Err(EmailAddressError);
        }
        let domain = url::Host::parse(domain).map_err(|_| EmailAddressError)?.to_string();
        let domain: DomainName = domain.parse().map_err(|_| EmailAddressError)?;
        Ok(Self(format!("{local}@{}", domain.as_str())))
    }
}

/// Whether everybody whom `wanted` names in this role has it among `people`.
pub(super) fn is_complete(wanted: &[Participant], people: &[Participant], role: ParticipantRole) -> bool {
    let has = |address: &EmailAddress| with_role(people, role).any(|other| other.is_same_mailbox(address.as_str()));
    with_role(wanted, role).all(has)
}

/// The roles in which somebody whom `wanted` names is missing among `people`.
#[must_use]
pub fn incomplete_roles(wanted: &[Participant], people: &[Participant]) -> Vec<&'static str> {
    let is_incomplete = |role: &ParticipantRole| !is_complete(wanted, people, *role);
    ParticipantRole::ALL.into_iter().filter(is_incomplete).map(ParticipantRole::plural).collect()
}

/// The addresses of participants with a role, in order.
pub fn with_role(people: &[Participant], role: ParticipantRole) -> impl Iterator<Item = &EmailAddress> {
    people.iter().filter(move |person| person.role == role).map(|person| &person.address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_that_of_one_person() {
        assert_eq!("jan@żółw.example".parse::<EmailAddress>().unwrap().as_str(), "jan@xn--w-uga1v8h.example");
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
            assert!(text.parse::<EmailAddress>().is_err(), "{text}");
        }
    }
}
