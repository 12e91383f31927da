//! What a filter says, as a tree, and what it is for a row.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::api::{Primitive, Type};
use super::literal::Literal;
use super::moment::{Moment, duration};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Has,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

/// A part of a filter.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Compare(Box<Expression>, Operator, Box<Expression>),
    In(Box<Expression>, Vec<Expression>),
    Calculate(Box<Expression>, Arithmetic, Box<Expression>),
    Call(&'static str, Vec<Expression>),
    Literal(Data),
    /// The names of a path, with the type at its end; it starts at the row, or at a lambda's variable.
    Path(Option<String>, Vec<String>, Type),
    /// Whether any row, or each, of a list passes.
    Lambda {
        list: Box<Expression>,
        all: bool,
        variable: String,
        condition: Option<Box<Expression>>,
    },
}

/// A value, as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    /// A point in time, with its text.
    Moment(Moment, String),
    /// An array or an object.
    Json(Value),
}

impl From<Literal> for Data {
    fn from(literal: Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Boolean(it) => Self::Boolean(it),
            // Whole numbers of the API are below 2^53.
            #[allow(clippy::cast_precision_loss)]
            Literal::Integer(it) => Self::Number(it as f64),
            Literal::Decimal(it) => Self::Number(it),
            Literal::Moment(it) => Self::Moment(it, it.iso()),
            Literal::Text(it) | Literal::Guid(it) | Literal::Word(it) => Self::Text(it),
        }
    }
}

impl Data {
    /// A value of a row.
    fn of(value: &Value, ty: &Type) -> Self {
        match (value, ty) {
            (Value::Null, _) => Self::Null,
            (Value::Bool(it), _) => Self::Boolean(*it),
            (Value::Number(it), _) => Self::Number(it.as_f64().unwrap_or(f64::NAN)),
            (Value::String(it), Type::Primitive(Primitive::DateTimeOffset)) => {
                Moment::parse(it).map_or(Self::Null, |moment| Self::Moment(moment, it.clone()))
            }
            (Value::String(it), Type::Primitive(Primitive::Duration)) => {
                duration(it).map_or(Self::Null, Self::Number)
            }
            (Value::String(it), _) => Self::Text(it.clone()),
            (other, _) => Self::Json(other.clone()),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(Ordering::Equal),
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Number(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Moment(a, _), Self::Moment(b, _)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

/// A row, and the variables of the lambdas around.
pub(super) struct Place<'v> {
    row: &'v Map<String, Value>,
    variable: Option<(&'v str, &'v Value, &'v Place<'v>)>,
}

impl<'v> Place<'v> {
    pub(super) fn of(row: &'v Map<String, Value>) -> Self {
        Self { row, variable: None }
    }

    fn variable(&self, name: &str) -> Option<&'v Value> {
        let (known, value, outer) = self.variable?;
        if known == name { Some(value) } else { outer.variable(name) }
    }
}

impl Expression {
    /// Whether a row passes. An absent property is null.
    pub(super) fn passes(&self, place: &Place<'_>) -> bool {
        self.data(place) == Data::Boolean(true)
    }

    pub(super) fn data(&self, place: &Place<'_>) -> Data {
        match self {
            Self::And(left, right) => Data::Boolean(left.passes(place) && right.passes(place)),
            Self::Or(left, right) => Data::Boolean(left.passes(place) || right.passes(place)),
            Self::Not(inner) => Data::Boolean(!inner.passes(place)),
            Self::Compare(left, operator, right) => {
                Data::Boolean(compare(&left.data(place), *operator, &right.data(place)))
            }
            Self::In(value, list) => {
                let value = value.data(place);
                let mut list = list.iter();
                Data::Boolean(list.any(|it| compare(&value, Operator::Eq, &it.data(place))))
            }
            Self::Calculate(left, how, right) => {
                let numbers = left.data(place).number().zip(right.data(place).number());
                numbers.map_or(Data::Null, |(a, b)| {
                    Data::Number(match how {
                        Arithmetic::Add => a + b,
                        Arithmetic::Sub => a - b,
                        Arithmetic::Mul => a * b,
                        Arithmetic::Div => a / b,
                        Arithmetic::Mod => a % b,
                    })
                })
            }
            Self::Call(name, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|it| it.data(place)).collect();
                call(name, &arguments).unwrap_or(Data::Null)
            }
            Self::Literal(data) => data.clone(),
            Self::Path(variable, names, ty) => {
                let mut names = names.iter();
                let start = match variable {
                    Some(variable) => place.variable(variable),
                    None => names.next().and_then(|name| place.row.get(name)),
                };
                let value = names.fold(start, |value, name| value?.get(name));
                value.map_or(Data::Null, |value| Data::of(value, ty))
            }
            Self::Lambda { list, all, variable, condition } => {
                let Data::Json(Value::Array(rows)) = list.data(place) else {
                    return Data::Boolean(*all);
                };
                let passes = |row: &Value| {
                    let variable = Some((variable.as_str(), row, place));
                    let inner = Place { row: place.row, variable };
                    condition.as_ref().is_none_or(|condition| condition.passes(&inner))
                };
                let mut rows = rows.iter();
                Data::Boolean(if *all { rows.all(passes) } else { rows.any(passes) })
            }
        }
    }
}

fn compare(left: &Data, operator: Operator, right: &Data) -> bool {
    let order = left.compare(right);
    let null = *left == Data::Null || *right == Data::Null;
    match operator {
        Operator::Eq => order == Some(Ordering::Equal),
        Operator::Ne => order != Some(Ordering::Equal),
        Operator::Gt => order == Some(Ordering::Greater),
        Operator::Lt => order == Some(Ordering::Less),
        Operator::Ge => order.is_some_and(Ordering::is_ge) && !null,
        Operator::Le => order.is_some_and(Ordering::is_le) && !null,
        Operator::Has => {
            let flags = |data: &Data| {
                let text = data.text().unwrap_or_default().to_owned();
                text.split(',').map(|it| it.trim().to_owned()).collect::<Vec<_>>()
            };
            let there = flags(left);
            !null && flags(right).iter().all(|flag| there.contains(flag))
        }
    }
}

/// What a function gives; none for null.
fn call(name: &str, arguments: &[Data]) -> Option<Data> {
    let [first, rest @ ..] = arguments else { return None };
    let part = || rest.first().and_then(Data::text);
    let count = |at: usize| rest.get(at).and_then(Data::number).map(index);
    let text = first.text();
    Some(match name {
        "contains" => Data::Boolean(text?.contains(part()?)),
        "startswith" => Data::Boolean(text?.starts_with(part()?)),
        "endswith" => Data::Boolean(text?.ends_with(part()?)),
        "tolower" => Data::Text(text?.to_lowercase()),
        "toupper" => Data::Text(text?.to_uppercase()),
        "trim" => Data::Text(text?.trim().to_owned()),
        "concat" => Data::Text(format!("{}{}", text?, part()?)),
        "length" => number(text?.chars().count()),
        "indexof" => match text?.find(part()?) {
            Some(at) => number(text?.get(..at)?.chars().count()),
            None => Data::Number(-1.0),
        },
        "substring" => {
            let length = if rest.len() > 1 { count(1)? } else { usize::MAX };
            Data::Text(text?.chars().skip(count(0)?).take(length).collect())
        }
        "round" => Data::Number(first.number()?.round()),
        "floor" => Data::Number(first.number()?.floor()),
        "ceiling" => Data::Number(first.number()?.ceil()),
        "totalseconds" => Data::Number(first.number()?),
        _ => part_of_time(name, first)?,
    })
}

/// A part of a date-time as it is written, in its own offset; or of a time of the day.
fn part_of_time(name: &str, data: &Data) -> Option<Data> {
    let (text, start) = match data {
        Data::Moment(_, text) => (text, 11),
        Data::Text(text) if text.contains('-') => (text, 11),
        Data::Text(text) => (text, 0),
        _ => return None,
    };
    let digits = |from: usize, to: usize| {
        text.get(from..to).and_then(|it| it.parse().ok()).map(Data::Number)
    };
    match name {
        "year" => digits(0, 4),
        "month" => digits(5, 7),
        "day" => digits(8, 10),
        "hour" => digits(start, start + 2),
        "minute" => digits(start + 3, start + 5),
        "second" => digits(start + 6, start + 8),
        "date" => Some(Data::Text(text.get(..10)?.to_owned())),
        "time" => Some(Data::Text(text.get(11..19)?.to_owned())),
        "fractionalseconds" => match data {
            Data::Moment(moment, _) => Some(Data::Number(f64::from(moment.nanos) / 1e9)),
            _ => None,
        },
        "totaloffsetminutes" => {
            let Some(at) = text.get(19..)?.find(['+', '-']) else { return Some(Data::Number(0.0)) };
            let zone = text.get(19 + at..)?;
            let minutes: f64 = zone.get(1..3)?.parse::<f64>().ok()? * 60.0
                + zone.get(4..6)?.parse::<f64>().ok()?;
            Some(Data::Number(if zone.starts_with('-') { -minutes } else { minutes }))
        }
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "texts are shorter than 2^53")]
fn number(count: usize) -> Data {
    Data::Number(count as f64)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is bounded before")]
fn index(number: f64) -> usize {
    number.clamp(0.0, 1e9) as usize
}
