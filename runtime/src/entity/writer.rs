//! Writes and shows entities.

use std::fmt;

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::kept::{Fact, Inner, Kept};
use super::table::{Properties, PropertyValue, Table};
use super::unread;
use crate::info::EntityInfo;
use crate::json::{self, Writing};

/// Writes properties that are set, and keeps the first error for the end: an entity's `visit` takes
/// much less space in the compiled crate without an early return for each property.
pub(super) struct Writer<'a, M: SerializeMap> {
    pub(super) map: M,
    pub(super) result: Result<(), M::Error>,
    /// What the entity keeps.
    kept: Option<&'a Inner>,
    is_binary: bool,
    /// The properties that are noted as secrets where they go into a body.
    secrets: &'static [&'static str],
    /// Whether values are all that there is to write: nothing is kept, no secret is noted, and all went well.
    is_plain: bool,
}

impl<'a, M: SerializeMap> Properties<'a> for Writer<'a, M> {
    fn kept(&mut self, kept: &'a Kept) {
        self.kept = kept.inner();
        self.is_plain = self.kept.is_none() && self.secrets.is_empty();
    }

    // The rule is a part of each `visit`, everything else is compiled once for each type of value.
    #[inline(always)]
    fn property<T: PropertyValue>(&mut self, name: &'static str, value: &'a Option<T>) {
        if !self.is_plain {
            self.write(name, value);
        } else if value.is_some()
            && let Err(error) = self.map.serialize_entry(name, value)
        {
            self.fail(error);
        }
    }
}

impl<'a, M: SerializeMap> Writer<'a, M> {
    pub(super) fn new(map: M, is_binary: bool, secrets: &'static [&'static str]) -> Self {
        Self { map, result: Ok(()), kept: None, is_binary, secrets, is_plain: false }
    }

    #[cold]
    fn fail(&mut self, error: M::Error) {
        self.result = Err(error);
        self.is_plain = false;
    }

    #[cold]
    fn write<T: Serialize>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(kept) = self.kept {
            self.beside(kept, name, value.is_some());
        }
        // The whole option is written, because the whole option is read: formats that do not
        // describe themselves mark it.
        if value.is_some() && self.result.is_ok() {
            if self.secrets.contains(&name) {
                json::note_secret(value);
            }
            self.result = self.map.serialize_entry(name, value);
        }
    }

    /// Writes what is kept of a property of the type.
    #[cold]
    fn beside(&mut self, kept: &Inner, name: &str, is_set: bool) {
        // A binary format may need a type's own value in the place of a property.
        if self.result.is_ok() && !self.is_binary {
            self.result = self.try_beside(kept, name, is_set);
        }
    }

    fn try_beside(&mut self, kept: &Inner, name: &str, is_set: bool) -> Result<(), M::Error> {
        if !is_set {
            let Some(value) = kept.value(name) else { return Ok(()) };
            return match (Writing::now(), &value.expected) {
                (Writing::Unread, Some(expected)) => {
                    self.map.serialize_entry(name, &unread::mark(&value.json, expected))
                }
                _ => self.map.serialize_entry(name, &value.json),
            };
        }
        let Some(list) = kept.lists.get(name) else { return Ok(()) };
        match (Writing::now(), &list.next_link) {
            (Writing::Body, Some(_)) => {
                json::refuse_part(name);
                Err(M::Error::custom("a part of a list"))
            }
            (Writing::Whole, link) => {
                if let Some(count) = list.count {
                    self.fact(name, Fact::Count, &count)?;
                }
                link.iter().try_for_each(|link| self.fact(name, Fact::NextLink, link))
            }
            _ => Ok(()),
        }
    }

    fn fact<T: Serialize>(&mut self, name: &str, fact: Fact, value: &T) -> Result<(), M::Error> {
        self.map.serialize_entry(&format!("{name}{}", fact.suffix()), value)
    }

    /// Writes the properties that the type does not know.
    fn unknown(&mut self, info: &'static EntityInfo, inner: &Inner) -> Result<(), M::Error> {
        let mut unknown = inner.unknown(info);
        unknown.try_for_each(|(name, value)| self.map.serialize_entry(name, &value.json))
    }
}

/// Writes an entity: the body of its `Serialize`.
#[doc(hidden)]
pub fn serialize<E: Table, S: Serializer>(entity: &E, serializer: S) -> Result<S::Ok, S::Error> {
    // The formats for people do without the number of entries, the binary ones rarely.
    let is_binary = !serializer.is_human_readable();
    let length = is_binary.then(|| count(entity));
    let map = serializer.serialize_map(length)?;
    // Whoever writes for oneself needs no list of them.
    let secrets = match E::INFO.secrets {
        secrets @ [_, ..] if Writing::now() == Writing::Body => secrets,
        _ => &[],
    };
    let mut out = Writer::new(map, is_binary, secrets);
    entity.visit(&mut out);
    if let (Some(kept), Ok(())) = (out.kept, &out.result) {
        out.result = out.unknown(E::INFO, kept);
    }
    out.result?;
    out.map.end()
}

/// Shows an entity: the body of its `Debug`.
#[doc(hidden)]
pub fn debug<E: Table>(entity: &E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // `Pbx.User` is `User` here.
    let name = E::INFO.name.rsplit('.').next().unwrap_or(E::INFO.name);
    let output = Output::Debug(f.debug_struct(name));
    let mut out = Shown { output, secrets: E::INFO.secrets, kept: None };
    entity.visit(&mut out);
    out.unknown(E::INFO);
    match out.output {
        Output::Debug(mut fields) => fields.finish(),
        Output::Count(_) => Ok(()),
    }
}

/// How many entries a binary format gets.
pub(super) fn count<E: Table>(entity: &E) -> usize {
    let mut out = Shown { output: Output::Count(0), secrets: &[], kept: None };
    entity.visit(&mut out);
    out.unknown(E::INFO);
    match out.output {
        Output::Count(count) => count,
        Output::Debug(_) => 0,
    }
}

/// Shows or counts properties.
struct Shown<'a, 'b, 'c> {
    output: Output<'a, 'b>,
    secrets: &'static [&'static str],
    kept: Option<&'c Inner>,
}

// Counting is done here rather than by a type of its own, for which every entity's `visit` would be
// compiled once more.
enum Output<'a, 'b> {
    Debug(fmt::DebugStruct<'a, 'b>),
    Count(usize),
}

impl<'c> Properties<'c> for Shown<'_, '_, 'c> {
    fn kept(&mut self, kept: &'c Kept) {
        self.kept = kept.inner();
    }

    fn property<T: PropertyValue>(&mut self, name: &'static str, value: &'c Option<T>) {
        match (value, self.kept) {
            (Some(value), _) => self.set(name, value),
            (None, Some(kept)) => self.beside(kept, name),
            (None, None) => {}
        }
    }
}

impl Shown<'_, '_, '_> {
    /// Takes a property that is set; a secret one is shown as `[redacted]`.
    fn set(&mut self, name: &str, value: &dyn fmt::Debug) {
        match &mut self.output {
            Output::Count(count) => *count += 1,
            Output::Debug(fields) if self.secrets.contains(&name) => {
                fields.field(name, &format_args!("[redacted]"));
            }
            Output::Debug(fields) => {
                fields.field(name, value);
            }
        }
    }

    /// Shows that a property is null, or what came could not be read.
    fn beside(&mut self, kept: &Inner, name: &str) {
        if let (Output::Debug(fields), Some(value)) = (&mut self.output, kept.value(name)) {
            let what = if value.expected.is_some() { "[unread]" } else { "null" };
            fields.field(name, &format_args!("{what}"));
        }
    }

    /// Takes what is no property of the type: the names alone, as nobody knows which are secrets.
    fn unknown(&mut self, info: &'static EntityInfo) {
        let Some(kept) = self.kept else { return };
        for (name, _) in kept.unknown(info) {
            self.set(name, &format_args!("[not shown]"));
        }
        let Output::Debug(fields) = &mut self.output else { return };
        for (name, list) in &kept.lists {
            let name = |fact: Fact| format!("{name}{}", fact.suffix());
            if let Some(count) = list.count {
                fields.field(&name(Fact::Count), &count);
            }
            if list.next_link.is_some() {
                fields.field(&name(Fact::NextLink), &format_args!("[not shown]"));
            }
        }
    }
}
