//! What a module may name.

use super::tree::{Target, Tree, Use, is_below};

/// A rule for what modules name. Names are whole paths: `reqwest::Client` covers what is below it,
/// and `tokio` everything in that crate.
pub enum Rule<'a> {
    /// The name stands in these modules alone.
    Only {
        /// The name.
        name: &'a str,
        /// The modules.
        within: &'a [&'a str],
    },
    /// The module has none of these names.
    Never {
        /// The module.
        within: &'a str,
        /// The names.
        names: &'a [&'a str],
    },
    /// The module has no other names of crates and modules than these.
    Alone {
        /// The module.
        within: &'a str,
        /// The names.
        names: &'a [&'a str],
    },
}

/// Every name that breaks a rule, with its place; empty if none does.
pub fn check_rules(tree: &Tree, rules: &[Rule<'_>]) -> Vec<String> {
    let uses = tree.uses();
    let mut problems = Vec::new();
    for rule in rules {
        let modules = match rule {
            Rule::Only { within, .. } => within.to_vec(),
            Rule::Never { within, .. } | Rule::Alone { within, .. } => vec![*within],
        };
        for module in modules {
            if tree.below(module).next().is_none() {
                problems.push(format!("a rule speaks of `{module}`, but there is no such module"));
            }
        }
        // The first place of each name, and how many there are.
        let mut found: Vec<(String, String, usize)> = Vec::new();
        for it in &uses {
            let Some((name, why)) = breaks(tree, rule, it) else { continue };
            if let Some((_, _, count)) = found.iter_mut().find(|(known, _, _)| *known == name) {
                *count += 1;
                continue;
            }
            let written = it.written.segments.join("::");
            let place = format!("{}:{}: {written}", it.from.file, it.written.line);
            found.push((name, format!("{place}: {why}"), 1));
        }
        problems.extend(found.into_iter().map(|(_, text, count)| match count {
            1 => text,
            _ => format!("{text} ({count} places)"),
        }));
    }
    problems
}

/// The name that breaks the rule, and why.
fn breaks(tree: &Tree, rule: &Rule<'_>, it: &Use<'_>) -> Option<(String, String)> {
    let own = &it.from.name;
    let named = names(tree, it);
    let has = |name: &&str| named.iter().any(|named| is_below(named, name));
    match rule {
        Rule::Only { name, within } => {
            let here = within.iter().any(|module| is_below(own, module));
            let why = || format!("`{name}` is for `{}` alone", within.join("`, `"));
            (!here && has(name)).then(|| ((*name).to_owned(), why()))
        }
        Rule::Never { within, names } if is_below(own, within) => {
            let name = names.iter().find(|name| has(name))?;
            Some(((*name).to_owned(), format!("`{within}` must not name `{name}`")))
        }
        Rule::Alone { within, names } if is_below(own, within) => {
            let written = named.first()?;
            let known = names.iter().any(|known| is_below(written, known));
            let why = || format!("`{within}` may name `{}` alone", names.join("`, `"));
            let top: Vec<_> = written.split("::").take(2).collect();
            (!known).then(|| (top.join("::"), why()))
        }
        Rule::Never { .. } | Rule::Alone { .. } => None,
    }
}

/// What a path names, as whole paths: as it is written first, then what it leads to. None for
/// variables, generic parameters and what the module defines or imports.
fn names(tree: &Tree, it: &Use<'_>) -> Vec<String> {
    let segments = &it.written.segments;
    let first = segments.first().map_or("", String::as_str);
    match &it.target {
        // A re-export of another crate's item.
        Target::Outside(path) if first == "crate" => vec![segments.join("::"), path.join("::")],
        Target::Outside(path) => {
            // What is no import may be a variable or a type of the prelude.
            let is_crate = |first: &String| {
                first.starts_with(char::is_lowercase) && !PRIMITIVES.contains(&first.as_str())
            };
            let whole = it.is_import || it.written.outside || path.first().is_some_and(is_crate);
            if whole { vec![path.join("::")] } else { Vec::new() }
        }
        Target::Module(module) | Target::Item(module, _) => {
            let mut whole = vec!["crate".to_owned()];
            let own = Some(&tree.modules[*module].name).filter(|name| !name.is_empty());
            whole.extend(own.cloned());
            if let Target::Item(_, path) = &it.target {
                whole.extend(path.iter().cloned());
            }
            let whole = whole.join("::");
            match first {
                "crate" => vec![segments.join("::"), whole],
                "super" | "self" => vec![whole],
                _ => Vec::new(),
            }
        }
    }
}

/// Types whose functions are called by a path in lower case.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];
