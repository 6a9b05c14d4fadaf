//! The account that signed in.

use crate::types::ids::ObjectId;

/// The account that signed in. With the tenant, `oid` identifies the person; the rest is for display only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The object id of the person.
    pub oid: ObjectId,
    /// The display name.
    pub name: String,
    /// The user principal name.
    pub upn: String,
}
