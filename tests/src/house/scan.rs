//! What one file says: its items, its imports and every path in it, outside of `#[cfg(test)]`.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, TraitItem, UseTree, Visibility};

/// A module as it is written, inline modules included.
#[derive(Default)]
pub(super) struct Scanned {
    /// Names of the items that the module defines, macros included.
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    pub(super) paths: Vec<Written>,
    /// `mod name { … }`
    pub(super) inline: Vec<(String, Scanned)>,
    /// `mod name;`, with the file of `#[path]` if there is one.
    pub(super) declared: Vec<(String, Option<String>)>,
}

/// One leaf of a `use`.
pub(super) struct Import {
    /// The name that it gives to the module; None for a `*`.
    pub(super) name: Option<String>,
    /// Whether others can import it from here: `pub use`, `pub(crate) use`.
    pub(super) reexport: bool,
    pub(super) written: Written,
}

/// A path as it is written.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    /// Whether it begins with `::`, so that its first segment is a crate.
    pub(super) outside: bool,
}

pub(super) fn scan(text: &str) -> Result<Scanned, String> {
    let file = syn::parse_file(text).map_err(|error| {
        format!("line {}: not Rust that `syn` reads: {error}", error.span().start().line)
    })?;
    let mut scanned = Scanned::default();
    file.items.iter().for_each(|item| scanned.visit_item(item));
    Ok(scanned)
}

fn line(span: Span) -> usize {
    span.start().line
}

/// Whether an item is there for tests alone: `#[cfg(test)]` and `#[cfg(all(test, …))]`.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else { return false };
        let text: String = list.tokens.to_string().split_whitespace().collect();
        text == "test" || text.starts_with("all(test,")
    })
}

/// Name and attributes of an item.
fn head(item: &Item) -> (Option<String>, &[Attribute]) {
    let (ident, attributes) = match item {
        Item::Const(it) => (Some(&it.ident), &it.attrs),
        Item::Enum(it) => (Some(&it.ident), &it.attrs),
        Item::ExternCrate(it) => (Some(&it.ident), &it.attrs),
        Item::Fn(it) => (Some(&it.sig.ident), &it.attrs),
        Item::Impl(it) => (None, &it.attrs),
        Item::Macro(it) => (it.ident.as_ref(), &it.attrs),
        Item::Mod(it) => (None, &it.attrs),
        Item::Static(it) => (Some(&it.ident), &it.attrs),
        Item::Struct(it) => (Some(&it.ident), &it.attrs),
        Item::Trait(it) => (Some(&it.ident), &it.attrs),
        Item::TraitAlias(it) => (Some(&it.ident), &it.attrs),
        Item::Type(it) => (Some(&it.ident), &it.attrs),
        Item::Union(it) => (Some(&it.ident), &it.attrs),
        Item::Use(it) => (None, &it.attrs),
        _ => return (None, &[]),
    };
    (ident.map(ToString::to_string), attributes)
}

impl<'ast> Visit<'ast> for Scanned {
    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attributes) = head(item);
        if is_test(attributes) {
            return;
        }
        self.items.extend(name);
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(it) => &it.attrs,
            ImplItem::Fn(it) => &it.attrs,
            ImplItem::Type(it) => &it.attrs,
            ImplItem::Macro(it) => &it.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let attributes: &[Attribute] = match item {
            TraitItem::Const(it) => &it.attrs,
            TraitItem::Fn(it) => &it.attrs,
            TraitItem::Type(it) => &it.attrs,
            TraitItem::Macro(it) => &it.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        let Some((_, items)) = &item.content else {
            let file = item.attrs.iter().find(|it| it.path().is_ident("path")).and_then(|it| {
                let value = &it.meta.require_name_value().ok()?.value;
                let syn::Expr::Lit(literal) = value else { return None };
                let syn::Lit::Str(text) = &literal.lit else { return None };
                Some(text.value())
            });
            self.declared.push((name, file));
            return;
        };
        let mut inside = Self::default();
        items.iter().for_each(|item| inside.visit_item(item));
        self.inline.push((name, inside));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let reexport = !matches!(item.vis, Visibility::Inherited);
        let start = Start { reexport, outside: item.leading_colon.is_some() };
        self.import(&start, &mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|it| it.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |it| line(it.ident.span()));
        self.paths.push(Written { segments, line, outside: path.leading_colon.is_some() });
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        // Code that a generator prints names what stands in another crate.
        let printed = item.path.segments.last().is_some_and(|it| it.ident == "quote");
        if !printed {
            self.tokens(item.tokens.clone());
        }
    }

    // What an attribute or `pub(in …)` names is no use of it.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// How a `use` begins.
struct Start {
    reexport: bool,
    outside: bool,
}

impl Scanned {
    fn import(&mut self, start: &Start, before: &mut Vec<String>, tree: &UseTree) {
        let (ident, name, span) = match tree {
            UseTree::Path(it) => {
                before.push(it.ident.to_string());
                self.import(start, before, &it.tree);
                before.pop();
                return;
            }
            UseTree::Group(it) => {
                it.items.iter().for_each(|tree| self.import(start, before, tree));
                return;
            }
            UseTree::Glob(it) => (None, None, it.star_token.span),
            UseTree::Name(it) => (Some(&it.ident), Some(&it.ident), it.ident.span()),
            UseTree::Rename(it) => (Some(&it.ident), Some(&it.rename), it.ident.span()),
        };
        let mut segments = before.clone();
        let mut name = name.map(ToString::to_string);
        // `use error::{self, Error}` gives the name `error`.
        match ident {
            Some(ident) if ident == "self" && !before.is_empty() => {
                name = name.filter(|name| name != "self").or_else(|| before.last().cloned());
            }
            Some(ident) => segments.push(ident.to_string()),
            None => {}
        }
        let written = Written { segments, line: line(span), outside: start.outside };
        self.imports.push(Import { name, reexport: start.reexport, written });
    }

    /// The paths among the tokens of a macro, which may be anything.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == wanted);
        let colons = |at: usize| is(at, ':') && is(at + 1, ':');
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    // A field, a method, a lifetime: no path begins here.
                    let inside = at > 0 && (is(at - 1, '.') || is(at - 1, '\''));
                    let outside = at > 1 && colons(at - 2);
                    let (mut segments, line) = (vec![ident.to_string()], line(ident.span()));
                    while let Some(TokenTree::Ident(next)) = tokens.get(at + 3)
                        && colons(at + 1)
                    {
                        segments.push(next.to_string());
                        at += 3;
                    }
                    if !inside {
                        self.paths.push(Written { segments, line, outside });
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}
