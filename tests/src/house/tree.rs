//! The modules of a crate, and what the paths in them lead to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::scan::{Import, Scanned, Written, scan};

/// The modules of a crate.
pub struct Tree {
    pub(super) modules: Vec<Module>,
}

pub(super) struct Module {
    /// `auth::session`; empty for the root.
    pub(super) name: String,
    /// The file below the crate's `src/`.
    pub(super) file: String,
    parent: usize,
    children: BTreeMap<String, usize>,
    items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    pub(super) paths: Vec<Written>,
}

/// A path that one module writes, and what it leads to.
pub(super) struct Use<'a> {
    pub(super) from: &'a Module,
    pub(super) written: &'a Written,
    pub(super) target: Target,
    /// The modules that it goes through, but the root.
    pub(super) passed: Vec<usize>,
    /// Whether it is a `use`.
    pub(super) is_import: bool,
    /// Whether it only hands on what a module below this one has.
    pub(super) hands_on: bool,
}

/// What a path leads to.
#[derive(Clone)]
pub(super) enum Target {
    /// A module.
    Module(usize),
    /// Something that a module of the crate defines.
    Item(usize, Vec<String>),
    /// Something of another crate, or nothing that the scan knows.
    Outside(Vec<String>),
}

impl Target {
    /// The module that it is or stands in.
    pub(super) fn module(&self) -> Option<usize> {
        match self {
            Self::Module(module) | Self::Item(module, _) => Some(*module),
            Self::Outside(_) => None,
        }
    }
}

impl Tree {
    /// Reads the crate whose `src/` this folder is.
    ///
    /// # Errors
    /// What could not be read, with its file.
    pub fn read(folder: &Path) -> Result<Self, String> {
        Self::build(&|file| std::fs::read_to_string(folder.join(file)).ok())
    }

    /// The same over a function that gives the text of a file, or None if there is no such file.
    ///
    /// # Errors
    /// What could not be read, with its file.
    pub fn build(text: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let root = ["lib.rs", "main.rs"].into_iter().find_map(|file| Some((file, text(file)?)));
        let Some((file, source)) = root else {
            return Err("there is neither a lib.rs nor a main.rs".to_owned());
        };
        let mut tree = Self { modules: Vec::new() };
        let scanned = scan(&source).map_err(|error| format!("{file}: {error}"))?;
        tree.add(text, Place { name: "", file, folder: "", parent: 0 }, scanned)?;
        Ok(tree)
    }

    /// Adds a module and those below it.
    fn add(
        &mut self,
        text: &dyn Fn(&str) -> Option<String>,
        place: Place<'_>,
        scanned: Scanned,
    ) -> Result<usize, String> {
        let own = self.modules.len();
        self.modules.push(Module {
            name: place.name.to_owned(),
            file: place.file.to_owned(),
            parent: place.parent,
            children: BTreeMap::new(),
            items: scanned.items,
            imports: scanned.imports,
            paths: scanned.paths,
        });
        let below = |name: &str| match place.name {
            "" => name.to_owned(),
            parent => format!("{parent}::{name}"),
        };
        for (child, scanned) in scanned.inline {
            let (name, folder) = (below(&child), format!("{}{child}/", place.folder));
            let inline = Place { name: &name, file: place.file, folder: &folder, parent: own };
            let number = self.add(text, inline, scanned)?;
            self.modules[own].children.insert(child, number);
        }
        for (child, path) in scanned.declared {
            let beside = place.file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let files = match path {
                Some(path) if beside.is_empty() => vec![path],
                Some(path) => vec![format!("{beside}/{path}")],
                None => {
                    let folder = place.folder;
                    vec![format!("{folder}{child}.rs"), format!("{folder}{child}/mod.rs")]
                }
            };
            let found = files.iter().find_map(|file| Some((file, text(file)?)));
            let Some((file, source)) = found else {
                return Err(format!("{}: `mod {child}` has no file", place.file));
            };
            let scanned = scan(&source).map_err(|error| format!("{file}: {error}"))?;
            let (name, folder) = (below(&child), format!("{}{child}/", place.folder));
            let place = Place { name: &name, file, folder: &folder, parent: own };
            let number = self.add(text, place, scanned)?;
            self.modules[own].children.insert(child, number);
        }
        Ok(own)
    }

    /// The modules at or below one of this name.
    pub(super) fn below<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Module> {
        self.modules.iter().filter(move |module| is_below(&module.name, name))
    }

    /// Every path of the crate: each import, and each place in the code that says more than the
    /// imports do.
    pub(super) fn uses(&self) -> Vec<Use<'_>> {
        let mut uses = Vec::new();
        for (number, module) in self.modules.iter().enumerate() {
            // Imported items, whose use in the code is the import's.
            let mut imported = BTreeSet::new();
            for import in &module.imports {
                let mut found = self.follow(number, module, &import.written);
                let below = found.target.module().map(|target| &self.modules[target].name);
                found.is_import = true;
                found.hands_on =
                    import.reexport && below.is_some_and(|name| is_below(name, &module.name));
                let by_own_path = import.written.segments.first().is_some_and(|it| it == "crate");
                let is_item = match found.target {
                    Target::Item(..) => true,
                    // A re-export of another crate's item.
                    Target::Outside(_) => by_own_path,
                    Target::Module(_) => false,
                };
                if !found.hands_on && is_item {
                    imported.extend(import.name.as_deref());
                }
                uses.push(found);
            }
            for written in &module.paths {
                let [first, rest @ ..] = written.segments.as_slice() else { continue };
                if imported.contains(first.as_str()) && !written.outside {
                    continue;
                }
                let found = self.follow(number, module, written);
                // One word alone is a variable as well, so it is no use of a module or a crate.
                if matches!(found.target, Target::Item(..)) || !rest.is_empty() {
                    uses.push(found);
                }
            }
        }
        uses
    }

    fn follow<'a>(&self, number: usize, from: &'a Module, written: &'a Written) -> Use<'a> {
        let mut walk = Walk { tree: self, passed: Vec::new(), open: Vec::new() };
        let target = if written.outside {
            Target::Outside(written.segments.clone())
        } else {
            walk.resolve(number, &written.segments)
        };
        let mut passed = walk.passed;
        passed.extend(target.module());
        passed.retain(|module| *module != 0 || target.module() == Some(0));
        Use { from, written, target, passed, is_import: false, hands_on: false }
    }
}

/// Where a module stands.
struct Place<'a> {
    name: &'a str,
    file: &'a str,
    /// The folder of the modules below it: `auth/`.
    folder: &'a str,
    parent: usize,
}

/// Whether a module is this one, or stands below it.
pub(super) fn is_below(module: &str, upper: &str) -> bool {
    let rest = module.strip_prefix(upper);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || upper.is_empty())
}

/// One path being followed.
struct Walk<'a> {
    tree: &'a Tree,
    passed: Vec<usize>,
    /// The names that are being looked up, so that imports in a circle end.
    open: Vec<(usize, String)>,
}

impl Walk<'_> {
    fn resolve(&mut self, from: usize, segments: &[String]) -> Target {
        let mut at = Target::Module(from);
        for (position, segment) in segments.iter().enumerate() {
            at = match (at, segment.as_str()) {
                (_, "crate") => Target::Module(0),
                (at, "self") if position == 0 => at,
                (Target::Module(module), "super") => {
                    Target::Module(self.tree.modules[module].parent)
                }
                (Target::Module(module), name) => {
                    if position > 0 {
                        self.passed.push(module);
                    }
                    match self.find(module, name) {
                        Some(found) => found,
                        // The first word is a crate, a generic parameter, a variable.
                        None if position == 0 => Target::Outside(vec![name.to_owned()]),
                        // A macro makes it, or it stands in another build.
                        None => Target::Item(module, vec![name.to_owned()]),
                    }
                }
                (Target::Item(module, mut path), name) => {
                    path.push(name.to_owned());
                    Target::Item(module, path)
                }
                (Target::Outside(mut path), name) => {
                    path.push(name.to_owned());
                    Target::Outside(path)
                }
            };
        }
        at
    }

    /// What a name means in a module.
    fn find(&mut self, module: usize, name: &str) -> Option<Target> {
        let found = &self.tree.modules[module];
        if let Some(child) = found.children.get(name) {
            return Some(Target::Module(*child));
        }
        if found.items.contains(name) {
            return Some(Target::Item(module, vec![name.to_owned()]));
        }
        let key = (module, name.to_owned());
        if self.open.contains(&key) {
            return None;
        }
        self.open.push(key);
        let mut target = None;
        for import in &found.imports {
            let segments = &import.written.segments;
            if import.name.as_deref() == Some(name) {
                target = Some(if import.written.outside {
                    Target::Outside(segments.clone())
                } else {
                    self.resolve(module, segments)
                });
            } else if import.name.is_none()
                && let Target::Module(all) = self.resolve(module, segments)
                && all != module
            {
                target = self.find(all, name);
            }
            if target.is_some() {
                break;
            }
        }
        self.open.pop();
        target
    }
}
