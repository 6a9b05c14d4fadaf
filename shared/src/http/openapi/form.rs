//! The schema of a form, made of that of the JSON document with the same members.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Schema, SchemaType, Type};

/// The same, with members that may be left out and cannot be `null`.
pub(super) fn without_null(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        for member in object.properties.values_mut() {
            match member {
                RefOr::T(Schema::Object(member)) => {
                    if let SchemaType::Array(types) = &mut member.schema_type {
                        types.retain(|one| *one != Type::Null);
                        if let [only] = &types[..] {
                            member.schema_type = SchemaType::Type(only.clone());
                        }
                    }
                }
                RefOr::T(Schema::OneOf(choices)) => {
                    choices.items.retain(|choice| !is_null(choice));
                    if let [only] = &choices.items[..] {
                        *member = only.clone();
                    }
                }
                _ => {}
            }
        }
    }
    schema
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}
