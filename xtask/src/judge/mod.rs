//! `cargo xtask judge`: programs that we did not write judge what the client sends.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use xapi_codegen::import::Given;
use xapi_codegen::{load, model};

use self::complaint::{Complaint, Judge};
use self::explanations::{EXPLANATIONS, explanation};
use self::recording::{Recording, record};
use crate::console::{Outcome, print};

mod complaint;
mod encoding;
mod explanations;
mod prism;
mod python;
mod recording;
mod tools;

/// Lets each judge judge the caller of each document's release.
pub(crate) fn run(documents: &[PathBuf]) -> Outcome {
    // Both fail at once where something is missing.
    tools::prism()?;
    tools::python()?;
    let mut needed = BTreeSet::new();
    let mut unexplained = 0;
    for document in documents {
        let case = Case::of(document)?;
        case.print()?;
        unexplained += case.unexplained().count() + case.unjudged().len();
        needed.extend(case.complaints.iter().filter_map(|(_, row)| *row));
    }
    for (row, it) in EXPLANATIONS.iter().enumerate() {
        if !needed.contains(&row) {
            print(&format!("note: no complaint needs this: {}: {}\n", it.judge.name(), it.what))?;
        }
    }
    if unexplained == 0 { Ok(()) } else { Err(format!("{unexplained} complaints are unexplained")) }
}

/// What the judges say of a document and of those who call its PBX.
struct Case {
    /// RELEASE/DATE
    name: String,
    recording: Recording,
    /// Each complaint with the row that explains it.
    complaints: Vec<(Complaint, Option<usize>)>,
}

impl Case {
    fn of(file: &Path) -> Result<Self, String> {
        let document = load::load(file).map_err(|problems| problems.to_string())?;
        let name = Given::default().id(file, &document)?.full();
        let (api, _) = model::read(document).map_err(|problems| problems.to_string())?;
        let recording = record(&name)?;
        let mut complaints = prism::judge(file, &recording.requests)?;
        complaints.extend(python::requests(file, &recording)?);
        complaints.extend(encodings(&recording));
        complaints.extend(python::document(file)?);
        let explained = |it: Complaint| {
            let row = explanation(&api, &it, &recording.requests);
            (it, row)
        };
        let complaints = complaints.into_iter().map(explained).collect();
        Ok(Self { name, recording, complaints })
    }

    fn unexplained(&self) -> impl Iterator<Item = &Complaint> {
        self.complaints.iter().filter(|(_, row)| row.is_none()).map(|(it, _)| it)
    }

    /// The requests that each judge of operations is wrong about, so that nobody has judged them.
    fn unjudged(&self) -> Vec<&str> {
        let is_wrong = |judge: Judge, place: usize| {
            let mut complaints = self.complaints.iter();
            complaints
                .any(|(it, row)| it.judge == judge && it.place == Some(place) && row.is_some())
        };
        let places = 0..self.recording.requests.len();
        let by_none = places
            .filter(|place| is_wrong(Judge::Prism, *place) && is_wrong(Judge::OpenapiCore, *place));
        by_none.map(|place| self.recording.requests[place].operation.as_str()).collect()
    }

    fn print(&self) -> Outcome {
        let requests = self.recording.requests.len();
        print(&format!("\n{}\n{:24}  judged  complaints  explained\n", self.name, "judge"))?;
        for judge in Judge::ALL {
            let of = self.complaints.iter().filter(|(it, _)| it.judge == judge);
            let (all, explained) = (of.clone().count(), of.filter(|it| it.1.is_some()).count());
            let judged = if judge == Judge::SpecValidator { 1 } else { requests };
            print(&format!("{:24}  {judged:>6}  {all:>10}  {explained:>9}\n", judge.name()))?;
        }
        for (row, it) in EXPLANATIONS.iter().enumerate() {
            let mut of = self.operations(row);
            of.sort_unstable();
            if !of.is_empty() {
                let (judge, count) = (it.judge.name(), of.len());
                of.dedup();
                let (what, reason, of) = (it.what, it.reason, of.join(", "));
                print(&format!("{count} of {judge}, {what}: {reason} ({of})\n"))?;
            }
        }
        for it in self.unexplained() {
            let request = it.place.and_then(|place| self.recording.requests.get(place));
            let line = request.map_or_else(|| "the document".to_owned(), |it| it.line());
            print(&format!("UNEXPLAINED {}: {line}\n    {}\n", it.judge.name(), it.text))?;
        }
        for operation in self.unjudged() {
            print(&format!("UNEXPLAINED all judges are wrong about {operation}\n"))?;
        }
        Ok(())
    }

    /// The operations whose complaints a row explains.
    fn operations(&self, row: usize) -> Vec<&str> {
        let of = self.complaints.iter().filter(|(_, it)| *it == Some(row));
        let places = of.filter_map(|(it, _)| it.place);
        places.map(|place| self.recording.requests[place].operation.as_str()).collect()
    }
}

/// What our own reader says of the requests.
fn encodings(recording: &Recording) -> Vec<Complaint> {
    let requests = recording.requests.iter().enumerate();
    let faults = requests.filter_map(|(place, request)| {
        let fault = encoding::check(&request.target).err()?;
        Some(Complaint::of(Judge::Encoding, place, fault))
    });
    faults.collect()
}
