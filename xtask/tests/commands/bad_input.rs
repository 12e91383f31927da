//! Bad input gets one clear error that says what, where and what to do; nothing is written.

use std::path::Path;

use crate::common::{SMALL, xtask};

/// Imports a document into a folder of its own; gives the error, and checks that nothing was written.
#[track_caller]
fn refused(name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("20.0.1_2026-01-01.yaml");
    let out = folder.path().join("xapi.yaml");
    std::fs::write(&file, text).unwrap();
    let error = failed(&[
        "import",
        file.to_str().unwrap(),
        "--release",
        "20.0.1",
        "--out",
        out.to_str().unwrap(),
    ]);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{name}: something was written");
    assert!(error.contains(file.to_str().unwrap()), "{name}: the file is not named: {error}");
    error
}

#[track_caller]
fn failed(arguments: &[&str]) -> String {
    let output = xtask(arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
    assert!(!error.contains("panicked"), "{error}");
    error
}

#[track_caller]
fn replaced(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

#[test]
fn the_small_document_itself_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small_2026-01-01.yaml");
    let (file, out) = (file.to_str().unwrap(), folder.path().join("xapi.yaml"));
    std::fs::write(file, SMALL).unwrap();
    let out = out.to_str().unwrap();
    let said = crate::common::printed(&["import", file, "--release", "20.0.1", "--out", out]);
    assert!(said.contains("3 operations, 2 entities, 1 enumerations"), "{said}");
    // What was written reads back, and a client comes of it.
    let generated = folder.path().join("generated");
    crate::common::printed(&["codegen", "--spec", out, "--out", generated.to_str().unwrap()]);
    assert!(generated.join("resources/things.rs").exists());
}

#[test]
fn json_is_read_like_yaml() {
    let value: serde_json::Value = serde_yaml::from_str(SMALL).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.json");
    std::fs::write(&file, serde_json::to_string_pretty(&value).unwrap()).unwrap();
    let out = folder.path().join("generated");
    crate::common::printed(&[
        "codegen",
        "--spec",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
}

/// What is done to the small document, and what the error must say: the pointer among it.
#[test]
fn each_defect_is_named_with_its_place() {
    let rows: &[(&str, String, &[&str])] = &[
        (
            "OpenAPI 2.0",
            replaced("openapi: 3.0.4", "swagger: '2.0'"),
            &["at /swagger", "OpenAPI 2.0", "convert"],
        ),
        ("OpenAPI 3.2", replaced("3.0.4", "3.2.0"), &["at /openapi", "3.2.0", "3.0 and 3.1"]),
        (
            "a dangling schema reference",
            replaced(
                "allOf: [ { $ref: '#/components/schemas/Pbx.Colour' } ]",
                "allOf: [ { $ref: '#/components/schemas/Pbx.Gone' } ]",
            ),
            &[
                "at /components/schemas/Pbx.Thing/properties/Colour/allOf/0/$ref",
                "Pbx.Gone",
                "leads nowhere",
            ],
        ),
        (
            "a dangling response reference",
            replaced("responses/Pbx.ThingCollectionResponse'", "responses/Gone'"),
            &["at /paths/~1Things/get/responses/200/$ref", "leads nowhere"],
        ),
        (
            "an unknown schema construct",
            replaced("Id: { type: integer, format: int32 }", "Id: { not: { type: integer } }"),
            &["at /components/schemas/Pbx.Thing/properties/Id", "no value's type"],
        ),
        (
            "a key that nobody knows",
            replaced(
                "Id: { type: integer, format: int32 }",
                "Id: { type: integer, format: int32, colour: red }",
            ),
            &[
                "at /components/schemas/Pbx.Thing/properties/Id/colour",
                "`colour` is no key of OpenAPI 3.0",
            ],
        ),
        (
            "an unknown format",
            replaced("Id: { type: integer, format: int32 }", "Id: { type: string, format: uri }"),
            &["at /components/schemas/Pbx.Thing/properties/Id/format"],
        ),
        (
            "an unknown extension",
            replaced("x-ms-docs-key-type: Thing", "x-ms-new-mark: Thing"),
            &["/parameters/0/x-ms-new-mark", "an extension that we don't know"],
        ),
        (
            "an operationId twice",
            replaced("operationId: Paint", "operationId: Count"),
            &["operationId", "`Count` stands twice", "/Things({Id})/Pbx.Paint"],
        ),
        (
            "a path parameter without its placeholder",
            replaced("'/Things({Id})/Pbx.Paint'", "'/Things/Pbx.Paint'"),
            &["at /paths/~1Things~1Pbx.Paint/post/parameters", "`Id` has no placeholder"],
        ),
        (
            "a placeholder without its parameter",
            replaced("(since={since})", "(since={since},to={to})"),
            &["`{to}`", "is not declared as a parameter"],
        ),
        (
            "a brace that is not closed",
            replaced("(since={since})", "(since={since)"),
            &["a brace that is not closed"],
        ),
        (
            "a bound of its own",
            replaced("minimum: -2147483648", "minimum: 0"),
            &["/parameters/0/schema", "bound"],
        ),
        (
            "a status that nobody knows",
            replaced("'204': { description: Done }", "'202': { description: Done }"),
            &["at /paths/~1Things({Id})~1Pbx.Paint/post/responses/202"],
        ),
        (
            "a key twice",
            replaced("    Pbx.Colour:\n", "    Pbx.Thing:\n"),
            &["duplicate", "Pbx.Thing"],
        ),
        ("no document at all", "just words".to_owned(), &["not an OpenAPI document"]),
        ("nothing", String::new(), &["not an OpenAPI document"]),
        ("a tab", "\tx: 1".to_owned(), &["neither YAML nor JSON", ".yaml:1"]),
    ];
    for (name, text, said) in rows {
        let error = refused(name, text);
        for word in *said {
            assert!(error.contains(word), "{name}: `{word}` is not said: {error}");
        }
    }
}

#[test]
fn a_problem_has_its_line() {
    let text = replaced("Id: { type: integer, format: int32 }", "Id: { not: { type: integer } }");
    let line = 1 + text.lines().position(|line| line.contains("not: {")).unwrap();
    let error = refused("line", &text);
    assert!(error.contains(&format!(".yaml:{line} at /components")), "{error}");
}

#[test]
fn a_document_cut_anywhere_is_refused() {
    let whole: Vec<&str> = SMALL.lines().collect();
    for kept in 0..whole.len() {
        refused(&format!("{kept} lines"), &whole[..kept].join("\n"));
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = failed(&["import", "no/such_2026-01-01.yaml", "--release", "20.0.1"]);
    assert!(error.contains("no/such_2026-01-01.yaml: can't be read"), "{error}");
}

#[test]
fn an_output_that_cant_be_written_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small_2026-01-01.yaml");
    std::fs::write(&file, SMALL).unwrap();
    // A file where a folder is needed: nobody can write below it, not even root.
    let blocked = folder.path().join("blocked");
    std::fs::write(&blocked, "mine").unwrap();
    let out = blocked.join("generated");
    let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
    let error = failed(&["codegen", "--spec", file, "--out", out]);
    assert!(error.contains("blocked"), "{error}");
    let target = blocked.join("xapi.yaml");
    let error = failed(&["import", file, "--release", "20.0.1", "--out", target.to_str().unwrap()]);
    assert!(error.contains("blocked"), "{error}");
    assert_eq!(std::fs::read_to_string(&blocked).unwrap(), "mine");
}

#[test]
fn a_folder_with_somebodys_work_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("small.yaml");
    std::fs::write(&file, SMALL).unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("notes.md"), "mine").unwrap();
    let error =
        failed(&["codegen", "--spec", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(error.contains("notes.md") && error.contains("not removed"), "{error}");
    let left: Vec<_> = std::fs::read_dir(&out).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "something was written beside it");
}

#[test]
fn wrong_arguments_are_told_apart_from_failures() {
    let document = Path::new("x_2026-01-01.yaml").to_str().unwrap();
    let rows: &[(&[&str], &str)] = &[
        (&["codegen", "--spec", document], "--out"),
        (&["codegen", "--out", "x"], "--spec"),
        (&["catalog", "--format", "xml"], "xml"),
    ];
    for (arguments, said) in rows {
        let output = xtask(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    let error = failed(&["import", document, "--release", "v20"]);
    assert!(error.contains("--release v20"), "{error}");
}
