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

/// The union that a tracked document holds.
pub fn tracked(document: Document) -> Result<Api, String> {
    let source = document.source.clone();
    let (union, _) = model::read(document).map_err(|problems| problems.to_string())?;
    if union.documents.is_empty() {
        let message = "is no tracked document (it has no `x-releases`), so nothing is imported \
                       into it; name another file";
        return Err(format!("{source}: {message}"));
    }
    Ok(union)
}

/// The name under which a document is imported. The file's name has the date if none is given.
pub fn id_of(file: &Path, release: &str, date: Option<&str>) -> Result<DocumentId, String> {
    if !is_release(release) {
        let message = "a release is three numbers with dots, such as 20.0.10";
        return Err(format!("--release {release}: {message}"));
    }
    Ok(DocumentId { release: release.to_owned(), date: date_of(file, date)? })
}

/// The name of the document that a file's name says: `20.0.10_2026-06-11.yaml`.
pub fn id_in(file: &Path) -> Result<DocumentId, String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let (release, _) = name.split_once('_').unwrap_or((&name, ""));
    id_of(file, release, None)
}

fn is_release(text: &str) -> bool {
    let is_number =
        |it: &str| it.bytes().all(|byte| byte.is_ascii_digit()) && it.parse::<u16>().is_ok();
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

/// The given date, else the one in the file's name.
fn date_of(file: &Path, given: Option<&str>) -> Result<String, String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let named = name.split(['_', ' ']).find(|part| is_date(part));
    match given.or(named) {
        Some(date) if is_date(date) => Ok(date.to_owned()),
        Some(date) => Err(format!("--date {date}: a date is YYYY-MM-DD")),
        None => Err(format!("{}: its name has no date; say --date YYYY-MM-DD", file.display())),
    }
}

fn is_date(text: &str) -> bool {
    let digits: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    digits == "0000-00-00"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_the_given_one_else_the_file_names() {
        let file = Path::new("specs/20.0.10_2026-06-11.yaml");
        assert_eq!(date_of(file, None).as_deref(), Ok("2026-06-11"));
        assert_eq!(date_of(file, Some("2026-07-01")).as_deref(), Ok("2026-07-01"));
        assert!(date_of(file, Some("11.6.2026")).is_err());
        assert!(date_of(Path::new("swagger.yaml"), None).is_err());
    }

    #[test]
    fn a_release_is_three_numbers_with_dots() {
        assert!(is_release("20.0.10"));
        for wrong in
            ["", "20", "20.0", "v20.0.1", "20.0.x", "20..1", "20.0.1.2", "20.0.+1", "20.0.70000"]
        {
            assert!(!is_release(wrong), "{wrong}");
        }
    }
}
