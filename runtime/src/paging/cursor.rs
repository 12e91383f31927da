//! A place in a walk over the pages of one request.

use std::sync::Arc;

use super::mark::Mark;

/// A place between two rows, and what is known there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Which part of a divided filter it is in.
    pub(super) part: usize,
    /// How many rows lie before it, in that part.
    pub(super) skip: u64,
    /// How the walk asks for the page at this place.
    pub(super) cursor: Cursor,
    /// How many items the walk has given.
    pub(super) given: u64,
    /// Whether a page has come.
    pub(super) begun: bool,
    pub(super) caps: Caps,
    /// The rows before it, a page or more.
    pub(super) recent: Arc<[Mark]>,
    /// How many pages in a row have brought nothing.
    pub(super) idle: u32,
    /// How many rows a page is to have.
    pub(super) size: u32,
    /// Whether the PBX has named a limit for that.
    pub(super) limited: bool,
}

/// How a walk asks for the page at a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Cursor {
    /// With `$skip`: the number of rows before the place.
    #[default]
    Skip,
    /// With a filter: the rows whose key is greater than this one.
    After(i64),
    /// With a link that the PBX sent.
    Link(Link),
}

/// What a request of a walk by `$skip` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) part: usize,
    pub(super) skip: u64,
    pub(super) rows: u64,
}

/// A page that the PBX has linked to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) url: String,
    /// How many of its rows lie before the place.
    pub(super) passed: usize,
    /// The `$top` of the request whose answer the links divide.
    pub(super) asked: u64,
    /// How many rows of that answer came with the pages before.
    pub(super) came: u64,
    /// The key of the last row before the linked page, in a walk by key.
    pub(super) after: Option<i64>,
}

/// What is known of a server that caps its pages without saying so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[doc(hidden)]
pub struct Caps {
    /// The length of its pages.
    pub(super) cap: Option<u64>,
    /// Whether the next page tells if there is a cap at all.
    pub(super) suspected: bool,
    /// The longest short page that was the last one: the cap, if there is one, is above.
    pub(super) above: u64,
}

impl Place {
    pub(super) fn link(&self) -> Option<&Link> {
        match &self.cursor {
            Cursor::Link(link) => Some(link),
            Cursor::Skip | Cursor::After(_) => None,
        }
    }

    /// The key of the row before the place, in a walk by key.
    pub(super) fn after(&self) -> Option<i64> {
        match &self.cursor {
            Cursor::Skip => None,
            Cursor::After(key) => Some(*key),
            Cursor::Link(link) => link.after,
        }
    }
}
