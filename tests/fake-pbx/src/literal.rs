//! Reads URLs: percent encoding, segments with their arguments, OData's literals.

use serde_json::{Value, json};

use super::api::{Primitive, Type};
use super::moment::Moment;

/// A value as it stands in a URL.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Boolean(bool),
    Integer(i64),
    Decimal(f64),
    Text(String),
    Moment(Moment),
    Guid(String),
    /// A bare word that is none of these.
    Word(String),
}

impl Literal {
    /// What a bare word is.
    pub(super) fn of_word(word: &str) -> Self {
        let guid = word.len() == 36
            && word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
            && word.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit());
        match word {
            "null" => Self::Null,
            "true" => Self::Boolean(true),
            "false" => Self::Boolean(false),
            _ if guid => Self::Guid(word.to_owned()),
            _ => {
                let numeric = word.starts_with(|it: char| it.is_ascii_digit() || it == '-');
                let integer = word.parse().ok().filter(|_| numeric).map(Self::Integer);
                let decimal = || word.parse().ok().filter(|_| numeric).map(Self::Decimal);
                let moment = || Moment::parse(word).map(Self::Moment);
                let found = integer.or_else(decimal).or_else(moment);
                found.unwrap_or_else(|| Self::Word(word.to_owned()))
            }
        }
    }

    /// Whether it is a value of a parameter's type.
    pub(super) fn fits(&self, ty: &Type) -> bool {
        use Primitive as P;
        match (self, ty) {
            (Self::Text(_), Type::Primitive(P::String) | Type::Named(_))
            | (Self::Boolean(_), Type::Primitive(P::Boolean))
            | (Self::Moment(_), Type::Primitive(P::DateTimeOffset))
            | (Self::Guid(_), Type::Primitive(P::Guid))
            | (Self::Decimal(_), Type::Primitive(P::Decimal | P::Single | P::Double))
            | (Self::Word(_), Type::Primitive(P::Date | P::TimeOfDay | P::Duration)) => true,
            (Self::Integer(it), Type::Primitive(P::Byte)) => u8::try_from(*it).is_ok(),
            (Self::Integer(it), Type::Primitive(P::Int32)) => i32::try_from(*it).is_ok(),
            (Self::Integer(_), Type::Primitive(P::Int64 | P::Decimal | P::Single | P::Double)) => {
                true
            }
            _ => false,
        }
    }

    /// As it stands in a row.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(it) => json!(it),
            Self::Integer(it) => json!(it),
            Self::Decimal(it) => json!(it),
            Self::Text(it) | Self::Guid(it) | Self::Word(it) => json!(it),
            Self::Moment(it) => json!(it.iso()),
        }
    }

    /// OData's name of the literal's type.
    pub(super) fn edm(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "Edm.Boolean",
            Self::Integer(it) if i32::try_from(*it).is_ok() => "Edm.Int32",
            Self::Integer(_) => "Edm.Int64",
            Self::Decimal(_) => "Edm.Double",
            Self::Text(_) => "Edm.String",
            Self::Moment(_) => "Edm.DateTimeOffset",
            Self::Guid(_) => "Edm.Guid",
            Self::Word(_) => "a word",
        }
    }

    pub(super) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

/// A part of a path: `Users`, `Users(12)`, `Pbx.GetByNumber(number='101')`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) name: String,
    /// Names and values; none if there are no parentheses.
    pub(super) arguments: Option<Vec<(Option<String>, Literal)>>,
}

/// Reads a path without its query. The split comes before the decoding, so that an encoded slash
/// stays part of its literal.
pub(super) fn path(text: &str) -> Result<Vec<Segment>, String> {
    text.trim_start_matches('/').split('/').map(|part| segment(&decode(part)?)).collect()
}

fn segment(text: &str) -> Result<Segment, String> {
    let Some((name, mut rest)) = text.split_once('(') else {
        return Ok(Segment { name: text.to_owned(), arguments: None });
    };
    let mut arguments = Vec::new();
    while rest != ")" {
        if !arguments.is_empty() {
            rest = rest.strip_prefix(',').ok_or_else(|| format!("`)` is missing in `{text}`"))?;
        }
        // A name ends at `=`; a literal holds none before its quote.
        let named = rest.find(['=', '\'', ',', ')']).filter(|at| rest[*at..].starts_with('='));
        let name = named.map(|at| rest[..at].to_owned());
        rest = named.map_or(rest, |at| &rest[at + 1..]);
        let (value, after) = literal(rest)?;
        arguments.push((name, value));
        rest = after;
    }
    Ok(Segment { name: name.to_owned(), arguments: Some(arguments) })
}

/// Reads the literal at the start of a decoded text; gives it and the rest.
pub(super) fn literal(text: &str) -> Result<(Literal, &str), String> {
    if let Some(inside) = text.strip_prefix('\'') {
        return quoted(inside).map(|(value, rest)| (Literal::Text(value), rest));
    }
    let end = text.find([',', ')', '(', ' ', '\'']).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if word.is_empty() {
        return Err(format!("a value is missing at `{text}`"));
    }
    // `Pbx.PeerType'Queue'` is the long form of an enumeration's value.
    match rest.strip_prefix('\'') {
        // So does `duration'PT1M'`, whose text is its value.
        Some(inside) if word.contains('.') || word == "duration" => {
            quoted(inside).map(|(value, rest)| (Literal::Text(value), rest))
        }
        Some(_) => Err(format!("a quote is out of place in `{text}`")),
        None => Ok((Literal::of_word(word), rest)),
    }
}

/// Reads on to the closing quote; a doubled one stands for one.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut value = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\'') {
        value += before;
        match after.strip_prefix('\'') {
            Some(after) => rest = after,
            None => return Ok((value, after)),
        }
        value.push('\'');
    }
    Err(format!("the closing quote is missing in `{text}`"))
}

/// Names and values of a query, decoded. A plus sign stays one: spaces are `%20`.
pub(super) fn query(text: &str) -> Result<Vec<(String, String)>, String> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Fields of an urlencoded form, where a plus sign is a space.
pub(super) fn form(text: &str) -> Result<Vec<(String, String)>, String> {
    query(&text.trim().replace('+', "%20"))
}

/// Percent-decodes.
pub(super) fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = if byte == b'%' {
            let mut digit = || rest.next().and_then(|it| char::from(it).to_digit(16));
            let both =
                digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
            both.ok_or_else(|| format!("`{text}` has a % that encodes nothing"))?
        } else {
            byte
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).map_err(|_| format!("`{text}` is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Literal {
        Literal::Text(value.to_owned())
    }

    #[test]
    fn literals_are_read() {
        let guid = "01234567-89ab-cdef-0123-456789abcdef";
        for (input, value, rest) in [
            ("'101')", Ok(text("101")), ")"),
            ("'')", Ok(text("")), ")"),
            ("'O''Brien',x", Ok(text("O'Brien")), ",x"),
            ("''''", Ok(text("'")), ""),
            ("'a,b)=c'", Ok(text("a,b)=c")), ""),
            ("Pbx.PeerType'Queue' and", Ok(text("Queue")), " and"),
            ("null)", Ok(Literal::Null), ")"),
            ("true", Ok(Literal::Boolean(true)), ""),
            ("-12,", Ok(Literal::Integer(-12)), ","),
            ("1.5", Ok(Literal::Decimal(1.5)), ""),
            (guid, Ok(Literal::Guid(guid.to_owned())), ""),
            ("2026-02-01T00:00:00Z)", Ok(Literal::Moment(Moment::at(1_769_904_000))), ")"),
            ("abc)", Ok(Literal::Word("abc".to_owned())), ")"),
            ("inf", Ok(Literal::Word("inf".to_owned())), ""),
            ("'abc", Err(()), ""),
            ("'a''", Err(()), ""),
            ("12'3'", Err(()), ""),
            (")", Err(()), ""),
        ] {
            match (literal(input), value) {
                (Ok(read), Ok(value)) => assert_eq!(read, (value, rest), "{input}"),
                (read, value) => assert_eq!(read.is_err(), value.is_err(), "{input}: {read:?}"),
            }
        }
    }

    #[test]
    fn paths_are_read() {
        let plain = |name: &str| Segment { name: name.to_owned(), arguments: None };
        let call = |name: &str, arguments: &[(&str, Literal)]| {
            let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
            let arguments = arguments.iter().map(|(name, value)| (named(name), value.clone()));
            Segment { name: name.to_owned(), arguments: Some(arguments.collect()) }
        };
        for (input, segments) in [
            ("/Users", Some(vec![plain("Users")])),
            (
                "/Users(12)/Groups",
                Some(vec![call("Users", &[("", Literal::Integer(12))]), plain("Groups")]),
            ),
            ("/Users(Number='1')", Some(vec![call("Users", &[("Number", text("1"))])])),
            ("/Users(%27a%2Fb%27)", Some(vec![call("Users", &[("", text("a/b"))])])),
            ("/T('a=b')", Some(vec![call("T", &[("", text("a=b"))])])),
            (
                "/F(a=1,b='x,y',c=true)",
                Some(vec![call(
                    "F",
                    &[
                        ("a", Literal::Integer(1)),
                        ("b", text("x,y")),
                        ("c", Literal::Boolean(true)),
                    ],
                )]),
            ),
            ("/X/Pbx.F()", Some(vec![plain("X"), call("Pbx.F", &[])])),
            ("/Users('a/b')", None),
            ("/Users('O'Brien')", None),
            ("/Users(12", None),
            ("/Users(12)x", None),
            ("/Users(a=,b=1)", None),
            ("/Users(%zz)", None),
        ] {
            assert_eq!(path(input).ok(), segments, "{input}");
        }
    }

    #[test]
    fn queries_and_forms_are_read() {
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(query("%24top=5"), Ok(pair("$top", "5")));
        assert_eq!(query("$orderby=Number+desc"), Ok(pair("$orderby", "Number+desc")));
        assert_eq!(query("$filter=Name%20eq%20%27%C3%B6%27"), Ok(pair("$filter", "Name eq 'ö'")));
        assert_eq!(form("a=b+c%2B"), Ok(pair("a", "b c+")));
        assert!(query("a=%C3").is_err());
    }
}
