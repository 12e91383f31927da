//! The API's types as Rust has them.

use crate::model::{Answer, History, Operation, QueryOption, Type};
use crate::names::Names;
use crate::tree::{Takes, Ty};

/// The type of a value that is there.
pub(super) fn ty(names: &Names, ty: &Type) -> Ty {
    let runtime = |name| Ty::Runtime(name, Vec::new());
    match ty {
        Type::Boolean => Ty::Primitive("bool"),
        Type::Byte => Ty::Primitive("u8"),
        Type::Int32 => Ty::Primitive("i32"),
        Type::Int64 => Ty::Primitive("i64"),
        Type::String | Type::Binary => Ty::Std("String", Vec::new()),
        Type::Decimal => runtime("Decimal"),
        Type::Single => runtime("Single"),
        Type::Double => runtime("Double"),
        Type::DateTimeOffset => runtime("DateTimeOffset"),
        Type::Duration => runtime("Duration"),
        Type::Date => runtime("Date"),
        Type::TimeOfDay => runtime("TimeOfDay"),
        Type::Guid => runtime("Guid"),
        Type::Enumeration(name) => enumeration(names, name),
        Type::Flags(name) => Ty::Runtime("Flags", vec![enumeration(names, name)]),
        Type::Entity(name) => entity(names, name),
        Type::Collection(of) => Ty::Std("Vec", vec![self::ty(names, of)]),
        Type::Nullable(of) => Ty::Std("Option", vec![self::ty(names, of)]),
        Type::Changed(current, former) => {
            retyped(self::ty(names, current), self::ty(names, former))
        }
    }
}

pub(super) fn entity(names: &Names, wire: &str) -> Ty {
    Ty::Entity(names.ty(wire).ident.clone())
}

pub(super) fn enumeration(names: &Names, wire: &str) -> Ty {
    Ty::Enumeration(names.ty(wire).ident.clone())
}

fn retyped(current: Ty, former: Ty) -> Ty {
    Ty::Runtime("Retyped", vec![current, former])
}

/// What a method takes for a value. The values that callers have in several types are taken through `Into`;
/// all others as they are, because the compiler then knows what a `parse` or a number is to become.
pub(super) fn takes(ty: &Type) -> Takes {
    let converts =
        |ty: &Type| matches!(ty, Type::String | Type::Binary | Type::Flags(_) | Type::Changed(..));
    match ty {
        Type::Collection(of) if converts(of) => Takes::ItemsInto,
        Type::Collection(_) => Takes::Items,
        _ if converts(ty) => Takes::Into,
        _ => Takes::Value,
    }
}

/// What a call of an operation yields.
pub(super) fn output(names: &Names, operation: &History<Operation>) -> Ty {
    let mut answers = operation.answers().into_iter().map(|it| answer(names, &it));
    let newest = answers.next().unwrap_or(Ty::Unit);
    let declared = match answers.next() {
        Some(former) => retyped(newest, former),
        None => newest,
    };
    if operation.is_file() { Ty::Runtime("Download", vec![declared]) } else { declared }
}

fn answer(names: &Names, answer: &Answer) -> Ty {
    match answer {
        Answer::Nothing | Answer::File => Ty::Unit,
        Answer::Object { entity, nullable: true, .. } => {
            Ty::Std("Option", vec![self::entity(names, entity)])
        }
        Answer::Object { entity, .. } => self::entity(names, entity),
        Answer::Collection { of } => Ty::Runtime("Page", vec![ty(names, of)]),
        Answer::Value { ty, .. } => Ty::Runtime("Value", vec![self::ty(names, ty)]),
    }
}

/// The answer whose properties a query option names: that of the first variant that declares the option.
pub(super) fn queried_answer(operation: &History<Operation>, option: QueryOption) -> &Answer {
    let variants = operation.oldest_first().into_iter();
    let declares = variants.map(|(it, _)| it).find(|it| it.options.contains(&option));
    &declares.unwrap_or(&operation.newest).answer
}

/// The type whose properties a query option names.
pub(super) fn queried(names: &Names, operation: &History<Operation>, option: QueryOption) -> Ty {
    match queried_answer(operation, option) {
        Answer::Object { entity, .. } => self::entity(names, entity),
        Answer::Collection { of: ty } | Answer::Value { ty, .. } => self::ty(names, ty),
        Answer::Nothing | Answer::File => Ty::Unit,
    }
}
