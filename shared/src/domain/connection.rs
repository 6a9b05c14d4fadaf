//! A recruiter's connection: tokens, account, health, and how they change.
//!
//! Two rules hold for every change: an older refresh token never replaces a newer one, and no error deletes a connection. A
//! change consumes the connection, so the state before it cannot be used by mistake.

mod account;
mod account_ref;
mod health;
mod token_set;

use crate::domain::finding::FindingKind;
use crate::types::clock::{SignedDuration, Timestamp, add_saturating};
use crate::types::ids::{ClientId, CustomerId, TenantId, UserId};
use crate::types::secret::{AccessToken, RefreshToken};

pub use account::Account;
pub use account_ref::{AccountRef, AccountRefError};
pub use health::{CONFIRMATION_DELAY, ConnectionHealth, ConnectionState, HealthEvent, HealthState};
pub use token_set::TokenSet;

/// An access token is refreshed this long before it expires. A short-lived one is refreshed in its last quarter.
const REFRESH_MARGIN: SignedDuration = SignedDuration::from_mins(5);

/// A recruiter's connection, as the vault stores it.
#[derive(Debug)]
pub struct Connection {
    /// The customer.
    pub customer: CustomerId,
    /// The recruiter.
    pub user: UserId,
    /// The tenant of the sign-in.
    pub tenant: TenantId,
    /// The app of the sign-in.
    pub client_id: ClientId,
    /// The account that signed in.
    pub account: Account,
    /// The access token for Graph.
    pub access: AccessToken,
    /// When the tokens were obtained. Of two connections, the later one is newer.
    pub obtained_at: Timestamp,
    /// When the access token expires.
    pub access_expires_at: Timestamp,
    /// The refresh token.
    pub refresh: RefreshToken,
    /// The granted permissions.
    pub scope: String,
    /// The health of the sign-in.
    pub life: ConnectionHealth,
    /// The id of the sign-in. Its completion handle cannot be used again.
    pub sign_in: String,
    /// When the recruiter signed in.
    pub connected_at: Timestamp,
}

/// Why granted tokens do not make a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// A permission is missing.
    #[error("the granted scope lacks a permission")]
    Scope,
    /// There is no refresh token.
    #[error("there is no refresh token")]
    NoRefreshToken,
}

impl GrantError {
    /// Everything that these tokens lack.
    pub fn check(tokens: &TokenSet) -> impl Iterator<Item = Self> {
        let scope = (!tokens.has_required_scopes()).then_some(Self::Scope);
        scope.into_iter().chain(tokens.refresh.is_none().then_some(Self::NoRefreshToken))
    }

    /// The finding for this error.
    #[must_use]
    pub fn finding_kind(self) -> FindingKind {
        match self {
            Self::Scope => FindingKind::PermissionMissing,
            Self::NoRefreshToken => FindingKind::NoRefreshToken,
        }
    }
}

/// Why a sign-in does not replace an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplaceConnectionError {
    /// Another account of the same tenant signed in before.
    #[error("the recruiter is connected with another account")]
    DifferentAccount,
    /// The stored sign-in is newer.
    #[error("a newer sign-in came first")]
    Older,
}

/// The owner of a new connection.
#[derive(Debug, Clone)]
pub struct ConnectionOwner {
    /// The customer.
    pub customer: CustomerId,
    /// The recruiter.
    pub user: UserId,
    /// The tenant of the sign-in.
    pub tenant: TenantId,
    /// The app of the sign-in.
    pub client_id: ClientId,
}

impl Connection {
    /// The connection of a completed sign-in.
    ///
    /// # Errors
    /// [`GrantError`] if the tokens could not be refreshed or could not create meetings.
    pub fn from_tokens(
        owner: ConnectionOwner,
        account: Account,
        tokens: TokenSet,
        sign_in: String,
    ) -> Result<Self, GrantError> {
        if !tokens.has_required_scopes() {
            return Err(GrantError::Scope);
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
            refresh: tokens.refresh.ok_or(GrantError::NoRefreshToken)?,
            scope: tokens.scope,
            life: ConnectionHealth::active_since(tokens.obtained_at),
            sign_in,
            connected_at: tokens.obtained_at,
        })
    }

    /// Whether the granted permissions suffice for meetings. One may have been revoked since the sign-in.
    #[must_use]
    pub fn has_required_scopes(&self) -> bool {
        token_set::has_required_scopes(&self.scope)
    }

    /// Whether the access token is valid for long enough.
    #[must_use]
    pub fn has_valid_access_token(&self, now: Timestamp) -> bool {
        let lifetime = self.obtained_at.duration_until(self.access_expires_at);
        let margin = REFRESH_MARGIN.min(lifetime / 4);
        add_saturating(now, margin) < self.access_expires_at
    }

    /// The connection with refreshed tokens. Its health is `active` again.
    #[must_use]
    pub fn with_tokens(self, tokens: TokenSet) -> Self {
        Self {
            life: self.life.apply(HealthEvent::Refreshed, tokens.obtained_at),
            access: tokens.access,
            obtained_at: tokens.obtained_at,
            access_expires_at: tokens.expires_at,
            refresh: tokens.refresh.unwrap_or(self.refresh),
            scope: if tokens.scope.is_empty() { self.scope } else { tokens.scope },
            ..self
        }
    }

    /// The connection after an event without new tokens. It keeps its tokens in every case.
    #[must_use]
    pub fn apply(self, event: HealthEvent, now: Timestamp) -> Self {
        Self { life: self.life.apply(event, now), ..self }
    }

    /// Whether this account of this tenant may sign in again. Object ids count within a tenant, so of another tenant any
    /// account may.
    #[must_use]
    pub fn belongs_to(&self, tenant: TenantId, account: &Account) -> bool {
        self.tenant != tenant || self.account.oid == account.oid
    }

    /// Whether this sign-in may replace a stored one.
    ///
    /// # Errors
    /// [`ReplaceConnectionError`] if the stored one has another account or is newer.
    pub fn can_replace(&self, stored: &Self) -> Result<(), ReplaceConnectionError> {
        if !stored.belongs_to(self.tenant, &self.account) {
            return Err(ReplaceConnectionError::DifferentAccount);
        }
        self.can_replace_account(stored)
    }

    /// Whether this sign-in may replace a stored one of any account, because the ATS says so.
    ///
    /// # Errors
    /// [`ReplaceConnectionError::Older`].
    pub fn can_replace_account(&self, stored: &Self) -> Result<(), ReplaceConnectionError> {
        if stored.connected_at > self.connected_at { Err(ReplaceConnectionError::Older) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::secret::Secret;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn tokens(refresh: Option<&str>, minute: i64) -> TokenSet {
        TokenSet {
            access: AccessToken::from("access".to_owned()),
            obtained_at: at(minute),
            expires_at: TokenSet::expires_at(at(minute), 3600),
            refresh: refresh.map(|text| RefreshToken::from(text.to_owned())),
            scope: "User.Read profile https://graph.microsoft.com/onlinemeetings.readwrite".to_owned(),
        }
    }

    fn connection() -> Connection {
        let owner = ConnectionOwner {
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
        Connection::from_tokens(owner, account, tokens(Some("first"), 0), "sign-in".into()).unwrap()
    }

    #[test]
    fn an_access_token_is_renewed_five_minutes_before_its_end() {
        assert!(connection().has_valid_access_token(at(54)));
        assert!(!connection().has_valid_access_token(at(55)));
    }

    #[test]
    fn an_access_token_that_lives_shortly_is_renewed_in_its_last_quarter() {
        let of_eight_minutes = Connection { access_expires_at: at(8), ..connection() };
        assert!(of_eight_minutes.has_valid_access_token(at(5)));
        assert!(!of_eight_minutes.has_valid_access_token(at(6)));
    }

    #[test]
    fn a_renewal_takes_all_that_came_with_the_new_tokens() {
        let came = TokenSet {
            access: AccessToken::from("new".to_owned()),
            scope: "OnlineMeetings.ReadWrite User.Read".to_owned(),
            ..tokens(Some("second"), 60)
        };
        let renewed = connection().with_tokens(came);
        assert_eq!((renewed.access.expose(), renewed.refresh.expose()), ("new", "second"));
        assert_eq!((renewed.obtained_at, renewed.access_expires_at), (at(60), at(120)));
        assert_eq!(renewed.scope, "OnlineMeetings.ReadWrite User.Read");
        assert_eq!((renewed.connected_at, renewed.sign_in.as_str()), (at(0), "sign-in"), "it is no new sign-in");
    }

    #[test]
    fn a_permission_that_was_taken_away_is_missed_and_a_scope_that_is_not_told_is_the_former() {
        let renewed = |scope: &str| connection().with_tokens(TokenSet { scope: scope.to_owned(), ..tokens(None, 60) });
        assert!(connection().has_required_scopes());
        assert!(renewed("").has_required_scopes());
        assert!(!renewed("User.Read").has_required_scopes());
    }

    #[test]
    fn without_a_new_refresh_token_the_old_one_is_kept() {
        assert_eq!(connection().with_tokens(tokens(None, 60)).refresh.expose(), "first");
        assert_eq!(connection().with_tokens(tokens(Some("second"), 60)).refresh.expose(), "second");
    }

    #[test]
    fn a_sign_in_is_lost_only_when_refused_twice_a_minute_apart() {
        let refused = HealthEvent::Rejected(FindingKind::SignInExpired);
        let once = connection().apply(refused, at(10));
        assert_eq!((once.life.standing, once.life.may_refresh(at(10))), (HealthState::Suspect, false));
        let at_once_again = once.apply(refused, at(10));
        assert_eq!((at_once_again.life.standing, at_once_again.life.since), (HealthState::Suspect, at(10)));
        let a_minute_later = at_once_again.apply(refused, at(11));
        assert_eq!(
            (a_minute_later.life.standing, a_minute_later.life.may_refresh(at(999))),
            (HealthState::NeedsReauth, false)
        );
        assert_eq!(a_minute_later.refresh.expose(), "first", "no error takes the token away");
    }

    #[test]
    fn no_event_but_new_tokens_changes_the_tokens() {
        let kind = FindingKind::SignInExpired;
        for event in [HealthEvent::Rejected(kind), HealthEvent::InteractionRequired(kind)] {
            let after = connection().apply(event, at(99));
            assert_eq!((after.refresh.expose(), after.access.expose()), ("first", "access"), "{event:?}");
            assert_eq!((after.obtained_at, after.connected_at), (at(0), at(0)), "{event:?}");
        }
    }

    #[test]
    fn new_tokens_end_every_doubt() {
        let well =
            connection().apply(HealthEvent::Rejected(FindingKind::SignInExpired), at(10)).with_tokens(tokens(None, 12));
        assert_eq!(well.life, ConnectionHealth::active_since(at(12)));
        assert_eq!(well.life.standing.connection_state(), ConnectionState::Active);
    }

    #[test]
    fn a_sign_in_succeeds_an_older_one_of_the_same_person() {
        let signed_in_at = |minute| Connection { connected_at: at(minute), ..connection() };
        assert_eq!(signed_in_at(5).can_replace(&signed_in_at(4)), Ok(()));
        assert_eq!(signed_in_at(5).can_replace(&signed_in_at(5)), Ok(()), "of two at the same moment the later writer");
        assert_eq!(signed_in_at(4).can_replace(&signed_in_at(5)), Err(ReplaceConnectionError::Older));
        let somebody_else = || {
            let mut other = signed_in_at(5);
            other.account.oid = "99999999-2222-4333-8444-555555555555".parse().unwrap();
            other
        };
        assert_eq!(somebody_else().can_replace(&signed_in_at(4)), Err(ReplaceConnectionError::DifferentAccount));
        assert_eq!(somebody_else().can_replace_account(&signed_in_at(4)), Ok(()));
        assert_eq!(somebody_else().can_replace_account(&signed_in_at(6)), Err(ReplaceConnectionError::Older));
        let elsewhere =
            Connection { tenant: "7f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60".parse().unwrap(), ..signed_in_at(4) };
        assert_eq!(somebody_else().can_replace(&elsewhere), Ok(()), "ids of people count within their tenant");
    }

    #[test]
    fn a_grant_that_lacks_a_permission_or_a_refresh_token_makes_no_connection() {
        let TokenSet { scope, .. } = tokens(None, 0);
        assert!(scope.contains("User.Read"));
        let made = |tokens| {
            let Connection { customer, user, tenant, client_id, account, .. } = connection();
            Connection::from_tokens(
                ConnectionOwner { customer, user, tenant, client_id },
                account,
                tokens,
                String::new(),
            )
            .unwrap_err()
        };
        let lacks = |tokens: &TokenSet| GrantError::check(tokens).collect::<Vec<_>>();
        let neither = TokenSet { scope: "User.Read".into(), ..tokens(None, 0) };
        assert_eq!(lacks(&neither), [GrantError::Scope, GrantError::NoRefreshToken]);
        assert_eq!(lacks(&tokens(Some("r"), 0)), []);
        assert_eq!(made(tokens(None, 0)), GrantError::NoRefreshToken);
        assert_eq!(made(TokenSet { scope: "User.Read".into(), ..tokens(Some("r"), 0) }), GrantError::Scope);
        let elsewhere = "User.Read OnlineMeetings.ReadWrite.All OnlineMeetings.Read";
        assert_eq!(made(TokenSet { scope: elsewhere.into(), ..tokens(Some("r"), 0) }), GrantError::Scope);
    }
}
