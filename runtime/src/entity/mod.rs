//! Entities on the wire, what they keep beside their properties, and how they differ.
//!
//! An entity gives its wire names in order and one `match` arm a property; what serde's derive would
//! write out for each type is here once. That is a large part of why this crate compiles quickly.
//!
//! # Nothing of an answer is lost
//! PBXs update themselves, programs do not. So an entity keeps what its type does not know:
//!
//! - Properties that a newer release added. [`additional`](Entity::additional) lists them,
//!   [`get`](Entity::get) reads one as a type.
//! - A value of another type than this crate knows. Its property is `None`, and
//!   [`unread`](Entity::unread) lists it.
//!
//! Both are written back wherever the entity is written, at any depth.
//!
//! ```
//! use threecx_xapi::entities::User;
//! use threecx_xapi::{Entity, Property};
//!
//! # let answer = r#"{"Id":12,"Number":"101","NewThing":"x"}"#;
//! let user: User = serde_json::from_str(answer)?;
//! assert_eq!(user.get(Property::<User, String>::new("NewThing"))?.as_deref(), Some("x"));
//! assert_eq!(serde_json::to_string(&user)?, answer);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Read, change, write
//! A PATCH sends what differs. [`changes_from`](Entity::changes_from) finds it:
//!
//! ```no_run
//! use threecx_xapi::{Entity, Keyed};
//!
//! # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
//! let before = pbx.users().get(12).await?;
//! let mut user = before.clone().first_name("Ada");
//! user.mobile = None;
//! pbx.users().update(user.key()?, user.changes_from(&before)?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Lists
//! An answer may say how many entries an expanded list has ([`count_of`](Entity::count_of)), and may
//! send a part of it alone ([`rest_of`](Entity::rest_of)). The PBX replaces the whole list by the one
//! that a PATCH sends. Therefore the client refuses to send a part, until
//! [`Client::complete`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.complete) has read the rest, or [`whole`](Entity::whole) says
//! that the list is meant as it is.

mod changes;
mod equal;
mod index;
mod kept;
mod key;
mod list;
mod methods;
mod reader;
mod table;
mod unread;
mod writer;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use crate::error::Error;
use crate::property::{Member, Navigation};

pub use crate::info::EntityInfo;
pub use equal::equal;
pub(crate) use index::is_among;
pub use kept::Kept;
pub(crate) use key::of_new as key_of_new;
pub use key::{IntegerKey, Keyed};
pub use list::Rest;
pub(crate) use list::extend;
pub use reader::deserialize;
pub(crate) use reader::read;
pub use table::{Properties, PropertyReader, PropertyValue, Table};
pub use unread::Unread;
pub use writer::{debug, serialize};

/// A JSON object of the API whose properties may all be absent.
///
/// The generated types implement it. On reading, absent and `null` are the same; if a property comes
/// twice, the last value counts. The reader keeps properties that the type does not know, and skips
/// `@odata.…` control information. ([`json::from_str`](crate::json::from_str) refuses unknown and
/// repeated properties.) The writer leaves out what is not set. Every serde format with maps works.
///
/// [`Table`] has its names.
pub trait Entity: Table {
    /// The properties that the type does not know, with their values. `@odata.…` control information is
    /// not among them. A number that `Value` cannot hold is given as its text.
    fn additional(&self) -> BTreeMap<&str, serde_json::Value> {
        methods::additional(methods::kept(self), Self::INFO)
    }

    /// The value of a property: one of the type, one that it does not know, or one that came with another
    /// type. `None` if it is absent or null.
    ///
    /// ```
    /// use threecx_xapi::entities::User;
    /// use threecx_xapi::{Entity, Property};
    ///
    /// const COLOR: Property<User, String> = Property::new("Color");
    ///
    /// let user = User::default().number("101").set(COLOR, "red".to_owned())?;
    /// assert_eq!(user.get(COLOR)?.as_deref(), Some("red"));
    /// assert_eq!(user.get(User::NUMBER)?.as_deref(), Some("101"));
    /// assert_eq!(user.additional()["Color"], "red");
    /// # Ok::<(), threecx_xapi::Error>(())
    /// ```
    ///
    /// # Errors
    /// A value that is not a `T`, [`is_decode`](Error::is_decode).
    fn get<M: Member<Self, Value: DeserializeOwned>>(
        &self,
        property: M,
    ) -> Result<Option<M::Value>, Error> {
        methods::get(self, property.member_name())
    }

    /// Sets a property, also one that the type does not know; see [`get`](Self::get).
    ///
    /// # Errors
    /// A value that cannot be written as JSON, or that does not fit the type of the property that has this
    /// name.
    fn set<M: Member<Self, Value: Serialize>>(
        self,
        property: M,
        value: M::Value,
    ) -> Result<Self, Error> {
        methods::set(self, property.member_name(), &value)
    }

    /// Calls a setter if there is a value for it. If there is none, the entity stays as it is, and the PBX is
    /// sent nothing for the property; [`null`](Self::null) empties it there.
    ///
    /// ```
    /// use threecx_xapi::Entity;
    /// use threecx_xapi::entities::User;
    ///
    /// let (mobile, language): (Option<String>, Option<&str>) = (None, Some("EN"));
    /// let user = User::default()
    ///     .first_name("Ada")
    ///     .maybe(User::mobile, mobile)
    ///     .maybe(User::language, language);
    /// assert_eq!(serde_json::to_string(&user)?, r#"{"FirstName":"Ada","Language":"EN"}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn maybe<V>(self, setter: impl FnOnce(Self, V) -> Self, value: Option<V>) -> Self {
        match value {
            Some(value) => setter(self, value),
            None => self,
        }
    }

    /// Sends `null` for a property, at any depth, which empties it on the PBX. A value that is set later
    /// counts.
    ///
    /// ```
    /// use threecx_xapi::Entity;
    /// use threecx_xapi::entities::{Queue, Route};
    ///
    /// let queue = Queue::default().out_of_office_route(Route::default().null(Route::PROMPT));
    /// assert_eq!(serde_json::to_string(&queue)?, r#"{"OutOfOfficeRoute":{"Prompt":null}}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn null<M: Member<Self>>(self, property: M) -> Self {
        methods::null(self, property.member_name())
    }

    /// Leaves a property out: its value, its null, and what was kept of it.
    fn unset<M: Member<Self>>(self, property: M) -> Self {
        methods::unset(self, property.member_name())
    }

    /// The values that came and did not fit the types of their properties, at any depth. These
    /// properties are `None`. Unless they are set, they are written back as they came.
    ///
    /// The client also logs them, as one `tracing` event for each property of an answer.
    fn unread(&self) -> Vec<Unread> {
        unread::of(self)
    }

    /// How many entries the list has on the PBX, if the answer says so: `Members@odata.count`, which
    /// [`count`](crate::query::Expand) asks for.
    fn count_of<T>(&self, list: Navigation<Self, Vec<T>>) -> Option<i64> {
        methods::kept(self).list(list.name())?.count
    }

    /// The rest of a list of which the PBX sent a part; `None` if it sent the whole list.
    /// [`Client::complete`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.complete) reads it.
    fn rest_of<T>(&self, list: Navigation<Self, Vec<T>>) -> Option<Rest<T>> {
        let link = methods::kept(self).list(list.name())?.next_link.as_deref()?;
        Some(Rest::new(link.to_owned()))
    }

    /// Says that a list is whole as it is now, though the PBX sent a part of it: a PATCH with it deletes
    /// the entries that are not in it.
    fn whole<T>(mut self, list: Navigation<Self, Vec<T>>) -> Self {
        self.kept().complete(list.name());
        self
    }

    /// What differs from `before`, to be sent with a PATCH. If nothing differs, it equals
    /// `Self::default()`.
    ///
    /// What is gone becomes null. Lists and complex values are whole, since the PBX replaces them. Values
    /// that could not be read, and properties that the type does not know, are in it only if they were
    /// changed.
    ///
    /// # Errors
    /// A value that cannot be written as JSON.
    fn changes_from(&self, before: &Self) -> Result<Self, Error> {
        changes::between(self, before).map_err(|error| Error::unwritable(Self::INFO.name, &error))
    }
}

impl<T: Table> Entity for T {}

/// Implements `Serialize`, `Deserialize`, `PartialEq` and `Debug` for types that implement
/// [`Table`](crate::entity::Table).
#[doc(hidden)]
#[macro_export]
macro_rules! entity_serde {
    ($($type:ty),* $(,)?) => {
        $(
            impl ::serde::Serialize for $type {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    $crate::entity::serialize(self, serializer)
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $type {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    $crate::entity::deserialize(deserializer)
                }
            }

            impl ::std::cmp::PartialEq for $type {
                #[inline]
                fn eq(&self, other: &Self) -> bool {
                    $crate::entity::equal(self, other)
                }
            }

            impl ::std::fmt::Debug for $type {
                // Compiled where it is used: few of the types are ever shown.
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    $crate::entity::debug(self, f)
                }
            }
        )*
    };
}

#[cfg(test)]
mod tests;
