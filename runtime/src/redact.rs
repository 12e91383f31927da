//! Removes secrets from text that comes from outside, such as an error message in which a server
//! repeats a token.
//!
//! Servers repeat what they got in many ways: as HTML entities, percent-encoded, as a form, as JSON, and
//! one in the other. So both the text and the secrets are first decoded as far as they can be, and then
//! compared.

use std::borrow::Cow;

/// Stands in place of a secret.
const BLOT: &str = "[redacted]";

/// A secret shorter than this is not looked for: it stands in words that give nothing away.
const SHORTEST_SECRET: usize = 4;

/// `text` without these secrets, however it encodes them.
pub(crate) fn blotted<'a>(text: &'a str, secrets: &[&str]) -> Cow<'a, str> {
    let plain: Vec<Vec<u8>> = secrets.iter().map(|it| it.as_bytes().to_vec()).collect();
    let decoded: Vec<Vec<u8>> = plain.iter().map(|it| Decoded::of(it).bytes).collect();
    if plain.iter().all(|secret| secret.len() < SHORTEST_SECRET) {
        return Cow::Borrowed(text);
    }
    let mut places = found(text.as_bytes(), &plain, |at| at);
    let text_decoded = Decoded::of(text.as_bytes());
    places.extend(found(&text_decoded.bytes, &decoded, |at| text_decoded.place(at)));
    without(text, places)
}

/// The text without these places, each from its first byte to the one behind its last.
fn without(text: &str, mut places: Vec<(usize, usize)>) -> Cow<'_, str> {
    places.sort_unstable();
    let mut out = String::new();
    let mut kept = 0;
    for (start, end) in places {
        // The same place is mostly found twice, as it is and decoded.
        if end > kept {
            if start >= kept {
                out.push_str(text.get(kept..start).unwrap_or_default());
                out.push_str(BLOT);
            }
            kept = end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where one of the secrets stands, the longest first; `place` says where that is in the text.
fn found(text: &[u8], secrets: &[Vec<u8>], place: impl Fn(usize) -> usize) -> Vec<(usize, usize)> {
    let is_long = |secret: &&Vec<u8>| secret.len() >= SHORTEST_SECRET;
    let secrets: Vec<&Vec<u8>> = secrets.iter().filter(is_long).collect();
    let mut places = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let here = secrets.iter().filter(|it| text[at..].starts_with(it));
        match here.map(|secret| secret.len()).max() {
            Some(length) => {
                places.push((place(at), place(at + length)));
                at += length;
            }
            None => at += 1,
        }
    }
    places
}

/// Text without any encoding, nor those in each other: `%2526lt;` is `<`.
struct Decoded {
    bytes: Vec<u8>,
    /// Where the text has each of the bytes, and where it ends.
    places: Vec<usize>,
}

impl Decoded {
    /// Decodes in one pass: each byte may end an escape of the ones before, which then become a byte
    /// that may end another.
    fn of(text: &[u8]) -> Self {
        let mut out = Self { bytes: Vec::with_capacity(text.len()), places: Vec::new() };
        for (at, byte) in text.iter().enumerate() {
            out.bytes.push(*byte);
            out.places.push(at);
            while let Some((length, decoded)) = escape(&out.bytes) {
                let start = out.bytes.len() - length;
                let place = out.places.get(start).copied().unwrap_or(at);
                out.bytes.truncate(start);
                out.places.truncate(start);
                out.bytes.extend_from_slice(&decoded);
                out.places.resize(out.bytes.len(), place);
            }
        }
        out.places.push(text.len());
        // A form writes a space as a plus.
        out.bytes.iter_mut().filter(|byte| **byte == b'+').for_each(|byte| *byte = b' ');
        out
    }

    fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or_default()
    }
}

/// The most characters of an entity that are looked at: `&#x0010FFFF;`.
const LONGEST_ENTITY: usize = 12;

/// The length of an escape that ends here, and what it stands for.
fn escape(text: &[u8]) -> Option<(usize, Vec<u8>)> {
    let last = |count: usize| text.len().checked_sub(count).and_then(|start| text.get(start..));
    if let Some([b'%', digits @ ..]) = last(3)
        && let Some(byte) = hex(digits)
    {
        return Some((3, vec![u8::try_from(byte).ok()?]));
    }
    if text.last() == Some(&b';') {
        let inside = last(LONGEST_ENTITY.min(text.len()))?;
        let start = inside.iter().rposition(|byte| *byte == b'&')?;
        let name = &inside[start + 1..inside.len() - 1];
        return Some((inside.len() - start, utf8(entity(name)?)));
    }
    if let Some([b'\\', b'u', low @ ..]) = last(6)
        && let Some(low) = hex(low)
    {
        // The other half of a character above U+FFFF stands before it.
        if let Some([b'\\', b'u', high @ ..]) = last(12).and_then(|both| both.get(..6))
            && let Some(high) = hex(high)
            && let Some(Ok(char)) =
                char::decode_utf16([u16::try_from(high).ok()?, u16::try_from(low).ok()?]).next()
            && char > '\u{FFFF}'
        {
            return Some((12, utf8(char)));
        }
        return Some((6, utf8(char::from_u32(low)?)));
    }
    let [b'\\', letter] = last(2)? else { return None };
    let byte = match letter {
        b'"' | b'\\' | b'/' => *letter,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    };
    Some((2, vec![byte]))
}

/// The character of an entity without its `&` and `;`.
fn entity(name: &[u8]) -> Option<char> {
    match name {
        b"amp" | b"AMP" => Some('&'),
        b"apos" => Some('\''),
        b"gt" | b"GT" => Some('>'),
        b"lt" | b"LT" => Some('<'),
        b"nbsp" => Some(' '),
        b"quot" | b"QUOT" => Some('"'),
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?),
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    let are_digits = digits.iter().all(u8::is_ascii_hexdigit);
    u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| are_digits)?, 16).ok()
}

fn utf8(char: char) -> Vec<u8> {
    char.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_blotted_out_once_but_short_ones_stay() {
        let rows: &[(&str, &[&str], &str)] = &[
            ("nothing here", &["s3cret"], "nothing here"),
            ("is s3cret, s3cret", &["s3cret"], "is [redacted], [redacted]"),
            ("redacted token", &["redacted", "token", "acted"], "[redacted] [redacted]"),
            ("s3cret-long", &["s3cret", "s3cret-long"], "[redacted]"),
            ("a text", &["t", "", "tex"], "a text"),
            ("größe", &["röße"], "g[redacted]"),
            ("Ab", &["%41b"], "Ab"),
            ("50% of &amp; \\u00e4", &["s3cret"], "50% of &amp; \\u00e4"),
            ("%", &["%%%%"], "%"),
            ("&&&&;;;;\\u", &["\\u00"], "&&&&;;;;\\u"),
        ];
        for (text, secrets, blot) in rows {
            assert_eq!(blotted(text, secrets), *blot, "{text} {secrets:?}");
        }
    }

    #[test]
    fn a_secret_is_blotted_out_however_a_server_encodes_it() {
        let secret = "p'a&s/w\"<ö +=%41\\n😀";
        let encoded = [
            secret,
            // HTML: names, decimal and hexadecimal.
            "p&#39;a&amp;s/w&quot;&lt;ö +=%41\\n😀",
            "p&apos;a&#38;s&#x2F;w&#34;&#60;&#246; &#43;=%41\\n&#128512;",
            "p&#x27;a&#x26;s&#x2f;w&QUOT;&LT;&#xF6;&#x20;&#x2B;&#x3D;&#0037;41&#x5c;n&#x1F600;",
            // Form and URL, with large and small digits.
            "p%27a%26s%2Fw%22%3C%C3%B6+%2B%3D%2541%5Cn%F0%9F%98%80",
            "p%27a%26s%2fw%22%3c%c3%b6%20%2b%3d%2541%5cn%f0%9f%98%80",
            // JSON.
            r#"p'a&s\/w\"<ö +=%41\\n😀"#,
            r"p\u0027a\u0026s\u002fw\u0022\u003C\u00f6\u0020\u002B=%41\\n\uD83D\uDE00",
            // One in the other.
            r"p&amp;#39;a%2526s\u00252Fw&amp;quot;%26lt;ö +=%252541\\\\n😀",
        ];
        for text in encoded {
            assert_eq!(
                blotted(&format!("<b>{text}, {text}"), &[secret]),
                "<b>[redacted], [redacted]"
            );
        }
        for other in ["p'a&s/w", "p&#40;a&amp;s", "p%28a%26s"] {
            assert_eq!(blotted(other, &[secret]), other);
        }
    }

    #[test]
    fn what_stands_around_an_encoded_secret_stays_as_it_came() {
        assert_eq!(
            blotted("a%20b&lt;%73ecret&gt;\\n1+1", &["secret"]),
            "a%20b&lt;[redacted]&gt;\\n1+1"
        );
        // A backslash before a secret is no part of it.
        assert_eq!(blotted(r"DOMAIN\nadmin", &["nadmin"]), r"DOMAIN\[redacted]");
    }

    #[test]
    fn escapes_in_each_other_take_one_pass() {
        let nested = format!("%{}41", "25".repeat(100_000));
        assert_eq!(blotted(&format!("{nested}secret"), &["secret", "Asec"]), "[redacted]");
    }
}
