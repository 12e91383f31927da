//! `$filter` in the subset that programs use: comparisons, `and`, `or`, `not`, parentheses,
//! `contains`, `startswith` and `endswith`.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::literal::{Literal, literal};
use super::moment::Moment;
use super::shape::{Kind, Release, Shape};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

const OPERATORS: [(&str, Operator, &str); 6] = [
    ("eq", Operator::Eq, "Equal"),
    ("ne", Operator::Ne, "NotEqual"),
    ("gt", Operator::Gt, "GreaterThan"),
    ("ge", Operator::Ge, "GreaterThanOrEqual"),
    ("lt", Operator::Lt, "LessThan"),
    ("le", Operator::Le, "LessThanOrEqual"),
];

/// A test of text: the text of a property, the text that is looked for.
type TextTest = fn(&str, &str) -> bool;

const FUNCTIONS: [(&str, TextTest); 3] = [
    ("contains", |text, part| text.contains(part)),
    ("startswith", |text, part| text.starts_with(part)),
    ("endswith", |text, part| text.ends_with(part)),
];

#[derive(Clone, Debug)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(String, Operator, Literal),
    Text(TextTest, String, String),
    /// A boolean property by itself.
    True(String),
}

impl Filter {
    /// Reads a filter over a type, or says what is wrong with it.
    pub(super) fn parse(text: &str, shape: &Shape, release: &Release) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim(), shape, release };
        let filter = reader.or()?;
        if reader.rest.is_empty() { Ok(filter) } else { Err(reader.syntax()) }
    }

    /// Whether a row passes. An absent property is null.
    pub(super) fn passes(&self, row: &Map<String, Value>) -> bool {
        match self {
            Self::And(left, right) => left.passes(row) && right.passes(row),
            Self::Or(left, right) => left.passes(row) || right.passes(row),
            Self::Not(inner) => !inner.passes(row),
            Self::True(property) => row.get(property) == Some(&Value::Bool(true)),
            Self::Text(test, property, part) => {
                row.get(property).and_then(Value::as_str).is_some_and(|text| test(text, part))
            }
            Self::Compare(property, operator, literal) => {
                let order = compare(row.get(property).unwrap_or(&Value::Null), literal);
                match operator {
                    Operator::Eq => order == Some(Ordering::Equal),
                    Operator::Ne => order != Some(Ordering::Equal),
                    Operator::Gt => order == Some(Ordering::Greater),
                    Operator::Lt => order == Some(Ordering::Less),
                    Operator::Ge => order.is_some_and(Ordering::is_ge) && *literal != Literal::Null,
                    Operator::Le => order.is_some_and(Ordering::is_le) && *literal != Literal::Null,
                }
            }
        }
    }
}

/// How a value stands to a literal; none if they can't be compared.
fn compare(value: &Value, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::Bool(value), Literal::Boolean(wanted)) => Some(value.cmp(wanted)),
        (Value::Number(value), Literal::Integer(wanted)) => Some(value.as_i64()?.cmp(wanted)),
        (Value::Number(value), Literal::Decimal(wanted)) => value.as_f64()?.partial_cmp(wanted),
        (Value::String(value), Literal::Text(wanted)) => Some(value.cmp(wanted)),
        (Value::String(value), Literal::Moment(wanted)) => Some(Moment::parse(value)?.cmp(wanted)),
        _ => None,
    }
}

struct Reader<'t> {
    rest: &'t str,
    shape: &'t Shape,
    release: &'t Release,
}

impl<'t> Reader<'t> {
    fn syntax(&self) -> String {
        format!("Syntax error at '{}' in the filter.", self.rest)
    }

    /// Takes a word if it comes next, with the space that must follow it.
    fn takes(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(after) if after.starts_with([' ', '(']) => {
                self.rest = after.trim_start();
                true
            }
            _ => false,
        }
    }

    fn mark(&mut self, mark: char) -> Result<(), String> {
        self.rest = self.rest.strip_prefix(mark).ok_or_else(|| self.syntax())?.trim_start();
        Ok(())
    }

    fn or(&mut self) -> Result<Filter, String> {
        let mut filter = self.and()?;
        while self.takes("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.and()?));
        }
        Ok(filter)
    }

    fn and(&mut self) -> Result<Filter, String> {
        let mut filter = self.single()?;
        while self.takes("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.single()?));
        }
        Ok(filter)
    }

    fn single(&mut self) -> Result<Filter, String> {
        if self.takes("not") {
            return Ok(Filter::Not(Box::new(self.single()?)));
        }
        if self.rest.starts_with('(') {
            self.mark('(')?;
            let filter = self.or()?;
            self.mark(')')?;
            return Ok(filter);
        }
        for (name, test) in FUNCTIONS {
            if self.rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')) {
                self.rest = &self.rest[name.len()..];
                return self.call(test);
            }
        }
        let (property, kind) = self.property()?;
        let found = OPERATORS.into_iter().find(|(word, ..)| self.takes(word));
        let Some((_, operator, name)) = found else {
            return match kind {
                Kind::Boolean => Ok(Filter::True(property)),
                _ => Err(self.syntax()),
            };
        };
        let value = self.literal()?;
        if kind.takes(&value) {
            return Ok(Filter::Compare(property, operator, value));
        }
        Err(match &value {
            Literal::Word(word) => self.shape.unknown(word),
            value => format!(
                "A binary operator with incompatible types was detected. Found operand types '{}' \
                 and '{}' for operator kind '{name}'.",
                kind.edm(),
                value.edm()
            ),
        })
    }

    fn call(&mut self, test: TextTest) -> Result<Filter, String> {
        self.mark('(')?;
        let (property, kind) = self.property()?;
        self.mark(',')?;
        let value = self.literal()?;
        self.mark(')')?;
        match (kind, value) {
            (Kind::Text, Literal::Text(part)) => Ok(Filter::Text(test, property, part)),
            _ => Err("No function signature for the function matches the specified arguments."
                .to_owned()),
        }
    }

    fn property(&mut self) -> Result<(String, Kind), String> {
        let end = self.rest.find([' ', ',', ')', '(']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.syntax());
        }
        let kind = self.shape.kind(name, self.release).ok_or_else(|| self.shape.unknown(name))?;
        self.rest = rest.trim_start();
        Ok((name.to_owned(), kind))
    }

    fn literal(&mut self) -> Result<Literal, String> {
        let (value, rest) = literal(self.rest)?;
        self.rest = rest.trim_start();
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::shape::{RECORDING, USER};

    #[test]
    fn a_filter_is_judged_on_a_row_or_refused() {
        let row = json!({
            "Id": 12, "Number": "101", "FirstName": "O'Brien (x)", "Enabled": true, "Internal": false,
        });
        for (text, wanted) in [
            ("Number eq '101'", Some(true)),
            ("Number ne '101'", Some(false)),
            ("Number gt '100' and Number lt '102'", Some(true)),
            ("Id ge 12 and Id le 12", Some(true)),
            ("Id gt 12 or Id lt 12", Some(false)),
            ("Id eq 12.5", Some(false)),
            ("Enabled eq true", Some(true)),
            ("Enabled", Some(true)),
            ("not Internal", Some(true)),
            ("not (Enabled eq true)", Some(false)),
            ("not(Enabled eq true)", Some(false)),
            ("Id eq 1 or Id eq 12 and Enabled eq false", Some(false)),
            ("(Id eq 1 or Id eq 12) and Enabled eq true", Some(true)),
            ("contains(FirstName,'''Bri')", Some(true)),
            ("contains(FirstName, '(x)')", Some(true)),
            ("startswith(Number,'1') and endswith(Number,'2')", Some(false)),
            ("Mobile eq null", Some(true)),
            ("Mobile ne null", Some(false)),
            ("Mobile ne 'x'", Some(true)),
            ("Mobile lt 'x'", Some(false)),
            ("Mobile le null", Some(false)),
            ("QueueStatus eq Pbx.QueueStatusType'LoggedIn'", Some(false)),
            ("Nope eq 1", None),
            ("ForbidRecording eq true", None),
            ("Number eq 101", None),
            ("Number eq abc", None),
            ("Id eq '12'", None),
            ("Number eq '101", None),
            ("Number eq '101' and", None),
            ("Number eq '101')", None),
            ("Number like '1'", None),
            ("contains(Id,'1')", None),
            ("contains(Number,1)", None),
            ("Number", None),
            ("", None),
        ] {
            let release = Release::parse("20.0.9").unwrap();
            let filter = Filter::parse(text, &USER, &release);
            let passes = filter.ok().map(|it| it.passes(row.as_object().unwrap()));
            assert_eq!(passes, wanted, "{text}");
        }
    }

    #[test]
    fn dates_are_compared_as_moments() {
        let row = json!({ "StartTime": "2026-02-01T00:00:00.5+02:00" });
        for (text, wanted) in [
            ("StartTime gt 2026-01-31T22:00:00Z", Some(true)),
            ("StartTime lt 2026-01-31T22:00:01Z", Some(true)),
            ("StartTime gt '2026-01-31T22:00:00Z'", None),
        ] {
            let release = Release::parse("20.0.9").unwrap();
            let filter = Filter::parse(text, &RECORDING, &release);
            let passes = filter.ok().map(|it| it.passes(row.as_object().unwrap()));
            assert_eq!(passes, wanted, "{text}");
        }
    }
}
