use super::*;
use crate::model::DocumentId;
use crate::{history, test_document};

/// Schemas: a name, and its values or its properties with their types.
type Schemas<'a> = &'a [(&'a str, &'a str)];

/// A document with these schemas.
fn document(schemas: Schemas<'_>) -> Api {
    test_document::document("", &text(schemas))
}

fn text(schemas: Schemas<'_>) -> String {
    let schemas = schemas.iter().map(|(name, content)| {
        let content = match content.strip_prefix("enum ") {
            Some(values) => format!("type: string, enum: [{values}]"),
            None => {
                let properties = content.split_whitespace().map(|it| {
                    let (name, ty) = it.split_once(':').unwrap();
                    let of = |ty: &str| match ty {
                        "text" => "{ type: string }".to_owned(),
                        "number" => "{ type: integer, format: int32 }".to_owned(),
                        named => format!("{{ $ref: '#/components/schemas/Pbx.{named}' }}"),
                    };
                    let schema = match ty.strip_suffix("[]") {
                        Some(element) => format!("{{ type: array, items: {} }}", of(element)),
                        None => of(ty),
                    };
                    format!("{name}: {schema}, ")
                });
                format!("type: object, properties: {{ {} }}", properties.collect::<String>())
            }
        };
        format!("    Pbx.{name}: {{ {content} }}\n")
    });
    schemas.collect()
}

/// The joined union of documents with these schemas, the oldest first.
fn joined(documents: &[Schemas<'_>]) -> Api {
    joined_documents(documents.iter().map(|schemas| document(schemas)))
}

fn joined_documents(documents: impl Iterator<Item = Api>) -> Api {
    let dated = documents.zip(1..).map(|(document, number)| {
        let release = format!("20.0.{number}");
        (DocumentId { release, date: "2026-01-01".to_owned(), build: None }, document)
    });
    let mut union = history::unite(&dated.collect()).unwrap_or_else(|it| panic!("{it}"));
    join(&mut union);
    union
}

/// Every former name of a type: `Old = New`.
fn former_names(api: &Api) -> Vec<String> {
    let entities = api.entities.values().map(|it| (&it.name, &it.former_names));
    let all = entities.chain(api.enumerations.values().map(|it| (&it.name, &it.former_names)));
    all.flat_map(|(name, former)| {
        former.iter().map(move |it| format!("{} = {}", local_name(it), local_name(name)))
    })
    .collect()
}

#[test]
fn a_type_that_only_changed_its_name_becomes_one() {
    const OLD: (&str, &str) = ("Old", "enum A, B, C");
    const NEW: (&str, &str) = ("New", "enum A, B, D");
    let rows: [(&str, Schemas<'_>, Schemas<'_>, &[&str]); 12] = [
        (
            "an enumeration",
            &[OLD, ("Owner", "X:Old Y:Old[]")],
            &[NEW, ("Owner", "X:New Y:New[]")],
            &["Old = New"],
        ),
        (
            "an entity",
            &[("Old", "Id:number Name:text"), ("Owner", "X:Old")],
            &[("New", "Id:number Name:text More:text"), ("Owner", "X:New")],
            &["Old = New"],
        ),
        (
            "an entity and what only it holds",
            &[OLD, ("Was", "Id:number X:Old"), ("Owner", "X:Was[]")],
            &[NEW, ("Is", "Id:number X:New"), ("Owner", "X:Is[]")],
            &["Was = Is", "Old = New"],
        ),
        ("no use of it is left", &[OLD, ("Owner", "X:Old")], &[NEW, ("Owner", "Z:New")], &[]),
        (
            "it is still there",
            &[OLD, ("Owner", "X:Old Y:Old")],
            &[OLD, NEW, ("Owner", "X:New Y:Old")],
            &[],
        ),
        (
            "the other one was there before",
            &[OLD, NEW, ("Owner", "X:Old Y:New")],
            &[NEW, ("Owner", "X:New Y:New")],
            &[],
        ),
        (
            "its uses went to two types",
            &[OLD, ("Owner", "X:Old Y:Old")],
            &[NEW, ("Other", "enum A, B, C"), ("Owner", "X:New Y:Other")],
            &[],
        ),
        (
            "two types became one",
            &[OLD, ("Other", "enum A, B, C"), ("Owner", "X:Old Y:Other")],
            &[NEW, ("Owner", "X:New Y:New")],
            &[],
        ),
        (
            "it has other values",
            &[OLD, ("Owner", "X:Old")],
            &[("New", "enum A, D, E"), ("Owner", "X:New")],
            &[],
        ),
        (
            "it has other types",
            &[("Old", "Id:number Name:text"), ("Owner", "X:Old")],
            &[("New", "Id:text Name:text"), ("Owner", "X:New")],
            &[],
        ),
        (
            "a value has another letter case",
            &[OLD, ("Owner", "X:Old")],
            &[("New", "enum A, B, c"), ("Owner", "X:New")],
            &[],
        ),
        ("it became a list", &[OLD, ("Owner", "X:Old")], &[NEW, ("Owner", "X:New[]")], &[]),
    ];
    for (what, before, after, expected) in rows {
        assert_eq!(former_names(&joined(&[before, after])), expected, "{what}");
    }
}

#[test]
fn a_joined_type_has_the_facts_of_both() {
    let api = joined(&[
        &[("Old", "enum A, B, C"), ("Owner", "X:Old")],
        &[("New", "enum A, B, D"), ("Owner", "X:New")],
    ]);
    let enumeration = &api.enumerations["Pbx.New"];
    let values: Vec<String> =
        enumeration.values.iter().map(|(value, seen)| format!("{value} {seen:?}")).collect();
    assert_eq!(values, ["A {0, 1}", "B {0, 1}", "C {0}", "D {1}"]);
    assert_eq!(enumeration.seen, Seen::all(2));
    assert!(!api.enumerations.contains_key("Pbx.Old"));
    let property = &api.entities["Pbx.Owner"].properties["X"];
    assert_eq!((property.former.len(), property.seen), (0, Seen::all(2)), "{property:?}");
}

#[test]
fn later_documents_take_no_former_name_away() {
    let first: Schemas<'_> = &[("One", "enum A, B, C"), ("Owner", "X:One")];
    let second: Schemas<'_> = &[("Two", "enum A, B, D"), ("Owner", "X:Two")];
    let rows: [(Schemas<'_>, &[&str]); 4] = [
        (&[("Two", "enum A, B, D"), ("Owner", "Y:Two")], &["One = Two"]),
        (&[("Owner", "Y:text")], &["One = Two"]),
        (&[("One", "enum A, B, C"), ("Owner", "X:One")], &["One = Two"]),
        (&[("Three", "enum A, B, C, D"), ("Owner", "X:Three")], &["Two = Three", "One = Three"]),
    ];
    for (third, expected) in rows {
        assert_eq!(former_names(&joined(&[first, second, third])), expected, "{third:?}");
    }
}

#[test]
fn a_key_of_a_joined_type_is_no_other_parameter() {
    let document = |name: &str| {
        let path = format!(
            "  /Things({{Id}}):\n    get: {{ tags: [Things], operationId: GetThing, parameters: [{{ name: Id, in: path, required: true, schema: {{ type: integer, format: int32 }}, x-ms-docs-key-type: {name} }}], responses: {{ '200': {{ description: x, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pbx.{name}' }} }} }} }}, default: {{ $ref: '#/components/responses/error' }} }} }}\n"
        );
        test_document::document(&path, &text(&[(name, "Id:number Name:text")]))
    };
    let api = joined_documents(["Old", "New"].into_iter().map(document));
    assert_eq!(former_names(&api), ["Old = New"]);
    let operation = &api.operations["GetThing"];
    assert_eq!(operation.parameters[0].key_of.as_deref(), Some("New"));
    assert!(operation.former.is_empty(), "{:?}", operation.former);
}
