//! The query options of a request, and what they do to rows.

use std::borrow::Borrow;
use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::literal;
use super::moment::Moment;
use super::reply::Reply;
use super::shape::{Kind, Release, Shape};

pub(super) type Row = Map<String, Value>;

/// Which properties of a row are shown.
#[derive(Debug, Default)]
pub(super) struct Projection {
    select: Option<Vec<String>>,
    expand: Vec<(String, Projection)>,
}

/// The options of a request.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) projection: Projection,
    pub(super) filter: Option<Filter>,
    order: Vec<(String, Kind, bool)>,
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
    pub(super) fn parse(
        query: &str,
        shape: &'static Shape,
        release: &Release,
        cap: usize,
    ) -> Result<Self, Reply> {
        let mut options = Self::default();
        let mut seen = Vec::new();
        let pairs = literal::query(query).map_err(|problem| Reply::bad_query(&problem))?;
        for (name, value) in pairs {
            if name.starts_with('$') {
                if seen.contains(&name) {
                    let problem = format!("Query option '{name}' was specified more than once.");
                    return Err(Reply::bad_query(&problem));
                }
                options
                    .set(&name, &value, shape, release, cap)
                    .map_err(|problem| Reply::bad_query(&problem))?;
                seen.push(name);
            }
        }
        Ok(options)
    }

    fn set(
        &mut self,
        name: &str,
        value: &str,
        shape: &'static Shape,
        release: &Release,
        cap: usize,
    ) -> Result<(), String> {
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
            "$filter" => self.filter = Some(Filter::parse(value, shape, release)?),
            "$orderby" => {
                for part in value.split(',') {
                    let mut words = part.trim().split(' ').filter(|it| !it.is_empty());
                    let property = words.next().unwrap_or_default();
                    let kind =
                        shape.kind(property, release).ok_or_else(|| shape.unknown(property))?;
                    let down = match (words.next(), words.next()) {
                        (None | Some("asc"), None) => false,
                        (Some("desc"), None) => true,
                        _ => return Err(format!("Syntax error at '{part}' in the order.")),
                    };
                    self.order.push((property.to_owned(), kind, down));
                }
            }
            "$select" | "$expand" => self.projection.set(name, value, shape, release)?,
            _ => return Err(format!("The query parameter '{name}' is not supported.")),
        }
        Ok(())
    }

    /// Whether every row is wanted in the order in which it is stored.
    pub(super) fn takes_all(&self) -> bool {
        self.filter.is_none() && self.search.is_none() && self.order.is_empty()
    }

    /// The rows that are wanted, in order.
    pub(super) fn choose<R: Borrow<Row>>(&self, mut rows: Vec<R>) -> Vec<R> {
        let passes = |filter: &Filter, row: &R| filter.passes(row.borrow());
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
            let (left, right) = (left.borrow(), right.borrow());
            let mut orders = self.order.iter().map(|(property, kind, down)| {
                let order = compare(left.get(property), right.get(property), *kind);
                if *down { order.reverse() } else { order }
            });
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        rows
    }
}

/// Null comes before everything.
fn compare(left: Option<&Value>, right: Option<&Value>, kind: Kind) -> Ordering {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    match kind {
        Kind::Moment => {
            let moment = |value| text(value).and_then(|it| Moment::parse(&it));
            moment(left).cmp(&moment(right))
        }
        Kind::Integer => left.and_then(Value::as_i64).cmp(&right.and_then(Value::as_i64)),
        Kind::Boolean => left.and_then(Value::as_bool).cmp(&right.and_then(Value::as_bool)),
        Kind::Text | Kind::Complex => text(left).cmp(&text(right)),
    }
}

impl Projection {
    fn set(
        &mut self,
        name: &str,
        value: &str,
        shape: &'static Shape,
        release: &Release,
    ) -> Result<(), String> {
        for part in split(value, ',') {
            let (property, inner) = match part.split_once('(') {
                Some((property, inner)) => {
                    let inner = inner.strip_suffix(')').ok_or_else(|| {
                        format!("Found an unbalanced bracket expression in '{part}'.")
                    })?;
                    (property, inner)
                }
                None => (part, ""),
            };
            let behind = shape.behind(property);
            if name == "$expand" {
                let behind = behind.ok_or_else(|| shape.unknown(property))?;
                let mut projection = Self::default();
                for option in split(inner, ';').filter(|option| !option.is_empty()) {
                    match option.split_once('=') {
                        Some((name @ ("$select" | "$expand"), value)) => {
                            projection.set(name, value, behind, release)?;
                        }
                        _ => return Err(format!("'{option}' is not supported inside of $expand.")),
                    }
                }
                self.expand.push((property.to_owned(), projection));
            } else if property == "*" || behind.is_some() || shape.kind(property, release).is_some()
            {
                self.select.get_or_insert_default().push(property.to_owned());
            } else {
                return Err(shape.unknown(property));
            }
        }
        Ok(())
    }

    /// What is shown of a row.
    pub(super) fn show(&self, row: &Row, shape: &'static Shape, release: &Release) -> Row {
        let mut shown = Row::new();
        for (name, value) in row {
            let expanded = self.expand.iter().find(|(known, _)| known == name);
            if let Some(behind) = shape.behind(name) {
                if let Some((_, projection)) = expanded {
                    shown.insert(name.clone(), projection.show_all(value, behind, release));
                }
                continue;
            }
            let wanted = |select: &Vec<String>| select.iter().any(|it| it == name || it == "*");
            if shape.kind(name, release).is_some() && self.select.as_ref().is_none_or(wanted) {
                if value.is_array() {
                    // Annotations of this kind are noise that readers have to skip.
                    shown.insert(format!("{name}@odata.type"), json!("#Collection(Pbx.Item)"));
                }
                shown.insert(name.clone(), value.clone());
            }
        }
        for (name, _) in &self.expand {
            shown.entry(name.clone()).or_insert_with(|| json!([]));
        }
        shown
    }

    fn show_all(&self, value: &Value, shape: &'static Shape, release: &Release) -> Value {
        match value {
            Value::Array(rows) => {
                rows.iter().map(|row| self.show_all(row, shape, release)).collect()
            }
            Value::Object(row) => Value::Object(self.show(row, shape, release)),
            other => other.clone(),
        }
    }
}

/// Splits at a mark that stands outside of parentheses.
fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |it: char| {
        depth += i32::from(it == '(') - i32::from(it == ')');
        depth == 0 && it == mark
    })
    .map(str::trim)
}
