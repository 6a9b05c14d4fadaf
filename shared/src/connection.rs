//! A recruiter's connection: whose it is, what it may do, and how it lives and ails.
//!
//! Two rules hold in every transition: a newer refresh token is never replaced by an older one, and no error deletes
//! a connection. A transition consumes the connection, so the former state cannot be used by mistake.

use serde::{Deserialize, Serialize};

use crate::clock::{SignedDuration, Timestamp, after};
use crate::finding::Kind;
use crate::ids::{ClientId, CustomerId, ObjectId, TenantId, UserId};
use crate::secret::{AccessToken, RefreshToken};

/// An access token is renewed this long before its end, or after three quarters of a life that is shorter than that.
const RENEWAL_MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// A lost sign-in counts as lost when Entra says so twice, this far apart.
pub const CONFIRMATION_TIME: SignedDuration = SignedDuration::from_secs(60);

/// A refresh token lapses after 90 days without use (Microsoft Entra, "refresh tokens"); it is used after 30.
pub const KEEP_ALIVE_AFTER: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Entra's access tokens live an hour or so, and up to 28 hours where access is evaluated continuously.
const LONGEST_ACCESS: SignedDuration = SignedDuration::from_hours(28);
const LIFE_UNTOLD: SignedDuration = SignedDuration::from_secs(60);

/// The permissions without which there are no meetings.
const NEEDED_SCOPES: [&str; 2] = ["OnlineMeetings.ReadWrite", "User.Read"];

/// The account that signed in. With the tenant, `oid` names the person; the rest is for display only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub oid: ObjectId,
    /// The display name.
    pub name: String,
    /// The user principal name.
    pub upn: String,
}

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

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// A recruiter's connection, as the vault keeps it.
#[derive(Debug)]
pub struct Connection {
    /// Whose customer.
    pub customer: CustomerId,
    /// Which recruiter.
    pub user: UserId,
    /// At which tenant.
    pub tenant: TenantId,
    /// Through which app.
    pub client_id: ClientId,
    /// As whom.
    pub account: Account,
    /// Opens Graph until it ends.
    pub access: AccessToken,
    /// When it was obtained: by this the newer of two connections is known.
    pub obtained_at: Timestamp,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// Buys the next.
    pub refresh: RefreshToken,
    /// What was granted.
    pub scope: String,
    /// How it is: `Active`, `Suspect` or `NeedsReauth`; the other two states are told from elsewhere.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// The code of the finding that led there.
    pub reason: Option<String>,
    /// The sign-in that made it: its handle cannot make another.
    pub sign_in: String,
    /// When that was.
    pub connected_at: Timestamp,
}

/// Why what Entra granted does not make a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Insufficient {
    /// A permission is missing.
    #[error("the granted scope lacks a permission")]
    Scope,
    /// There is no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
}

impl Insufficient {
    /// The finding that it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Scope => Kind::PermissionMissing,
            Self::NoRefreshToken => Kind::NoRefreshToken,
        }
    }
}

/// Whose connection it is going to be.
#[derive(Debug, Clone)]
pub struct Owner {
    /// Whose customer.
    pub customer: CustomerId,
    /// Which recruiter.
    pub user: UserId,
    /// At which tenant.
    pub tenant: TenantId,
    /// Through which app.
    pub client_id: ClientId,
}

impl TokenSet {
    /// The end of an access token that lives `expires_in` seconds. One that would have ended before it came is taken to
    /// live a minute, so that no answer makes us ask in a loop; one that never ends, as long as Entra's longest.
    #[must_use]
    pub fn expiry(obtained_at: Timestamp, expires_in: i64) -> Timestamp {
        let told = SignedDuration::from_secs(expires_in);
        let life = if told.is_positive() { told.min(LONGEST_ACCESS) } else { LIFE_UNTOLD };
        after(obtained_at, life)
    }

    /// Whether the permissions are there, in whatever order and spelling.
    #[must_use]
    pub fn suffices(&self) -> bool {
        let granted = |needed: &str| {
            self.scope.split_whitespace().any(|scope| {
                let short = scope.rsplit_once('/').map_or(scope, |(_, short)| short);
                short.eq_ignore_ascii_case(needed)
            })
        };
        NEEDED_SCOPES.into_iter().all(granted)
    }
}

impl Connection {
    /// The connection that a completed sign-in makes.
    ///
    /// # Errors
    /// [`Insufficient`] where it would not last or could not make meetings.
    pub fn made(owner: Owner, account: Account, tokens: TokenSet, sign_in: String) -> Result<Self, Insufficient> {
        if !tokens.suffices() {
            return Err(Insufficient::Scope);
        }
        Ok(Self {
            customer: owner.customer,
            user: owner.user,
            tenant: owner.tenant,
            client_id: owner.client_id,
            account,
            access: tokens.access,
            obtained_at: tokens.obtained_at,
            access_expires_at: tokens.expires_at,
            refresh: tokens.refresh.ok_or(Insufficient::NoRefreshToken)?,
            scope: tokens.scope,
            state: State::Active,
            since: tokens.obtained_at,
            reason: None,
            sign_in,
            connected_at: tokens.obtained_at,
        })
    }

    /// Whether the access token still opens Graph, with time to spare.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let life = self.obtained_at.duration_until(self.access_expires_at);
        let margin = RENEWAL_MARGIN.min(life / 4);
        after(now, margin) < self.access_expires_at
    }

    /// Whether the refresh token has lain unused for so long that it should be used.
    #[must_use]
    pub fn wants_keep_alive(&self, now: Timestamp) -> bool {
        self.state != State::NeedsReauth && self.obtained_at.duration_until(now) >= KEEP_ALIVE_AFTER
    }

    /// Whether asking Entra again makes sense now.
    #[must_use]
    pub fn may_try(&self, now: Timestamp) -> bool {
        match self.state {
            State::Suspect => self.since.duration_until(now) >= CONFIRMATION_TIME,
            State::NeedsReauth => false,
            State::Active | State::CustomerBlocked | State::Disconnected => true,
        }
    }

    /// Entra gave new tokens: whatever was doubted before is well again.
    #[must_use]
    pub fn renewed(self, tokens: TokenSet) -> Self {
        let since = if self.state == State::Active { self.since } else { tokens.obtained_at };
        Self {
            access: tokens.access,
            obtained_at: tokens.obtained_at,
            access_expires_at: tokens.expires_at,
            refresh: tokens.refresh.unwrap_or(self.refresh),
            scope: if tokens.scope.is_empty() { self.scope } else { tokens.scope },
            state: State::Active,
            since,
            reason: None,
            ..self
        }
    }

    /// Entra refused the refresh token. `certain` when it asked for the user herself; else the refusal must be
    /// confirmed after [`CONFIRMATION_TIME`] before it counts. The tokens are kept in every case.
    #[must_use]
    pub fn doubted(self, reason: Kind, certain: bool, now: Timestamp) -> Self {
        let confirmed = self.state == State::Suspect && self.since.duration_until(now) >= CONFIRMATION_TIME;
        let state = if certain || confirmed { State::NeedsReauth } else { State::Suspect };
        let since = if state == self.state { self.since } else { now };
        Self { state, since, reason: Some(reason.code().to_owned()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn tokens(refresh: Option<&str>, minute: i64) -> TokenSet {
        TokenSet {
            access: AccessToken::from("access".to_owned()),
            obtained_at: at(minute),
            expires_at: TokenSet::expiry(at(minute), 3600),
            refresh: refresh.map(|text| RefreshToken::from(text.to_owned())),
            scope: "User.Read profile https://graph.microsoft.com/onlinemeetings.readwrite".to_owned(),
        }
    }

    fn connection() -> Connection {
        let owner = Owner {
            customer: "c".parse().unwrap(),
            user: "u".parse().unwrap(),
            tenant: "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(),
            client_id: "0c9d8e7f-1a2b-4c3d-8e5f-6a7b8c9d0e1f".parse().unwrap(),
        };
        let account = Account {
            oid: "11111111-2222-4333-8444-555555555555".parse().unwrap(),
            name: "Anna Nowak".into(),
            upn: "anna@kadry.example".into(),
        };
        Connection::made(owner, account, tokens(Some("first"), 0), "sign-in".into()).unwrap()
    }

    #[test]
    fn an_access_token_is_renewed_five_minutes_before_its_end() {
        assert!(connection().is_fresh(at(54)));
        assert!(!connection().is_fresh(at(55)));
    }

    #[test]
    fn a_nonsensical_life_of_a_token_is_brought_within_bounds() {
        for nothing in [-1, 0, i64::MIN] {
            assert_eq!(TokenSet::expiry(at(0), nothing), at(1));
        }
        assert_eq!(TokenSet::expiry(at(0), 5), at(0) + SignedDuration::from_secs(5));
        assert_eq!(TokenSet::expiry(at(0), i64::MAX), at(28 * 60));
    }

    #[test]
    fn without_a_new_refresh_token_the_old_one_is_kept() {
        assert_eq!(connection().renewed(tokens(None, 60)).refresh.expose(), "first");
        assert_eq!(connection().renewed(tokens(Some("second"), 60)).refresh.expose(), "second");
    }

    #[test]
    fn a_sign_in_is_lost_only_when_refused_twice_a_minute_apart() {
        let once = connection().doubted(Kind::SignInExpired, false, at(10));
        assert_eq!((once.state, once.may_try(at(10))), (State::Suspect, false));
        let at_once_again = once.doubted(Kind::SignInExpired, false, at(10));
        assert_eq!((at_once_again.state, at_once_again.since), (State::Suspect, at(10)));
        let a_minute_later = at_once_again.doubted(Kind::SignInExpired, false, at(11));
        assert_eq!((a_minute_later.state, a_minute_later.may_try(at(999))), (State::NeedsReauth, false));
        assert_eq!(a_minute_later.refresh.expose(), "first", "no error takes the token away");
    }

    #[test]
    fn a_demand_for_the_user_herself_needs_no_confirmation() {
        assert_eq!(connection().doubted(Kind::MfaNeeded, true, at(1)).state, State::NeedsReauth);
    }

    #[test]
    fn new_tokens_end_every_doubt() {
        let well = connection().doubted(Kind::SignInExpired, false, at(10)).renewed(tokens(None, 12));
        assert_eq!((well.state, well.since, well.reason), (State::Active, at(12), None));
    }

    #[test]
    fn a_grant_that_lacks_a_permission_or_a_refresh_token_makes_no_connection() {
        let TokenSet { scope, .. } = tokens(None, 0);
        assert!(scope.contains("User.Read"));
        let made = |tokens| {
            let Connection { customer, user, tenant, client_id, account, .. } = connection();
            Connection::made(Owner { customer, user, tenant, client_id }, account, tokens, String::new()).unwrap_err()
        };
        assert_eq!(made(tokens(None, 0)), Insufficient::NoRefreshToken);
        assert_eq!(made(TokenSet { scope: "User.Read".into(), ..tokens(Some("r"), 0) }), Insufficient::Scope);
        let elsewhere = "User.Read OnlineMeetings.ReadWrite.All OnlineMeetings.Read";
        assert_eq!(made(TokenSet { scope: elsewhere.into(), ..tokens(Some("r"), 0) }), Insufficient::Scope);
    }
}
