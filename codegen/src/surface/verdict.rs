//! The verdict on two surfaces.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::read::Surface;

/// The verdict: what a change means for users of the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The part of the version that must change.
    pub level: Level,
    /// What breaks callers.
    pub breaking: Vec<Break>,
    /// How many items are new.
    pub added: usize,
    /// How many items are newly deprecated.
    pub deprecated: usize,
}

/// The part of a version that a change must change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// None: nothing changed for callers.
    None,
    /// The minor part: an item is new or deprecated.
    Minor,
    /// The major part: an item is gone or changed.
    Major,
}

impl Level {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// An item that is gone or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Break {
    /// Its path: `resources::users::Users::get_by_number`.
    pub item: String,
    /// What it was.
    pub old: String,
    /// What it is; none if it is gone.
    pub new: Option<String>,
    /// Why the client could not keep it.
    pub why: &'static str,
}

/// A line of a list in Markdown.
impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "- `{}`", self.item)?;
        match (self.old.as_str(), &self.new) {
            (old, Some(new)) => write!(f, ": `{old}` → `{new}`")?,
            ("", None) => f.write_str(" is gone")?,
            (old, None) => write!(f, ": `{old}` is gone")?,
        }
        writeln!(f, "; {}", self.why)
    }
}

/// Why the client could not keep an item, read from what it was and is.
fn why(old: &str, new: Option<&str>) -> &'static str {
    let Some(new) = new else { return "no document of the newer client makes it" };
    let integers = ["u8", "i32", "i64"];
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let (was, is) = (words(old), words(new));
    let is_wider = |(was, is): (&String, &String)| {
        was == is || [was, is].iter().all(|it| integers.contains(&it.as_str()))
    };
    if !old.contains("Retyped<") && new.contains("Retyped<") {
        return "releases differ in the type, and no type takes the values of both";
    }
    if was.len() == is.len() && was.iter().zip(&is).all(is_wider) {
        return "newer releases need the wider integer";
    }
    if old.contains("Output = ()") {
        return "older releases answered nothing, newer ones answer this";
    }
    if old.contains("Output = ") {
        return "the answer of newer releases may be empty, or is another one";
    }
    "it is another one in newer releases"
}

impl Verdict {
    /// The verdict in words.
    pub fn summary(&self) -> String {
        let Self { level, breaking, added, deprecated } = self;
        match level {
            Level::None => "**none**, it stays as it is".to_owned(),
            Level::Minor => format!("**minor**, {added} items are new, {deprecated} deprecated"),
            Level::Major => format!(
                "**major**, {} items are gone or changed, {added} new, {deprecated} deprecated",
                breaking.len()
            ),
        }
    }
}

/// Compares two surfaces.
pub fn compare(old: &Surface, new: &Surface) -> Verdict {
    let gone = |path: &String| old.items.contains_key(path) && !new.items.contains_key(path);
    let mut breaking = Vec::new();
    for (path, was) in &old.items {
        let is = new.items.get(path);
        let was_called = new.present(path, &was.text);
        // The parts of an item that is gone are not listed.
        if is.is_some_and(|is| is.text == was_called) || was.owner.as_ref().is_some_and(gone) {
            continue;
        }
        let (old, new) = (was.text.clone(), is.map(|is| is.text.clone()));
        let why = why(&old, new.as_deref());
        breaking.push(Break { item: path.clone(), old, new, why });
    }
    // A field stands for its constant and its setter.
    let fields = breaking.iter().filter(|it| it.item.contains('.'));
    let fields: BTreeSet<String> =
        fields.map(|it| it.item.replace('.', "::").to_ascii_lowercase()).collect();
    let is_said = |item: &str| !item.contains('.') && fields.contains(&item.to_ascii_lowercase());
    breaking.retain(|it| !is_said(&it.item));
    let added = new.items.keys().filter(|path| !old.items.contains_key(*path)).count();
    let deprecated = new.deprecated.difference(&old.deprecated).count();
    let level = match (breaking.is_empty(), added + deprecated) {
        (false, _) => Level::Major,
        (true, 0) => Level::None,
        (true, _) => Level::Minor,
    };
    Verdict { level, breaking, added, deprecated }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;

    #[test]
    fn a_full_path_is_no_change() {
        let of = |text: &str| {
            let text = format!("pub struct A {{ pub at: {text} }}");
            read(&[("mod.rs".to_owned(), text)].into()).unwrap()
        };
        let verdict = compare(
            &of("Option<Vec<Page<String>>>"),
            &of(
                "::std::option::Option<::std::vec::Vec<crate::support::Page<::std::string::String>>>",
            ),
        );
        assert_eq!(verdict.breaking, []);
        assert_eq!(compare(&of("Option<String>"), &of("String")).level, Level::Major);
    }

    #[test]
    fn a_type_that_keeps_its_former_name_does_not_break() {
        const USER: &str = "pub struct User { pub kind: Option<Vec<enums::Old>> } impl User { pub const KIND: Property<Self, Vec<enums::Old>> = x; }";
        let files = |kinds: &str, user: &str| {
            let files = [
                ("enums/mod.rs".to_owned(), kinds.to_owned()),
                ("entities/mod.rs".to_owned(), user.to_owned()),
            ];
            read(&files.into()).unwrap()
        };
        let was = files("pub enum Old { A }", USER);
        let of = |name: &str| USER.replace("Old", name);
        // What the enumerations and the entity are now, and what breaks callers.
        let rows = [
            ("pub enum New { A, B } pub type Old = New;", of("New"), vec![]),
            ("pub enum New { A, B } pub type Old = New;", of("Newer"), vec!["entities::User.kind"]),
            ("pub enum New { B } pub type Old = New;", of("New"), vec!["enums::Old::A"]),
            ("pub enum New { A }", of("New"), vec!["entities::User.kind", "enums::Old"]),
        ];
        for (kinds, user, breaks) in rows {
            let verdict = compare(&was, &files(kinds, &user));
            let items: Vec<&str> = verdict.breaking.iter().map(|it| it.item.as_str()).collect();
            assert_eq!(items, breaks, "{kinds} {user}");
        }
    }

    #[test]
    fn a_break_says_why_the_client_could_not_keep_the_item() {
        let rows = [
            ("Option<String>", Some("Option<Retyped<bool, String>>"), "no type takes the values"),
            ("Option<i32>", Some("Option<i64>"), "the wider integer"),
            (
                "Output = ()",
                Some("Output = Option<entities::A>"),
                "older releases answered nothing",
            ),
            ("Output = entities::A", Some("Output = Option<entities::A>"), "may be empty"),
            ("Option<i32>", None, "no document of the newer client"),
            ("struct;", Some("struct { id }"), "another one in newer releases"),
        ];
        for (old, new, expected) in rows {
            assert!(why(old, new).contains(expected), "{old} {new:?}: {}", why(old, new));
        }
    }

    #[test]
    fn an_item_that_keeps_its_former_name_does_not_break() {
        let files = |things: &str, others: &str| {
            let root = "pub mod things; pub mod others;".to_owned();
            let files = [
                ("resources/mod.rs".to_owned(), root),
                ("resources/things.rs".to_owned(), things.to_owned()),
                ("resources/others.rs".to_owned(), others.to_owned()),
            ];
            read(&files.into()).unwrap()
        };
        const GET: &str = "pub struct Get { pub id: i32 } impl Operation for Get { type Output = (); } impl Request<Get> { pub fn at(self) -> Self {} }";
        let of = |name: &str| format!("impl H {{ pub fn get(&self) -> Request<{name}> {{}} }}");
        let was = files(&format!("{GET}{}", of("Get")), "");
        let renamed = GET.replace("Get", "GetThing");
        // What the module of the item has now, what the module beside it has, and whether callers break.
        let rows = [
            (format!("pub use super::others::Get; {}", of("Get")), GET.to_owned(), false),
            (of("Get"), GET.to_owned(), true),
            (
                format!("{renamed} pub use self::GetThing as Get; {}", of("GetThing")),
                String::new(),
                false,
            ),
            (format!("{renamed} {}", of("GetThing")), String::new(), true),
        ];
        for (things, others, breaks) in rows {
            let verdict = compare(&was, &files(&things, &others));
            assert_eq!(!verdict.breaking.is_empty(), breaks, "{things}: {:?}", verdict.breaking);
        }
    }
}
