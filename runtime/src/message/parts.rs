//! What an operation writes, and the option values that go into it.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;

use super::header::{OWN_IN_CALLS, header, text_of};
use super::multipart::form_file;
use super::retry::Limits;
use crate::error::Error;
use crate::filter::Filter;
use crate::info::OperationInfo;
use crate::json::{self, Object};
use crate::literal::{self, Literal};
use crate::query::{Query, search_text};

/// How many bytes of a URL a filter may take before a walk over pages divides it: proxies and
/// servers take request lines of 4 to 8 KiB, some of them query strings of 2 KiB.
const LONGEST_FILTER: usize = 2_000;

/// What the option methods of a request have gathered. A request is moved several times on its way, and most
/// have no options: those take no memory.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct Options(Option<Box<OptionValues>>);

impl Options {
    /// The options, if any is set.
    pub(crate) fn if_set(&mut self) -> Option<&mut OptionValues> {
        self.0.as_deref_mut()
    }

    fn take_literal(&mut self, name: &str) -> Option<String> {
        let at = self.literals.iter().position(|(known, _)| *known == name)?;
        Some(self.literals.swap_remove(at).1)
    }
}

impl Deref for Options {
    type Target = OptionValues;

    fn deref(&self) -> &OptionValues {
        static NONE: LazyLock<OptionValues> = LazyLock::new(OptionValues::default);
        self.0.as_deref().unwrap_or_else(|| &NONE)
    }
}

/// Whoever changes an option sets it: only then is there memory for all.
impl DerefMut for Options {
    fn deref_mut(&mut self) -> &mut OptionValues {
        self.0.get_or_insert_default()
    }
}

/// The options of a request.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct OptionValues {
    /// The query options.
    pub query: Query,
    /// Optional path parameters, already encoded.
    pub(crate) literals: Vec<(&'static str, String)>,
    /// Optional properties of an action's body, already JSON.
    pub(crate) properties: Vec<(&'static str, Vec<u8>)>,
    /// The key property by which the answer is ordered.
    pub by_key: Option<&'static str>,
    /// Whether the number of rows is asked for, in place of the rows.
    pub count_only: bool,
    /// Whether no row can match, so that the answer is known without a request.
    pub(crate) is_vain: bool,
    /// Properties that a PATCH sets to null.
    pub cleared: Vec<&'static str>,
    /// The ETag that the entity must still have.
    pub if_match: Option<String>,
    /// Headers beside those of the client.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// What is set for this call in place of the client's settings.
    pub limits: Limits,
    /// The secrets among the values, as they are written.
    pub(crate) secrets: Vec<String>,
    /// The first value that could not be written; reported when the request is prepared.
    pub(crate) problem: Option<Error>,
}

/// What [`Operation::write`](crate::operation::Operation::write) fills: the path below `/xapi/v1` and the JSON body.
///
/// It also holds the option values of the request, so that an operation can put them in their
/// place.
#[derive(Clone)]
pub struct RequestParts {
    pub(crate) options: Options,
    /// Which of the operation's variants is written.
    variant: usize,
    pub(crate) path: String,
    pub(crate) body: Option<Body>,
    /// The media type of a body that is not JSON.
    pub(crate) content_type: Option<String>,
    /// A link that stands in place of the path; the request is checked to stay with the PBX.
    pub(crate) link: Option<String>,
}

/// The body as far as it is written.
#[derive(Clone)]
pub(crate) enum Body {
    /// One complete JSON value.
    Complete(Vec<u8>),
    /// The inside of a JSON object: its braces are added at the end.
    Properties(Vec<u8>),
}

impl RequestParts {
    pub(crate) fn new(options: Options, variant: usize) -> Self {
        Self {
            options,
            variant,
            path: String::with_capacity(96),
            body: None,
            content_type: None,
            link: None,
        }
    }

    /// The index of the variant to write, in [`OperationInfo::variants`](crate::operation::OperationInfo::variants);
    /// 0 for an operation that never changed.
    #[must_use]
    pub fn variant(&self) -> usize {
        self.variant
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

    /// Adds a value that must not be shown: neither here nor in an error, if the PBX repeats it.
    pub fn hidden(&mut self, write: impl FnOnce(&mut Self)) {
        let inside = |this: &Self| match &this.body {
            Some(Body::Properties(inside)) => inside.len(),
            _ => 0,
        };
        let (in_path, in_body) = (self.path.len(), inside(self));
        write(self);
        let literal = self.path.get(in_path..).unwrap_or_default();
        // As it stands in the path, and without the quotes of OData.
        let unquoted = literal.trim_matches('\'').replace("''", "'");
        let mut secrets = vec![literal.to_owned(), unquoted];
        if let Some(Body::Properties(inside)) = &self.body {
            let entry = String::from_utf8_lossy(inside.get(in_body..).unwrap_or_default());
            let value = entry.split_once("\":").map_or("", |(_, value)| value);
            secrets.push(json::unquoted(value).to_owned());
        }
        self.options.secrets.extend(secrets.into_iter().filter(|secret| !secret.is_empty()));
    }

    /// Keeps the secrets of the JSON that was written last.
    fn keep_secrets(&mut self) {
        let secrets = json::take_secrets();
        if !secrets.is_empty() {
            self.options.secrets.extend(secrets);
        }
    }

    /// Adds the optional path parameter `name`, or `''` where none was given: the PBX takes an
    /// absent string only like this.
    pub fn optional_literal(&mut self, name: &str) {
        match self.options.take_literal(name) {
            Some(text) => self.path.push_str(&text),
            None => self.path.push_str("''"),
        }
    }

    /// Adds the path parameter `name`, which this variant of the operation needs and others do not know:
    /// the request's method `set_by` gives it.
    pub fn given_literal(&mut self, name: &str, set_by: &str) {
        match self.options.take_literal(name) {
            Some(text) => self.path.push_str(&text),
            None => self
                .options
                .refuse(format!("this PBX's release needs `{name}`: give it with `.{set_by}(…)`")),
        }
    }

    /// Adds the path parameter `name`, unless the value has the type of another release.
    pub fn typed_literal<L: Literal>(&mut self, name: &str, value: Option<&L>) {
        match value {
            Some(value) => self.literal(value),
            None => self.refuse_type(name),
        }
    }

    /// Adds the property `name` to the body of an action, unless the value has the type of another
    /// release.
    pub fn typed_property<V: Serialize>(&mut self, name: &'static str, value: Option<&V>) {
        match value {
            Some(value) => self.property(name, value),
            None => self.refuse_type(name),
        }
    }

    fn refuse_type(&mut self, name: &str) {
        self.options.refuse(format!(
            "the value given for `{name}` has the type of another release than this PBX's"
        ));
    }

    /// Sends `value` as the JSON body.
    pub fn body<V: Serialize + ?Sized>(&mut self, value: &V) {
        match json::to_body("the body", value) {
            Ok(json) => self.body = Some(Body::Complete(json)),
            Err(error) => self.options.fail(error),
        }
        self.keep_secrets();
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

    /// Fails the request with this message.
    pub(crate) fn refuse(&mut self, message: &str) {
        self.options.refuse(message.to_owned());
    }

    /// Begins the body of an action, so that it is sent as `{}` even if no property follows.
    pub fn empty_body(&mut self) {
        if !matches!(self.body, Some(Body::Properties(_))) {
            self.body = Some(Body::Properties(Vec::new()));
        }
    }

    /// Adds one property to the body of an action.
    pub fn property<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        match json::to_body(name, value) {
            Ok(json) => self.write_property(name, &json),
            Err(error) => self.options.fail(error),
        }
        self.keep_secrets();
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
            json::push_entry(out, name, json);
        }
    }

    /// What was given and has no place in this variant of the operation.
    pub(crate) fn refuse_leftovers(&mut self) {
        let Some(options) = self.options.if_set() else { return };
        let literal = options.literals.first().map(|(name, _)| *name);
        let property = options.properties.first().map(|(name, _)| *name);
        if let Some(name) = literal.or(property) {
            options.refuse(format!("`{name}` was given, which this PBX's release does not take"));
        }
    }

    /// What was set and this variant of the operation does not declare.
    pub(crate) fn refuse_undeclared(&mut self, undeclared: &[&str]) {
        let Some(options) = self.options.if_set() else { return };
        let OptionValues { query, by_key, if_match, .. } = &*options;
        let by_key = by_key.map(|_| "$orderby");
        let if_match = if_match.as_ref().map(|_| "If-Match");
        let set = query.names().chain(by_key).chain(if_match).find(|it| undeclared.contains(it));
        if let Some(name) = set {
            options.refuse(format!("`{name}` was set, which this PBX's release does not take"));
        }
    }
}

impl OptionValues {
    /// Checks the options together, and puts in order what depends on others.
    pub(crate) fn settle(&mut self, info: OperationInfo) -> Result<(), Error> {
        if let Some(problem) = self.problem.take() {
            return Err(problem.in_operation(info));
        }
        if let Some(key) = self.by_key
            && !self.query.order_by_key(key)
        {
            return Err(Error::bad_request(
                info,
                "`by_key` orders by the key: leave `order_by` out, or page without `by_key`",
            ));
        }
        if let Some(problem) = self.query.problem() {
            return Err(Error::bad_request(info, problem));
        }
        if self.count_only {
            self.query = std::mem::take(&mut self.query).matching();
        }
        self.secrets.extend(self.headers.iter().map(|(_, value)| text_of(value).to_owned()));
        Ok(())
    }

    /// Sets the filter of an operation, which may be one of a collection.
    pub fn set_filter<E>(&mut self, filter: &Filter<E>, of_collection: bool) {
        self.query.filter = Some(filter.to_string());
        self.query.divided = filter.divided(LONGEST_FILTER);
        self.is_vain = of_collection && filter.is_never();
    }

    /// Sets the phrase that is searched for; none if the text is empty.
    pub fn set_search(&mut self, text: &str) {
        self.query.search = search_text(text);
    }

    /// Sets an optional path parameter, already encoded.
    pub fn set_literal(&mut self, name: &'static str, text: String) {
        replace(&mut self.literals, name, text);
    }

    /// Sets an optional property of an action's body.
    pub fn set_property<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        match json::to_body(name, value) {
            Ok(json) => replace(&mut self.properties, name, json),
            Err(error) => self.fail(error),
        }
        self.secrets.extend(json::take_secrets());
    }

    /// Sends a header; one of the same name goes.
    pub fn add_header(&mut self, name: &str, value: &str) {
        match header(name, value, OWN_IN_CALLS) {
            Ok(header) => {
                self.headers.retain(|(known, _)| *known != header.0);
                self.headers.push(header);
            }
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: Error) {
        self.problem.get_or_insert(error);
    }

    fn refuse(&mut self, message: String) {
        self.problem.get_or_insert_with(|| Error::configuration(message));
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
            Self::Properties(inside) => Ok(json::object(&inside)),
        }
    }
}

/// Rewrites a JSON object without the properties `cleared`, then adds them as nulls; other values
/// keep their bytes.
fn with_nulls(text: &[u8], cleared: &[&'static str]) -> Result<Vec<u8>, serde_json::Error> {
    let Object(entries) = serde_json::from_slice(text)?;
    let mut inside = Vec::with_capacity(text.len());
    for (name, value) in entries.iter().filter(|(name, _)| !cleared.contains(&&**name)) {
        json::push_entry(&mut inside, name, value.get().as_bytes());
    }
    for name in cleared {
        json::push_entry(&mut inside, name, b"null");
    }
    Ok(json::object(&inside))
}
