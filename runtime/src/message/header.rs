//! Headers that a caller adds to the client's own.

use reqwest::header::{HeaderName, HeaderValue};

use crate::error::Error;

/// What the client sets itself in every request, or HTTP: who is asked, and how the body is read.
const OWN: [&str; 10] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What the client sets itself in calls, beside that: who asks, and for what of an answer.
pub(crate) const OWN_IN_CALLS: &[&str] =
    &["accept", "authorization", "if-match", "if-range", "proxy-authorization", "range"];

/// What the client sets itself in sign-ins, beside that.
pub(crate) const OWN_IN_SIGN_INS: &[&str] = &["cookie"];

/// A header as reqwest takes it, unless the client sets it itself: `own` are those beside [`OWN`]. The value may
/// be a secret, so no error repeats it, and no `Debug` shows it.
pub(crate) fn header(
    name: &str,
    value: &str,
    own: &[&str],
) -> Result<(HeaderName, HeaderValue), Error> {
    let refuse = |why: &str| Error::configuration(format!("a header can't be sent: {why}"));
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| refuse("its name is none that HTTP allows"))?;
    if OWN.iter().chain(own).any(|own| name == *own) {
        return Err(refuse(&format!("the client sets `{name}` itself")));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        refuse(&format!("the value of `{name}` has characters that HTTP does not allow"))
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// A value that was made of text.
pub(super) fn text_of(value: &HeaderValue) -> &str {
    std::str::from_utf8(value.as_bytes()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_sets_itself_cannot_be_overridden() {
        for name in OWN.iter().chain(OWN_IN_CALLS).chain(OWN_IN_SIGN_INS) {
            let is_refused = |own| header(name, "canary", own).is_err();
            let expected = [
                OWN.contains(name) || OWN_IN_CALLS.contains(name),
                OWN.contains(name) || OWN_IN_SIGN_INS.contains(name),
            ];
            assert_eq!([OWN_IN_CALLS, OWN_IN_SIGN_INS].map(is_refused), expected, "{name}");
        }
        for (name, value, part) in [
            ("Authorization", "canary", "the client sets `authorization` itself"),
            ("AUTHORIZATION", "canary", "the client sets `authorization` itself"),
            ("Host", "canary", "the client sets `host` itself"),
            ("Content-Length", "canary", "itself"),
            ("Transfer-Encoding", "canary", "itself"),
            ("Range", "canary", "itself"),
            ("", "canary", "its name"),
            ("x y", "canary", "its name"),
            ("x\r\nAuthorization", "canary", "its name"),
            ("x-a", "canary\r\nAuthorization: b", "characters"),
            ("x-a", "canary\0", "characters"),
        ] {
            let error = header(name, value, OWN_IN_CALLS).unwrap_err();
            assert!(error.is_usage() && error.to_string().contains(part), "{name}: {error}");
            assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
        }
        let (name, value) = header("X-Gateway-Key", "canary", OWN_IN_CALLS).unwrap();
        assert_eq!(name, "x-gateway-key");
        assert!(!format!("{value:?}").contains("canary"));
    }
}
