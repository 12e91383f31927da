//! Bodies that are forms: urlencoded and multipart.

use super::literal;
use crate::recorded::Recorded;

/// A part of a multipart body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// The fields of a form of either kind; none if the body is none.
pub(super) fn fields(request: &Recorded) -> Option<Vec<(String, String)>> {
    let media_type = request.header("content-type")?.to_ascii_lowercase();
    if media_type.starts_with("application/x-www-form-urlencoded") {
        return literal::form(std::str::from_utf8(&request.body).ok()?).ok();
    }
    let text = |part: Part| Some((part.name, String::from_utf8(part.bytes).ok()?));
    parts(request)?.into_iter().map(text).collect()
}

/// The parts of a multipart body; none if the body is none.
pub(super) fn parts(request: &Recorded) -> Option<Vec<Part>> {
    let media_type = request.header("content-type")?;
    if !media_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    let boundary = attribute(media_type, "boundary")?;
    let mark = format!("\r\n--{boundary}");
    // The first boundary stands at the start, without the line break before.
    let body = [b"\r\n", request.body.as_slice()].concat();
    let mut rest = &body[find(&body, mark.as_bytes())? + mark.len()..];
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let end = find(rest, mark.as_bytes())?;
        parts.push(part(rest.get(2..end)?)?);
        rest = &rest[end + mark.len()..];
    }
    Some(parts)
}

fn part(text: &[u8]) -> Option<Part> {
    let end = find(text, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&text[..end]).ok()?;
    let disposition = head
        .split("\r\n")
        .find(|it| it.to_ascii_lowercase().starts_with("content-disposition:"))?;
    Some(Part {
        name: attribute(disposition, "name")?,
        file_name: attribute(disposition, "filename"),
        bytes: text[end + 4..].to_vec(),
    })
}

/// `value` of `…; name="value"`.
fn attribute(header: &str, name: &str) -> Option<String> {
    header.split(';').find_map(|pair| {
        let (known, value) = pair.trim().split_once('=')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Percent-encodes everything but unreserved characters.
pub(super) fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1 +\r\n\
            --b\r\nContent-Type: text/plain\r\ncontent-disposition: form-data; name=c\r\n\r\n\r\n--b--\r\n";
        for (media_type, body, wanted) in [
            ("application/x-www-form-urlencoded", "a=1+%2B&c=", Some([("a", "1 +"), ("c", "")])),
            ("multipart/form-data; boundary=b", multipart, Some([("a", "1 +"), ("c", "")])),
            ("multipart/form-data; boundary=\"b\"", multipart, Some([("a", "1 +"), ("c", "")])),
            ("multipart/form-data; boundary=x", multipart, None),
            ("multipart/form-data", multipart, None),
            ("multipart/form-data; boundary=b", "--b\r\n\r\n", None),
            ("application/json", "{}", None),
        ] {
            let headers = vec![("content-type".to_owned(), media_type.to_owned())];
            let body = body.as_bytes().to_vec();
            let read = fields(&Recorded { headers, body, ..Recorded::default() });
            let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
            assert_eq!(read, wanted.map(|it| it.map(owned).to_vec()), "{media_type}");
        }
    }
}
