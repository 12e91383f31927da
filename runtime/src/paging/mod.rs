//! Walks over the pages of a collection of any length. `threecx-xapi` explains them where its users look.

mod ahead;
mod all;
mod continuation;
mod cursor;
mod early;
mod mark;
mod one;
mod outline;
mod pager;
mod rest;
mod stream;
mod walk;

use serde::de::DeserializeOwned;

use crate::edm;
use crate::entity::Entity;

pub use ahead::Pace;
pub use all::All;
pub use continuation::Continuation;
pub use cursor::Caps;
pub use mark::hash;
pub use one::{exactly_one, first, number};
pub use rest::{complete, rest};
pub use stream::{Items, Pages};
pub use walk::Plan;

/// What the pages of a collection can hold: entities, and the values of OData's primitive types and
/// enumerations.
pub trait Row: DeserializeOwned + 'static {
    /// The wire name of the property that tells one row from another.
    const KEY: Option<&'static str> = None;
}

impl<E: Entity> Row for E {
    const KEY: Option<&'static str> = E::INFO.key;
}

macro_rules! rows {
    ($($type:ty),*) => { $(impl Row for $type {})* };
}

rows!(bool, u8, i32, i64, f32, f64, String, serde_json::Value);
rows!(edm::DateTimeOffset, edm::Decimal, edm::Double, edm::Duration, edm::Guid);
rows!(edm::Single, edm::Date, edm::TimeOfDay);

/// A row that may be null.
impl<T: Row> Row for Option<T> {
    const KEY: Option<&'static str> = T::KEY;
}
