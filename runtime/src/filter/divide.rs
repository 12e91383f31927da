//! A filter with a long list of values, as several shorter ones.

use std::collections::HashMap;

use super::node::{Binary, Node};
use crate::literal::encode_query_value;

/// Filters that let the same rows through together, each of them other rows, and none longer than `most`
/// bytes in a URL; empty if the filter is short enough or has no list that can be divided.
///
/// Only the list of an `in` that every row must pass can be: a row has one value, so it is in one part.
pub(super) fn divided(filter: &Node, most: usize) -> Vec<String> {
    let mut out = Vec::new();
    divide(filter, most, &mut out);
    if out.len() > 1 { out } else { Vec::new() }
}

fn divide(filter: &Node, most: usize, out: &mut Vec<String>) {
    let text = filter.to_string();
    let length = encode_query_value(&text).len();
    if length > most {
        let values = longest(filter).unwrap_or_default();
        let groups = groups(values);
        if groups.len() > 1 {
            let size = groups.len().div_ceil(length.div_ceil(most)).min(groups.len() - 1);
            for part in groups.chunks(size) {
                let mut part = Some(part.concat());
                divide(&with(filter, values.len(), &mut part), most, out);
            }
            return;
        }
    }
    out.push(text);
}

/// The longest list of an `in` that every row must pass.
fn longest(node: &Node) -> Option<&[Node]> {
    match node {
        Node::In(_, values) if is_plain(values) => Some(values),
        Node::Binary(Binary::And, left, right) => {
            let lists = [longest(left), longest(right)];
            lists.into_iter().flatten().max_by_key(|list| list.len())
        }
        _ => None,
    }
}

/// What is computed from a row could be equal to several values of its list.
fn is_plain(values: &[Node]) -> bool {
    values.iter().all(|value| matches!(value, Node::Literal(_)))
}

/// The values, each once. Those that a PBX may take for equal stay together, else a row would come with
/// several parts.
fn groups(values: &[Node]) -> Vec<Vec<Node>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<Node>> = Vec::new();
    for value in values {
        let Node::Literal(text) = value else { continue };
        let mut folded = text.to_lowercase();
        folded.retain(|c| c != ' ');
        let place = *places.entry(folded).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) if group.iter().any(|it| matches!(it, Node::Literal(it) if it == text)) => {
            }
            Some(group) => group.push(value.clone()),
            None => groups.push(vec![value.clone()]),
        }
    }
    groups
}

/// The filter with `part` in place of its first list of that length.
fn with(node: &Node, length: usize, part: &mut Option<Vec<Node>>) -> Node {
    match node {
        Node::In(operand, values) if values.len() == length && is_plain(values) => {
            let values = part.take().unwrap_or_else(|| values.clone());
            Node::In(operand.clone(), values)
        }
        Node::Binary(Binary::And, left, right) => {
            let left = with(left, length, part);
            left.binary(Binary::And, with(right, length, part))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;
    use crate::test_entities::User;

    fn parts(filter: &Filter<User>, most: usize) -> Vec<String> {
        divided(&filter.node, most)
    }

    #[test]
    fn a_long_list_is_divided_and_loses_no_value() {
        let id = || crate::property::Property::<User, i32>::new("Id");
        let number = || crate::property::Property::<User, String>::new("Number");
        let filter = id().is_in(0..1000).and(number().ne("a/b"));
        let found = parts(&filter, 400);
        let mut ids = Vec::new();
        for part in &found {
            assert!(encode_query_value(part).len() <= 400, "{part}");
            let (list, rest) = part.strip_prefix("Id in (").unwrap().split_once(')').unwrap();
            assert_eq!(rest, " and Number ne 'a/b'");
            ids.extend(list.split(',').map(|id| id.parse::<i32>().unwrap()));
        }
        assert!(ids.iter().copied().eq(0..1000), "{found:?}");
        assert!(parts(&filter, 100_000).is_empty(), "it is short enough");
        // Of two lists both are divided if need be.
        let both = id().is_in(0..100).and(number().is_in((0..100).map(|it| it.to_string())));
        let found = parts(&both, 300);
        assert!(found.iter().all(|part| encode_query_value(part).len() <= 300), "{found:?}");
        let pairs = |part: &String| {
            let count = |list: &str| list.split(',').count();
            let mut lists = part.split("in (").skip(1).map(|it| it.split(')').next().unwrap());
            count(lists.next().unwrap()) * count(lists.next().unwrap())
        };
        assert_eq!(found.iter().map(pairs).sum::<usize>(), 10_000);
    }

    #[test]
    fn values_that_may_be_equal_stay_in_one_part() {
        let number = crate::property::Property::<User, String>::new("Number");
        let filter = number.is_in(["a", "b", "A", "a", "c", "B", "d", "a "]);
        let found = parts(&filter, 50);
        assert!(found.len() > 1, "{found:?}");
        for equal in [vec!["'a'", "'A'", "'a '"], vec!["'b'", "'B'"], vec!["'c'"], vec!["'d'"]] {
            let holds = |part: &&String| equal.iter().all(|value| part.matches(value).count() == 1);
            assert_eq!(found.iter().filter(holds).count(), 1, "{equal:?} in {found:?}");
        }
        let values = found.iter().map(|part| part.matches('\'').count() / 2).sum::<usize>();
        assert_eq!(values, 7, "each once: {found:?}");
    }

    #[test]
    fn a_list_that_a_row_may_miss_is_left_whole() {
        let id = || crate::property::Property::<User, i32>::new("Id");
        let rows = [
            id().is_in(0..100).or(id().gt(5)),
            !id().is_in(0..100),
            id().is_in((0..100).map(|it| id() + it)),
            id().is_in([i32::MAX; 100]),
            Filter::raw(id().is_in(0..100).to_string()),
        ];
        for filter in rows {
            assert!(parts(&filter, 50).is_empty(), "{filter}");
        }
    }
}
