//! The floors of each crate, the lowest first, and what its modules may name.
//!
//! A module uses modules of its own floor and of lower ones; nothing uses itself in a circle.

use tests::house::{Floors, Rule, Tree, check_rules, floors};
use tests::root;

fn check(folder: &str, rules: &Floors<'_>, names: &[Rule<'_>]) {
    let tree = Tree::read(&root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut problems = floors(&tree, rules);
    problems.extend(check_rules(&tree, names));
    let count = problems.len();
    assert!(count == 0, "{count} problems in {folder}:\n{}", problems.join("\n"));
}

#[test]
fn the_runtime_stands_on_its_floors() {
    check(
        "runtime/src",
        &Floors {
            floors: &[
                &["digits", "edm", "file_name", "release", "literal", "plain", "redact"],
                &["info"],
                &["error"],
                &["json", "entity", "enumeration", "property", "filter", "query"],
                &["message"],
                &["connection"],
                &["auth"],
                &["transport"],
                &["answer", "operation", "download", "files"],
                &["call"],
                &["paging"],
                &["blocking"],
            ],
            circular: &[],
        },
        &[
            Rule::Only { name: "reqwest::Client", within: &["connection"] },
            Rule::Never {
                within: "message",
                names: &["tokio", "std::time::Instant", "reqwest::Client"],
            },
        ],
    );
}

#[test]
fn the_client_stands_on_its_floors() {
    check(
        "generated-client/src",
        &Floors {
            floors: &[
                &["cookbook", "paging", "roles", "service"],
                &["request", "client"],
                &["support", "generated"],
                &["recipes"],
            ],
            // Entities have each other as properties.
            circular: &["generated"],
        },
        &[
            Rule::Only { name: "reqwest::Client", within: &[] },
            Rule::Alone {
                within: "generated",
                names: &["crate::support", "crate::generated", "serde", "std"],
            },
        ],
    );
}

#[test]
fn the_runtime_knows_no_generated_code() {
    let manifest = std::fs::read_to_string(root().join("runtime/Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("\n[dependencies]").unwrap();
    let (dependencies, _) = dependencies.split_once("\n[features]").unwrap();
    assert!(!dependencies.contains("threecx"), "{dependencies}");
}

#[test]
fn the_generator_stands_on_its_floors() {
    check(
        "codegen/src",
        &Floors {
            floors: &[
                &["pointer", "problem"],
                &["load"],
                &["repair"],
                &["model"],
                &["history"],
                &["track", "import"],
                &["former_ids", "renamed"],
                &["names"],
                &["secrets", "notes"],
                &["tree"],
                &["lower"],
                &["emit"],
                &["output", "surface", "catalog", "facts"],
                &["operations", "diff"],
                &["client", "changelog"],
                &["compare"],
                &["update"],
                &["mutate"],
            ],
            circular: &[],
        },
        &[Rule::Never {
            within: "emit",
            names: &["crate::model", "crate::names", "crate::notes", "crate::secrets"],
        }],
    );
}

#[test]
fn the_fake_pbx_stands_on_its_floors() {
    check(
        "tests/fake-pbx/src",
        &Floors {
            floors: &[
                &["facts", "gate", "habits", "moment", "recorded"],
                &["api", "reply"],
                &["literal", "release"],
                &["fault", "form"],
                &["expression", "filter", "query"],
                &["config", "store"],
                &["check", "seeds", "tokens"],
                &["shared"],
                &["routes"],
                &["answer"],
                &["calls", "entities"],
                &["actions"],
                &["http"],
            ],
            circular: &[],
        },
        &[],
    );
}

#[test]
fn the_fake_pbx_knows_nothing_of_client_and_generator() {
    let manifest = std::fs::read_to_string(root().join("tests/fake-pbx/Cargo.toml")).unwrap();
    let dependencies = manifest.split_once("[dependencies]").unwrap().1;
    for name in ["threecx-xapi", "xapi-codegen"] {
        assert!(!dependencies.contains(name), "{name}");
    }
}

#[test]
fn the_maintainers_commands_stand_on_their_floors() {
    check(
        "xtask/src",
        &Floors {
            floors: &[
                &["console", "workspace", "fetch"],
                &["source", "staging"],
                &[
                    "bench", "codegen", "catalog", "diff", "import", "judge", "matrix", "mutate",
                    "replay", "soak",
                ],
                &["update"],
            ],
            circular: &[],
        },
        &[],
    );
}
