//! What is published, and the scripts around it.

use std::fs::{read, read_to_string};
use std::process::Command;

use serde_json::Value;
use tests::root;

/// The published packages: their folders, and what cargo knows of them.
fn published() -> Vec<(String, Value)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output();
    let metadata: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    // An empty list forbids to publish.
    let published = packages.filter(|it| it["publish"].is_null());
    let named = published.map(|it| (it["name"].as_str().unwrap().to_owned(), it.clone()));
    named.collect()
}

#[test]
fn a_package_tells_the_registry_what_it_is() {
    let packages = published();
    let mut names: Vec<&str> = packages.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["threecx-xapi", "threecx-xapi-fake", "threecx-xapi-runtime", "xapi-codegen"]
    );
    for (name, package) in &packages {
        for field in ["description", "repository", "license", "rust_version", "readme"] {
            assert!(package[field].is_string(), "{name} has no {field}");
        }
        assert_eq!(package["documentation"], format!("https://docs.rs/{name}"));
        let keywords = package["keywords"].as_array().unwrap();
        assert!((1..=5).contains(&keywords.len()), "{name}: the registry takes up to 5 keywords");
        assert!(keywords.iter().all(|it| it.as_str().unwrap().len() <= 20), "{name}");
        assert!(!package["categories"].as_array().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_package_has_its_readme_and_the_licences_of_the_root() {
    for (name, package) in published() {
        let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
        let folder = manifest.parent().unwrap();
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            // A link would be a text file where the system has no links.
            let file = folder.join(licence);
            assert!(file.symlink_metadata().unwrap().is_file(), "{name}: {licence} is a link");
            let same = read(file).unwrap() == read(root().join(licence)).unwrap();
            assert!(same, "{name}: copy {licence} from the root");
        }
        let readme = read_to_string(folder.join("README.md")).unwrap();
        let oldest = package["rust_version"].as_str().unwrap();
        let stated = readme.contains(&format!("Rust {oldest} or newer"));
        assert!(stated, "{name}: the README names the oldest Rust");
        assert!(!readme.contains("](../"), "{name}: the registry has no file above the README");
    }
}

#[test]
fn the_scripts_that_workflows_and_pages_name_exist() {
    let mut files: Vec<_> = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ".ci/run"]
        .map(|it| root().join(it))
        .into();
    let workflows = std::fs::read_dir(root().join(".github/workflows")).unwrap();
    files.extend(workflows.map(|it| it.unwrap().path()));
    let mut named = 0;
    for file in files {
        let text = read_to_string(&file).unwrap();
        for part in text.split(".ci/").skip(1) {
            // The folder itself gives an empty name.
            let name: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
            assert!(root().join(".ci").join(&name).exists(), "{}: .ci/{name}", file.display());
            named += 1;
        }
    }
    assert!(named > 10, "{named}");
}
