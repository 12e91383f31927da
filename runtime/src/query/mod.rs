//! The query options of a request: what they hold, and the one place that writes them into the URL.

mod expand;
mod list;
mod order;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::literal::encode_query_value;
use crate::release::Releases;

pub use expand::{Expand, Related};
pub use list::{Expansion, Names, Ordering, Selection};
pub use order::OrderBy;

/// The query options gathered so far, unencoded.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct Query {
    pub(crate) filter: Option<String>,
    /// The same filter in parts, if it is too long for one request.
    pub(crate) divided: Vec<String>,
    pub(crate) search: Option<String>,
    pub select: Names,
    pub expand: Names,
    pub order_by: Names,
    pub top: Option<u32>,
    pub skip: Option<u64>,
    pub count: Option<bool>,
    /// What can't be written, in options inside of `$expand`.
    problem: Option<&'static str>,
}

impl Query {
    /// Every option that is set, with its value, in a fixed order.
    fn options(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        fn text(text: &Option<String>) -> Option<Cow<'_, str>> {
            text.as_deref().map(Cow::Borrowed)
        }
        let number = |number: Option<u64>| number.map(|it| Cow::Owned(it.to_string()));
        [
            ("$filter", text(&self.filter)),
            ("$search", text(&self.search)),
            ("$select", self.select.joined()),
            ("$expand", self.expand.joined()),
            ("$orderby", self.order_by.joined()),
            ("$top", number(self.top.map(u64::from))),
            ("$skip", number(self.skip)),
            ("$count", self.count.map(|it| Cow::Borrowed(if it { "true" } else { "false" }))),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// The first thing that was set and can't be written.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        self.problem.or(self.expand.problem())
    }

    /// The names of the options that are set.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.options().map(|(name, _)| name)
    }

    /// Appends `?…`, or nothing where no option is set.
    pub(crate) fn write(&self, target: &mut String) {
        for (index, (name, value)) in self.options().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(name);
            target.push('=');
            target.push_str(&encode_query_value(&value));
        }
    }

    /// The options that decide which rows there are.
    pub(crate) fn matching(self) -> Self {
        Self { filter: self.filter, search: self.search, problem: self.problem, ..Self::default() }
    }

    /// Sets the search inside of `$expand`. OData's common reader (Microsoft.OData.Core) looks there for
    /// the end of an option before it looks at phrases, so some texts would leave theirs.
    fn search_inside(&mut self, text: &str) {
        if text.contains(['(', ')', ';', '\'']) {
            self.problem = Some(
                "a text for `search` inside `expand` has one of `(`, `)`, `;`, `'`, with which it would not stay one text: leave them out, or use `filter`",
            );
        }
        self.search = search_text(text);
    }

    /// Orders by the key, and selects it too; `false` if something else orders already.
    pub(crate) fn order_by_key(&mut self, key: &'static str) -> bool {
        if !self.order_by.is_empty() {
            return false;
        }
        self.order_by.add(key);
        self.select_key(key);
        true
    }

    /// Adds the key to a `$select` that leaves it out.
    pub(crate) fn select_key(&mut self, key: &'static str) {
        let selected = self.select.names().any(|name| name == key || name == "*");
        if !self.select.is_empty() && !selected {
            self.select.add(key);
        }
    }

    /// The properties that are named and not known to every release.
    pub(crate) fn bounded(&self) -> Vec<(&'static str, Releases)> {
        [self.select.bounded(), self.expand.bounded()].concat()
    }

    /// The names that `$select` asks for.
    pub(crate) fn selected(&self) -> Selected {
        let names = self.select.names().map(Box::from);
        Selected((!self.select.is_empty()).then(|| names.collect()))
    }
}

/// The options as they stand inside of `$expand`: `$select=Id;$top=5`, not encoded yet.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.options().enumerate() {
            let separator = if index == 0 { "" } else { ";" };
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    }
}

/// A text that `$search` is to find: one plain word as it is, anything else as a phrase in quotes.
/// OData has no search for nothing, so there is none for an empty text.
pub(crate) fn search_text(text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let word = text.chars().all(char::is_alphanumeric);
    if word && !matches!(text, "AND" | "OR" | "NOT") {
        return Some(text.to_owned());
    }
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The names that `$select` asked for; `None` if the request had no `$select`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Selected(Option<Arc<[Box<str>]>>);

impl Selected {
    /// Whether the request asked for the property, or for a part of it.
    pub(crate) fn has(&self, name: &str) -> bool {
        let Some(names) = &self.0 else { return true };
        names.iter().any(|selected| {
            &**selected == "*" || selected.split('/').next().is_some_and(|first| first == name)
        })
    }
}

#[cfg(test)]
mod tests;
