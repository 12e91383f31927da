//! The only place that turns wire names into Rust names.
//!
//! Names follow rules. Where a rule gives a wrong name, a row of `spec/names.yaml` gives the right one.
//! Two things that would get one name are reported, with both wire names and the row to add.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Answer, Api, Body, Method, Operation, OperationKind};
use crate::problem::{Problem, Problems};

mod words;

#[cfg(test)]
mod tests;

/// The rows of `spec/names.yaml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exceptions {
    /// Spellings that stay one word, whatever capitals they have.
    words: Vec<Word>,
    /// Types: `Pbx.X`.
    types: Vec<Row>,
    /// Properties and values: `Pbx.X/Property`.
    members: Vec<Row>,
    /// Resources: the first segment of their routes, or their tag.
    resources: Vec<Row>,
    /// Methods: the operationId.
    methods: Vec<Row>,
    /// Parameters and body properties: `OperationId/parameter`.
    parameters: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    word: String,
    #[allow(dead_code, reason = "for the reader of the file; so that each row says why")]
    reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    wire: String,
    rust: String,
    #[allow(dead_code, reason = "for the reader of the file; so that each row says why")]
    reason: String,
}

impl Exceptions {
    /// Reads `spec/names.yaml`.
    pub fn parse(source: &str, text: &str) -> Result<Self, Problems> {
        serde_yaml::from_str(text).map_err(|error| Problems::whole(source, error.to_string()))
    }

    /// The words of a wire name, in small letters.
    pub fn words_of(&self, wire: &str) -> Vec<String> {
        let whole: Vec<&str> = self.words.iter().map(|row| row.word.as_str()).collect();
        let words = words::split(wire, &whole, |_| ());
        words.into_iter().map(str::to_ascii_lowercase).collect()
    }
}

/// The Rust names of everything in an [`Api`].
#[derive(Debug, Default)]
pub struct Names {
    types: BTreeMap<String, TypeName>,
    members: BTreeMap<(String, String), String>,
    resources: BTreeMap<String, TypeName>,
    operations: BTreeMap<String, OperationName>,
    values: BTreeMap<(String, String), ValueName>,
    /// Rows of the exceptions that changed nothing.
    unused: Vec<String>,
}

/// A type and the module it has for itself.
#[derive(Clone, Debug)]
pub struct TypeName {
    /// `UserGroup`
    pub ident: String,
    /// `user_group`
    pub module: String,
}

/// An operation's struct and the method that makes it.
#[derive(Clone, Debug)]
pub struct OperationName {
    /// `ListUser`
    pub ident: String,
    /// `list`
    pub method: String,
}

/// The names of a parameter or of an action's body property.
#[derive(Clone, Debug)]
struct ValueName {
    /// As a field or argument: `filter`.
    value: String,
    /// As a method of the request, which has methods of its own: `filter_parameter`.
    option: String,
}

impl Names {
    /// A type's name.
    pub fn ty(&self, wire: &str) -> &TypeName {
        &self.types[wire]
    }

    /// A property's field and method, `first_name`, or an enumeration's variant, `Extension`.
    pub fn member(&self, owner: &str, wire: &str) -> &str {
        &self.members[&(owner.to_owned(), wire.to_owned())]
    }

    /// A property's constant: `FIRST_NAME`.
    pub fn constant(&self, owner: &str, wire: &str) -> String {
        self.member(owner, wire).trim_end_matches('_').to_ascii_uppercase()
    }

    /// A resource's type, and the method of the client that leads to it.
    pub fn resource(&self, wire: &str) -> &TypeName {
        &self.resources[wire]
    }

    /// An operation's name.
    pub fn operation(&self, id: &str) -> &OperationName {
        &self.operations[id]
    }

    /// The name of a parameter, or of an action's body property. The variants of an operation share a
    /// value that has one name in all of them.
    pub fn value(&self, operation: &str, wire: &str) -> &str {
        &self.values[&(operation.to_owned(), wire.to_owned())].value
    }

    /// The name of the same value as a method of the request.
    pub fn option(&self, operation: &str, wire: &str) -> &str {
        &self.values[&(operation.to_owned(), wire.to_owned())].option
    }

    /// The call as one writes it: `users().get_by_number`.
    pub fn call(&self, operation: &Operation) -> String {
        let resource = self.resource(&operation.resource);
        format!("{}().{}", resource.module, self.operation(&operation.id).method)
    }

    /// The rows of the exceptions that this API does not need. The union of all known documents must need
    /// every row.
    pub fn unused(&self) -> &[String] {
        &self.unused
    }
}

/// Names everything, or reports what can't be named.
pub fn name(api: &Api, exceptions: &Exceptions) -> Result<Names, Problems> {
    let mut namer = Namer {
        whole: exceptions.words.iter().map(|row| row.word.as_str()).collect(),
        used: RefCell::default(),
        names: Names::default(),
        problems: Vec::new(),
    };
    namer.types(api, exceptions);
    namer.members(api, exceptions);
    namer.resources(api, exceptions);
    namer.methods(api, exceptions);
    namer.values(api, exceptions);
    namer.names.unused = namer.unused(exceptions);
    if namer.problems.is_empty() {
        return Ok(namer.names);
    }
    let list = namer.problems.into_iter().map(|problem| (problem, None)).collect();
    Err(Problems { source: "names".to_owned(), list })
}

struct Namer<'e> {
    whole: Vec<&'e str>,
    /// The rows that changed something: by section and what it is for.
    used: RefCell<BTreeSet<(&'static str, String)>>,
    names: Names,
    problems: Vec<Problem>,
}

impl Namer<'_> {
    fn snake(&self, wire: &str) -> String {
        let note = |index: usize| {
            self.used.borrow_mut().insert(("words", self.whole[index].to_owned()));
        };
        words::snake(&words::split(wire, &self.whole, note))
    }

    /// The name that a row gives, else the name that the rule gives.
    fn excepted(&self, section: &'static str, rows: &[Row], wire: &str, rule: String) -> String {
        match rows.iter().find(|row| row.wire == wire) {
            Some(row) if row.rust != rule => {
                self.used.borrow_mut().insert((section, wire.to_owned()));
                row.rust.clone()
            }
            _ => rule,
        }
    }

    /// Reports names that are no identifiers, and things that share a name.
    fn check<'a>(
        &mut self,
        section: &str,
        scope: &str,
        named: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for (wire, rust) in named {
            let row = |rust: &str| {
                format!(
                    "add to `{section}:` in spec/names.yaml: {{ wire: {wire}, rust: {rust}, reason: … }}"
                )
            };
            let mut report = |message: String| {
                self.problems.push(Problem { pointer: format!("/{scope}"), message });
            };
            if syn::parse_str::<syn::Ident>(rust).is_err() {
                report(format!("`{wire}` would be `{rust}`, no identifier; {}", row("…")));
            }
            if let Some(other) = taken.insert(rust, wire) {
                report(format!("`{wire}` and `{other}` would both be `{rust}`; {}", row("…")));
            }
        }
    }

    fn types(&mut self, api: &Api, exceptions: &Exceptions) {
        let wires: Vec<&String> =
            api.entities.keys().chain(api.enumerations.keys()).chain(api.aliases.keys()).collect();
        for wire in &wires {
            let local = wire.rsplit('.').next().unwrap_or(wire);
            let ident = self.excepted("types", &exceptions.types, wire, words::camel(local));
            let module = keyword_safe(self.snake(&ident));
            self.names.types.insert((*wire).clone(), TypeName { ident, module });
        }
        let types = self.names.types.clone();
        let pairs = |name: fn(&TypeName) -> &str| {
            types.iter().map(move |(wire, ty)| (wire.as_str(), name(ty)))
        };
        self.check("types", "components/schemas", pairs(|ty| &ty.ident));
        self.check("types", "components/schemas", pairs(|ty| &ty.module));
    }

    fn members(&mut self, api: &Api, exceptions: &Exceptions) {
        let mut all: Vec<(&str, &str, String)> = Vec::new();
        for entity in api.entities.values() {
            for property in entity.properties.keys() {
                all.push((&entity.name, property, keyword_safe(self.snake(property))));
            }
        }
        for enumeration in api.enumerations.values() {
            let local = enumeration.name.rsplit('.').next().unwrap_or_default();
            // `WARNINGS.NOT_FOUND` of `Pbx.Warnings` says the type's name again.
            let prefix = format!("{}.", local.to_ascii_uppercase());
            for value in enumeration.values.keys() {
                let short = value.strip_prefix(&prefix).unwrap_or(value);
                all.push((&enumeration.name, value, words::camel(short)));
            }
        }
        for (owner, wire, rule) in all {
            let path = format!("{owner}/{wire}");
            let rust = self.excepted("members", &exceptions.members, &path, rule);
            self.names.members.insert((owner.to_owned(), wire.to_owned()), rust);
        }
        let members = self.names.members.clone();
        for owner in api.entities.keys().chain(api.enumerations.keys()) {
            let of_owner = (owner.clone(), String::new())..;
            let named: Vec<(String, &str)> = members
                .range(of_owner)
                .take_while(|((name, _), _)| name == owner)
                .map(|((name, wire), rust)| (format!("{name}/{wire}"), rust.as_str()))
                .collect();
            let pairs = named.iter().map(|(wire, rust)| (wire.as_str(), *rust));
            let reserved: &[&str] =
                if api.entities.contains_key(owner) { RESERVED_SETTERS } else { &["Unrecognized"] };
            let reserved = reserved.iter().map(|name| ("(the generated type's own)", *name));
            self.check("members", &format!("components/schemas/{owner}"), reserved.chain(pairs));
        }
    }

    fn resources(&mut self, api: &Api, exceptions: &Exceptions) {
        for operation in api.operations.values() {
            let wire = &operation.resource;
            if !self.names.resources.contains_key(wire) {
                let rule = words::camel(wire);
                let ident = self.excepted("resources", &exceptions.resources, wire, rule);
                let module = self.snake(&ident);
                self.names.resources.insert(wire.clone(), TypeName { ident, module });
            }
        }
        let resources = self.names.resources.clone();
        let accessors = resources.iter().map(|(wire, name)| (wire.as_str(), name.module.as_str()));
        let reserved = RESERVED_ACCESSORS.iter().map(|name| ("(the client's own)", *name));
        self.check("resources", "paths", reserved.chain(accessors));
    }

    fn methods(&mut self, api: &Api, exceptions: &Exceptions) {
        let mut by_resource: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
        for operation in api.operations.values() {
            let rule = self.method(operation);
            let method = self.excepted("methods", &exceptions.methods, &operation.id, rule);
            by_resource
                .entry(&operation.resource)
                .or_default()
                .push((&operation.id, method.clone()));
            let name = OperationName { ident: words::camel(&operation.id), method };
            self.names.operations.insert(operation.id.clone(), name);
        }
        for (resource, methods) in by_resource {
            let scope = format!("paths (resource {resource})");
            let pairs = methods.iter().map(|(id, method)| (*id, method.as_str()));
            self.check("methods", &scope, pairs);
            // A resource's handle stands in one module with the structs of its operations.
            let handle = self.names.resources[resource].ident.clone();
            let idents: Vec<(&str, String)> =
                methods.iter().map(|(id, _)| (*id, words::camel(id))).collect();
            let pairs = idents.iter().map(|(id, ident)| (*id, ident.as_str()));
            self.check("resources", &scope, pairs.chain([(resource, handle.as_str())]));
        }
    }

    /// The values that operations take. The variants of an operation may spell a value differently.
    fn values(&mut self, api: &Api, exceptions: &Exceptions) {
        for operation in api.operations.values() {
            let scope = format!("paths ({})", operation.id);
            for (variant, _) in operation.variants() {
                let (mut values, mut options) = (Vec::new(), Vec::new());
                for (wire, ..) in variant.values() {
                    let path = format!("{}/{wire}", operation.id);
                    let rule = keyword_safe(self.snake(wire));
                    let is_reserved = RESERVED_OPTIONS.contains(&rule.as_str());
                    let suffix = if is_reserved { "_parameter" } else { "" };
                    let excepted =
                        |rule| self.excepted("parameters", &exceptions.parameters, &path, rule);
                    let name = ValueName {
                        option: excepted(format!("{rule}{suffix}")),
                        value: excepted(rule),
                    };
                    options.push((path.clone(), name.option.clone()));
                    values.push((path, name.value.clone()));
                    self.names.values.insert((operation.id.clone(), wire.to_owned()), name);
                }
                let entity_body = matches!(variant.body, Some(Body::Entity { .. }));
                let own = entity_body.then_some(("(the body)", "body"));
                let lists = if values == options { vec![values] } else { vec![values, options] };
                for list in lists {
                    let pairs = list.iter().map(|(wire, rust)| (wire.as_str(), rust.as_str()));
                    self.check("parameters", &scope, own.into_iter().chain(pairs));
                }
            }
        }
    }

    /// A method's name, read from the route. The name leaves out what the path before it says.
    fn method(&self, operation: &Operation) -> String {
        let last = operation.route.segments().next_back().unwrap_or_default();
        let name = match operation.kind {
            OperationKind::List => "list".to_owned(),
            OperationKind::Create => "create".to_owned(),
            OperationKind::Update if operation.method == Method::Put => "replace".to_owned(),
            OperationKind::Update => "update".to_owned(),
            OperationKind::Delete => "delete".to_owned(),
            OperationKind::Get => {
                let keys = operation.route.alternate_key();
                let by: Vec<String> = keys.iter().map(|key| self.snake(key)).collect();
                if by.is_empty() {
                    "get".to_owned()
                } else {
                    format!("get_by_{}", by.join("_and_"))
                }
            }
            OperationKind::Navigation => {
                let list = matches!(operation.answer, Answer::Collection { .. });
                format!("{}_{}", if list { "list" } else { "get" }, self.snake(last))
            }
            OperationKind::Function | OperationKind::Action => {
                self.snake(operation.route.function().unwrap_or(last))
            }
        };
        keyword_safe(name)
    }

    fn unused(&self, exceptions: &Exceptions) -> Vec<String> {
        let used = self.used.borrow();
        let words = exceptions.words.iter().map(|row| ("words", &row.word));
        let section = |name, rows| rows_of(name, rows);
        words
            .chain(section("types", &exceptions.types))
            .chain(section("members", &exceptions.members))
            .chain(section("resources", &exceptions.resources))
            .chain(section("methods", &exceptions.methods))
            .chain(section("parameters", &exceptions.parameters))
            .filter(|(section, wire)| !used.contains(&(*section, (*wire).clone())))
            .map(|(section, wire)| format!("{section}: {wire}"))
            .collect()
    }
}

fn rows_of<'e>(
    section: &'static str,
    rows: &'e [Row],
) -> impl Iterator<Item = (&'static str, &'e String)> {
    rows.iter().map(move |row| (section, &row.wire))
}

/// The methods that every entity's type has.
const RESERVED_SETTERS: &[&str] = &["clone", "default", "into", "try_into"];

/// The methods that the client has.
const RESERVED_ACCESSORS: &[&str] = &[
    "builder",
    "call_log",
    "clone",
    "download_link",
    "request",
    "upload_prompt",
    "upload_prompt_from",
];

/// The methods that a request has, now or soon. An optional value becomes a method beside these, so a
/// value of the same name is called `…_parameter`.
const RESERVED_OPTIONS: &[&str] = &[
    "all",
    "attempt_timeout",
    "by_key",
    "clear",
    "clone",
    "count",
    "expand",
    "filter",
    "if_match",
    "into_future",
    "items",
    "new",
    "operation",
    "order_by",
    "pages",
    "prepare",
    "retry",
    "retry_writes",
    "search",
    "select",
    "send",
    "set_literal",
    "set_property",
    "skip",
    "timeout",
    "top",
    "wait",
];

/// A keyword gets an underscore behind it: `type_`.
fn keyword_safe(name: String) -> String {
    if syn::parse_str::<syn::Ident>(&name).is_err() && !name.is_empty() { name + "_" } else { name }
}
