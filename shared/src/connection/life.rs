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
//! The vault keeps a [`Standing`]. The other two states are not the connection's own: that it was disconnected says what
//! lies in its place, or the mark on its secret, and that the customer is blocked, the customer's app. So no failure of the
//! app, and none of Microsoft's, can touch what a recruiter has.

use serde::{Deserialize, Serialize};

use crate::clock::{SignedDuration, Timestamp};
use crate::finding::Kind;

/// A lost sign-in counts as lost when Entra says so twice, this far apart.
pub const CONFIRMATION_TIME: SignedDuration = SignedDuration::from_secs(60);

/// How a connection is, as everybody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = State))]
#[serde(rename_all = "snake_case")]
pub enum State {
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
pub enum Standing {
    /// Nothing speaks against it.
    Active,
    /// Entra refused it once.
    Suspect,
    /// Entra refused it twice, or wants the recruiter herself.
    NeedsReauth,
}

/// What can happen to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The recruiter signed in.
    Connected,
    /// Entra gave new tokens for the refresh token.
    Renewed,
    /// Entra refused the refresh token. That alone may be a directory that lags behind.
    Refused(Kind),
    /// Entra wants the recruiter herself: there is nothing to confirm.
    Wanted(Kind),
    /// Entra refused the customer's app: that is no verdict on any of its recruiters.
    AppRefused,
    /// Throttled, out of service, out of reach, or not understood: nothing was learned.
    Unheard,
}

/// A sign-in's standing, and since when and why it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// What is thought of it.
    pub standing: Standing,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
}

impl Standing {
    /// The word for it, in the vault's tags as in its contents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspect => "suspect",
            Self::NeedsReauth => "needs_reauth",
        }
    }

    /// The standing that a word means.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspect, Self::NeedsReauth].into_iter().find(|standing| standing.word() == word)
    }

    /// What is told where the customer's app works and the connection is there.
    #[must_use]
    pub fn state(self) -> State {
        match self {
            Self::Active => State::Active,
            Self::Suspect => State::Suspect,
            Self::NeedsReauth => State::NeedsReauth,
        }
    }
}

impl State {
    /// What is told where the customer's app does not work. Who must sign in again must do so in any case, and what is
    /// disconnected is not blocked.
    #[must_use]
    pub fn blocked(self) -> Self {
        match self {
            Self::Active | Self::Suspect | Self::CustomerBlocked => Self::CustomerBlocked,
            Self::NeedsReauth => Self::NeedsReauth,
            Self::Disconnected => Self::Disconnected,
        }
    }
}

impl Life {
    /// A sign-in that was completed.
    #[must_use]
    pub fn begun(now: Timestamp) -> Self {
        Self { standing: Standing::Active, since: now, reason: None }
    }

    /// What follows from an event.
    #[must_use]
    pub fn after(self, event: Event, now: Timestamp) -> Self {
        match event {
            // What works goes on working, since when it did.
            Event::Renewed if self.standing == Standing::Active => self,
            Event::Connected | Event::Renewed => Self::begun(now),
            Event::Wanted(kind) => self.turned(Standing::NeedsReauth, kind, now),
            Event::Refused(kind) => {
                let next = match self.standing {
                    Standing::Active => Standing::Suspect,
                    Standing::Suspect if self.is_confirmable(now) => Standing::NeedsReauth,
                    same @ (Standing::Suspect | Standing::NeedsReauth) => same,
                };
                self.turned(next, kind, now)
            }
            Event::AppRefused | Event::Unheard => self,
        }
    }

    /// Whether asking Entra again makes sense now.
    #[must_use]
    pub fn may_try(&self, now: Timestamp) -> bool {
        match self.standing {
            Standing::Active => true,
            Standing::Suspect => self.is_confirmable(now),
            Standing::NeedsReauth => false,
        }
    }

    /// How long until asking again makes sense, where it will.
    #[must_use]
    pub fn next_try(&self, now: Timestamp) -> Option<SignedDuration> {
        let waited = self.since.duration_until(now);
        (self.standing == Standing::Suspect).then(|| (CONFIRMATION_TIME - waited).max(SignedDuration::ZERO))
    }

    fn is_confirmable(&self, now: Timestamp) -> bool {
        self.since.duration_until(now) >= CONFIRMATION_TIME
    }

    fn turned(self, standing: Standing, kind: Kind, now: Timestamp) -> Self {
        let since = if standing == self.standing { self.since } else { now };
        Self { standing, since, reason: Some(kind.code().to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Standing::{Active, NeedsReauth, Suspect};

    const REFUSED: Event = Event::Refused(Kind::SignInExpired);
    const WANTED: Event = Event::Wanted(Kind::MfaNeeded);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn standing(standing: Standing) -> Life {
        let reason = (standing != Active).then(|| Kind::SignInExpired.code().to_owned());
        Life { standing, since: at(1_000), reason }
    }

    #[test]
    fn every_edge_leads_where_the_picture_says() {
        // Standing, event, seconds since the last change, standing after it.
        let edges = [
            (Active, Event::Connected, 0, Active),
            (Active, Event::Renewed, 5, Active),
            (Active, REFUSED, 0, Suspect),
            (Active, REFUSED, 99_999, Suspect),
            (Active, WANTED, 0, NeedsReauth),
            (Active, Event::AppRefused, 99_999, Active),
            (Active, Event::Unheard, 99_999, Active),
            (Suspect, Event::Connected, 0, Active),
            (Suspect, Event::Renewed, 0, Active),
            (Suspect, REFUSED, 59, Suspect),
            (Suspect, REFUSED, 60, NeedsReauth),
            (Suspect, WANTED, 0, NeedsReauth),
            (Suspect, Event::AppRefused, 99_999, Suspect),
            (Suspect, Event::Unheard, 99_999, Suspect),
            (NeedsReauth, Event::Connected, 0, Active),
            (NeedsReauth, Event::Renewed, 0, Active),
            (NeedsReauth, REFUSED, 99_999, NeedsReauth),
            (NeedsReauth, WANTED, 99_999, NeedsReauth),
            (NeedsReauth, Event::AppRefused, 99_999, NeedsReauth),
            (NeedsReauth, Event::Unheard, 99_999, NeedsReauth),
        ];
        for (before, event, seconds, after) in edges {
            let now = at(1_000 + seconds);
            let life = standing(before).after(event, now);
            assert_eq!(life.standing, after, "{before:?} and {event:?} after {seconds} s");
            let begins_anew = before != after || event == Event::Connected;
            assert_eq!(life.since, if begins_anew { now } else { at(1_000) }, "{before:?} and {event:?}");
        }
    }

    #[test]
    fn neither_the_customers_app_nor_an_outage_changes_anything_at_all() {
        for before in [Active, Suspect, NeedsReauth] {
            for event in [Event::AppRefused, Event::Unheard] {
                assert_eq!(standing(before).after(event, at(99_999)), standing(before), "{event:?}");
            }
        }
    }

    #[test]
    fn what_is_doubted_says_why_and_what_works_says_nothing() {
        let why = |life: Life| life.reason;
        assert_eq!(why(standing(Active).after(REFUSED, at(1_000))).as_deref(), Some(Kind::SignInExpired.code()));
        assert_eq!(why(standing(Suspect).after(WANTED, at(1_000))).as_deref(), Some(Kind::MfaNeeded.code()));
        for event in [Event::Renewed, Event::Connected] {
            assert_eq!(why(standing(Suspect).after(event, at(1_000))), None, "{event:?}");
        }
    }

    #[test]
    fn entra_is_asked_again_a_minute_after_a_refusal_and_never_after_two() {
        let tries = |before, seconds| (standing(before).may_try(at(seconds)), standing(before).next_try(at(seconds)));
        assert_eq!(tries(Active, 1_000), (true, None));
        assert_eq!(tries(Suspect, 1_000), (false, Some(SignedDuration::from_secs(60))));
        assert_eq!(tries(Suspect, 1_059), (false, Some(SignedDuration::from_secs(1))));
        assert_eq!(tries(Suspect, 1_060), (true, Some(SignedDuration::ZERO)));
        assert_eq!(tries(Suspect, 9_999), (true, Some(SignedDuration::ZERO)));
        assert_eq!(tries(NeedsReauth, 999_999), (false, None));
    }

    #[test]
    fn a_clock_that_went_back_confirms_nothing() {
        assert_eq!(standing(Suspect).after(REFUSED, at(10)).standing, Suspect);
        assert!(!standing(Suspect).may_try(at(10)));
    }

    #[test]
    fn a_blocked_customer_hides_what_would_work_and_nothing_else() {
        let told = [State::Active, State::Suspect, State::NeedsReauth, State::CustomerBlocked, State::Disconnected];
        let blocked = told.map(State::blocked);
        assert_eq!(
            blocked,
            [
                State::CustomerBlocked,
                State::CustomerBlocked,
                State::NeedsReauth,
                State::CustomerBlocked,
                State::Disconnected
            ]
        );
    }

    #[test]
    fn a_standing_is_told_by_one_word_everywhere() {
        for each in [Active, Suspect, NeedsReauth] {
            assert_eq!(Standing::of_word(each.word()), Some(each));
            let written = serde_json::to_value(each).unwrap();
            assert_eq!(written, serde_json::to_value(each.state()).unwrap());
            assert_eq!(written, each.word());
        }
        assert_eq!(Standing::of_word("customer_blocked"), None);
    }
}
