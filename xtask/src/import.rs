//! `cargo xtask import`

use std::path::{Path, PathBuf};

use xapi_codegen::model::{Api, Release, Summary};
use xapi_codegen::{Problems, history, load, model, output, track};

use crate::workspace::spec;
use crate::{Outcome, print, shown};

pub(crate) fn run(file: &Path, release: &str, date: Option<&str>, out: Option<PathBuf>) -> Outcome {
    let release = release_of(file, release, date)?;
    let document = load::load(file).map_err(|it| it.to_string())?;
    let (api, summary) = model::read(document).map_err(|it| it.to_string())?;
    let counted = counted(&api);
    let out = out.unwrap_or_else(spec);
    let union = merged(tracked(&out)?.as_ref(), release, api);
    let union = union.map_err(|it| format!("{}: {it}", file.display()))?;
    let text = track::write(&union).map_err(|it| it.to_string())?;
    output::write_file(&out, &text).map_err(|it| it.to_string())?;
    let documents = union.releases.len();
    print(&format!(
        "{}: {counted}\n{}: {}, of {documents} documents\n{}",
        shown(file),
        shown(&out),
        self::counted(&union),
        told(&summary)
    ))
}

/// The union with a document, or of it alone.
pub(crate) fn merged(
    union: Option<&Api>,
    release: Release,
    document: Api,
) -> Result<Api, Problems> {
    match union {
        Some(union) => history::merge(union, release, document),
        None => history::unite(&[(release, document)].into()),
    }
}

/// The union that stands in a file; none if there is no file yet.
pub(crate) fn tracked(file: &Path) -> Result<Option<Api>, String> {
    if !file.exists() {
        return Ok(None);
    }
    let (union, _) = load::load(file).and_then(model::read).map_err(|it| it.to_string())?;
    if union.releases.is_empty() {
        let message = "is no tracked document (it has no `x-releases`), so nothing is imported \
                       into it; name another file";
        return Err(format!("{}: {message}", file.display()));
    }
    Ok(Some(union))
}

fn counted(api: &Api) -> String {
    let (entities, enumerations) = (api.entities.len(), api.enumerations.len());
    format!("{} operations, {entities} entities, {enumerations} enumerations", api.operations.len())
}

fn told(summary: &Summary) -> String {
    let mut text = String::new();
    for (name, count) in summary.repairs.iter().filter(|(_, count)| *count > 0) {
        text += &format!("repaired {count} times: {name}\n");
    }
    if !summary.unused.is_empty() {
        let count = summary.unused.len();
        text += &format!("left out {count} shared components that no operation uses\n");
    }
    text
}

/// What a document is imported as: the release that was named, and the date that was or is in the
/// file's name.
pub(crate) fn release_of(
    file: &Path,
    release: &str,
    date: Option<&str>,
) -> Result<Release, String> {
    if !is_release(release) {
        let message = "a release is three numbers with dots, such as 20.0.10";
        return Err(format!("--release {release}: {message}"));
    }
    Ok(Release { release: release.to_owned(), date: date_of(file, date)? })
}

fn is_release(text: &str) -> bool {
    let is_number =
        |it: &str| it.bytes().all(|byte| byte.is_ascii_digit()) && it.parse::<u16>().is_ok();
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

/// The date that was given, else the one in the file's name.
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
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00"
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
