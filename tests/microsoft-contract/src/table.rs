//! The beliefs, in the order in which they are tried: each needs what those before it left.

use crate::belief::Belief;
use crate::{entra, graph};

macro_rules! beliefs {
    ($($place:ident $name:ident $believed:literal $source:literal)*) => {
        /// All beliefs.
        pub const ALL: &[Belief] = &[$(Belief {
            name: stringify!($name),
            believed: $believed,
            source: $source,
            trial: |session| Box::pin($place::$name(session)),
        }),*];
    };
}

beliefs! {
    entra issuer_of_the_tenant
        "The discovery document of a tenant names login host, tenant and `v2.0` as the issuer"
        "https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc"
    entra unknown_tenant
        "The discovery document of a tenant that does not exist is 400 with AADSTS90002"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra signing_keys
        "All signing keys of a tenant are RSA keys with `kid`, `n` and `e`"
        "https://learn.microsoft.com/entra/identity-platform/signing-key-rollover"
    entra signing_keys_of_an_app
        "With `?appid=` the same address answers with the keys of one app"
        "https://learn.microsoft.com/entra/identity-platform/claims-validation"
    entra credential_alone
        "Tenant, app and secret that belong together get an access token for the app, and nothing else"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"
    entra wrong_secret
        "A wrong secret is 401 invalid_client with AADSTS7000215"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra secret_id_for_its_value
        "So is the secret's id in the place of its value"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra unknown_app
        "An app that the tenant does not have is 400 unauthorized_client with AADSTS700016"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra token_of_an_unknown_tenant
        "A token of a tenant that does not exist is 400 invalid_request with AADSTS90002"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra no_credential
        "No credential at all is 401 invalid_client with AADSTS7000218"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra assertion_of_an_issuer_that_nobody_trusts
        "An assertion of an issuer that the app does not trust is 401 invalid_client with AADSTS70025, or 700211 if it trusts another"
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
    entra members_of_an_error
        "An error of the token endpoint has error, error_description, error_codes, timestamp, trace_id and correlation_id"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    entra silent_sign_in_without_a_session
        "With `prompt=none` and a registered redirect URI, a browser without a session is sent back with login_required and our state"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    entra redirect_uri_that_nobody_registered
        "With a redirect URI that is not registered, a page with AADSTS50011 comes and no redirect"
        "https://learn.microsoft.com/entra/identity-platform/reply-url"
    entra page_of_an_unknown_app
        "With an app that the tenant does not have, a page with AADSTS700016 comes and no redirect"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra admin_consent
        "An administrator's consent comes back with admin_consent=True, the tenant and our state"
        "https://learn.microsoft.com/entra/identity-platform/v2-admin-consent"
    entra redirect_of_a_sign_in
        "A sign-in comes back with code, our state and session_state, and without `iss` (RFC 9207)"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    entra length_of_a_code
        "A code has 900 to 2400 characters"
        "AzureAD/microsoft-authentication-library-for-js#6629, openiddict/openiddict-core#2066"
    entra code_with_a_wrong_secret
        "A rejected secret does not use up the code: the right one redeems it afterwards"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    entra tokens_of_a_sign_in
        "A code gives a bearer token, a refresh token and an id_token, and the scope names both permissions"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    entra life_of_an_access_token
        "An access token lives for 60 to 90 minutes"
        "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes"
    entra claims_of_an_id_token
        "An id_token is signed with RS256 by a key of the tenant, and has the claims that the product compares"
        "https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference"
    entra code_twice
        "A code that was redeemed is refused with 400 invalid_grant and AADSTS54005"
        "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
    entra refresh_without_a_scope
        "A refresh without a scope gives all permissions that were granted, and another refresh token"
        "RFC 6749 §6"
    entra refresh_token_twice
        "A refresh token stays good after it was used"
        "https://learn.microsoft.com/entra/identity-platform/refresh-tokens"
    entra refresh_token_that_is_none
        "A refresh token that is none is refused with 400 invalid_grant"
        "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow"
    graph token_that_is_none
        "A token that is none is refused by Graph with 401 InvalidAuthenticationToken"
        "https://learn.microsoft.com/graph/errors"
    graph id_of_the_account
        "Graph's id of the account is the `oid` of its id_token"
        "https://learn.microsoft.com/graph/api/user-get"
    graph licence
        "Whoever signed in may ask for his own licence for Teams, by his `oid`"
        "https://learn.microsoft.com/graph/api/userteamsapps-getteamslicensingdetails"
    graph creation
        "A first createOrGet is 201 with an id and a join link of Teams"
        "https://learn.microsoft.com/graph/api/onlinemeeting-createorget"
    graph fractions_of_a_creation
        "createOrGet keeps fractions of a second"
        "https://learn.microsoft.com/graph/api/onlinemeeting-createorget"
    graph creation_again
        "The same createOrGet again is 200 with the same meeting"
        "https://learn.microsoft.com/graph/api/onlinemeeting-createorget"
    graph creation_with_another_body
        "createOrGet with the same external id and another body changes nothing"
        "https://learn.microsoft.com/graph/api/onlinemeeting-createorget"
    graph reading
        "A meeting that is read has an invitation text"
        "https://learn.microsoft.com/graph/api/onlinemeeting-get"
    graph change_of_options
        "Options and times are changed by PATCH, and the link stays"
        "https://learn.microsoft.com/graph/api/onlinemeeting-update"
    graph fractions_of_a_change
        "PATCH keeps fractions of a second"
        "https://learn.microsoft.com/graph/api/onlinemeeting-update"
    graph change_of_one_end
        "A start without an end is refused with 400"
        "https://learn.microsoft.com/graph/api/onlinemeeting-update"
    graph unknown_property
        "A property that Graph does not know is refused with 400"
        "https://learn.microsoft.com/graph/api/onlinemeeting-update"
    graph co_organizer_by_name
        "A co-organizer who is named by upn alone is kept, with the role"
        "https://learn.microsoft.com/graph/api/resources/meetingparticipantinfo, n8n-io/n8n#38850"
    graph search_by_link
        "A search by the join link finds the one meeting"
        "https://learn.microsoft.com/graph/api/onlinemeeting-get"
    graph deletion
        "A deletion is 204"
        "https://learn.microsoft.com/graph/api/onlinemeeting-delete"
    graph reading_after_deletion
        "A deleted meeting that is read is 404"
        "https://learn.microsoft.com/graph/api/onlinemeeting-get"
    graph deletion_again
        "So is one that is deleted again"
        "https://learn.microsoft.com/graph/api/onlinemeeting-delete"
    graph creation_after_deletion
        "After a deletion createOrGet with the same external id makes another meeting"
        "https://learn.microsoft.com/graph/api/onlinemeeting-createorget"
    graph creation_without_a_licence
        "An account without a licence for Teams gets 403 or 404 for a creation"
        "https://learn.microsoft.com/graph/api/onlinemeeting-createorget"
}
