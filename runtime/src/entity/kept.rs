//! What an entity keeps beside the properties of its type.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess};

use super::index::is_among;
use crate::info::EntityInfo;
use crate::json::{self, Json};

/// What an entity keeps beside the properties of its type: properties that the type does not know,
/// values that do not fit it, nulls to be written, and what an answer said of its lists.
///
/// Each entity has one, as a field of its own. It takes the space of one pointer while it is empty.
/// The methods of [`Entity`](crate::entity::Entity) read and change it. Two are equal if they hold the
/// same properties; what an answer said of lists does not count.
#[derive(Default)]
pub struct Kept(Option<Box<Inner>>);

impl Clone for Kept {
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Clone, Default)]
pub(super) struct Inner {
    /// By their names on the wire.
    values: BTreeMap<Box<str>, Value>,
    pub(super) lists: BTreeMap<Box<str>, List>,
}

impl PartialEq for Kept {
    // Rarely needed, but compiled for every entity if it were inlined.
    #[inline(never)]
    fn eq(&self, other: &Self) -> bool {
        let values = |kept: &'_ Self| kept.inner().map_or(0, |inner| inner.values.len());
        match (self.inner(), other.inner()) {
            (Some(one), Some(other)) => one.values == other.values,
            // Lists may be all that one has.
            _ => values(self) == values(other),
        }
    }
}

/// About what an entry costs beside its text: two allocations, and its place among the others.
const ENTRY: usize = 128;

/// A property that is written as it stands here.
#[derive(Clone, PartialEq)]
pub(super) struct Value {
    pub(super) json: Json,
    /// What the type expected, if the value came and did not fit.
    pub(super) expected: Option<Box<str>>,
}

/// What an answer said beside a list.
#[derive(Clone, Default)]
pub(super) struct List {
    /// How many entries there are.
    pub(super) count: Option<i64>,
    /// The link to the rest of them.
    pub(super) next_link: Option<Box<str>>,
}

impl Inner {
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// What is no property of the type.
    pub(super) fn unknown<'i>(
        &'i self,
        info: &'static EntityInfo,
    ) -> impl Iterator<Item = (&'i str, &'i Value)> {
        let named = self.values.iter().map(|(name, value)| (&**name, value));
        named.filter(|(name, _)| !is_among(info.properties, name))
    }
}

impl Kept {
    pub(super) const fn new() -> Self {
        Self(None)
    }

    pub(super) fn inner(&self) -> Option<&Inner> {
        self.0.as_deref()
    }

    fn inner_mut(&mut self) -> &mut Inner {
        self.0.get_or_insert_default()
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.inner()?.value(name)
    }

    pub(super) fn keep(&mut self, name: &str, json: Json, expected: Option<Box<str>>) {
        self.inner_mut().values.insert(name.into(), Value { json, expected });
    }

    /// Drops the value of a property; what is known of it as a list may stay.
    pub(super) fn forget_value(&mut self, name: &str) {
        if let Some(inner) = self.0.as_deref_mut() {
            inner.values.remove(name);
        }
        self.shrink();
    }

    pub(super) fn list(&self, name: &str) -> Option<&List> {
        self.inner()?.lists.get(name)
    }

    pub(super) fn forget_list(&mut self, name: &str) {
        if let Some(inner) = self.0.as_deref_mut() {
            inner.lists.remove(name);
        }
        self.shrink();
    }

    fn list_mut(&mut self, name: &str) -> &mut List {
        self.inner_mut().lists.entry(name.into()).or_default()
    }

    /// The whole list has come.
    pub(super) fn complete(&mut self, name: &str) {
        if self.list(name).is_some() {
            self.list_mut(name).next_link = None;
        }
    }

    fn shrink(&mut self) {
        let is_empty = |inner: &Inner| inner.values.is_empty() && inner.lists.is_empty();
        if self.inner().is_some_and(is_empty) {
            self.0 = None;
        }
    }

    /// Reads a property that the type does not know.
    pub(super) fn read_unknown<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        is_binary: bool,
    ) -> Result<(), A::Error> {
        json::note_unfit();
        json::spend(ENTRY).map_err(A::Error::custom)?;
        self.keep(name, Json::next(map, is_binary)?, None);
        Ok(())
    }

    /// Takes what an answer says of a list, if it is that: `Members@odata.count`.
    pub(super) fn take_fact(&mut self, fact: Fact, list: &str, json: &Json) {
        match fact {
            Fact::Count => {
                if let Ok(count) = json.read() {
                    self.list_mut(list).count = Some(count);
                }
            }
            Fact::NextLink => {
                if let Ok(link) = json.read() {
                    self.list_mut(list).next_link = Some(link);
                }
            }
        }
    }
}

/// The names of what is kept.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_set();
        names.entries(self.inner().into_iter().flat_map(|inner| inner.values.keys()));
        names.finish()
    }
}

/// What a key that is no property of its entity says.
pub(super) enum Annotation<'a> {
    /// Something of a list.
    List(Fact, &'a str),
    /// Other control information, such as `@odata.etag`.
    Control,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Count,
    NextLink,
}

impl Fact {
    /// The end of the key that says it.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Count => "@odata.count",
            Self::NextLink => "@odata.nextLink",
        }
    }
}

/// OData's control information; none if the key is a property, or a term of a vocabulary such as
/// `Name@Org.Note`, which belongs to the entity.
pub(super) fn annotation(key: &str) -> Option<Annotation<'_>> {
    let (property, term) = key.rsplit_once('@')?;
    // OData 4.01 leaves out the prefix. All other terms have a namespace.
    let term = match term.strip_prefix("odata.") {
        Some(term) => term,
        None if term.contains('.') => return None,
        None => term,
    };
    Some(match term {
        "count" if !property.is_empty() => Annotation::List(Fact::Count, property),
        "nextLink" if !property.is_empty() => Annotation::List(Fact::NextLink, property),
        _ => Annotation::Control,
    })
}
