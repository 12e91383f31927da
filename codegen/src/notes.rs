//! The notes on what the API documents don't say: which values a create needs, who may call what.
//!
//! They are rows of `spec/notes.yaml`, in our own words. `lower` puts each into the documentation of
//! what it is about.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::Api;
use crate::problem::Problems;

/// The rows of `spec/notes.yaml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rows {
    /// Resources: the first segment of their routes, or their tag. The text is what the resource is for.
    resources: Vec<Row>,
    /// Operations: the operationId.
    operations: Vec<Row>,
    /// Entities and enumerations: `Pbx.X`.
    types: Vec<Row>,
    /// Properties: `Pbx.X/Property`.
    properties: Vec<Row>,
    /// Parameters and body properties: `OperationId/parameter`, or `*/parameter` for those of all
    /// operations that have no note of their own.
    parameters: Vec<Row>,
}

/// What is said of one or several things.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    about: Vec<String>,
    known: Known,
    text: String,
}

/// From where a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Known {
    /// 3CX says so.
    Vendor,
    /// It was seen on a PBX.
    Live,
    /// Only the code of other clients says so: the text leaves it open.
    Claimed,
    /// It follows from the API documents.
    Document,
}

/// The words that leave a fact open.
const OPEN: [&str; 2] = ["some ", "may "];

/// The owner that stands for all operations.
const ANY: &str = "*";

impl Rows {
    /// Reads `spec/notes.yaml`.
    pub fn parse(source: &str, text: &str) -> Result<Self, Problems> {
        let problem = |message: String| Problems::whole(source, message);
        let rows: Self = serde_yaml::from_str(text).map_err(|error| problem(error.to_string()))?;
        let mut known = BTreeSet::new();
        for (kind, row) in rows.all() {
            let text = row.text.to_lowercase();
            for about in &row.about {
                if !known.insert((kind, about)) {
                    return Err(problem(format!("{about}: it has two notes; write them as one")));
                }
                if !text.trim_end().ends_with('.') {
                    return Err(problem(format!("{about}: the text is no whole sentence")));
                }
                if row.known == Known::Claimed && !OPEN.iter().any(|word| text.contains(word)) {
                    let advice = "the fact is only claimed, so the text must say `some` or `may`";
                    return Err(problem(format!("{about}: {advice}")));
                }
            }
        }
        Ok(rows)
    }

    fn all(&self) -> impl Iterator<Item = (Kind, &Row)> {
        let sections = [
            (Kind::Resource, &self.resources),
            (Kind::Operation, &self.operations),
            (Kind::Type, &self.types),
            (Kind::Property, &self.properties),
            (Kind::Parameter, &self.parameters),
        ];
        sections.into_iter().flat_map(|(kind, rows)| rows.iter().map(move |row| (kind, row)))
    }
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Resource,
    Operation,
    Type,
    Property,
    Parameter,
}

/// The notes on an API.
#[derive(Debug, Default)]
pub struct Notes {
    texts: BTreeMap<(Kind, String), String>,
    unused: Vec<String>,
}

impl Notes {
    /// What a resource is for.
    pub fn resource(&self, wire: &str) -> Option<&str> {
        self.about(Kind::Resource, wire)
    }

    /// The note on an operation, by its operationId.
    pub fn operation(&self, id: &str) -> Option<&str> {
        self.about(Kind::Operation, id)
    }

    /// The note on an entity or enumeration.
    pub fn ty(&self, wire: &str) -> Option<&str> {
        self.about(Kind::Type, wire)
    }

    /// The note on a property of an entity.
    pub fn property(&self, owner: &str, wire: &str) -> Option<&str> {
        self.about(Kind::Property, &format!("{owner}/{wire}"))
    }

    /// The note on a parameter or body property of an operation.
    pub fn parameter(&self, operation: &str, wire: &str) -> Option<&str> {
        let own = self.about(Kind::Parameter, &format!("{operation}/{wire}"));
        own.or_else(|| self.about(Kind::Parameter, &format!("{ANY}/{wire}")))
    }

    /// The rows that are about nothing in this API. The union of all known documents must have what
    /// every row is about.
    pub fn unused(&self) -> &[String] {
        &self.unused
    }

    fn about(&self, kind: Kind, wire: &str) -> Option<&str> {
        self.texts.get(&(kind, wire.to_owned())).map(String::as_str)
    }
}

/// Finds what the rows are about.
pub fn find(api: &Api, rows: &Rows) -> Notes {
    let resources = api.operations.values().map(|it| it.resource.as_str()).collect();
    let mut notes = Notes::default();
    for (kind, row) in rows.all() {
        for about in &row.about {
            if has(api, &resources, kind, about) {
                notes.texts.insert((kind, about.clone()), row.text.trim_end().to_owned());
            } else {
                notes.unused.push(about.clone());
            }
        }
    }
    notes
}

fn has(api: &Api, resources: &BTreeSet<&str>, kind: Kind, about: &str) -> bool {
    let (owner, member) = about.rsplit_once('/').unwrap_or((about, ""));
    match kind {
        Kind::Resource => resources.contains(about),
        Kind::Operation => api.operations.contains_key(about),
        Kind::Type => api.entities.contains_key(about) || api.enumerations.contains_key(about),
        Kind::Property => {
            api.entities.get(owner).is_some_and(|it| it.properties.contains_key(member))
        }
        Kind::Parameter => {
            let owners = api.operations.values().filter(|it| owner == ANY || it.id == owner);
            let mut variants = owners.flat_map(|it| it.variants());
            variants.any(|(variant, _)| variant.values().any(|(wire, ..)| wire == member))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_document::document;

    const THINGS: &str = "  /Things/Pbx.Move(by={by}):\n    get:\n      tags: [Things]\n      operationId: Move\n      x-ms-docs-operation-type: function\n      parameters: [{ name: by, in: path, required: true, description: x, schema: { type: string } }]\n      responses: { '204': { description: x }, default: { $ref: '#/components/responses/error' } }\n";
    const THING: &str = "    E.Thing: { type: object, properties: { Name: { type: string } } }\n";

    fn notes(rows: &str) -> Notes {
        let rows = Rows::parse("rows", rows).unwrap_or_else(|problems| panic!("{problems}"));
        find(&document(THINGS, THING), &rows)
    }

    /// A section with one row.
    fn section(name: &str, about: &str) -> String {
        format!("{name}: [{{ about: ['{about}'], known: live, text: A fact. }}]")
    }

    #[test]
    fn a_note_is_found_by_what_it_is_about() {
        let fact = Some("A fact.");
        assert_eq!(notes(&section("resources", "Things")).resource("Things"), fact);
        assert_eq!(notes(&section("operations", "Move")).operation("Move"), fact);
        assert_eq!(notes(&section("types", "E.Thing")).ty("E.Thing"), fact);
        let properties = notes(&section("properties", "E.Thing/Name"));
        assert_eq!(properties.property("E.Thing", "Name"), fact);
        for about in ["Move/by", "*/by"] {
            let parameters = notes(&section("parameters", about));
            assert_eq!(parameters.parameter("Move", "by"), fact, "{about}");
        }
    }

    #[test]
    fn a_note_on_one_operation_comes_before_one_on_all() {
        let rows = "parameters:\n- { about: ['*/by'], known: live, text: All. }\n- { about: [Move/by], known: live, text: One. }\n";
        assert_eq!(notes(rows).parameter("Move", "by"), Some("One."));
    }

    #[test]
    fn a_row_that_names_nothing_is_reported() {
        for (name, about) in [
            ("resources", "Move"),
            ("operations", "Things"),
            ("types", "E.Other"),
            ("properties", "E.Thing/Other"),
            ("properties", "E.Thing"),
            ("parameters", "Move/other"),
            ("parameters", "*/other"),
        ] {
            assert_eq!(notes(&section(name, about)).unused(), [about], "{name}");
        }
    }

    #[test]
    fn a_row_that_readers_would_misread_is_refused() {
        let row = |known, text| format!("types: [{{ about: [A], known: {known}, text: {text} }}]");
        assert!(Rows::parse("rows", &row("claimed", "Some PBXs do.")).is_ok());
        for (rows, complaint) in [
            (row("claimed", "All do."), "only claimed"),
            (row("vendor", "no sentence"), "no whole sentence"),
            (row("rumour", "A fact."), "unknown variant"),
            ("types: [{ about: [A, A], known: live, text: A fact. }]".to_owned(), "two notes"),
            ("types: [{ about: [A], text: A fact. }]".to_owned(), "known"),
        ] {
            let problems = Rows::parse("rows", &rows).expect_err(&rows).to_string();
            assert!(problems.contains(complaint), "{problems}");
        }
    }
}
