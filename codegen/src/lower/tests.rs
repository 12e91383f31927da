use std::collections::BTreeMap;

use super::*;
use crate::model::{Api, DocumentId};
use crate::test_document::document;
use crate::tree::{
    Entity, Operation, Place, Printed, Release, Releases, Side, Statement, Takes, Ty, Write,
};
use crate::{history, names, notes, secrets};

/// A value of the action `Act`, as the document has it.
struct Value {
    name: &'static str,
    ty: &'static str,
    is_nullable: bool,
}

fn value(name: &'static str, ty: &'static str) -> Value {
    Value { name, ty, is_nullable: false }
}

fn nullable(name: &'static str, ty: &'static str) -> Value {
    Value { name, ty, is_nullable: true }
}

/// A document with the action `Act` of these values at a path.
fn action(path: &str, values: &[Value]) -> Api {
    let properties: String = values
        .iter()
        .map(|it| {
            let nullable = if it.is_nullable { ", nullable: true" } else { "" };
            format!("                {}: {{ {}{nullable} }}\n", it.name, it.ty)
        })
        .collect();
    let body = if values.is_empty() {
        String::new()
    } else {
        format!(
            "      requestBody:\n        description: x\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              properties:\n{properties}"
        )
    };
    let paths = format!(
        "  {path}:\n    post:\n      tags: [X]\n      operationId: Act\n      x-ms-docs-operation-type: action\n{body}      responses: {{ '204': {{ description: x }}, default: {{ $ref: '#/components/responses/error' }} }}\n"
    );
    document(&paths, "")
}

/// The union of documents, the oldest first.
fn union(documents: Vec<Api>) -> Api {
    let dated = documents.into_iter().zip(1..).map(|(document, number)| {
        let release = format!("20.0.{number}");
        (DocumentId { release, date: "2026-01-01".to_owned(), build: None }, document)
    });
    let documents: BTreeMap<DocumentId, Api> = dated.collect();
    history::unite(&documents).unwrap_or_else(|problems| panic!("{problems}"))
}

fn lowered(api: &Api) -> Result<Client, Problems> {
    lowered_with(api, "{}")
}

/// The same with these rows of notes.
fn lowered_with(api: &Api, rows: &str) -> Result<Client, Problems> {
    let exceptions = names::Exceptions::default();
    let names = names::name(api, &exceptions)?;
    let secrets = secrets::find(api, &exceptions, &secrets::Rows::default());
    let notes = notes::find(api, &notes::Rows::parse("rows", rows)?);
    client(&Decided { api, names: &names, secrets: &secrets, notes: &notes })
}

fn tree(api: &Api) -> Client {
    lowered(api).unwrap_or_else(|problems| panic!("{problems}"))
}

fn act(api: &Api) -> Operation {
    tree(api).resources[0].operations[0].clone()
}

const TEXT: &str = "type: string";
const INTEGER: &str = "type: integer, format: int32";

/// The values of an operation: its arguments, and the methods of the request.
fn values(operation: &Operation) -> (Vec<&str>, Vec<&str>) {
    let fields = operation.fields.iter().map(|it| it.name.as_str()).collect();
    (fields, operation.setters.iter().map(|it| it.name.as_str()).collect())
}

#[test]
fn required_values_are_arguments_and_others_are_methods() {
    let operation = act(&action("/X/Pbx.Act", &[value("a", TEXT), nullable("b", INTEGER)]));
    assert_eq!(values(&operation), (vec!["a"], vec!["b"]));
    assert_eq!(operation.fields[0].takes, Takes::Into, "text");
    assert_eq!(operation.setters[0].place, Place::Body);
    assert_eq!(operation.setters[0].takes, Takes::Value);
}

#[test]
fn a_fifth_required_value_makes_the_arguments_a_struct() {
    for (count, takes_struct) in [(4, false), (5, true)] {
        let all = ["a", "b", "c", "d", "e"].map(|name| value(name, TEXT));
        let operation = act(&action("/X/Pbx.Act", &all[..count]));
        assert_eq!(operation.method.takes_struct, takes_struct, "{count}");
    }
}

#[test]
fn a_later_release_cannot_change_the_arguments() {
    let older = || action("/X/Pbx.Act", &[value("b", TEXT), nullable("c", TEXT)]);
    let newer = [
        vec![value("a", TEXT), value("b", TEXT), value("c", TEXT)],
        vec![nullable("b", TEXT), value("c", TEXT), nullable("d", TEXT)],
    ];
    for newer in newer {
        let operation = act(&union(vec![older(), action("/X/Pbx.Act", &newer)]));
        assert_eq!(values(&operation).0, ["b"]);
    }
    // A value that the newer release dropped is sent to the older one alone.
    let dropped = action("/X/Pbx.Act", &[value("c", TEXT)]);
    let operation = act(&union(vec![older(), dropped]));
    assert_eq!(values(&operation), (vec!["b"], vec!["c"]));
    let note = "until 20.0.1; since 20.0.2 the PBX ignores it, and the client leaves it out";
    assert_eq!(operation.fields[0].docs, format!("`b` (`Edm.String`): {note}."));
    let Write::ByVariant(variants) = &operation.write else { panic!("{:?}", operation.write) };
    let property = Statement::Property { wire: "b".to_owned(), field: "b".to_owned() };
    let sends: Vec<bool> = variants.iter().map(|it| it.contains(&property)).collect();
    assert_eq!(sends, [false, true]);
}

/// A document with a function that has these query options and answers this.
fn function(options: &[&str], answer: &str) -> Api {
    let options = options.iter().map(|name| {
        format!("        - {{ name: ${name}, in: query, schema: {{ type: string }} }}\n")
    });
    let options = options.collect::<String>();
    let content = match answer {
        "" => "'204': { description: x }".to_owned(),
        name => format!(
            "'200': {{ description: x, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pbx.{name}' }} }} }} }}"
        ),
    };
    let parameters =
        if options.is_empty() { String::new() } else { format!("      parameters:\n{options}") };
    let paths = format!(
        "  /X/Pbx.Act():\n    get:\n      tags: [X]\n      operationId: Act\n      x-ms-docs-operation-type: function\n{parameters}      responses: {{ {content}, default: {{ $ref: '#/components/responses/error' }} }}\n"
    );
    document(
        &paths,
        "    Pbx.A: { type: object, properties: { X: { type: string } } }\n    Pbx.B: { type: object, properties: { Y: { type: string } } }\n",
    )
}

#[test]
fn options_are_those_of_all_variants() {
    let operation =
        act(&union(vec![function(&["filter", "select"], "A"), function(&["select"], "B")]));
    let marks: Vec<String> = operation
        .marks
        .iter()
        .map(|mark| format!("{} of {:?}", mark.name, mark.entity.as_ref().unwrap()))
        .collect();
    // They speak of the entity that they spoke of first.
    assert_eq!(marks, ["Filterable of Entity(\"A\")", "Selectable of Entity(\"A\")"]);
    let undeclared: Vec<_> = operation.info.variants.iter().map(|it| &it.undeclared[..]).collect();
    assert_eq!(undeclared, [&["$filter"][..], &[]]);
    assert!(operation.method.docs.contains("Query options: `filter` (until 20.0.1), `select`."));
    // Options alone make variants too, but both are written in one way.
    let operation = act(&union(vec![function(&["filter"], "A"), function(&[], "A")]));
    assert_eq!(operation.info.variants.len(), 2);
    assert!(matches!(operation.write, Write::Once(_)), "{:?}", operation.write);
}

#[test]
fn an_option_gives_way_to_a_method_of_the_request() {
    let both = [nullable("filter", TEXT), value("top", TEXT)];
    let operation = act(&action("/X/Pbx.Act", &both));
    assert_eq!(values(&operation), (vec!["top"], vec!["filter_parameter"]));
}

#[test]
fn variants_that_differ_on_the_wire_are_written_by_number() {
    let operation = act(&union(vec![
        action("/X/Pbx.Act", &[value("a", TEXT)]),
        action("/X/Pbx.Act", &[value("a", TEXT), nullable("b", TEXT)]),
    ]));
    let first = Statement::Property { wire: "a".to_owned(), field: "a".to_owned() };
    let second = Statement::OptionalProperty { wire: "b".to_owned() };
    let path = Statement::Text("/X/Pbx.Act".to_owned());
    let older = vec![path.clone(), first.clone()];
    assert_eq!(operation.write, Write::ByVariant(vec![vec![path, first, second], older]));
    let bounds: Vec<Releases> = operation.info.variants.iter().map(|it| it.releases).collect();
    let release = |update| Some(Release { numbers: [20, 0, update], build: None });
    let since = Releases { since: release(2), until: None };
    assert_eq!(bounds, [since, Releases { since: None, until: release(1) }]);
}

#[test]
fn limits_make_no_variant_of_their_own() {
    let operation = act(&union(vec![
        action("/X/Pbx.Act", &[value("a", TEXT)]),
        action("/X/Pbx.Act", &[value("a", "type: string, maxLength: 5")]),
    ]));
    assert!(operation.info.variants.is_empty());
    assert!(matches!(operation.write, Write::Once(_)), "{:?}", operation.write);
}

#[test]
fn a_value_of_a_changed_type_is_written_by_its_variant() {
    let operation = act(&union(vec![
        action("/X/Pbx.Act", &[value("a", TEXT)]),
        action("/X/Pbx.Act", &[value("a", INTEGER)]),
    ]));
    let text = Ty::Std("String", Vec::new());
    assert_eq!(operation.fields[0].ty, Ty::Runtime("Retyped", vec![Ty::Primitive("i32"), text]));
    let Write::ByVariant(variants) = &operation.write else { panic!("{:?}", operation.write) };
    let sides = variants.iter().map(|statements| match statements.last() {
        Some(Statement::TypedProperty { side, .. }) => *side,
        other => panic!("{other:?}"),
    });
    assert_eq!(sides.collect::<Vec<_>>(), [Side::Current, Side::Former]);
}

#[test]
fn a_retyped_parameter_is_sent_as_its_release_has_it() {
    let keyed = |ty: &str| {
        let path = format!(
            "  /X({{Id}}):\n    delete:\n      tags: [X]\n      operationId: Act\n      parameters: [{{ name: Id, in: path, required: true, schema: {{ {ty} }} }}]\n      responses: {{ '204': {{ description: x }}, default: {{ $ref: '#/components/responses/error' }} }}\n"
        );
        document(&path, "")
    };
    let operation = act(&union(vec![keyed(TEXT), keyed(INTEGER)]));
    let Write::ByVariant(variants) = &operation.write else { panic!("{:?}", operation.write) };
    let sides = variants.iter().map(|statements| match &statements[1] {
        Statement::TypedLiteral { side, .. } => *side,
        other => panic!("{other:?}"),
    });
    assert_eq!(sides.collect::<Vec<_>>(), [Side::Current, Side::Former]);
}

#[test]
fn a_third_type_of_a_value_is_reported() {
    let documents =
        [TEXT, INTEGER, "type: boolean"].map(|ty| action("/X/Pbx.Act", &[value("a", ty)]));
    let error = lowered(&union(documents.into())).unwrap_err().to_string();
    assert!(error.contains("/paths (Act)") && error.contains("`a` has had three types"), "{error}");
}

/// The entities of an API whose schemas are these.
fn entities(schemas: &str) -> Vec<Entity> {
    tree(&document("  {}\n", schemas)).entities
}

#[test]
fn a_property_is_boxed_if_its_type_would_contain_itself() {
    let own = "    Pbx.A: { type: object, properties: { B: { $ref: '#/components/schemas/Pbx.B' }, Name: { type: string } } }\n    Pbx.B: { type: object, properties: { A: { $ref: '#/components/schemas/Pbx.A' }, C: { $ref: '#/components/schemas/Pbx.C' }, List: { type: array, items: { $ref: '#/components/schemas/Pbx.B' } } } }\n    Pbx.C: { type: object, properties: { X: { type: string } } }\n";
    let entities = entities(own);
    let boxed: Vec<String> = entities
        .iter()
        .flat_map(|entity| entity.properties.iter().map(move |it| (entity, it)))
        .filter(|(_, it)| it.is_boxed)
        .map(|(entity, it)| format!("{}.{}", entity.name, it.name))
        .collect();
    assert_eq!(boxed, ["A.b", "B.a"]);
}

#[test]
fn the_words_of_a_value_say_what_it_is_called_on_the_wire() {
    let short = value("theName", "type: string, maxLength: 5");
    let operation = act(&action("/X/Pbx.Act", &[short, value("b", INTEGER)]));
    let lines: Vec<&str> = operation.method.docs.lines().collect();
    assert_eq!(lines[0], "Calls the action `Act`.");
    assert!(lines.contains(&"- `the_name` (`theName`, `Edm.String`): at most 5 characters."));
    assert!(lines.contains(&"- `b` (`Edm.Int32`)."), "{lines:#?}");
    assert_eq!(operation.fields[0].docs, "`b` (`Edm.Int32`).");
}

/// A document with a function at each path; a row is an operationId, tag, kind and path.
fn functions(rows: &[(&str, &str, &str, &str)]) -> Api {
    let paths: String = rows
        .iter()
        .map(|(id, tag, kind, path)| {
            format!(
                "  {path}:\n    get:\n      tags: [{tag}]\n      operationId: {id}\n      x-ms-docs-operation-type: {kind}\n      responses: {{ '204': {{ description: x }}, default: {{ $ref: '#/components/responses/error' }} }}\n"
            )
        })
        .collect();
    document(&paths, "")
}

#[test]
fn what_moved_keeps_its_former_name_as_a_deprecated_one() {
    const FUNCTION: &str = "function";
    let older = functions(&[
        ("GetX", "Xs", "functionImport", "/GetX()"),
        ("Count", "T", FUNCTION, "/Things/Pbx.Count()"),
        ("Turn", "T", FUNCTION, "/Things/Pbx.Turn()"),
    ]);
    let newer = functions(&[
        ("GetX", "Ys", "functionImport", "/GetX()"),
        ("Count", "T", FUNCTION, "/Things/Pbx.CountAll()"),
        ("Turn", "T", FUNCTION, "/Others/Pbx.Turn()"),
        // It has the former name of another one.
        ("TurnNow", "T", FUNCTION, "/Things/Pbx.Turn()"),
    ]);
    let tree = tree(&union(vec![older, newer]));
    let found: Vec<String> = tree
        .resources
        .iter()
        .flat_map(|it| it.moved.iter().map(move |moved| (it, moved)))
        .map(|(resource, moved)| {
            let method = moved.method.as_ref();
            format!(
                "{}.{} = {}::{} ({}), {:?}",
                resource.module,
                method.map_or("-", |it| &it.name),
                moved.module.as_deref().unwrap_or("self"),
                moved.name,
                method.and_then(|it| it.deprecated.as_deref()).unwrap_or("-"),
                moved.alias
            )
        })
        .collect();
    let expected = [
        "things.count = self::Count (it is `things().count_all` now), None",
        "things.- = others::Turn (-), Some(\"Turn\")",
        "xs.get_x = ys::GetX (it is `ys().get_x` now), Some(\"GetX\")",
    ];
    assert_eq!(found, expected);
    let deprecated = tree.resources.iter().filter(|it| it.deprecated.is_some());
    assert_eq!(deprecated.map(|it| it.module.as_str()).collect::<Vec<_>>(), ["xs"]);
}

/// A resource with the operations of a collection, and one of its own.
fn things() -> Api {
    let responses = |success: &str| {
        format!("responses: {{ {success}, default: {{ $ref: '#/components/responses/error' }} }}")
    };
    let content = |schema: &str| format!("content: {{ application/json: {{ schema: {schema} }} }}");
    let thing = content("{ $ref: '#/components/schemas/E.BigThing' }");
    let list = content(
        "{ title: Collection of BigThing, type: object, properties: { value: { type: array, items: { $ref: '#/components/schemas/E.BigThing' } } } }",
    );
    let id = "{ name: Id, in: path, required: true, description: 'The unique identifier of BigThing', schema: { type: integer, format: int32 }, x-ms-docs-key-type: BigThing }";
    let head = |id: &str, kind: &str| {
        format!("tags: [Things], operationId: {id}, x-ms-docs-operation-type: {kind}")
    };
    let operation = "operation";
    let paths = [
        "  /Things:\n".to_owned(),
        format!(
            "    get: {{ {}, {} }}\n",
            head("ListBigThing", operation),
            responses(&format!("'200': {{ description: x, {list} }}"))
        ),
        format!(
            "    post: {{ {}, requestBody: {{ required: true, {thing} }}, {} }}\n",
            head("CreateBigThing", operation),
            responses(&format!("'201': {{ description: x, {thing} }}"))
        ),
        "  /Things({Id}):\n".to_owned(),
        format!(
            "    get: {{ {}, parameters: [{id}], {} }}\n",
            head("GetBigThing", operation),
            responses(&format!("'200': {{ description: x, {thing} }}"))
        ),
        format!(
            "    delete: {{ {}, parameters: [{id}], {} }}\n",
            head("DeleteBigThing", operation),
            responses("'204': { description: x }")
        ),
        "  /Things/Pbx.Act:\n".to_owned(),
        format!(
            "    post: {{ {}, {} }}\n",
            head("Act", "action"),
            responses("'204': { description: x }")
        ),
    ];
    document(
        &paths.concat(),
        "    E.BigThing: { type: object, properties: { Id: { type: integer, format: int32 } } }\n",
    )
}

#[test]
fn a_note_stands_where_readers_look_for_what_it_is_about() {
    let rows = "\
resources: [{ about: [Things], known: live, text: What things are for. }]\n\
operations: [{ about: [CreateBigThing], known: live, text: 'Not `Act`, nor `Name`.' }]\n\
types: [{ about: [E.BigThing], known: live, text: What a thing is. }]\n\
properties: [{ about: [E.BigThing/Id], known: live, text: The PBX gives it. }]\n\
parameters: [{ about: ['*/Id'], known: live, text: As the list has it. }]\n";
    let tree = lowered_with(&things(), rows).unwrap_or_else(|problems| panic!("{problems}"));
    let (things, entity) = (&tree.resources[0], &tree.entities[0]);
    assert_eq!(things.docs, "What things are for.\n\nThe operations of `Things`.");
    assert!(entity.docs.ends_with("\n\nWhat a thing is."), "{}", entity.docs);
    assert_eq!(entity.properties[0].docs, "`Id` (`Edm.Int32`).\n\nThe PBX gives it.");
    assert_eq!(entity.properties[0].note.as_deref(), Some("The PBX gives it."));
    let method = |name: &str| things.operations.iter().find(|it| it.method.name == name);
    let docs = &method("create").unwrap().method.docs;
    let act = "[`Things::act`](crate::resources::things::Things::act)";
    assert_eq!(docs.split("\n\n").nth(1), Some(format!("Not {act}, nor `Name`.").as_str()));
    let get = method("get").unwrap();
    assert!(get.method.docs.ends_with("the key. As the list has it."), "{}", get.method.docs);
    assert!(get.fields[0].docs.ends_with("the key.\n\nAs the list has it."));
}

#[test]
fn an_entity_leads_to_the_resources_that_read_or_write_it() {
    let link = "[`Things`](crate::resources::things::Things)";
    let rows = [
        ("ListBigThing", true),
        ("CreateBigThing", true),
        ("GetBigThing", true),
        ("DeleteBigThing", false),
        ("Act", false),
    ];
    for (id, leads) in rows {
        let mut api = things();
        api.operations.retain(|it, _| it == id);
        let docs = &tree(&api).entities[0].docs;
        assert_eq!(
            docs.contains(&format!("\n\n{link} has its operations.")),
            leads,
            "{id}: {docs}"
        );
    }

    let mut api = things();
    for operation in api.operations.values_mut().filter(|it| it.id == "CreateBigThing") {
        operation.newest.resource = "NewThings".to_owned();
    }
    let docs = &tree(&api).entities[0].docs;
    let other = "[`NewThings`](crate::resources::new_things::NewThings)";
    assert!(docs.ends_with(&format!("{other} and {link} have its operations.")), "{docs}");
}

#[test]
fn basic_operations_are_found_by_what_people_call_them() {
    let tree = tree(&things());
    let operations = tree.resources[0].operations.iter();
    let words = operations.flat_map(|it| it.method.aliases.iter().filter(|it| it.contains(' ')));
    let expected = ["list things", "create big thing", "get big thing", "delete big thing"];
    assert_eq!(words.collect::<Vec<_>>(), expected);
}

#[test]
fn the_example_of_a_resource_prefers_an_action_with_values() {
    let answer = "      responses: { '204': { description: x }, default: { $ref: '#/components/responses/error' } }\n";
    let body = "      requestBody: { description: x, required: true, content: { application/json: { schema: { type: object, properties: { days: { type: string } } } } } }\n";
    let action = |id: &str, body: &str| {
        format!(
            "  /{id}:\n    post:\n      tags: [X]\n      operationId: {id}\n      x-ms-docs-operation-type: actionImport\n{body}{answer}"
        )
    };
    // The one without values would do all that it can.
    let paths = [action("ClearAll", ""), action("ClearSome", body)].concat();
    let resource = tree(&document(&paths, "")).resources.remove(0);
    assert_eq!(resource.example.unwrap().method, "clear_some");
}

#[test]
fn the_example_of_a_resource_calls_what_reads_most() {
    let shown = |api: &Api| {
        tree(api)
            .resources
            .into_iter()
            .map(|it| it.example.map(|it| (it.method, it.printed)))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&things()), [Some(("list".to_owned(), Printed::Rows))]);
    let act = || action("/X/Pbx.Act", &[]);
    assert_eq!(shown(&act()), [Some(("act".to_owned(), Printed::Nothing))]);
    // What 3CX dropped is no example.
    let other = functions(&[("Other", "Y", "function", "/Y/Pbx.Other()")]);
    let united = shown(&union(vec![act(), other]));
    assert_eq!(united, [None, Some(("other".to_owned(), Printed::Nothing))]);
}
