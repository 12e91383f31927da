//! Primitive types: what type and format of a schema mean in Edm terms.

use openapiv3::{
    IntegerFormat, IntegerType, NumberFormat, NumberType, ReferenceOr, Schema, SchemaData,
    SchemaKind, StringFormat, StringType, Type as SchemaType, VariantOrUnknownOrEmpty,
};

use super::Type;
use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

/// The member of a numeric union that stands for INF, -INF and NaN.
const NUMERIC: &str = "#/components/schemas/ReferenceNumeric";

/// The type, and the values that the schema lists.
pub(super) fn integer_type(integer: &IntegerType, at: &At<'_>) -> Read<(Type, Vec<String>)> {
    let IntegerType {
        format,
        multiple_of,
        exclusive_minimum,
        exclusive_maximum,
        minimum,
        maximum,
        enumeration,
    } = integer;
    let (ty, range) = match format {
        VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => {
            (Type::Int32, Some((i32::MIN.into(), i32::MAX.into())))
        }
        VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64) => (Type::Int64, None),
        VariantOrUnknownOrEmpty::Unknown(format) if format == "uint8" => (Type::Byte, None),
        VariantOrUnknownOrEmpty::Unknown(format) => {
            let what =
                format!("is an integer of format `{format}`, and none of int32, int64, uint8");
            return Err(at.key("format").refused(what));
        }
        VariantOrUnknownOrEmpty::Empty => {
            return Err(
                at.refused("is an integer without a format, which is one of int32, int64, uint8")
            );
        }
    };
    let bounds = minimum.zip(*maximum);
    let plain = multiple_of.is_none() && !exclusive_minimum && !exclusive_maximum;
    let bounded = minimum.is_some() || maximum.is_some();
    if !plain || (bounded && bounds != range) {
        return Err(at.refused("has a bound other than its format's own"));
    }
    Ok((ty, enumeration.iter().flatten().map(ToString::to_string).collect()))
}

pub(super) fn number_type(number: &NumberType, at: &At<'_>) -> Read<Type> {
    let NumberType { format, .. } = number;
    if *number != (NumberType { format: format.clone(), ..NumberType::default() }) {
        return Err(at.refused("is a number with a bound or a list of values"));
    }
    match format {
        VariantOrUnknownOrEmpty::Item(NumberFormat::Float) => Ok(Type::Single),
        VariantOrUnknownOrEmpty::Item(NumberFormat::Double) => Ok(Type::Double),
        VariantOrUnknownOrEmpty::Unknown(format) if format == "decimal" => Ok(Type::Decimal),
        _ => Err(at.refused("is a number of another format than float, double or decimal")),
    }
}

/// The type, and the values that the schema lists.
pub(super) fn string_type(string: &StringType, at: &At<'_>) -> Read<(Type, Vec<String>)> {
    let StringType { format, pattern, enumeration, min_length, max_length: _ } = string;
    if min_length.is_some() {
        return Err(at.key("minLength").refused("asks for a length"));
    }
    let other = |format: &str| at.key("format").refused(format!("is the format `{format}`"));
    let ty = match format {
        VariantOrUnknownOrEmpty::Empty => Type::String,
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Type::DateTimeOffset,
        VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Type::Date,
        VariantOrUnknownOrEmpty::Item(StringFormat::Byte | StringFormat::Binary) => Type::Binary,
        VariantOrUnknownOrEmpty::Item(StringFormat::Password) => return Err(other("password")),
        VariantOrUnknownOrEmpty::Unknown(format) => match format.as_str() {
            "base64url" => Type::Binary,
            "duration" => Type::Duration,
            "time" => Type::TimeOfDay,
            "uuid" => Type::Guid,
            format => return Err(other(format)),
        },
    };
    // A format implies its pattern; a pattern of its own would be a fact.
    if pattern.is_some() && ty == Type::String {
        return Err(at.key("pattern").refused("is a pattern without a format"));
    }
    if ty != Type::String && !enumeration.is_empty() {
        return Err(at.key("enum").refused("lists values of a format"));
    }
    Ok((ty, enumeration.iter().flatten().cloned().collect()))
}

/// `oneOf: [number, string, ReferenceNumeric]`: a floating point number that may be infinite.
pub(super) fn numeric_union(one_of: &[ReferenceOr<Schema>], at: &At<'_>) -> Read<Type> {
    let other = || at.refused("is another union than number | string | ReferenceNumeric");
    let [
        ReferenceOr::Item(number),
        ReferenceOr::Item(string),
        ReferenceOr::Reference { reference },
    ] = one_of
    else {
        return Err(other());
    };
    let text = SchemaKind::Type(SchemaType::String(StringType::default()));
    let plain = SchemaData::default();
    if reference != NUMERIC
        || string.schema_kind != text
        || string.schema_data != plain
        || number.schema_data != plain
    {
        return Err(other());
    }
    match &number.schema_kind {
        SchemaKind::Type(SchemaType::Number(number)) => match number_type(number, at)? {
            ty @ (Type::Single | Type::Double) => Ok(ty),
            _ => Err(other()),
        },
        _ => Err(other()),
    }
}
