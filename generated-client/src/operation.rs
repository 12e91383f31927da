//! What an operation is: a plain struct that knows its facts ([`OperationInfo`]) and writes its
//! path and body.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::answer::Answer;
use crate::error::Error;
use crate::literal::{self, Literal};
use crate::query::Query;
use crate::transport::RetryPolicy;
use crate::upload::form_file;

/// One operation of the XAPI with the values it needs, ready to be sent through
/// [`Client::request`](crate::Client::request).
///
/// Every operation in this crate is generated. Implement the trait yourself for a route that the
/// crate does not know yet.
pub trait Operation: Send + Sync + 'static {
    /// What a successful call yields.
    type Output: Answer;

    /// The facts of the operation that don't depend on its values.
    const INFO: OperationInfo;

    /// Writes path and body. Called once for every request that is prepared.
    ///
    /// The generated ones are `#[inline]`: what a body takes to write is compiled where an operation is
    /// used, and not for all of them here.
    fn write(&self, request: &mut RequestParts);
}

/// The facts of an operation as the API document declares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The operationId, e.g. `ListUser`.
    pub id: &'static str,
    /// The resource the operation belongs to, e.g. `Users`.
    pub resource: &'static str,
    /// What the operation does to the resource.
    pub kind: OperationKind,
    /// The HTTP method.
    pub method: Method,
    /// The route template below `/xapi/v1`, e.g. `/Users({Id})`.
    pub route: &'static str,
    /// Whether the answer is a file: it is then handed out as a [`Download`](crate::Download).
    pub file: bool,
    /// The first release that has it, if not all do that this crate knows: `20.0.8`, or
    /// `20.0.7/2025-06-23` where documents of one release differ.
    pub since: Option<&'static str>,
    /// The last release that has it, if it is gone from the newest, written likewise.
    pub until: Option<&'static str>,
}

impl OperationInfo {
    /// Facts for an operation of every release, whose answer is not a file.
    #[must_use]
    pub const fn new(
        id: &'static str,
        resource: &'static str,
        kind: OperationKind,
        method: Method,
        route: &'static str,
    ) -> Self {
        Self { id, resource, kind, method, route, file: false, since: None, until: None }
    }

    /// The same facts for an operation that answers with a file.
    #[must_use]
    pub const fn with_file(mut self) -> Self {
        self.file = true;
        self
    }
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationKind {
    /// Reads a collection.
    List,
    /// Reads one entity.
    Get,
    /// Creates an entity.
    Create,
    /// Changes the properties that are sent.
    Update,
    /// Removes an entity.
    Delete,
    /// Reads what an entity refers to.
    Navigation,
    /// An OData function: reads, with its parameters in the path.
    Function,
    /// An OData action: may change something, with its parameters in the body.
    Action,
}

impl OperationKind {
    /// The kind in lower case, as the catalog shows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Navigation => "navigation",
            Self::Function => "function",
            Self::Action => "action",
        }
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An HTTP method that the XAPI uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PATCH`
    Patch,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method as it stands in the request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether the method only reads, so that sending it twice changes nothing.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }

    /// Whether HTTP defines that sending it twice has the effect of sending it once: all but POST
    /// and PATCH.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The operation declares `$filter`.
pub trait Filterable: Operation {
    /// The entity whose properties the filter may name.
    type Entity;
}

/// The operation declares `$select`.
pub trait Selectable: Operation {
    /// The entity whose properties may be selected.
    type Entity;
}

/// The operation declares `$expand`.
pub trait Expandable: Operation {
    /// The entity whose navigation properties may be expanded.
    type Entity;
}

/// The operation declares `$orderby`.
pub trait Orderable: Operation {
    /// The entity whose properties the answer may be ordered by.
    type Entity;
}

/// The operation declares `$search`.
pub trait Searchable: Operation {}

/// The operation declares `$count`.
pub trait Countable: Operation {}

/// The operation declares `$top` and `$skip`.
pub trait Pageable: Operation {}

/// The operation declares the header `If-Match`.
pub trait Conditional: Operation {}

/// The operation is a PATCH of an entity: what is absent stays, what is `null` is cleared.
pub trait Updatable: Operation {
    /// The entity whose properties may be cleared.
    type Entity;
}

/// What the option methods of a [`Request`](crate::Request) have gathered.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) query: Query,
    /// Optional path parameters, already encoded.
    pub(crate) literals: Vec<(&'static str, String)>,
    /// Optional properties of an action's body, already JSON.
    pub(crate) properties: Vec<(&'static str, Vec<u8>)>,
    /// Properties that a PATCH sets to null.
    pub(crate) cleared: Vec<&'static str>,
    pub(crate) if_match: Option<String>,
    pub(crate) timeout: Option<std::time::Duration>,
    pub(crate) attempt_timeout: Option<std::time::Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) retry_writes: bool,
    /// The first value that could not be written; reported when the request is prepared.
    pub(crate) problem: Option<Error>,
}

/// What [`Operation::write`] fills: the path below `/xapi/v1` and the JSON body.
///
/// It also holds the option values of the request, so that an operation can put them in their
/// place.
pub struct RequestParts {
    pub(crate) options: Options,
    pub(crate) path: String,
    pub(crate) body: Option<Body>,
    /// The media type of a body that is not JSON.
    pub(crate) content_type: Option<String>,
    /// A link that stands in place of the path; the request is checked to stay with the PBX.
    pub(crate) link: Option<String>,
}

/// The body as far as it is written.
pub(crate) enum Body {
    /// One complete JSON value.
    Complete(Vec<u8>),
    /// The inside of a JSON object: its braces are added at the end.
    Properties(Vec<u8>),
}

impl RequestParts {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            options,
            path: String::with_capacity(96),
            body: None,
            content_type: None,
            link: None,
        }
    }

    /// Adds raw text to the path. The route begins with a slash, and everything in it is sent as it
    /// is.
    pub fn path(&mut self, text: &'static str) {
        self.path.push_str(text);
    }

    /// Adds a value to the path as an OData literal: quoted and percent-encoded where its type asks
    /// for it.
    pub fn literal<L: Literal + ?Sized>(&mut self, value: &L) {
        literal::path_literal(&mut self.path, value);
    }

    /// Adds the optional path parameter `name`, or `''` where none was given: the PBX takes an
    /// absent string only like this.
    pub fn optional_literal(&mut self, name: &str) {
        match self.options.literals.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => self.path.push_str(text),
            None => self.path.push_str("''"),
        }
    }

    /// Adds the path parameter `name`, which is set like an option: not every release has it. Where
    /// none was given, the call is an error that names it.
    pub fn given_literal(&mut self, name: &str) {
        match self.options.literals.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => self.path.push_str(text),
            None => {
                self.options.problem.get_or_insert_with(|| Error::not_set(name));
            }
        }
    }

    /// Sends `value` as the JSON body.
    pub fn body<V: Serialize + ?Sized>(&mut self, value: &V) {
        match serde_json::to_vec(value) {
            Ok(json) => self.body = Some(Body::Complete(json)),
            Err(error) => self.fail("the body", &error),
        }
    }

    /// Sends a form with one file as the body.
    pub(crate) fn form_file(
        &mut self,
        boundary: &str,
        part: &str,
        file_name: &str,
        content: &[u8],
    ) {
        self.content_type = Some(format!("multipart/form-data; boundary={boundary}"));
        self.body = Some(Body::Complete(form_file(boundary, part, file_name, content)));
    }

    /// Begins the body of an action, so that it is sent as `{}` even if no property follows.
    pub fn empty_body(&mut self) {
        if !matches!(self.body, Some(Body::Properties(_))) {
            self.body = Some(Body::Properties(Vec::new()));
        }
    }

    /// Adds one property to the body of an action.
    pub fn property<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        match serde_json::to_vec(value) {
            Ok(json) => self.write_property(name, &json),
            Err(error) => self.fail(name, &error),
        }
    }

    /// Adds the optional property `name` to the body of an action if a value was given.
    pub fn optional_property(&mut self, name: &'static str) {
        self.empty_body();
        if let Some(at) = self.options.properties.iter().position(|(known, _)| *known == name) {
            let (_, json) = self.options.properties.swap_remove(at);
            self.write_property(name, &json);
        }
    }

    fn write_property(&mut self, name: &str, json: &[u8]) {
        self.empty_body();
        if let Some(Body::Properties(out)) = &mut self.body {
            if !out.is_empty() {
                out.push(b',');
            }
            // Wire names are identifiers: nothing in them needs escaping.
            out.push(b'"');
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
            out.extend_from_slice(json);
        }
    }

    fn fail(&mut self, what: &str, error: &serde_json::Error) {
        self.options.fail(what, error);
    }
}

impl Options {
    pub(crate) fn set_literal(&mut self, name: &'static str, text: String) {
        replace(&mut self.literals, name, text);
    }

    pub(crate) fn set_property(&mut self, name: &'static str, json: serde_json::Result<Vec<u8>>) {
        match json {
            Ok(json) => replace(&mut self.properties, name, json),
            Err(error) => self.fail(name, &error),
        }
    }

    pub(crate) fn fail(&mut self, what: &str, error: &serde_json::Error) {
        if self.problem.is_none() {
            self.problem = Some(Error::unwritable(what, error));
        }
    }
}

fn replace<V>(list: &mut Vec<(&'static str, V)>, name: &'static str, value: V) {
    match list.iter_mut().find(|(known, _)| *known == name) {
        Some(entry) => entry.1 = value,
        None => list.push((name, value)),
    }
}

impl Body {
    /// The finished JSON text. `cleared` become nulls, whatever the body said of them.
    pub(crate) fn finish(self, cleared: &[&'static str]) -> Result<Vec<u8>, serde_json::Error> {
        match self {
            Self::Complete(json) if cleared.is_empty() => Ok(json),
            Self::Complete(json) => with_nulls(&json, cleared),
            Self::Properties(inside) => {
                let mut json = Vec::with_capacity(inside.len() + 2);
                json.push(b'{');
                json.extend_from_slice(&inside);
                json.push(b'}');
                Ok(json)
            }
        }
    }
}

/// Rewrites a JSON object without the properties `cleared`, then adds them as nulls; other values
/// keep their bytes.
fn with_nulls(json: &[u8], cleared: &[&'static str]) -> Result<Vec<u8>, serde_json::Error> {
    let RawObject(entries) = serde_json::from_slice(json)?;
    let mut parts = RequestParts::new(Options::default());
    parts.empty_body();
    for (name, value) in &entries {
        if !cleared.contains(&&**name) {
            parts.write_property(name, value.get().as_bytes());
        }
    }
    for name in cleared {
        parts.write_property(name, b"null");
    }
    match parts.body {
        Some(body) => body.finish(&[]),
        None => Ok(json.to_vec()),
    }
}

/// The entries of a JSON object in their order, values untouched.
struct RawObject<'a>(Vec<(Cow<'a, str>, &'a serde_json::value::RawValue)>);

impl<'de> serde::Deserialize<'de> for RawObject<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> serde::de::Visitor<'de> for Entries {
            type Value = RawObject<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawObject(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
