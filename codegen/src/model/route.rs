//! Routes: what of a path is text, and what is a parameter.

use crate::problem::{At, Problem};

/// A route: text with the places of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// As the document writes it: `/Users({Id})/Pbx.Regenerate`.
    pub template: String,
    /// The template taken apart.
    pub parts: Vec<RoutePart>,
}

/// A piece of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutePart {
    /// Sent as it is.
    Text(String),
    /// The literal of the parameter with this name.
    Parameter(String),
}

impl Route {
    /// The segments of the path: `Users({Id})`, `Pbx.Regenerate`.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.template.split('/').filter(|segment| !segment.is_empty())
    }

    /// The name of the OData function or action at its end, without namespace and parameters.
    pub fn function(&self) -> Option<&str> {
        let last = self.segments().next_back()?;
        let name = last.split('(').next()?;
        name.strip_prefix("Pbx.").or((self.segments().count() == 1).then_some(name))
    }

    /// The names of the alternate key of its first segment: `Number` in `/Users(Number={Number})`.
    pub fn alternate_key(&self) -> Vec<&str> {
        let first = self.segments().next().unwrap_or_default();
        let arguments = first.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        arguments.split(',').filter_map(|one| Some(one.split_once('=')?.0)).collect()
    }
}

/// Splits a template into its parts. A placeholder stands for a whole OData literal within parentheses.
pub(super) fn parse(template: &str, at: &At<'_>) -> Result<Route, Problem> {
    let refused = |why: &str| at.problem(format!("`{template}` {why}"));
    let unbalanced = || refused("has a brace that is not closed or not opened; mend the path");
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or_else(unbalanced)?;
        if text.contains('}') || name.is_empty() || name.contains('{') {
            return Err(unbalanced());
        }
        if text.ends_with('\'') {
            return Err(refused(&format!(
                "has quotes around `{{{name}}}`; write the placeholder bare, because the client \
                 quotes strings itself"
            )));
        }
        if !text.ends_with(['(', '=', ',']) || !after.starts_with([')', ',']) {
            return Err(refused(&format!(
                "has `{{{name}}}` outside of parentheses; write a key as `({{{name}}})`, because \
                 the client knows no key-as-segment paths"
            )));
        }
        parts.push(RoutePart::Text(text.to_owned()));
        parts.push(RoutePart::Parameter(name.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err(unbalanced());
    }
    if !rest.is_empty() {
        parts.push(RoutePart::Text(rest.to_owned()));
    }
    Ok(Route { template: template.to_owned(), parts })
}
