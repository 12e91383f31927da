//! Documents as 3CX may publish them one day: a known document with one random change.
//!
//! A seed chooses a document of the union, a kind of change, one of its shapes, and the places. The same
//! seed gives the same document on every machine. [`trial`] takes such a document in, as an update does,
//! and [`judge`] says whether what came out is right. [`batch`] puts the clients of many trials together,
//! so that one run of the compiler judges them all.

use std::collections::BTreeMap;
use std::fmt;

use fastrand::Rng;
use serde_json::Value;

use crate::history;
use crate::model::{Api, DocumentId, RELEASES};
use crate::track;
use draft::{Draft, Spelling};

mod add;
pub mod batch;
mod draft;
mod formats;
pub mod judge;
mod names;
mod nest;
mod order;
mod remove;
mod rename;
mod retype;
pub mod trial;
mod wrap;

#[cfg(test)]
mod tests;

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

    fn shapes(self) -> &'static [Shape] {
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
struct Shape {
    name: &'static str,
    effect: Effect,
    /// Makes the change, and says what was changed; none if the document has no place for it.
    apply: fn(&mut Draft) -> Option<String>,
}

/// A shape that changes the API.
const fn some(name: &'static str, apply: fn(&mut Draft) -> Option<String>) -> Shape {
    Shape { name, effect: Effect::Some, apply }
}

/// A shape that changes the API, which the union shows if the document is the newest.
const fn newest(name: &'static str, apply: fn(&mut Draft) -> Option<String>) -> Shape {
    Shape { name, effect: Effect::OfNewest, apply }
}

/// A shape that changes nothing of the API.
const fn none(name: &'static str, apply: fn(&mut Draft) -> Option<String>) -> Shape {
    Shape { name, effect: Effect::None, apply }
}

/// A changed document.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The seed that gives it again.
    pub seed: u64,
    /// The kind of its change.
    pub kind: Kind,
    /// Which change of its kind it is.
    pub shape: &'static str,
    /// Where and what.
    pub described: String,
    /// What the change means for the API.
    pub effect: Effect,
    /// The known document that was changed.
    pub of: DocumentId,
    /// The text.
    pub text: String,
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { shape, described, of, .. } = self;
        write!(f, "{shape}, {described}, in {}", of.full())
    }
}

/// The documents of a union as a vendor would write them, ready to be changed.
pub struct Mutator {
    documents: BTreeMap<DocumentId, Value>,
}

impl Mutator {
    /// Takes the documents out of a union.
    pub fn of(union: &Api) -> Result<Self, String> {
        let mut documents = BTreeMap::new();
        for id in &union.documents {
            let text = track::write(&history::at(union, &id.full())?);
            let text = text.map_err(|error| error.to_string())?;
            let document = serde_yaml::from_str::<Value>(&text);
            let mut document = document.map_err(|error| error.to_string())?;
            if let Some(document) = document.as_object_mut() {
                document.shift_remove(RELEASES);
            }
            documents.insert(id.clone(), document);
        }
        Ok(Self { documents })
    }

    /// The known document in its own words.
    pub fn plain(&self, id: &DocumentId) -> Result<String, String> {
        let document = self.documents.get(id);
        let document = document.ok_or_else(|| format!("{}: no such document", id.full()))?;
        serde_yaml::to_string(document).map_err(|error| error.to_string())
    }

    /// The document of a seed.
    pub fn mutate(&self, seed: u64) -> Result<Mutation, String> {
        let kind = Kind::ALL[(seed % Kind::ALL.len() as u64) as usize];
        let mut rng = Rng::with_seed(seed);
        // Not every document has a place for each shape.
        for _ in 0..100 {
            let (id, document) = self.chosen(&mut rng)?;
            let mut draft = Draft::new(document.clone(), rng.fork());
            let shapes = kind.shapes();
            let shape = &shapes[draft.below(shapes.len())];
            let is_newest = self.documents.keys().next_back() == Some(id);
            if shape.effect == Effect::OfNewest && !is_newest {
                continue;
            }
            if let Some(mutation) = applied(seed, kind, shape, id, draft)? {
                return Ok(mutation);
            }
        }
        Err(format!("seed {seed}: no document has a place for a change of this kind"))
    }

    /// Mostly the newest document: what is published next is like it.
    fn chosen(&self, rng: &mut Rng) -> Result<(&DocumentId, &Value), String> {
        let number = rng.u64(..);
        let back =
            if number.is_multiple_of(4) { number / 4 % self.documents.len() as u64 } else { 0 };
        let chosen = self.documents.iter().nth_back(back as usize);
        chosen.ok_or_else(|| "the union has no documents".to_owned())
    }
}

fn applied(
    seed: u64,
    kind: Kind,
    shape: &Shape,
    id: &DocumentId,
    mut draft: Draft,
) -> Result<Option<Mutation>, String> {
    let Some(described) = (shape.apply)(&mut draft) else { return Ok(None) };
    let yaml = |it: &Value| serde_yaml::to_string(it).map_err(|error| error.to_string());
    let text = match draft.spelling {
        Spelling::Yaml => yaml(&draft.value)?,
        Spelling::Json => draft.value.to_string(),
        Spelling::Text(change) => change(yaml(&draft.value)?),
    };
    let Shape { name: shape, effect, .. } = *shape;
    Ok(Some(Mutation { seed, kind, shape, described, effect, of: id.clone(), text }))
}
