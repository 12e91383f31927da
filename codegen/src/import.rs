//! What an import takes in: a document under its release and date, and the union that it joins.

use std::path::Path;

use crate::history;
use crate::load::Document;
use crate::model::{self, Api, DocumentId};
use crate::problem::Problems;

/// The union with a document, or of it alone.
pub fn merged(union: Option<&Api>, id: DocumentId, document: Api) -> Result<Api, Problems> {
    match union {
        Some(union) => history::merge(union, id, document),
        None => history::unite(&[(id, document)].into()),
    }
}

/// A tracked document.
pub struct Tracked {
    /// Its text.
    pub text: String,
    /// The union that it holds.
    pub union: Api,
}

/// Reads a tracked document.
pub fn tracked(document: Document) -> Result<Tracked, String> {
    let (source, text) = (document.source.clone(), document.text.clone());
    let (union, _) = model::read(document).map_err(|problems| problems.to_string())?;
    if union.documents.is_empty() {
        let message = "is no tracked document (it has no `x-releases`), so nothing is imported \
                       into it; name another file";
        return Err(format!("{source}: {message}"));
    }
    Ok(Tracked { text, union })
}

/// What a user says of a document: what it says itself, or its file's name, need not be said.
#[derive(Clone, Debug, Default)]
pub struct Given {
    release: Option<Release>,
    date: Option<String>,
}

/// A release, and its build where that is known.
type Release = (String, Option<u16>);

/// Where a document says its release, in its `info`.
const VERSION: &str = "x-pbx-version";

impl Given {
    /// What the user said, checked.
    pub fn new(release: Option<&str>, date: Option<&str>) -> Result<Self, String> {
        let parsed = release.map(|text| parsed(text).ok_or(text)).transpose();
        let release = parsed.map_err(|text| {
            let message = "a release is three numbers with dots, such as 20.0.10, and may have a \
                           build as the fourth";
            format!("--release {text}: {message}")
        })?;
        match date {
            Some(date) if !is_date(date) => Err(format!("--date {date}: a date is YYYY-MM-DD")),
            _ => Ok(Self { release, date: date.map(str::to_owned) }),
        }
    }

    /// The name under which a document is imported: the document's own words count most, those of its
    /// file's name least.
    pub fn id(&self, file: &Path, document: &Document) -> Result<DocumentId, String> {
        let release = self.release(file, document)?;
        let (release, build) = release.or_else(|| named_release(file)).ok_or_else(|| {
            let message = "neither the document nor its name says the release; add --release with \
                           that of the PBX, such as --release 20.0.10";
            format!("{}: {message}", file.display())
        })?;
        let date = self.date.clone().or_else(|| named_date(file)).ok_or_else(|| {
            let message =
                "its name has no date; add --date YYYY-MM-DD with the day it was published";
            format!("{}: {message}", file.display())
        })?;
        Ok(DocumentId { release, date, build })
    }

    fn release(&self, file: &Path, document: &Document) -> Result<Option<Release>, String> {
        let Some(stated) = document.openapi.info.extensions.get(VERSION) else {
            return Ok(self.release.clone());
        };
        let own = stated.as_str().and_then(parsed).ok_or_else(|| {
            let message =
                "is no release such as 20.0.10.1621; mend it, or remove it and add --release";
            format!("{} at /info/{VERSION}: {stated} {message}", file.display())
        })?;
        let fits = |given: &Release| {
            given.0 == own.0 && (given.1.is_none() || given.1 == own.1 || own.1.is_none())
        };
        match &self.release {
            Some(given) if !fits(given) => Err(format!(
                "{}: the document says that its release is {stated}; leave out --release",
                file.display()
            )),
            Some((release, Some(build))) => Ok(Some((release.clone(), Some(*build)))),
            _ => Ok(Some(own)),
        }
    }
}

/// The name of the document that a file's name says: `20.0.10_2026-06-11.yaml`.
pub fn id_in(file: &Path) -> Result<DocumentId, String> {
    match (named_release(file), named_date(file)) {
        (Some((release, build)), Some(date)) => Ok(DocumentId { release, date, build }),
        _ => Err("a document is called RELEASE_DATE.yaml here".to_owned()),
    }
}

/// The numbers of a release: three, and perhaps a build.
fn parsed(text: &str) -> Option<Release> {
    let numbers: Vec<&str> = text.split('.').collect();
    let number =
        |it: &str| it.bytes().all(|byte| byte.is_ascii_digit()).then(|| it.parse().ok())?;
    let all: Option<Vec<u16>> = numbers.iter().map(|it| number(it)).collect();
    match all?.as_slice() {
        [_, _, _] => Some((text.to_owned(), None)),
        [_, _, _, build] => Some((numbers[..3].join("."), Some(*build).filter(|it| *it > 0))),
        _ => None,
    }
}

fn named_release(file: &Path) -> Option<Release> {
    let name = file.file_stem()?.to_string_lossy();
    name.split(['_', ' ']).find_map(parsed)
}

fn named_date(file: &Path) -> Option<String> {
    let name = file.file_stem()?.to_string_lossy();
    name.split(['_', ' ']).find(|part| is_date(part)).map(str::to_owned)
}

fn is_date(text: &str) -> bool {
    let digits: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    digits == "0000-00-00"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;

    fn document(version: &str) -> Document {
        let text = format!(
            "openapi: 3.0.4\ninfo: {{ title: x, version: '1'{version} }}\npaths: {{}}\ncomponents: {{}}\nsecurity: [{{ A: [] }}]\n"
        );
        load::parse("test".to_owned(), text).unwrap_or_else(|it| panic!("{it}"))
    }

    #[test]
    fn a_user_says_what_neither_document_nor_name_says() {
        let (silent, stating) = (document(""), document(", x-pbx-version: 20.0.10.1621"));
        // The file, the document, --release, --date, and the name or a part of the error.
        type Row<'a> = (&'a str, &'a Document, Option<&'a str>, Option<&'a str>, &'a str);
        let rows: [Row<'_>; 14] = [
            ("20.0.9_2026-04-24.yaml", &silent, None, None, "20.0.9/2026-04-24 None"),
            ("20.0.9.7_2026-04-24.yaml", &silent, None, None, "20.0.9/2026-04-24 Some(7)"),
            ("x/20.0.9_2026-04-24.yaml", &stating, None, None, "20.0.10/2026-04-24 Some(1621)"),
            ("swagger_2026-04-24.yaml", &stating, None, None, "20.0.10/2026-04-24 Some(1621)"),
            ("a.yaml", &stating, None, Some("2026-07-01"), "20.0.10/2026-07-01 Some(1621)"),
            ("20.0.8_2026-04-24.yaml", &silent, Some("20.0.9"), None, "20.0.9/2026-04-24 None"),
            (
                "20.0.8_2026-04-24.yaml",
                &silent,
                Some("20.0.9.3"),
                None,
                "20.0.9/2026-04-24 Some(3)",
            ),
            ("x_2026-04-24.yaml", &stating, Some("20.0.10"), None, "20.0.10/2026-04-24 Some(1621)"),
            ("x_2026-04-24.yaml", &stating, Some("20.0.9"), None, "leave out --release"),
            ("x_2026-04-24.yaml", &stating, Some("20.0.10.1"), None, "leave out --release"),
            ("x_2026-04-24.yaml", &silent, None, None, "add --release"),
            ("swagger.yaml", &stating, None, None, "add --date"),
            ("swagger.yaml", &stating, Some("v20"), None, "--release v20"),
            ("swagger.yaml", &stating, None, Some("1.7.2026"), "--date 1.7.2026"),
        ];
        for (file, document, release, date, expected) in rows {
            let id = Given::new(release, date).and_then(|it| it.id(Path::new(file), document));
            let said = id.map_or_else(|it| it, |id| format!("{} {:?}", id.full(), id.build));
            assert!(said.contains(expected), "{file}: {said}");
        }
        let wrong = document(", x-pbx-version: soon");
        let error = Given::default().id(Path::new("20.0.9_2026-04-24.yaml"), &wrong).unwrap_err();
        assert!(error.contains("at /info/x-pbx-version"), "{error}");
    }

    #[test]
    fn a_release_is_three_numbers_with_dots_and_perhaps_a_build() {
        for (text, expected) in [("20.0.10", None), ("20.0.10.7", Some(7)), ("20.0.10.0", None)] {
            assert_eq!(parsed(text), Some(("20.0.10".to_owned(), expected)));
        }
        for wrong in
            ["", "20", "20.0", "v20.0.1", "20.0.x", "20..1", "20.0.1.2.3", "20.0.+1", "20.0.70000"]
        {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
