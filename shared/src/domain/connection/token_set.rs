//! Tokens as the token endpoint issued them.

use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::secret::{AccessToken, RefreshToken};

/// Entra's access tokens are valid for about an hour, with continuous access evaluation for up to 28 hours.
const MAX_ACCESS_TOKEN_TTL: SignedDuration = SignedDuration::from_hours(28);
const DEFAULT_ACCESS_TOKEN_TTL: SignedDuration = SignedDuration::from_secs(60);

/// The permissions that meetings need.
const REQUIRED_SCOPES: [&str; 2] = ["OnlineMeetings.ReadWrite", "User.Read"];

/// A response of the token endpoint.
#[derive(Debug)]
pub struct TokenSet {
    /// The access token for Graph.
    pub access: AccessToken,
    /// When the tokens were requested.
    pub obtained_at: Timestamp,
    /// When the access token expires.
    pub expires_at: Timestamp,
    /// The refresh token. `None` means that the old one stays valid (RFC 6749 §6).
    pub refresh: Option<RefreshToken>,
    /// The granted permissions, separated by blanks.
    pub scope: String,
}

impl TokenSet {
    /// When an access token of `expires_in` seconds expires. Without a positive number it counts for a minute, so that no
    /// response makes us refresh in a loop; a huge number counts as Entra's maximum.
    #[must_use]
    pub fn expires_at(obtained_at: Timestamp, expires_in: i64) -> Timestamp {
        let lifetime = SignedDuration::from_secs(expires_in);
        let lifetime =
            if lifetime.is_positive() { lifetime.min(MAX_ACCESS_TOKEN_TTL) } else { DEFAULT_ACCESS_TOKEN_TTL };
        add_saturating(obtained_at, lifetime)
    }

    /// Whether the permissions for meetings are granted, in any order and spelling.
    #[must_use]
    pub fn has_required_scopes(&self) -> bool {
        has_required_scopes(&self.scope)
    }
}

/// Whether a scope has the permissions for meetings.
pub(super) fn has_required_scopes(scope: &str) -> bool {
    let is_granted = |needed: &str| {
        scope.split_whitespace().any(|scope| {
            let short = scope.rsplit_once('/').map_or(scope, |(_, short)| short);
            short.eq_ignore_ascii_case(needed)
        })
    };
    REQUIRED_SCOPES.into_iter().all(is_granted)
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
