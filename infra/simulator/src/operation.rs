//! The operations of the simulator and their names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// An operation of a listener, or a group of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operation {
            $($(#[$doc])* $variant,)*
        }

        impl Operation {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$variant, $name),)*];
        }
    };
}

operations! {
    /// Redemption of an authorization code.
    TokenAuthorizationCode = "token:authorization_code",
    /// Redemption of a refresh token.
    TokenRefreshToken = "token:refresh_token",
    /// The application's own token.
    TokenClientCredentials = "token:client_credentials",
    /// A token request with an unknown grant type.
    TokenOther = "token:other",
    /// Every token request. Only for faults.
    AnyToken = "token:*",
    /// Discovery document.
    Discovery = "discovery",
    /// Signing keys.
    Keys = "keys",
    /// The sign-in page.
    Authorize = "authorize",
    /// The user's decision on the sign-in page.
    AuthorizeDecision = "authorize:decision",
    /// The admin consent page.
    AdminConsent = "adminconsent",
    /// The administrator's decision on the admin consent page.
    AdminConsentDecision = "adminconsent:decision",
    /// Anything else on the login listener.
    LoginOther = "login:other",
    /// The signed-in user.
    GraphMe = "graph:me",
    /// Teams licence of a user.
    GraphLicence = "graph:licence",
    /// The tenant.
    GraphOrganization = "graph:organization",
    /// A new meeting.
    GraphCreate = "graph:create",
    /// A meeting by external id.
    GraphCreateOrGet = "graph:create_or_get",
    /// A meeting by id.
    GraphRead = "graph:read",
    /// A meeting by join link.
    GraphFind = "graph:find",
    /// A change of a meeting.
    GraphUpdate = "graph:update",
    /// Removal of a meeting.
    GraphDelete = "graph:delete",
    /// Anything else on the graph listener.
    GraphOther = "graph:other",
    /// Every request to Graph. Only for faults.
    AnyGraph = "graph:*",
}

impl Operation {
    /// The name on the control routes.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(operation, _)| *operation == self).map_or("", |(_, name)| name)
    }

    /// Whether a fault for `self` applies to `other`.
    pub(crate) fn covers(self, other: Self) -> bool {
        match self {
            Self::AnyToken => other.name().starts_with("token:"),
            Self::AnyGraph => other.name().starts_with("graph:"),
            exact => exact == other,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(operation, _)| *operation).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(_, name)| *name).collect();
            format!("no operation {text:?}; there are {}", names.join(", "))
        })
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
