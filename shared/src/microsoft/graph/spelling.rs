//! Our words and Graph's for the same, both ways. What Graph says beyond them, it added later: then nothing is read.

use crate::meeting::{Admitters, Chat, Lobby, Presenters, Role};

/// A word that Graph spells in its own way.
pub(super) trait Spelled: Copy + PartialEq + 'static {
    /// Every word, and how Graph spells it.
    const ALL: &'static [(Self, &'static str)];

    /// The word in Graph's spelling.
    fn spelled(self) -> &'static str {
        Self::ALL.iter().find(|(word, _)| *word == self).map_or("", |(_, spelling)| spelling)
    }

    /// The word that Graph means.
    fn of(spelling: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == spelling).map(|(word, _)| *word)
    }
}

impl Spelled for Lobby {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Organizer, "organizer"),
        (Self::Organization, "organization"),
        (Self::OrganizationWithoutGuests, "organizationExcludingGuests"),
        (Self::OrganizationAndFederated, "organizationAndFederated"),
        (Self::Invited, "invited"),
        (Self::Everyone, "everyone"),
    ];
}

impl Spelled for Admitters {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Presenters, "organizerAndCoOrganizersAndPresenters"), (Self::Organizers, "organizerAndCoOrganizers")];
}

impl Spelled for Presenters {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Everyone, "everyone"),
        (Self::Organization, "organization"),
        (Self::Organizer, "organizer"),
        (Self::Named, "roleIsPresenter"),
    ];
}

impl Spelled for Chat {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Enabled, "enabled"), (Self::Disabled, "disabled"), (Self::Limited, "limited")];
}

impl Spelled for Role {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Attendee, "attendee"), (Self::Presenter, "presenter"), (Self::CoOrganizer, "coorganizer")];
}
