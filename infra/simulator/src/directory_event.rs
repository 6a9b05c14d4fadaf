//! Events at a customer: changes of the directory.

use std::collections::BTreeSet;
use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::directory::{
    MfaChallenge, SimulatedApp, SimulatedCertificate, SimulatedClientSecret, SimulatedTenant, SimulatedUser,
};
use crate::federated_credential::SimulatedFederatedCredential;
use crate::state::SimulatorState;

/// One change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum DirectoryEvent {
    /// Expires every secret of the application.
    ExpireSecret { client_id: Uuid },
    /// Replaces all secrets of the application by this one.
    ReplaceSecret { client_id: Uuid, value: String },
    /// The application has this secret in addition.
    AddSecret { client_id: Uuid, value: String },
    /// The secrets of the application are removed.
    RemoveSecrets { client_id: Uuid },
    /// The application has this certificate in addition: a file as uploaded in the portal.
    RegisterCertificate { client_id: Uuid, file: String },
    /// The certificates of the application are removed.
    RemoveCertificates { client_id: Uuid },
    /// The certificates of the application are revoked (7000214).
    RevokeCertificates { client_id: Uuid },
    /// The application trusts a foreign issuer, as Graph's `federatedIdentityCredentials` describe it.
    AddFederatedCredential { client_id: Uuid, credential: SimulatedFederatedCredential },
    /// The application trusts no foreign issuer any more (70025).
    RemoveFederatedCredentials { client_id: Uuid },
    /// The tenant's policies let apps trust these issuers only (700238), none (700223), or every issuer when absent.
    AllowIssuers {
        tenant: Uuid,
        #[serde(default)]
        issuers: Option<Vec<String>>,
    },
    /// The enterprise application exists in the tenant, or is removed (7000229).
    SetEnterpriseApp { client_id: Uuid, present: bool },
    /// Sign-in to the application is disabled, or its registration is deactivated (7000112).
    DisableApp { client_id: Uuid },
    /// Sign-in to the application is enabled again.
    EnableApp { client_id: Uuid },
    /// The tenant of an application has another one, registered and consented to as that is.
    AddApp { client_id: Uuid, like: Uuid },
    /// The registration is deleted (700016).
    RemoveApp { client_id: Uuid },
    /// The application becomes a public client, or a web client again (700025).
    SetPublicClient { client_id: Uuid, public: bool },
    /// The redirect URIs are those of a single-page application, or of a web application again (9002327).
    RegisterAsSpa { client_id: Uuid, spa: bool },
    /// The application maps claims, so its id tokens are signed with a key of its own, or no longer.
    MapClaims { client_id: Uuid, on: bool },
    /// Only assigned users may sign in (50105).
    RequireAssignment { client_id: Uuid, required: bool },
    /// A user is assigned to the application, or no longer.
    AssignUser { client_id: Uuid, upn: String, assigned: bool },
    /// Consent is granted: for one user, or for everybody when no user is named.
    GrantConsent {
        client_id: Uuid,
        #[serde(default)]
        upn: Option<String>,
        scopes: Vec<String>,
    },
    /// Consent is withdrawn: one user's, or every consent when no user is named.
    WithdrawConsent {
        client_id: Uuid,
        #[serde(default)]
        upn: Option<String>,
    },
    /// The tenant is in the cloud of this login address (90038), or in this one again.
    MoveToCloud {
        tenant: Uuid,
        #[serde(default)]
        login: Option<String>,
    },
    /// Microsoft blocks the tenant for inactivity, or unblocks it (5000225).
    BlockTenant { tenant: Uuid, blocked: bool },
    /// Microsoft Graph is disabled or enabled in the tenant (500014).
    DisableGraph { tenant: Uuid, disabled: bool },
    /// Only administrators may consent, or users too (90094).
    RequireAdminConsent { tenant: Uuid, required: bool },
    /// The page "need admin approval" has a way back, or has none.
    OfferWayBack { tenant: Uuid, offered: bool },
    /// The user's sessions and refresh tokens are revoked (50173).
    RevokeSessions { upn: String },
    /// The Teams licence is removed.
    RemoveLicence { upn: String },
    /// The Teams licence is assigned.
    AssignLicence { upn: String },
    /// The account is disabled (50057).
    DisableUser { upn: String },
    /// The account is enabled.
    EnableUser { upn: String },
    /// The account is deleted (50034).
    RemoveUser { upn: String },
    /// Refreshes of sign-ins without a second factor are rejected (50076).
    RequireMfa { upn: String, demand: MfaChallenge },
    /// Refreshes this long after the sign-in are rejected (70043). Absent removes the limit.
    LimitSignIn {
        upn: String,
        #[serde(default)]
        seconds: Option<i64>,
    },
    /// Loops of equal refreshes are rejected, or are not (50196).
    DetectLoops { on: bool },
    /// The next key signs; the old ones stay published.
    RotateSigningKey {},
    /// Only the key that signs stays published.
    DropOldKeys {},
}

/// The subject of an event does not exist, or Graph would reject the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEventError(String);

impl DirectoryEventError {
    fn no(subject: impl fmt::Display) -> Self {
        Self(format!("the directory has no {subject}"))
    }
}

impl fmt::Display for DirectoryEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DirectoryEventError {}

impl SimulatorState {
    /// Applies an event.
    pub(crate) fn apply(&mut self, event: DirectoryEvent) -> Result<(), DirectoryEventError> {
        match event {
            DirectoryEvent::RevokeSessions { upn } => self.on_user(&upn, |user| user.revocations += 1),
            DirectoryEvent::RemoveLicence { upn } => self.on_user(&upn, |user| user.licensed = false),
            DirectoryEvent::AssignLicence { upn } => self.on_user(&upn, |user| user.licensed = true),
            DirectoryEvent::DisableUser { upn } => self.on_user(&upn, |user| user.enabled = false),
            DirectoryEvent::EnableUser { upn } => self.on_user(&upn, |user| user.enabled = true),
            DirectoryEvent::RequireMfa { upn, demand } => self.on_user(&upn, |user| user.mfa = demand),
            DirectoryEvent::LimitSignIn { upn, seconds } => self.on_user(&upn, |user| user.sign_in_frequency = seconds),
            DirectoryEvent::RemoveUser { upn } => {
                let (tenant, oid) = self.find_user(&upn)?;
                self.on_tenant(tenant, |tenant| tenant.users.retain(|user| user.oid != oid))
            }
            DirectoryEvent::RequireAdminConsent { tenant, required } => {
                self.on_tenant(tenant, |tenant| tenant.require_admin_consent = required)
            }
            DirectoryEvent::BlockTenant { tenant, blocked } => {
                self.on_tenant(tenant, |tenant| tenant.blocked = blocked)
            }
            DirectoryEvent::MoveToCloud { tenant, login } => self.on_tenant(tenant, |tenant| tenant.cloud = login),
            DirectoryEvent::DisableGraph { tenant, disabled } => {
                self.on_tenant(tenant, |tenant| tenant.graph_disabled = disabled)
            }
            DirectoryEvent::AllowIssuers { tenant, issuers } => {
                self.on_tenant(tenant, |tenant| tenant.allowed_issuers = issuers)
            }
            DirectoryEvent::OfferWayBack { tenant, offered } => {
                self.on_tenant(tenant, |tenant| tenant.approval_page_returns = offered)
            }
            DirectoryEvent::DetectLoops { on } => {
                self.directory.loop_detection = on;
                Ok(())
            }
            DirectoryEvent::RotateSigningKey {} => {
                self.keys.rotate();
                Ok(())
            }
            DirectoryEvent::DropOldKeys {} => {
                self.keys.drop_old();
                Ok(())
            }
            event => self.apply_to_app(event),
        }
    }

    fn apply_to_app(&mut self, event: DirectoryEvent) -> Result<(), DirectoryEventError> {
        let now = self.now();
        match event {
            DirectoryEvent::ExpireSecret { client_id } => self.on_app(client_id, |app| {
                for secret in &mut app.secrets {
                    secret.expires = now;
                }
            }),
            DirectoryEvent::ReplaceSecret { client_id, value } => {
                let secret = self.new_secret(value);
                self.on_app(client_id, |app| app.secrets = vec![secret])
            }
            DirectoryEvent::AddSecret { client_id, value } => {
                let secret = self.new_secret(value);
                self.on_app(client_id, |app| app.secrets.push(secret))
            }
            DirectoryEvent::RemoveSecrets { client_id } => self.on_app(client_id, |app| app.secrets.clear()),
            DirectoryEvent::RegisterCertificate { client_id, file } => {
                let certificate = SimulatedCertificate::read(&file);
                let certificate = certificate.ok_or_else(|| DirectoryEventError::no("certificate of this kind"))?;
                self.on_app(client_id, |app| app.certificates.push(certificate))
            }
            DirectoryEvent::RemoveCertificates { client_id } => self.on_app(client_id, |app| app.certificates.clear()),
            DirectoryEvent::RevokeCertificates { client_id } => self.on_app(client_id, |app| {
                for certificate in &mut app.certificates {
                    certificate.revoked = true;
                }
            }),
            DirectoryEvent::AddFederatedCredential { client_id, credential } => {
                let mut added = Ok(());
                self.on_app(client_id, |app| added = credential.add_to(&mut app.federated_credentials))?;
                added.map_err(DirectoryEventError)
            }
            DirectoryEvent::RemoveFederatedCredentials { client_id } => {
                self.on_app(client_id, |app| app.federated_credentials.clear())
            }
            DirectoryEvent::SetEnterpriseApp { client_id, present } => {
                self.on_app(client_id, |app| app.enterprise_app = present)
            }
            DirectoryEvent::DisableApp { client_id } => self.on_app(client_id, |app| app.enabled = false),
            DirectoryEvent::EnableApp { client_id } => self.on_app(client_id, |app| app.enabled = true),
            DirectoryEvent::RemoveApp { client_id } => {
                self.on_app(client_id, |_| ())?;
                for tenant in &mut self.directory.tenants {
                    tenant.apps.retain(|app| app.client_id != client_id);
                }
                Ok(())
            }
            DirectoryEvent::AddApp { client_id, like } => {
                self.on_app(like, |_| ())?;
                for tenant in &mut self.directory.tenants {
                    let copies = tenant.apps.iter().filter(|app| app.client_id == like);
                    let copies: Vec<_> = copies.map(|app| SimulatedApp { client_id, ..app.clone() }).collect();
                    tenant.apps.extend(copies);
                }
                Ok(())
            }
            DirectoryEvent::SetPublicClient { client_id, public } => {
                self.on_app(client_id, |app| app.public_client = public)
            }
            DirectoryEvent::RegisterAsSpa { client_id, spa } => self.on_app(client_id, |app| {
                let (web, browser) = (&mut app.redirect_uris, &mut app.spa_redirect_uris);
                let (from, to) = if spa { (web, browser) } else { (browser, web) };
                to.append(from);
            }),
            DirectoryEvent::MapClaims { client_id, on } => self.on_app(client_id, |app| app.own_signing_key = on),
            DirectoryEvent::RequireAssignment { client_id, required } => {
                self.on_app(client_id, |app| app.requires_assignment = required)
            }
            DirectoryEvent::AssignUser { client_id, upn, assigned } => {
                let (_, oid) = self.find_user(&upn)?;
                self.on_app(client_id, |app| {
                    if assigned {
                        app.assigned.insert(oid);
                    } else {
                        app.assigned.remove(&oid);
                    }
                })
            }
            DirectoryEvent::GrantConsent { client_id, upn, scopes } => {
                let oid = upn.map(|upn| self.find_user(&upn)).transpose()?;
                self.on_app(client_id, |app| match oid {
                    Some((_, oid)) => app.user_consents.entry(oid).or_default().extend(scopes),
                    None => app.organisation_consent.extend(scopes),
                })
            }
            DirectoryEvent::WithdrawConsent { client_id, upn } => {
                let oid = upn.map(|upn| self.find_user(&upn)).transpose()?;
                self.on_app(client_id, |app| {
                    if let Some((_, oid)) = oid {
                        app.user_consents.remove(&oid);
                    } else {
                        app.user_consents.clear();
                        app.organisation_consent = BTreeSet::new();
                    }
                })
            }
            _ => Ok(()),
        }
    }

    fn new_secret(&mut self, value: String) -> SimulatedClientSecret {
        SimulatedClientSecret {
            value,
            id: self.randomness.guid(),
            // Two years: the default of Graph's addPassword.
            expires: self.later(SignedDuration::from_hours(2 * 365 * 24)),
        }
    }

    fn find_user(&self, upn: &str) -> Result<(Uuid, Uuid), DirectoryEventError> {
        let (tenant, user) =
            self.directory.user(upn).ok_or_else(|| DirectoryEventError::no(format_args!("user {upn}")))?;
        Ok((tenant.id, user.oid))
    }

    fn on_user(&mut self, upn: &str, change: impl FnOnce(&mut SimulatedUser)) -> Result<(), DirectoryEventError> {
        let user = self.directory.user_mut(upn);
        change(user.ok_or_else(|| DirectoryEventError::no(format_args!("user {upn}")))?);
        Ok(())
    }

    fn on_app(&mut self, id: Uuid, change: impl FnOnce(&mut SimulatedApp)) -> Result<(), DirectoryEventError> {
        let app = self.directory.app_mut(id);
        change(app.ok_or_else(|| DirectoryEventError::no(format_args!("application {id}")))?);
        Ok(())
    }

    fn on_tenant(&mut self, id: Uuid, change: impl FnOnce(&mut SimulatedTenant)) -> Result<(), DirectoryEventError> {
        let tenant = self.directory.tenant_mut(id);
        change(tenant.ok_or_else(|| DirectoryEventError::no(format_args!("tenant {id}")))?);
        Ok(())
    }
}
