//! The imports of a file. The printers write the names of [`known`](super::known) alone. This pass adds the
//! imports that this takes. If an item of the file has the same name, the name gets its full path instead: the
//! printers write the item as a raw identifier, `r#Option`, and this pass takes the mark away.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use quote::quote;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, ExprPath, File, Ident, Item, Path, PathSegment, Token, TypePath, UseTree};

use super::known::{Known, MODULES, Module, is_known, is_prelude};
use super::order;
use super::pieces::ident;

/// Says where the known names of a file come from.
pub(super) fn add(file: &mut File, known: &'static Known) {
    let own = own(file);
    let mut resolver = Resolver { known, own: &own, imported: BTreeMap::new() };
    resolver.visit_file_mut(file);
    let mut modules: BTreeMap<Module, Vec<&str>> = BTreeMap::new();
    for (name, module) in resolver.imported {
        modules.entry(module).or_default().push(name);
    }
    if !own.is_empty() {
        Unmarker.visit_file_mut(file);
    }
    let imports = modules.into_iter().filter_map(|(module, names)| import(module, names));
    file.items.splice(0..0, imports.collect::<Vec<_>>());
}

fn import(module: Module, mut names: Vec<&str>) -> Option<Item> {
    let module = module.iter().map(|name| ident(name));
    names.sort_by(|a, b| order::by_version(a, b));
    let one = names.len() == 1;
    let names = names.into_iter().map(ident);
    let names = if one { quote!(#(#names)*) } else { quote!({#(#names),*}) };
    syn::parse2(quote!(use #(#module::)* #names;)).ok()
}

/// The known names that a file's own items have.
fn own(file: &File) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    let mut add = |item: &Ident| {
        let name = item.unraw().to_string();
        if is_known(&name) {
            own.insert(name);
        }
    };
    for item in &file.items {
        match item {
            Item::Const(it) => add(&it.ident),
            Item::Enum(it) => add(&it.ident),
            Item::Fn(it) => add(&it.sig.ident),
            Item::Mod(it) => add(&it.ident),
            Item::Struct(it) => add(&it.ident),
            Item::Type(it) => add(&it.ident),
            Item::Use(it) => used(&it.tree, &mut add),
            _ => {}
        }
    }
    own
}

/// The names that a `use` brings in.
pub(super) fn used(tree: &UseTree, add: &mut impl FnMut(&Ident)) {
    match tree {
        UseTree::Path(it) => used(&it.tree, add),
        UseTree::Name(it) => add(&it.ident),
        UseTree::Rename(it) => add(&it.rename),
        UseTree::Group(it) => it.items.iter().for_each(|it| used(it, add)),
        _ => {}
    }
}

struct Resolver<'a> {
    known: &'static Known,
    own: &'a BTreeSet<String>,
    /// The imported names, each with its module.
    imported: BTreeMap<&'static str, Module>,
}

impl Resolver<'_> {
    /// Imports a path's first name or puts its module before it, and says by how many segments the path grew.
    fn resolve(&mut self, path: &mut Path) -> usize {
        let Some(first) = path.segments.first() else { return 0 };
        let Some((&name, &module)) = self.known.get_key_value(first.ident.to_string().as_str())
        else {
            return 0;
        };
        // A module's name that stands alone is a variable's.
        if path.segments.len() == 1 && MODULES.contains(&name) {
            return 0;
        }
        if !self.own.contains(name) {
            if !is_prelude(module) {
                self.imported.insert(name, module);
            }
            return 0;
        }
        path.leading_colon = is_prelude(module).then(<Token![::]>::default);
        let before =
            module.iter().map(|name| PathSegment::from(Ident::new(name, Span::call_site())));
        path.segments = before.chain(std::mem::take(&mut path.segments)).collect();
        module.len()
    }
}

impl VisitMut for Resolver<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        self.resolve(path);
    }

    // `<X as Trait>::NAME` knows how many of the path's segments are the trait's.
    fn visit_expr_path_mut(&mut self, expression: &mut ExprPath) {
        match &mut expression.qself {
            Some(qself) => {
                self.visit_type_mut(&mut qself.ty);
                qself.position += self.resolve(&mut expression.path);
            }
            None => visit_mut::visit_expr_path_mut(self, expression),
        }
    }

    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        match &mut ty.qself {
            Some(qself) => {
                self.visit_type_mut(&mut qself.ty);
                qself.position += self.resolve(&mut ty.path);
            }
            None => visit_mut::visit_type_path_mut(self, ty),
        }
    }

    // Attributes are many, and use no known name.
    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}
}

/// Takes the marks away.
struct Unmarker;

impl VisitMut for Unmarker {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        *ident = ident.unraw();
    }
}
