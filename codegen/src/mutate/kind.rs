//! The kinds of change.

use super::shape::Shape;
use super::{add, formats, names, nest, order, remove, rename, retype, wrap};

/// A kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something gets another name.
    Rename,
    /// Something stands elsewhere.
    Move,
    /// Something gets another type.
    Retype,
    /// Something is new.
    Add,
    /// Something is gone.
    Remove,
    /// The same is said through other schemas.
    Wrap,
    /// Two things get names that are one in Rust.
    Collide,
    /// Something is called like a part of Rust or of the client.
    Keyword,
    /// Something contains itself, or others many times over.
    Nest,
    /// OpenAPI that no document had.
    Format,
    /// The same is said in another order, or in another spelling.
    Reorder,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Rename,
        Self::Move,
        Self::Retype,
        Self::Add,
        Self::Remove,
        Self::Wrap,
        Self::Collide,
        Self::Keyword,
        Self::Nest,
        Self::Format,
        Self::Reorder,
    ];

    /// Its name in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Move => "move",
            Self::Retype => "retype",
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Wrap => "wrap",
            Self::Collide => "collide",
            Self::Keyword => "keyword",
            Self::Nest => "nest",
            Self::Format => "format",
            Self::Reorder => "reorder",
        }
    }

    pub(super) fn shapes(self) -> &'static [Shape] {
        match self {
            Self::Rename => rename::RENAME,
            Self::Move => rename::MOVE,
            Self::Retype => retype::SHAPES,
            Self::Add => add::SHAPES,
            Self::Remove => remove::SHAPES,
            Self::Wrap => wrap::SHAPES,
            Self::Collide => names::COLLIDE,
            Self::Keyword => names::KEYWORD,
            Self::Nest => nest::SHAPES,
            Self::Format => formats::SHAPES,
            Self::Reorder => order::SHAPES,
        }
    }
}
