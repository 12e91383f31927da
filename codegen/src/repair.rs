//! Repairs the quirks of the vendor's tool, before the document is read into the model.
//!
//! Each quirk has one function, which recognises the quirk by its construct and not by names. A repair
//! counts its uses. A test over the known documents fails when none of them needs a repair any more.

use openapiv3::{
    AnySchema, IntegerType, NumberType, OpenAPI, Parameter, ParameterSchemaOrContent, ReferenceOr,
    RequestBody, Response, Schema, SchemaKind, StringType, Type, VariantOrUnknownOrEmpty,
};

/// A quirk and its repair.
pub struct Repair {
    /// The name it goes by in summaries.
    pub name: &'static str,
    /// Repairs one schema; returns false if the schema does not have the quirk.
    apply: fn(&mut Schema) -> bool,
}

/// Every known quirk.
pub const REPAIRS: &[Repair] = &[
    Repair { name: "integer typed as number", apply: integer_typed_as_number },
    Repair { name: "decimal typed as integer", apply: decimal_typed_as_integer },
    Repair { name: "nullable reference as anyOf", apply: nullable_reference_as_any_of },
    Repair { name: "nullable inside a numeric union", apply: nullable_inside_numeric_union },
    Repair { name: "enumeration without a type", apply: enumeration_without_type },
];

/// Repairs the document in place. Returns how often each repair was applied, in [`REPAIRS`]' order.
pub fn repair(document: &mut OpenAPI) -> Vec<usize> {
    let mut counts = vec![0; REPAIRS.len()];
    let mut visit = |schema: &mut Schema| {
        for (repair, count) in REPAIRS.iter().zip(&mut counts) {
            *count += usize::from((repair.apply)(schema));
        }
    };
    each_schema(document, &mut visit);
    counts
}

/// `type: number` with an integer format is an integer: the format is right, the type flips between
/// releases.
fn integer_typed_as_number(schema: &mut Schema) -> bool {
    let SchemaKind::Type(Type::Number(number)) = &schema.schema_kind else { return false };
    let VariantOrUnknownOrEmpty::Unknown(format) = &number.format else { return false };
    if !matches!(format.as_str(), "int32" | "int64" | "uint8") {
        return false;
    }
    let format = match format.as_str() {
        "int32" => VariantOrUnknownOrEmpty::Item(openapiv3::IntegerFormat::Int32),
        "int64" => VariantOrUnknownOrEmpty::Item(openapiv3::IntegerFormat::Int64),
        other => VariantOrUnknownOrEmpty::Unknown(other.to_owned()),
    };
    schema.schema_kind = SchemaKind::Type(Type::Integer(IntegerType {
        format,
        minimum: number.minimum.map(|bound| bound as i64),
        maximum: number.maximum.map(|bound| bound as i64),
        ..IntegerType::default()
    }));
    true
}

/// `type: integer` with `format: decimal` is a number that may have a fraction.
fn decimal_typed_as_integer(schema: &mut Schema) -> bool {
    let SchemaKind::Type(Type::Integer(integer)) = &schema.schema_kind else { return false };
    if integer.format != VariantOrUnknownOrEmpty::Unknown("decimal".to_owned()) {
        return false;
    }
    schema.schema_kind = SchemaKind::Type(Type::Number(NumberType {
        format: VariantOrUnknownOrEmpty::Unknown("decimal".to_owned()),
        ..NumberType::default()
    }));
    true
}

/// `anyOf: [$ref, {type: object, nullable: true}]` means a nullable reference, which newer documents
/// write as a one-member `allOf` with `nullable`.
fn nullable_reference_as_any_of(schema: &mut Schema) -> bool {
    let SchemaKind::AnyOf { any_of } = &schema.schema_kind else { return false };
    let [reference @ ReferenceOr::Reference { .. }, ReferenceOr::Item(null)] = any_of.as_slice()
    else {
        return false;
    };
    let SchemaKind::Type(Type::Object(object)) = &null.schema_kind else { return false };
    if !null.schema_data.nullable || !object.properties.is_empty() {
        return false;
    }
    let all_of = vec![reference.clone()];
    schema.schema_kind = SchemaKind::AllOf { all_of };
    schema.schema_data.nullable = true;
    true
}

/// `oneOf: [number, string, $ref]` is nullable as a whole; some documents say so on its members.
fn nullable_inside_numeric_union(schema: &mut Schema) -> bool {
    let SchemaKind::OneOf { one_of } = &mut schema.schema_kind else { return false };
    let mut found = false;
    for member in one_of {
        if let ReferenceOr::Item(member) = member {
            found |= std::mem::take(&mut member.schema_data.nullable);
        }
    }
    schema.schema_data.nullable |= found;
    found
}

/// `enum` of strings without a `type` is a string enumeration.
fn enumeration_without_type(schema: &mut Schema) -> bool {
    let SchemaKind::Any(any) = &schema.schema_kind else { return false };
    if any.enumeration.is_empty() {
        return false;
    }
    let bare = AnySchema { enumeration: any.enumeration.clone(), ..AnySchema::default() };
    let values: Option<Vec<_>> =
        any.enumeration.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    let Some(values) = values.filter(|_| *any == bare) else { return false };
    schema.schema_kind = SchemaKind::Type(Type::String(StringType {
        enumeration: values.into_iter().map(Some).collect(),
        ..StringType::default()
    }));
    true
}

type Visit<'a> = &'a mut dyn FnMut(&mut Schema);

/// Calls `visit` with every schema of the document that is written in place.
fn each_schema(document: &mut OpenAPI, visit: Visit<'_>) {
    if let Some(components) = &mut document.components {
        components.schemas.values_mut().for_each(|schema| in_reference(schema, visit));
        components.responses.values_mut().for_each(|response| in_response(response, visit));
        components.parameters.values_mut().for_each(|parameter| in_parameter(parameter, visit));
        components.request_bodies.values_mut().for_each(|body| in_body(body, visit));
    }
    for item in document.paths.paths.values_mut() {
        let ReferenceOr::Item(item) = item else { continue };
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            operation.parameters.iter_mut().for_each(|parameter| in_parameter(parameter, visit));
            operation.request_body.iter_mut().for_each(|body| in_body(body, visit));
            let responses = &mut operation.responses;
            responses.responses.values_mut().for_each(|response| in_response(response, visit));
            responses.default.iter_mut().for_each(|response| in_response(response, visit));
        }
    }
}

fn in_response(response: &mut ReferenceOr<Response>, visit: Visit<'_>) {
    if let ReferenceOr::Item(response) = response {
        in_content(&mut response.content, visit);
    }
}

fn in_body(body: &mut ReferenceOr<RequestBody>, visit: Visit<'_>) {
    if let ReferenceOr::Item(body) = body {
        in_content(&mut body.content, visit);
    }
}

fn in_content(content: &mut openapiv3::Content, visit: Visit<'_>) {
    for media in content.values_mut() {
        media.schema.iter_mut().for_each(|schema| in_reference(schema, visit));
    }
}

fn in_parameter(parameter: &mut ReferenceOr<Parameter>, visit: Visit<'_>) {
    let ReferenceOr::Item(parameter) = parameter else { return };
    let data = match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    };
    if let ParameterSchemaOrContent::Schema(schema) = &mut data.format {
        in_reference(schema, visit);
    }
}

fn in_reference(schema: &mut ReferenceOr<Schema>, visit: Visit<'_>) {
    if let ReferenceOr::Item(schema) = schema {
        in_schema(schema, visit);
    }
}

fn in_boxed(schema: &mut ReferenceOr<Box<Schema>>, visit: Visit<'_>) {
    if let ReferenceOr::Item(schema) = schema {
        in_schema(schema, visit);
    }
}

fn in_schema(schema: &mut Schema, visit: Visit<'_>) {
    visit(schema);
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            object.properties.values_mut().for_each(|property| in_boxed(property, visit));
        }
        SchemaKind::Type(Type::Array(array)) => {
            array.items.iter_mut().for_each(|items| in_boxed(items, visit));
        }
        SchemaKind::Type(_) | SchemaKind::Not { .. } => {}
        SchemaKind::OneOf { one_of: members }
        | SchemaKind::AllOf { all_of: members }
        | SchemaKind::AnyOf { any_of: members } => {
            members.iter_mut().for_each(|member| in_reference(member, visit));
        }
        SchemaKind::Any(any) => {
            any.properties.values_mut().for_each(|property| in_boxed(property, visit));
            any.items.iter_mut().for_each(|items| in_boxed(items, visit));
            let members = any.all_of.iter_mut().chain(&mut any.any_of).chain(&mut any.one_of);
            members.for_each(|member| in_reference(member, visit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Schemas as the vendor's writer has them, and as they are meant.
    #[test]
    fn each_quirk_becomes_what_it_means() {
        let union = "oneOf: [{ type: number, format: float, nullable: true }, \
                     { type: string, nullable: true }, { $ref: '#/x' }]";
        let plain_union = "nullable: true\noneOf: [{ type: number, format: float }, \
                           { type: string }, { $ref: '#/x' }]";
        let rows = [
            (
                "integer typed as number",
                "{ type: number, format: int32, minimum: -5, maximum: 5, nullable: true }",
                "{ type: integer, format: int32, minimum: -5, maximum: 5, nullable: true }",
            ),
            (
                "integer typed as number",
                "{ type: number, format: uint8 }",
                "{ type: integer, format: uint8 }",
            ),
            (
                "decimal typed as integer",
                "{ type: integer, format: decimal, nullable: true }",
                "{ type: number, format: decimal, nullable: true }",
            ),
            (
                "nullable reference as anyOf",
                "anyOf: [{ $ref: '#/x' }, { type: object, nullable: true }]",
                "{ allOf: [{ $ref: '#/x' }], nullable: true }",
            ),
            ("nullable inside a numeric union", union, plain_union),
            (
                "enumeration without a type",
                "enum: [INF, NaN]",
                "{ type: string, enum: [INF, NaN] }",
            ),
        ];
        for (name, quirk, meant) in rows {
            let mut schema: Schema = serde_yaml::from_str(quirk).unwrap();
            let repair = REPAIRS.iter().find(|repair| repair.name == name).unwrap();
            assert!((repair.apply)(&mut schema), "{quirk}");
            assert_eq!(schema, serde_yaml::from_str(meant).unwrap(), "{quirk}");
            assert!(!(repair.apply)(&mut schema), "{quirk}: repaired twice");
        }
        for repair in REPAIRS {
            assert!(rows.iter().any(|(name, ..)| *name == repair.name), "{}", repair.name);
        }
    }

    #[test]
    fn what_has_no_quirk_is_left_alone() {
        let rows = [
            "{ type: number, format: double }",
            "{ type: integer, format: int32 }",
            "{ type: string, enum: [A] }",
            "anyOf: [{ $ref: '#/x' }, { $ref: '#/y' }]",
            "anyOf: [{ $ref: '#/x' }, { type: object }]",
            "{ enum: [1, 2] }",
            "{ allOf: [{ $ref: '#/x' }], nullable: true }",
        ];
        for text in rows {
            let mut schema: Schema = serde_yaml::from_str(text).unwrap();
            for repair in REPAIRS {
                assert!(!(repair.apply)(&mut schema), "{}: {text}", repair.name);
            }
        }
    }
}
