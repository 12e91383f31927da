//! The imports of a file. The printers write every name with its full path. This pass imports a name
//! and shortens its paths, unless an item of the file has the same name: then the full path stays. The
//! names of the standard library's prelude need no import and follow the same rule.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{ExprPath, File, Ident, Item, Path, TypePath, UseTree};

use super::order;
use super::pieces::ident;
use super::prelude::{Module, PRELUDE};

/// The modules whose items are imported by name.
const MODULES: &[Module] = &[
    &["crate"],
    &["crate", "generated"],
    &["crate", "round_trip"],
    &["crate", "secrets"],
    &["crate", "support"],
    &["crate", "wire"],
    &["serde", "de"],
    &["threecx_xapi"],
    &["threecx_xapi", "edm"],
];

/// Shortens the paths of a file and adds the imports that this takes.
pub(super) fn shorten(file: &mut File) {
    let mut shortener = Shortener { taken: taken(file), imported: BTreeMap::new() };
    shortener.visit_file_mut(file);
    let mut modules: BTreeMap<Module, BTreeSet<String>> = BTreeMap::new();
    for (name, module) in shortener.imported {
        modules.entry(module).or_default().insert(name);
    }
    let imports = modules.into_iter().filter_map(|(module, names)| import(module, names));
    file.items.splice(0..0, imports.collect::<Vec<_>>());
}

fn import(module: Module, names: BTreeSet<String>) -> Option<Item> {
    let module = module.iter().map(|name| ident(name));
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by(|a, b| order::by_version(a, b));
    let names = names.iter().map(|name| ident(name));
    let one = names.len() == 1;
    let names = if one { quote!(#(#names)*) } else { quote!({#(#names),*}) };
    syn::parse2(quote!(use #(#module::)* #names;)).ok()
}

/// The names of a file's own items.
fn taken(file: &File) -> BTreeSet<String> {
    let mut taken = BTreeSet::new();
    for item in &file.items {
        let name = match item {
            Item::Const(it) => &it.ident,
            Item::Enum(it) => &it.ident,
            Item::Fn(it) => &it.sig.ident,
            Item::Mod(it) => &it.ident,
            Item::Struct(it) => &it.ident,
            Item::Type(it) => &it.ident,
            Item::Use(it) => {
                used(&it.tree, &mut taken);
                continue;
            }
            _ => continue,
        };
        taken.insert(name.to_string());
    }
    taken
}

/// The names that a `use` brings in.
fn used(tree: &UseTree, taken: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(it) => used(&it.tree, taken),
        UseTree::Name(it) => drop(taken.insert(it.ident.to_string())),
        UseTree::Rename(it) => drop(taken.insert(it.rename.to_string())),
        UseTree::Group(it) => it.items.iter().for_each(|it| used(it, taken)),
        _ => {}
    }
}

struct Shortener {
    taken: BTreeSet<String>,
    /// The imported names, each with its module.
    imported: BTreeMap<String, Module>,
}

impl Shortener {
    /// How many segments of a path can go.
    fn spare(&mut self, path: &Path) -> usize {
        // Most paths are the names of variables.
        if path.segments.len() == 1 {
            return 0;
        }
        let is_below = |module: Module| {
            path.segments.len() > module.len()
                && module.iter().zip(&path.segments).all(|(name, it)| it.ident == name)
        };
        // The name below a module of so many segments.
        let name = |length: usize| path.segments.get(length).map(|it| &it.ident);
        if path.leading_colon.is_some() {
            let known = PRELUDE.iter().filter(|(known, module)| {
                name(module.len()).is_some_and(|name| name == known) && is_below(module)
            });
            return match known.max_by_key(|(_, module)| module.len()) {
                Some((name, module)) if !self.taken.contains(*name) => module.len(),
                _ => 0,
            };
        }
        let known = MODULES.iter().copied().filter(|module| is_below(module));
        let Some(module) = known.max_by_key(|module| module.len()) else { return 0 };
        let Some(name) = name(module.len()).map(Ident::to_string) else { return 0 };
        if self.taken.contains(&name) {
            return 0;
        }
        let owner = self.imported.entry(name).or_insert(module);
        if *owner == module { module.len() } else { 0 }
    }

    /// Shortens a path, and says by how many segments.
    fn shorten(&mut self, path: &mut Path) -> usize {
        let spare = self.spare(path);
        if spare > 0 {
            path.leading_colon = None;
            let segments = std::mem::take(&mut path.segments);
            path.segments = segments.into_iter().skip(spare).collect();
        }
        spare
    }
}

impl VisitMut for Shortener {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        self.shorten(path);
    }

    // `<X as Trait>::NAME` knows how many of the path's segments are the trait's.
    fn visit_expr_path_mut(&mut self, expression: &mut ExprPath) {
        match &mut expression.qself {
            Some(qself) => {
                self.visit_type_mut(&mut qself.ty);
                qself.position -= self.shorten(&mut expression.path);
            }
            None => visit_mut::visit_expr_path_mut(self, expression),
        }
    }

    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        match &mut ty.qself {
            Some(qself) => {
                self.visit_type_mut(&mut qself.ty);
                qself.position -= self.shorten(&mut ty.path);
            }
            None => visit_mut::visit_type_path_mut(self, ty),
        }
    }
}
