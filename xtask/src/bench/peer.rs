//! Other generators, and their clients of the same document.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::{Mapping, Value};

use super::tools::{folder, quietly, succeed, write};
use crate::workspace::{cargo, spec};

/// A generator that Rust people would take instead.
pub(super) struct Peer {
    pub(super) name: &'static str,
    version: &'static str,
    /// The package on the registry, which is also the program's name.
    package: &'static str,
    /// Without this edit it does not take the tracked document.
    edit: fn(&mut Value),
    /// The arguments that have it write the client of a document to a folder.
    arguments: fn(&str, &str) -> Vec<String>,
    /// Files of the client that it does not write.
    missing: &'static [(&'static str, &'static str)],
    /// What a program with its client needs besides.
    pub(super) dependencies: &'static str,
    /// A program with five calls.
    pub(super) program: &'static str,
}

pub(super) const PEERS: [Peer; 3] = [
    Peer {
        name: "ploidy",
        version: "0.15.0",
        package: "ploidy",
        edit: |_| {},
        arguments: |document, out| strings(&["generate", "rust", document, "-o", out]),
        missing: &[],
        dependencies: "",
        program: include_str!("../../bench/consumers/ploidy.rs"),
    },
    Peer {
        name: "oas3-gen",
        version: "0.29.0",
        package: "oas3-gen",
        edit: make_urls_absolute,
        arguments: |document, out| {
            let out = format!("{out}/src/client");
            strings(&["generate", "client-mod", "-i", document, "-o", &out])
        },
        missing: &[
            ("Cargo.toml", OAS3_GEN_MANIFEST),
            ("src/lib.rs", "mod client;\npub use client::*;\n"),
        ],
        dependencies: "",
        program: include_str!("../../bench/consumers/oas3-gen.rs"),
    },
    Peer {
        name: "progenitor",
        version: "0.15.1",
        package: "cargo-progenitor",
        edit: name_errors_and_require_keys,
        arguments: |document, out| {
            strings(&["progenitor", "-i", document, "-o", out, "-n", "client", "-v", "0.1.0"])
        },
        missing: &[],
        // Its client has no TLS by itself.
        dependencies: r#"reqwest = { version = "0.13", default-features = false, features = ["rustls"] }"#,
        program: include_str!("../../bench/consumers/progenitor.rs"),
    },
];

const OAS3_GEN_MANIFEST: &str = r#"[package]
name = "client"
version = "0.1.0"
edition = "2024"

[dependencies]
anyhow = "1"
chrono = { version = "0.4", features = ["serde"] }
http = "1"
indexmap = { version = "2", features = ["serde"] }
oas3-gen-support = "0.29"
reqwest = { version = "0.13", features = ["json", "multipart", "query", "form", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_html_form = "0.4"
serde_json = "1"
serde_with = { version = "3", features = ["chrono_0_4"] }
uuid = { version = "1", features = ["serde"] }
validator = { version = "0.20", features = ["derive"] }
"#;

impl Peer {
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    fn folder(&self) -> PathBuf {
        folder().join("peers").join(self.name)
    }

    /// Installs it below `target/bench`, unless it is there, and writes the document for it.
    pub(super) fn install(&self) -> Result<(), String> {
        let mut install = cargo();
        let version = format!("={}", self.version);
        install.args(["install", "--quiet", "--locked", self.package, "--version", &version]);
        succeed(install.arg("--root").arg(folder().join("tools")))?;
        let text = std::fs::read_to_string(spec()).map_err(|it| it.to_string())?;
        let mut document = serde_yaml::from_str(&text).map_err(|it| it.to_string())?;
        (self.edit)(&mut document);
        let text = serde_yaml::to_string(&document).map_err(|it| it.to_string())?;
        write(&self.document(), &text)
    }

    fn document(&self) -> PathBuf {
        self.folder().join("document.yaml")
    }

    /// The command that writes its client of the document to a folder.
    pub(super) fn generating(&self, out: &Path) -> Command {
        let mut command = Command::new(folder().join("tools/bin").join(self.package));
        let (document, out) = (self.document().display().to_string(), out.display().to_string());
        command.args((self.arguments)(&document, &out));
        command
    }

    /// Its client as a workspace of its own; the folder and the package.
    pub(super) fn client(&self) -> Result<(PathBuf, String), String> {
        let out = self.folder().join("client");
        std::fs::create_dir_all(&out).map_err(|it| format!("{}: {it}", out.display()))?;
        // The lock file stays, so that a second run compiles the same dependencies.
        quietly(&mut self.generating(&out))?;
        for (name, text) in self.missing {
            write(&out.join(name), text)?;
        }
        let manifest = out.join("Cargo.toml");
        let text = std::fs::read_to_string(&manifest);
        let mut text = text.map_err(|error| format!("{}: {error}", manifest.display()))?;
        if !text.contains("[workspace]") {
            text += "\n[workspace]\n";
            write(&manifest, &text)?;
        }
        let name = text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let name = name.ok_or_else(|| format!("{} names no package", manifest.display()))?;
        Ok((out, name.to_owned()))
    }
}

fn strings(of: &[&str]) -> Vec<String> {
    of.iter().map(|&it| it.to_owned()).collect()
}

/// oas3-gen wants whole URLs of an OAuth2 server.
fn make_urls_absolute(document: &mut Value) {
    each_mapping(document, &mut |mapping| {
        for name in ["tokenUrl", "authorizationUrl", "refreshUrl"] {
            if let Some(Value::String(url)) = mapping.get_mut(name) {
                *url = format!("https://pbx.example.com{url}");
            }
        }
    });
}

/// progenitor takes one type of error, and no `default` beside it; a path parameter must not be null.
fn name_errors_and_require_keys(document: &mut Value) {
    each_mapping(document, &mut |mapping| {
        if let Some(Value::Mapping(responses)) = mapping.get_mut("responses")
            && let Some(error) = responses.remove("default")
        {
            responses.insert("4XX".into(), error.clone());
            responses.insert("5XX".into(), error);
        }
        if mapping.get("in").and_then(Value::as_str) == Some("path")
            && let Some(Value::Mapping(schema)) = mapping.get_mut("schema")
        {
            schema.remove("nullable");
        }
    });
}

fn each_mapping(value: &mut Value, change: &mut impl FnMut(&mut Mapping)) {
    match value {
        Value::Mapping(mapping) => {
            change(mapping);
            mapping.values_mut().for_each(|it| each_mapping(it, change));
        }
        Value::Sequence(items) => items.iter_mut().for_each(|it| each_mapping(it, change)),
        _ => {}
    }
}
