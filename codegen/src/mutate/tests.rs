use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use fastrand::Rng;

use super::draft::Draft;
use super::mutator::applied;
use super::shape::Shape;
use super::*;
use crate::import::merged;
use crate::load;
use crate::model::{Api, DocumentId, read};
use crate::track;

fn union() -> &'static Api {
    static UNION: OnceLock<Api> = OnceLock::new();
    UNION.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/xapi.yaml");
        load::load(&file).and_then(read).unwrap_or_else(|problems| panic!("{problems}")).0
    })
}

fn mutator() -> &'static Mutator {
    static MUTATOR: OnceLock<Mutator> = OnceLock::new();
    MUTATOR.get_or_init(|| Mutator::of(union()).unwrap())
}

/// A shape's change of the newest document that it changes.
fn changed(kind: Kind, shape: &Shape) -> Mutation {
    // Of the newest document; any other differs from it anyway.
    static PLAIN: OnceLock<String> = OnceLock::new();
    for (id, document) in mutator().documents.iter().rev() {
        let plain = PLAIN.get_or_init(|| mutator().plain(id).unwrap());
        for seed in 0..40 {
            let draft = Draft::new(document.clone(), Rng::with_seed(seed));
            let mutation = applied(seed, kind, shape, id, draft).unwrap();
            if let Some(mutation) = mutation
                && mutation.text != *plain
            {
                return mutation;
            }
        }
    }
    panic!("{}: {}: changes no document", kind.as_str(), shape.name);
}

#[test]
fn a_seed_gives_the_same_document_again() {
    let again = Mutator::of(union()).unwrap();
    for seed in 0..33 {
        let (one, other) = (mutator().mutate(seed).unwrap(), again.mutate(seed).unwrap());
        assert_eq!((one.to_string(), one.text), (other.to_string(), other.text), "seed {seed}");
    }
}

#[test]
fn as_many_seeds_as_kinds_reach_each_kind() {
    for first in [0, 1, 700] {
        let seeds = first..first + Kind::ALL.len() as u64;
        let kinds: BTreeSet<Kind> = seeds.map(|it| mutator().mutate(it).unwrap().kind).collect();
        assert_eq!(kinds.len(), Kind::ALL.len());
    }
}

#[test]
fn each_shape_changes_a_document_and_has_a_name_of_its_own() {
    for kind in Kind::ALL {
        let mut names = BTreeSet::new();
        for shape in kind.shapes() {
            assert!(names.insert(shape.name), "{}: {} twice", kind.as_str(), shape.name);
            changed(kind, shape);
        }
    }
}

#[test]
fn a_document_in_another_order_gives_the_same_union() {
    let taken = |id: &DocumentId, text: String| {
        let (document, _) = load::parse("test".to_owned(), text).and_then(read).ok()?;
        track::write(&merged(Some(union()), id.clone(), document).ok()?).ok()
    };
    let mut failed = Vec::new();
    for shape in Kind::Reorder.shapes() {
        let mutation = changed(Kind::Reorder, shape);
        let plain = taken(&mutation.of, mutator().plain(&mutation.of).unwrap());
        assert!(plain.is_some());
        if taken(&mutation.of, mutation.text) != plain {
            failed.push(shape.name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
