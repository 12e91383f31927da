//! A request as data: what the client will send, but for the token.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;

use super::header::text_of;
use super::link;
use super::parts::{Options, RequestParts};
use super::reply::Reply;
use crate::error::Error;
use crate::info::{Method, OperationInfo};
use crate::query::Selected;
use crate::redact::blotted;

/// Turns what the operation wrote into a request to the service at `root`. Not generic: it exists once.
pub(crate) fn prepare(
    root: &Url,
    info: OperationInfo,
    mut parts: RequestParts,
    streamed: bool,
) -> Result<Box<PreparedRequest>, Error> {
    parts.refuse_leftovers();
    let variant = parts.variant();
    if let Some(variant) = info.variants.get(variant) {
        parts.refuse_undeclared(variant.undeclared);
    }
    let RequestParts { mut options, path, body, content_type, link, .. } = parts;
    if let Some(options) = options.if_set() {
        options.settle(info)?;
    }
    let is_link = link.is_some();
    let url = match link {
        Some(link) => {
            options.secrets.extend(link::secrets(&link));
            link::resolve(root, &link, info)?
        }
        None => {
            let service = path_of(root);
            let mut target = String::with_capacity(service.len() + path.len() + 64);
            target.push_str(service);
            target.push_str(&path);
            if let Some(options) = options.if_set() {
                target.push_str(if options.count_only { "/$count" } else { "" });
                options.query.write(&mut target);
            }
            let (path, query) = match target.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (target.as_str(), None),
            };
            // The URL type has the last word on the bytes that are sent.
            let mut url = root.clone();
            url.set_path(path);
            url.set_query(query);
            url
        }
    };
    let body = match body {
        Some(body) => {
            let json = body.finish(&options.cleared);
            Some(Bytes::from(
                json.map_err(|error| Error::unwritable("the body", &error).in_operation(info))?,
            ))
        }
        None => None,
    };
    Ok(Box::new(PreparedRequest {
        info,
        variant,
        url,
        is_link,
        target_start: root.as_str().len() - root.path().len(),
        streamed,
        options,
        body,
        content_type,
    }))
}

/// The path of the service below the host, without the slash that the root has at its end.
pub(crate) fn path_of(root: &Url) -> &str {
    root.path().trim_end_matches('/')
}

/// A request for a path without values.
pub(crate) fn plain(
    root: &Url,
    info: OperationInfo,
    path: &'static str,
    timeout: Duration,
) -> Result<Box<PreparedRequest>, Error> {
    let mut options = Options::default();
    options.limits.timeout = Some(timeout);
    let mut parts = RequestParts::new(options, 0);
    parts.path(path);
    prepare(root, info, parts, false)
}

/// A request as it will be sent, but for the token.
#[derive(Clone)]
pub struct PreparedRequest {
    pub(crate) info: OperationInfo,
    pub(crate) url: Url,
    /// Whether it follows a link, which may be good without a token.
    is_link: bool,
    /// Where the path begins in the URL.
    target_start: usize,
    /// Which of the operation's variants this is.
    variant: usize,
    /// Whether the answer's body is handed over unread.
    pub(crate) streamed: bool,
    /// The options as they are sent. `secrets` among them is what must not be shown, also if a server repeats it.
    pub(crate) options: Options,
    pub(crate) body: Option<Bytes>,
    /// `None`: JSON.
    content_type: Option<String>,
}

impl PreparedRequest {
    /// The facts of the operation.
    #[must_use]
    pub fn info(&self) -> OperationInfo {
        self.info
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.info.variants.get(self.variant).map_or(self.info.method, |variant| variant.method)
    }

    /// Path and query as they stand in the request line, from `/xapi/v1` on. It may hold
    /// secrets, as a link may be a ticket: `Display` and `Debug` do not show those.
    #[must_use]
    pub fn target(&self) -> &str {
        self.url.as_str().get(self.target_start..).unwrap_or_default()
    }

    fn shown_target(&self) -> Cow<'_, str> {
        if self.is_link {
            return Cow::Borrowed("[a link, not shown]");
        }
        let secrets: Vec<&str> = self.options.secrets.iter().map(String::as_str).collect();
        blotted(self.target(), &secrets)
    }

    /// The headers of the request, without `Authorization` and those of the
    /// [client](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.ClientBuilder.html#method.default_header).
    #[must_use]
    pub fn headers(&self) -> Vec<(&str, &str)> {
        let added =
            self.options.headers.iter().map(|(name, value)| (name.as_str(), text_of(value)));
        self.own_headers().into_iter().chain(added).collect()
    }

    fn own_headers(&self) -> Vec<(&'static str, &str)> {
        let mut headers = vec![("accept", self.accept())];
        if self.body.is_some() {
            headers.push(("content-type", self.content_type()));
        }
        if let Some(etag) = &self.options.if_match {
            headers.push(("if-match", etag));
        }
        headers
    }

    /// The reply, if it is known without asking the PBX.
    pub(crate) fn foregone(&self) -> Option<Reply> {
        if !self.options.is_vain {
            return None;
        }
        let body = match (self.options.count_only, self.options.query.count) {
            (true, _) => "0",
            (false, Some(true)) => r#"{"@odata.count":0,"value":[]}"#,
            (false, _) => r#"{"value":[]}"#,
        };
        let reply = Reply::new(self.info, 200).with_body(body);
        Some(Reply { selected: self.selected(), ..reply })
    }

    /// What `$select` asks for.
    pub(crate) fn selected(&self) -> Selected {
        self.options.query.selected()
    }

    /// A file may be of any type; a number is plain text.
    pub(crate) fn accept(&self) -> &'static str {
        if self.streamed || self.options.count_only { "*/*" } else { "application/json" }
    }

    /// Whether sending it twice does no harm, by HTTP's rules or by the caller's word.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.method().is_idempotent() || self.options.limits.retry_writes
    }

    pub(crate) fn content_type(&self) -> &str {
        self.content_type.as_deref().unwrap_or("application/json")
    }

    /// The body, if one is sent: JSON, but for the upload of a prompt. It may hold secrets.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }
}

/// Request line and headers, without secrets: the body, a link and the values of added headers are left out,
/// as they may hold some.
impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.shown_target())?;
        for (name, value) in self.own_headers() {
            write!(f, "\n{name}: {value}")?;
        }
        self.options.headers.iter().try_for_each(|(name, _)| write!(f, "\n{name}: [not shown]"))
    }
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedRequest")
            .field("operation", &self.info.id)
            .field("method", &self.method())
            .field("target", &self.shown_target())
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish()
    }
}
