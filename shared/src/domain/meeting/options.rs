//! Options of a meeting.

use serde::{Deserialize, Serialize};

macro_rules! option_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident),* $(,)? })*) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$member_doc])* $member,)* }
    )*};
}

option_enums! {
    /// Who waits in the lobby: everybody but …
    Lobby {
        /// … the organizer.
        Organizer,
        /// … people of the tenant and its guests.
        Organization,
        /// … people of the tenant without its guests.
        OrganizationWithoutGuests,
        /// … people of the tenant and of federated ones.
        OrganizationAndFederated,
        /// … people who were invited.
        Invited,
        /// … everybody: nobody waits.
        Everyone,
    }

    /// Who lets people in from the lobby.
    #[cfg_attr(feature = "openapi", schema(as = Admitters))]
    LobbyAdmitters {
        /// The organizer, co-organizers and presenters.
        Presenters,
        /// The organizer and co-organizers.
        Organizers,
    }

    /// Whether the meeting is recorded.
    Recording {
        /// Nobody can record.
        Off,
        /// Whoever may can begin a recording.
        Allowed,
        /// Recorded from the beginning.
        Automatic,
    }

    /// Who may present.
    Presenters {
        /// Everybody.
        Everyone,
        /// People of the tenant.
        Organization,
        /// The organizer and co-organizers.
        Organizer,
        /// The organizer, co-organizers and who was ordered as a presenter.
        Named,
    }

    /// Whether there is a chat.
    Chat {
        /// Before, during and after.
        Enabled,
        /// None.
        Disabled,
        /// During the meeting only.
        Limited,
    }
}

/// Graph's id of a meeting template created by the tenant's administrator. Opaque.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingTemplate, pattern = "^[!-~]{1,255}$"))]
#[serde(try_from = "String")]
pub struct MeetingTemplateId(String);

impl MeetingTemplateId {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is not the id of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a template's id is 1 to 255 visible ASCII characters")]
pub struct MeetingTemplateIdError;

impl TryFrom<String> for MeetingTemplateId {
    type Error = MeetingTemplateIdError;
    fn try_from(text: String) -> Result<Self, MeetingTemplateIdError> {
        let fits = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(MeetingTemplateIdError) }
    }
}

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// Meeting options that differ from the tenant's own. Options that are left out follow the tenant settings.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingSettings))]
        pub struct MeetingOptions {$(
            $(#[$doc])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $name: Option<$type>,
        )*}

        impl MeetingOptions {
            /// The requested options that are not in force.
            #[must_use]
            pub fn not_in_force(&self, effective: &Self) -> Self {
                Self { $($name: self.$name.clone().filter(|value| effective.$name.as_ref() != Some(value)),)* }
            }

            /// These options, and for those that are not set the ones of `other`.
            #[must_use]
            pub fn or_else(self, other: Self) -> Self {
                Self { $($name: self.$name.or(other.$name),)* }
            }

            /// Each of the options by itself.
            #[must_use]
            pub fn split(self) -> Vec<Self> {
                let mut options = Vec::new();
                $(if self.$name.is_some() {
                    options.push(Self { $name: self.$name, ..Self::default() });
                })*
                options
            }

            /// The names of the requested options.
            #[must_use]
            pub fn requested(&self) -> Vec<&'static str> {
                let all = [$((stringify!($name), self.$name.is_some()),)*];
                all.into_iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect()
            }
        }
    };
}

options! {
    /// Who waits in the lobby.
    lobby: Lobby,
    /// Whether people who dial in skip the lobby.
    dial_in_skips_lobby: bool,
    /// Who lets people in from the lobby.
    lobby_admitters: LobbyAdmitters,
    /// Whether it is recorded.
    recording: Recording,
    /// Whether it may be transcribed.
    transcription: bool,
    /// Who may present.
    presenters: Presenters,
    /// Whether there is a chat.
    chat: Chat,
    /// Whether people are announced when they join and leave.
    announce_entry: bool,
    /// Whether attendees may turn on their microphones.
    microphones: bool,
    /// Whether attendees may turn on their cameras.
    cameras: bool,
    /// Whether people who join with the meeting ID need a passcode.
    passcode: bool,
    /// The meeting template; requires a licence (Teams Premium).
    template: MeetingTemplateId,
}

impl MeetingOptions {
    /// Whether no option is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The options that Graph accepts at any time, and those it accepts at creation only.
    #[must_use]
    pub fn split_create_only(self) -> (Self, Self) {
        let at_creation = Self { passcode: self.passcode, template: self.template.clone(), ..Self::default() };
        (Self { passcode: None, template: None, ..self }, at_creation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_that_are_not_in_force_are_requested() {
        let requested =
            MeetingOptions { lobby: Some(Lobby::Invited), chat: Some(Chat::Disabled), ..MeetingOptions::default() };
        let effective =
            MeetingOptions { lobby: Some(Lobby::Invited), chat: Some(Chat::Enabled), ..MeetingOptions::default() };
        let missing = requested.not_in_force(&effective);
        assert_eq!(missing, MeetingOptions { chat: Some(Chat::Disabled), ..MeetingOptions::default() });
        assert_eq!(missing.requested(), ["chat"]);
        assert!(requested.not_in_force(&requested).is_empty());
    }

    #[test]
    fn options_for_creation_only_are_split_off() {
        let options = MeetingOptions { cameras: Some(false), passcode: Some(true), ..MeetingOptions::default() };
        let (later, at_creation) = options.split_create_only();
        assert_eq!((later.requested(), at_creation.requested()), (vec!["cameras"], vec!["passcode"]));
    }
}
