//! The rows of all collections: how they come, change and go.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::habits::{FORBIDDEN_CHANGE, NOT_FOUND, REQUIRED, TAKEN, habits};
use super::moment::Moment;
use super::query::Row;
use super::reply::Reply;

/// What the PBX keeps.
#[derive(Debug)]
pub(super) struct Store {
    tables: BTreeMap<String, Vec<Row>>,
    /// The one row of each singleton, and what actions have set.
    singles: BTreeMap<String, Row>,
    next: i64,
}

/// The first id of a row that is created.
const FIRST_ID: i64 = 100_001;

impl Store {
    pub(super) fn new() -> Self {
        Self { tables: BTreeMap::new(), singles: BTreeMap::new(), next: FIRST_ID }
    }

    /// Adds a row; nothing about it is checked.
    pub(super) fn put(&mut self, path: &str, row: Value) {
        self.insert(path, usize::MAX, row);
    }

    /// Puts a row before the one at a place.
    pub(super) fn insert(&mut self, path: &str, at: usize, row: Value) {
        if let Value::Object(row) = row {
            let table = self.tables.entry(path.to_owned()).or_default();
            table.insert(at.min(table.len()), row);
        }
    }

    /// Takes out the row at a place.
    pub(super) fn remove(&mut self, path: &str, at: usize) -> Value {
        self.tables.get_mut(path).map_or(Value::Null, |table| Value::Object(table.remove(at)))
    }

    /// The rows of a collection.
    pub(super) fn rows(&self, path: &str) -> &[Row] {
        self.tables.get(path).map_or(&[], Vec::as_slice)
    }

    pub(super) fn find(&self, path: &str, property: &str, value: &Value) -> Option<&Row> {
        self.rows(path).iter().find(|row| row.get(property) == Some(value))
    }

    /// The row of a singleton, or what was set under a name.
    pub(super) fn single(&self, name: &str) -> Option<&Row> {
        self.singles.get(name)
    }

    /// Changes the row of a singleton.
    pub(super) fn set_single(&mut self, name: &str, change: Row) {
        let row = self.singles.entry(name.to_owned()).or_default();
        row.extend(change);
        row.retain(|_, value| !value.is_null());
    }

    /// The first number, counted from one on, that nobody has.
    pub(super) fn free_number(&self, first: u32) -> String {
        let taken = |number: &String| {
            let mut rows = self.tables.values().flatten();
            rows.any(|row| row.get("Number").is_some_and(|it| it == number))
        };
        (first..).map(|number| number.to_string()).find(|it| !taken(it)).unwrap_or_default()
    }

    /// Adds a row to a collection; what it lacks is made up. `key` is the collection's key, and whether it is
    /// a number.
    pub(super) fn create(
        &mut self,
        set: &str,
        key: Option<(&str, bool)>,
        mut row: Row,
    ) -> Result<Row, Reply> {
        let habits = habits(set);
        row.retain(|_, value| !value.is_null());
        let mut refused = Vec::new();
        for property in habits.required {
            if row.get(*property).is_none_or(|it| it.as_str() == Some("")) {
                refused.push(((*property).to_owned(), REQUIRED.to_owned()));
            }
        }
        match key {
            Some((key, true)) => {
                row.insert(key.to_owned(), json!(self.next));
                self.next += 1;
            }
            // Where the PBX makes the key itself, it is called Id.
            Some(("Id", false)) => {
                let made = || json!(format!("id-{}", self.next));
                row.entry("Id").or_insert_with(made);
                self.next += 1;
            }
            Some((key, false)) if !row.contains_key(key) => {
                refused.push((key.to_owned(), REQUIRED.to_owned()));
            }
            Some((key, false)) if self.find(set, key, &row[key]).is_some() => {
                refused.push((key.to_owned(), TAKEN.to_owned()));
            }
            _ => {}
        }
        refused.extend(self.taken(set, &row, None));
        refused.dedup();
        if !refused.is_empty() {
            return Err(Reply::refused(&refused));
        }
        let is_numbered = row.get("Number").is_some_and(|it| it.as_str() != Some(""));
        if let Some(first) = habits.numbers_from.filter(|_| !is_numbered) {
            row.insert("Number".to_owned(), json!(self.free_number(first)));
        }
        if set == "Groups" {
            row.entry("Number").or_insert_with(|| json!(format!("GRP{}", self.next)));
        }
        if set == "Users" {
            self.complete_groups(&mut row);
        }
        self.tables.entry(set.to_owned()).or_default().push(row.clone());
        Ok(row)
    }

    /// Writes what the PBX knows into the groups of a user, of which a body names the ids.
    fn complete_groups(&mut self, user: &mut Row) {
        let number = user.get("Number").cloned().unwrap_or_default();
        let name = |property: &str| user.get(property).and_then(Value::as_str).unwrap_or_default();
        let member = format!("{}, {}", name("LastName"), name("FirstName"));
        for group in user.get_mut("Groups").and_then(Value::as_array_mut).into_iter().flatten() {
            let id = group.get("GroupId").cloned().unwrap_or_default();
            let known = self.find("Groups", "Id", &id).and_then(|it| it.get("Name")).cloned();
            let Some(group) = group.as_object_mut() else { continue };
            for (property, value) in [
                ("Id", Some(json!(self.next))),
                ("Name", known),
                ("Number", Some(number.clone())),
                ("MemberName", Some(json!(member.trim_matches([',', ' '])))),
                ("Type", Some(json!("Extension"))),
                ("CanDelete", Some(json!(true))),
            ] {
                if let Some(value) = value {
                    group.entry(property).or_insert(value);
                }
            }
            self.next += 1;
        }
    }

    /// Changes the row with a key; an array replaces the whole list, null clears. Or replaces the row.
    pub(super) fn update(
        &mut self,
        set: &str,
        (key, value): (&str, &Value),
        mut change: Row,
        replace: bool,
    ) -> Result<(), Reply> {
        let row = self.find(set, key, value).ok_or_else(not_found)?;
        change.remove(key);
        let mut refused = Vec::new();
        for property in habits(set).fixed {
            if change.get(*property).is_some_and(|it| row.get(*property) != Some(it)) {
                refused.push(((*property).to_owned(), FORBIDDEN_CHANGE.to_owned()));
            }
        }
        if refused.is_empty() {
            refused = self.taken(set, &change, Some((key, value)));
        }
        if !refused.is_empty() {
            return Err(Reply::refused(&refused));
        }
        let mut row = row.clone();
        if replace {
            row.retain(|name, _| name == key);
        }
        row.extend(change);
        row.retain(|_, value| !value.is_null());
        if set == "Users" {
            self.complete_groups(&mut row);
        }
        let mut table = self.tables.get_mut(set).into_iter().flatten();
        if let Some(stored) = table.find(|row| row.get(key) == Some(value)) {
            *stored = row;
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, set: &str, key: &str, value: &Value) -> Result<(), Reply> {
        let table = self.tables.get_mut(set).ok_or_else(not_found)?;
        let at = table.iter().position(|row| row.get(key) == Some(value)).ok_or_else(not_found)?;
        table.remove(at);
        Ok(())
    }

    /// Empties a collection.
    pub(super) fn clear(&mut self, set: &str) {
        self.tables.remove(set);
    }

    /// Adds a backup that is not ready for so many lists.
    pub(super) fn back_up(&mut self, name: &str, now: Moment, size: u64, polls: usize) {
        self.put(
            "Backups",
            json!({
                "FileName": name, "CreationTime": now.iso(), "Size": size, POLLS: polls,
            }),
        );
    }

    /// Brings new backups one list nearer to their link.
    pub(super) fn poll_backups(&mut self) {
        for row in self.tables.get_mut("Backups").into_iter().flatten() {
            match row.get(POLLS).and_then(Value::as_u64) {
                Some(0) => {
                    let name = row.get("FileName").and_then(Value::as_str).unwrap_or_default();
                    let link = format!("/downloads/backups/{}", super::form::percent(name));
                    row.remove(POLLS);
                    row.insert("DownloadLink".to_owned(), json!(link));
                }
                Some(polls) => drop(row.insert(POLLS.to_owned(), json!(polls - 1))),
                None => {}
            }
        }
    }

    /// The values of a row that another row has. Numbers are shared by all kinds of extensions.
    fn taken(&self, set: &str, row: &Row, own: Option<(&str, &Value)>) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        for property in habits(set).unique {
            let value =
                row.get(*property).filter(|it| it.as_str().is_some_and(|it| !it.is_empty()));
            let Some(value) = value else { continue };
            let same = |other: &str, row: &Row| {
                let itself =
                    own.is_some_and(|(key, own)| other == set && row.get(key) == Some(own));
                row.get(*property) == Some(value) && !itself
            };
            let shared =
                |other: &str| *property == "Number" && habits(other).unique.contains(&"Number");
            let mut tables = self.tables.iter().filter(|(other, _)| *other == set || shared(other));
            if tables.any(|(other, rows)| rows.iter().any(|row| same(other, row))) {
                taken.push(((*property).to_owned(), TAKEN.to_owned()));
            }
        }
        taken
    }
}

/// A counter that is never shown: the type doesn't have it.
const POLLS: &str = "(polls)";

/// What the PBX says of a row that isn't there.
pub(super) fn not_found() -> Reply {
    Reply::error(404, NOT_FOUND)
}
