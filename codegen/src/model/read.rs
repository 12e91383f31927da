//! From a repaired OpenAPI document to the model, as a whole: all problems are reported at once.

use std::collections::BTreeMap;

use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr, SecurityScheme};

use super::operation::Operations;
use super::schema::{Named, Types, enumeration};
use super::{Api, Method, Release};
use crate::load::Document;
use crate::problem::{At, Problem, Problems};
use crate::repair::{REPAIRS, repair};

/// Our own mark at the top of a tracked document: the documents it was made from.
pub(crate) const RELEASES: &str = "x-releases";

/// What came in with a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How often each repair was applied.
    pub repairs: Vec<(&'static str, usize)>,
    /// Components of the document that no operation uses. They carry no fact of an operation.
    pub unused: Vec<String>,
}

/// Repairs a document and reads it into the model.
pub fn read(mut document: Document) -> Result<(Api, Summary), Problems> {
    let counts = repair(&mut document.openapi);
    let repairs = REPAIRS.iter().map(|repair| repair.name).zip(counts).collect();
    let mut problems = Vec::new();
    let (api, unused) = read_openapi(&document.openapi, &mut problems);
    if problems.is_empty() {
        return Ok((api, Summary { repairs, unused }));
    }
    Err(Problems::located(&document.source, &document.text, problems))
}

fn read_openapi(document: &OpenAPI, problems: &mut Vec<Problem>) -> (Api, Vec<String>) {
    let none = Components::default();
    let components = document.components.as_ref().unwrap_or(&none);
    let types = Types::new(&components.schemas, problems);
    let mut api = Api {
        releases: Vec::new(),
        service_root: String::new(),
        security_schemes: BTreeMap::new(),
        operations: BTreeMap::new(),
        entities: BTreeMap::new(),
        enumerations: BTreeMap::new(),
        aliases: BTreeMap::new(),
    };
    // Without its types, a document has one problem for each of their uses: the first ones suffice.
    if !problems.is_empty() {
        return (api, Vec::new());
    }
    read_types(&mut api, &types, problems);
    let mut operations = Operations { components, types: &types, used: Default::default() };
    read_paths(&mut api, &mut operations, document, problems);
    let unused = unused(components, &operations.used);
    if let Err(problem) = read_frame(&mut api, document, components) {
        problems.push(problem);
    }
    (api, unused)
}

fn read_types(api: &mut Api, types: &Types<'_>, problems: &mut Vec<Problem>) {
    let top = At::top("components");
    let schemas = top.key("schemas");
    for (name, named, schema) in types.named() {
        let at = schemas.key(name);
        match (named, schema) {
            (Named::Entity, _) => {
                if let Some(entity) = types.entity(name, schema, &at, problems) {
                    api.entities.insert(name.to_owned(), entity);
                }
            }
            (Named::Enumeration { flags }, ReferenceOr::Item(item)) => {
                match enumeration(name, *flags, item, &at) {
                    Ok(read) => drop(api.enumerations.insert(name.to_owned(), read)),
                    Err(problem) => problems.push(problem),
                }
            }
            (Named::Alias(ty), _) => drop(api.aliases.insert(name.to_owned(), ty.clone())),
            (Named::Page | Named::Enumeration { .. }, _) => {}
        }
    }
}

fn read_paths<'d>(
    api: &mut Api,
    operations: &mut Operations<'d>,
    document: &'d OpenAPI,
    problems: &mut Vec<Problem>,
) {
    let paths = At::top("paths");
    for (template, item) in &document.paths.paths {
        let at = paths.key(template);
        let ReferenceOr::Item(item) = item else {
            problems.push(at.problem("a path by reference is not understood"));
            continue;
        };
        let PathItem { get, put, post, delete, patch, .. } = item;
        let bare = PathItem {
            get: get.clone(),
            put: put.clone(),
            post: post.clone(),
            delete: delete.clone(),
            patch: patch.clone(),
            // Prose.
            summary: item.summary.clone(),
            description: item.description.clone(),
            ..PathItem::default()
        };
        if *item != bare {
            problems.push(at.problem("a path has methods, a summary and a description alone"));
        }
        let methods = [
            (Method::Get, "get", get),
            (Method::Put, "put", put),
            (Method::Post, "post", post),
            (Method::Delete, "delete", delete),
            (Method::Patch, "patch", patch),
        ];
        for (method, key, operation) in methods {
            let Some(operation) = operation else { continue };
            let at = at.key(key);
            match operations.read(template, method, operation, &at, problems) {
                Ok(read) => {
                    if let Some(other) = api.operations.insert(read.id.clone(), read) {
                        let message = format!(
                            "operationId `{}` stands twice: also at {} {}",
                            other.id,
                            other.method.as_str(),
                            other.route.template
                        );
                        problems.push(at.key("operationId").problem(message));
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
}

/// Everything around paths and types.
fn read_frame(api: &mut Api, document: &OpenAPI, components: &Components) -> Result<(), Problem> {
    let [server] = document.servers.as_slice() else {
        return Err(At::top("servers").problem("exactly one server is expected"));
    };
    api.service_root.clone_from(&server.url);
    if let Some(key) = document.extensions.keys().find(|key| *key != RELEASES) {
        return Err(At::top(key).problem("this extension is not understood"));
    }
    if let Some(releases) = document.extensions.get(RELEASES) {
        api.releases = serde_json::from_value(releases.clone()).map_err(|error| {
            At::top(RELEASES)
                .problem(format!("a list of `release` and `date` is expected: {error}"))
        })?;
    }
    let top = At::top("components");
    let known = components.headers.is_empty()
        && components.links.is_empty()
        && components.callbacks.is_empty()
        && components.extensions.is_empty();
    if !known {
        return Err(top.problem("headers, links, callbacks or extensions are not understood"));
    }
    let schemes = top.key("securitySchemes");
    for (name, scheme) in &components.security_schemes {
        let at = schemes.key(name);
        let ReferenceOr::Item(SecurityScheme::OAuth2 { .. }) = scheme else {
            return Err(at.problem("OAuth2 is expected"));
        };
        let mut value =
            serde_json::to_value(scheme).map_err(|error| at.problem(error.to_string()))?;
        without_prose(&mut value);
        api.security_schemes.insert(name.clone(), value);
    }
    match &document.security {
        Some(required) if !required.is_empty() => Ok(()),
        _ => Err(At::top("security").problem("a security requirement is expected")),
    }
}

/// A security scheme without descriptions; the scopes stay, their prose goes.
fn without_prose(scheme: &mut serde_json::Value) {
    let serde_json::Value::Object(map) = scheme else { return };
    map.shift_remove("description");
    for (key, value) in map {
        if key == "scopes" {
            for prose in value.as_object_mut().into_iter().flat_map(|scopes| scopes.values_mut()) {
                *prose = serde_json::Value::String(String::new());
            }
        } else {
            without_prose(value);
        }
    }
}

fn unused(components: &Components, used: &std::collections::BTreeSet<String>) -> Vec<String> {
    let responses = components.responses.keys().map(|name| format!("responses/{name}"));
    let parameters = components.parameters.keys().map(|name| format!("parameters/{name}"));
    let bodies = components.request_bodies.keys().map(|name| format!("requestBodies/{name}"));
    let all = responses.chain(parameters).chain(bodies);
    all.filter(|name| !used.contains(&format!("#/components/{name}"))).collect()
}

impl<'de> serde::Deserialize<'de> for Release {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Row {
            release: String,
            date: String,
        }
        let Row { release, date } = Row::deserialize(deserializer)?;
        Ok(Self { release, date })
    }
}
