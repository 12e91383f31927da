//! What an operation returns, and how it is read from the PBX's reply.

mod retyped;

use std::fmt;
use std::marker::PhantomData;

use reqwest::header::HeaderMap;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::entity::{self, Entity};
use crate::error::Error;
use crate::info::{EntityInfo, OperationKind};
use crate::json;
use crate::message::{Reply, holds_list, shows};
use crate::property::Property;
use crate::query::Selected;

pub use retyped::Retyped;

/// What an operation can yield, and how it is read from the PBX's reply.
///
/// Implemented for `()`, every entity, `Option` of an entity, [`Page`], [`Value`] and
/// [`Download`](crate::Download).
pub trait Answer: Sized + 'static {
    /// Whether the body is handed over unread, because it may be a large file.
    const STREAMED: bool = false;

    /// Whether it is a list of rows, which is empty if no row can match a filter.
    const COLLECTION: bool = false;

    /// Reads the answer from a successful reply. The PBX sends 200, 201 or 204 for any operation, with or
    /// without a body.
    ///
    /// # Errors
    /// A body that is not what was declared; the error says where.
    fn decode(reply: Reply) -> Result<Self, Error>;
}

/// The rows of a page as the PBX sent them.
pub(crate) fn raw_page(reply: &Reply) -> Result<Page<&RawValue>, Error> {
    let page: Page<&RawValue> = match reply.text()? {
        None => return reply.empty(),
        Some(json) => json::read_rows(json, reply.allowance)
            .map_err(|failure| reply.unreadable(json, failure))?,
    };
    check_page(&page, reply)?;
    Ok(page)
}

/// An answer without a list is no empty list.
fn check_page<T>(page: &Page<T>, reply: &Reply) -> Result<(), Error> {
    fn check(reply: &Reply) -> Result<(), Error> {
        match reply.text()? {
            Some(json) if !holds_list(json) => {
                Err(reply.undecoded("the object has no list as its `value`"))
            }
            _ => Ok(()),
        }
    }
    if page.is_empty() { check(reply) } else { Ok(()) }
}

/// The JSON text of an entity, if there is any. An object without any property of its entity is another
/// answer, and would become an entity with nothing set.
fn entity_text<'r>(reply: &'r Reply, info: &'static EntityInfo) -> Result<Option<&'r [u8]>, Error> {
    let json = reply.text()?;
    if json.is_none_or(|json| shows(json, info.properties, info.is_open)) {
        return Ok(json);
    }
    Err(reply.undecoded(&format!(
        "the object has neither a property of {} nor an `@odata.context`",
        info.name
    )))
}

/// Whatever a PBX sends where nothing is declared counts for nothing, if it is whole.
impl Answer for () {
    fn decode(reply: Reply) -> Result<Self, Error> {
        match reply.text()? {
            Some(json) if json.starts_with(b"{") || json.starts_with(b"[") => {
                serde_json::from_slice::<IgnoredAny>(json)
                    .map(drop)
                    .map_err(|error| reply.misfit(json, &error))
            }
            _ => Ok(()),
        }
    }
}

impl<T: Entity> Answer for T {
    fn decode(reply: Reply) -> Result<Self, Error> {
        match entity_text(&reply, T::INFO)? {
            Some(json) => {
                // It is read where it stays: an entity is large, and each step that returns it may copy it.
                let mut entity = T::default();
                reply.read_with(json, |text| {
                    if json::is_second_reading() {
                        entity = T::default();
                    }
                    entity::read(text, &mut entity)
                })?;
                Ok(entity)
            }
            None => match new_url(&reply).and_then(entity::key_of_new) {
                Some(entity) => Ok(entity),
                None => reply.empty(),
            },
        }
    }
}

/// The URL of what a POST has created; OData's header is there if the answer has no body.
fn new_url(reply: &Reply) -> Option<&str> {
    let is_create = reply.info.kind == OperationKind::Create;
    let header = || reply.header("OData-EntityId").or_else(|| reply.header("Location"));
    is_create.then(header).flatten()
}

/// An entity that may be missing: 204, an empty body and `null` are all `None`.
impl<T: Entity> Answer for Option<T> {
    fn decode(reply: Reply) -> Result<Self, Error> {
        entity_text(&reply, T::INFO)?.map(|json| reply.read(json)).transpose()
    }
}

/// A page of a collection: `{"value": […]}`.
///
/// If a page is shorter than the request's `top`, it is the last one. If the PBX sends a `next_link`, it
/// leads to the next page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub value: Vec<T>,
    /// The number of all matches, if `count(true)` asked for it. Some report functions send the
    /// page's length here.
    pub count: Option<i64>,
    /// The URL of the next page (`@odata.nextLink`).
    pub next_link: Option<String>,
    selected: Selected,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for Page<T> {
    fn from(value: Vec<T>) -> Self {
        Self { value, count: None, next_link: None, selected: Selected::default() }
    }
}

impl<T> Page<T> {
    /// The items, by reference.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.value.iter()
    }

    /// The first item of this page.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.value.first()
    }

    /// The number of items on this page.
    #[must_use]
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// Whether this page has no items.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

impl<T: Entity> Page<T> {
    /// Whether the request asked for this property. If it did not, `None` says nothing about the PBX's
    /// value. Without `select` the PBX decides what it sends, and this is true of every property.
    #[must_use]
    pub fn asked_for<V>(&self, property: Property<T, V>) -> bool {
        self.selected.has(property.name())
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.value.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.value.iter()
    }
}

impl<T: DeserializeOwned + 'static> Answer for Page<T> {
    const COLLECTION: bool = true;

    fn decode(reply: Reply) -> Result<Self, Error> {
        let page: Self = match reply.json()? {
            Some(page) => page,
            None => reply.empty()?,
        };
        check_page(&page, &reply)?;
        Ok(Self { selected: reply.selected, ..page })
    }
}

/// A single value in its wrapper: `{"value": true}`.
///
/// The API declares some enumerations without the wrapper. The client reads them with and without it,
/// and writes them as it read them. `Debug` hides the value, which may be a key or a password.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Value<T> {
    /// The value; `None` where the PBX sent none or null.
    pub value: Option<T>,
    /// Whether it came without the wrapper.
    bare: bool,
}

impl<T> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.as_ref().map(|_| format_args!("[redacted]"));
        f.debug_struct("Value").field("value", &value).finish()
    }
}

impl<T> Default for Value<T> {
    fn default() -> Self {
        Self { value: None, bare: false }
    }
}

impl<T> From<T> for Value<T> {
    fn from(value: T) -> Self {
        Self { value: Some(value), bare: false }
    }
}

impl<T: DeserializeOwned + 'static> Answer for Value<T> {
    fn decode(reply: Reply) -> Result<Self, Error> {
        let value: Self = reply.json()?.unwrap_or_default();
        // A null may be left out, but not all that marks the object as a value.
        match reply.text()? {
            Some(json) if value.value.is_none() && !shows(json, &["value"], false) => {
                Err(reply.undecoded("the object has neither a `value` nor an `@odata.context`"))
            }
            _ => Ok(value),
        }
    }
}

/// The value of an answer together with status and headers.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the operation yields.
    pub value: T,
    status: u16,
    headers: HeaderMap,
    selected: Selected,
}

impl<T> Response<T> {
    /// The HTTP status: 200, 201 or 204.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The text of a header, e.g. `X-3CX-Version`; `None` where it is absent or not ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl<T: Entity> Response<T> {
    /// Whether the request asked for this property. If it did not, `None` says nothing about the PBX's
    /// value. Without `select` the PBX decides what it sends, and this is true of every property.
    #[must_use]
    pub fn asked_for<V>(&self, property: Property<T, V>) -> bool {
        self.selected.has(property.name())
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

#[doc(hidden)]
pub fn decode_response<T: Answer>(reply: Reply) -> Result<Response<T>, Error> {
    let (status, headers, selected) = (reply.status, reply.headers.clone(), reply.selected.clone());
    Ok(Response { value: T::decode(reply)?, status, headers, selected })
}

/// The keys of a wrapper object. Read once for all `T`.
enum Key {
    Value,
    Count,
    NextLink,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
                Ok(match key {
                    "value" => Key::Value,
                    // The first is OData 4.0's name, the second 4.01's.
                    "@odata.count" | "@count" => Key::Count,
                    "@odata.nextLink" | "@nextLink" => Key::NextLink,
                    _ if json::refuses(key, &["value"]) => return Err(E::custom("unknown key")),
                    _ => {
                        if !key.contains("@odata.") {
                            json::note_unfit();
                        }
                        Key::Other
                    }
                })
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

struct Wrapper<T> {
    value: Option<T>,
    count: Option<i64>,
    next_link: Option<String>,
    bare: bool,
}

impl<T> Wrapper<T> {
    fn new(value: Option<T>, bare: bool) -> Self {
        Self { value, count: None, next_link: None, bare }
    }
}

/// The rows of a page, no more of them than the answer may have.
struct Rows<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowsVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for RowsVisitor<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = items.next_element()? {
                    rows.push(row);
                    json::take_row(rows.len()).map_err(A::Error::custom)?;
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(RowsVisitor(PhantomData)).map(Self)
    }
}

/// Reads a wrapper whose value is `T`.
struct WrapperSeed<T> {
    is_list: bool,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for WrapperSeed<T> {
    type Value = Wrapper<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Wrapper<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for WrapperSeed<T> {
    type Value = Wrapper<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wrapper<T>, A::Error> {
        let mut wrapper = Wrapper::new(None, false);
        while let Some(key) = map.next_key()? {
            match key {
                Key::Value => {
                    wrapper.value = json::within("value", self.is_list, || map.next_value())?;
                }
                Key::Count => wrapper.count = map.next_value()?,
                Key::NextLink => wrapper.next_link = map.next_value()?,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(wrapper)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Wrapper<T>, E> {
        T::deserialize(value.into_deserializer()).map(|value| Wrapper::new(Some(value), true))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wrapper { value, count, next_link, .. } =
            WrapperSeed::<Rows<T>> { is_list: true, of: PhantomData }.deserialize(deserializer)?;
        let rows = value.map(|Rows(rows)| rows);
        Ok(Self { count, next_link, ..Self::from(rows.unwrap_or_default()) })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A map, or a bare string.
        let seed = WrapperSeed { is_list: false, of: PhantomData };
        let Wrapper { value, bare, .. } = deserializer.deserialize_any(seed)?;
        Ok(Self { value, bare })
    }
}

impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let length = 1 + usize::from(self.count.is_some()) + usize::from(self.next_link.is_some());
        let mut map = serializer.serialize_map(Some(length))?;
        if let Some(count) = &self.count {
            map.serialize_entry("@odata.count", count)?;
        }
        map.serialize_entry("value", &self.value)?;
        if let Some(next_link) = &self.next_link {
            map.serialize_entry("@odata.nextLink", next_link)?;
        }
        map.end()
    }
}

impl<T: Serialize> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.bare {
            return self.value.serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("value", &self.value)?;
        map.end()
    }
}
