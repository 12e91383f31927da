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

pub(super) fn integer_type(integer: &IntegerType, at: &At<'_>) -> Read<Type> {
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
        _ => return Err(at.problem("an integer's format is one of int32, int64, uint8")),
    };
    let bounds = minimum.zip(*maximum);
    let plain = multiple_of.is_none() && !exclusive_minimum && !exclusive_maximum;
    let bounded = minimum.is_some() || maximum.is_some();
    if !plain || !enumeration.is_empty() || (bounded && bounds != range) {
        return Err(at.problem("a bound other than the format's own is not understood"));
    }
    Ok(ty)
}

pub(super) fn decimal_type(number: &NumberType, at: &At<'_>) -> Read<Type> {
    let decimal = NumberType {
        format: VariantOrUnknownOrEmpty::Unknown("decimal".to_owned()),
        ..NumberType::default()
    };
    if *number == decimal {
        return Ok(Type::Decimal);
    }
    Err(at.problem("a number outside `oneOf` is understood with format decimal alone"))
}

pub(super) fn string_type(string: &StringType, at: &At<'_>) -> Read<Type> {
    let StringType { format, pattern, enumeration, min_length, max_length: _ } = string;
    if !enumeration.is_empty() || min_length.is_some() {
        return Err(at.problem("`enum` or `minLength` is not understood in place"));
    }
    let ty = match format {
        VariantOrUnknownOrEmpty::Empty => Type::String,
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Type::DateTimeOffset,
        VariantOrUnknownOrEmpty::Unknown(format) => match format.as_str() {
            "duration" => Type::Duration,
            "time" => Type::TimeOfDay,
            "uuid" => Type::Guid,
            _ => return Err(at.key("format").problem(format!("`{format}` is not understood"))),
        },
        VariantOrUnknownOrEmpty::Item(_) => {
            return Err(at.key("format").problem("this format is not understood"));
        }
    };
    // A format implies its pattern; a pattern of its own would be a fact.
    if pattern.is_some() && ty == Type::String {
        return Err(at.key("pattern").problem("a pattern without a format is not understood"));
    }
    Ok(ty)
}

/// `oneOf: [number, string, ReferenceNumeric]`: a floating point number that may be infinite.
pub(super) fn numeric_union(one_of: &[ReferenceOr<Schema>], at: &At<'_>) -> Read<Type> {
    let not_understood =
        || at.problem("`oneOf` is understood as number | string | ReferenceNumeric alone");
    let [
        ReferenceOr::Item(number),
        ReferenceOr::Item(string),
        ReferenceOr::Reference { reference },
    ] = one_of
    else {
        return Err(not_understood());
    };
    let text = SchemaKind::Type(SchemaType::String(StringType::default()));
    let format = |format| {
        SchemaKind::Type(SchemaType::Number(NumberType {
            format: VariantOrUnknownOrEmpty::Item(format),
            ..NumberType::default()
        }))
    };
    let plain = SchemaData::default();
    if reference != NUMERIC
        || string.schema_kind != text
        || string.schema_data != plain
        || number.schema_data != plain
    {
        return Err(not_understood());
    }
    match &number.schema_kind {
        kind if *kind == format(NumberFormat::Float) => Ok(Type::Single),
        kind if *kind == format(NumberFormat::Double) => Ok(Type::Double),
        _ => Err(not_understood()),
    }
}
