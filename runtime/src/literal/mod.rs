//! OData literals: the only place that quotes, doubles quotes and percent-encodes.
//!
//! A value is written in one of two forms. In a *path* (keys and function parameters) it is
//! percent-encoded as it is written: `Users(Number='O''Brien%2F1')`. As *text* (a filter's operand)
//! it is plain, and `encode_query_value` encodes the whole filter afterwards, its strings by the
//! same rule.

use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::edm::{Date, DateTimeOffset, Decimal, Double, Duration, Guid, Single, TimeOfDay};

/// What stays raw inside a string: the unreserved characters.
const STRING: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The same in a path, where the quote stays too: doubling has made it harmless.
const STRING_IN_PATH: &AsciiSet = &STRING.remove(b'\'');

/// What stays raw in a path outside of strings: also the delimiters, and the colon of a date. The
/// plus of an offset is encoded, as some servers take it for a space.
const BARE_IN_PATH: &AsciiSet =
    &STRING_IN_PATH.remove(b'(').remove(b')').remove(b',').remove(b'=').remove(b':');

/// What stays raw in the value of a query option outside of strings: the punctuation of OData's own
/// syntax that neither ends the value nor is rewritten on the way. The quote is encoded because URL
/// parsers do it anyway, and `;` because some servers end an option there.
const QUERY_VALUE: &AsciiSet = &STRING
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b'=')
    .remove(b'@');

/// Keeps [`Literal`] to the types that this crate knows how to write, and to generated enumerations.
#[doc(hidden)]
pub trait Sealed {}

/// A value that can be a key, a function's parameter or an operand of a filter.
///
/// Strings and enumerations are quoted; numbers, truth values, GUIDs, dates and times are bare; a
/// duration carries its prefix, as in `duration'PT5S'`.
pub trait Literal: Sealed {
    /// Writes the value as an OData literal.
    fn write_literal(&self, out: &mut LiteralWriter<'_>);
}

/// Where a [`Literal`] is written to; it knows whether the text is for a path or plain.
pub struct LiteralWriter<'a> {
    out: &'a mut String,
    path: bool,
}

impl LiteralWriter<'_> {
    /// Writes a quoted string.
    #[doc(hidden)]
    pub fn string(&mut self, value: &str) {
        self.out.push('\'');
        for (index, part) in value.split('\'').enumerate() {
            if index > 0 {
                self.out.push_str("''");
            }
            if self.path {
                self.out.extend(utf8_percent_encode(part, STRING_IN_PATH));
            } else {
                self.out.push_str(part);
            }
        }
        self.out.push('\'');
    }

    /// Writes a value that needs no quotes, or brings its own.
    pub(crate) fn bare(&mut self, value: fmt::Arguments<'_>) {
        // Writing to a `LiteralWriter` cannot fail.
        let _ = self.write_fmt(value);
    }
}

impl Write for LiteralWriter<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.path {
            self.out.extend(utf8_percent_encode(text, BARE_IN_PATH));
        } else {
            self.out.push_str(text);
        }
        Ok(())
    }
}

/// Appends a literal to a path, percent-encoded.
#[doc(hidden)]
pub fn path_literal(out: &mut String, value: &(impl Literal + ?Sized)) {
    value.write_literal(&mut LiteralWriter { out, path: true });
}

/// Appends a literal as plain OData text, such as an operand of a filter, which is percent-encoded
/// as a whole by [`encode_query_value`].
pub(crate) fn odata_text(out: &mut String, value: &(impl Literal + ?Sized)) {
    value.write_literal(&mut LiteralWriter { out, path: false });
}

/// Percent-encodes the value of a query option: `Number eq '1+1'` becomes `Number%20eq%20%271%2B1%27`.
///
/// Inside a string (`'…'`) and a phrase (`"…"`) only the unreserved characters stay raw. A doubled quote
/// ends a string and begins the next one, so it needs no rule.
pub(crate) fn encode_query_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + value.len() / 2);
    let mut rest = value;
    while let Some(at) = rest.find(['\'', '"']) {
        let (syntax, quoted) = rest.split_at(at);
        out.extend(utf8_percent_encode(syntax, QUERY_VALUE));
        let (quoted, after) = quoted.split_at(quoted_length(quoted));
        out.extend(utf8_percent_encode(quoted, STRING));
        rest = after;
    }
    out.extend(utf8_percent_encode(rest, QUERY_VALUE));
    out
}

/// The length of the string or phrase at the beginning of `text`, both quotes included; up to the end
/// if the closing one is missing. A backslash in a phrase escapes the next character.
fn quoted_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    let quote = chars.next().map(|(_, quote)| quote);
    while let Some((at, c)) = chars.next() {
        if Some(c) == quote {
            return at + c.len_utf8();
        }
        if c == '\\' && quote == Some('"') {
            chars.next();
        }
    }
    text.len()
}

impl Sealed for str {}

impl Literal for str {
    fn write_literal(&self, out: &mut LiteralWriter<'_>) {
        out.string(self);
    }
}

impl Sealed for String {}

impl Literal for String {
    fn write_literal(&self, out: &mut LiteralWriter<'_>) {
        out.string(self);
    }
}

impl<T: Literal + ?Sized> Sealed for &T {}

impl<T: Literal + ?Sized> Literal for &T {
    fn write_literal(&self, out: &mut LiteralWriter<'_>) {
        (**self).write_literal(out);
    }
}

macro_rules! literals {
    ($($type:ty => $format:literal),* $(,)?) => {
        $(
            impl Sealed for $type {}

            impl Literal for $type {
                fn write_literal(&self, out: &mut LiteralWriter<'_>) {
                    out.bare(format_args!($format, self));
                }
            }
        )*
    };
}

literals! {
    bool => "{}",
    u8 => "{}",
    i32 => "{}",
    i64 => "{}",
    Single => "{}",
    Double => "{}",
    Decimal => "{}",
    Guid => "{}",
    Date => "{}",
    DateTimeOffset => "{}",
    TimeOfDay => "{}",
    Duration => "duration'{}'",
}

impl Sealed for f64 {}

impl Literal for f64 {
    fn write_literal(&self, out: &mut LiteralWriter<'_>) {
        Double(*self).write_literal(out);
    }
}

#[cfg(test)]
mod tests;
