//! The reference for developers.

/// The OpenAPI document, which `cargo run -p contract` makes of what all functions say of their routes.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");
