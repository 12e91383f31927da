//! Headers that a caller adds to the client's own.

use reqwest::header::{HeaderName, HeaderValue};

use crate::error::Error;

/// What the client or HTTP itself decides: who is asked, by whom, and how the body is read.
const OWN: [&str; 16] = [
    "accept",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "if-match",
    "if-range",
    "proxy-authorization",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A header as reqwest takes it. Its value may be a secret, so no error repeats it, and no `Debug` shows it.
pub(crate) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let refuse = |why: &str| Error::configuration(format!("a header can't be sent: {why}"));
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| refuse("its name is none that HTTP allows"))?;
    if OWN.contains(&name.as_str()) {
        return Err(refuse(&format!("the client sets `{name}` itself")));
    }
    let mut value = HeaderValue::from_str(value).map_err(|_| {
        refuse(&format!("the value of `{name}` has characters that HTTP does not allow"))
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::header;

    #[test]
    fn what_the_client_sets_itself_cannot_be_overridden() {
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
            let error = header(name, value).unwrap_err();
            assert!(error.is_usage() && error.to_string().contains(part), "{name}: {error}");
            assert!(!format!("{error}{error:?}").contains("canary"), "{error}");
        }
        let (name, value) = header("X-Gateway-Key", "canary").unwrap();
        assert_eq!(name, "x-gateway-key");
        assert!(!format!("{value:?}").contains("canary"));
    }
}
