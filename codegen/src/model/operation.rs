//! Operations: routes, parameters, bodies and answers.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{
    Components, MediaType, Operation as OpenApiOperation, Parameter as SourceParameter,
    ParameterData, ParameterSchemaOrContent, ReferenceOr, RequestBody, Response, Schema,
    SchemaKind, StatusCode, Type as SchemaType,
};

use super::schema::{SCHEMAS, Types};
use super::{
    Answer, Body, Method, Operation, OperationKind, Parameter, QueryOption, Route, RoutePart, Seen,
    Type,
};
use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

pub(super) const DOCS_TYPE: &str = "x-ms-docs-operation-type";
pub(super) const KEY_TYPE: &str = "x-ms-docs-key-type";

/// An operation as the document has it: at one of its paths, or as a former variant of one.
pub(super) struct Source {
    pub(super) template: String,
    pub(super) method: Method,
    /// The operation without our own marks.
    pub(super) operation: OpenApiOperation,
    pub(super) seen: Seen,
    /// Where it stands.
    pub(super) at: String,
}

/// Reads operations, and remembers which components they used.
pub(super) struct Operations<'d> {
    pub(super) components: &'d Components,
    pub(super) types: &'d Types<'d>,
    pub(super) used: BTreeSet<String>,
}

impl<'d> Operations<'d> {
    pub(super) fn read(
        &mut self,
        source: &'d Source,
        at: &At<'_>,
        problems: &mut Vec<Problem>,
    ) -> Read<Operation> {
        let (template, method) = (&source.template, source.method);
        let OpenApiOperation {
            tags,
            operation_id,
            parameters,
            request_body,
            responses,
            callbacks,
            deprecated,
            security,
            servers,
            extensions,
            // Prose.
            summary: _,
            description: _,
            external_docs: _,
        } = &source.operation;
        if !callbacks.is_empty() || *deprecated || security.is_some() || !servers.is_empty() {
            let message = "`callbacks`, `deprecated`, `security` or `servers` is not understood \
                           on an operation";
            return Err(at.problem(message));
        }
        if let Some(key) = extensions.keys().find(|key| *key != DOCS_TYPE) {
            return Err(at.key(key).problem("this extension is not understood here"));
        }
        let id = operation_id.clone().ok_or_else(|| at.problem("has no operationId"))?;
        let [tag] = tags.as_slice() else {
            return Err(at.key("tags").problem("exactly one tag is expected"));
        };
        let answer = self.answer(responses, at)?;
        let docs_type = extensions.get(DOCS_TYPE).and_then(serde_json::Value::as_str);
        let route = parse_route(template).ok_or_else(|| {
            at.problem(format!("`{template}` has a brace that is not closed or not opened"))
        })?;
        let kind = kind(&route, method, docs_type, &answer, at)?;
        let import = matches!(docs_type, Some("functionImport" | "actionImport"));
        let first = route.segments().next().unwrap_or_default();
        let resource = if import { tag } else { first.split('(').next().unwrap_or_default() };
        let mut operation = Operation {
            id,
            method,
            resource: resource.to_owned(),
            kind,
            parameters: Vec::new(),
            options: Vec::new(),
            if_match: false,
            body: None,
            answer,
            route,
        };
        let list = at.key("parameters");
        for (index, parameter) in parameters.iter().enumerate() {
            let here = list.index(index);
            if let Err(problem) = self.parameter(&mut operation, parameter, &here) {
                problems.push(problem);
            }
        }
        in_route_order(&mut operation, &list)?;
        if let Some(body) = request_body {
            let is_action = operation.kind == OperationKind::Action;
            operation.body = Some(self.body(body, is_action, &at.key("requestBody"), problems)?);
        }
        Ok(operation)
    }

    fn parameter(
        &mut self,
        operation: &mut Operation,
        parameter: &'d ReferenceOr<SourceParameter>,
        at: &At<'_>,
    ) -> Read<()> {
        let parameter = match parameter {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => {
                let found = component(reference, "parameters", &self.components.parameters, at)?;
                self.used.insert(reference.clone());
                found
            }
        };
        match parameter {
            SourceParameter::Path { parameter_data, .. } => {
                let read = self.path_parameter(parameter_data, at)?;
                if operation.parameters.iter().any(|other| other.name == read.name) {
                    return Err(at.problem(format!("`{}` is declared twice", read.name)));
                }
                operation.parameters.push(read);
            }
            SourceParameter::Query { parameter_data, .. } => {
                let name = &parameter_data.name;
                let option = QueryOption::ALL.into_iter().find(|option| option.as_str() == name);
                let option = option.ok_or_else(|| {
                    at.problem(format!("`{name}` is not one of OData's query options"))
                })?;
                operation.options.push(option);
                operation.options.sort_unstable();
            }
            SourceParameter::Header { parameter_data, .. } if parameter_data.name == "If-Match" => {
                operation.if_match = true;
            }
            SourceParameter::Header { parameter_data, .. }
            | SourceParameter::Cookie { parameter_data, .. } => {
                let name = &parameter_data.name;
                return Err(at.problem(format!("the header or cookie `{name}` is not understood")));
            }
        }
        Ok(())
    }

    fn path_parameter(&self, data: &'d ParameterData, at: &At<'_>) -> Read<Parameter> {
        if let Some(key) = data.extensions.keys().find(|key| *key != KEY_TYPE) {
            return Err(at.key(key).problem("this extension is not understood here"));
        }
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return Err(at.key("content").problem("is not understood: `schema` is expected"));
        };
        let at = at.key("schema");
        let typed = self.types.typed(schema, &at)?;
        if matches!(typed.ty, Type::Collection(_) | Type::Entity(_)) {
            return Err(at.problem(format!("{} can't stand in a route", typed.ty.edm())));
        }
        if typed.nullable && typed.ty != Type::String {
            let message = format!("an absent {} in a route is not understood", typed.ty.edm());
            return Err(at.problem(message));
        }
        let key_of = data.extensions.get(KEY_TYPE).and_then(serde_json::Value::as_str);
        Ok(Parameter {
            name: data.name.clone(),
            ty: typed.ty,
            nullable: typed.nullable,
            max_length: typed.max_length,
            default: typed.default,
            key_of: key_of.map(str::to_owned),
        })
    }

    fn body(
        &mut self,
        body: &'d ReferenceOr<RequestBody>,
        is_action: bool,
        at: &At<'_>,
        problems: &mut Vec<Problem>,
    ) -> Read<Body> {
        let body = match body {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => {
                let found =
                    component(reference, "requestBodies", &self.components.request_bodies, at)?;
                self.used.insert(reference.clone());
                found
            }
        };
        if let Some(key) = body.extensions.keys().next() {
            return Err(at.key(key).problem("this extension is not understood here"));
        }
        let required = body.required;
        let content = at.key("content");
        let schema = json_schema(&body.content, &content)?;
        let here = content.key("application/json");
        let here = here.key("schema");
        match schema {
            ReferenceOr::Reference { .. } if !is_action => {
                match self.types.typed(schema, &here)?.ty {
                    Type::Entity(entity) => Ok(Body::Entity { entity, required }),
                    other => Err(here.problem(format!("{} can't be a body", other.edm()))),
                }
            }
            // An action's parameters, which some documents give a name of their own. JSON knows no
            // order, and neither do the documents: they are sorted like everything else.
            _ => {
                let flat = self.types.flatten(schema, &here)?;
                let all = Seen::all(self.types.documents.len());
                let read = self.types.properties(&flat, all, &here, problems);
                if read.values().any(|it| it.seen != all || !it.former.is_empty()) {
                    return Err(
                        here.problem("a body's history is that of its operation's variants")
                    );
                }
                let properties = read.into_values().map(|it| it.newest);
                Ok(Body::Parameters { properties: properties.collect(), required })
            }
        }
    }

    fn answer(&mut self, responses: &'d openapiv3::Responses, at: &At<'_>) -> Read<Answer> {
        let at = at.key("responses");
        let error = responses.default.as_ref().ok_or_else(|| {
            at.problem("has no `default` answer: the error of the API is expected there")
        })?;
        self.error_answer(error, &at.key("default"))?;
        let mut all = responses.responses.iter();
        let (Some((status, response)), None) = (all.next(), all.next()) else {
            return Err(at.problem("exactly one answer beside `default` is expected"));
        };
        let status_text = status.to_string();
        let here = at.key(&status_text);
        let status = match status {
            StatusCode::Code(status @ (200 | 201 | 204)) => *status,
            _ => return Err(here.problem("a status other than 200, 201, 204 is not understood")),
        };
        let response = self.response(response, &here)?;
        let content = here.key("content");
        match (status, response.content.is_empty()) {
            (204, true) => return Ok(Answer::Nothing),
            (204, false) => return Err(content.problem("204 has no content")),
            (_, true) => return Err(here.problem("an answer without content is not understood")),
            (_, false) => {}
        }
        let schema = json_schema(&response.content, &content)?;
        let here = content.key("application/json");
        self.answer_type(schema, status, &here.key("schema"))
    }

    fn error_answer(&mut self, error: &'d ReferenceOr<Response>, at: &At<'_>) -> Read<()> {
        let response = self.response(error, at)?;
        let content = at.key("content");
        match json_schema(&response.content, &content)? {
            ReferenceOr::Reference { reference } if reference.ends_with(".ODataError") => Ok(()),
            _ => Err(content.problem("the error of the API (ODataError) is expected here")),
        }
    }

    fn response(&mut self, response: &'d ReferenceOr<Response>, at: &At<'_>) -> Read<&'d Response> {
        let response = match response {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => {
                let found = component(reference, "responses", &self.components.responses, at)?;
                self.used.insert(reference.clone());
                found
            }
        };
        let known = response.headers.is_empty() && response.links.is_empty();
        if !known || !response.extensions.is_empty() {
            return Err(at.problem("headers, links or extensions of an answer are not understood"));
        }
        Ok(response)
    }

    fn answer_type(
        &self,
        schema: &'d ReferenceOr<Schema>,
        status: u16,
        at: &At<'_>,
    ) -> Read<Answer> {
        let entity = |ty: Type, nullable| match ty {
            Type::Entity(entity) => Ok(Answer::Object { entity, nullable, status }),
            Type::Enumeration(_) if status == 200 => {
                Ok(Answer::Value { ty, nullable, default: None, bare: true })
            }
            other => Err(at.problem(format!("a bare {} is not an answer", other.edm()))),
        };
        match schema {
            // A nullable object: a one-member `allOf`.
            ReferenceOr::Item(item) if matches!(&item.schema_kind, SchemaKind::AllOf { all_of } if all_of.len() == 1) =>
            {
                let typed = self.types.typed(schema, at)?;
                return entity(typed.ty, typed.nullable);
            }
            ReferenceOr::Reference { reference }
                if !self.types.is_page(reference.trim_start_matches(SCHEMAS)) =>
            {
                return entity(self.types.typed(schema, at)?.ty, false);
            }
            _ => {}
        }
        // What is left is `{value: …}`.
        let flat = self.types.flatten(schema, at)?;
        let known = flat.properties.keys().all(|name| matches!(*name, "@odata.count" | "value"));
        let Some(value) = flat.properties.get("value").filter(|_| known) else {
            return Err(at.problem("an answer in place is understood as `{value: …}` alone"));
        };
        let is_list = matches!(value, ReferenceOr::Item(item)
            if matches!(item.schema_kind, SchemaKind::Type(SchemaType::Array(_))));
        if status != 200 {
            return Err(at.problem("`{value: …}` is understood with status 200 alone"));
        }
        let here = at.key("properties");
        let typed = self.types.typed(value, &here.key("value"))?;
        Ok(match typed.ty {
            Type::Collection(of) if is_list => Answer::Collection { of: *of },
            ty => {
                let (nullable, default) = (typed.nullable, typed.default);
                Answer::Value { ty, nullable, default, bare: false }
            }
        })
    }
}

/// A shared part of the document.
fn component<'d, T>(
    reference: &str,
    section: &str,
    known: &'d IndexMap<String, ReferenceOr<T>>,
    at: &At<'_>,
) -> Read<&'d T> {
    let name = reference
        .strip_prefix("#/components/")
        .and_then(|rest| rest.strip_prefix(section)?.strip_prefix('/'));
    name.and_then(|name| known.get(name)?.as_item()).ok_or_else(|| {
        let message = format!("`{reference}` leads nowhere; is the document complete?");
        at.key("$ref").problem(message)
    })
}

/// The schema of the one media type that the API speaks.
fn json_schema<'d>(content: &'d openapiv3::Content, at: &At<'_>) -> Read<&'d ReferenceOr<Schema>> {
    let mut all = content.iter();
    let (Some(("application/json", media)), None) =
        (all.next().map(|(name, media)| (name.as_str(), media)), all.next())
    else {
        return Err(at.problem("`application/json` and nothing else is expected"));
    };
    // Examples are prose.
    let MediaType { schema, example: _, examples: _, encoding, extensions } = media;
    let here = at.key("application/json");
    if !encoding.is_empty() || !extensions.is_empty() {
        return Err(here.problem("`encoding` and extensions are not understood here"));
    }
    schema.as_ref().ok_or_else(|| here.problem("has no schema"))
}

/// Splits a template into its parts; none if its braces don't match.
fn parse_route(template: &str) -> Option<Route> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if text.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        parts.push(RoutePart::Text(text.to_owned()));
        parts.push(RoutePart::Parameter(name.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    if !rest.is_empty() {
        parts.push(RoutePart::Text(rest.to_owned()));
    }
    Some(Route { template: template.to_owned(), parts })
}

/// Sorts the parameters into the route's order, and checks that each parameter has one place in the
/// route and each place one parameter.
fn in_route_order(operation: &mut Operation, at: &At<'_>) -> Read<()> {
    let mut declared = std::mem::take(&mut operation.parameters);
    for part in &operation.route.parts {
        let RoutePart::Parameter(name) = part else { continue };
        let Some(index) = declared.iter().position(|parameter| parameter.name == *name) else {
            let template = &operation.route.template;
            let message = format!("`{{{name}}}` of `{template}` is not declared as a parameter");
            return Err(at.problem(message));
        };
        operation.parameters.push(declared.remove(index));
    }
    match declared.first() {
        None => Ok(()),
        Some(extra) => {
            let (name, template) = (&extra.name, &operation.route.template);
            Err(at.problem(format!("path parameter `{name}` has no placeholder in `{template}`")))
        }
    }
}

/// What an operation does, read from its mark and its route.
fn kind(
    route: &Route,
    method: Method,
    docs_type: Option<&str>,
    answer: &Answer,
    at: &At<'_>,
) -> Read<OperationKind> {
    let segments: Vec<&str> = route.segments().collect();
    let bound = segments.last().is_some_and(|last| last.starts_with("Pbx."));
    let import = segments.len() == 1;
    match (docs_type, method) {
        (Some("function"), Method::Get) if bound => return Ok(OperationKind::Function),
        (Some("functionImport"), Method::Get) if import => return Ok(OperationKind::Function),
        (Some("action"), Method::Post) if bound || import => return Ok(OperationKind::Action),
        (Some("actionImport"), Method::Post) if import => return Ok(OperationKind::Action),
        (Some("operation") | None, _) if !bound => {}
        _ => return Err(at.key(DOCS_TYPE).problem("doesn't fit the operation's method and route")),
    }
    let keyed = segments.first().is_some_and(|first| first.contains('('));
    let list = matches!(answer, Answer::Collection { .. });
    match (segments.as_slice(), method) {
        ([_], Method::Get) if list && !keyed => Ok(OperationKind::List),
        ([_], Method::Get) => Ok(OperationKind::Get),
        ([_], Method::Post) if !keyed => Ok(OperationKind::Create),
        ([_], Method::Patch | Method::Put) => Ok(OperationKind::Update),
        ([_], Method::Delete) => Ok(OperationKind::Delete),
        ([_, _], Method::Get) => Ok(OperationKind::Navigation),
        _ => Err(at.problem("a route like this is not understood with this method")),
    }
}
