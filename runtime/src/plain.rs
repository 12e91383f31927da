//! Shows text from outside on one line, so that it cannot steer a terminal, forge a line of a log or
//! read otherwise than it is.

use std::fmt::{self, Write};

/// Writes text with hidden characters escaped: ESC as `\u{1b}`.
pub(crate) struct Plain<'a, W>(pub(crate) &'a mut W);

impl<W: Write> Write for Plain<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(is_hidden) {
            self.0.write_str(&rest[..at])?;
            let mut chars = rest[at..].chars();
            if let Some(hidden) = chars.next() {
                write!(self.0, "{}", hidden.escape_default())?;
            }
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

/// The text with hidden characters escaped.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A string takes everything.
    let _ = Plain(&mut out).write_str(text);
    out
}

/// Whether a character is not seen, but changes what is seen around it. The joiners U+200C and U+200D are
/// letters of some languages.
pub(crate) fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn hidden_characters_are_shown_escaped() {
        for (text, shown) in [
            ("Grüße, 日本 👨‍👩‍👧 'x' \"y\" \\ می‌خواهم", "Grüße, 日本 👨‍👩‍👧 'x' \"y\" \\ می‌خواهم"),
            ("a\u{1b}[31mb\u{7}", r"a\u{1b}[31mb\u{7}"),
            ("a\r\nb\tc\u{7f}\u{9b}", r"a\r\nb\tc\u{7f}\u{9b}"),
            ("\u{202E}gpj.exe\u{202C}", r"\u{202e}gpj.exe\u{202c}"),
            ("\u{2066}\u{2069}\u{200E}\u{200F}", r"\u{2066}\u{2069}\u{200e}\u{200f}"),
            ("\u{2028}\u{2029}\u{E0041}\u{FEFF}", r"\u{2028}\u{2029}\u{e0041}\u{feff}"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }
}
