//! The floors of a crate: a module uses modules of its own floor and of lower ones.

use std::collections::BTreeMap;

use super::circle::{Graph, circles, show};
use super::tree::{Module, Tree, Use, is_below};

/// The floors of a crate.
pub struct Floors<'a> {
    /// The lowest first, each with its modules: `transport`, or `auth::session` where a part of a
    /// module stands elsewhere than the rest. The crate's root stands above all.
    pub floors: &'a [&'a [&'a str]],
    /// Modules whose files may use each other in circles, since they mirror data that does.
    pub circular: &'a [&'a str],
}

/// Everything that is wrong with the floors of a crate; empty if nothing is.
pub fn floors(tree: &Tree, rules: &Floors<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    for name in rules.floors.iter().copied().flatten() {
        if tree.below(name).next().is_none() {
            problems.push(format!("`{name}` stands on a floor, but is no module"));
        }
    }
    for module in tree.modules.iter().filter(|module| !module.name.contains("::")) {
        if !module.name.is_empty() && rules.place(&module.name).is_none() {
            let (file, name) = (&module.file, &module.name);
            problems.push(format!("{file}: module `{name}` stands on no floor; give it one"));
        }
    }
    let uses = tree.uses();
    problems.extend(back_edges(tree, rules, &uses));
    problems.extend(circles_of_modules(tree, rules, &uses));
    problems.extend(circles_of_files(tree, rules, &uses));
    problems
}

impl Floors<'_> {
    /// The entry that a module belongs to, with its floor, counted from 1. The root has the highest.
    fn place(&self, module: &str) -> Option<(usize, &str)> {
        if module.is_empty() {
            return Some((self.floors.len() + 1, "the crate's root"));
        }
        let entries = self
            .floors
            .iter()
            .enumerate()
            .flat_map(|(number, floor)| floor.iter().map(move |name| (number + 1, *name)));
        entries.filter(|(_, name)| is_below(module, name)).max_by_key(|(_, name)| name.len())
    }
}

/// `auth/session.rs:12: crate::client::Client`
fn place(found: &Use<'_>) -> String {
    format!("{}:{}: {}", found.from.file, found.written.line, found.written.segments.join("::"))
}

fn back_edges(tree: &Tree, rules: &Floors<'_>, uses: &[Use<'_>]) -> Vec<String> {
    // One problem for each line and module that it reaches up to.
    let mut found = BTreeMap::new();
    for it in uses.iter().filter(|it| !it.hands_on) {
        let Some((own_floor, own)) = rules.place(&it.from.name) else { continue };
        for passed in &it.passed {
            let Some((floor, other)) = rules.place(&tree.modules[*passed].name) else { continue };
            if floor > own_floor {
                let key = (own_floor, &it.from.file, it.written.line, other);
                found.entry(key).or_insert_with(|| {
                    format!(
                        "{}: `{own}` (floor {own_floor}) uses `{other}` (floor {floor})",
                        place(it)
                    )
                });
            }
        }
    }
    found.into_values().collect()
}

/// Adds a step to a graph, if it is the first one between the two.
fn step<'a>(graph: &mut Graph<'a>, from: &'a str, to: &'a str, it: &Use<'_>) {
    if from != to {
        graph.entry(from).or_default().entry(to).or_insert_with(|| place(it));
    }
}

fn circles_of_modules(tree: &Tree, rules: &Floors<'_>, uses: &[Use<'_>]) -> Vec<String> {
    let mut problems = Vec::new();
    for floor in 1..=rules.floors.len() {
        let mut graph = Graph::new();
        for it in uses.iter().filter(|it| !it.hands_on) {
            for passed in &it.passed {
                if let Some((from_floor, from)) = rules.place(&it.from.name)
                    && let Some((to_floor, to)) = rules.place(&tree.modules[*passed].name)
                    && [from_floor, to_floor] == [floor, floor]
                {
                    step(&mut graph, from, to, it);
                }
            }
        }
        let found = circles(&graph);
        let found = found.iter().map(|circle| show(&graph, circle));
        problems.extend(found.map(|text| format!("a circle of modules on floor {floor}: {text}")));
    }
    problems
}

fn circles_of_files(tree: &Tree, rules: &Floors<'_>, uses: &[Use<'_>]) -> Vec<String> {
    let circular = |module: &Module| rules.circular.iter().any(|it| is_below(&module.name, it));
    let mut graph = Graph::new();
    for it in uses.iter().filter(|it| !it.hands_on) {
        let Some(target) = it.target.module().map(|target| &tree.modules[target]) else { continue };
        if !(circular(it.from) && circular(target)) {
            step(&mut graph, &it.from.file, &target.file, it);
        }
    }
    let found = circles(&graph);
    found.iter().map(|circle| format!("a circle of files: {}", show(&graph, circle))).collect()
}
