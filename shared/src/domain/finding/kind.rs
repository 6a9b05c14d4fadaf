//! What can be wrong: each kind with a stable code, a severity, an actor and a field.
//!
//! Decisions are made on OAuth's `error` and `suberror`. Microsoft's AADSTS numbers may change
//! ([error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)), so they only refine a finding.

use serde::{Deserialize, Serialize};

use crate::types::language::Language;
use crate::types::text::Text;

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The software that calls us.
    Ats,
    /// The recruiter in whose name meetings are created.
    Recruiter,
    /// The administrator of the customer's Entra directory.
    CustomerAdmin,
    /// The operator of this deployment.
    Operator,
}

/// How severe a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Notice,
    /// It works, but not for long, or it could not be checked.
    Warning,
    /// Nothing works until this is solved.
    Error,
}

/// The field of the intake form that a finding concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FormField {
    /// Directory (tenant) id, or a verified domain.
    Tenant,
    /// Application (client) id.
    ClientId,
    /// The secret's value.
    ClientSecret,
    /// The choice of a certificate.
    Certificate,
    /// The day on which the secret expires.
    ExpiresOn,
    /// Whom the ATS may remind.
    Contact,
}

/// What is wrong, and what to do about it: for people, in one language, or as [`Text`] in all.
#[derive(Debug, Clone, Copy)]
pub struct Message<T = &'static str> {
    /// What is wrong, in one short sentence.
    pub title: T,
    /// What to do, naming the places of the portal in its own words.
    pub remedy: T,
}

impl Message<Text> {
    /// The message in a language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Message {
        Message { title: self.title.in_language(language), remedy: self.remedy.in_language(language) }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident, $actor:ident, $field:expr;)*) => {
        /// What can be wrong. Codes are stable: an ATS may branch on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FindingKind { $($(#[$doc])* $name,)* }

        impl FindingKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            #[must_use]
            pub fn actor(self) -> Actor {
                match self { $(Self::$name => Actor::$actor,)* }
            }

            /// The field of the intake form that the finding is about.
            #[must_use]
            pub fn field(self) -> Option<FormField> {
                match self { $(Self::$name => $field,)* }
            }
        }
    };
}

kinds! {
    /// No tenant was given.
    TenantMissing = "tenant_missing", Error, CustomerAdmin, Some(FormField::Tenant);
    /// Neither a GUID nor a domain.
    TenantMalformed = "tenant_malformed", Error, CustomerAdmin, Some(FormField::Tenant);
    /// `common` and the like.
    TenantIsEveryTenant = "tenant_is_every_tenant", Error, CustomerAdmin, Some(FormField::Tenant);
    /// `consumers`, or the tenant of personal accounts.
    TenantIsPersonal = "tenant_is_personal", Error, CustomerAdmin, Some(FormField::Tenant);
    /// A name without `.onmicrosoft.com`.
    TenantIsShortName = "tenant_is_short_name", Error, CustomerAdmin, Some(FormField::Tenant);
    /// A web address was pasted.
    TenantIsUrl = "tenant_is_url", Error, CustomerAdmin, Some(FormField::Tenant);
    /// An e-mail address was pasted.
    TenantIsEmail = "tenant_is_email", Error, CustomerAdmin, Some(FormField::Tenant);
    /// AADSTS90002.
    TenantNotFound = "tenant_not_found", Error, CustomerAdmin, Some(FormField::Tenant);
    /// Azure China, where Graph v1.0 has no online meetings.
    TenantInChina = "tenant_in_china", Error, CustomerAdmin, Some(FormField::Tenant);
    /// A directory of a company's customers (Azure AD B2C, Entra External ID), which has no Teams.
    TenantIsForCustomers = "tenant_is_for_customers", Error, CustomerAdmin, Some(FormField::Tenant);
    /// A tenant of another Microsoft cloud than this deployment's (AADSTS90038 and others).
    TenantInAnotherCloud = "tenant_in_another_cloud", Error, CustomerAdmin, Some(FormField::Tenant);
    /// AADSTS5000225 and 5000224: Microsoft blocked the tenant.
    DirectoryBlocked = "directory_blocked", Error, CustomerAdmin, None;
    /// AADSTS500021 and others, 500212, 500213: a rule of the network or between tenants rejects the account.
    TenantAccessRestricted = "tenant_access_restricted", Error, CustomerAdmin, None;
    /// The client id is a tenant, and the tenant does not exist.
    TenantAndClientIdSwapped = "tenant_and_client_id_swapped", Error, CustomerAdmin, Some(FormField::Tenant);
    /// Not the tenant of the domain that the ATS expects.
    TenantUnexpected = "tenant_unexpected", Error, CustomerAdmin, Some(FormField::Tenant);
    /// The customer already uses another tenant. A link cannot change it.
    TenantDiffers = "tenant_differs", Error, Ats, Some(FormField::Tenant);
    /// No client id was given.
    ClientIdMissing = "client_id_missing", Error, CustomerAdmin, Some(FormField::ClientId);
    /// Not a GUID: a name perhaps.
    ClientIdMalformed = "client_id_malformed", Error, CustomerAdmin, Some(FormField::ClientId);
    /// The same value in both fields.
    ClientIdIsTenant = "client_id_is_tenant", Error, CustomerAdmin, Some(FormField::ClientId);
    /// An application of Microsoft, with the same id in every tenant.
    ClientIdIsMicrosofts = "client_id_is_microsofts", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS700016.
    AppNotFound = "app_not_found", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS650059: a single-tenant app of another tenant.
    AppOfAnotherTenant = "app_of_another_tenant", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS7000229: the app is registered, but the tenant has no service principal for it.
    EnterpriseAppMissing = "enterprise_app_missing", Error, CustomerAdmin, None;
    /// The customer already uses another app of the same tenant. A link cannot change it.
    AppDiffers = "app_differs", Error, Ats, Some(FormField::ClientId);
    /// Another customer of this deployment uses this app.
    AppOfAnotherCustomer = "app_of_another_customer", Error, Ats, Some(FormField::ClientId);
    /// AADSTS7000112.
    AppDisabled = "app_disabled", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS700025.
    AppIsPublicClient = "app_is_public_client", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS50011, 500113: our redirect URI is not registered on the app.
    RedirectUriMissing = "redirect_uri_missing", Warning, CustomerAdmin, None;
    /// Entra's answer says nothing about the redirect URI.
    RedirectUriUnchecked = "redirect_uri_unchecked", Notice, CustomerAdmin, None;
    /// AADSTS9002325 and others: the redirect URI is registered for a single-page application.
    RedirectUriIsSpa = "redirect_uri_is_spa", Error, CustomerAdmin, None;
    /// AADSTS50146 and its family: claims are mapped for the app, and that does not work.
    ClaimsMappingBroken = "claims_mapping_broken", Error, CustomerAdmin, None;
    /// No secret was given.
    SecretMissing = "secret_missing", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// A GUID: the portal's *Secret ID* instead of its *Value*.
    SecretIsSecretId = "secret_is_secret_id", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// `abc*****`: how the portal shows a secret later.
    SecretIsMasked = "secret_is_masked", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// Blanks, control or invisible characters inside.
    SecretHasStrangeCharacters = "secret_has_strange_characters", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// Longer or shorter than any client secret of Entra.
    SecretMalformed = "secret_malformed", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// AADSTS7000215.
    SecretWrong = "secret_wrong", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// AADSTS7000222.
    SecretExpired = "secret_expired", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// Not a calendar date.
    ExpiryMalformed = "expiry_malformed", Error, CustomerAdmin, Some(FormField::ExpiresOn);
    /// A day in the past.
    ExpiryInThePast = "expiry_in_the_past", Error, CustomerAdmin, Some(FormField::ExpiresOn);
    /// Not one e-mail address.
    ContactMalformed = "contact_malformed", Error, CustomerAdmin, Some(FormField::Contact);
    /// The credential expires within 60 days.
    ExpiresSoon = "expires_soon", Warning, CustomerAdmin, Some(FormField::ExpiresOn);
    /// The expiry is not known, so no reminder can be sent.
    ExpiryUnknown = "expiry_unknown", Notice, CustomerAdmin, Some(FormField::ExpiresOn);
    /// Microsoft's answer to the check was not conclusive.
    CouldNotBeChecked = "could_not_be_checked", Warning, CustomerAdmin, None;
    /// Microsoft rejected the app's secret without a number that says why.
    CredentialRefused = "credential_refused", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// AADSTS700027 and others: our certificate is not registered on the app, or no longer.
    CertificateNotRegistered = "certificate_not_registered", Error, CustomerAdmin, Some(FormField::Certificate);
    /// A certificate was chosen, but none was created.
    CertificateMissing = "certificate_missing", Error, CustomerAdmin, Some(FormField::Certificate);
    /// Our certificate has expired (AADSTS1000502).
    CertificateExpired = "certificate_expired", Error, CustomerAdmin, Some(FormField::Certificate);
    /// Microsoft rejected the app's certificate without a number that says why, or because of its kind (AADSTS50012).
    CertificateRefused = "certificate_refused", Error, CustomerAdmin, Some(FormField::Certificate);
    /// AADSTS70025, 70021: the app has no federated credential for our issuer.
    FederatedCredentialMissing = "federated_credential_missing", Error, CustomerAdmin, None;
    /// AADSTS700211: no federated credential of the app has our issuer.
    FederatedIssuerWrong = "federated_issuer_wrong", Error, CustomerAdmin, None;
    /// AADSTS700212: the federated credential has another audience.
    FederatedAudienceWrong = "federated_audience_wrong", Error, CustomerAdmin, None;
    /// AADSTS700213 and 7002138: the federated credential has another subject.
    FederatedSubjectWrong = "federated_subject_wrong", Error, CustomerAdmin, None;
    /// AADSTS700223, 700238, 7002381: a policy of the tenant forbids federated credentials, or our issuer.
    FederationForbidden = "federation_forbidden", Error, CustomerAdmin, None;
    /// AADSTS501661 and others: Microsoft could not fetch our discovery document or our keys.
    IssuerUnreachable = "issuer_unreachable", Error, Operator, None;
    /// Microsoft rejected our assertion for an app that trusts us: the signature, or without a number that says why.
    FederationRefused = "federation_refused", Error, Operator, None;
    /// AADSTS500011: Microsoft Graph is disabled in the tenant.
    GraphDisabled = "graph_disabled", Error, CustomerAdmin, None;
    /// AADSTS65001.
    ConsentMissing = "consent_missing", Error, CustomerAdmin, None;
    /// AADSTS90094.
    AdminApprovalNeeded = "admin_approval_needed", Error, CustomerAdmin, None;
    /// AADSTS50105.
    UserNotAssigned = "user_not_assigned", Error, CustomerAdmin, None;
    /// The recruiter declined, or went back after asking an administrator for approval: AADSTS65004 means both.
    SignInDeclined = "sign_in_declined", Error, Recruiter, None;
    /// The sign-in failed for an undocumented reason.
    SignInFailed = "sign_in_failed", Error, Recruiter, None;
    /// AADSTS50020 and others: an account of another tenant.
    AccountOfAnotherTenant = "account_of_another_tenant", Error, Recruiter, None;
    /// A guest account, whose home is another tenant.
    AccountIsGuest = "account_is_guest", Error, Recruiter, None;
    /// Another account than the one that was connected.
    DifferentAccount = "different_account", Error, Recruiter, None;
    /// The granted scope lacks a permission for meetings.
    PermissionMissing = "permission_missing", Error, CustomerAdmin, None;
    /// Entra issued no refresh token.
    NoRefreshToken = "no_refresh_token", Error, CustomerAdmin, None;
    /// AADSTS50076, 50079 and others.
    MfaNeeded = "mfa_needed", Error, Recruiter, None;
    /// AADSTS53000 to 53003.
    BlockedByPolicy = "blocked_by_policy", Error, CustomerAdmin, None;
    /// AADSTS70043.
    SignInFrequency = "sign_in_frequency", Error, Recruiter, None;
    /// AADSTS50055 and others: the password is wrong, has expired or must be changed.
    PasswordExpired = "password_expired", Error, Recruiter, None;
    /// AADSTS50053: too many attempts, or a blocked address.
    AccountLocked = "account_locked", Error, Recruiter, None;
    /// AADSTS20001, 80001 and others: the customer's own identity provider failed.
    IdentityProviderFailed = "identity_provider_failed", Error, CustomerAdmin, None;
    /// AADSTS50057.
    UserDisabled = "user_disabled", Error, CustomerAdmin, None;
    /// AADSTS50034.
    UserGone = "user_gone", Error, CustomerAdmin, None;
    /// AADSTS50173, 70008, 700082 and others that end a grant.
    SignInExpired = "sign_in_expired", Error, Recruiter, None;
    /// Graph does not allow this user meetings.
    TeamsNotAvailable = "teams_not_available", Error, CustomerAdmin, None;
    /// The user has no licence for Teams (`getTeamsLicensingDetails`).
    TeamsLicenceMissing = "teams_licence_missing", Error, CustomerAdmin, None;
    /// Too many requests (AADSTS50196, 429).
    Throttled = "throttled", Warning, Ats, None;
    /// Microsoft is out of service (AADSTS90033 and others).
    MicrosoftUnavailable = "microsoft_unavailable", Warning, Ats, None;
    /// AADSTS700024: our client assertion is not valid now, so our clock is wrong.
    ClockWrong = "clock_wrong", Warning, Operator, None;
    /// Microsoft rejects our request (AADSTS9002313 and others).
    RequestRejected = "request_rejected", Warning, Operator, None;
}

impl FindingKind {
    /// Who may have to act instead of [`FindingKind::actor`], if a number has two causes.
    #[must_use]
    pub fn other_actor(self) -> Option<Actor> {
        match self {
            Self::SignInDeclined | Self::SignInFrequency | Self::AccountLocked => Some(Actor::CustomerAdmin),
            Self::BlockedByPolicy | Self::IdentityProviderFailed | Self::TenantAccessRestricted => {
                Some(Actor::Recruiter)
            }
            _ => None,
        }
    }

    /// The finding with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether Entra also says this about a new credential that has not reached all its servers yet.
    #[must_use]
    pub fn may_be_propagation_delay(self) -> bool {
        matches!(
            self,
            Self::SecretWrong
                | Self::CredentialRefused
                | Self::CertificateNotRegistered
                | Self::CertificateRefused
                | Self::FederatedCredentialMissing
                | Self::FederatedIssuerWrong
                | Self::FederatedAudienceWrong
                | Self::FederatedSubjectWrong
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_stands_for_one_finding() {
        let codes: HashSet<_> = FindingKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), FindingKind::ALL.len());
    }
}
