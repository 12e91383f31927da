//! Says whether what an update made of a changed document is right, by the form of what it says.

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use super::kind::Kind;
use super::mutator::Mutation;
use super::shape::Effect;

/// What became of a changed document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// The union stayed as it was.
    AsBefore,
    /// The union and the client have the change.
    Taken,
    /// The client has the change once the rows stand that the error told to add.
    TakenWithRows,
    /// The update stopped with an error that says where, what, and what to do.
    Refused,
    /// The update stopped with an error that does not say what to do.
    NoRemedy,
    /// The update stopped with an error that helps nobody.
    Unclear,
    /// The error told to add a row, and stayed the same with it.
    SameError,
    /// The API changed, and neither the union nor an error shows it.
    Lost,
    /// Nothing of the API changed, and the union did.
    Misread,
    /// The generator panicked.
    Panic,
    /// The process ended: the stack was too small.
    Ended,
    /// Nothing came out in time.
    Hangs,
    /// The client does not compile.
    NotCompiled,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 13] = [
        Self::AsBefore,
        Self::Taken,
        Self::TakenWithRows,
        Self::Refused,
        Self::NoRemedy,
        Self::Unclear,
        Self::SameError,
        Self::Lost,
        Self::Misread,
        Self::Panic,
        Self::Ended,
        Self::Hangs,
        Self::NotCompiled,
    ];

    /// Its name in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsBefore => "as before",
            Self::Taken => "taken",
            Self::TakenWithRows => "with rows",
            Self::Refused => "refused",
            Self::NoRemedy => "no remedy",
            Self::Unclear => "unclear",
            Self::SameError => "same error",
            Self::Lost => "lost",
            Self::Misread => "misread",
            Self::Panic => "panic",
            Self::Ended => "ended",
            Self::Hangs => "hangs",
            Self::NotCompiled => "not compiled",
        }
    }

    /// Whether the generator must be mended.
    pub fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::AsBefore | Self::Taken | Self::TakenWithRows | Self::Refused | Self::NoRemedy
        )
    }
}

/// The outcome of an update that succeeded.
pub(super) fn success(
    mutation: &Mutation,
    is_as_before: bool,
    with_rows: bool,
) -> (Outcome, String) {
    match (mutation.effect, is_as_before) {
        (Effect::None, true) => (Outcome::AsBefore, String::new()),
        (Effect::None, false) => {
            (Outcome::Misread, "the same in other words changed the union".to_owned())
        }
        (_, true) => (Outcome::Lost, "the change is neither in the union nor reported".to_owned()),
        (_, false) if with_rows => (Outcome::TakenWithRows, String::new()),
        (_, false) => (Outcome::Taken, String::new()),
    }
}

/// The outcome of an update that stopped with this error.
pub(super) fn refusal(mutation: &Mutation, error: &str) -> (Outcome, String) {
    if mutation.kind == Kind::Reorder {
        return (Outcome::Misread, format!("the same in another order is refused: {error}"));
    }
    match unclear(error) {
        Some(why) => (Outcome::Unclear, format!("{why}: {error}")),
        None if has_remedy(error) => (Outcome::Refused, error.to_owned()),
        None => (Outcome::NoRemedy, error.to_owned()),
    }
}

/// The number of characters that a person reads.
const MOST: usize = 4000;

/// What of an error nobody understands, if anything.
fn unclear(error: &str) -> Option<&'static str> {
    const DEBUG: &[&str] = &[
        "Some(",
        "Ok(",
        "Err(",
        "Item(",
        "Reference {",
        "Object {",
        "SchemaData",
        "String(\"",
        "Number(",
    ];
    const SERDE: &[&str] =
        &["untagged enum", "did not match any variant", "expected struct", "invalid type"];
    const PLACES: &[&str] = &[" at /", "spec/", "line ", "the document"];
    let has = |all: &[&str]| all.iter().any(|it| error.contains(it));
    // `GetNumber(` is the end of a name.
    let begins = |start: usize| !error[..start].ends_with(|c: char| c.is_alphanumeric());
    let has_debug = DEBUG.iter().any(|it| error.match_indices(it).any(|(start, _)| begins(start)));
    if error.trim().is_empty() {
        Some("it is empty")
    } else if error.len() > MOST {
        Some("it is too long")
    } else if has_debug {
        Some("it has debug output")
    } else if has(SERDE) {
        Some("it speaks of the reader's types")
    } else if !has(PLACES) {
        Some("it names no place")
    } else {
        None
    }
}

/// Whether an error says what to do, or what is expected.
fn has_remedy(error: &str) -> bool {
    const WORDS: &[&str] = &[
        "add ",
        "remove ",
        "convert ",
        "change ",
        "teach ",
        "rename ",
        "leave out",
        "write ",
        "give ",
        "name ",
        "make ",
        "take ",
        "mend ",
        "use ",
        "complete?",
        " expected",
        "import ",
        "bring ",
        "break ",
        "declare ",
        "define ",
        "say ",
        "put ",
        "keep ",
    ];
    // The last line may only count the others.
    let mut lines = error.lines().filter(|line| !line.starts_with('…'));
    lines.all(|line| WORDS.iter().any(|it| line.contains(it)))
}

/// A row that an error tells to add.
#[derive(Debug, PartialEq)]
pub(super) struct Advice {
    /// `spec/names.yaml`
    file: String,
    /// `members`
    section: Option<String>,
    row: Value,
}

/// The rows that an error tells to add or to change.
pub(super) fn advice(error: &str) -> Vec<Advice> {
    const FILE: &str = "spec/";
    let mut found = Vec::new();
    for (start, _) in error.match_indices(FILE) {
        let (before, rest) = error.split_at(start);
        let Some(open) = rest.find('{') else { continue };
        let (file, gap) = match rest[..open].split_once(".yaml") {
            Some((name, gap)) => (format!("{name}.yaml"), gap),
            None => continue,
        };
        let is_row = matches!(gap.trim(), ":" | "to");
        let Some(row) = flow_map(&rest[open..]).filter(|_| is_row) else { continue };
        let Ok(row) = serde_yaml::from_str(row) else { continue };
        let section = before.strip_suffix(":` in ").or_else(|| before.strip_suffix(":` of "));
        let section = section.and_then(|it| Some(it.rsplit_once('`')?.1.to_owned()));
        found.push(Advice { file, section, row });
    }
    found
}

/// The flow mapping with which a text begins: `{ a: 'b}', c: it's }`.
fn flow_map(text: &str) -> Option<&str> {
    let (mut quoted, mut before) = (false, ' ');
    for (index, c) in text.char_indices() {
        match c {
            // In the middle of a word it is an apostrophe.
            '\'' => quoted = !quoted && matches!(before, ' ' | '\''),
            '}' if !quoted => return Some(&text[..=index]),
            _ => {}
        }
        before = c;
    }
    None
}

/// The texts of the files with rows, with one row more for each advice. A row of the same name goes.
pub(super) fn followed(files: &[&str], texts: &[String], advice: &[Advice]) -> Option<Vec<String>> {
    let mut parsed: Vec<Value> = Vec::new();
    for text in texts {
        parsed.push(serde_yaml::from_str(text).ok()?);
    }
    for Advice { file, section, row } in advice {
        let index = files.iter().position(|it| it == file)?;
        let mut list = &mut parsed[index];
        if let Some(section) = section {
            if list.is_null() {
                *list = Value::Mapping(serde_yaml::Mapping::new());
            }
            let rows = list.as_mapping_mut()?.entry(Value::from(section.as_str()));
            list = rows.or_insert(Value::Sequence(Vec::new()));
        }
        if list.is_null() {
            *list = Value::Sequence(Vec::new());
        }
        let list = list.as_sequence_mut()?;
        list.retain(|it| it.get("wire").is_none() || it.get("wire") != row.get("wire"));
        list.push(row.clone());
    }
    parsed.iter().map(|it| serde_yaml::to_string(it).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_judged_by_its_form() {
        let rows = [
            ("", Some("it is empty")),
            ("x.yaml at /a: is wrong; add one", None),
            ("is wrong", Some("it names no place")),
            ("x at /paths/GetNumber(): is wrong", None),
            ("at /a: x at /a: Some(5)", Some("it has debug output")),
            ("x at /a: data did not match any variant of", Some("it speaks of the reader's types")),
        ];
        for (error, expected) in rows {
            assert_eq!(unclear(error), expected, "{error}");
        }
        assert!(has_remedy("x at /a: is wrong; add one"));
        assert!(!has_remedy("x at /a: add one\nx at /b: is not understood"));
    }

    #[test]
    fn the_rows_that_an_error_tells_to_add_are_found_and_added() {
        let error = "x at /a: both would be `b`; add to `members:` in spec/names.yaml: { wire: 'P.X/a''}', \
                     rust: b_other, reason: the rule's name }\nx: if so, add to spec/former_ids.yaml: { former: A, id: B, \
                     reason: r }\nx: change the row of C in `types:` of spec/names.yaml to { wire: C, rust: D, reason: r }";
        let all = advice(error);
        let files = ["spec/former_ids.yaml", "spec/names.yaml"];
        let texts = ["[]".to_owned(), "types: [{ wire: C, rust: E, reason: r }]".to_owned()];
        let texts = followed(&files, &texts, &all).unwrap();
        assert_eq!(texts[0], "- former: A\n  id: B\n  reason: r\n");
        let names: Value = serde_yaml::from_str(&texts[1]).unwrap();
        assert_eq!(names["members"][0]["wire"], Value::from("P.X/a'}"));
        assert_eq!(names["types"].as_sequence().unwrap().len(), 1);
        assert_eq!(names["types"][0]["rust"], Value::from("D"));
    }
}
