//! What no program finds out, and how a person does.

/// What is still open, and what to do about it.
pub const BY_HAND: &[(&str, &str)] = &[
    (
        "A deleted meeting stays deleted for GET after somebody opened its link (microsoft-graph-docs#17590)",
        "Make a meeting, delete it, open its link in Teams, read it.",
    ),
    (
        "Conditional Access for workload identities answers client credentials with AADSTS53003 as invalid_grant, \
         access_denied or interaction_required; all three leave the credential unproven",
        "Block the app in such a policy and run the contract again.",
    ),
    (
        "The page \"Need admin approval\" shows AADSTS90094",
        "Withdraw the consent, let a user sign in who may not consent, and look at the page.",
    ),
    (
        "A certificate that is registered without an end date ends when Graph says so, not with the certificate",
        "Register one by Graph without endDateTime and read keyCredentials.",
    ),
    ("The deep link of an invitation opens the meeting in Teams", "Open it on a phone and on a computer."),
    ("A link of the form /meet/…?p= ends 60 days after the meeting (MC772556)", "Open one after that time."),
];
