//! The order of modules and imports: rustfmt's.

use std::cmp::Ordering;

use syn::{Item, UseTree, Visibility};

/// Sorts the runs of modules and of imports in a file.
pub(super) fn sort(file: &mut syn::File) {
    for run in file.items.chunk_by_mut(|a, b| kind(a).is_some() && kind(a) == kind(b)) {
        run.sort_by(|a, b| match (a, b) {
            (Item::Mod(a), Item::Mod(b)) => by_version(&a.ident.to_string(), &b.ident.to_string()),
            (Item::Use(a), Item::Use(b)) => by_path(&a.tree, &b.tree),
            _ => Ordering::Equal,
        });
    }
}

/// What an item is that stands in a run: imports, re-exports and modules each make one.
pub(super) fn kind(item: &Item) -> Option<&'static str> {
    match item {
        Item::Use(it) if matches!(it.vis, Visibility::Inherited) => Some("imports"),
        Item::Use(_) => Some("re-exports"),
        Item::Mod(_) => Some("modules"),
        _ => None,
    }
}

/// `crate` comes first, and a list of names after the modules.
fn by_path(a: &UseTree, b: &UseTree) -> Ordering {
    match (a, b) {
        (UseTree::Path(a), UseTree::Path(b)) => {
            let (one, other) = (a.ident.to_string(), b.ident.to_string());
            let by_name = (one != "crate").cmp(&(other != "crate"));
            by_name.then(by_version(&one, &other)).then_with(|| by_path(&a.tree, &b.tree))
        }
        (UseTree::Group(_), UseTree::Group(_)) => Ordering::Equal,
        (UseTree::Group(_), _) => Ordering::Greater,
        (_, UseTree::Group(_)) => Ordering::Less,
        (a, b) => {
            let name = |tree: &UseTree| match tree {
                UseTree::Path(it) => it.ident.to_string(),
                UseTree::Name(it) => it.ident.to_string(),
                _ => String::new(),
            };
            by_version(&name(a), &name(b))
        }
    }
}

/// Compares names as rustfmt does: numbers by their value, `_` before everything else.
pub(super) fn by_version(a: &str, b: &str) -> Ordering {
    let by_pieces = pieces(a).cmp(pieces(b));
    // Names that differ in leading zeros alone.
    by_pieces.then_with(|| a.cmp(b))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Underscore,
    Number(u128),
    Letter(char),
}

fn pieces(name: &str) -> impl Iterator<Item = Piece> + '_ {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let length = digits.max(first.len_utf8());
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(match (first, piece.parse()) {
            ('_', _) => Piece::Underscore,
            (_, Ok(number)) => Piece::Number(number),
            _ => Piece::Letter(first),
        })
    })
}
