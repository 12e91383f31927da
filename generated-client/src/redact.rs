//! Removes secrets from text that comes from outside, such as an error message in which a server
//! repeats a token.

use std::borrow::Cow;

/// Stands in place of a secret.
const BLOT: &str = "[redacted]";

/// A secret shorter than this is not looked for: it stands in words that give nothing away.
const SHORTEST_SECRET: usize = 4;

/// `text` without these secrets, in one pass: what stands in their place is not looked at again.
pub(crate) fn blotted<'a>(text: &'a str, secrets: &[&str]) -> Cow<'a, str> {
    let longest_at = |rest: &str| {
        let found =
            secrets.iter().filter(|it| it.len() >= SHORTEST_SECRET && rest.starts_with(**it));
        found.map(|secret| secret.len()).max()
    };
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        match longest_at(&text[at..]) {
            Some(length) => {
                out.push_str(&text[kept..at]);
                out.push_str(BLOT);
                at += length;
                kept = at;
            }
            None => at += next.len_utf8(),
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_blotted_out_once_and_short_ones_are_not_looked_for() {
        let rows: &[(&str, &[&str], &str)] = &[
            ("nothing here", &["s3cret"], "nothing here"),
            ("is s3cret, s3cret", &["s3cret"], "is [redacted], [redacted]"),
            ("redacted token", &["redacted", "token", "acted"], "[redacted] [redacted]"),
            ("s3cret-long", &["s3cret", "s3cret-long"], "[redacted]"),
            ("a text", &["t", "", "tex"], "a text"),
            ("größe", &["röße"], "g[redacted]"),
        ];
        for (text, secrets, blot) in rows {
            assert_eq!(blotted(text, secrets), *blot, "{text} {secrets:?}");
        }
    }
}
