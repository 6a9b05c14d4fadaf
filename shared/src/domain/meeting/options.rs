//! What of a meeting departs from the tenant's habit.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident),* $(,)? })*) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$member_doc])* $member,)* }
    )*};
}

words! {
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

/// What Graph calls a template of meetings that the tenant's administrator made. Opaque.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingTemplate, pattern = "^[!-~]{1,255}$"))]
#[serde(try_from = "String")]
pub struct MeetingTemplateId(String);

impl MeetingTemplateId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a template was refused.
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
        /// The options of a meeting that are not the tenant's own. One that is left out is as the tenant has it.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MeetingSettings))]
        pub struct MeetingOptions {$(
            $(#[$doc])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $name: Option<$type>,
        )*}

        impl MeetingOptions {
            /// What of the wish is not in force yet.
            #[must_use]
            pub fn not_in_force(&self, effective: &Self) -> Self {
                Self { $($name: self.$name.clone().filter(|wish| effective.$name.as_ref() != Some(wish)),)* }
            }

            /// The wish, and what was wished for before where it leaves that open.
            #[must_use]
            pub fn or_else(self, before: Self) -> Self {
                Self { $($name: self.$name.or(before.$name),)* }
            }

            /// What is wished for, by name.
            #[must_use]
            pub fn requested(&self) -> Vec<&'static str> {
                let all = [$((stringify!($name), self.$name.is_some()),)*];
                all.into_iter().filter_map(|(name, wished)| wished.then_some(name)).collect()
            }
        }
    };
}

options! {
    /// Who waits in the lobby.
    lobby: Lobby,
    /// Whether those who dial in skip it.
    dial_in_skips_lobby: bool,
    /// Who lets people in from it.
    lobby_admitters: LobbyAdmitters,
    /// Whether it is recorded.
    recording: Recording,
    /// Whether it may be transcribed.
    transcription: bool,
    /// Who may present.
    presenters: Presenters,
    /// Whether there is a chat.
    chat: Chat,
    /// Whether it is announced who enters and leaves.
    announce_entry: bool,
    /// Whether attendees may switch on their microphones.
    microphones: bool,
    /// Whether attendees may switch on their cameras.
    cameras: bool,
    /// Whether a passcode is asked of those who join by the meeting's number.
    passcode: bool,
    /// The template that it follows; needs a licence (Teams Premium).
    template: MeetingTemplateId,
}

impl MeetingOptions {
    /// Whether nothing is wished for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What Graph takes at any time, and what it takes at creation only.
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
    fn only_what_is_not_in_force_yet_is_asked_for() {
        let wish =
            MeetingOptions { lobby: Some(Lobby::Invited), chat: Some(Chat::Disabled), ..MeetingOptions::default() };
        let effective =
            MeetingOptions { lobby: Some(Lobby::Invited), chat: Some(Chat::Enabled), ..MeetingOptions::default() };
        let missing = wish.not_in_force(&effective);
        assert_eq!(missing, MeetingOptions { chat: Some(Chat::Disabled), ..MeetingOptions::default() });
        assert_eq!(missing.requested(), ["chat"]);
        assert!(wish.not_in_force(&wish).is_empty());
    }

    #[test]
    fn what_counts_at_creation_only_is_told_apart() {
        let wish = MeetingOptions { cameras: Some(false), passcode: Some(true), ..MeetingOptions::default() };
        let (later, at_creation) = wish.split_create_only();
        assert_eq!((later.requested(), at_creation.requested()), (vec!["cameras"], vec!["passcode"]));
    }
}
