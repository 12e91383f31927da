//! Operations: routes, parameters, bodies and answers.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{
    Components, MediaType, Operation as OpenApiOperation, Parameter as SourceParameter,
    ParameterData, ParameterSchemaOrContent, ReferenceOr, RequestBody, Response, Schema,
    SchemaKind, StatusCode, Type as SchemaType,
};

use super::kind::{self, DOCS_TYPE};
use super::route;
use super::schema::{Types, is_envelope};
use super::typed::{NAVIGATION, Typed, unnoted};
use super::{
    Answer, Body, Method, Operation, OperationKind, Parameter, QueryOption, RoutePart, Seen, Type,
};
use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

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
        for (key, is_there) in [
            ("callbacks", !callbacks.is_empty()),
            ("security", security.is_some()),
            ("servers", !servers.is_empty()),
        ] {
            if is_there {
                return Err(at.key(key).refused("stands on an operation of its own"));
            }
        }
        if let Some(key) = extensions.keys().find(|key| *key != DOCS_TYPE) {
            return Err(at.key(key).refused("is an extension that we don't know"));
        }
        let id = operation_id.clone().ok_or_else(|| {
            at.problem("has no operationId; give it one, because people search for it")
        })?;
        let [tag] = tags.as_slice() else {
            let message = "exactly one tag is expected: the resource that the operation is about";
            return Err(at.key("tags").problem(message));
        };
        let answer = self.answer(responses, at)?;
        let docs_type = extensions.get(DOCS_TYPE).and_then(serde_json::Value::as_str);
        let route = route::parse(template, at)?;
        let kind = kind::kind(&route, method, docs_type, &answer, at)?;
        if answer == Answer::File && method != Method::Get {
            return Err(at.key("responses").refused("answers a change with bytes"));
        }
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
            deprecated: *deprecated,
            route,
        };
        let (list, known) = (at.key("parameters"), problems.len());
        for (index, parameter) in parameters.iter().enumerate() {
            let here = list.index(index);
            if let Err(problem) = self.parameter(&mut operation, parameter, &here) {
                problems.push(problem);
            }
        }
        // A parameter that can't be read would be missed here too.
        if problems.len() == known {
            in_route_order(&mut operation, &list)?;
        }
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
                    return Err(
                        at.problem(format!("`{}` is declared twice; remove one", read.name))
                    );
                }
                operation.parameters.push(read);
            }
            SourceParameter::Query { parameter_data, .. } => {
                let name = &parameter_data.name;
                let option = QueryOption::ALL.into_iter().find(|option| option.as_str() == name);
                let option = option.ok_or_else(|| {
                    let options = QueryOption::ALL.map(QueryOption::as_str).join(", ");
                    at.refused(format!("`{name}` is none of the query options {options}"))
                })?;
                optional(parameter_data, at)?;
                if operation.options.contains(&option) {
                    return Err(at.problem(format!("`{name}` is declared twice; remove one")));
                }
                operation.options.push(option);
                operation.options.sort_unstable();
            }
            SourceParameter::Header { parameter_data, .. } if parameter_data.name == "If-Match" => {
                optional(parameter_data, at)?;
                operation.if_match = true;
            }
            SourceParameter::Header { parameter_data, .. } => {
                let name = &parameter_data.name;
                return Err(at.refused(format!("is a header other than If-Match, `{name}`")));
            }
            SourceParameter::Cookie { parameter_data, .. } => {
                return Err(at.refused(format!("is a cookie, `{}`", parameter_data.name)));
            }
        }
        Ok(())
    }

    fn path_parameter(&self, data: &'d ParameterData, at: &At<'_>) -> Read<Parameter> {
        if let Some(key) = data.extensions.keys().find(|key| *key != KEY_TYPE) {
            return Err(at.key(key).refused("is an extension that we don't know"));
        }
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return Err(at.key("content").refused("stands where `schema` is expected"));
        };
        let deprecated = data.deprecated.unwrap_or_default();
        let at = at.key("schema");
        let mut typed = self.types.typed(schema, &at)?;
        typed.notes.deprecated |= deprecated;
        if typed.navigation {
            return Err(at.key(NAVIGATION).refused("marks a parameter"));
        }
        if matches!(typed.ty, Type::Collection(_) | Type::Entity(_) | Type::Binary) {
            return Err(at.refused(format!("puts {} into a route", typed.ty.edm())));
        }
        if typed.nullable && typed.ty != Type::String {
            return Err(at.refused(format!("lets {} be absent from a route", typed.ty.edm())));
        }
        let key_of = data.extensions.get(KEY_TYPE).and_then(serde_json::Value::as_str);
        Ok(Parameter {
            name: data.name.clone(),
            ty: typed.ty,
            nullable: typed.nullable,
            limits: typed.limits,
            notes: typed.notes,
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
            return Err(at.key(key).refused("is an extension that we don't know"));
        }
        let required = body.required;
        let content = at.key("content");
        let schema = json_schema(&body.content, &content)?;
        let here = content.key("application/json");
        let here = here.key("schema");
        match schema {
            ReferenceOr::Reference { .. } if !is_action => {
                match unnoted(self.types.typed(schema, &here)?, &here)? {
                    Type::Entity(entity) => Ok(Body::Entity { entity, required }),
                    other => Err(here.refused(format!("makes {} a body", other.edm()))),
                }
            }
            // An action's parameters, which some documents give a name of their own. JSON knows no
            // order, and neither do the documents: they are sorted like everything else.
            _ => {
                let flat = self.types.flatten(schema, &here)?;
                flat.closed()?;
                let all = Seen::all(self.types.documents.len());
                let read = self.types.properties(&flat, all, &here, problems);
                if read.values().any(|it| it.seen != all || !it.former.is_empty()) {
                    return Err(here.problem(
                        "a body's history is that of its operation's variants; write it there",
                    ));
                }
                let properties = read.into_values().map(|it| it.newest);
                Ok(Body::Parameters { properties: properties.collect(), required })
            }
        }
    }

    fn answer(&mut self, responses: &'d openapiv3::Responses, at: &At<'_>) -> Read<Answer> {
        let at = at.key("responses");
        let is_error = |status: &StatusCode| match status {
            StatusCode::Range(first) => *first >= 4,
            StatusCode::Code(status) => *status >= 400,
        };
        let (errors, all): (Vec<_>, Vec<_>) =
            responses.responses.iter().partition(|(status, _)| is_error(status));
        if errors.is_empty() && responses.default.is_none() {
            let message =
                "has no `default` answer; declare the error of the API (ODataError) there";
            return Err(at.problem(message));
        }
        for (status, error) in errors {
            self.error_answer(error, &at.key(&status.to_string()))?;
        }
        if let Some(error) = &responses.default {
            self.error_answer(error, &at.key("default"))?;
        }
        let [(status, response)] = all.as_slice() else {
            let statuses: Vec<String> = all.iter().map(|(status, _)| status.to_string()).collect();
            let found = match statuses.as_slice() {
                [] => "has no success among its answers".to_owned(),
                several => format!("has several successes, {}", several.join(" and ")),
            };
            return Err(at.refused(found));
        };
        let status_text = status.to_string();
        let here = at.key(&status_text);
        let response = self.response(response, &here)?;
        let status = match (status, response.content.is_empty()) {
            (StatusCode::Code(status @ (200 | 201 | 204)), _) => *status,
            // Any success: with a body like 200, without one like 204.
            (StatusCode::Range(2), false) => 200,
            (StatusCode::Range(2), true) => 204,
            _ => return Err(here.refused("is a success other than 200, 201, 204 or 2XX")),
        };
        let content = here.key("content");
        match (status, response.content.is_empty()) {
            (204, true) => return Ok(Answer::Nothing),
            (204, false) => {
                return Err(content.problem("204 has no content; remove it, or make it 200"));
            }
            (_, true) => {
                return Err(here.problem("has no `content`; add it, or make it 204"));
            }
            (_, false) if is_bytes(&response.content) => return Ok(Answer::File),
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
            _ => Err(content.refused("is another error than the API's (ODataError)")),
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
        for (key, is_there) in
            [("headers", !response.headers.is_empty()), ("links", !response.links.is_empty())]
        {
            if is_there {
                return Err(at.key(key).refused("stands beside an answer's content"));
            }
        }
        if let Some(key) = response.extensions.keys().next() {
            return Err(at.key(key).refused("is an extension that we don't know"));
        }
        Ok(response)
    }

    fn answer_type(
        &self,
        schema: &'d ReferenceOr<Schema>,
        status: u16,
        at: &At<'_>,
    ) -> Read<Answer> {
        let entity = |typed: Typed| match (typed.nullable, unnoted(typed, at)?) {
            (nullable, Type::Entity(entity)) => Ok(Answer::Object { entity, nullable, status }),
            (nullable, ty @ Type::Enumeration(_)) if status == 200 => {
                Ok(Answer::Value { ty, nullable, limits: Default::default(), bare: true })
            }
            (_, other) => Err(at.refused(format!("is a bare {} as an answer", other.edm()))),
        };
        match schema {
            // A nullable object: a one-member `allOf`.
            ReferenceOr::Item(item) if matches!(&item.schema_kind, SchemaKind::AllOf { all_of } if all_of.len() == 1) =>
            {
                return entity(self.types.typed(schema, at)?);
            }
            ReferenceOr::Reference { reference } if !self.types.is_envelope(reference) => {
                return entity(self.types.typed(schema, at)?);
            }
            _ => {}
        }
        // What is left is `{value: …}`.
        let flat = self.types.flatten(schema, at)?;
        let Some(value) = flat.properties.get("value").filter(|_| is_envelope(&flat)) else {
            return Err(at.refused(
                "is an object in place other than `{value: …}` (name it below `components/schemas`)",
            ));
        };
        if status != 200 {
            return Err(at.refused("is `{value: …}` with another status than 200"));
        }
        let here = at.key("properties");
        let here = here.key("value");
        let typed = self.types.typed(value, &here)?;
        // Of a single value the limits are told, of a list nothing.
        let Typed { nullable, limits, .. } = typed.clone();
        let rest = match typed.ty {
            Type::Collection(_) => typed,
            _ => Typed { limits: Default::default(), ..typed },
        };
        Ok(match unnoted(rest, &here)? {
            Type::Collection(of) => Answer::Collection { of: *of },
            ty => Answer::Value { ty, nullable, limits, bare: false },
        })
    }
}

/// Reports what the client would leave out although the document requires it.
fn optional(data: &ParameterData, at: &At<'_>) -> Read<()> {
    if data.required {
        let what = format!("requires `{}`, which each call may leave out", data.name);
        return Err(at.key("required").refused(what));
    }
    if data.deprecated == Some(true) {
        return Err(at.key("deprecated").refused(format!("deprecates `{}`", data.name)));
    }
    Ok(())
}

/// Whether an answer is bytes of whatever media type but JSON.
fn is_bytes(content: &openapiv3::Content) -> bool {
    use openapiv3::{StringFormat, VariantOrUnknownOrEmpty};
    let is_binary = |schema: &Schema| {
        matches!(&schema.schema_kind, SchemaKind::Type(SchemaType::String(string))
            if string.format == VariantOrUnknownOrEmpty::Item(StringFormat::Binary))
    };
    let is_bytes = |(name, media): (&String, &MediaType)| {
        let schema = media.schema.as_ref().and_then(ReferenceOr::as_item);
        name != "application/json" && schema.is_some_and(is_binary)
    };
    !content.is_empty() && content.iter().all(is_bytes)
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
        return Err(at.refused("has another media type than `application/json`"));
    };
    // Examples are prose.
    let MediaType { schema, example: _, examples: _, encoding, extensions } = media;
    let here = at.key("application/json");
    if !encoding.is_empty() || !extensions.is_empty() {
        return Err(here.refused("has `encoding` or an extension"));
    }
    schema.as_ref().ok_or_else(|| here.problem("has no `schema`; say what the body is"))
}

/// Sorts the parameters into the route's order, and checks that each parameter has one place in the
/// route and each place one parameter.
fn in_route_order(operation: &mut Operation, at: &At<'_>) -> Read<()> {
    let mut declared = std::mem::take(&mut operation.parameters);
    for part in &operation.route.parts {
        let RoutePart::Parameter(name) = part else { continue };
        let Some(index) = declared.iter().position(|parameter| parameter.name == *name) else {
            let template = &operation.route.template;
            let message = format!(
                "`{{{name}}}` of `{template}` is not declared as a parameter; declare it with `in: path`"
            );
            return Err(at.problem(message));
        };
        operation.parameters.push(declared.remove(index));
    }
    match declared.first() {
        None => Ok(()),
        Some(extra) => {
            let (name, template) = (&extra.name, &operation.route.template);
            Err(at.problem(format!(
                "path parameter `{name}` has no placeholder in `{template}`; add it to the path, or \
                 remove the parameter"
            )))
        }
    }
}
