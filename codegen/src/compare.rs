//! Compares two APIs: the differences of their newest documents, and the verdict on their clients.

use std::path::Path;
use std::sync::OnceLock;

use crate::client::{Client, Rows};
use crate::diff::noise::{self, Noisy};
use crate::diff::report::Report;
use crate::diff::{self, Diff};
use crate::history;
use crate::load::Document;
use crate::model::{self, Api, DocumentId};
use crate::surface::{self, Surface};

/// One of the two APIs: a vendor document, a union, or a release of a union.
pub struct Side {
    /// Its release, or the file's name.
    pub name: String,
    /// The text of a vendor document, read for its noise; none for a union, which has none.
    text: Option<Noisy>,
    /// A vendor document, or a union up to a release.
    whole: Api,
    /// Its newest document.
    newest: Api,
    /// Whether the whole is meant, and not its newest document alone.
    is_whole: bool,
    /// The surface of the whole's client: a document is compared with many.
    surface: OnceLock<Result<Surface, String>>,
}

impl Side {
    /// The API of a document. Of a union, `release` chooses one document (`20.0.9`) or the union up to
    /// it (`..20.0.9`).
    pub fn of(document: Document, release: Option<&str>) -> Result<Self, String> {
        let (file, text) = (document.source.clone(), document.text.clone());
        let (api, _) = model::read(document).map_err(|problems| problems.to_string())?;
        let Some(last) = api.documents.last().map(DocumentId::full) else {
            if release.is_some() {
                return Err(format!("{file} is no union, so it has no releases to choose from"));
            }
            let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into();
            let (newest, text) = (api.clone(), Some(Noisy::read(&text)?));
            return Ok(Self { text, ..Self::new(name, newest, api) });
        };
        let Some(release) = release else {
            let newest = history::at(&api, &last)?;
            return Ok(Self { is_whole: true, ..Self::new(last, newest, api) });
        };
        let wanted = release.strip_prefix("..").unwrap_or(release);
        let side = Self::release(&api, wanted).map_err(|error| format!("{file}: {error}"))?;
        Ok(Self { is_whole: wanted != release, ..side })
    }

    /// One of the documents of a union.
    pub fn release(union: &Api, name: &str) -> Result<Self, String> {
        let (newest, whole) = (history::at(union, name)?, history::up_to(union, name)?);
        let name = newest.documents.last().map_or(String::new(), DocumentId::full);
        Ok(Self::new(name, newest, whole))
    }

    fn new(name: String, newest: Api, whole: Api) -> Self {
        let surface = OnceLock::new();
        Self { name, text: None, whole, newest, is_whole: false, surface }
    }

    fn surface(&self, rows: &Rows) -> Result<&Surface, String> {
        let surface = self.surface.get_or_init(|| surface(self.whole.clone(), rows));
        surface.as_ref().map_err(Clone::clone)
    }

    /// The API that is meant: the whole, or its newest document.
    pub fn meant(self) -> Api {
        if self.is_whole { self.whole } else { self.newest }
    }

    /// Its newest document.
    pub fn newest(&self) -> &Api {
        &self.newest
    }

    fn is_union(&self) -> bool {
        self.text.is_none()
    }
}

/// What changed from one side to the other, and the verdict on it.
pub fn report(old: &Side, new: &Side, rows: &Rows) -> Result<Report, String> {
    let mut diff = differences(&old.newest, &new.newest, rows);
    if let (Some(old), Some(new)) = (&old.text, &new.text) {
        diff.noise.extend(noise::between(old, new));
    }
    let verdict = match (old.is_union(), new.is_union(), old.whole.documents.last()) {
        // A document that is compared with a union is first merged into it, because the client will be
        // that of the union. It doesn't say its release, and is taken to be the next.
        (true, false, Some(last)) => {
            let (release, date) = (last.release.clone(), "9999-12-31".to_owned());
            let next = DocumentId { release, date, build: None };
            let union = history::merge(&old.whole, next, new.newest.clone());
            let union = union.map_err(|problems| problems.to_string())?;
            surface::compare(old.surface(rows)?, &surface(union, rows)?)
        }
        (false, true, _) => {
            surface::compare(old.surface(rows)?, &surface(new.newest.clone(), rows)?)
        }
        _ => surface::compare(old.surface(rows)?, new.surface(rows)?),
    };
    Ok(Report { old: old.name.clone(), new: new.name.clone(), verdict, diff })
}

/// The differences of two documents.
pub fn differences(old: &Api, new: &Api, rows: &Rows) -> Diff {
    diff::diff(old, new, &rows.renamed())
}

fn surface(api: Api, rows: &Rows) -> Result<Surface, String> {
    Client::of(api, rows).map_err(|problems| problems.to_string())?.surface()
}
