//! Finds the secrets: the values that the client's `Debug` output does not show.
//!
//! A value is a secret if a whole word of its name is one of `WORDS`: `AuthPassword`, `VMPIN` and
//! `ProvLink` are, `Stopping` is not. So is the default of a parameter that may be a password, whatever
//! that default is called. What the rule does not know stands in `spec/secrets.yaml`: single values, and
//! words that make a name harmless, such as the country code. A name that a new document brings is judged
//! by the same rule, so what only sounds like a secret is hidden until a row says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Api, Entity, History, Type};
use crate::names::Exceptions;
use crate::problem::Problems;

/// The words that make a secret, also in the plural. A link may carry a ticket.
const WORDS: [&str; 21] = [
    "apikey",
    "code",
    "cookie",
    "credential",
    "jwt",
    "key",
    "link",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pin",
    "pwd",
    "secret",
    "ticket",
    "token",
    "totp",
    "uri",
    "url",
    "verifier",
];

/// The word that makes a secret of a text or a number: it is the value of a parameter, a property or a
/// variable, and nobody knows of which. An object hides its own secrets.
const VALUE: &str = "value";

/// The word that does so in a parameter that may be one.
const DEFAULT: &str = "default";

/// The rows of `spec/secrets.yaml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rows {
    /// Secrets that the rule does not find.
    secret: Vec<Row>,
    /// Values that the rule takes for secrets and that are none.
    public: Vec<Row>,
    /// Words that make no secret where they stand together.
    public_words: Vec<Phrase>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    wire: String,
    reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    /// In small letters, with spaces between: `country code`.
    words: String,
    reason: String,
}

impl Rows {
    /// Reads `spec/secrets.yaml`.
    pub fn parse(source: &str, text: &str) -> Result<Self, Problems> {
        serde_yaml::from_str(text).map_err(|error| Problems::whole(source, error.to_string()))
    }
}

/// The secrets of an API.
#[derive(Debug, Default)]
pub struct Secrets {
    /// `Pbx.User/AuthPassword`, `ReplaceLicenseKey/licenseKey`
    paths: BTreeSet<String>,
    /// Why a value is none whose name sounds like one.
    public: BTreeMap<String, String>,
    unused: Vec<String>,
}

impl Secrets {
    /// Whether a member of an entity or a value of an operation is secret.
    pub fn contains(&self, owner: &str, wire: &str) -> bool {
        self.paths.contains(&path(owner, wire))
    }

    /// Why a value is public although a word of its name makes a secret.
    pub fn why_public(&self, owner: &str, wire: &str) -> Option<&str> {
        self.public.get(&path(owner, wire)).map(String::as_str)
    }

    /// The rows that this API does not need. The union of all known documents must need every row.
    pub fn unused(&self) -> &[String] {
        &self.unused
    }
}

fn path(owner: &str, wire: &str) -> String {
    format!("{owner}/{wire}")
}

/// Finds the secrets.
pub fn find(api: &Api, exceptions: &Exceptions, rows: &Rows) -> Secrets {
    let mut judge = Judge { exceptions, rows, used: BTreeSet::new(), secrets: Secrets::default() };
    for entity in api.entities.values() {
        let is_generic = has_secret_kinds(api, exceptions, entity);
        for (property, _) in entity.properties.values().flat_map(History::variants) {
            judge.value(&entity.name, &property.name, &property.ty, is_generic);
        }
    }
    for operation in api.operations.values() {
        for (variant, _) in operation.variants() {
            for (wire, ty, _) in variant.values() {
                judge.value(&operation.id, wire, ty, false);
            }
        }
    }
    judge.finish()
}

/// Whether an entity describes a parameter whose kind may be that of a secret: `Pbx.ParameterType` has
/// the value `Password`.
fn has_secret_kinds(api: &Api, exceptions: &Exceptions, entity: &Entity) -> bool {
    let kinds = entity.properties.values().filter_map(|it| match &it.ty {
        Type::Enumeration(name) => api.enumerations.get(name),
        _ => None,
    });
    let mut values = kinds.flat_map(|it| it.values.keys());
    values.any(|value| exceptions.words_of(value).iter().any(|word| is_secret(word)))
}

/// Whether a word makes a secret.
fn is_secret(word: &str) -> bool {
    WORDS.contains(&stem(word))
}

/// A word without its number (`Password2`) and its plural.
fn stem(word: &str) -> &str {
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    word.strip_suffix('s').unwrap_or(word)
}

/// Whether a value of the type can give a secret away: a yes, a time and one of a list of values can't.
fn can_hold_secret(ty: &Type) -> bool {
    !matches!(
        ty.element(),
        Type::Boolean
            | Type::DateTimeOffset
            | Type::Duration
            | Type::Date
            | Type::TimeOfDay
            | Type::Enumeration(_)
            | Type::Flags(_)
    )
}

struct Judge<'a> {
    exceptions: &'a Exceptions,
    rows: &'a Rows,
    /// The rows that changed something.
    used: BTreeSet<&'a str>,
    secrets: Secrets,
}

impl<'a> Judge<'a> {
    /// Judges a value. `is_generic` says that its entity describes a parameter that may be a secret.
    fn value(&mut self, owner: &str, wire: &str, ty: &Type, is_generic: bool) {
        let path = path(owner, wire);
        let row = |rows: &'a [Row]| rows.iter().find(|row| row.wire == path);
        let (secret, public) = (row(&self.rows.secret), row(&self.rows.public));
        let mut harmless = None;
        let mut by_rule = false;
        if can_hold_secret(ty) {
            let words = self.exceptions.words_of(wire);
            let is_value = |word: &str| stem(word) == VALUE || (is_generic && word == DEFAULT);
            let is_plain = !matches!(ty.element(), Type::Entity(_));
            let gives_away = |word: &str| is_secret(word) || (is_plain && is_value(word));
            by_rule = words.iter().any(|word| gives_away(word))
                && self.without_phrases(&words, &mut harmless).any(gives_away);
        }
        self.used.extend(secret.filter(|_| !by_rule).map(|row| row.wire.as_str()));
        self.used.extend(public.filter(|_| by_rule).map(|row| row.wire.as_str()));
        if public.is_none() && (secret.is_some() || by_rule) {
            self.secrets.paths.insert(path);
        } else if let Some(reason) = public.map(|row| row.reason.as_str()).or(harmless) {
            self.secrets.public.insert(path, reason.to_owned());
        }
    }

    /// The words of a name that stand in no harmless phrase; and the reason of such a phrase.
    fn without_phrases<'w>(
        &mut self,
        words: &'w [String],
        reason: &mut Option<&'a str>,
    ) -> impl Iterator<Item = &'w str> + use<'w> {
        let mut is_harmless = vec![false; words.len()];
        for phrase in &self.rows.public_words {
            let parts: Vec<&str> = phrase.words.split(' ').collect();
            for (start, here) in words.windows(parts.len()).enumerate() {
                if here.iter().map(|word| stem(word)).eq(parts.iter().map(|part| stem(part))) {
                    is_harmless[start..start + parts.len()].fill(true);
                    self.used.insert(&phrase.words);
                    *reason = Some(&phrase.reason);
                }
            }
        }
        let words = words.iter().zip(is_harmless);
        words.filter(|(_, is_harmless)| !is_harmless).map(|(word, _)| word.as_str())
    }

    fn finish(mut self) -> Secrets {
        let values = self.rows.secret.iter().chain(&self.rows.public).map(|row| &row.wire);
        let phrases = self.rows.public_words.iter().map(|phrase| &phrase.words);
        let unused = values.chain(phrases).filter(|row| !self.used.contains(row.as_str()));
        self.secrets.unused = unused.cloned().collect();
        self.secrets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_document::document;

    /// The secrets among properties of `E.Thing`, which are texts unless they say otherwise; and the
    /// rows without a use.
    fn secrets(properties: &[&str], rows: &str) -> (Vec<String>, Vec<String>) {
        let properties: String = properties
            .iter()
            .map(|it| match it.split_once(": ") {
                Some(_) => format!("        {it}\n"),
                None => format!("        {it}: {{ type: string }}\n"),
            })
            .collect();
        let schemas = format!(
            "    E.Kind: {{ type: string, enum: [Text, Password] }}\n    E.Plain: {{ type: string, enum: [Text, List] }}\n    E.Thing:\n      type: object\n      properties:\n{properties}"
        );
        let api = document("", &schemas);
        let rows = Rows::parse("rows", rows).unwrap_or_else(|problems| panic!("{problems}"));
        let found = find(&api, &Exceptions::default(), &rows);
        let names = found.paths.iter().map(|it| it.replace("E.Thing/", "")).collect();
        (names, found.unused)
    }

    #[test]
    fn a_name_of_a_new_document_is_secret_by_its_words() {
        for name in [
            "AccessToken",
            "accessTokens",
            "Password2",
            "JoinLink",
            "download_url",
            "BackupCodes",
            "SigningKey",
            "SecurityCode",
            "OneTimeTicket",
            "CallbackUri",
            "Otp",
            "HttpCookie",
            "ParameterValue",
            "ClientCredentials",
            "RoomPasscode",
        ] {
            assert_eq!(secrets(&[name], "{}").0, [name]);
        }
        for name in ["Stopping", "Codec", "Monkey", "Mapping", "Valued", "Default", "Pinned"] {
            assert!(secrets(&[name], "{}").0.is_empty(), "{name}");
        }
    }

    #[test]
    fn the_value_of_anything_is_secret_but_an_object_hides_its_own() {
        assert_eq!(secrets(&["Value", "ParameterValues", "DefaultValue"], "{}").0.len(), 3);
        let list = "value: { type: array, items: { $ref: '#/components/schemas/E.Thing' } }";
        assert!(secrets(&[list], "{}").0.is_empty());
    }

    #[test]
    fn numbers_and_lists_can_be_secrets_but_choices_cannot() {
        for ty in [
            "type: string, format: uuid",
            "type: integer, format: int32",
            "type: array, items: { type: string }",
            "type: array, items: { $ref: '#/components/schemas/E.Thing' }",
            "$ref: '#/components/schemas/E.Thing'",
        ] {
            assert_eq!(secrets(&[&format!("Pin: {{ {ty} }}")], "{}").0, ["Pin"], "{ty}");
        }
        for ty in [
            "type: boolean",
            "type: string, format: date-time",
            "$ref: '#/components/schemas/E.Kind'",
        ] {
            assert!(secrets(&[&format!("Pin: {{ {ty} }}")], "{}").0.is_empty(), "{ty}");
        }
    }

    #[test]
    fn the_default_of_what_may_be_a_password_is_secret() {
        let kind = |name: &str| format!("Type: {{ $ref: '#/components/schemas/E.{name}' }}");
        for name in ["Default", "DefaultText"] {
            assert_eq!(secrets(&[&kind("Kind"), name, "Name"], "{}").0, [name]);
            assert!(secrets(&[&kind("Plain"), name, "Name"], "{}").0.is_empty());
        }
    }

    #[test]
    fn rows_correct_the_rule_and_one_without_a_use_is_reported() {
        let phrase = "public_words: [{ words: country code, reason: x }]";
        assert_eq!(secrets(&["CountryCode", "HomeCountryCodes"], phrase).0, Vec::<String>::new());
        // A word outside of the phrase still counts.
        assert_eq!(secrets(&["CountryCodeKey", "Code"], phrase).0, ["Code", "CountryCodeKey"]);
        let rows = "{ secret: [{ wire: E.Thing/Blob, reason: x }], public: [{ wire: E.Thing/Key, reason: x }] }";
        assert_eq!(secrets(&["Blob", "Key"], rows), (vec!["Blob".to_owned()], Vec::new()));
        for (properties, rows, unused) in [
            (&["CountryName"], phrase, "country code"),
            (
                &["CountryName"],
                "public_words: [{ words: country name, reason: x }]",
                "country name",
            ),
            (&["Key"], "secret: [{ wire: E.Thing/Key, reason: x }]", "E.Thing/Key"),
            (&["Blob"], "public: [{ wire: E.Thing/Blob, reason: x }]", "E.Thing/Blob"),
            (&["Gone"], "secret: [{ wire: E.Thing/Other, reason: x }]", "E.Thing/Other"),
        ] {
            assert_eq!(secrets(properties, rows).1, [unused], "{rows}");
        }
        assert!(Rows::parse("rows", "public_words: [{ words: key }]").is_err(), "no reason");
    }
}
