//! The health of a connection: its states, the events, and the transitions.
//!
//! ```text
//!            signed in                rejected           rejected again, or interaction required
//!   (none) ───────────▶ active ───────────────▶ suspect ─────────────────────────▶ needs_reauth
//!      ▲                  ▲ ▲  ◀─── refreshed ─────┘                                    │
//!      │ 30 days later    │ └─────────────── signed in, refreshed ─────────────────────┘
//!   disconnected ─────────┘ signed in           while the customer's app does not work,
//!      ▲                                        active and suspect are reported as customer_blocked
//!      └── disconnected: from every state
//! ```
//!
//! The vault stores a [`HealthState`]. The two other states follow from something else: `disconnected` from the record in
//! place of the connection, `customer_blocked` from the customer's app. So no failure of the app or of Microsoft changes a
//! recruiter's connection.

use serde::{Deserialize, Serialize};

use crate::domain::finding::FindingKind;
use crate::types::clock::{SignedDuration, Timestamp};

/// A refresh token counts as lost when Entra rejects it twice, this far apart.
pub const CONFIRMATION_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// The state of a connection, as the API reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// The connection works.
    Active,
    /// Entra rejected it once; a second attempt confirms it or ends the doubt.
    Suspect,
    /// Only a new sign-in helps.
    NeedsReauth,
    /// The recruiter's sign-in is intact; the customer's app does not work.
    CustomerBlocked,
    /// The recruiter was disconnected.
    Disconnected,
}

/// State of a recruiter's refresh token, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// The connection works.
    Active,
    /// Entra rejected it once.
    Suspect,
    /// Entra rejected it twice, or requires interaction: only a new sign-in helps.
    NeedsReauth,
}

/// An event that changes the health of a connection. A new sign-in makes a new connection instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthEvent {
    /// Entra issued new tokens for the refresh token.
    Refreshed,
    /// Entra rejected the refresh token. Once may be a replica that lags behind.
    Rejected(FindingKind),
    /// Entra requires interaction with the recruiter: there is nothing to confirm.
    InteractionRequired(FindingKind),
}

/// The health of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionHealth {
    /// The state.
    pub standing: HealthState,
    /// Since when it has this state.
    pub since: Timestamp,
    /// The code of the finding that caused it.
    pub reason: Option<String>,
}

impl HealthState {
    /// The state's name in documents and tags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspect => "suspect",
            Self::NeedsReauth => "needs_reauth",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspect, Self::NeedsReauth].into_iter().find(|standing| standing.as_str() == word)
    }

    /// What the API reports while the customer's app works.
    #[must_use]
    pub fn connection_state(self) -> ConnectionState {
        match self {
            Self::Active => ConnectionState::Active,
            Self::Suspect => ConnectionState::Suspect,
            Self::NeedsReauth => ConnectionState::NeedsReauth,
        }
    }
}

impl ConnectionState {
    /// What the API reports while the customer's app does not work. `needs_reauth` needs a new sign-in in any case, and
    /// `disconnected` is not blocked.
    #[must_use]
    pub fn when_app_blocked(self) -> Self {
        match self {
            Self::Active | Self::Suspect | Self::CustomerBlocked => Self::CustomerBlocked,
            Self::NeedsReauth => Self::NeedsReauth,
            Self::Disconnected => Self::Disconnected,
        }
    }
}

impl ConnectionHealth {
    /// The health of a new sign-in.
    #[must_use]
    pub fn active_since(now: Timestamp) -> Self {
        Self { standing: HealthState::Active, since: now, reason: None }
    }

    /// The health after an event.
    #[must_use]
    pub fn apply(self, event: HealthEvent, now: Timestamp) -> Self {
        match event {
            // It goes on working: `since` stays.
            HealthEvent::Refreshed if self.standing == HealthState::Active => self,
            HealthEvent::Refreshed => Self::active_since(now),
            HealthEvent::InteractionRequired(kind) => self.transition(HealthState::NeedsReauth, kind, now),
            HealthEvent::Rejected(kind) => {
                let next = match self.standing {
                    HealthState::Active => HealthState::Suspect,
                    HealthState::Suspect if self.is_past_confirmation_delay(now) => HealthState::NeedsReauth,
                    same @ (HealthState::Suspect | HealthState::NeedsReauth) => same,
                };
                self.transition(next, kind, now)
            }
        }
    }

    /// Whether a refresh makes sense now.
    #[must_use]
    pub fn may_refresh(&self, now: Timestamp) -> bool {
        match self.standing {
            HealthState::Active => true,
            HealthState::Suspect => self.is_past_confirmation_delay(now),
            HealthState::NeedsReauth => false,
        }
    }

    /// How long until a second attempt makes sense, if it ever will.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<SignedDuration> {
        let waited = self.since.duration_until(now);
        (self.standing == HealthState::Suspect).then(|| (CONFIRMATION_DELAY - waited).max(SignedDuration::ZERO))
    }

    fn is_past_confirmation_delay(&self, now: Timestamp) -> bool {
        self.since.duration_until(now) >= CONFIRMATION_DELAY
    }

    fn transition(self, standing: HealthState, kind: FindingKind, now: Timestamp) -> Self {
        let since = if standing == self.standing { self.since } else { now };
        Self { standing, since, reason: Some(kind.code().to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use HealthState::{Active, NeedsReauth, Suspect};

    const REJECTED: HealthEvent = HealthEvent::Rejected(FindingKind::SignInExpired);
    const INTERACTION: HealthEvent = HealthEvent::InteractionRequired(FindingKind::MfaNeeded);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn standing(standing: HealthState) -> ConnectionHealth {
        let reason = (standing != Active).then(|| FindingKind::SignInExpired.code().to_owned());
        ConnectionHealth { standing, since: at(1_000), reason }
    }

    #[test]
    fn every_edge_leads_where_the_picture_says() {
        // Standing, event, seconds since the last change, standing after it.
        let edges = [
            (Active, HealthEvent::Refreshed, 5, Active),
            (Active, REJECTED, 0, Suspect),
            (Active, REJECTED, 99_999, Suspect),
            (Active, INTERACTION, 0, NeedsReauth),
            (Suspect, HealthEvent::Refreshed, 0, Active),
            (Suspect, REJECTED, 59, Suspect),
            (Suspect, REJECTED, 60, NeedsReauth),
            (Suspect, INTERACTION, 0, NeedsReauth),
            (NeedsReauth, HealthEvent::Refreshed, 0, Active),
            (NeedsReauth, REJECTED, 99_999, NeedsReauth),
            (NeedsReauth, INTERACTION, 99_999, NeedsReauth),
        ];
        for (before, event, seconds, after) in edges {
            let now = at(1_000 + seconds);
            let life = standing(before).apply(event, now);
            assert_eq!(life.standing, after, "{before:?} and {event:?} after {seconds} s");
            assert_eq!(life.since, if before == after { at(1_000) } else { now }, "{before:?} and {event:?}");
        }
    }

    #[test]
    fn what_is_doubted_says_why_and_what_works_says_nothing() {
        let why = |life: ConnectionHealth| life.reason;
        assert_eq!(
            why(standing(Active).apply(REJECTED, at(1_000))).as_deref(),
            Some(FindingKind::SignInExpired.code())
        );
        assert_eq!(
            why(standing(Suspect).apply(INTERACTION, at(1_000))).as_deref(),
            Some(FindingKind::MfaNeeded.code())
        );
        assert_eq!(why(standing(Suspect).apply(HealthEvent::Refreshed, at(1_000))), None);
    }

    #[test]
    fn entra_is_asked_again_a_minute_after_a_refusal_and_never_after_two() {
        let tries =
            |before, seconds| (standing(before).may_refresh(at(seconds)), standing(before).retry_after(at(seconds)));
        assert_eq!(tries(Active, 1_000), (true, None));
        assert_eq!(tries(Suspect, 1_000), (false, Some(SignedDuration::from_secs(60))));
        assert_eq!(tries(Suspect, 1_059), (false, Some(SignedDuration::from_secs(1))));
        assert_eq!(tries(Suspect, 1_060), (true, Some(SignedDuration::ZERO)));
        assert_eq!(tries(Suspect, 9_999), (true, Some(SignedDuration::ZERO)));
        assert_eq!(tries(NeedsReauth, 999_999), (false, None));
    }

    #[test]
    fn a_clock_that_went_back_confirms_nothing() {
        assert_eq!(standing(Suspect).apply(REJECTED, at(10)).standing, Suspect);
        assert!(!standing(Suspect).may_refresh(at(10)));
    }

    #[test]
    fn a_blocked_customer_hides_what_would_work_and_nothing_else() {
        let told = [
            ConnectionState::Active,
            ConnectionState::Suspect,
            ConnectionState::NeedsReauth,
            ConnectionState::CustomerBlocked,
            ConnectionState::Disconnected,
        ];
        let blocked = told.map(ConnectionState::when_app_blocked);
        assert_eq!(
            blocked,
            [
                ConnectionState::CustomerBlocked,
                ConnectionState::CustomerBlocked,
                ConnectionState::NeedsReauth,
                ConnectionState::CustomerBlocked,
                ConnectionState::Disconnected
            ]
        );
    }

    #[test]
    fn a_standing_is_told_by_one_word_everywhere() {
        for each in [Active, Suspect, NeedsReauth] {
            assert_eq!(HealthState::parse(each.as_str()), Some(each));
            let written = serde_json::to_value(each).unwrap();
            assert_eq!(written, serde_json::to_value(each.connection_state()).unwrap());
            assert_eq!(written, each.as_str());
        }
        assert_eq!(HealthState::parse("customer_blocked"), None);
    }
}
