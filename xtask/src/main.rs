//! The maintainers' commands: they read arguments and files, and print. `xapi-codegen` does the work.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod catalog;
mod codegen;
mod console;
mod diff;
mod fetch;
mod import;
mod judge;
mod matrix;
mod mutate;
mod replay;
mod soak;
mod source;
mod staging;
mod update;
mod workspace;

use crate::console::timed;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Imports the 3CX XAPI document and generates the client from it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Merge a vendor document (OpenAPI 3.0 or 3.1, YAML or JSON) into spec/xapi.yaml
    Import {
        /// The document
        file: PathBuf,
        /// The 3CX release it describes, 20.0.10 or 20.0.10.1621; taken from the document or the file's
        /// name if one of them says it
        #[arg(long)]
        release: Option<String>,
        /// The day of the document, YYYY-MM-DD; taken from the file's name if it has one
        #[arg(long)]
        date: Option<String>,
        /// Merge into this file in place of spec/xapi.yaml; it is made if it isn't there
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take in a new document in one go: import, report, generate, compile, changelog entry and a
    /// proposed version
    ///
    /// If any step fails, nothing is changed.
    Update {
        /// The document: a file, or a URL such as a PBX's own /xapi/v1/swagger.yaml
        #[arg(value_name = "FILE|URL")]
        from: String,
        /// The 3CX release it describes, 20.0.10 or 20.0.10.1621; taken from the document or the file's
        /// name if one of them says it
        #[arg(long)]
        release: Option<String>,
        /// The day of the document, YYYY-MM-DD; taken from its name if it has one
        #[arg(long)]
        date: Option<String>,
        /// Write the report to this file instead of printing it
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    /// Import each document of a folder (RELEASE_DATE.yaml) alone, generate its client and compile it
    Replay {
        /// The folder
        dir: PathBuf,
    },
    /// Put the client of the documents up to one against a PBX that has another, and print what it could
    /// not read
    ///
    /// Each client is compiled in target/staged. A line says how many operations both know and were called,
    /// how many answers were lost, and how many properties were unread, are retyped, and how many answers
    /// are of another kind.
    Matrix {
        /// The document up to which the client is generated (20.0.9 or 20.0.9/2026-01-22); each, if none is
        /// named
        client: Option<String>,
        /// The documents that the PBX has; each, if none is named
        pbx: Vec<String>,
    },
    /// Let programs that we did not write judge what the client sends to a PBX of each document
    ///
    /// Prism, openapi-core and openapi-spec-validator are installed below target/judges, which needs node, npm
    /// and python3; our own reader judges what is encoded. It fails if a complaint has no explanation.
    Judge {
        /// Vendor documents that are imported, each called RELEASE_DATE.yaml
        #[arg(required = true)]
        documents: Vec<PathBuf>,
    },
    /// Let many tasks work over one client for so long, while everything goes wrong that the fake PBX knows
    ///
    /// A line says what was done. It fails if anything read was wrong, if a write was lost or came twice, if a
    /// call took too long, or if memory or sockets were kept.
    Soak {
        /// For how long
        #[arg(long, value_name = "N", default_value_t = 600)]
        seconds: u64,
        /// The seed of what is done and of what goes wrong; a random one if it is missing
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
    },
    /// Measure what waiting costs, beside what people would use or write instead
    ///
    /// It prints medians of runs in turn, and their ratios. What it needs is compiled below target/bench.
    Bench {
        /// What to measure; everything, if nothing is named
        kind: Option<bench::Kind>,
        /// Install other generators too (ploidy, oas3-gen, progenitor), and measure them and their clients of the
        /// same document
        #[arg(long)]
        peers: bool,
    },
    /// Change known documents at random, as 3CX might, and take each in: it must become a client that
    /// compiles, or get one clear error
    Mutate {
        /// The first seed; the same seed gives the same change everywhere
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// The number of seeds
        #[arg(long, value_name = "N", default_value_t = 25)]
        count: u64,
        /// Only write the changed document of the first seed to this file
        #[arg(long, value_name = "FILE")]
        document: Option<PathBuf>,
        /// Try every Nth seed in this process, and print for the parent
        #[arg(long, value_name = "N", hide = true)]
        every: Option<u64>,
    },
    /// Generate the client from spec/xapi.yaml
    Codegen {
        /// Write nothing; fail if anything is stale, missing or stray
        #[arg(long)]
        check: bool,
        /// Generate from this document in place of spec/xapi.yaml: a vendor's, a union, one document of
        /// a union (FILE@20.0.9), or a union up to a release (FILE@..20.0.9)
        #[arg(long, value_name = "FILE", requires = "out")]
        spec: Option<String>,
        /// Write to this folder: a drop-in for generated-client/src/generated
        #[arg(long, value_name = "DIR", requires = "spec")]
        out: Option<PathBuf>,
    },
    /// Say what changed between two APIs, and what it means for who uses the client
    ///
    /// Each is a vendor document, a union, or a release of a union: spec/xapi.yaml@20.0.7, or
    /// spec/xapi.yaml@20.0.7/2025-05-06 for a certain document. A union stands for its newest document
    /// among the changes, and for the whole of it in the verdict.
    Diff {
        /// The older one
        old: String,
        /// The newer one
        new: String,
        /// How to print it
        #[arg(long, value_enum, default_value_t = diff::Format::Markdown)]
        format: diff::Format,
    },
    /// List every operation
    Catalog {
        /// How to print it
        #[arg(long, value_enum, default_value_t = catalog::Format::Table)]
        format: catalog::Format,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Import { file, release, date, out } => {
            import::run(&file, release.as_deref(), date.as_deref(), out)
        }
        Command::Update { from, release, date, report } => update::run(&update::Update {
            from: &from,
            release: release.as_deref(),
            date: date.as_deref(),
            report: report.as_deref(),
        }),
        Command::Mutate { seed, document: Some(file), .. } => mutate::document(seed, &file),
        Command::Mutate { seed, count, every: Some(every), .. } => {
            mutate::child::run(seed..seed.saturating_add(count), every)
        }
        Command::Mutate { seed, count, .. } => mutate::run(seed..seed.saturating_add(count)),
        Command::Replay { dir } => replay::run(&dir),
        Command::Matrix { client, pbx } => matrix::run(client.as_deref(), &pbx),
        Command::Judge { documents } => judge::run(&documents),
        Command::Bench { kind, peers } => bench::run(kind, peers),
        Command::Soak { seconds, seed } => soak::run(seconds, seed),
        Command::Codegen { check, spec: Some(spec), out: Some(out) } => {
            timed(|| codegen::from_document(&spec, &out, check))
        }
        Command::Codegen { check, .. } => timed(|| codegen::run(check)),
        Command::Diff { old, new, format } => diff::run(&old, &new, format),
        Command::Catalog { format } => catalog::run(format),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use serde_yaml::Value;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }

    /// The scripts of a workflow's steps.
    fn scripts(workflow: &Value) -> Vec<&str> {
        let jobs = workflow["jobs"].as_mapping().unwrap().values();
        // A job that is a whole workflow has no steps of its own.
        let steps = jobs.filter_map(|job| job.get("steps")?.as_sequence()).flatten();
        steps.filter_map(|step| step.get("run")?.as_str()).collect()
    }

    #[test]
    fn the_workflows_commands_are_ones_that_this_program_has() {
        let folder = workspace::own_root().join(".github/workflows");
        let mut commands = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let workflow: Value = serde_yaml::from_str(&text).unwrap();
            for line in scripts(&workflow).into_iter().flat_map(str::lines) {
                let Some((_, command)) = line.split_once("cargo xtask ") else { continue };
                // A variable stands for one argument.
                let words = command.split_whitespace().map(|word| word.replace('"', ""));
                let parsed =
                    Arguments::try_parse_from(std::iter::once("xtask".to_owned()).chain(words));
                assert!(parsed.is_ok(), "{}: {line}: {}", path.display(), parsed.err().unwrap());
                commands.push(command.to_owned());
            }
        }
        assert!(commands.iter().any(|it| it.starts_with("update ")), "{commands:?}");
    }

    #[test]
    fn the_update_workflow_names_the_published_document_once() {
        let path = workspace::own_root().join(".github/workflows/update.yml");
        let text = std::fs::read_to_string(path).unwrap();
        let workflow: Value = serde_yaml::from_str(&text).unwrap();
        assert!(
            workflow["env"]["PUBLISHED"].as_str().unwrap().ends_with("/3cxconfigurationapi.yaml")
        );
        assert_eq!(text.matches("https://").count(), 1, "{text}");
        assert!(workflow["on"].get("schedule").is_some());
        let inputs = workflow["on"]["workflow_dispatch"]["inputs"].as_mapping().unwrap();
        let names: Vec<&str> = inputs.keys().filter_map(Value::as_str).collect();
        assert_eq!(names, ["url", "release", "date"]);
    }
}
