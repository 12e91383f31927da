//! The checks find what is planted.

use super::{Floors, Rule, Tree, check_rules, floors};

const FLOORS: Floors<'_> =
    Floors { floors: &[&["base"], &["left", "right"], &["top"]], circular: &["data"] };

/// A small house in order, with these files in place of its own or beside them.
fn house(planted: &[(&str, &str)]) -> Tree {
    let own = [
        ("lib.rs", "mod base; mod left; mod right; mod top; pub use top::Top;"),
        ("base.rs", "pub struct Base; #[cfg(test)] mod tests { use crate::Top; }"),
        // It hands on what its child has, and the child uses what stands below.
        ("left/mod.rs", "mod part; pub use part::Part; pub(crate) use crate::base::Base;"),
        ("left/part.rs", "use crate::base::Base; pub struct Part(pub Base);"),
        ("right.rs", "use crate::left::{Base, Part}; pub struct Right(Part, Base);"),
        ("top.rs", "use super::right::Right; pub struct Top(Right); fn f() { let top = 1; }"),
    ];
    let text = |file: &str| {
        let mut all = planted.iter().chain(&own);
        all.find(|(name, _)| *name == file).map(|(_, text)| (*text).to_owned())
    };
    Tree::build(&text).unwrap()
}

#[test]
fn a_house_in_order_has_no_problem() {
    assert_eq!(floors(&house(&[]), &FLOORS), Vec::<String>::new());
}

#[test]
fn a_back_edge_is_named_with_its_place_and_both_floors() {
    let found = |code: &str| {
        let mut found = floors(&house(&[("base.rs", code)]), &FLOORS);
        // It also closes circles, through everything between.
        found.retain(|problem| !problem.starts_with("a circle"));
        found
    };
    for (code, wanted) in [
        ("pub struct Base;\nuse crate::top::Top;", "2: crate::top::Top"),
        ("pub struct Base;\n\nuse super::{left, top::Top as Other};", "3: super::left"),
        // Through the root, in a type, in an expression, in a macro, in a function; not in code to be printed.
        ("pub struct Base(Box<crate::Top>);", "1: crate::Top"),
        ("pub struct Base;\nfn f() { crate::top::make(1); }", "2: crate::top::make"),
        ("pub struct Base;\nfn f() {\n assert!(x, super::top::LIMIT); }", "3: super::top::LIMIT"),
        ("pub struct Base;\nmacro_rules! m { () => { $crate::top::Top } }", "2: crate::top::Top"),
        ("pub struct Base;\nfn f() { use crate::top as t; t::make() }", "2: crate::top"),
        ("pub struct Base;\nfn f() { quote! { crate::right }; crate::Top }", "2: crate::Top"),
        ("pub struct Base;\nmod inner { use super::super::top::*; }", "2: super::super::top"),
    ] {
        let found = found(code);
        let first = found.first().map_or("", String::as_str);
        assert!(
            first.starts_with(&format!("base.rs:{wanted}: `base` (floor 1) uses `")),
            "{found:?}"
        );
    }
    let both = found("pub struct Base;\n\nuse super::{left, top::Top as Other};");
    assert_eq!(
        both,
        [
            "base.rs:3: super::left: `base` (floor 1) uses `left` (floor 2)",
            "base.rs:3: super::top::Top: `base` (floor 1) uses `top` (floor 3)",
        ]
    );
}

#[test]
fn what_the_root_itself_defines_stands_above_all_floors() {
    let planted = [
        ("lib.rs", "mod base; mod left; mod right; mod top; pub use top::Top; pub struct Own;"),
        ("top.rs", "use crate::Own; pub struct Top(Own);"),
    ];
    assert_eq!(
        floors(&house(&planted), &FLOORS),
        ["top.rs:1: crate::Own: `top` (floor 3) uses `the crate's root` (floor 4)",]
    );
}

#[test]
fn a_circle_of_modules_on_one_floor_is_shown() {
    let planted = [
        ("left/mod.rs", "mod part; mod other; pub use part::Part; pub use crate::base::Base;"),
        ("left/other.rs", "\nfn f(it: crate::right::Right) {}"),
    ];
    // Three files, none of which uses itself in a circle.
    assert_eq!(
        floors(&house(&planted), &FLOORS),
        ["a circle of modules on floor 2: left → right → left\n    \
          left/other.rs:2: crate::right::Right\n    \
          right.rs:1: crate::left::Base"]
    );
}

#[test]
fn a_circle_of_files_in_a_folder_is_shown() {
    // The parent uses the child that takes its limit from it.
    let planted = [
        (
            "left/mod.rs",
            "mod part; pub use part::Part; pub use crate::base::Base;\nconst LIMIT: u8 = 1;\nfn f(it: Part) {}",
        ),
        ("left/part.rs", "use super::LIMIT; pub struct Part;"),
    ];
    assert_eq!(
        floors(&house(&planted), &FLOORS),
        ["a circle of files: left/mod.rs → left/part.rs → left/mod.rs\n    \
          left/mod.rs:3: Part\n    \
          left/part.rs:1: super::LIMIT"]
    );
    // Without the parent's own use of it there is none.
    let handed_on = [
        (
            "left/mod.rs",
            "mod part; pub use part::Part; pub use crate::base::Base;\nconst LIMIT: u8 = 1;",
        ),
        planted[1],
    ];
    assert_eq!(floors(&house(&handed_on), &FLOORS), Vec::<String>::new());
}

#[test]
fn a_circle_of_siblings_is_shown_through_relative_paths() {
    let planted = [
        ("left/mod.rs", "mod part; mod other; pub use part::Part; pub use crate::base::Base;"),
        ("left/other.rs", "use super::part; pub struct Other(part::Part);"),
        ("left/part.rs", "pub struct Part;\nimpl Part { fn f() { super::other::Other; } }"),
    ];
    assert_eq!(
        floors(&house(&planted), &FLOORS),
        ["a circle of files: left/other.rs → left/part.rs → left/other.rs\n    \
          left/other.rs:1: super::part\n    \
          left/part.rs:2: super::other::Other"]
    );
}

#[test]
fn a_part_of_a_module_may_stand_on_another_floor() {
    let rules =
        Floors { floors: &[&["base", "left::part"], &["left"], &["right", "top"]], circular: &[] };
    assert_eq!(floors(&house(&[]), &rules), Vec::<String>::new());
    let planted = [("left/part.rs", "pub struct Part; use super::Base;")];
    assert_eq!(
        floors(&house(&planted), &rules),
        ["left/part.rs:1: super::Base: `left::part` (floor 1) uses `left` (floor 2)"]
    );
}

#[test]
fn data_that_mirrors_circles_may_have_them() {
    let planted = [
        ("lib.rs", "mod base; mod left; mod right; mod top; mod data;"),
        ("data/mod.rs", "pub mod user; pub mod group;"),
        ("data/user.rs", "use crate::data::group::Group; pub struct User(Vec<Group>);"),
        ("data/group.rs", "use super::user; pub struct Group(Vec<user::User>);"),
    ];
    let with = |circular| {
        let rules = Floors { floors: &[&["base"], &["left", "right", "data"], &["top"]], circular };
        floors(&house(&planted), &rules)
    };
    assert_eq!(with(&["data"]), Vec::<String>::new());
    assert_eq!(with(&[]).len(), 1);
}

#[test]
fn modules_without_a_floor_and_floors_without_one_are_told() {
    let rules = Floors { floors: &[&["base", "gone"], &["left", "right"]], circular: &[] };
    assert_eq!(
        floors(&house(&[]), &rules),
        [
            "`gone` stands on a floor, but is no module",
            "top.rs: module `top` stands on no floor; give it one",
        ]
    );
}

#[test]
fn a_file_that_is_missing_or_no_rust_is_told() {
    let missing = Tree::build(&|file| (file == "lib.rs").then(|| "mod gone;".to_owned()));
    assert_eq!(missing.err().as_deref(), Some("lib.rs: `mod gone` has no file"));
    let broken = Tree::build(&|file| (file == "lib.rs").then(|| "\nfn (".to_owned()));
    let error = broken.err().unwrap();
    assert!(error.starts_with("lib.rs: line 2: not Rust"), "{error}");
}

#[test]
fn rules_for_names_are_kept_or_told_with_the_place() {
    let tree = house(&[
        (
            "base.rs",
            "use std::time::{Duration, Instant};\nuse std::time;\npub struct Base(Duration);\nfn f() { time::Instant::now(); }",
        ),
        (
            "left/part.rs",
            "pub struct Part;\nfn f() { let it = reqwest::Client::new(); u8::from_str(it); Vec::new(); }",
        ),
        (
            "right.rs",
            "use reqwest::{Client, Url};\npub struct Right(Client, crate::left::Part);\nfn f() { serde::x(); crate::Top; }",
        ),
    ]);
    let check = |rule| check_rules(&tree, &[rule]);
    let client = |within| Rule::Only { name: "reqwest::Client", within };
    assert_eq!(
        check(client(&["right"])),
        ["left/part.rs:2: reqwest::Client::new: `reqwest::Client` is for `right` alone"]
    );
    assert_eq!(check(client(&["right", "left"])), Vec::<String>::new());
    let never = |within, names| Rule::Never { within, names };
    assert_eq!(
        check(never("base", &["tokio", "std::time::Instant"])),
        ["base.rs:1: std::time::Instant: `base` must not name `std::time::Instant` (2 places)"]
    );
    assert_eq!(check(never("top", &["tokio", "std::time::Instant"])), Vec::<String>::new());
    // However it is named.
    assert_eq!(
        check(never("right", &["crate::top"])),
        ["right.rs:3: crate::Top: `right` must not name `crate::top`"]
    );
    let alone = |names| check(Rule::Alone { within: "right", names });
    assert_eq!(alone(&["crate::left", "crate::Top", "serde", "reqwest"]), Vec::<String>::new());
    assert_eq!(
        alone(&["crate::left", "serde", "reqwest::Client"]),
        [
            "right.rs:1: reqwest::Url: `right` may name `crate::left`, `serde`, `reqwest::Client` alone",
            "right.rs:3: crate::Top: `right` may name `crate::left`, `serde`, `reqwest::Client` alone",
        ]
    );
    assert_eq!(
        check(never("gone", &["tokio"])),
        ["a rule speaks of `gone`, but there is no such module"]
    );
}

#[test]
fn a_re_export_is_checked_by_both_of_its_names() {
    let tree = house(&[
        ("left/part.rs", "pub struct Part;\npub use reqwest::Client;"),
        (
            "right.rs",
            "use crate::left::Part;\nuse crate::left::part::Client;\npub struct Right(Part);\nfn f() { Client::new(); }",
        ),
    ]);
    let check = |rule| check_rules(&tree, &[rule]);
    let alone = |names| check(Rule::Alone { within: "right", names });
    assert_eq!(alone(&["crate::left"]), Vec::<String>::new());
    assert_eq!(
        alone(&["crate::left::Part"]),
        ["right.rs:2: crate::left::part::Client: `right` may name `crate::left::Part` alone"]
    );
    assert_eq!(
        check(Rule::Never { within: "right", names: &["reqwest"] }),
        ["right.rs:2: crate::left::part::Client: `right` must not name `reqwest`"]
    );
}
