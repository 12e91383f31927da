//! The query options of a request, and what they do to rows.

use std::borrow::Borrow;
use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::api::Scope;
use super::expression::{Data, Expression, Place};
use super::filter;
use super::literal;
use super::reply::Reply;

pub(super) type Row = Map<String, Value>;

/// The options of a request, or of a property that is expanded.
#[derive(Debug, Default)]
pub(super) struct Options {
    select: Option<Vec<String>>,
    expand: Vec<(String, Options)>,
    filter: Option<Expression>,
    order: Vec<(Expression, bool)>,
    pub(super) top: Option<usize>,
    pub(super) skip: usize,
    pub(super) count: bool,
    search: Option<String>,
}

/// The properties in which `$search` looks.
const SEARCHED: [&str; 8] = [
    "Number",
    "Name",
    "FirstName",
    "LastName",
    "DisplayName",
    "EmailAddress",
    "CompanyName",
    "Email",
];

impl Options {
    /// Reads the options of a query; `cap` is the most that `$top` may be.
    pub(super) fn parse(query: &str, scope: Scope<'_>, cap: usize) -> Result<Self, Reply> {
        let pairs = literal::query(query).map_err(|problem| Reply::bad_query(&problem))?;
        let pairs = pairs.iter().filter(|(name, _)| name.starts_with('$'));
        let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_str()));
        Self::of(pairs, scope, cap).map_err(|problem| Reply::bad_query(&problem))
    }

    fn of<'q>(
        pairs: impl Iterator<Item = (&'q str, &'q str)>,
        scope: Scope<'_>,
        cap: usize,
    ) -> Result<Self, String> {
        let mut options = Self::default();
        let mut seen = Vec::new();
        for (name, value) in pairs {
            if seen.contains(&name) {
                return Err(format!("Query option '{name}' was specified more than once."));
            }
            options.set(name, value, scope, cap)?;
            seen.push(name);
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str, scope: Scope<'_>, cap: usize) -> Result<(), String> {
        let number = || {
            let problem = format!("Invalid value '{value}' for {name} query option found.");
            value.parse::<usize>().map_err(|_| problem)
        };
        match name {
            "$top" => {
                let top = number()?;
                if top > cap {
                    return Err(format!(
                        "The limit of '{cap}' for Top query has been exceeded. The value from the \
                         incoming request is '{top}'."
                    ));
                }
                self.top = Some(top);
            }
            "$skip" => self.skip = number()?,
            "$count" => {
                let problem = format!("Invalid value '{value}' for $count query option found.");
                self.count = value.parse().map_err(|_| problem)?;
            }
            "$search" => self.search = Some(value.trim_matches('"').to_lowercase()),
            "$filter" => self.filter = Some(filter::parse(value, scope)?),
            "$orderby" => {
                for part in split(value, ',') {
                    let (path, down) = match part.rsplit_once(' ') {
                        Some((path, "desc")) => (path, true),
                        Some((path, "asc")) => (path, false),
                        _ => (part, false),
                    };
                    self.order.push((filter::path(path.trim(), scope)?, down));
                }
            }
            "$select" => self.set_select(value, scope)?,
            "$expand" => self.set_expand(value, scope)?,
            _ => return Err(format!("The query parameter '{name}' is not supported.")),
        }
        Ok(())
    }

    fn set_select(&mut self, value: &str, scope: Scope<'_>) -> Result<(), String> {
        for part in split(value, ',') {
            // Of a path the whole property is shown.
            let (name, inner) = part.split_once('/').unwrap_or((part, ""));
            let property = scope.property(name);
            if name != "*" && property.is_none() {
                return Err(scope.entity.unknown(name));
            }
            if let Some(property) = property.filter(|_| !inner.is_empty()) {
                let within = scope.within(property).ok_or_else(|| scope.entity.unknown(part))?;
                filter::path(inner, within)?;
            }
            self.select.get_or_insert_default().push(name.to_owned());
        }
        Ok(())
    }

    fn set_expand(&mut self, value: &str, scope: Scope<'_>) -> Result<(), String> {
        for part in split(value, ',') {
            if part == "*" {
                let all = scope.entity.properties.iter().filter(|(_, it)| it.navigation);
                self.expand.extend(all.map(|(name, _)| (name.clone(), Self::default())));
                continue;
            }
            let (name, inner) = match part.split_once('(') {
                Some((name, inner)) => {
                    let inner = inner.strip_suffix(')').ok_or_else(|| {
                        format!("Found an unbalanced bracket expression in '{part}'.")
                    })?;
                    (name.trim(), inner)
                }
                None => (part, ""),
            };
            let behind = scope.behind(name).ok_or_else(|| scope.entity.unknown(name))?;
            let pairs = split(inner, ';').filter(|option| !option.is_empty());
            let pairs: Option<Vec<_>> = pairs.map(|option| option.split_once('=')).collect();
            let pairs =
                pairs.ok_or_else(|| format!("'{inner}' is not supported inside of $expand."))?;
            let options = Self::of(pairs.into_iter(), behind, usize::MAX)?;
            self.expand.push((name.to_owned(), options));
        }
        Ok(())
    }

    /// Whether every row is wanted in the order in which it is stored.
    pub(super) fn takes_all(&self) -> bool {
        self.filter.is_none() && self.search.is_none() && self.order.is_empty()
    }

    /// The rows that are wanted, in order.
    pub(super) fn choose<R: Borrow<Row>>(&self, mut rows: Vec<R>) -> Vec<R> {
        let passes = |filter: &Expression, row: &R| filter.passes(&Place::of(row.borrow()));
        rows.retain(|row| self.filter.as_ref().is_none_or(|filter| passes(filter, row)));
        if let Some(part) = &self.search {
            rows.retain(|row| {
                let row = row.borrow();
                let mut values = SEARCHED.iter().filter_map(|name| row.get(*name)?.as_str());
                values.any(|value| value.to_lowercase().contains(part))
            });
        }
        if self.order.is_empty() {
            return rows;
        }
        rows.sort_by(|left, right| {
            let places = [left, right].map(|row| Place::of(row.borrow()));
            let mut orders = self.order.iter().map(|(path, down)| {
                let [left, right] = places.each_ref().map(|place| path.data(place));
                let order = order(&left, &right);
                if *down { order.reverse() } else { order }
            });
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        rows
    }

    /// What is shown of a row.
    pub(super) fn show(&self, row: &Row, scope: Scope<'_>) -> Row {
        let mut shown = Row::new();
        for (name, value) in row {
            let Some(property) = scope.property(name) else {
                if scope.entity.open {
                    shown.insert(name.clone(), value.clone());
                }
                continue;
            };
            if property.navigation {
                continue;
            }
            let wanted = |select: &Vec<String>| select.iter().any(|it| it == name || it == "*");
            if self.select.as_ref().is_none_or(wanted) {
                if value.is_array() {
                    // Annotations of this kind are noise that readers have to skip.
                    shown.insert(format!("{name}@odata.type"), json!("#Collection(Pbx.Item)"));
                }
                shown.insert(name.clone(), value.clone());
            }
        }
        for (name, options) in &self.expand {
            let (Some(property), Some(behind)) = (scope.property(name), scope.behind(name)) else {
                continue;
            };
            let value = match row.get(name) {
                Some(Value::Array(rows)) => options.show_all(name, rows, behind, &mut shown),
                Some(Value::Object(row)) => Value::Object(options.show(row, behind)),
                _ if matches!(property.ty, super::api::Type::Collection(_)) => json!([]),
                _ => Value::Null,
            };
            shown.insert(name.clone(), value);
        }
        shown
    }

    /// What is shown of an expanded list.
    fn show_all(&self, name: &str, rows: &[Value], scope: Scope<'_>, shown: &mut Row) -> Value {
        let rows = self.choose(rows.iter().filter_map(Value::as_object).collect());
        if self.count {
            shown.insert(format!("{name}@odata.count"), json!(rows.len()));
        }
        let rows = rows.into_iter().skip(self.skip).take(self.top.unwrap_or(usize::MAX));
        rows.map(|row| Value::Object(self.show(row, scope))).collect()
    }
}

/// Null comes before everything.
fn order(left: &Data, right: &Data) -> Ordering {
    match (left, right) {
        (Data::Null, Data::Null) => Ordering::Equal,
        (Data::Null, _) => Ordering::Less,
        (_, Data::Null) => Ordering::Greater,
        (left, right) => left.compare(right).unwrap_or(Ordering::Equal),
    }
}

/// Splits at a mark that stands outside of parentheses and of strings.
fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let (mut depth, mut quoted) = (0_i32, false);
    text.split(move |it: char| {
        quoted ^= it == '\'';
        if !quoted {
            depth += i32::from(it == '(') - i32::from(it == ')');
        }
        !quoted && depth == 0 && it == mark
    })
    .map(str::trim)
}
