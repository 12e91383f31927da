//! A server that is the tracked API come to life: it knows every route, reads the literals in it
//! with a reader of its own, and answers with full bodies.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xapi_codegen::model::{Answer as Declared, Api, Operation, OperationKind, RoutePart, Type};

use crate::sample::{Maker, api};
use crate::server::{Answer, Recorded};

/// The bytes that every file has.
pub const FILE: &[u8] = b"RIFF\x24\x00\x00\x00WAVEfmt \x00\xff\xfe";

/// What a request was found to be.
#[derive(Debug)]
pub struct Understood {
    /// The operation.
    pub operation: &'static Operation,
    /// The values of its parameters, read from their literals.
    pub parameters: BTreeMap<String, String>,
    /// The query options, decoded.
    pub query: BTreeMap<String, String>,
}

/// Answers a request with a full body, or says what is wrong with it.
pub fn answer(request: &Recorded) -> Answer {
    answer_in(api(), 400, request)
}

/// The same as a PBX that has this API alone; `unknown` is the status for what it doesn't know.
pub fn answer_in(api: &'static Api, unknown: u16, request: &Recorded) -> Answer {
    match understand_in(api, request) {
        Ok(understood) => full_answer(api, understood.operation),
        Err(problem) => {
            let error = json!({ "error": { "code": "", "message": problem } });
            Answer::json(unknown, &error)
        }
    }
}

/// The answer of an operation with everything in it that could come.
fn full_answer(api: &'static Api, operation: &Operation) -> Answer {
    if operation.is_file() {
        return Answer::typed(200, "audio/x-wav", FILE)
            .with("Content-Disposition", "attachment; filename=\"file.wav\"");
    }
    match full_body_in(api, operation) {
        (204, _) => Answer::empty(204),
        (status, body) => Answer::json(status, &body),
    }
}

/// The body of an operation's answer; the same each time.
pub fn full_body(operation: &Operation) -> (u16, Value) {
    full_body_in(api(), operation)
}

/// The same with what this API has alone.
pub fn full_body_in(api: &'static Api, operation: &Operation) -> (u16, Value) {
    let maker = Maker::full().of(api);
    let context = "https://pbx.example.com/xapi/v1/$metadata#Answer";
    match &operation.answer {
        // A file is answered before its body is asked for.
        Declared::Nothing | Declared::File => (204, Value::Null),
        Declared::Object { entity, status, .. } => {
            let mut body = maker.entity(entity);
            body["@odata.context"] = json!(context);
            (*status, body)
        }
        Declared::Collection { of } => {
            let rows = [maker.value(of), maker.value(of), maker.value(of)];
            let counted = operation.kind != OperationKind::Action;
            let mut body = json!({ "@odata.context": context, "value": rows });
            if counted {
                body["@odata.count"] = json!(3);
            }
            (200, body)
        }
        Declared::Value { ty, bare: true, .. } => (200, maker.value(ty)),
        Declared::Value { ty, .. } => {
            (200, json!({ "@odata.context": context, "value": maker.value(ty) }))
        }
    }
}

/// Without OData's control information, which is not the entity's.
pub fn without_control(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.retain(|key, _| !key.starts_with("@odata."));
    }
    value
}

/// Whether what was read is all that was sent. Nothing is read as an answer with nothing set, if some
/// releases answer something.
pub fn is_read_whole(sent: &Value, read: &Value) -> bool {
    sent == read || (sent.is_null() && read.as_object().is_some_and(serde_json::Map::is_empty))
}

/// Finds the operation of a request and reads its literals.
pub fn understand(request: &Recorded) -> Result<Understood, String> {
    understand_in(api(), request)
}

/// The same among the operations of this API.
pub fn understand_in(api: &'static Api, request: &Recorded) -> Result<Understood, String> {
    let (path, query) = match request.target.split_once('?') {
        Some((path, query)) => (path, query),
        None => (request.target.as_str(), ""),
    };
    let path =
        path.strip_prefix("/xapi/v1").ok_or_else(|| format!("{path} is not below /xapi/v1"))?;
    let mut problems = Vec::new();
    for operation in api.operations.values() {
        if operation.method.as_str() != request.method {
            continue;
        }
        match read_route(operation, path) {
            Ok(parameters) => {
                let query = read_query(query)?;
                return Ok(Understood { operation, parameters, query });
            }
            // The longest way through says the most.
            Err(problem) => problems.push(problem),
        }
    }
    problems.sort_by_key(|(read, _)| *read);
    let (_, problem) = problems.pop().unwrap_or_default();
    Err(format!("no operation is {} {path}: {problem}", request.method))
}

/// Reads the parameters of a route, or says how far it got and what is wrong there.
fn read_route(
    operation: &Operation,
    path: &str,
) -> Result<BTreeMap<String, String>, (usize, String)> {
    let mut parameters = BTreeMap::new();
    let mut rest = path;
    for part in &operation.route.parts {
        let read = path.len() - rest.len();
        match part {
            RoutePart::Text(text) => match rest.strip_prefix(text.as_str()) {
                Some(after) => rest = after,
                None => return Err((read, format!("`{text}` is expected at `{rest}`"))),
            },
            RoutePart::Parameter(name) => {
                let parameter = operation.parameters.iter().find(|it| it.name == *name);
                let ty = parameter.map_or(&Type::String, |it| &it.ty);
                let (value, after) = read_literal(rest, ty)
                    .map_err(|problem| (read, format!("{name}: {problem}")))?;
                parameters.insert(name.clone(), value);
                rest = after;
            }
        }
    }
    if rest.is_empty() {
        Ok(parameters)
    } else {
        Err((path.len() - rest.len(), format!("`{rest}` is left")))
    }
}

/// Reads one OData literal of a type at the start of an encoded path; gives its value and the rest.
fn read_literal<'p>(path: &'p str, ty: &Type) -> Result<(String, &'p str), String> {
    if matches!(ty, Type::String | Type::Enumeration(_) | Type::Flags(_)) {
        let inside = path.strip_prefix('\'').ok_or_else(|| format!("no quote at `{path}`"))?;
        let mut end = 0;
        loop {
            let at =
                inside[end..].find('\'').ok_or_else(|| format!("no closing quote in `{path}`"))?;
            end += at + 1;
            // A doubled quote stands for one and goes on.
            if !inside[end..].starts_with('\'') {
                break;
            }
            end += 1;
        }
        let raw = &inside[..end - 1];
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~'%".contains(c);
        if let Some(wrong) = raw.chars().find(|c| !allowed(*c)) {
            return Err(format!("`{wrong}` is not encoded in `{raw}`"));
        }
        return Ok((decode(raw)?.replace("''", "'"), &inside[end..]));
    }
    let end = path.find([',', ')']).unwrap_or(path.len());
    let (raw, rest) = path.split_at(end);
    let value = decode(raw)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = match ty {
        Type::Boolean => matches!(value.as_str(), "true" | "false"),
        Type::Byte | Type::Int32 | Type::Int64 => digits(value.strip_prefix('-').unwrap_or(&value)),
        Type::Guid => value.len() == 36 && value.split('-').map(str::len).eq([8, 4, 4, 4, 12]),
        Type::DateTimeOffset => is_date_time(&value),
        other => return Err(format!("no reader for {}", other.edm())),
    };
    if fits { Ok((value, rest)) } else { Err(format!("`{raw}` is no {}", ty.edm())) }
}

fn is_date_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    matches!(rest, "Z" | "+00:00" | "-00:00")
}

/// Reads a query: `$name=value` pairs, each once.
fn read_query(query: &str) -> Result<BTreeMap<String, String>, String> {
    let mut options = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| format!("`{pair}` has no value"))?;
        if let Some(wrong) = unencoded(value) {
            return Err(format!("`{wrong}` is not encoded in `{pair}`"));
        }
        if options.insert(decode(name)?, decode(value)?).is_some() {
            return Err(format!("`{name}` stands twice"));
        }
    }
    Ok(options)
}

/// The first character of an option's value that must not be raw there: inside strings and phrases
/// only the unreserved ones may be.
fn unencoded(value: &str) -> Option<char> {
    let mut quote = None;
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let sign = match rest.get(..3) {
            Some("%27") => Some('\''),
            Some("%22") => Some('"'),
            // An escaped character of a phrase.
            Some("%5C") if quote == Some('"') => {
                rest = rest.get(3..)?;
                None
            }
            _ => (c == '\'').then_some(c),
        };
        let length = if c == '%' { 3 } else { c.len_utf8() };
        rest = rest.get(length..).unwrap_or_default();
        match sign {
            Some(_) if quote == sign => quote = None,
            Some(_) if quote.is_none() => quote = sign,
            _ => {}
        }
        let allowed = if quote.is_some() { "-._~'%" } else { "-._~'%$,()*:@/=" };
        if !c.is_ascii_alphanumeric() && !allowed.contains(c) {
            return Some(c);
        }
    }
    None
}

/// Percent-decodes.
fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.ok_or_else(|| format!("`{text}` has a % that encodes nothing"))?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| format!("`{text}` is not UTF-8"))
}
