//! Our enums and Graph's spelling of them. Values that Graph added later are not read.

use crate::domain::meeting::{Chat, Lobby, LobbyAdmitters, ParticipantRole, Presenters};

/// An enum that Graph spells in its own way.
pub(super) trait GraphEnum: Copy + PartialEq + 'static {
    /// Every value, and Graph's spelling.
    const ALL: &'static [(Self, &'static str)];

    /// Graph's spelling.
    fn to_graph(self) -> &'static str {
        Self::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, spelling)| spelling)
    }

    /// The value of Graph's spelling.
    fn from_graph(spelling: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == spelling).map(|(value, _)| *value)
    }
}

impl GraphEnum for Lobby {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Organizer, "organizer"),
        (Self::Organization, "organization"),
        (Self::OrganizationWithoutGuests, "organizationExcludingGuests"),
        (Self::OrganizationAndFederated, "organizationAndFederated"),
        (Self::Invited, "invited"),
        (Self::Everyone, "everyone"),
    ];
}

impl GraphEnum for LobbyAdmitters {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Presenters, "organizerAndCoOrganizersAndPresenters"), (Self::Organizers, "organizerAndCoOrganizers")];
}

impl GraphEnum for Presenters {
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Everyone, "everyone"),
        (Self::Organization, "organization"),
        (Self::Organizer, "organizer"),
        (Self::Named, "roleIsPresenter"),
    ];
}

impl GraphEnum for Chat {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Enabled, "enabled"), (Self::Disabled, "disabled"), (Self::Limited, "limited")];
}

impl GraphEnum for ParticipantRole {
    const ALL: &'static [(Self, &'static str)] =
        &[(Self::Attendee, "attendee"), (Self::Presenter, "presenter"), (Self::CoOrganizer, "coorganizer")];
}
