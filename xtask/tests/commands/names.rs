//! Names that Rust or our own code has taken: a document that has them all becomes a client.

use xapi_codegen::model;
use xapi_codegen::{history, load, track};

use crate::common::{root, vendors, xtask};

/// Types, operations, properties and values of these names.
const TAKEN: &[&str] = &[
    "Option",
    "None",
    "Some",
    "String",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "Box",
    "Into",
    "From",
    "Default",
    "Clone",
    "Debug",
    "Client",
    "Request",
    "Page",
    "Value",
    "Entity",
    "Enumeration",
    "Flags",
    "Navigation",
    "Properties",
    "Operation",
    "OperationInfo",
    "RequestParts",
    "Release",
    "Releases",
    "Download",
    "Retyped",
    "Filterable",
    "Selectable",
    "Unrecognized",
    "Self",
    "Gen",
    "Type",
    "Fmt",
    "TryInto",
    "ToOwned",
    "Body",
    "Error",
    "A",
    "P",
    "S",
    "D",
    "Std",
    "Core",
    "Serde",
    "Entities",
    "Enums",
    "Resources",
    "Support",
    "Crate",
    "Mod",
    "Kept",
    "Table",
    "Serialize",
    "3D",
    "Secrets",
    "INFO",
];

const ERROR: &str = "default: { $ref: '#/components/responses/error' }";

/// An entity and an enumeration of each name. Each type has all names for its members.
fn schemas() -> String {
    let properties: String = TAKEN.iter().map(|it| property(it)).collect();
    let values = TAKEN.join(", ");
    let types = TAKEN.iter().enumerate().map(|(number, name)| {
        if number % 2 == 0 {
            format!("    Taken.{name}:\n      type: object\n      properties:\n{properties}")
        } else {
            format!("    Taken.{name}: {{ type: string, enum: [{values}] }}\n")
        }
    });
    types.collect()
}

fn property(name: &str) -> String {
    match name {
        "Some" => format!("        {name}: {{ $ref: '#/components/schemas/Taken.Option' }}\n"),
        "Ok" => format!("        {name}: {{ $ref: '#/components/schemas/Taken.None' }}\n"),
        "Vec" => format!("        {name}: {{ type: array, items: {{ type: string }} }}\n"),
        _ => format!("        {name}: {{ type: string, nullable: true }}\n"),
    }
}

/// A resource of each name that has two actions: one takes all names, and one is called like the
/// resource.
fn paths() -> String {
    let parameters: String = TAKEN.iter().map(|it| format!("        {}", property(it))).collect();
    let body = format!(
        "      requestBody:\n        content:\n          application/json:\n            schema:\n              type: object\n              properties:\n{parameters}"
    );
    let action = |path: &str, id: &str, body: &str| {
        format!(
            "  /{path}:\n    post:\n      tags: [T]\n      operationId: {id}\n      x-ms-docs-operation-type: action\n{body}      responses: {{ '204': {{ description: x }}, {ERROR} }}\n"
        )
    };
    let each = TAKEN.iter().enumerate().map(|(number, name)| {
        let function = TAKEN[(number + 1) % TAKEN.len()];
        action(&format!("{name}/Pbx.{function}"), &format!("Act{number}"), &body)
            + &action(&format!("{name}/Pbx.Own"), name, "")
    });
    each.collect()
}

#[test]
fn a_client_whose_names_are_all_taken_compiles() {
    let union = load::load(&root().join("spec/xapi.yaml")).and_then(model::read).unwrap().0;
    let last = union.documents.last().unwrap().full();
    let text = track::write(&history::at(&union, &last).unwrap()).unwrap();
    let text = vendors(&text);
    let text = text.replacen("\npaths:\n", &format!("\npaths:\n{}", paths()), 1);
    let text = text.replacen("\n  schemas:\n", &format!("\n  schemas:\n{}", schemas()), 1);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("20.0.99_2030-01-01.yaml"), text).unwrap();
    let output = xtask(&["replay", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
