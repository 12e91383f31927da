//! The surface of a generated client, and the verdict on two of them.
//!
//! The surface is every public type, field, variant, constant, method and trait with its types, as plain
//! text. It is read from the generated code. An item that is gone or changed breaks callers; an item
//! that is added does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use quote::ToTokens;
use serde::Serialize;
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, ItemStruct, UseTree, Visibility};

use crate::emit::Files;

/// The public items of a generated client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// Their signatures, by path.
    items: BTreeMap<String, Signature>,
    deprecated: BTreeSet<String>,
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
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    /// The path of the item that it is a part of.
    owner: Option<String>,
    text: String,
}

/// The verdict: what a change means for users of the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The part of the version that must change.
    pub level: Level,
    /// What breaks callers.
    pub breaking: Vec<Break>,
    /// How many items are new.
    pub added: usize,
    /// How many items are newly deprecated.
    pub deprecated: usize,
}

/// The part of a version that a change must change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// None: nothing changed for callers.
    None,
    /// The minor part: an item is new or deprecated.
    Minor,
    /// The major part: an item is gone or changed.
    Major,
}

impl Level {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// An item that is gone or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Its path: `resources::users::Users::get_by_number`.
    pub item: String,
    /// What it was.
    pub old: String,
    /// What it is; none if it is gone.
    pub new: Option<String>,
}

/// A line of a list in Markdown.
impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "- `{}`", self.item)?;
        match (self.old.as_str(), &self.new) {
            (old, Some(new)) => writeln!(f, ": `{old}` → `{new}`"),
            ("", None) => writeln!(f, " is gone"),
            (old, None) => writeln!(f, ": `{old}` is gone"),
        }
    }
}

impl Verdict {
    /// The verdict in words.
    pub fn summary(&self) -> String {
        let Self { level, breaking, added, deprecated } = self;
        match level {
            Level::None => "**none**, it stays as it is".to_owned(),
            Level::Minor => format!("**minor**, {added} items are new, {deprecated} deprecated"),
            Level::Major => format!(
                "**major**, {} items are gone or changed, {added} new, {deprecated} deprecated",
                breaking.len()
            ),
        }
    }
}

/// Compares two surfaces.
pub fn compare(old: &Surface, new: &Surface) -> Verdict {
    let gone = |path: &String| old.items.contains_key(path) && !new.items.contains_key(path);
    let mut breaking = Vec::new();
    for (path, was) in &old.items {
        let is = new.items.get(path);
        let was_called = new.present(path, &was.text);
        // The parts of an item that is gone are not listed.
        if is.is_some_and(|is| is.text == was_called) || was.owner.as_ref().is_some_and(gone) {
            continue;
        }
        let (old, new) = (was.text.clone(), is.map(|is| is.text.clone()));
        breaking.push(Break { item: path.clone(), old, new });
    }
    // A field stands for its constant and its setter.
    let fields = breaking.iter().filter(|it| it.item.contains('.'));
    let fields: BTreeSet<String> =
        fields.map(|it| it.item.replace('.', "::").to_ascii_lowercase()).collect();
    let is_said = |item: &str| !item.contains('.') && fields.contains(&item.to_ascii_lowercase());
    breaking.retain(|it| !is_said(&it.item));
    let added = new.items.keys().filter(|path| !old.items.contains_key(*path)).count();
    let deprecated = new.deprecated.difference(&old.deprecated).count();
    let level = match (breaking.is_empty(), added + deprecated) {
        (false, _) => Level::Major,
        (true, 0) => Level::None,
        (true, _) => Level::Minor,
    };
    Verdict { level, breaking, added, deprecated }
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
            Item::Type(item) if is_public(&item.vis) => {
                self.add(format!("{module}::{}", item.ident), None, text(&item.ty), &item.attrs);
            }
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
                // `entity_serde!(User);` implements serde's traits.
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
        self.aliases.push(Alias { module: module.to_owned(), alias, of: (of, name) });
    }

    /// Adds every item under its other names.
    fn resolve(&mut self) {
        for Alias { module, alias, of: (of, name) } in &self.aliases {
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
    fn present(&self, path: &str, text: &str) -> String {
        let of_module = self.aliases.iter().filter(|it| path.contains(&format!("{}::", it.module)));
        of_module.filter(|it| it.module == it.of.0).fold(text.to_owned(), |text, it| {
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let words = text.split_inclusive(|c| !is_word(c));
            let words = words.map(|word| match word.strip_prefix(it.alias.as_str()) {
                Some(rest) if !rest.starts_with(is_word) => format!("{}{rest}", it.of.1),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_path_is_no_change() {
        let of = |text: &str| {
            let text = format!("pub struct A {{ pub at: {text} }}");
            read(&[("mod.rs".to_owned(), text)].into()).unwrap()
        };
        let verdict = compare(
            &of("Option<Vec<Page<String>>>"),
            &of(
                "::std::option::Option<::std::vec::Vec<crate::support::Page<::std::string::String>>>",
            ),
        );
        assert_eq!(verdict.breaking, []);
        assert_eq!(compare(&of("Option<String>"), &of("String")).level, Level::Major);
    }

    #[test]
    fn an_item_that_keeps_its_former_name_does_not_break() {
        let files = |things: &str, others: &str| {
            let root = "pub mod things; pub mod others;".to_owned();
            let files = [
                ("resources/mod.rs".to_owned(), root),
                ("resources/things.rs".to_owned(), things.to_owned()),
                ("resources/others.rs".to_owned(), others.to_owned()),
            ];
            read(&files.into()).unwrap()
        };
        const GET: &str = "pub struct Get { pub id: i32 } impl Operation for Get { type Output = (); } impl Request<Get> { pub fn at(self) -> Self {} }";
        let of = |name: &str| format!("impl H {{ pub fn get(&self) -> Request<{name}> {{}} }}");
        let was = files(&format!("{GET}{}", of("Get")), "");
        let renamed = GET.replace("Get", "GetThing");
        // What the module of the item has now, what the module beside it has, and whether callers break.
        let rows = [
            (format!("pub use super::others::Get; {}", of("Get")), GET.to_owned(), false),
            (of("Get"), GET.to_owned(), true),
            (
                format!("{renamed} pub use self::GetThing as Get; {}", of("GetThing")),
                String::new(),
                false,
            ),
            (format!("{renamed} {}", of("GetThing")), String::new(), true),
        ];
        for (things, others, breaks) in rows {
            let verdict = compare(&was, &files(&things, &others));
            assert_eq!(!verdict.breaking.is_empty(), breaks, "{things}: {:?}", verdict.breaking);
        }
    }
}
