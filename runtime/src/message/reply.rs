//! A reply as data: what the PBX sent back.

use std::fmt;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::success;
use crate::error::Error;
use crate::info::OperationInfo;
use crate::json::{self, Allowance, Excess, Failure, Misfit};
use crate::query::Selected;

/// The body of a reply.
pub(crate) enum Body {
    Whole(Bytes),
    /// A body that the client reads on demand.
    Stream(Box<dyn Chunks>),
}

/// A body that arrives piece by piece.
pub(crate) trait Chunks: Send + Sync {
    /// The next piece; none at the end.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, Error>>;

    /// The most bytes that may be held in memory.
    fn limit(&self) -> usize;
}

/// A reply of the PBX before it is decoded.
///
/// A program builds one to stand in for a PBX in its tests, see
/// [`ClientBuilder::answered_by`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.ClientBuilder.html#method.answered_by).
pub struct Reply {
    pub(crate) info: OperationInfo,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) selected: Selected,
    /// How much of the body is taken as rows and entities.
    pub(crate) allowance: Allowance,
    /// Which of the operation's variants the PBX answered, if that is certain.
    pub(crate) variant: Option<usize>,
}

impl Reply {
    /// A reply with this HTTP status and an empty body.
    #[must_use]
    pub fn new(info: OperationInfo, status: u16) -> Self {
        let (headers, body) = (HeaderMap::new(), Body::Whole(Bytes::new()));
        let (selected, allowance) = (Selected::default(), Allowance::default());
        Self { info, status, headers, body, selected, allowance, variant: None }
    }

    /// The same reply with this body, in place of the one before.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    /// The same reply with a value as its JSON body: an entity, a [`Page`](crate::Page), or any other
    /// value that serde writes.
    ///
    /// # Errors
    /// A value that cannot be written as JSON.
    pub fn with_json<T: Serialize + ?Sized>(self, value: &T) -> Result<Self, Error> {
        let json = serde_json::to_vec(value);
        let json = json.map_err(|error| Error::unwritable("the body of a reply", &error))?;
        self.with_body(json).with_header("content-type", "application/json")
    }

    /// The same reply with a header, in place of one of the same name.
    ///
    /// # Errors
    /// A name or value that HTTP does not allow.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let wrong = || Error::configuration(format!("the header `{name}` is not one of HTTP"));
        let name_of = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        self.headers.insert(name_of, value);
        Ok(self)
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The facts of the operation.
    #[must_use]
    pub fn info(&self) -> OperationInfo {
        self.info
    }

    /// The index of the variant that this answers, in [`OperationInfo::variants`]; `None` if the
    /// operation never changed, or if the PBX's release does not tell.
    #[must_use]
    pub fn variant(&self) -> Option<usize> {
        self.variant
    }

    pub(crate) fn of_variant(mut self: Box<Self>, variant: usize) -> Box<Self> {
        self.variant = Some(variant);
        self
    }

    /// The text of a header; `None` where it is absent or not ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads the body as JSON; `None` where the body is empty or `null`. A value that does not fit the
    /// property of its entity is kept there, see [`Entity::unread`](crate::Entity::unread).
    ///
    /// # Errors
    /// A body that does not fit `T`, with the place in the JSON but without its values.
    pub fn json<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        self.text()?.map(|json| self.read(json)).transpose()
    }

    /// Reads the body, whose JSON text this is.
    pub(crate) fn read<T: DeserializeOwned>(&self, json: &[u8]) -> Result<T, Error> {
        self.read_with(json, |text| serde_json::from_str(text))
    }

    /// The same with a reader, which is called again if the body does not fit.
    pub(crate) fn read_with<T>(
        &self,
        json: &[u8],
        read: impl FnMut(&str) -> Result<T, serde_json::Error>,
    ) -> Result<T, Error> {
        let mut misfits = Vec::new();
        match json::read_answer(json, self.allowance, &mut misfits, read) {
            Ok(value) => {
                self.report(&misfits);
                Ok(value)
            }
            Err(failure) => Err(self.unreadable(json, failure)),
        }
    }

    /// Tells of values that do not fit, but not the values.
    fn report(&self, misfits: &[Misfit]) {
        for Misfit { path, expected, times } in misfits {
            tracing::warn!(
                target: "threecx_xapi",
                operation = self.info.id,
                path,
                expected,
                times,
                "a value of the answer does not fit its type: it is kept unread"
            );
        }
    }

    /// The JSON text without byte order mark and surrounding space.
    pub(crate) fn text(&self) -> Result<Option<&[u8]>, Error> {
        let Body::Whole(body) = &self.body else {
            return Err(self.undecoded("this answer is a stream: read it as a Download"));
        };
        let json = success::json_text(body);
        Ok(if json.is_empty() || json == b"null" { None } else { Some(json) })
    }

    pub(crate) fn unreadable(&self, json: &[u8], failure: Failure) -> Error {
        let (message, advice) = match failure {
            Failure::Json(error) => return self.misfit(json, &error),
            Failure::Excess(Excess::Rows) => (
                "the page has many more rows than `top` asked for",
                "Leave `top` out, if the PBX takes no notice of it",
            ),
            Failure::Excess(Excess::Memory) => (
                "the entities of the answer take more memory than the client's limit allows",
                "Ask for fewer items, or raise the client's `response_limit`",
            ),
        };
        Error::excess(message, advice).in_operation(self.info)
    }

    pub(crate) fn misfit(&self, json: &[u8], error: &serde_json::Error) -> Error {
        Error::misfit(self.info, json, error).with_status(self.status)
    }

    /// The error of an answer that is not what was declared.
    pub(crate) fn undecoded(&self, message: &str) -> Error {
        Error::undecoded(self.info, message).with_status(self.status)
    }

    /// What stands for an empty body: the empty value after a write, an error after a read.
    pub(crate) fn empty<T: Default>(&self) -> Result<T, Error> {
        if self.info.method.is_read() {
            Err(self.undecoded("the answer is empty"))
        } else {
            Ok(T::default())
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body may hold secrets.
        f.debug_struct("Reply")
            .field("operation", &self.info.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
