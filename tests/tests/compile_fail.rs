//! What must not compile, and says so in words that a person understands.
//!
//! The messages are the compiler's, so they are compared under the release they were read with;
//! under another one the test says that it is skipped. `TRYBUILD=overwrite cargo test -p tests --test
//! compile_fail` writes them anew: read them before they are committed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

/// The compiler whose messages are committed.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn a_wrong_query_does_not_compile() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = std::process::Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    if !version.starts_with(COMPILER) {
        tests::skipped("queries that must not compile", &format!("not {COMPILER}x: {version}"));
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
