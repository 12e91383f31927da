//! The file name that a server proposes, made safe.

use percent_encoding::percent_decode_str;
use reqwest::header::{CONTENT_DISPOSITION, HeaderMap};

use crate::file_name;

/// Reads `filename*=UTF-8''…` (preferred) or `filename=…` from Content-Disposition.
pub(super) fn file_name(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_DISPOSITION)?.as_bytes();
    // Some servers send raw bytes: UTF-8 if they are, else Latin-1.
    let text = match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().map(|byte| char::from(*byte)).collect(),
    };
    let mut plain = None;
    let mut extended = None;
    for (name, value) in parameters(&text) {
        if name.eq_ignore_ascii_case("filename*") {
            extended = decode_extended(&value);
        } else if name.eq_ignore_ascii_case("filename") {
            plain = Some(value);
        }
    }
    let safe = |name: Option<String>| file_name::safe(&name?);
    safe(extended).or_else(|| safe(plain))
}

/// The `name=value` parts after the first semicolon; quoted values without their quotes and
/// backslashes.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let mut chars = text.chars().skip_while(|c| *c != ';').skip(1).peekable();
    while chars.peek().is_some() {
        let mut name = String::new();
        let mut value = String::new();
        let mut in_value = false;
        let mut quoted = false;
        while let Some(c) = chars.next() {
            match c {
                '"' if in_value => quoted = !quoted,
                '\\' if quoted => value.extend(chars.next()),
                ';' if !quoted => break,
                '=' if !in_value => in_value = true,
                c if in_value => value.push(c),
                c => name.push(c),
            }
        }
        parts.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    parts
}

/// `UTF-8'en'na%C3%AFve.wav`, RFC 8187. Other character sets are not used any more.
fn decode_extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let bytes = percent_decode_str(encoded);
    if charset.eq_ignore_ascii_case("utf-8") {
        bytes.decode_utf8().ok().map(Into::into)
    } else if charset.eq_ignore_ascii_case("iso-8859-1") {
        Some(bytes.map(char::from).collect())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, file_name};
    use reqwest::header::{CONTENT_DISPOSITION, HeaderValue};

    #[test]
    fn the_proposed_file_name_is_read_and_made_safe() {
        let rows: [(&[u8], Option<&str>); 19] = [
            (b"attachment; filename=call.wav", Some("call.wav")),
            (b"attachment;filename=\"my call.wav\"", Some("my call.wav")),
            (b"ATTACHMENT; FileName = \"a.wav\" ; size=3", Some("a.wav")),
            (b"attachment; filename=\"a\\\"b;c=d.wav\"", Some("a_b;c=d.wav")),
            (
                b"attachment; filename=plain.wav; filename*=UTF-8''na%C3%AFve.wav",
                Some("na\u{ef}ve.wav"),
            ),
            (b"attachment; filename*=utf-8'en'b.zip; filename=a.zip", Some("b.zip")),
            (b"attachment; filename*=iso-8859-1''na%EFve.wav", Some("na\u{ef}ve.wav")),
            (b"attachment; filename*=UTF-8''%FF; filename=a.zip", Some("a.zip")),
            (b"attachment; filename*=KOI8-R''x; filename=a.zip", Some("a.zip")),
            ("attachment; filename=\"Söhne.csv\"".as_bytes(), Some("Söhne.csv")),
            (b"attachment; filename=\"S\xf6hne.csv\"", Some("Söhne.csv")),
            (b"attachment; filename=\"../../etc/passwd\"", Some("passwd")),
            (b"attachment; filename*=UTF-8''..%5C..%2Fa%00b.wav", Some("ab.wav")),
            (b"attachment; filename=\"..\"", None),
            (b"attachment; filename=\"/\"", None),
            (b"attachment; filename*=UTF-8''..; filename=a.zip", Some("a.zip")),
            (b"attachment; filename", None),
            (b"attachment", None),
            (b"filename=a.wav", None),
        ];
        for (value, expected) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_DISPOSITION, HeaderValue::from_bytes(value).unwrap());
            assert_eq!(
                file_name(&headers).as_deref(),
                expected,
                "{}",
                String::from_utf8_lossy(value)
            );
        }
        assert_eq!(file_name(&HeaderMap::new()), None);
    }
}
