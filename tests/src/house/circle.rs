//! Circles in a graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Who uses whom, each with the place where that is written first.
pub(super) type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, String>>;

/// The shortest circle through each node that stands in one, each circle once.
pub(super) fn circles<'a>(graph: &Graph<'a>) -> BTreeSet<Vec<&'a str>> {
    let mut found = BTreeSet::new();
    for start in graph.keys() {
        if let Some(mut circle) = shortest(graph, start) {
            // It begins with its first name, whichever node it was found from.
            let first = circle.iter().enumerate().min_by_key(|(_, name)| **name);
            let first = first.map_or(0, |(position, _)| position);
            circle.rotate_left(first);
            found.insert(circle);
        }
    }
    found
}

/// The shortest way from a node back to itself.
fn shortest<'a>(graph: &Graph<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for next in graph.get(node).into_iter().flat_map(BTreeMap::keys) {
            if *next == start {
                let mut way = vec![node];
                while let Some(before) = way.last().and_then(|last| came_from.get(last)) {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(next, node);
                open.push_back(next);
            }
        }
    }
    None
}

/// A circle as text: its way, and the place of each step on a line of its own.
pub(super) fn show(graph: &Graph<'_>, circle: &[&str]) -> String {
    let way: Vec<_> = circle.iter().chain(circle.first()).copied().collect();
    let mut text = way.join(" → ");
    for step in way.windows(2) {
        if let [from, to] = step
            && let Some(place) = graph.get(from).and_then(|it| it.get(to))
        {
            text += &format!("\n    {place}");
        }
    }
    text
}
