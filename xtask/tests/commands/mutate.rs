//! `cargo xtask mutate`: what is tried without the compiler.

use crate::common::{printed, xtask};

#[test]
fn a_seed_is_tried_and_its_outcome_counted() {
    // The tenth kind of change is another order, which changes nothing.
    let table = printed(&["mutate", "--seed", "10", "--count", "1"]);
    let row = |name: &str| table.lines().find(|it| it.starts_with(name)).map(str::split_whitespace);
    assert!(table.contains("as before"), "{table}");
    for name in ["reorder", "all"] {
        let cells: Vec<&str> = row(name).unwrap().collect();
        assert_eq!(cells, [name, "1", "1"], "{table}");
    }
}

#[test]
fn the_changed_document_of_a_seed_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changed.yaml");
    let said = printed(&["mutate", "--seed", "3", "--document", file.to_str().unwrap()]);
    assert!(said.starts_with("add: "), "{said}");
    let read = std::fs::read_to_string(&file).unwrap();
    assert!(read.starts_with("openapi: 3.0") && !read.contains("x-releases"));
}

#[test]
fn what_can_not_be_written_is_said() {
    let output = xtask(&["mutate", "--document", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere/at/all"));
}
