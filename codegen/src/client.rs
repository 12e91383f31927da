//! The client of an API: names, secrets, notes and tree, and the files that are printed of them.

use crate::emit::{self, Files};
use crate::facts;
use crate::former_ids::{self, FormerId};
use crate::model::Api;
use crate::names::{self, Exceptions, Names};
use crate::notes::{self, Notes};
use crate::operations;
use crate::problem::Problems;
use crate::renamed;
use crate::secrets::{self, Secrets};
use crate::surface::{self, Surface};
use crate::{lower, tree};

/// The rows that people keep in `spec/`, beside the tracked document.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// `spec/former_ids.yaml`
    pub former_ids: Vec<FormerId>,
    /// `spec/names.yaml`
    pub names: Exceptions,
    /// `spec/secrets.yaml`
    pub secrets: secrets::Rows,
    /// `spec/notes.yaml`
    pub notes: notes::Rows,
}

impl Rows {
    /// The files that have the rows, below the root of the workspace.
    pub const FILES: [&'static str; 4] =
        ["spec/former_ids.yaml", "spec/names.yaml", "spec/secrets.yaml", "spec/notes.yaml"];

    /// Reads the texts of [`FILES`](Self::FILES).
    pub fn parse(texts: [&str; Self::FILES.len()]) -> Result<Self, Problems> {
        let [former_ids, names, secrets, notes] = texts;
        let [former_ids_file, names_file, secrets_file, notes_file] = Self::FILES;
        Ok(Self {
            former_ids: former_ids::parse(former_ids_file, former_ids)?,
            names: Exceptions::parse(names_file, names)?,
            secrets: secrets::Rows::parse(secrets_file, secrets)?,
            notes: notes::Rows::parse(notes_file, notes)?,
        })
    }

    /// The operationIds that 3CX changed, former and present.
    pub fn renamed(&self) -> Vec<(&str, &str)> {
        self.former_ids.iter().map(FormerId::pair).collect()
    }
}

/// An API with everything that is decided about its client.
#[derive(Debug)]
pub struct Client {
    /// The API. A former operationId is a variant of the present one here, and so is a type that only
    /// changed its name.
    pub api: Api,
    /// The Rust names.
    pub names: Names,
    secrets: Secrets,
    notes: Notes,
    /// The rows of `spec/former_ids.yaml` that this API does not need.
    unjoined: Vec<String>,
}

impl Client {
    /// The client of any API.
    pub fn of(mut api: Api, rows: &Rows) -> Result<Self, Problems> {
        let unjoined = former_ids::join(&mut api, &rows.former_ids)?;
        renamed::join(&mut api);
        let names = names::name(&api, &rows.names)?;
        let secrets = secrets::find(&api, &rows.names, &rows.secrets);
        let notes = notes::find(&api, &rows.notes);
        Ok(Self { api, names, secrets, notes, unjoined })
    }

    /// The rows that change nothing in this client, by their files. They are judged over the union of all
    /// known documents, because a single document or an older union may not have what a row is for.
    pub fn useless_rows(&self) -> Vec<String> {
        let useless =
            [&self.unjoined[..], self.names.unused(), self.secrets.unused(), self.notes.unused()];
        let files = Rows::FILES.into_iter().zip(useless);
        files
            .flat_map(|(file, rows)| rows.iter().map(move |row| format!("{file}: {row}")))
            .collect()
    }

    /// The tree of its code.
    pub fn tree(&self) -> Result<tree::Client, Problems> {
        lower::client(&self.decided())
    }

    /// The files of its code.
    pub fn files(&self) -> Result<Files, String> {
        let tree = self.tree().map_err(|problems| problems.to_string())?;
        emit::client(&tree).map_err(|error| error.to_string())
    }

    /// The files that the tests have for it.
    pub fn test_files(&self) -> Result<Files, String> {
        let tree = lower::tests(&self.decided()).map_err(|problems| problems.to_string())?;
        emit::tests(&tree).map_err(|error| error.to_string())
    }

    /// What the fake PBX knows of the API, `api.json`.
    pub fn facts(&self) -> Result<String, String> {
        facts::text(&self.api).map_err(|error| error.to_string())
    }

    fn decided(&self) -> lower::Decided<'_> {
        let Self { api, names, secrets, notes, .. } = self;
        lower::Decided { api, names, secrets, notes }
    }

    /// The page that lists its operations, `OPERATIONS.md`.
    pub fn page(&self) -> String {
        operations::page(&self.api, &self.names)
    }

    /// The public items of its code.
    pub fn surface(&self) -> Result<Surface, String> {
        surface::read(&self.files()?).map_err(|error| error.to_string())
    }
}
