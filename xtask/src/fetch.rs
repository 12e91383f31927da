//! Reads a document from a file or over HTTP.

use std::path::Path;
use std::time::Duration;

/// A document's text.
pub(crate) struct Fetched {
    /// The file, or the URL without its secrets.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// How long a whole response may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The vendor's document has some two megabytes.
const MOST_BYTES: u64 = 64 << 20;

/// Reads a file, or fetches a URL.
pub(crate) fn read(what: &str) -> Result<Fetched, String> {
    if what.starts_with("http://") || what.starts_with("https://") {
        let name = without_secrets(what);
        let text = get(what).map_err(|error| format!("{name}: {}", explain(error)))?;
        return Ok(Fetched { name, text });
    }
    match std::fs::read_to_string(Path::new(what)) {
        Ok(text) => Ok(Fetched { name: what.to_owned(), text }),
        Err(error) => Err(format!("{what}: can't be read: {error}")),
    }
}

fn get(url: &str) -> Result<String, ureq::Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build();
    let mut response = ureq::Agent::new_with_config(config).get(url).call()?;
    response.body_mut().with_config().limit(MOST_BYTES).read_to_string()
}

/// The error in words. An error that could repeat the URL gets words of our own.
fn explain(error: ureq::Error) -> String {
    use ureq::Error;
    match error {
        Error::StatusCode(status) => {
            format!("the status is {status}; does the URL lead to the document?")
        }
        Error::Io(error) => format!("can't be read: {error}"),
        Error::Timeout(_) => format!("no response within {} s", PATIENCE.as_secs()),
        Error::HostNotFound => "the host is not known".to_owned(),
        Error::ConnectionFailed => "no connection".to_owned(),
        Error::TooManyRedirects => "too many redirects".to_owned(),
        Error::BodyExceedsLimit(most) => format!("is longer than {most} bytes"),
        Error::Tls(_) | Error::Rustls(_) => {
            "no TLS connection that can be trusted; fetch the document with another program and \
             name the file"
                .to_owned()
        }
        _ => "can't be fetched; is the URL complete?".to_owned(),
    }
}

/// A URL without user, password, query and fragment.
fn without_secrets(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (scheme, rest) = url[..end].split_once("://").unwrap_or(("", &url[..end]));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_is_secret() {
        let rows = [
            (
                "http://127.0.0.1:5004/xapi/v1/swagger.yaml",
                "http://127.0.0.1:5004/xapi/v1/swagger.yaml",
            ),
            ("https://user:pass@pbx.example.com/a", "https://pbx.example.com/a"),
            ("https://user:p@ss@pbx.example.com", "https://pbx.example.com"),
            ("https://pbx.example.com/a?token=secret#secret", "https://pbx.example.com/a"),
            ("https://pbx.example.com?token=a/b@c", "https://pbx.example.com"),
        ];
        for (url, shown) in rows {
            assert_eq!(without_secrets(url), shown);
        }
    }
}
