//! Reads the surface of a generated client from its files.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, ItemStruct, ItemType, UseTree, Visibility};

use crate::emit::Files;

/// The public items of a generated client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// Their signatures, by path.
    pub(super) items: BTreeMap<String, Signature>,
    pub(super) deprecated: BTreeSet<String>,
    /// Other names of items.
    aliases: Vec<Alias>,
}

/// Another name of an item: in its own module, or in the one beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alias {
    /// The module that has the alias.
    module: String,
    alias: String,
    /// The module and the name of the item.
    of: (String, String),
    /// Whether it is the alias of a type, whose name other modules write too.
    is_type: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    /// The path of the item that it is a part of.
    pub(super) owner: Option<String>,
    pub(super) text: String,
}

/// Reads the surface of a generated client.
pub fn read(files: &Files) -> syn::Result<Surface> {
    let mut parsed = BTreeMap::new();
    let mut public = BTreeSet::new();
    for (path, text) in files {
        let file = syn::parse_file(text)?;
        let folder = path.strip_suffix("mod.rs").unwrap_or_default();
        for item in &file.items {
            if let Item::Mod(module) = item
                && is_public(&module.vis)
            {
                public.insert(format!("{folder}{}.rs", module.ident));
            }
        }
        parsed.insert(path.as_str(), file);
    }
    let mut surface = Surface::default();
    for (path, file) in &parsed {
        let module = module_of(path, public.contains(*path));
        for item in &file.items {
            surface.item(&module, item);
        }
    }
    surface.resolve();
    Ok(surface)
}

/// The module in which callers find a file's items: the folder's module if the file's own is private.
fn module_of(path: &str, public: bool) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folder.replace('/', "::");
    match file.strip_suffix(".rs") {
        Some(name) if public => format!("{folder}::{name}"),
        _ => folder,
    }
}

impl Surface {
    fn add(&mut self, path: String, owner: Option<&str>, text: String, attributes: &[Attribute]) {
        if attributes.iter().any(|it| it.path().is_ident("deprecated")) {
            self.deprecated.insert(path.clone());
        }
        self.items.insert(path, Signature { owner: owner.map(str::to_owned), text });
    }

    fn item(&mut self, module: &str, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => self.structure(module, item),
            Item::Enum(item) if is_public(&item.vis) => {
                let path = format!("{module}::{}", item.ident);
                let open = if is_non_exhaustive(&item.attrs) { "open enum" } else { "enum" };
                self.add(path.clone(), None, open.to_owned(), &item.attrs);
                self.derives(&path, &item.attrs);
                for variant in &item.variants {
                    let of = text(&variant.fields);
                    self.add(format!("{path}::{}", variant.ident), Some(&path), of, &variant.attrs);
                }
            }
            Item::Type(item) if is_public(&item.vis) => self.type_alias(module, item),
            Item::Const(item) if is_public(&item.vis) => {
                self.add(format!("{module}::{}", item.ident), None, text(&item.ty), &item.attrs);
            }
            Item::Fn(item) if is_public(&item.vis) => {
                let path = format!("{module}::{}", item.sig.ident);
                self.add(path, None, text(&item.sig), &item.attrs);
            }
            Item::Impl(item) => self.implementation(module, item),
            Item::Use(item) if is_public(&item.vis) => self.alias(module, &item.tree),
            Item::Macro(item) => {
                // `entity_serde!(User);` implements serde's traits, `PartialEq` and `Debug`.
                let of = text(&item.mac.tokens);
                let path = format!("{}! for {module}::{of}", text(&item.mac.path));
                self.add(path, Some(&format!("{module}::{of}")), String::new(), &item.attrs);
            }
            _ => {}
        }
    }

    fn structure(&mut self, module: &str, item: &ItemStruct) {
        let path = format!("{module}::{}", item.ident);
        let fields: Vec<_> = item.fields.iter().collect();
        let public = fields.iter().all(|field| is_public(&field.vis));
        // A struct that callers can write as a literal changes with every field.
        let kind = match &item.fields {
            _ if is_non_exhaustive(&item.attrs) || !public => "struct".to_owned(),
            Fields::Unit => "struct;".to_owned(),
            _ => {
                let names = fields.iter().filter_map(|it| Some(it.ident.as_ref()?.to_string()));
                let mut names: Vec<String> = names.collect();
                names.sort();
                format!("struct {{ {} }}", names.join(", "))
            }
        };
        self.add(path.clone(), None, kind, &item.attrs);
        self.derives(&path, &item.attrs);
        for field in fields.into_iter().filter(|field| is_public(&field.vis)) {
            if let Some(name) = &field.ident {
                self.add(format!("{path}.{name}"), Some(&path), text(&field.ty), &field.attrs);
            }
        }
    }

    /// `pub type GrantType = LoginType;` of types of this module, or `pub type Count = i64;`.
    fn type_alias(&mut self, module: &str, item: &ItemType) {
        let (alias, of) = (item.ident.to_string(), text(&item.ty));
        self.add(format!("{module}::{alias}"), None, of.clone(), &item.attrs);
        let module = module.to_owned();
        self.aliases.push(Alias { module: module.clone(), alias, of: (module, of), is_type: true });
    }

    /// `pub use super::updates::GetUpdateDetails;`, or `… as …`.
    fn alias(&mut self, module: &str, tree: &UseTree) {
        let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        let UseTree::Path(first) = tree else { return };
        let (of, name) = match (first.ident.to_string().as_str(), &*first.tree) {
            ("self", name) => (module.to_owned(), name),
            ("super", UseTree::Path(it)) => (format!("{parent}::{}", it.ident), &*it.tree),
            _ => return,
        };
        let (name, alias) = match name {
            UseTree::Name(it) => (it.ident.to_string(), it.ident.to_string()),
            UseTree::Rename(it) => (it.ident.to_string(), it.rename.to_string()),
            _ => return,
        };
        let (module, is_type) = (module.to_owned(), false);
        self.aliases.push(Alias { module, alias, of: (of, name), is_type });
    }

    /// Adds every item under its other names.
    fn resolve(&mut self) {
        for Alias { module, alias, of: (of, name), .. } in &self.aliases {
            let (owner, of_alias) = (format!("{of}::{name}"), format!("{module}::{alias}"));
            let is_part = |path: &str, signature: &Signature| {
                path == owner || signature.owner.as_deref() == Some(&owner)
            };
            let parts: Vec<(String, Signature)> = self
                .items
                .iter()
                .filter(|(path, signature)| is_part(path, signature))
                .map(|(path, signature)| {
                    // `Request<GetUpdateDetails>` is the path of its methods.
                    let path = path.replace(&owner, &of_alias);
                    let inner = |module: &str, name: &str| format!("{module}::Request<{name}>");
                    let path = path.replace(&inner(of, name), &inner(module, alias));
                    let owner = signature.owner.as_ref().map(|_| of_alias.clone());
                    (path, Signature { owner, text: signature.text.clone() })
                })
                .collect();
            self.items.extend(parts);
        }
    }

    /// A former text of an item with the present names of the items in it.
    pub(super) fn present(&self, path: &str, text: &str) -> String {
        let is_here = |it: &&Alias| {
            it.is_type || (it.module == it.of.0 && path.contains(&format!("{}::", it.module)))
        };
        self.aliases.iter().filter(is_here).fold(text.to_owned(), |text, it| {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            // Other modules write a type with the name of its module before it.
            let module = if it.is_type { format!("{}::", it.module) } else { String::new() };
            let (alias, of) = (format!("{module}{}", it.alias), format!("{module}{}", it.of.1));
            let is_part = |c: char| is_word(c) || (it.is_type && c == ':');
            let words = text.split_inclusive(|c| !is_part(c));
            let words = words.map(|word| match word.strip_prefix(alias.as_str()) {
                Some(rest) if !rest.starts_with(is_part) => format!("{of}{rest}"),
                _ => word.to_owned(),
            });
            words.collect()
        })
    }

    fn derives(&mut self, path: &str, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|it| it.path().is_ident("derive")) {
            // A derive that isn't a list of paths does not compile.
            let _ = attribute.parse_nested_meta(|meta| {
                let name = format!("impl {} for {path}", text(&meta.path));
                self.add(name, Some(path), String::new(), &[]);
                Ok(())
            });
        }
    }

    fn implementation(&mut self, module: &str, item: &ItemImpl) {
        let of = text(&item.self_ty);
        let path = format!("{module}::{of}");
        // The type that the methods of `Request<ListUser>` are there for.
        let inner =
            of.split_once('<').map_or(of.as_str(), |(_, inner)| inner.trim_end_matches('>'));
        let owner = format!("{module}::{inner}");
        if let Some((of_trait, _)) = &item.trait_ {
            let types = item.items.iter().filter_map(|it| match it {
                ImplItem::Type(it) => Some(format!("{} = {}", it.ident, text(&it.ty))),
                _ => None,
            });
            let types: Vec<String> = types.collect();
            let name = of_trait.segments.last().map(text).unwrap_or_default();
            self.add(
                format!("impl {name} for {path}"),
                Some(&owner),
                types.join(", "),
                &item.attrs,
            );
            return;
        }
        for it in &item.items {
            match it {
                ImplItem::Fn(it) if is_public(&it.vis) => {
                    self.add(
                        format!("{path}::{}", it.sig.ident),
                        Some(&owner),
                        text(&it.sig),
                        &it.attrs,
                    );
                }
                ImplItem::Const(it) if is_public(&it.vis) => {
                    self.add(
                        format!("{path}::{}", it.ident),
                        Some(&owner),
                        text(&it.ty),
                        &it.attrs,
                    );
                }
                _ => {}
            }
        }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_non_exhaustive(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| it.path().is_ident("non_exhaustive"))
}

/// The modules whose names generated code imports, unless the file has an item of the same name.
const MODULES: &[&str] = &[
    "crate :: support :: ",
    ":: std :: boxed :: ",
    ":: std :: convert :: ",
    ":: std :: option :: ",
    ":: std :: string :: ",
    ":: std :: vec :: ",
];

/// Tokens as people write them.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    // A file that has an item of the same name writes a full path.
    for module in MODULES {
        text = text.replace(module, "");
    }
    for (spaced, written) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" > ", "> "),
        (" >", ">"),
        ("> ,", ">,"),
        (" ,", ","),
        (" : ", ": "),
        (",)", ")"),
        (",>", ">"),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("->", " -> "),
        ("  ", " "),
    ] {
        text = text.replace(spaced, written);
    }
    text.trim().to_owned()
}
