//! What `diff` says: against the documents themselves, against another program, and what its verdict
//! makes of each kind of change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xapi_codegen::client::Rows;
use xapi_codegen::compare::{self, Side};
use xapi_codegen::diff::{Change, Diff, Row, What};
use xapi_codegen::former_ids::{self, FormerId};
use xapi_codegen::model::{self, Api};
use xapi_codegen::{history, load};

use crate::common::{SMALL, printed, root, skipped, small, vendor_documents, xtask};
use crate::union::documents;

fn diff(old: &str, new: &str) -> Value {
    serde_json::from_str(&printed(&["diff", old, new, "--format", "json"])).unwrap()
}

fn diff_of_files(old: &Path, new: &Path) -> Value {
    diff(old.to_str().unwrap(), new.to_str().unwrap())
}

/// The rows of one change of one kind of fact.
fn rows<'v>(report: &'v Value, what: &str, change: &str) -> Vec<&'v Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["what"] == what && row["change"] == change).collect()
}

fn texts(rows: &[&Value], key: &str) -> BTreeSet<String> {
    rows.iter().map(|row| row[key].as_str().unwrap().to_owned()).collect()
}

/// The operationIds that came and went, by a report.
fn came_and_went(report: &Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let renamed = rows(report, "operation", "renamed");
    let mut came = texts(&rows(report, "operation", "added"), "at");
    let mut went = texts(&rows(report, "operation", "removed"), "at");
    came.extend(texts(&renamed, "new"));
    went.extend(texts(&renamed, "old"));
    (came, went)
}

/// A document's operationIds, read without our own reader.
fn operation_ids(document: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(document).unwrap();
    let document: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let items = document["paths"].as_mapping().unwrap().values();
    let operations = items.flat_map(|item| item.as_mapping().unwrap().values());
    let ids = operations.filter_map(|it| it.get("operationId")?.as_str());
    ids.map(str::to_owned).collect()
}

fn difference(one: &BTreeSet<String>, other: &BTreeSet<String>) -> BTreeSet<String> {
    one.difference(other).cloned().collect()
}

/// The differences of each document and the next, with the names of the two.
fn pairs(check: &str) -> Vec<(String, String, Diff)> {
    let documents: Vec<_> = documents(check).iter().collect();
    let pairs = documents.windows(2);
    let pairs =
        pairs.map(|pair| (pair[0].0.full(), pair[1].0.full(), differences(pair[0].1, pair[1].1)));
    pairs.collect()
}

#[test]
fn any_two_documents_can_be_compared() {
    let files = vendor_documents("the diffs of all pairs of documents");
    // Each document is read once, and its client is made once.
    let sides: Vec<Side> = std::thread::scope(|scope| {
        let reads = files.iter().map(|file| {
            scope.spawn(|| {
                let document = load::load(file).unwrap_or_else(|problems| panic!("{problems}"));
                Side::of(document, None).unwrap()
            })
        });
        let reads: Vec<_> = reads.collect();
        reads.into_iter().map(|read| read.join().unwrap()).collect()
    });
    let rows = Rows::FILES.map(|file| std::fs::read_to_string(root().join(file)).unwrap());
    let rows = Rows::parse(rows.each_ref().map(String::as_str)).unwrap();
    let mut compared = 0;
    for (place, old) in sides.iter().enumerate() {
        for (other, new) in sides.iter().enumerate().filter(|(other, _)| *other != place) {
            let report = compare::report(old, new, &rows);
            let report =
                report.unwrap_or_else(|error| panic!("{} → {}: {error}", old.name, new.name));
            assert!(!report.diff.rows.is_empty(), "{place} → {other}");
            compared += 1;
        }
    }
    assert_eq!(compared, files.len() * files.len().saturating_sub(1));
}

fn differences(old: &Api, new: &Api) -> Diff {
    let rows = std::fs::read_to_string(root().join("spec/former_ids.yaml")).unwrap();
    let rows = former_ids::parse("spec/former_ids.yaml", &rows).unwrap();
    let renamed: Vec<(&str, &str)> = rows.iter().map(FormerId::pair).collect();
    xapi_codegen::diff::diff(old, new, &renamed)
}

#[test]
fn each_pair_of_documents_names_operations_that_came_or_went() {
    const CHECK: &str = "diffs against the documents' operationIds";
    let documents = vendor_documents(CHECK);
    let pairs = pairs(CHECK);
    for (files, (old, new, diff)) in documents.windows(2).zip(&pairs) {
        let (had, has) = (operation_ids(&files[0]), operation_ids(&files[1]));
        let report = serde_json::to_value(diff).unwrap();
        let (came, went) = came_and_went(&report);
        assert_eq!(came, difference(&has, &had), "{old} → {new}");
        assert_eq!(went, difference(&had, &has), "{old} → {new}");
    }
    assert!(documents.is_empty() || pairs.len() + 1 == documents.len());
}

#[test]
fn an_operation_whose_id_changed_is_renamed_in_one_row() {
    for (_, new, diff) in pairs("the operation whose id changed") {
        let rows = diff.rows.iter().filter(|row| row.change == Change::Renamed);
        let renamed: Vec<&str> =
            rows.filter(|row| row.what == What::Operation).map(|row| row.at.as_str()).collect();
        let expected: &[&str] =
            if new == "20.0.8/2025-07-15" { &["GetParkingByNumber"] } else { &[] };
        assert_eq!(renamed, expected, "{new}");
    }
}

#[test]
fn the_releases_of_the_union_differ_as_their_documents_do() {
    let text = std::fs::read_to_string(root().join("spec/xapi.yaml")).unwrap();
    let union = load::parse("spec/xapi.yaml".to_owned(), text).and_then(model::read);
    let (union, _) = union.unwrap_or_else(|problems| panic!("{problems}"));
    let recorded = |diff: Diff| -> Vec<Row> {
        // Of signing in, and of what is open, the union knows the newest alone.
        let is_recorded = |row: &Row| {
            row.what != What::Service
                && (row.what, row.change) != (What::Entity, Change::Constraint)
        };
        diff.rows.into_iter().filter(is_recorded).collect()
    };
    for (old, new, of_documents) in pairs("diffs of documents against diffs of the union") {
        let at = |name: &str| history::at(&union, name).unwrap();
        assert_eq!(recorded(of_documents), recorded(differences(&at(&old), &at(&new))), "{new}");
    }
}

#[test]
fn two_properties_are_retyped_among_hundreds_that_flip() {
    let documents = vendor_documents("the retyped properties of 20.0.7");
    let find = |name: &str| documents.iter().find(|path| path.ends_with(name)).cloned();
    let (Some(old), Some(new)) = (find("20.0.6_2025-04-10.yaml"), find("20.0.7_2025-05-06.yaml"))
    else {
        return;
    };
    let report = diff_of_files(&old, &new);
    let retyped = rows(&report, "property", "retyped");
    let at =
        BTreeSet::from(["HandleCount", "ThreadCount"].map(|it| format!("Pbx.ServiceInfo/{it}")));
    assert_eq!(texts(&retyped, "at"), at);
    for row in retyped {
        assert_eq!((&row["old"], &row["new"]), (&"Edm.Int64".into(), &"Edm.Int32".into()));
    }
    let flips = &report["noise"]["property that is integer here and number there"];
    assert!(flips.as_u64() > Some(300), "{flips}");
}

/// The program's own entry point, installed below `target` once. None where there is no Node or no
/// registry.
fn redocly() -> Option<PathBuf> {
    const CHECK: &str = "diff against redocly";
    const VERSION: &str = "@redocly/cli@2.77.0";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("redocly");
    let program = folder.join("node_modules/@redocly/cli/bin/cli.js");
    if !program.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let options = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"];
        let mut install = Command::new(npm);
        install.args(["install", "--silent", "--prefix", ".", VERSION]).args(options);
        match install.current_dir(&folder).output() {
            Ok(output) if output.status.success() => {}
            Ok(_) => {
                skipped(CHECK, "npm can't install it here");
                return None;
            }
            Err(_) => {
                skipped(CHECK, "npm is not here");
                return None;
            }
        }
    }
    Some(program)
}

#[test]
fn added_and_removed_operations_agree_with_redocly() {
    let documents = vendor_documents("diff against redocly");
    let find = |name: &str| documents.iter().find(|path| path.ends_with(name)).cloned();
    let (Some(old), Some(new)) = (find("20.0.9_2026-01-22.yaml"), find("20.0.10_2026-06-11.yaml"))
    else {
        return;
    };
    let Some(program) = redocly() else { return };
    let mut node = Command::new("node");
    node.arg(program).arg("diff").args([&old, &new]).args(["--format", "json"]);
    node.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    let output = node.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let theirs: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}"));
    let (mut came, mut went) = (BTreeSet::new(), BTreeSet::new());
    for change in theirs["changes"].as_array().unwrap() {
        // A path that is new or gone, an operation of a path that stays, or one under another id.
        for (side, ids) in [("revision", &mut came), ("base", &mut went)] {
            let value = &change[side]["value"];
            match (change["typeName"].as_str().unwrap(), change["property"].as_str()) {
                ("PathItem", None) => {
                    let operations = value.as_object().into_iter().flat_map(|it| it.values());
                    ids.extend(operations.filter_map(|it| it["operationId"].as_str()));
                }
                ("Operation", None) => ids.extend(value["operationId"].as_str()),
                ("Operation", Some("operationId")) => ids.extend(value.as_str()),
                _ => {}
            }
        }
    }
    // An id that went from one path and came to another stayed.
    let net = |one: &BTreeSet<&str>, other: &BTreeSet<&str>| -> BTreeSet<String> {
        one.difference(other).map(|id| (*id).to_owned()).collect()
    };
    let ours = came_and_went(&diff_of_files(&old, &new));
    assert_eq!(ours, (net(&came, &went), net(&went, &came)));
    assert!(ours.0.len() > 10 && !ours.1.is_empty(), "too little was compared: {ours:?}");
}

/// A union of two small documents in a folder: what is replaced in the older and in the newer one.
fn union(folder: &Path, old: &[(&str, &str)], new: &[(&str, &str)]) -> String {
    let out = folder.join("union.yaml");
    for (release, replaced) in [("20.0.7", old), ("20.0.8", new)] {
        let file = folder.join(format!("{release}_2026-01-01.yaml"));
        std::fs::write(&file, small(replaced)).unwrap();
        let (file, out) = (file.to_str().unwrap(), out.to_str().unwrap());
        printed(&["import", file, "--release", release, "--out", out]);
    }
    out.to_str().unwrap().to_owned()
}

/// Without the one operation that answers with a page.
const NO_LIST: &[(&str, &str)] = &[(
    "  /Things:\n    get:\n      tags: [Things]\n      operationId: ListThing\n      parameters:\n        - $ref: '#/components/parameters/top'\n      responses:\n        '200':\n          $ref: '#/components/responses/Pbx.ThingCollectionResponse'\n        default:\n          $ref: '#/components/responses/error'\n",
    "",
)];

const COUNT: &str = "type: integer, format: int64 } } }\n        default";

const DONE: &str = "        '204': { description: Done }\n";

const THING: &str = "        '200': { description: Done, content: { application/json: { schema: { $ref: '#/components/schemas/Pbx.Thing' } } } }\n";

const COLOUR: &str =
    "        Colour: { allOf: [ { $ref: '#/components/schemas/Pbx.Colour' } ], nullable: true }\n";

const TEXT: &str = "        Colour: { type: string, nullable: true }\n";

const SINCE: &str = "        - name: since\n          in: path\n          required: true\n          schema: { type: string, nullable: true }\n";

const SINCE_AND_TO: &str = "        - name: since\n          in: path\n          required: true\n          schema: { type: string, nullable: true }\n        - name: to\n          in: path\n          required: true\n          schema: { type: string }\n";

const ID: &str = "        Id: { type: integer, format: int32 }\n";

#[test]
fn the_verdict_says_what_breaks_callers() {
    /// The name of a row, the older and the newer document, the level, and what is said to break.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [(&'a str, &'a str)], &'a str, &'a str);
    let more = "        Id: { type: integer, format: int32 }\n        Size: { type: string }\n";
    let long = "        Id: { type: string }\n";
    let wide = "        Id: { type: integer, format: int64 }\n";
    let cases: &[Case<'_>] = &[
        ("nothing", &[], &[], "none", ""),
        ("prose and limits", &[], &[("title: XAPI", "title: Other")], "none", ""),
        ("an added property", &[], &[(ID, more)], "minor", ""),
        ("a removed property, which stays", &[(ID, more)], &[], "none", ""),
        ("an added value", &[("[Red, No, ", "[Red, ")], &[], "minor", ""),
        ("a removed value, which stays", &[], &[("[Red, No, ", "[Red, ")], "none", ""),
        ("a retyped property", &[], &[(ID, long)], "major", "entities::Thing.id"),
        ("an Int64 after an Int32", &[], &[(ID, wide)], "major", "entities::Thing.id"),
        ("an Int32 after an Int64", &[(ID, wide)], &[], "none", ""),
        (
            "an added operation",
            &[("  /Things:", "  /Others:"), ("ListThing", "ListOther")],
            &[],
            "minor",
            "",
        ),
        ("a removed operation, which stays", &[], NO_LIST, "minor", ""),
        (
            "another answer",
            &[],
            &[(COUNT, "type: string } } }\n        default")],
            "major",
            "impl Operation for resources::things::Count",
        ),
        (
            "a narrower answer, which the wider takes",
            &[],
            &[(COUNT, "type: integer, format: int32 } } }\n        default")],
            "none",
            "",
        ),
        ("an answer that is nothing now", &[(DONE, THING)], &[], "none", ""),
        (
            "an answer that was nothing",
            &[],
            &[(DONE, THING)],
            "major",
            "impl Operation for resources::things::Paint",
        ),
        ("a text where an enumeration was", &[], &[(COLOUR, TEXT)], "none", ""),
        ("an enumeration where a text was", &[(COLOUR, TEXT)], &[], "none", ""),
        (
            "an enumeration with another name, whose former name stays",
            &[],
            &[
                (COLOUR, "        Colour: { $ref: '#/components/schemas/Pbx.Hue' }\n"),
                (
                    "colour: { $ref: '#/components/schemas/Pbx.Colour' }",
                    "colour: { $ref: '#/components/schemas/Pbx.Hue' }",
                ),
                ("    Pbx.Colour:\n", "    Pbx.Hue:\n"),
            ],
            "minor",
            "",
        ),
        (
            "a lost argument, which stays",
            &[("since={since}", "since={since},to={to}"), (SINCE, SINCE_AND_TO)],
            &[],
            "none",
            "",
        ),
        (
            "another argument type",
            &[],
            &[(
                "schema: { type: integer, format: int32, minimum: -2147483648, maximum: 2147483647 }",
                "schema: { type: string }",
            )],
            "major",
            "resources::things::Paint.id",
        ),
        (
            "a lost option, which stays",
            &[],
            &[
                ("        - $ref: '#/components/parameters/top'\n", ""),
                ("      parameters:\n      responses", "      responses"),
            ],
            "none",
            "",
        ),
        (
            "another letter case of a parameter",
            &[],
            &[
                ("Pbx.Count(since={since})", "Pbx.Count(Since={Since})"),
                ("- name: since", "- name: Since"),
            ],
            "none",
            "",
        ),
        (
            "another resource, whose former path stays",
            &[],
            &[("  /Things:", "  /Others:"), ("tags: [Things]", "tags: [Others]")],
            "minor",
            "",
        ),
    ];
    for (name, old, new, level, breaks) in cases {
        let folder = tempfile::tempdir().unwrap();
        let union = union(folder.path(), old, new);
        let report = diff(&format!("{union}@20.0.7"), &format!("{union}@20.0.8"));
        let verdict = &report["verdict"];
        assert_eq!(verdict["level"], *level, "{name}: {verdict:#}");
        let items =
            texts(&verdict["breaking"].as_array().unwrap().iter().collect::<Vec<_>>(), "item");
        let is_said = breaks.is_empty() && items.is_empty() || items.contains(*breaks);
        assert!(is_said, "{name}: {items:?}");
    }
}

#[test]
fn two_documents_alone_are_compared_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old.yaml"), folder.path().join("new.yaml"));
    std::fs::write(&old, SMALL).unwrap();
    std::fs::write(&new, small(&[(ID, "")])).unwrap();
    let report = diff_of_files(&old, &new);
    // What a union would keep is gone.
    assert_eq!(report["verdict"]["level"], "major");
    assert_eq!(
        texts(&rows(&report, "property", "removed"), "at"),
        ["Pbx.Thing/Id".to_owned()].into()
    );
    // In a union it stays.
    let union = union(folder.path(), &[], &[]);
    assert_eq!(diff(&union, new.to_str().unwrap())["verdict"]["level"], "none");
}

#[test]
fn limits_are_rows_of_their_own_and_letter_case_is_a_new_name() {
    let folder = tempfile::tempdir().unwrap();
    let limited = [
        (ID, "        Id: { type: integer, format: int32, nullable: true }\n"),
        ("Pbx.Count(since={since})", "Pbx.Count(Since={Since})"),
        ("- name: since", "- name: Since"),
    ];
    let union = union(folder.path(), &[], &limited);
    let markdown = printed(&["diff", &format!("{union}@20.0.7"), &format!("{union}@20.0.8")]);
    for line in [
        "# 20.0.7/2026-01-01 → 20.0.8/2026-01-01",
        "- constraint `Pbx.Thing/Id`: `not null` → `nullable`",
        "- renamed `Count/Since`: `since` → `Since`",
        "- moved `Count`: `GET /Things/Pbx.Count(since={since})` → `GET /Things/Pbx.Count(Since={Since})`",
    ] {
        assert!(markdown.lines().any(|it| it == line), "{line}\n{markdown}");
    }
}

#[test]
fn a_release_that_is_not_known_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("alone.yaml");
    std::fs::write(&file, SMALL).unwrap();
    let union = union(folder.path(), &[], &[]);
    let alone = format!("{}@20.0.8", file.display());
    let unknown = format!("{union}@20.0.9");
    for (name, said) in [(alone, "is no union"), (unknown, "20.0.7/2026-01-01, 20.0.8/2026-01-01")]
    {
        let output = xtask(&["diff", &union, &name]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(said), "{error}");
    }
}
