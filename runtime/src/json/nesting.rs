//! How deep a long text is: reading JSON that nests takes a byte for each level, and more for the path of an
//! error in it.

/// A shorter text can't be so deep that it takes much memory.
const LONG: usize = 16 * 1024 * 1024;
/// No answer has more levels.
pub(crate) const DEEPEST: usize = 1_000;

/// Counts the brackets of a text that arrives in pieces.
#[derive(Default)]
pub(crate) struct Nesting {
    /// How much of the text was looked at.
    seen: usize,
    depth: usize,
    is_text: bool,
    is_escaped: bool,
}

impl Nesting {
    /// Whether the text so far is too deep; it only grows.
    pub(crate) fn is_excessive(&mut self, text: &[u8]) -> bool {
        if text.len() <= LONG {
            return false;
        }
        let fresh = text.get(self.seen..).unwrap_or_default();
        self.seen = text.len();
        fresh.iter().any(|byte| self.deepens(*byte))
    }

    fn deepens(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = self.is_text,
            b'"' => self.is_text = !self.is_text,
            b'{' | b'[' if !self.is_text => self.depth += 1,
            b'}' | b']' if !self.is_text => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth > DEEPEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_texts_and_over_pieces() {
        let nested = |times: usize| format!("{}{}", "[{".repeat(times), "}]".repeat(times));
        let text = |text: &str| serde_json::to_string(text).unwrap();
        for (json, expected) in [
            (nested(500), false),
            (nested(501), true),
            (format!("[{}]", vec![nested(499); 9].join(",")), false),
            (format!("{}{}", text(&nested(600)), text("\\\"[")), false),
            (format!("{}{}", text("\\"), "[".repeat(1_001)), true),
        ] {
            let mut nesting = Nesting::default();
            let found = json.bytes().any(|byte| nesting.deepens(byte));
            assert_eq!(found, expected, "{}", &json[..20]);

            let mut long = " ".repeat(LONG).into_bytes();
            let mut nesting = Nesting::default();
            let found = json.as_bytes().chunks(7).any(|piece| {
                long.extend_from_slice(piece);
                nesting.is_excessive(&long)
            });
            assert_eq!(found, expected, "{}", &json[..20]);
            assert!(!Nesting::default().is_excessive(json.as_bytes()), "a short text may be deep");
        }
    }
}
