//! The union over releases, on small documents of our own.

use std::collections::BTreeMap;
use std::path::Path;

use serde_yaml::Value;
use xapi_codegen::client::{Client, Rows};
use xapi_codegen::history;
use xapi_codegen::model::{self, Api, DocumentId, Seen, Type};
use xapi_codegen::{former_ids, load, track};

use crate::common::{SMALL, printed, small, xtask};

fn read(text: &str) -> Api {
    let read = load::parse("test".to_owned(), text.to_owned()).and_then(model::read);
    read.unwrap_or_else(|problems| panic!("{problems}")).0
}

/// `20.0.7/2026-01-01`
fn release(full: &str) -> DocumentId {
    let (release, date) = full.split_once('/').unwrap();
    DocumentId { release: release.to_owned(), date: date.to_owned(), build: None }
}

/// The union of small documents: what each is, and what is replaced in it.
fn union(rows: &[(&str, &[(&str, &str)])]) -> Api {
    let rows = rows.iter().map(|(full, replaced)| (release(full), read(&small(replaced))));
    let documents: BTreeMap<DocumentId, Api> = rows.collect();
    history::unite(&documents).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The tracked document of a union, which must read back to it.
fn tracked(union: &Api) -> Value {
    let text = track::write(union).unwrap();
    assert!(read(&text) == *union, "reads back to something else:\n{text}");
    serde_yaml::from_str(&text).unwrap()
}

/// What stands under these keys.
fn get<'v>(value: &'v Value, keys: &[&str]) -> &'v Value {
    keys.iter().fold(value, |value, key| value.get(*key).unwrap_or(&Value::Null))
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

const NO_PROPERTY: (&str, &str) = ("        Id: { type: integer, format: int32 }\n", "");
const ID: [&str; 5] = ["components", "schemas", "Pbx.Thing", "properties", "Id"];
const COLOUR: [&str; 3] = ["components", "schemas", "Pbx.Colour"];

#[test]
fn a_fact_of_all_documents_has_no_bounds() {
    let union = union(&[("20.0.7/2026-01-01", &[]), ("20.0.8/2026-02-01", &[])]);
    let text = track::write(&union).unwrap();
    for mark in ["x-since", "x-until", "x-absent", "x-former"] {
        assert!(!text.contains(mark), "{text}");
    }
    assert!(text.contains("version: 20.0.8"), "{text}");
}

#[test]
fn releases_are_ordered_by_their_numbers() {
    let union = union(&[
        ("20.0.10/2025-01-01", &[]),
        ("20.0.9/2026-03-01", &[NO_PROPERTY]),
        ("20.0.9/2026-02-01", &[NO_PROPERTY]),
    ]);
    let names: Vec<String> = union.documents.iter().map(DocumentId::full).collect();
    assert_eq!(names, ["20.0.9/2026-02-01", "20.0.9/2026-03-01", "20.0.10/2025-01-01"]);
    assert_eq!(get(&tracked(&union), &ID)["x-since"], yaml("20.0.10"));
}

#[test]
fn a_boundary_within_a_release_has_the_documents_date() {
    let union = union(&[
        ("20.0.6/2026-01-01", &[NO_PROPERTY, ("[Red, No, 'Sky.Blue']", "[Red, No]")]),
        ("20.0.7/2026-02-01", &[NO_PROPERTY]),
        ("20.0.7/2026-03-01", &[("[Red, No, 'Sky.Blue']", "[Red, 'Sky.Blue']")]),
        ("20.0.8/2026-04-01", &[("[Red, No, 'Sky.Blue']", "[Red, 'Sky.Blue']")]),
    ]);
    let tracked = tracked(&union);
    assert_eq!(get(&tracked, &ID)["x-since"], yaml("20.0.7/2026-03-01"));
    let values =
        "[{ value: 'No', x-until: 20.0.7/2026-02-01 }, { value: Sky.Blue, x-since: 20.0.7 }]";
    assert_eq!(get(&tracked, &COLOUR)["x-values"], yaml(values));
}

#[test]
fn a_gap_is_written_out() {
    let union = union(&[
        ("20.0.5/2026-01-01", &[]),
        ("20.0.6/2026-02-01", &[NO_PROPERTY]),
        ("20.0.6/2026-03-01", &[NO_PROPERTY]),
        ("20.0.7/2026-04-01", &[]),
        ("20.0.8/2026-05-01", &[NO_PROPERTY]),
        ("20.0.8/2026-06-01", &[]),
    ]);
    let tracked = tracked(&union);
    assert_eq!(get(&tracked, &ID)["x-absent"], yaml("[20.0.6, 20.0.8/2026-05-01]"));
    assert_eq!(get(&tracked, &ID).get("x-since"), None);
    for (name, has) in [("20.0.5", true), ("20.0.6/2026-03-01", false), ("20.0.8", true)] {
        let projected = history::at(&union, name).unwrap();
        let found = projected.entities["Pbx.Thing"].properties.contains_key("Id");
        assert_eq!(found, has, "{name}");
    }
}

#[test]
fn a_property_has_no_bounds_where_its_entity_has_them() {
    let less = [
        ("Pbx.Thing:", "Pbx.Other:"),
        ("schemas/Pbx.Thing' }, x-ms", "schemas/Pbx.Other' }, x-ms"),
        ("schemas/Pbx.Thing' } } } }", "schemas/Pbx.Other' } } } }"),
    ];
    let union = union(&[("20.0.7/2026-01-01", &less), ("20.0.8/2026-02-01", &[])]);
    let tracked = tracked(&union);
    assert_eq!(get(&tracked, &ID[..3])["x-since"], yaml("20.0.8"));
    assert_eq!(get(&tracked, &ID), &yaml("{ type: integer, format: int32 }"));
    assert_eq!(get(&tracked, &["components", "schemas", "Pbx.Other"])["x-until"], yaml("20.0.7"));
}

#[test]
fn a_retyped_property_keeps_its_former_types() {
    let retyped = [(
        "Id: { type: integer, format: int32 }",
        "Id: { type: integer, format: int32, nullable: true }",
    )];
    let to_entity = [(
        "Id: { type: integer, format: int32 }",
        "Id: { $ref: '#/components/schemas/Pbx.Colour' }",
    )];
    let union = union(&[
        ("20.0.6/2026-01-01", &[]),
        ("20.0.7/2026-02-01", &retyped),
        ("20.0.8/2026-03-01", &to_entity),
        ("20.0.9/2026-04-01", &[]),
        ("20.0.10/2026-05-01", &to_entity),
    ]);
    let id = &union.entities["Pbx.Thing"].properties["Id"];
    let types: Vec<&Type> = id.variants().map(|(shape, _)| &shape.ty).collect();
    assert_eq!(types, [&Type::Enumeration("Pbx.Colour".to_owned()), &Type::Int32, &Type::Int32]);
    assert_eq!(id.oldest().ty, Type::Int32);
    let expected = "
        allOf: [ { $ref: '#/components/schemas/Pbx.Colour' } ]
        x-former:
        - { x-until: 20.0.9, x-absent: [20.0.7, 20.0.8], schema: { type: integer, format: int32 } }
        - { x-since: 20.0.7, x-until: 20.0.7, schema: { type: integer, format: int32, nullable: true } }";
    assert_eq!(get(&tracked(&union), &ID), &yaml(expected));
}

#[test]
fn a_change_that_rust_has_no_type_for_is_named_as_an_error() {
    const ID: &str = "Id: { type: integer, format: int32 }";
    let text = [(ID, "Id: { type: string }")];
    let entity = [(ID, "Id: { $ref: '#/components/schemas/Pbx.Thing' }")];
    let colour = "colour: { $ref: '#/components/schemas/Pbx.Colour' }";
    let option = [(colour, "note: { type: string, nullable: true }")];
    let spelled = [(colour, "Note: { type: string, nullable: true }")];
    let number = [(
        "properties: { value: { type: integer, format: int64 } }",
        "properties: { value: { type: string } }",
    )];
    let truth = [(
        "properties: { value: { type: integer, format: int64 } }",
        "properties: { value: { type: boolean } }",
    )];
    type Replaced<'a> = &'a [(&'a str, &'a str)];
    let rows: [(Replaced<'_>, Replaced<'_>, &str); 3] = [
        (&text, &entity, "Pbx.Thing/Id: has had three types"),
        (&number, &truth, "(Count): its answer has had three types"),
        (&option, &spelled, "(Paint): `note`, an option, was spelled `Note`"),
    ];
    for (second, third, said) in rows {
        let union = union(&[
            ("20.0.6/2026-01-01", &[]),
            ("20.0.7/2026-02-01", second),
            ("20.0.8/2026-03-01", third),
        ]);
        let client = Client::of(union, &Rows::default()).unwrap();
        let problems = client.tree().unwrap_err();
        assert!(problems.to_string().contains(said), "{problems}");
    }
}

#[test]
fn an_operation_keeps_its_former_variants() {
    let moved = [("'/Things/Pbx.Count(since={since})'", "'/Things/Pbx.CountAll(since={since})'")];
    let union = union(&[
        ("20.0.7/2026-01-01", &moved),
        ("20.0.8/2026-02-01", &[]),
        ("20.0.9/2026-03-01", &moved),
    ]);
    let tracked = tracked(&union);
    let operation = get(&tracked, &["paths", "/Things/Pbx.CountAll(since={since})", "get"]);
    assert_eq!(operation["operationId"], yaml("Count"));
    let former = operation["x-former"].as_sequence().unwrap();
    let [form] = former.as_slice() else { panic!("{former:?}") };
    assert_eq!(form["path"], yaml("/Things/Pbx.Count(since={since})"));
    assert_eq!((&form["method"], &form["x-since"]), (&yaml("get"), &yaml("20.0.8")));
    assert_eq!(form["operation"]["parameters"], operation["parameters"]);
}

#[test]
fn a_removed_operation_stays_with_its_last_release() {
    let paint = SMALL.find("  '/Things({Id})/Pbx.Paint'").unwrap();
    let count = SMALL.find("  '/Things/Pbx.Count").unwrap();
    let without = read(&(SMALL[..paint].to_owned() + &SMALL[count..]));
    let union = union(&[("20.0.7/2026-01-01", &[])]);
    let union = history::merge(&union, release("20.0.8/2026-02-01"), without).unwrap();
    assert_eq!(union.operations.len(), 3);
    let tracked = tracked(&union);
    let operation = get(&tracked, &["paths", "/Things({Id})/Pbx.Paint", "post"]);
    assert_eq!(operation["x-until"], yaml("20.0.7"));
    assert!(!history::at(&union, "20.0.8").unwrap().operations.contains_key("Paint"));
}

#[test]
fn a_document_that_is_imported_again_replaces_what_it_was() {
    let rows: [(&str, &[(&str, &str)]); 2] =
        [("20.0.7/2026-01-01", &[NO_PROPERTY]), ("20.0.8/2026-02-01", &[])];
    let wrong = union(&[rows[0], (rows[1].0, &[("Colour: { allOf", "Color: { allOf")])]);
    assert!(wrong.entities["Pbx.Thing"].properties.contains_key("Color"));
    let mended = history::merge(&wrong, release(rows[1].0), read(&small(rows[1].1))).unwrap();
    assert!(mended == union(&rows), "the wrong document left something");
}

#[test]
fn the_order_of_an_actions_parameters_is_no_change() {
    let two = "colour: { $ref: '#/components/schemas/Pbx.Colour' }\n                coats: { type: string }";
    let turned = "coats: { type: string }\n                colour: { $ref: '#/components/schemas/Pbx.Colour' }";
    let one = "colour: { $ref: '#/components/schemas/Pbx.Colour' }";
    let union =
        union(&[("20.0.7/2026-01-01", &[(one, two)]), ("20.0.8/2026-02-01", &[(one, turned)])]);
    assert_eq!(union.operations["Paint"].former, []);
}

#[test]
fn one_name_for_two_kinds_of_things_is_refused() {
    let other = [("      type: string\n      enum: [Red, No, 'Sky.Blue']", "      type: object")];
    let union = union(&[("20.0.7/2026-01-01", &[])]);
    let merged = history::merge(&union, release("20.0.8/2026-02-01"), read(&small(&other)));
    let error = merged.unwrap_err().to_string();
    for said in ["Pbx.Colour", "an enumeration in 20.0.7", "an entity in 20.0.8"] {
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_bound_that_names_no_release_is_refused() {
    let union = union(&[("20.0.7/2026-01-01", &[NO_PROPERTY]), ("20.0.8/2026-02-01", &[])]);
    let text = track::write(&union).unwrap();
    let rows = [
        ("x-since: 20.0.8", "x-since: 20.0.9", "`20.0.9` is not one of the releases"),
        ("x-since: 20.0.8", "x-since: [20.0.8]", "a release is expected"),
        ("x-since: 20.0.8", "x-seen: 20.0.8", "an extension that we don't know"),
        (
            "x-since: 20.0.8",
            "x-former: [{ x-until: 20.0.7 }]",
            "`schema` and its bounds are expected",
        ),
        ("- release: 20.0.7", "- release: 20.0.9", "the oldest is expected first"),
    ];
    for (from, to, said) in rows {
        assert!(text.contains(from), "{from}: {text}");
        let wrong = load::parse("test".to_owned(), text.replace(from, to)).and_then(model::read);
        let error = wrong.unwrap_err().to_string();
        assert!(error.contains(said), "{to}: {error}");
    }
}

#[test]
fn a_former_id_is_a_former_variant_of_the_present_one() {
    let renamed = [
        ("'/Things/Pbx.Count(since={since})'", "'/Things/Pbx.CountAll(since={since})'"),
        ("operationId: Count", "operationId: CountAll"),
    ];
    let rows = "- { former: Count, id: CountAll, reason: x }\n- { former: Gone, id: CountAll, reason: x }\n";
    let rows = former_ids::parse("former_ids", rows).unwrap();
    let mut renewed = union(&[("20.0.7/2026-01-01", &[]), ("20.0.8/2026-02-01", &renamed)]);
    assert_eq!(renewed.operations.len(), 4, "the union keeps both ids");
    // A row that joins nothing is told.
    assert_eq!(former_ids::join(&mut renewed, &rows).unwrap(), ["Gone → CountAll"]);
    assert_eq!(renewed.operations.len(), 3);
    let joined = &renewed.operations["CountAll"];
    let ids: Vec<&str> = joined.variants().map(|(form, _)| form.id.as_str()).collect();
    assert_eq!((ids, joined.seen), (vec!["CountAll", "Count"], Seen::all(2)));
    // Two that stood side by side are two operations.
    let both = small(&[]).replace(
        "components:\n  schemas:",
        &format!("{}components:\n  schemas:", {
            let count = &SMALL
                [SMALL.find("  '/Things/Pbx.Count").unwrap()..SMALL.find("components:\n").unwrap()];
            count
                .replace("Pbx.Count(", "Pbx.CountAll(")
                .replace("operationId: Count", "operationId: CountAll")
        }),
    );
    let mut both = read(&both);
    let error = former_ids::join(&mut both, &rows).unwrap_err().to_string();
    assert!(error.contains("`Count` is not gone where `CountAll` begins"), "{error}");
}

#[test]
fn an_id_that_changed_in_its_place_needs_no_row() {
    let [second, third] = ["CountTwo", "CountThree"].map(|id| format!("operationId: {id}"));
    let was = "operationId: Count";
    let union = union(&[
        ("20.0.7/2026-01-01", &[]),
        ("20.0.8/2026-02-01", &[(was, &second)]),
        ("20.0.9/2026-03-01", &[(was, &third)]),
    ]);
    // The tracked document holds all three at one place.
    let tracked = tracked(&union);
    let operation = get(&tracked, &["paths", "/Things/Pbx.Count(since={since})", "get"]);
    assert_eq!(operation["operationId"], yaml("CountThree"));
    assert_eq!(operation["x-predecessors"].as_sequence().unwrap().len(), 2);
    let client = Client::of(union, &Rows::default()).unwrap();
    let joined = &client.api.operations["CountThree"];
    let ids: Vec<&str> = joined.variants().map(|(variant, _)| variant.id.as_str()).collect();
    assert_eq!((ids, joined.seen), (vec!["CountThree", "CountTwo", "Count"], Seen::all(3)));
}

#[test]
fn the_row_for_a_renamed_operation_works() {
    let renamed = [
        ("'/Things/Pbx.Count(since={since})'", "'/Things/Pbx.count(since={since})'"),
        ("operationId: Count", "operationId: CountAll"),
    ];
    let union = union(&[("20.0.7/2026-01-01", &[]), ("20.0.8/2026-02-01", &renamed)]);
    let error = Client::of(union.clone(), &Rows::default()).unwrap_err().to_string();
    let (_, row) = error.rsplit_once("add to spec/former_ids.yaml: ").unwrap();
    let former_ids = format!("- {row}\n");
    let client = Client::of(union, &Rows::parse([&former_ids, "{}", "{}", "{}"]).unwrap()).unwrap();
    assert_eq!(client.api.operations["CountAll"].former[0].0.id, "Count");
    assert_eq!(client.useless_rows(), <[String; 0]>::default());
}

#[test]
fn arguments_are_what_the_oldest_variant_required() {
    let parameter = "        - name: since\n          in: path\n          required: true\n          schema: { type: string, nullable: true }\n";
    let route = "'/Things/Pbx.Count(since={since})'";
    let of = |names: &[(&str, &str)]| {
        let placeholders: Vec<String> =
            names.iter().map(|(name, _)| format!("{name}={{{name}}}")).collect();
        let declared: String = names
            .iter()
            .map(|(name, schema)| {
                parameter
                    .replace("name: since", &format!("name: {name}"))
                    .replace("type: string, nullable: true", schema)
            })
            .collect();
        let route_now = format!("'/Things/Pbx.Count({})'", placeholders.join(","));
        read(&small(&[(route, &route_now), (parameter, &declared)]))
    };
    let (text, optional, number) =
        ("type: string", "type: string, nullable: true", "type: integer, format: int32");
    let oldest = of(&[("b", text), ("a", text), ("dropped", text), ("perhaps", optional)]);
    let newest = of(&[("A", optional), ("b", number), ("added", text), ("perhaps", text)]);
    let documents =
        [(release("20.0.7/2026-01-01"), oldest), (release("20.0.8/2026-02-01"), newest)];
    let union = history::unite(&documents.into()).unwrap();
    let tree = Client::of(union, &Rows::default()).unwrap().tree().unwrap();
    let mut operations = tree.resources.iter().flat_map(|it| &it.operations);
    let count = operations.find(|it| it.name == "Count").unwrap();
    // A value is the same under another spelling, and has the oldest variant's place.
    let arguments: Vec<&str> = count.fields.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(arguments, ["b", "a", "dropped"]);
    let options: Vec<&str> = count.setters.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(options, ["added", "perhaps"]);
}

/// Imports a text as a document of a release; what was said if it failed.
fn import(folder: &Path, full: &str, text: &str) -> Result<String, String> {
    let DocumentId { release, date, .. } = release(full);
    let file = folder.join(format!("{release}_{date}.yaml"));
    std::fs::write(&file, text).unwrap();
    let out = folder.join("union.yaml");
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    let output = xtask(&["import", file, "--release", &release, "--out", out]);
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(said(output.stdout)) } else { Err(said(output.stderr)) }
}

#[test]
fn import_merges_and_a_bad_document_leaves_the_union_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    import(folder, "20.0.8/2026-02-01", SMALL).unwrap();
    let said = import(folder, "20.0.7/2026-01-01", &small(&[NO_PROPERTY])).unwrap();
    assert!(said.contains("of 2 documents"), "{said}");
    let out = folder.join("union.yaml");
    let text = std::fs::read_to_string(&out).unwrap();
    let expected = union(&[("20.0.7/2026-01-01", &[NO_PROPERTY]), ("20.0.8/2026-02-01", &[])]);
    assert!(text == track::write(&expected).unwrap(), "{text}");
    let lines: Vec<&str> = SMALL.lines().collect();
    let bad = [
        lines[..lines.len() / 2].join("\n"),
        small(&[("format: int32 }\n        Colour", "format: int128 }\n        Colour")]),
        small(&[("      type: string\n      enum: [Red, No, 'Sky.Blue']", "      type: object")]),
    ];
    for text_of_bad in bad {
        let error = import(folder, "20.0.9/2026-03-01", &text_of_bad).unwrap_err();
        assert!(error.contains("20.0.9_2026-03-01.yaml"), "{error}");
        assert!(std::fs::read_to_string(&out).unwrap() == text, "{error}");
    }
    // A client of the union comes of it as well.
    let generated = folder.join("generated");
    let (out, generated) = (out.to_str().unwrap(), generated.to_str().unwrap());
    printed(&["codegen", "--spec", out, "--out", generated]);
}

#[test]
fn nothing_is_imported_into_what_is_no_tracked_document() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("union.yaml");
    std::fs::write(&out, SMALL).unwrap();
    let error = import(folder.path(), "20.0.9/2026-03-01", SMALL).unwrap_err();
    assert!(error.contains("union.yaml") && error.contains("no tracked document"), "{error}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), SMALL);
}
