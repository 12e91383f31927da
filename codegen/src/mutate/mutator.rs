//! Seeds, and the documents that they give.

use std::collections::BTreeMap;
use std::fmt;

use fastrand::Rng;
use serde_json::Value;

use super::draft::{Draft, Spelling};
use super::kind::Kind;
use super::shape::{Effect, Shape};
use crate::history;
use crate::model::{Api, DocumentId, RELEASES};
use crate::track;

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
    pub(super) documents: BTreeMap<DocumentId, Value>,
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
        let kinds = Kind::ALL.len() as u64;
        let kind = Kind::ALL[(seed % kinds) as usize];
        // One after the other, so that many seeds reach each shape.
        let (turn, shapes) = ((seed / kinds) as usize, kind.shapes());
        let mut rng = Rng::with_seed(seed);
        // Not every document has a place for each shape.
        for attempt in 0..100 {
            let (id, document) = self.chosen(&mut rng)?;
            let mut draft = Draft::new(document.clone(), rng.fork());
            let index = if attempt < 20 { turn % shapes.len() } else { draft.below(shapes.len()) };
            let shape = &shapes[index];
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

/// The document with the change of a shape.
pub(super) fn applied(
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
