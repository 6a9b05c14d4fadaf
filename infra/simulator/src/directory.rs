//! The simulated directory: tenants, their users and their applications.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x509_parser::public_key::PublicKey;

use crate::federated_credential::SimulatedFederatedCredential;

/// All tenants of the simulator.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Directory {
    /// The tenants, each closed against the others.
    pub tenants: Vec<SimulatedTenant>,
    /// Whether 15 equal refreshes in 5 minutes are rejected (AADSTS50196).
    pub loop_detection: bool,
}

/// One organisation.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a directory, each independent of the others in Entra")]
pub struct SimulatedTenant {
    /// The directory (tenant) id.
    pub id: Uuid,
    /// The name its people see.
    pub display_name: String,
    /// Verified domains, the default one first.
    pub domains: Vec<String>,
    /// The login address of the tenant's cloud, if it is another one.
    pub cloud: Option<String>,
    /// Whether Microsoft blocked the tenant for inactivity.
    pub blocked: bool,
    /// Whether Microsoft Graph is disabled in the tenant.
    pub graph_disabled: bool,
    /// Whether users may not consent for themselves.
    pub require_admin_consent: bool,
    /// Whether the page "need admin approval" has a way back to the application.
    pub approval_page_returns: bool,
    /// The foreign issuers that its policies let apps trust. None means every issuer, an empty list none at all.
    pub allowed_issuers: Option<Vec<String>>,
    /// Whether meetings get dial-in numbers.
    pub audio_conferencing: bool,
    /// The users.
    pub users: Vec<SimulatedUser>,
    /// The app registrations.
    pub apps: Vec<SimulatedApp>,
}

/// The error of a refresh whose sign-in lacks a second factor that a policy requires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MfaChallenge {
    /// No second factor is wanted.
    #[default]
    None,
    /// AADSTS50076 as `interaction_required`.
    InteractionRequired,
    /// AADSTS50076 as `invalid_grant` with suberror `basic_action`.
    InvalidGrant,
}

/// One account.
#[derive(Clone, Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four switches of an account, each independent of the others in Entra"
)]
pub struct SimulatedUser {
    /// Object id, the `oid` claim and the Graph `id`.
    pub oid: Uuid,
    /// User principal name.
    pub upn: String,
    /// Display name.
    pub name: String,
    /// Job title, shown by Graph.
    pub job_title: String,
    /// Preferred language tag, shown by Graph.
    pub language: String,
    /// Whether a Teams licence is assigned.
    pub licensed: bool,
    /// Whether the account may sign in.
    pub enabled: bool,
    /// Whether the account is a guest from another tenant.
    pub guest: bool,
    /// Whether the account may consent for the organisation.
    pub admin: bool,
    /// Whether refreshes without a second factor are rejected, and how.
    pub mfa: MfaChallenge,
    /// Seconds after which Conditional Access wants a new sign-in (AADSTS70043).
    pub sign_in_frequency: Option<i64>,
    /// The number of revocations. Refresh tokens from before a revocation are rejected.
    pub revocations: u32,
}

/// One app registration.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "switches of an app, each independent of the others in Entra")]
pub struct SimulatedApp {
    /// Application (client) id.
    pub client_id: Uuid,
    /// Object id of the registration, often pasted by mistake.
    pub object_id: Uuid,
    /// Display name.
    pub name: String,
    /// Web redirect URIs, compared byte by byte.
    pub redirect_uris: Vec<String>,
    /// Redirect URIs of the platform "Single-page application": only a browser may redeem what came there.
    pub spa_redirect_uris: Vec<String>,
    /// Client secrets; several may be valid at once.
    pub secrets: Vec<SimulatedClientSecret>,
    /// Certificates for `private_key_jwt`.
    pub certificates: Vec<SimulatedCertificate>,
    /// Foreign issuers whose assertions it accepts in place of a secret.
    pub federated_credentials: Vec<SimulatedFederatedCredential>,
    /// Delegated Graph permissions listed on the registration.
    pub permissions: Vec<String>,
    /// Whether it maps claims, and so signs id tokens with a key of its own.
    pub own_signing_key: bool,
    /// Whether users may sign in to it. A registration that was deactivated is refused with the same number.
    pub enabled: bool,
    /// Whether it is among the enterprise applications of its tenant: `POST /applications` alone puts nothing there.
    pub enterprise_app: bool,
    /// Whether it is registered as a public client only.
    pub public_client: bool,
    /// Whether only assigned users may sign in.
    pub requires_assignment: bool,
    /// Object ids of the assigned users.
    pub assigned: BTreeSet<Uuid>,
    /// Scopes an administrator granted for everybody.
    pub organisation_consent: BTreeSet<String>,
    /// Scopes single users granted for themselves, by object id.
    pub user_consents: BTreeMap<Uuid, BTreeSet<String>>,
}

/// A client secret.
#[derive(Clone, Debug, Serialize)]
pub struct SimulatedClientSecret {
    /// The value; never part of a listing.
    #[serde(skip_serializing)]
    pub value: String,
    /// The "Secret ID" of the portal, which is not the value.
    pub id: Uuid,
    /// When it expires.
    pub expires: Timestamp,
}

/// A certificate registered on an application.
#[derive(Clone, Debug, Serialize)]
pub struct SimulatedCertificate {
    /// base64url of SHA-256 over the DER certificate, as in the header `x5t#S256`.
    pub thumbprint: String,
    /// The RSA public key, PKCS#1 DER.
    #[serde(skip_serializing)]
    pub public_key: Vec<u8>,
    /// When it expires.
    pub expires: Timestamp,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl SimulatedCertificate {
    /// The certificate of a file as the portal takes it: X.509 in PEM, with an RSA key; `None` for anything else.
    #[must_use]
    pub fn read(file: &str) -> Option<Self> {
        let file = pem::parse(file).ok().filter(|file| file.tag() == "CERTIFICATE")?;
        let (rest, certificate) = x509_parser::parse_x509_certificate(file.contents()).ok()?;
        let PublicKey::RSA(_) = certificate.public_key().parsed().ok()? else { return None };
        Some(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, file.contents())),
            public_key: certificate.public_key().subject_public_key.data.to_vec(),
            expires: Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?,
            revoked: false,
        })
        .filter(|_| rest.is_empty())
    }
}

impl Directory {
    /// The tenant of a GUID or verified domain, in any case of letters.
    #[must_use]
    pub fn tenant(&self, name: &str) -> Option<&SimulatedTenant> {
        let wanted = guid(name);
        self.tenants.iter().find(|tenant| {
            wanted.is_some_and(|id| tenant.id == id)
                || tenant.domains.iter().any(|domain| domain.eq_ignore_ascii_case(name))
        })
    }

    /// The tenant with this id, to be changed.
    pub fn tenant_mut(&mut self, id: Uuid) -> Option<&mut SimulatedTenant> {
        self.tenants.iter_mut().find(|tenant| tenant.id == id)
    }

    /// The tenant and user of a user principal name.
    #[must_use]
    pub fn user(&self, upn: &str) -> Option<(&SimulatedTenant, &SimulatedUser)> {
        self.tenants.iter().find_map(|tenant| Some((tenant, tenant.user(upn)?)))
    }

    /// The user of a user principal name, to be changed.
    pub fn user_mut(&mut self, upn: &str) -> Option<&mut SimulatedUser> {
        self.tenants.iter_mut().flat_map(|tenant| &mut tenant.users).find(|user| user.upn.eq_ignore_ascii_case(upn))
    }

    /// The application of a client id, to be changed.
    pub fn app_mut(&mut self, client_id: Uuid) -> Option<&mut SimulatedApp> {
        self.tenants.iter_mut().flat_map(|tenant| &mut tenant.apps).find(|app| app.client_id == client_id)
    }
}

impl SimulatedTenant {
    /// The user of a user principal name.
    #[must_use]
    pub fn user(&self, upn: &str) -> Option<&SimulatedUser> {
        self.users.iter().find(|user| user.upn.eq_ignore_ascii_case(upn))
    }

    /// The user of an object id.
    #[must_use]
    pub fn user_by_oid(&self, oid: Uuid) -> Option<&SimulatedUser> {
        self.users.iter().find(|user| user.oid == oid)
    }

    /// The application of a client id as a request carries it.
    #[must_use]
    pub fn app(&self, client_id: &str) -> Option<&SimulatedApp> {
        let wanted = guid(client_id)?;
        self.apps.iter().find(|app| app.client_id == wanted)
    }
}

impl SimulatedApp {
    /// Every scope the user, or an administrator for all, has granted.
    #[must_use]
    pub fn granted_to(&self, oid: Uuid) -> BTreeSet<String> {
        let mut granted = self.organisation_consent.clone();
        if let Some(own) = self.user_consents.get(&oid) {
            granted.extend(own.iter().cloned());
        }
        granted
    }
}

/// A GUID in the one form Entra writes: 36 characters with hyphens.
pub(crate) fn guid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}
