//! What the doctor can find: every mistake that administrators, recruiters and tenants make, each with a stable code,
//! who must act, and what to click, in both languages.
//!
//! Decisions are made on OAuth's `error` and `suberror`; Microsoft's AADSTS number only picks the sentence
//! ([error codes](https://learn.microsoft.com/entra/identity-platform/reference-error-codes): numbers may change).

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
    /// The person whose name is on the meeting.
    Recruiter,
    /// The administrator of the customer's Entra directory.
    CustomerAdmin,
    /// Whoever runs this deployment.
    Operator,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Notice,
    /// It works, and will not for long, or could not be checked.
    Warning,
    /// Nothing works until this is mended.
    Error,
}

/// The field of the intake form that a finding is about.
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
    /// The choice of a certificate of ours.
    Certificate,
    /// The day on which the secret ends.
    ExpiresOn,
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
        /// What can be found. Codes are stable: an ATS may branch on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum FindingKind { $($(#[$doc])* $name,)* }

        impl FindingKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Who must act.
            #[must_use]
            pub fn actor(self) -> Actor {
                match self { $(Self::$name => Actor::$actor,)* }
            }

            /// The field of the form that it is about.
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
    /// Another of Microsoft's clouds than the one that is served here (AADSTS90038 and the like).
    TenantInAnotherCloud = "tenant_in_another_cloud", Error, CustomerAdmin, Some(FormField::Tenant);
    /// The client id is a tenant, and the tenant is none.
    TenantAndClientIdSwapped = "tenant_and_client_id_swapped", Error, CustomerAdmin, Some(FormField::Tenant);
    /// Not the tenant of the domain that the ATS expects.
    TenantUnexpected = "tenant_unexpected", Error, CustomerAdmin, Some(FormField::Tenant);
    /// The customer works with another tenant already; a link does not change that.
    TenantDiffers = "tenant_differs", Error, Ats, Some(FormField::Tenant);
    /// No client id was given.
    ClientIdMissing = "client_id_missing", Error, CustomerAdmin, Some(FormField::ClientId);
    /// Not a GUID: a name perhaps.
    ClientIdMalformed = "client_id_malformed", Error, CustomerAdmin, Some(FormField::ClientId);
    /// The same value in both fields.
    ClientIdIsTenant = "client_id_is_tenant", Error, CustomerAdmin, Some(FormField::ClientId);
    /// An id of Microsoft's own, the same in every tenant.
    ClientIdIsMicrosofts = "client_id_is_microsofts", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS700016.
    AppNotFound = "app_not_found", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS650059: a single-tenant app of somebody else.
    AppOfAnotherTenant = "app_of_another_tenant", Error, CustomerAdmin, Some(FormField::ClientId);
    /// The customer works with another app of the same tenant; a link does not change that.
    AppDiffers = "app_differs", Error, Ats, Some(FormField::ClientId);
    /// Another customer of this deployment works with this very app.
    AppOfAnotherCustomer = "app_of_another_customer", Error, Ats, Some(FormField::ClientId);
    /// AADSTS7000112.
    AppDisabled = "app_disabled", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS700025.
    AppIsPublicClient = "app_is_public_client", Error, CustomerAdmin, Some(FormField::ClientId);
    /// AADSTS50011, 900971: our redirect URI is not among those of the app.
    RedirectUriMissing = "redirect_uri_missing", Warning, CustomerAdmin, None;
    /// Entra showed something from which nothing follows about the redirect URI.
    RedirectUriUnchecked = "redirect_uri_unchecked", Notice, CustomerAdmin, None;
    /// AADSTS9002325 and its family: the redirect URI is one of a single-page application.
    RedirectUriIsSpa = "redirect_uri_is_spa", Error, CustomerAdmin, None;
    /// No secret was given.
    SecretMissing = "secret_missing", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// A GUID: the portal's *Secret ID* instead of its *Value*.
    SecretIsSecretId = "secret_is_secret_id", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// `abc*****`: how the portal shows a secret later.
    SecretIsMasked = "secret_is_masked", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// Blanks, control or invisible characters inside.
    SecretHasStrangeCharacters = "secret_has_strange_characters", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// Longer or shorter than any secret of Entra's.
    SecretMalformed = "secret_malformed", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// AADSTS7000215.
    SecretWrong = "secret_wrong", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// AADSTS7000222.
    SecretExpired = "secret_expired", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// Not a calendar date.
    ExpiryMalformed = "expiry_malformed", Error, CustomerAdmin, Some(FormField::ExpiresOn);
    /// A day that is over.
    ExpiryInThePast = "expiry_in_the_past", Error, CustomerAdmin, Some(FormField::ExpiresOn);
    /// Within 60 days.
    ExpiresSoon = "expires_soon", Warning, CustomerAdmin, Some(FormField::ExpiresOn);
    /// Nobody said when the secret ends, so nobody can be reminded.
    ExpiryUnknown = "expiry_unknown", Notice, CustomerAdmin, Some(FormField::ExpiresOn);
    /// Microsoft answered the check with something that proves nothing.
    CouldNotBeChecked = "could_not_be_checked", Warning, CustomerAdmin, None;
    /// Microsoft refused the app's credential, without a number that says why.
    CredentialRefused = "credential_refused", Error, CustomerAdmin, Some(FormField::ClientSecret);
    /// AADSTS700027 and its family: the app does not know our certificate.
    CertificateNotRegistered = "certificate_not_registered", Error, CustomerAdmin, Some(FormField::Certificate);
    /// A certificate was chosen, and none was made.
    CertificateMissing = "certificate_missing", Error, CustomerAdmin, Some(FormField::Certificate);
    /// The day of our certificate is over.
    CertificateExpired = "certificate_expired", Error, CustomerAdmin, Some(FormField::Certificate);
    /// AADSTS500011: Microsoft Graph itself is switched off in the directory.
    GraphDisabled = "graph_disabled", Error, CustomerAdmin, None;
    /// AADSTS65001.
    ConsentMissing = "consent_missing", Error, CustomerAdmin, None;
    /// AADSTS90094.
    AdminApprovalNeeded = "admin_approval_needed", Error, CustomerAdmin, None;
    /// AADSTS50105.
    UserNotAssigned = "user_not_assigned", Error, CustomerAdmin, None;
    /// The recruiter said no (AADSTS65004).
    SignInDeclined = "sign_in_declined", Error, Recruiter, None;
    /// It did not come to a sign-in, for a reason that nobody documented.
    SignInFailed = "sign_in_failed", Error, Recruiter, None;
    /// AADSTS50020 and the like: an account of another tenant.
    AccountOfAnotherTenant = "account_of_another_tenant", Error, Recruiter, None;
    /// A guest, whose home is elsewhere.
    AccountIsGuest = "account_is_guest", Error, Recruiter, None;
    /// Another person than the one who was connected.
    DifferentAccount = "different_account", Error, Recruiter, None;
    /// The granted scope lacks what meetings need.
    PermissionMissing = "permission_missing", Error, CustomerAdmin, None;
    /// `offline_access` brought no refresh token.
    NoRefreshToken = "no_refresh_token", Error, CustomerAdmin, None;
    /// AADSTS50076, 50079 and their family.
    MfaNeeded = "mfa_needed", Error, Recruiter, None;
    /// AADSTS53000 to 53003.
    BlockedByPolicy = "blocked_by_policy", Error, CustomerAdmin, None;
    /// AADSTS70043.
    SignInFrequency = "sign_in_frequency", Error, Recruiter, None;
    /// AADSTS50055 and its family.
    PasswordExpired = "password_expired", Error, Recruiter, None;
    /// AADSTS50057.
    UserDisabled = "user_disabled", Error, CustomerAdmin, None;
    /// AADSTS50034.
    UserGone = "user_gone", Error, CustomerAdmin, None;
    /// AADSTS50173, 70008, 700082 and whatever else ends a grant.
    SignInExpired = "sign_in_expired", Error, Recruiter, None;
    /// Graph refused meetings for this person.
    TeamsNotAvailable = "teams_not_available", Error, CustomerAdmin, None;
    /// `getTeamsLicensingDetails` says no.
    TeamsLicenceMissing = "teams_licence_missing", Error, CustomerAdmin, None;
    /// Too many requests (AADSTS50196, 429).
    Throttled = "throttled", Warning, Ats, None;
}

impl FindingKind {
    /// The finding of a code, as tags and the ATS know it.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Entra says so too of a credential that it was told of a moment ago: news takes a while to be known everywhere.
    #[must_use]
    pub fn may_be_propagation_delay(self) -> bool {
        matches!(self, Self::SecretWrong | Self::CredentialRefused | Self::CertificateNotRegistered)
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
