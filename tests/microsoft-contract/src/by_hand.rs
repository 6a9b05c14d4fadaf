//! What no program finds out, and how a person does.

/// Something that the product believes of Microsoft and that a person must try.
#[derive(Debug, Clone, Copy)]
pub struct ByHand {
    /// The belief, as a sentence.
    pub believed: &'static str,
    /// The page of Microsoft's, or the public issue, that says so.
    pub source: &'static str,
    /// What to do.
    pub how: &'static str,
}

/// What is still open, and what to do about it.
pub const BY_HAND: &[ByHand] = &[
    ByHand {
        believed: "A deleted meeting stays deleted for GET after somebody opened its link",
        source: "microsoft-graph-docs#17590",
        how: "Make a meeting, delete it, open its link in Teams, read it.",
    },
    ByHand {
        believed: "Conditional Access for workload identities answers client credentials with AADSTS53003 as invalid_grant, \
                   access_denied or interaction_required; all three leave the credential unproven",
        source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        how: "Block the app in such a policy and run the contract again.",
    },
    ByHand {
        believed: "The page \"Need admin approval\" shows AADSTS90094",
        source: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
        how: "Withdraw the consent, let a user sign in who may not consent, and look at the page.",
    },
    ByHand {
        believed: "Entra accepts a client assertion signed with PS256 by an RSA key of 2048 bits that names its certificate by \
                   x5t#S256",
        source: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
        how: "Make a certificate by an intake link, upload it to the app, and hand the app over with it.",
    },
    ByHand {
        believed: "Entra redeems codes and refresh tokens, and answers client credentials, for an assertion of a foreign issuer; it \
                   reads the issuer's keys within minutes where it does not know a key, and keeps them for a day at most",
        source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
        how: "With a deployment at a public address: add a federated credential to the app with the three values of an intake \
              link, hand the app over with kind federated, connect a recruiter, rotate the issuer's keys and refresh.",
    },
    ByHand {
        believed: "Issuer, audience and subject of a federated credential are compared to the byte: AADSTS700211, 700212, 700213, \
                   and 7002138 where only capitals differ",
        source: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
        how: "Change one value after the other in the portal, wait ten minutes, and check the app.",
    },
    ByHand {
        believed: "A certificate that is registered without an end date ends when Graph says so, not with the certificate",
        source: "https://learn.microsoft.com/graph/api/resources/keycredential",
        how: "Register one by Graph without endDateTime and read keyCredentials.",
    },
    ByHand {
        believed: "The portal offers 180, 365, 545 and 730 days as the lifetime of a secret",
        source: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
        how: "Open Certificates & secrets → New client secret, and read the list.",
    },
    ByHand {
        believed: "The permissions that the kit asks for have the same ids in every tenant",
        source: "https://learn.microsoft.com/graph/permissions-reference",
        how: "Run the kit, open API permissions, and read which five are listed.",
    },
    ByHand {
        believed: "The issuer of a tenant of another cloud names that cloud's login host",
        source: "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud",
        how: "Open the discovery document of a tenant in China or of the US government at the global login host.",
    },
    ByHand {
        believed: "Graph v1.0 has no online meetings in China",
        source: "https://learn.microsoft.com/graph/deployments",
        how: "Read the table of national clouds on the page of createOrGet.",
    },
    ByHand {
        believed: "The deep link of an invitation opens the meeting in Teams",
        source: "https://learn.microsoft.com/graph/api/resources/onlinemeeting",
        how: "Open it on a phone and on a computer.",
    },
    ByHand {
        believed: "A link of the form /meet/…?p= ends 60 days after the meeting",
        source: "MC772556",
        how: "Open one after that time.",
    },
];
