//! The only place that turns wire names into Rust names.
//!
//! Names follow rules; `taken` has those for names that Rust or our own code has taken. Where a rule gives
//! a wrong name, a row of `spec/names.yaml` gives the right one. Two things that would get one name are
//! reported, with both wire names and the row to add.
//!
//! A name that an operation had in a former document is kept beside the present one ([`Place`]).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Answer, Api, Body, History, Operation, OperationKind, Seen, local_name};
use crate::problem::Problems;
use check::{Named, Reports, Section, without};
use row::{Row, Word};

mod check;
mod row;
mod taken;
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
    /// Structs of operations: the operationId.
    operations: Vec<Row>,
    /// Parameters and body properties: `OperationId/parameter`.
    parameters: Vec<Row>,
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
    former: BTreeMap<String, Vec<Place>>,
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

/// Where an operation is: its resource's wire name, and its own names there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `GetUpdateDetails`
    pub resource: String,
    /// `get_update_details`
    pub method: String,
    /// `GetUpdateDetails`
    pub ident: String,
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

    /// Where an operation was in former documents, as far as that is elsewhere; the newest comes first.
    pub fn former(&self, id: &str) -> &[Place] {
        self.former.get(id).map_or(&[], Vec::as_slice)
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

    /// Where rustdoc puts the method, below the crate: `resources/users/struct.Users.html#method.list`.
    pub fn page(&self, operation: &Operation) -> String {
        let TypeName { module, ident } = self.resource(&operation.resource);
        let method = &self.operation(&operation.id).method;
        format!("resources/{module}/struct.{ident}.html#method.{method}")
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
        reports: Reports::default(),
    };
    namer.types(api, exceptions);
    namer.members(api, exceptions);
    namer.resources(api, exceptions);
    namer.methods(api, exceptions);
    namer.values(api, exceptions);
    namer.names.unused = namer.unused(exceptions);
    if namer.reports.problems.is_empty() {
        return Ok(namer.names);
    }
    let list = namer.reports.problems.into_iter().map(|problem| (problem, None)).collect();
    Err(Problems { source: "names".to_owned(), list })
}

struct Namer<'e> {
    whole: Vec<&'e str>,
    /// The rows that changed something: by section and what it is for.
    used: RefCell<BTreeSet<(&'static str, String)>>,
    names: Names,
    reports: Reports,
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

    fn types(&mut self, api: &Api, exceptions: &Exceptions) {
        let wires = api.entities.keys().chain(api.enumerations.keys()).chain(api.aliases.keys());
        let former = api.entities.values().map(|it| &it.former_names);
        let former = former.chain(api.enumerations.values().map(|it| &it.former_names)).flatten();
        for wire in wires.chain(former) {
            let rule = taken::ty(words::camel(local_name(wire)));
            let ident = self.excepted("types", &exceptions.types, wire, rule);
            let module = taken::module(self.snake(&ident));
            self.names.types.insert(wire.clone(), TypeName { ident, module });
        }
        let seen = |wire: &str| {
            let entity = api.entities.get(wire).map(|it| it.seen);
            let enumeration = api.enumerations.get(wire).map(|it| it.seen);
            entity.or(enumeration).or(api.aliases.get(wire).map(|it| it.seen)).unwrap_or_default()
        };
        let types = self.names.types.iter();
        let named = types
            .map(|(wire, ty)| Named::new(wire, &ty.ident).also(&ty.module).since(seen(wire)))
            .collect();
        let section = Section { name: "types", rows: &exceptions.types };
        self.reports.check(&section, "components/schemas", &[], named);
    }

    fn members(&mut self, api: &Api, exceptions: &Exceptions) {
        let section = Section { name: "members", rows: &exceptions.members };
        for entity in api.entities.values() {
            let rules = entity.properties.iter().map(|(property, it)| {
                let rule = taken::property(self.snake(property));
                (property.as_str(), rule, it.seen)
            });
            let rules = rules.collect();
            self.members_of(&entity.name, &section, rules, taken::is_property_taken);
        }
        for enumeration in api.enumerations.values() {
            let local = local_name(&enumeration.name);
            // `WARNINGS.NOT_FOUND` of `Pbx.Warnings` says the type's name again.
            let prefix = format!("{}.", local.to_ascii_uppercase());
            let rules = enumeration.values.iter().map(|(value, seen)| {
                let short = value.strip_prefix(&prefix).unwrap_or(value);
                (value.as_str(), taken::value(words::camel(short)), *seen)
            });
            let rules = rules.collect();
            self.members_of(&enumeration.name, &section, rules, taken::is_value_taken);
        }
    }

    /// Names the members of a type; the rules have named them already.
    fn members_of(
        &mut self,
        owner: &str,
        section: &Section<'_>,
        rules: Vec<(&str, String, Seen)>,
        is_taken: fn(&str) -> bool,
    ) {
        let mut named = Vec::new();
        for (wire, rule, seen) in rules {
            let path = format!("{owner}/{wire}");
            let rust = self.excepted(section.name, section.rows, &path, rule);
            named.push(Named::new(&path, &rust).taken(is_taken(&rust)).since(seen));
            self.names.members.insert((owner.to_owned(), wire.to_owned()), rust);
        }
        self.reports.check(section, &format!("components/schemas/{owner}"), &[], named);
    }

    /// Names the resources, those of former documents too.
    fn resources(&mut self, api: &Api, exceptions: &Exceptions) {
        let mut wires: BTreeMap<&str, Seen> = BTreeMap::new();
        for (variant, seen) in api.operations.values().flat_map(History::variants) {
            let known = wires.entry(&variant.resource).or_default();
            *known = known.or(seen);
        }
        for wire in wires.keys().copied() {
            let rule = taken::resource(words::camel(wire));
            let ident = self.excepted("resources", &exceptions.resources, wire, rule);
            let module = taken::accessor(self.snake(&ident));
            self.names.resources.insert(wire.to_owned(), TypeName { ident, module });
        }
        let named = self.names.resources.iter();
        let named = named.map(|(wire, it)| {
            Named::new(wire, &it.ident).also(&it.module).since(wires[wire.as_str()])
        });
        let named = named.collect();
        let section = Section { name: "resources", rows: &exceptions.resources };
        self.reports.check(&section, "paths", &[], named);
    }

    fn methods(&mut self, api: &Api, exceptions: &Exceptions) {
        let mut by_resource: BTreeMap<&str, Vec<&History<Operation>>> = BTreeMap::new();
        for operation in api.operations.values() {
            let places = self.places(operation, exceptions);
            let (present, former) = places
                .split_first()
                .map_or((None, &[][..]), |(first, rest)| (Some(first.clone()), rest));
            if let Some(Place { method, ident, .. }) = present {
                self.names.operations.insert(operation.id.clone(), OperationName { ident, method });
            }
            if !former.is_empty() {
                self.names.former.insert(operation.id.clone(), former.to_vec());
            }
            by_resource.entry(&operation.resource).or_default().push(operation);
        }
        for (resource, operations) in by_resource {
            let scope = format!("paths (resource {resource})");
            let name = |it: &History<Operation>| &self.names.operations[&it.id];
            let method = |it: &&History<Operation>| {
                let rust = &name(it).method;
                Named::new(&it.id, rust).taken(taken::is_method_taken(rust)).seen(it.seen)
            };
            let methods: Vec<Named> = operations.iter().map(method).collect();
            let ident =
                |it: &&History<Operation>| Named::new(&it.id, &name(it).ident).since(it.seen);
            let structs = operations.iter().map(ident).collect();
            // A resource's struct stands in one module with those of its operations.
            let own = self.names.resources[resource].ident.clone();
            let section = Section { name: "methods", rows: &exceptions.methods };
            let clashing = self.reports.check(&section, &scope, &[], methods);
            let section = Section { name: "operations", rows: &exceptions.operations };
            let own = [(resource, own.as_str())];
            self.reports.check(&section, &scope, &own, without(structs, &clashing));
        }
    }

    /// Where an operation is, and where it was: each place once, the newest first.
    fn places(&self, operation: &History<Operation>, exceptions: &Exceptions) -> Vec<Place> {
        let resources = operation.variants().map(|(variant, _)| &variant.resource);
        let resources: Vec<&str> =
            resources.map(|wire| self.names.resources[wire].ident.as_str()).collect();
        let mut places = Vec::new();
        for (variant, _) in operation.variants() {
            let (id, rule) = (&variant.id, taken::method(self.method(variant)));
            let method = self.excepted("methods", &exceptions.methods, id, rule);
            let rule = taken::operation(words::camel(id), &resources);
            let ident = self.excepted("operations", &exceptions.operations, id, rule);
            let place = Place { resource: variant.resource.clone(), method, ident };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// The values that operations take. The variants of an operation may spell a value differently.
    fn values(&mut self, api: &Api, exceptions: &Exceptions) {
        let section = Section { name: "parameters", rows: &exceptions.parameters };
        for operation in api.operations.values() {
            let scope = format!("paths ({})", operation.id);
            let is_entity = |it: &Operation| matches!(it.body, Some(Body::Entity { .. }));
            let has_entity = operation.variants().any(|(variant, _)| is_entity(variant));
            let body = if has_entity { &[("(the body)", "body")][..] } else { &[] };
            for (variant, _) in operation.variants() {
                let (mut values, mut options) = (Vec::new(), Vec::new());
                for (wire, ..) in variant.values() {
                    let path = format!("{}/{wire}", operation.id);
                    let rule = taken::field(self.snake(wire), has_entity);
                    let excepted = |rule| self.excepted(section.name, section.rows, &path, rule);
                    let option = excepted(taken::option(rule.clone()));
                    let name = ValueName { option, value: excepted(rule) };
                    let is_taken = taken::is_option_taken(&name.option);
                    options.push(Named::new(&path, &name.option).taken(is_taken));
                    let is_taken = taken::is_field_taken(&name.value);
                    values.push(Named::new(&path, &name.value).taken(is_taken));
                    self.names.values.insert((operation.id.clone(), wire.to_owned()), name);
                }
                let clashing = self.reports.check(&section, &scope, body, values);
                self.reports.check(&section, &scope, body, without(options, &clashing));
            }
        }
    }

    /// A method's name, read from the route. The name leaves out what the path before it says.
    fn method(&self, operation: &Operation) -> String {
        let last = operation.route.segments().next_back().unwrap_or_default();
        match operation.kind {
            OperationKind::List => "list".to_owned(),
            OperationKind::Create => "create".to_owned(),
            OperationKind::Update => "update".to_owned(),
            OperationKind::Replace => "replace".to_owned(),
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
        }
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
            .chain(section("operations", &exceptions.operations))
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
