//! Compares entities.

use std::any::Any;

use super::kept::Kept;
use super::table::{Properties, PropertyValue, Table};

/// Whether two entities are equal: the body of their `PartialEq`. What the compiler's derive writes out for each
/// type takes much more space in the compiled crate.
#[doc(hidden)]
pub fn equal<E: Table>(one: &E, other: &E) -> bool {
    let values = Vec::with_capacity(E::INFO.properties.len());
    let mut out = Compare { kept: None, values, place: None, is_equal: true };
    one.visit(&mut out);
    out.place = Some(0);
    other.visit(&mut out);
    out.is_equal
}

/// Gathers the values of one entity, then compares those of the other.
struct Compare<'e> {
    kept: Option<&'e Kept>,
    values: Vec<&'e dyn Any>,
    /// The place of the next value to be compared; none while they are gathered.
    place: Option<usize>,
    is_equal: bool,
}

impl<'e> Properties<'e> for Compare<'e> {
    fn kept(&mut self, kept: &'e Kept) {
        match self.kept {
            None => self.kept = Some(kept),
            Some(one) => self.is_equal = one == kept,
        }
    }

    fn property<T: PropertyValue>(&mut self, _: &'static str, value: &'e Option<T>) {
        let Some(place) = &mut self.place else { return self.values.push(value) };
        let one = self.values.get(*place).and_then(|it| it.downcast_ref());
        *place += 1;
        self.is_equal = self.is_equal && one == Some(value);
    }
}
