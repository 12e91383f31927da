//! Reads a repaired OpenAPI document into the model, and reports all problems at once.

use std::collections::BTreeMap;

use openapiv3::{Components, OpenAPI, PathItem, ReferenceOr};

use super::marks::{BOUNDS, FORMER, PREDECESSORS, RELEASES, read_bounds, rows};
use super::named::enumeration;
use super::operation::{Operations, Source};
use super::schema::{Named, Types};
use super::{Api, DocumentId, History, Method, Operation, Seen, service};
use crate::load::{Document, kept};
use crate::problem::{At, Problem, Problems};
use crate::repair::{REPAIRS, repair};

/// What reading a document came across beside its facts.
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
    let mut api = Api {
        documents: Vec::new(),
        service_root: String::new(),
        token_path: String::new(),
        security_schemes: BTreeMap::new(),
        operations: BTreeMap::new(),
        entities: BTreeMap::new(),
        enumerations: BTreeMap::new(),
        aliases: BTreeMap::new(),
    };
    match documents(document) {
        Ok(documents) => api.documents = documents,
        Err(problem) => problems.push(problem),
    }
    let types = Types::new(&components.schemas, &api.documents, problems);
    // A type that can't be read would be one more problem at each of its uses.
    if !problems.is_empty() {
        return (api, Vec::new());
    }
    let sources = sources(document, &api.documents, problems);
    let mut operations = Operations { components, types: &types, used: Default::default() };
    let read = read_paths(&mut operations, &sources, problems);
    let unused = unused(components, &operations.used);
    let (entities, enumerations, aliases) = read_types(&types, problems);
    (api.operations, api.entities) = (read, entities);
    (api.enumerations, api.aliases) = (enumerations, aliases);
    match service::read(document, components) {
        Ok(service) => {
            (api.service_root, api.token_path) = (service.root, service.token_path);
            api.security_schemes = service.security_schemes;
        }
        Err(problem) => problems.push(problem),
    }
    (api, unused)
}

type ReadTypes = (
    BTreeMap<String, super::Entity>,
    BTreeMap<String, super::Enumeration>,
    BTreeMap<String, History<super::Type>>,
);

fn read_types(types: &Types<'_>, problems: &mut Vec<Problem>) -> ReadTypes {
    let (mut entities, mut enumerations, mut aliases) = ReadTypes::default();
    let top = At::top("components");
    let schemas = top.key("schemas");
    for (name, named, schema) in types.all() {
        let at = schemas.key(name);
        let seen = match types.bounds(schema, &at) {
            Ok(seen) => seen,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match (named, schema) {
            (Named::Entity, _) => {
                if let Some(entity) = types.entity(name, schema, seen, &at, problems) {
                    entities.insert(name.to_owned(), entity);
                }
            }
            (Named::Enumeration { flags }, ReferenceOr::Item(item)) => {
                match enumeration(name, *flags, item, types.documents, seen, &at) {
                    Ok(read) => drop(enumerations.insert(name.to_owned(), read)),
                    Err(problem) => problems.push(problem),
                }
            }
            (Named::Alias(of), _) => match types.alias(&of.ty, schema, seen, &at) {
                Ok(alias) => drop(aliases.insert(name.to_owned(), alias)),
                Err(more) => problems.extend(more),
            },
            (Named::Envelope | Named::Enumeration { .. }, _) => {}
        }
    }
    (entities, enumerations, aliases)
}

/// The documents a tracked document was made from.
fn documents(document: &OpenAPI) -> Result<Vec<DocumentId>, Problem> {
    let Some(documents) = document.extensions.get(RELEASES) else { return Ok(Vec::new()) };
    let at = At::top(RELEASES);
    let documents: Vec<DocumentId> =
        serde_json::from_value(documents.clone()).map_err(|error| {
            at.problem(format!("a list of `release` and `date` is expected: {error}"))
        })?;
    if !documents.is_sorted_by(|a, b| a < b) || documents.len() > Seen::MOST {
        return Err(
            at.problem(format!("the oldest is expected first, each once, {} at most", Seen::MOST))
        );
    }
    Ok(documents)
}

/// The operations of a document: those at its paths, each followed by its former variants.
fn sources(
    document: &OpenAPI,
    documents: &[DocumentId],
    problems: &mut Vec<Problem>,
) -> Vec<(Source, Vec<Source>)> {
    let mut found = Vec::new();
    let paths = At::top("paths");
    for (template, item) in &document.paths.paths {
        let at = paths.key(template);
        let ReferenceOr::Item(item) = item else {
            problems.push(at.refused("is a path that stands elsewhere"));
            continue;
        };
        let PathItem { get, put, post, delete, patch, options, head, trace, .. } = item;
        for (key, is_there) in [
            ("options", options.is_some()),
            ("head", head.is_some()),
            ("trace", trace.is_some()),
            ("servers", !item.servers.is_empty()),
            ("parameters", !item.parameters.is_empty()),
        ] {
            if is_there {
                problems.push(at.key(key).refused(format!("`{key}` stands at a path")));
            }
        }
        for key in item.extensions.keys() {
            problems.push(at.key(key).refused("is an extension that we don't know"));
        }
        for (method, operation) in [
            (Method::Get, get),
            (Method::Put, put),
            (Method::Post, post),
            (Method::Delete, delete),
            (Method::Patch, patch),
        ] {
            let Some(operation) = operation else { continue };
            let key = method.as_str().to_lowercase();
            let at = at.key(&key);
            let mut operation = operation.clone();
            let list = at.key(PREDECESSORS);
            let others = operation.extensions.shift_remove(PREDECESSORS);
            let others = rows(others.as_ref(), &list).unwrap_or_else(|problem| {
                problems.push(problem);
                Vec::new()
            });
            let mut all = vec![(operation, at.to_string())];
            for (index, other) in others.into_iter().enumerate() {
                let at = list.index(index);
                match kept(&serde_json::Value::Object(other), &at) {
                    Ok(other) => all.push((other, at.to_string())),
                    Err(more) => problems.extend(more),
                }
            }
            for (operation, at) in all {
                match source(template, method, operation, documents, &At::spelled(&at)) {
                    Ok(read) => found.push(read),
                    Err(more) => problems.extend(more),
                }
            }
        }
    }
    found
}

fn source(
    template: &str,
    method: Method,
    mut operation: openapiv3::Operation,
    documents: &[DocumentId],
    at: &At<'_>,
) -> Result<(Source, Vec<Source>), Vec<Problem>> {
    let all = Seen::all(documents.len());
    let seen = read_bounds(|key| operation.extensions.get(key), documents, all, at);
    let seen = seen.map_err(|problem| vec![problem])?;
    let former = operation.extensions.shift_remove(FORMER);
    operation.extensions.retain(|key, _| !BOUNDS.contains(&key.as_str()));
    let list = at.key(FORMER);
    let mut variants = Vec::new();
    for (index, row) in rows(former.as_ref(), &list).map_err(|it| vec![it])?.iter().enumerate() {
        let at = list.index(index);
        let known = ["path", "method", "operation"];
        let expected = || at.problem("`path`, `method`, `operation` and its bounds are expected");
        if row.keys().any(|key| !known.contains(&key.as_str()) && !BOUNDS.contains(&key.as_str())) {
            return Err(vec![expected()]);
        }
        let text = |key: &str| row.get(key).and_then(serde_json::Value::as_str);
        let method =
            Method::ALL.into_iter().find(|it| text("method") == Some(&it.as_str().to_lowercase()));
        let (Some(path), Some(method), Some(variant)) =
            (text("path"), method, row.get("operation"))
        else {
            return Err(vec![expected()]);
        };
        let seen = read_bounds(|key| row.get(key), documents, seen, &at).map_err(|it| vec![it])?;
        let operation = kept(variant, &at.key("operation"))?;
        variants.push(Source {
            template: path.to_owned(),
            method,
            operation,
            seen,
            at: at.to_string(),
        });
    }
    let template = template.to_owned();
    Ok((Source { template, method, operation, seen, at: at.to_string() }, variants))
}

fn read_paths<'d>(
    operations: &mut Operations<'d>,
    sources: &'d [(Source, Vec<Source>)],
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, History<Operation>> {
    let mut found: BTreeMap<String, History<Operation>> = BTreeMap::new();
    for (source, former) in sources {
        let mut read = |source: &'d Source| {
            let read = operations.read(source, &At::spelled(&source.at), problems);
            read.map_err(|problem| problems.push(problem)).ok().map(|read| (read, source.seen))
        };
        let Some((newest, seen)) = read(source) else { continue };
        let former: Vec<(Operation, Seen)> = former.iter().filter_map(read).collect();
        let id = newest.id.clone();
        let history = History { newest, seen, former };
        if let Some(other) = found.insert(id.clone(), history) {
            let other = other.newest;
            let message = format!(
                "operationId `{id}` stands twice, also at {} {}; give one of them another",
                other.method.as_str(),
                other.route.template
            );
            problems.push(At::spelled(&source.at).key("operationId").problem(message));
        }
    }
    found
}

fn unused(components: &Components, used: &std::collections::BTreeSet<String>) -> Vec<String> {
    let responses = components.responses.keys().map(|name| format!("responses/{name}"));
    let parameters = components.parameters.keys().map(|name| format!("parameters/{name}"));
    let bodies = components.request_bodies.keys().map(|name| format!("requestBodies/{name}"));
    let all = responses.chain(parameters).chain(bodies);
    all.filter(|name| !used.contains(&format!("#/components/{name}"))).collect()
}

impl<'de> serde::Deserialize<'de> for DocumentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Row {
            release: String,
            date: String,
            build: Option<u16>,
        }
        let Row { release, date, build } = Row::deserialize(deserializer)?;
        Ok(Self { release, date, build })
    }
}
