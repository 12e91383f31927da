//! The line as a whole: the committed files are what the commands make.

use std::collections::BTreeSet;

use crate::common::{printed, root, vendor_documents, xtask};

#[test]
fn the_generated_code_is_up_to_date() {
    let output = xtask(&["codegen", "--check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("nothing needs this row"), "{said}");
}

#[test]
fn a_stale_a_missing_and_a_stray_file_each_fail_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap().to_owned();
    let spec = root().join("spec/xapi.yaml");
    let arguments = ["codegen", "--spec", spec.to_str().unwrap(), "--out", &out];
    printed(&arguments);
    let check = [&arguments[..], &["--check"]].concat();
    printed(&check);
    let user = folder.path().join("entities/user.rs");
    let text = std::fs::read_to_string(&user).unwrap();
    let header = text.lines().next().unwrap();
    let stray = folder.path().join("entities/stray.rs");
    type Defect<'a> = (&'a str, Box<dyn Fn() + 'a>);
    let defects: [Defect<'_>; 3] = [
        (
            "user.rs:",
            Box::new(|| std::fs::write(&user, text.replacen("Option", "Maybe", 1)).unwrap()),
        ),
        ("user.rs: is missing", Box::new(|| std::fs::remove_file(&user).unwrap())),
        ("stray.rs", Box::new(|| std::fs::write(&stray, header).unwrap())),
    ];
    for (said, defect) in &defects {
        defect();
        let output = xtask(&check);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(error.contains(said) && error.contains("run `cargo xtask codegen"), "{error}");
        // The command that is named mends it.
        printed(&arguments);
        printed(&check);
        assert_eq!(std::fs::read_to_string(&user).unwrap(), text);
    }
}

#[test]
fn the_catalog_has_every_operation_of_every_document() {
    let json: Vec<serde_json::Value> =
        serde_json::from_str(&printed(&["catalog", "--format", "json"])).unwrap();
    assert_eq!(json.len(), 633, "an operation more or less: is the number known?");
    let listed: BTreeSet<&str> =
        json.iter().map(|it| it["operationId"].as_str().unwrap()).collect();
    assert_eq!(listed.len(), json.len(), "an operation is listed twice");
    for entry in &json {
        let fields: BTreeSet<&str> =
            entry.as_object().unwrap().keys().map(String::as_str).collect();
        let promised = [
            "call",
            "docs",
            "file",
            "kind",
            "method",
            "operationId",
            "request",
            "resource",
            "response",
            "route",
            "since",
            "until",
        ];
        assert_eq!(fields, BTreeSet::from(promised));
    }
    let files = json.iter().filter(|it| it["file"] == true && it["until"].is_null());
    assert_eq!(files.count(), 45, "a file of the newest document more or less: which?");
    assert!(json.iter().filter(|it| it["file"] == true).all(|it| it["method"] == "GET"));
    let gone = json.iter().filter(|it| !it["until"].is_null());
    assert_eq!(gone.count(), 30, "an operation more or less that 3CX dropped: which?");
    // The documents themselves, read without our own reader.
    let documents = vendor_documents("the catalog against the documents' operations");
    let mut all = BTreeSet::new();
    for document in &documents {
        let text = std::fs::read_to_string(document).unwrap();
        let ids = text.lines().filter_map(|line| line.trim().strip_prefix("operationId: "));
        let ids: BTreeSet<String> = ids.map(str::to_owned).collect();
        let missing: Vec<_> = ids.iter().filter(|id| !listed.contains(id.as_str())).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", document.display());
        let newest = document.ends_with("20.0.10_2026-09-19.yaml");
        let there = json.iter().filter(|it| it["until"].is_null());
        let there: BTreeSet<&str> = there.map(|it| it["operationId"].as_str().unwrap()).collect();
        assert!(!newest || there == ids.iter().map(String::as_str).collect());
        all.extend(ids);
    }
    assert!(documents.is_empty() || all.len() == listed.len(), "one is in no document");
}

#[test]
fn an_operation_whose_id_changed_is_listed_twice_with_one_call() {
    let json: Vec<serde_json::Value> =
        serde_json::from_str(&printed(&["catalog", "--format", "json"])).unwrap();
    let row = |id: &str| json.iter().find(|it| it["operationId"] == id).unwrap();
    let (former, present) = (row("GetByNumber"), row("GetParkingByNumber"));
    assert_eq!(former["call"], "parkings().get_by_number");
    assert_eq!(present["call"], former["call"]);
    assert_eq!(former["route"], "/Parkings/Pbx.GetByNumber(number={number})");
    assert_eq!((&former["until"], &present["since"]), (&"20.0.7".into(), &"20.0.8".into()));
}

#[test]
fn the_catalog_as_a_table_has_a_line_for_each_operation() {
    let table = printed(&["catalog"]);
    assert_eq!(table.lines().count(), 634);
    let line = table.lines().find(|line| line.starts_with("GetUserByNumber ")).unwrap();
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(
        cells,
        ["GetUserByNumber", "users().get_by_number", "GET", "/Users(Number={Number})"]
    );
}

#[test]
fn every_known_document_becomes_a_client() {
    for document in vendor_documents("a client of each of the vendor's documents") {
        let folder = tempfile::tempdir().unwrap();
        let (file, out) = (document.to_str().unwrap(), folder.path().to_str().unwrap());
        let said = printed(&["codegen", "--spec", file, "--out", out]);
        assert!(said.contains("written"), "{file}: {said}");
        assert!(folder.path().join("resources/users.rs").exists(), "{file}");
    }
}

#[test]
fn the_page_of_operations_has_a_row_for_each_operation() {
    let text = std::fs::read_to_string(root().join("generated-client/OPERATIONS.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let rows: BTreeSet<Vec<&str>> = rows
        .map(|line| line.split(" | ").take(3).map(|cell| cell.trim_start_matches("| ")).collect())
        .collect();
    let json = printed(&["catalog", "--format", "json"]);
    let catalog: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    for entry in &catalog {
        let cell = |key: &str| entry[key].as_str().unwrap();
        let (call, place) = (
            format!("[`{}`]({})", cell("call"), cell("docs")),
            format!("`{} {}`", cell("method"), cell("route")),
        );
        let id = format!("`{}`", cell("operationId"));
        let found = rows.iter().any(|row| row[0].starts_with(&id) && row[1..] == [&call, &place]);
        assert!(found, "{id}, {call}, {place}");
    }
    assert_eq!(rows.len(), catalog.len());
    assert!(text.contains("| `GetParkingByNumber`<br>formerly `GetByNumber` |"));
}
