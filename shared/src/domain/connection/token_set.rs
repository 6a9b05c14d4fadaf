//! What the token endpoint gave, and whether it suffices.

use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::secret::{AccessToken, RefreshToken};

/// Entra's access tokens live an hour or so, and up to 28 hours where access is evaluated continuously.
const MAX_ACCESS_TOKEN_TTL: SignedDuration = SignedDuration::from_hours(28);
const DEFAULT_ACCESS_TOKEN_TTL: SignedDuration = SignedDuration::from_secs(60);

/// The permissions without which there are no meetings.
const REQUIRED_SCOPES: [&str; 2] = ["OnlineMeetings.ReadWrite", "User.Read"];

/// What the token endpoint gave.
#[derive(Debug)]
pub struct TokenSet {
    /// Opens Graph.
    pub access: AccessToken,
    /// From when on.
    pub obtained_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Buys the next; none means: keep the one you have (RFC 6749 §6).
    pub refresh: Option<RefreshToken>,
    /// What was granted, separated by blanks.
    pub scope: String,
}

impl TokenSet {
    /// The end of an access token that lives `expires_in` seconds. One that would have ended before it came is taken to
    /// live a minute, so that no answer makes us ask in a loop; one that never ends, as long as Entra's longest.
    #[must_use]
    pub fn expires_at(obtained_at: Timestamp, expires_in: i64) -> Timestamp {
        let told = SignedDuration::from_secs(expires_in);
        let life = if told.is_positive() { told.min(MAX_ACCESS_TOKEN_TTL) } else { DEFAULT_ACCESS_TOKEN_TTL };
        add_saturating(obtained_at, life)
    }

    /// Whether the permissions are there, in whatever order and spelling.
    #[must_use]
    pub fn has_required_scopes(&self) -> bool {
        has_required_scopes(&self.scope)
    }
}

/// Whether this scope has what meetings need.
pub(super) fn has_required_scopes(scope: &str) -> bool {
    let granted = |needed: &str| {
        scope.split_whitespace().any(|scope| {
            let short = scope.rsplit_once('/').map_or(scope, |(_, short)| short);
            short.eq_ignore_ascii_case(needed)
        })
    };
    REQUIRED_SCOPES.into_iter().all(granted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_nonsensical_life_of_a_token_is_brought_within_bounds() {
        for nothing in [-1, 0, i64::MIN] {
            assert_eq!(TokenSet::expires_at(at(0), nothing), at(1));
        }
        assert_eq!(TokenSet::expires_at(at(0), 5), at(0) + SignedDuration::from_secs(5));
        assert_eq!(TokenSet::expires_at(at(0), i64::MAX), at(28 * 60));
    }

    #[test]
    fn a_scope_suffices_in_whatever_order_and_spelling_and_with_nothing_missing() {
        let suffices = |scope: &str| {
            let scope = scope.to_owned();
            let access = AccessToken::from("access".to_owned());
            TokenSet { access, obtained_at: at(0), expires_at: at(60), refresh: None, scope }.has_required_scopes()
        };
        assert!(suffices("User.Read profile https://graph.microsoft.com/onlinemeetings.readwrite"));
        assert!(suffices("OnlineMeetings.ReadWrite\tuser.read"));
        for scope in ["", "User.Read", "OnlineMeetings.ReadWrite", "User.ReadOnlineMeetings.ReadWrite"] {
            assert!(!suffices(scope), "{scope}");
        }
        assert!(!suffices("User.Read OnlineMeetings.ReadWrite.All OnlineMeetings.Read"));
    }
}
