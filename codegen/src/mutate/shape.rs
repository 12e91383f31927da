//! The rows of which each kind of change is made.

use super::draft::Draft;

/// What a change means for the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the union must stay as it was.
    None,
    /// The API is another one: the union must show it.
    Some,
    /// The API is another one, by a fact that the union has of the newest document alone.
    OfNewest,
}

/// One way in which a kind of change happens.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) effect: Effect,
    /// Makes the change, and says what was changed; none if the document has no place for it.
    pub(super) apply: fn(&mut Draft) -> Option<String>,
}

/// A shape that changes the API.
pub(super) const fn some(name: &'static str, apply: fn(&mut Draft) -> Option<String>) -> Shape {
    Shape { name, effect: Effect::Some, apply }
}

/// A shape that changes the API, which the union shows if the document is the newest.
pub(super) const fn newest(name: &'static str, apply: fn(&mut Draft) -> Option<String>) -> Shape {
    Shape { name, effect: Effect::OfNewest, apply }
}

/// A shape that changes nothing of the API.
pub(super) const fn none(name: &'static str, apply: fn(&mut Draft) -> Option<String>) -> Shape {
    Shape { name, effect: Effect::None, apply }
}
