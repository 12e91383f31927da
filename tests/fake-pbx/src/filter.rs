//! Reads `$filter`: comparisons, `in`, `has`, `and`, `or`, `not`, arithmetic, functions, `any` and `all`.

use super::api::{Primitive, Scope, Type};
use super::expression::{Arithmetic, Data, Expression, Operator};
use super::literal::{Literal, literal};

const OPERATORS: [(&str, Operator, &str); 7] = [
    ("eq", Operator::Eq, "Equal"),
    ("ne", Operator::Ne, "NotEqual"),
    ("gt", Operator::Gt, "GreaterThan"),
    ("ge", Operator::Ge, "GreaterThanOrEqual"),
    ("lt", Operator::Lt, "LessThan"),
    ("le", Operator::Le, "LessThanOrEqual"),
    ("has", Operator::Has, "Has"),
];

const SUMS: [(&str, Arithmetic); 2] = [("add", Arithmetic::Add), ("sub", Arithmetic::Sub)];
const PRODUCTS: [(&str, Arithmetic); 4] = [
    ("mul", Arithmetic::Mul),
    ("divby", Arithmetic::Div),
    ("div", Arithmetic::Div),
    ("mod", Arithmetic::Mod),
];

/// What a part of a filter is, as far as it matters for what it may be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Number,
    Text,
    Moment,
    Date,
    Time,
    Duration,
    Guid,
    Enumeration(String),
    /// An object, or a list of these.
    Other(Type),
}

impl Kind {
    fn of(ty: &Type, scope: Scope<'_>) -> Self {
        use Primitive as P;
        match ty {
            Type::Primitive(primitive) => match primitive {
                P::Boolean => Self::Boolean,
                P::Byte | P::Int32 | P::Int64 | P::Decimal | P::Single | P::Double => Self::Number,
                P::String | P::Binary => Self::Text,
                P::DateTimeOffset => Self::Moment,
                P::Duration => Self::Duration,
                P::Date => Self::Date,
                P::TimeOfDay => Self::Time,
                P::Guid => Self::Guid,
            },
            Type::Named(name) if scope.api.enumerations.contains_key(name) => {
                Self::Enumeration(name.clone())
            }
            other => Self::Other(other.clone()),
        }
    }

    fn edm(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Boolean => "Edm.Boolean",
            Self::Number => "Edm.Int32",
            Self::Text => "Edm.String",
            Self::Moment => "Edm.DateTimeOffset",
            Self::Date => "Edm.Date",
            Self::Time => "Edm.TimeOfDay",
            Self::Duration => "Edm.Duration",
            Self::Guid => "Edm.Guid",
            Self::Enumeration(name) => name,
            Self::Other(_) => "Edm.Untyped",
        }
    }
}

/// The functions: how many arguments they take, of which kind the first is, and what they give.
const FUNCTIONS: [(&str, usize, Kind, Kind); 24] = [
    ("contains", 2, Kind::Text, Kind::Boolean),
    ("startswith", 2, Kind::Text, Kind::Boolean),
    ("endswith", 2, Kind::Text, Kind::Boolean),
    ("tolower", 1, Kind::Text, Kind::Text),
    ("toupper", 1, Kind::Text, Kind::Text),
    ("trim", 1, Kind::Text, Kind::Text),
    ("concat", 2, Kind::Text, Kind::Text),
    ("length", 1, Kind::Text, Kind::Number),
    ("indexof", 2, Kind::Text, Kind::Number),
    ("substring", 2, Kind::Text, Kind::Text),
    ("year", 1, Kind::Moment, Kind::Number),
    ("month", 1, Kind::Moment, Kind::Number),
    ("day", 1, Kind::Moment, Kind::Number),
    ("hour", 1, Kind::Moment, Kind::Number),
    ("minute", 1, Kind::Moment, Kind::Number),
    ("second", 1, Kind::Moment, Kind::Number),
    ("fractionalseconds", 1, Kind::Moment, Kind::Number),
    ("totaloffsetminutes", 1, Kind::Moment, Kind::Number),
    ("date", 1, Kind::Moment, Kind::Date),
    ("time", 1, Kind::Moment, Kind::Time),
    ("totalseconds", 1, Kind::Duration, Kind::Number),
    ("round", 1, Kind::Number, Kind::Number),
    ("floor", 1, Kind::Number, Kind::Number),
    ("ceiling", 1, Kind::Number, Kind::Number),
];

type Read = Result<(Expression, Kind), String>;

/// Reads a filter over a type, or says what is wrong with it.
pub(super) fn parse(text: &str, scope: Scope<'_>) -> Result<Expression, String> {
    let mut reader = Reader { rest: text.trim(), scope, variables: Vec::new() };
    let (filter, kind) = reader.or()?;
    match reader.rest.is_empty() && kind == Kind::Boolean {
        true => Ok(filter),
        false => Err(reader.syntax()),
    }
}

/// Reads a path over a type, as `$orderby` has it.
pub(super) fn path(text: &str, scope: Scope<'_>) -> Result<Expression, String> {
    let mut reader = Reader { rest: text, scope, variables: Vec::new() };
    let (path, _) = reader.sum()?;
    if reader.rest.is_empty() { Ok(path) } else { Err(reader.syntax()) }
}

struct Reader<'t> {
    rest: &'t str,
    scope: Scope<'t>,
    /// The variables of the lambdas around, with their types.
    variables: Vec<(String, Type)>,
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

    /// A part that must be a condition.
    fn condition(&self, (part, kind): (Expression, Kind)) -> Result<Box<Expression>, String> {
        if kind == Kind::Boolean { Ok(Box::new(part)) } else { Err(self.syntax()) }
    }

    fn or(&mut self) -> Read {
        let mut left = self.and()?;
        while self.takes("or") {
            let right = self.and()?;
            let both = Expression::Or(self.condition(left)?, self.condition(right)?);
            left = (both, Kind::Boolean);
        }
        Ok(left)
    }

    fn and(&mut self) -> Read {
        let mut left = self.not()?;
        while self.takes("and") {
            let right = self.not()?;
            let both = Expression::And(self.condition(left)?, self.condition(right)?);
            left = (both, Kind::Boolean);
        }
        Ok(left)
    }

    fn not(&mut self) -> Read {
        if self.takes("not") {
            let inner = self.not()?;
            return Ok((Expression::Not(self.condition(inner)?), Kind::Boolean));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Read {
        let (left, kind) = self.sum()?;
        if self.takes("in") {
            self.mark('(')?;
            let mut list = Vec::new();
            while !self.rest.starts_with(')') {
                if !list.is_empty() {
                    self.mark(',')?;
                }
                let (value, of) = self.sum()?;
                list.push(self.comparable(&kind, (value, of), "Equal")?);
            }
            self.mark(')')?;
            return Ok((Expression::In(Box::new(left), list), Kind::Boolean));
        }
        let found = OPERATORS.into_iter().find(|(word, ..)| self.takes(word));
        let Some((_, operator, name)) = found else { return Ok((left, kind)) };
        let right = self.sum()?;
        let right = Box::new(self.comparable(&kind, right, name)?);
        Ok((Expression::Compare(Box::new(left), operator, right), Kind::Boolean))
    }

    /// The right side of a comparison, if it can stand there.
    fn comparable(
        &self,
        left: &Kind,
        (right, kind): (Expression, Kind),
        name: &str,
    ) -> Result<Expression, String> {
        let of = |kind: &Kind| match kind {
            Kind::Enumeration(name) => self.scope.api.enumerations.get(name),
            _ => None,
        };
        let fits = match (left, &kind) {
            (Kind::Null, _) | (_, Kind::Null) => true,
            (Kind::Enumeration(_), Kind::Text) => {
                if let (Some(known), Expression::Literal(Data::Text(text))) = (of(left), &right)
                    && !known.has(text)
                {
                    return Err(format!(
                        "The string '{text}' is not a valid enumeration type constant."
                    ));
                }
                true
            }
            (Kind::Text, Kind::Enumeration(_)) => true,
            (Kind::Other(_), _) => false,
            (left, right) => left == right,
        };
        if fits {
            return Ok(right);
        }
        Err(format!(
            "A binary operator with incompatible types was detected. Found operand types '{}' and '{}' \
             for operator kind '{name}'.",
            left.edm(),
            kind.edm()
        ))
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        while let Some((_, how)) = SUMS.into_iter().find(|(word, _)| self.takes(word)) {
            let right = self.product()?;
            left = self.calculated(left, how, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Read {
        let mut left = self.primary()?;
        while let Some((_, how)) = PRODUCTS.into_iter().find(|(word, _)| self.takes(word)) {
            let right = self.primary()?;
            left = self.calculated(left, how, right)?;
        }
        Ok(left)
    }

    fn calculated(
        &self,
        (left, a): (Expression, Kind),
        how: Arithmetic,
        (right, b): (Expression, Kind),
    ) -> Read {
        match (a, b) {
            (Kind::Number, Kind::Number) => {
                let (left, right) = (Box::new(left), Box::new(right));
                Ok((Expression::Calculate(left, how, right), Kind::Number))
            }
            _ => Err(self.syntax()),
        }
    }

    fn primary(&mut self) -> Read {
        if self.rest.starts_with('(') {
            self.mark('(')?;
            let inner = self.or()?;
            self.mark(')')?;
            return Ok(inner);
        }
        if let Some(rest) = self.rest.strip_prefix('-')
            && !rest.starts_with(|it: char| it.is_ascii_digit())
        {
            self.rest = rest.trim_start();
            let zero = (Expression::Literal(Data::Number(0.0)), Kind::Number);
            let inner = self.primary()?;
            return self.calculated(zero, Arithmetic::Sub, inner);
        }
        for (name, count, first, result) in FUNCTIONS {
            if self.rest.strip_prefix(name).is_some_and(|rest| rest.starts_with('(')) {
                self.rest = &self.rest[name.len()..];
                return self.call(name, count, &first, result);
            }
        }
        let end = self.rest.find([' ', ',', ')', '(', '\'']).unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        let bare = !after.starts_with('\'');
        if bare && matches!(Literal::of_word(word), Literal::Word(_)) && !is_date_or_time(word) {
            return self.path(word);
        }
        let (value, rest) = literal(self.rest)?;
        let kind = match &value {
            Literal::Null => Kind::Null,
            Literal::Boolean(_) => Kind::Boolean,
            Literal::Integer(_) | Literal::Decimal(_) => Kind::Number,
            Literal::Moment(_) => Kind::Moment,
            Literal::Guid(_) => Kind::Guid,
            Literal::Word(word) if word.contains(':') => Kind::Time,
            Literal::Word(_) => Kind::Date,
            Literal::Text(text) if word == "duration" => {
                let seconds = super::moment::duration(text).ok_or_else(|| self.syntax())?;
                self.rest = rest.trim_start();
                return Ok((Expression::Literal(Data::Number(seconds)), Kind::Duration));
            }
            Literal::Text(_) => Kind::Text,
        };
        self.rest = rest.trim_start();
        Ok((Expression::Literal(value.into()), kind))
    }

    fn call(&mut self, name: &'static str, count: usize, first: &Kind, result: Kind) -> Read {
        self.mark('(')?;
        let (mut arguments, mut kinds) = (Vec::new(), Vec::new());
        while !self.rest.starts_with(')') {
            if !arguments.is_empty() {
                self.mark(',')?;
            }
            let (argument, kind) = self.sum()?;
            arguments.push(argument);
            kinds.push(kind);
        }
        self.mark(')')?;
        let is_count = arguments.len() == count || (name == "substring" && arguments.len() == 3);
        let rest = if name == "substring" { &Kind::Number } else { &Kind::Text };
        let of_time = matches!(name, "hour" | "minute" | "second");
        let fits = kinds.first().is_some_and(|it| it == first || (of_time && *it == Kind::Time));
        if is_count && fits && kinds.iter().skip(1).all(|kind| kind == rest) {
            return Ok((Expression::Call(name, arguments), result));
        }
        Err(format!(
            "No function signature for the function with name '{name}' matches the specified arguments."
        ))
    }

    /// A property, one behind others, or a lambda over a list.
    fn path(&mut self, word: &'t str) -> Read {
        if word.is_empty() {
            return Err(self.syntax());
        }
        let mut names = word.split('/').peekable();
        let variable = names
            .peek()
            .and_then(|first| self.variables.iter().rev().find(|(name, _)| name == first).cloned());
        let mut ty = match &variable {
            Some((_, ty)) => {
                names.next();
                ty.clone()
            }
            None => Type::Named(self.scope.entity.name.clone()),
        };
        let mut taken = Vec::new();
        let root = variable.map(|(name, _)| name);
        for name in names {
            let is_list = matches!(ty, Type::Collection(_));
            if let (true, "any" | "all") = (is_list, name) {
                self.rest = &self.rest[word.len()..];
                let list = Expression::Path(root, taken, ty.clone());
                return self.lambda(list, ty.element(), name == "all");
            }
            let Type::Named(of) = &ty else { return Err(self.syntax()) };
            let scope = self.scope.api.scope(of).ok_or_else(|| self.syntax())?;
            let property = scope.property(name).ok_or_else(|| scope.entity.unknown(name))?;
            ty = property.ty.clone();
            taken.push(name.to_owned());
        }
        self.rest = self.rest[word.len()..].trim_start();
        let kind = Kind::of(&ty, self.scope);
        Ok((Expression::Path(root, taken, ty), kind))
    }

    fn lambda(&mut self, list: Expression, element: &Type, all: bool) -> Read {
        self.mark('(')?;
        let list = Box::new(list);
        if !all && self.rest.starts_with(')') {
            self.mark(')')?;
            let lambda = Expression::Lambda { list, all, variable: String::new(), condition: None };
            return Ok((lambda, Kind::Boolean));
        }
        let (variable, rest) = self.rest.split_once(':').ok_or_else(|| self.syntax())?;
        let variable = variable.trim().to_owned();
        self.rest = rest.trim_start();
        self.variables.push((variable.clone(), element.clone()));
        let condition = self.or();
        self.variables.pop();
        let condition = Some(self.condition(condition?)?);
        self.mark(')')?;
        Ok((Expression::Lambda { list, all, variable, condition }, Kind::Boolean))
    }
}

/// Whether a bare word is `2026-02-01` or `08:00:00`.
fn is_date_or_time(word: &str) -> bool {
    let starts = |length: usize, mark: u8| {
        word.bytes().take(length).all(|it| it.is_ascii_digit())
            && word.as_bytes().get(length) == Some(&mark)
    };
    starts(4, b'-') || starts(2, b':')
}

#[cfg(test)]
mod tests;
