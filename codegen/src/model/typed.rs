//! A type with the facts of the place that uses it, and the keys that a schema may have there.

use openapiv3::SchemaData;

use super::{Limits, Notes, Property, Type};
use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

pub(super) const NAVIGATION: &str = "x-ms-navigationProperty";
pub(super) const FLAGS: &str = "x-ms-enum-flags";
/// Marks of the vendor's tool that carry no fact of the API: the names it would give enumeration
/// values in code, and which part of an error is the message.
const IDLE: [&str; 2] = ["x-enum-varnames", "x-ms-primary-error-message"];

/// A type at the place that uses it, with the facts of that place.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) ty: Type,
    pub(super) nullable: bool,
    pub(super) navigation: bool,
    pub(super) limits: Limits,
    pub(super) notes: Notes,
}

impl Typed {
    /// A type of which nothing else is said.
    pub(super) fn of(ty: Type) -> Self {
        let (limits, notes) = Default::default();
        Self { ty, nullable: false, navigation: false, limits, notes }
    }

    pub(super) fn property(self, name: &str, required: bool) -> Property {
        let Self { ty, nullable, navigation, limits, notes } = self;
        Property { name: name.to_owned(), ty, nullable, navigation, required, limits, notes }
    }
}

/// The type alone, at a place that has no use for more.
pub(super) fn unnoted(typed: Typed, at: &At<'_>) -> Read<Type> {
    let Typed { ty, navigation, limits, notes, nullable: _ } = typed;
    if navigation || limits != Limits::default() || notes != Notes::default() {
        let what =
            "has a limit, a list of values, or a mark such as `deprecated` or `readOnly`, here";
        return Err(at.refused(what));
    }
    Ok(ty)
}

/// Reports the keys that are neither understood nor prose.
pub(super) fn facts<'s>(data: &'s SchemaData, at: &At<'_>, known: &[&str]) -> Read<&'s SchemaData> {
    let SchemaData {
        nullable: _,
        default: _,
        read_only: _,
        write_only: _,
        deprecated: _,
        discriminator,
        extensions,
        // Prose.
        external_docs: _,
        example: _,
        title: _,
        description: _,
    } = data;
    if discriminator.is_some() {
        return Err(at.key("discriminator").refused("tells types apart"));
    }
    for key in extensions.keys() {
        if !known.contains(&key.as_str()) && !IDLE.contains(&key.as_str()) && key != FLAGS {
            return Err(at.key(key).refused("is an extension that we don't know"));
        }
    }
    Ok(data)
}
