//! The login listener: Entra ID v2 as a customer's tenant shows it.

pub(crate) mod assertion;
pub(crate) mod authorize;
pub(crate) mod authorize_request;
pub(crate) mod client;
pub(crate) mod consent;
pub(crate) mod decision;
pub(crate) mod discovery;
pub(crate) mod error;
pub(crate) mod federation;
pub(crate) mod grant;
pub(crate) mod id_token;
pub(crate) mod pages;
pub(crate) mod scope;
pub(crate) mod tenant;
pub(crate) mod token;
