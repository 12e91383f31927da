//! `cargo xtask update`: from a new document to a client that compiles, or nothing at all.

use std::path::Path;

use xapi_codegen::client::Client;
use xapi_codegen::diff::report::Report;
use xapi_codegen::model::{Api, Release};
use xapi_codegen::output::{self, Place};
use xapi_codegen::{changelog, history, load, model, track};

use crate::codegen::{places, report as told};
use crate::diff::{differences, report};
use crate::import::{merged, release_of, tracked};
use crate::source::Source;
use crate::staging::Staging;
use crate::workspace::{root, rows, spec};
use crate::{Outcome, fetch, print};

/// The steps: what each does, and what to do when it fails.
const STEPS: [(&str, &str); 6] = [
    ("reading the document", "check the file or URL, the release and the date"),
    (
        "importing it into the union",
        "a new construct is taught to codegen/src/model, a quirk becomes a repair (CONTRIBUTING.md)",
    ),
    ("comparing it with what was known", "a name that collides gets a row in spec/names.yaml"),
    ("generating the client", "a name that collides gets a row in spec/names.yaml"),
    ("compiling the client", "mend codegen/src/emit: it made code that does not compile"),
    ("putting everything in place", "see to the file or folder that is named"),
];

/// What was asked for.
pub(crate) struct Update<'a> {
    /// The document: a file or URL.
    pub(crate) from: &'a str,
    /// Its release.
    pub(crate) release: &'a str,
    /// Its date, if the name doesn't have it.
    pub(crate) date: Option<&'a str>,
    /// Where the report goes; it is printed otherwise.
    pub(crate) report: Option<&'a Path>,
}

pub(crate) fn run(update: &Update<'_>) -> Outcome {
    let mut progress = Progress(0);
    steps(update, &mut progress).map_err(|error| {
        let (what, mend) = STEPS[progress.0.max(1) - 1];
        format!("step {} ({what}): {error}\nnothing was changed; {mend}", progress.0)
    })
}

/// The number of the step that is being done.
struct Progress(usize);

impl Progress {
    fn next(&mut self) {
        let what = STEPS[self.0].0;
        self.0 += 1;
        eprintln!("[{}/{}] {what}", self.0, STEPS.len());
    }
}

fn steps(update: &Update<'_>, progress: &mut Progress) -> Outcome {
    progress.next();
    let fetched = fetch::read(update.from)?;
    let release = release_of(Path::new(&fetched.name), update.release, update.date)?;

    progress.next();
    let name = fetched.name.clone();
    let document = load::parse(fetched.name, fetched.text).map_err(|it| it.to_string())?;
    let (api, summary) = model::read(document).map_err(|it| it.to_string())?;
    let before = tracked(&spec())?;
    let union = merged(before.as_ref(), release.clone(), api.clone());
    let union = union.map_err(|it| format!("{name}: {it}"))?;
    let text = track::write(&union).map_err(|it| it.to_string())?;
    let changelog = std::fs::read_to_string(root().join(CHANGELOG)).ok();
    if let Some(before) = &before
        && let Some(known) = same_facts(before, &release, &api, &text)?
        && changelog.as_ref().is_some_and(|it| changelog::has(it, known))
    {
        let known = known.full();
        return print(&format!("{name}: nothing to do, its facts are those of {known}\n"));
    }

    progress.next();
    let (mut report, changelog) = compared(&union, &release, changelog)?;
    if let Some(report) = &mut report {
        // The union knows how one signs in to the newest release alone. The document was compared with
        // it as the union had it.
        if let Some(newest) = before.as_ref().and_then(|it| it.releases.last())
            && *newest < release
            && let Some(before) = &before
        {
            report.diff = differences(&history::at(before, &newest.full())?, &api)?;
        }
        // What the reader had to set right is no change either.
        report.diff.noise.extend(summary.repairs.iter().filter(|(_, count)| *count > 0).copied());
    }

    progress.next();
    let client = Client::of_union(union, &rows()?)?;
    let files = client.files()?;
    let mut places = places(&client, files.clone())?;
    places.push(Place::File(spec(), text));
    places.push(Place::File(root().join(CHANGELOG), changelog));
    let markdown = report.as_ref().map(Report::markdown);
    if let (Some(path), Some(markdown)) = (update.report, &markdown) {
        places.push(Place::File(path.to_owned(), markdown.clone()));
    }

    progress.next();
    Staging::open()?.compile(files)?;

    progress.next();
    let changes = output::write(&places).map_err(|it| it.to_string())?;
    if let (None, Some(markdown)) = (update.report, &markdown) {
        print(&format!("{markdown}\n"))?;
    }
    places.iter().zip(&changes).try_for_each(|(place, changes)| told(place.path(), changes))?;
    if let Some(report) = &report {
        print(&format!("proposed version: {}\n", changelog::proposal(VERSION, report)))?;
    }
    print("next: read the report, run .ci/run, and commit everything together\n")
}

/// The file of entries.
const CHANGELOG: &str = "CHANGELOG.md";

/// The version of the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The document of the same release that has the same facts, be it of another day.
fn same_facts<'u>(
    union: &'u Api,
    release: &Release,
    api: &Api,
    merged: &str,
) -> Result<Option<&'u Release>, String> {
    let known = union.releases.iter().rev();
    if let Some(known) = known.clone().find(|it| *it == release) {
        let text = std::fs::read_to_string(spec()).map_err(|it| it.to_string())?;
        return Ok((text == merged).then_some(known));
    }
    let Some(known) = known.clone().find(|it| it.release == release.release) else {
        return Ok(None);
    };
    let diff = differences(&history::at(union, &known.full())?, api)?;
    Ok(diff.rows.is_empty().then_some(known))
}

/// What a document changed (the first has nothing to change), and the changelog with its entry and
/// those of former imports that had none yet.
fn compared(
    union: &Api,
    release: &Release,
    mut changelog: Option<String>,
) -> Result<(Option<Report>, String), String> {
    let mut changed = None;
    for (place, known) in union.releases.iter().enumerate() {
        let is_this = known == release;
        if !is_this && changelog.as_ref().is_some_and(|it| changelog::has(it, known)) {
            continue;
        }
        let new = Source::release(union, &known.full())?;
        let entry = match place.checked_sub(1).map(|before| &union.releases[before]) {
            None => changelog::first(&new.newest),
            Some(before) => {
                let report = report(&Source::release(union, &before.full())?, &new)?;
                let entry = changelog::entry(VERSION, &report);
                if is_this {
                    changed = Some(report);
                }
                entry
            }
        };
        changelog = Some(changelog::with(changelog.as_deref(), known, &entry));
    }
    Ok((changed, changelog.unwrap_or_default()))
}
