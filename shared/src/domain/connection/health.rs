//! A connection's life: how it can be, what can happen to it, and what follows.
//!
//! ```text
//!            connected                refused            refused again, or the recruiter is wanted
//!   (none) ───────────▶ active ───────────────▶ suspect ─────────────────────────▶ needs_reauth
//!      ▲                  ▲ ▲  ◀──── renewed ──────┘                                    │
//!      │ 30 days later    │ └────────────────── connected, renewed ────────────────────┘
//!   disconnected ─────────┘ connected           whenever the customer's app does not work,
//!      ▲                                        active and suspect are told as customer_blocked
//!      └── disconnected: from every state
//! ```
//!
//! The vault keeps a [`HealthState`]. The other two states are not the connection's own: that it was disconnected says what
//! lies in its place, or the mark on its secret, and that the customer is blocked, the customer's app. So no failure of the
//! app, and none of Microsoft's, can touch what a recruiter has.

use serde::{Deserialize, Serialize};

use crate::domain::finding::FindingKind;
use crate::types::clock::{SignedDuration, Timestamp};

/// A lost sign-in counts as lost when Entra says so twice, this far apart.
pub const CONFIRMATION_DELAY: SignedDuration = SignedDuration::from_secs(60);

/// How a connection is, as everybody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// It works.
    Active,
    /// Entra refused it once; it is asked again before anybody is bothered for good.
    Suspect,
    /// Only a new sign-in helps.
    NeedsReauth,
    /// The recruiter's sign-in is intact; the customer's app does not work.
    CustomerBlocked,
    /// There is none any more.
    Disconnected,
}

/// What is thought of a recruiter's sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// Nothing speaks against it.
    Active,
    /// Entra refused it once.
    Suspect,
    /// Entra refused it twice, or wants the recruiter herself.
    NeedsReauth,
}

/// What can happen to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthEvent {
    /// Entra gave new tokens for the refresh token.
    Refreshed,
    /// Entra refused the refresh token. That alone may be a directory that lags behind.
    Rejected(FindingKind),
    /// Entra wants the recruiter herself: there is nothing to confirm.
    Wanted(FindingKind),
}

/// A sign-in's standing, and since when and why it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionHealth {
    /// What is thought of it.
    pub standing: HealthState,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
}

impl HealthState {
    /// The word for it, in the vault's tags as in its contents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspect => "suspect",
            Self::NeedsReauth => "needs_reauth",
        }
    }

    /// The standing that a word means.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspect, Self::NeedsReauth].into_iter().find(|standing| standing.as_str() == word)
    }

    /// What is told where the customer's app works and the connection is there.
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
    /// What is told where the customer's app does not work. Who must sign in again must do so in any case, and what is
    /// disconnected is not blocked.
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
    /// A sign-in that was completed.
    #[must_use]
    pub fn active_since(now: Timestamp) -> Self {
        Self { standing: HealthState::Active, since: now, reason: None }
    }

    /// What follows from an event.
    #[must_use]
    pub fn apply(self, event: HealthEvent, now: Timestamp) -> Self {
        match event {
            // What works goes on working, since when it did.
            HealthEvent::Refreshed if self.standing == HealthState::Active => self,
            HealthEvent::Refreshed => Self::active_since(now),
            HealthEvent::Wanted(kind) => self.transition(HealthState::NeedsReauth, kind, now),
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

    /// Whether asking Entra again makes sense now.
    #[must_use]
    pub fn may_refresh(&self, now: Timestamp) -> bool {
        match self.standing {
            HealthState::Active => true,
            HealthState::Suspect => self.is_past_confirmation_delay(now),
            HealthState::NeedsReauth => false,
        }
    }

    /// How long until asking again makes sense, where it will.
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

    const REFUSED: HealthEvent = HealthEvent::Rejected(FindingKind::SignInExpired);
    const WANTED: HealthEvent = HealthEvent::Wanted(FindingKind::MfaNeeded);

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
            (Active, REFUSED, 0, Suspect),
            (Active, REFUSED, 99_999, Suspect),
            (Active, WANTED, 0, NeedsReauth),
            (Suspect, HealthEvent::Refreshed, 0, Active),
            (Suspect, REFUSED, 59, Suspect),
            (Suspect, REFUSED, 60, NeedsReauth),
            (Suspect, WANTED, 0, NeedsReauth),
            (NeedsReauth, HealthEvent::Refreshed, 0, Active),
            (NeedsReauth, REFUSED, 99_999, NeedsReauth),
            (NeedsReauth, WANTED, 99_999, NeedsReauth),
        ];
        for (before, event, seconds, after) in edges {
            let now = at(1_000 + seconds);
            let life = standing(before).apply(event, now);
            assert_eq!(life.standing, after, "{before:?} and {event:?} after {seconds} s");
            assert_eq!(life.since, if before != after { now } else { at(1_000) }, "{before:?} and {event:?}");
        }
    }

    #[test]
    fn what_is_doubted_says_why_and_what_works_says_nothing() {
        let why = |life: ConnectionHealth| life.reason;
        assert_eq!(why(standing(Active).apply(REFUSED, at(1_000))).as_deref(), Some(FindingKind::SignInExpired.code()));
        assert_eq!(why(standing(Suspect).apply(WANTED, at(1_000))).as_deref(), Some(FindingKind::MfaNeeded.code()));
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
        assert_eq!(standing(Suspect).apply(REFUSED, at(10)).standing, Suspect);
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
