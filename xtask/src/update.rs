//! `cargo xtask update`: from a new document to a client that compiles, or nothing at all.

use std::path::Path;

use xapi_codegen::changelog;
use xapi_codegen::client::Client;
use xapi_codegen::diff::report::Report;
use xapi_codegen::import::Given;
use xapi_codegen::output::{self, Place};
use xapi_codegen::update::Imported;

use crate::codegen::{places, report as told};
use crate::console::{Outcome, print};
use crate::fetch;
use crate::staging::Staging;
use crate::workspace::{root, rows, spec, tell_useless_rows, tracked_in};

/// The steps: what each does, and what the user should do if it fails.
const STEPS: [(&str, &str); 6] = [
    ("reading the document", "check the file or URL, the release and the date"),
    (
        "importing it into the union",
        "a new construct is taught to codegen/src/model, a quirk becomes a repair (CONTRIBUTING.md)",
    ),
    ("comparing it with what was known", "a name that collides gets a row in spec/names.yaml"),
    ("generating the client", "a name that collides gets a row in spec/names.yaml"),
    (
        "compiling the client",
        "mend codegen/src/lower or codegen/src/emit, which made code that does not compile",
    ),
    ("putting everything in place", "see to the file or folder that is named"),
];

/// The arguments.
pub(crate) struct Update<'a> {
    /// The document: a file or URL.
    pub(crate) from: &'a str,
    /// Its release, if neither document nor name says it.
    pub(crate) release: Option<&'a str>,
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

/// The number of the current step.
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
    let given = Given::new(update.release, update.date)?;
    let fetched = fetch::read(update.from)?;

    progress.next();
    let name = fetched.name.clone();
    let tracked = tracked_in(&spec())?;
    let imported = Imported::read(fetched.name, fetched.text, &given, tracked.as_ref())?;
    let changelog = std::fs::read_to_string(root().join(CHANGELOG)).ok();
    let rows = rows()?;
    if let Some(tracked) = &tracked
        && let Some(known) = imported.known(tracked, changelog.as_deref(), &rows)?
    {
        let known = known.full();
        return print(&format!("{name}: nothing to do, its facts are those of {known}\n"));
    }

    progress.next();
    let (report, changelog) = imported.compared(tracked.as_ref(), changelog, VERSION, &rows)?;

    progress.next();
    let client = Client::of(imported.union, &rows).map_err(|problems| problems.to_string())?;
    tell_useless_rows(&client);
    let files = client.files()?;
    let mut places = places(&client, files.clone())?;
    places.push(Place::File(spec(), imported.text));
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
