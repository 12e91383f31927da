//! The release that a PBX plays, and the document that tells what it has.

use std::io;

use super::facts;

/// A release of the PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Release {
    /// The third number; the first two are 20.0.
    pub(super) update: u32,
    /// All four numbers.
    pub(super) version: String,
    /// The place of its document among all.
    pub(super) document: usize,
}

/// The build of a release whose document doesn't name one; before all builds that documents name.
const BUILD: u32 = 995;

impl Release {
    /// Reads `20.0.8` (as its newest document has it), a build such as `20.0.9.995`, or a document,
    /// `20.0.7/2025-05-06`.
    pub(super) fn parse(text: &str) -> io::Result<Self> {
        let known = facts::facts()?.documents.iter().enumerate().rev();
        let (wanted, date) = match text.split_once('/') {
            Some((release, date)) => (release, Some(date)),
            None => (text, None),
        };
        for (document, name) in known {
            let (release, its_date) = name.split_once('/').unwrap_or((name, ""));
            let (Some((update, build)), Some((wanted, at_build))) =
                (numbers(release), numbers(wanted))
            else {
                continue;
            };
            let is_dated = date.is_none_or(|date| date == its_date);
            let is_there = at_build.is_none_or(|at| build.is_none_or(|build| build <= at));
            if update == wanted && is_dated && is_there {
                let build = at_build.or(build).unwrap_or(BUILD);
                return Ok(Self { update, version: format!("20.0.{update}.{build}"), document });
            }
        }
        let known = facts::facts()?.documents.join(", ");
        let problem = format!(
            "`{text}` is no release that the fake PBX knows; write 20.0.8, a build such as 20.0.9.995, or \
             one of the documents {known}"
        );
        Err(io::Error::new(io::ErrorKind::InvalidInput, problem))
    }
}

/// The update and the build of `20.0.9.995`.
fn numbers(release: &str) -> Option<(u32, Option<u32>)> {
    let numbers: Vec<u32> = release.split('.').map(|it| it.parse().ok()).collect::<Option<_>>()?;
    match numbers[..] {
        [20, 0, update] => Some((update, None)),
        [20, 0, update, build] => Some((update, Some(build))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_its_newest_document_a_build_that_of_its_time() {
        for (text, version, document) in [
            ("20.0.8", "20.0.8.995", "20.0.8/2025-09-01"),
            ("20.0.9.7", "20.0.9.7", "20.0.9/2026-04-24"),
            ("20.0.10", "20.0.10.1621", "20.0.10.1621/2026-09-19"),
            ("20.0.10.1700", "20.0.10.1700", "20.0.10.1621/2026-09-19"),
            ("20.0.10.995", "20.0.10.995", "20.0.10/2026-06-11"),
            ("20.0.7/2025-05-06", "20.0.7.995", "20.0.7/2025-05-06"),
        ] {
            let release = Release::parse(text).unwrap();
            let name = &facts::facts().unwrap().documents[release.document];
            assert_eq!((release.version.as_str(), name.as_str()), (version, document), "{text}");
        }
        for text in ["19.0.1", "20.0.3", "20.0", "", "20.0.8/2020-01-01", "20.0.8.x"] {
            let problem = Release::parse(text).unwrap_err().to_string();
            assert!(problem.contains("20.0.8/2025-09-01"), "{text}: {problem}");
        }
    }
}
