//! The APIs that commands are told of: a document, a union, or a release of a union.

use std::path::Path;

use xapi_codegen::client::Client;
use xapi_codegen::model::{self, Api, Release};
use xapi_codegen::surface::Surface;
use xapi_codegen::{history, load};

use crate::workspace::rows;

/// An API by the name that it was given on the command line.
pub(crate) struct Source {
    /// Its release, or the file's name.
    pub(crate) name: String,
    /// The text of a vendor document; a union has no noise.
    pub(crate) text: Option<String>,
    /// What is named: a vendor document, or a union up to a release.
    pub(crate) whole: Api,
    /// Its newest document.
    pub(crate) newest: Api,
    /// Whether all of it is meant: a union, or a union up to a release (`FILE@..20.0.9`).
    pub(crate) is_whole: bool,
}

impl Source {
    /// Opens `FILE`, `FILE@RELEASE` (one document of a union) or `FILE@..RELEASE` (the union up to it).
    pub(crate) fn open(name: &str) -> Result<Self, String> {
        let (file, release) = match name.rsplit_once('@') {
            Some((file, release)) if !Path::new(name).exists() => (file, Some(release)),
            _ => (name, None),
        };
        let document = load::load(Path::new(file)).map_err(|it| it.to_string())?;
        let text = document.text.clone();
        let (api, _) = model::read(document).map_err(|it| it.to_string())?;
        let Some(last) = api.releases.last().map(Release::full) else {
            if release.is_some() {
                return Err(format!("{file} is no union, so it has no releases to choose from"));
            }
            let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy().into();
            return Ok(Self {
                name,
                text: Some(text),
                newest: api.clone(),
                whole: api,
                is_whole: false,
            });
        };
        let Some(release) = release else {
            let newest = history::at(&api, &last)?;
            return Ok(Self { name: last, text: None, newest, whole: api, is_whole: true });
        };
        let wanted = release.strip_prefix("..").unwrap_or(release);
        let source = Self::release(&api, wanted).map_err(|it| format!("{file}: {it}"))?;
        Ok(Self { is_whole: wanted != release, ..source })
    }

    /// One of the documents of a union.
    pub(crate) fn release(union: &Api, name: &str) -> Result<Self, String> {
        let (newest, whole) = (history::at(union, name)?, history::up_to(union, name)?);
        let name = newest.releases.last().map_or(String::new(), Release::full);
        Ok(Self { name, text: None, newest, whole, is_whole: false })
    }

    /// Whether it is a union, or one of a union's releases.
    pub(crate) fn is_union(&self) -> bool {
        self.text.is_none()
    }
}

/// The surface of the client of an API.
pub(crate) fn surface(api: Api) -> Result<Surface, String> {
    Client::of(api, &rows()?).map_err(|it| it.to_string())?.surface()
}
