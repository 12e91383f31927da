//! The rest of a list.

use std::fmt;
use std::marker::PhantomData;

use serde::ser::Serialize;
use serde_json::value::RawValue;

use super::table::Table;
use super::{methods, reader};
use crate::error::Error;
use crate::json::{self, Json, Writing};
use crate::property::Navigation;

/// The part of an expanded list that the PBX did not send, behind its `@odata.nextLink`; see
/// [`Entity::rest_of`](crate::Entity::rest_of).
///
/// [`Client::rest`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.rest) reads it, [`Client::complete`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.complete) puts
/// it into its entity.
pub struct Rest<T> {
    link: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Rest<T> {
    pub(super) fn new(link: String) -> Self {
        Self { link, of: PhantomData }
    }

    /// The link as the PBX sent it.
    pub(crate) fn link(&self) -> &str {
        &self.link
    }
}

impl<T> Clone for Rest<T> {
    fn clone(&self) -> Self {
        Self::new(self.link.clone())
    }
}

/// The link may hold values of a filter.
impl<T> fmt::Debug for Rest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").finish_non_exhaustive()
    }
}

/// Adds entries to a list, which is whole then.
pub(crate) fn extend<E: Table, T: Serialize>(
    entity: &mut E,
    list: Navigation<E, Vec<T>>,
    entries: &[T],
) -> Result<(), Error> {
    let name = list.name();
    let text = |entries: &[T]| {
        let _mode = Writing::Whole.begin();
        Json::of(entries)
    };
    let all = || -> Result<Json, serde_json::Error> {
        let mut all: Vec<Box<RawValue>> = match methods::text(entity, name)? {
            Some(first) => first.read()?,
            None => Vec::new(),
        };
        all.append(&mut text(entries)?.read()?);
        Json::of(&all)
    };
    let all = all().map_err(|error| Error::unwritable(name, &error))?;
    let read = || reader::set_property(entity, name, all.text());
    json::answering(read).map_err(|error| Error::unwritable(name, &error))?;
    entity.kept().complete(name);
    Ok(())
}
