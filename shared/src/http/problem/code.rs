//! The schema of a code in the OpenAPI document.

use utoipa::ToSchema;

/// The code of a problem or finding. `x-codes` lists those of this version; new ones may be added.
#[derive(ToSchema)]
#[schema(pattern = "^[a-z0-9_]+$")]
pub struct Code(#[expect(dead_code, reason = "only its schema is used")] String);
