//! The collections: what is in them at the start, and how rows come, change and go.

use serde_json::{Value, json};

use super::config::Builder;
use super::moment::Moment;
use super::query::Row;
use super::reply::Reply;
use super::shape::{self, Kind, Release, Shape};

/// What is known of a collection.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) path: &'static str,
    pub(super) shape: &'static Shape,
    /// The property that is its key.
    pub(super) key: &'static str,
    /// Properties that a new row must have.
    required: &'static [&'static str],
    /// Properties whose values may be there once.
    unique: &'static [&'static str],
    /// The function that finds a row by its number before 20.0.8.
    pub(super) by_number: Option<&'static str>,
    /// The methods that the collection and its rows have beside GET.
    pub(super) writes: &'static [&'static str],
}

const ALL: &[&str] = &["POST", "PATCH", "DELETE"];

const fn rules(
    path: &'static str,
    shape: &'static Shape,
    required: &'static [&'static str],
    unique: &'static [&'static str],
) -> Rules {
    Rules { path, shape, key: "Id", required, unique, by_number: None, writes: ALL }
}

pub(super) static RULES: [Rules; 14] = [
    Rules {
        by_number: Some("Pbx.GetByNumber"),
        ..rules("Users", &shape::USER, &["Number"], &["Number", "EmailAddress"])
    },
    rules("Groups", &shape::GROUP, &["Name"], &["Name"]),
    Rules {
        by_number: Some("Pbx.GetTrunkByNumber"),
        ..rules("Trunks", &shape::TRUNK, &["Number"], &["Number"])
    },
    Rules {
        by_number: Some("Pbx.GetByNumber"),
        ..rules("Queues", &shape::QUEUE, &["Number", "Name"], &["Number"])
    },
    Rules {
        key: "Name",
        ..rules("TenantProperties", &shape::PROPERTY, &["Name", "Value"], &["Name"])
    },
    rules("ServicePrincipals", &shape::SERVICE_PRINCIPAL, &["Number"], &["Number"]),
    rules("Contacts", &shape::CONTACT, &[], &[]),
    Rules { writes: &[], ..rules("Recordings", &shape::RECORDING, &[], &[]) },
    Rules { key: "FileName", writes: &["DELETE"], ..rules("Backups", &shape::BACKUP, &[], &[]) },
    numbered("Fax", &shape::FAX, "Pbx.GetByNumber"),
    numbered("Parkings", &shape::PARKING, "Pbx.GetByNumber"),
    numbered("Peers", &shape::PEER, "Pbx.GetPeerByNumber"),
    numbered("Receptionists", &shape::RECEPTIONIST, "Pbx.GetByNumber"),
    numbered("RingGroups", &shape::RING_GROUP, "Pbx.GetByNumber"),
];

/// A collection whose rows are only read.
const fn numbered(path: &'static str, shape: &'static Shape, function: &'static str) -> Rules {
    Rules { by_number: Some(function), writes: &[], ..rules(path, shape, &[], &[]) }
}

/// All rows of all collections, in the order of [`RULES`].
#[derive(Debug)]
pub(super) struct Store {
    tables: [Vec<Row>; RULES.len()],
    next: i64,
}

impl Store {
    /// The rows with which a PBX starts.
    pub(super) fn new(config: &Builder) -> Self {
        let mut store = Self { tables: Default::default(), next: 100_001 };
        let rights = |role: &str| json!({ "RoleName": role, "CanSeeGroupMembers": true });
        for index in 0..config.users {
            let number = (101 + index).to_string();
            store.put("Users", json!({
                "Id": 1001 + index, "Number": number, "FirstName": format!("Ada{number}"),
                "LastName": "Lovelace", "DisplayName": format!("Ada{number} Lovelace"),
                "EmailAddress": format!("u{number}@example.com"), "Enabled": true, "Language": "EN",
                "AuthID": format!("auth{number}"), "AuthPassword": format!("sip-secret-{number}"),
                "VMPIN": "271828", "VMEnabled": true, "PrimaryGroupId": 41, "Tags": [],
                "QueueStatus": if index % 2 == 0 { "LoggedIn" } else { "LoggedOut" },
                "Groups": [{ "Id": 5001 + index, "GroupId": 41, "Name": "DEFAULT", "Number": number,
                    "MemberName": format!("Ada{number} Lovelace"), "Type": "Extension",
                    "Rights": rights("users"), "GroupRights": rights("users") }],
            }));
        }
        for (id, name) in [(41, "DEFAULT"), (42, "Sales"), (43, "O'Brien & Söhne")] {
            store.put(
                "Groups",
                json!({
                    "Id": id, "Name": name, "Number": format!("GRP00{id}"), "IsDefault": id == 41,
                    "Language": "EN", "TimeZoneId": "51", "HasMembers": id == 41,
                    "Rights": [rights("users"), rights("managers")], "Members": [],
                }),
            );
        }
        store.put("Trunks", json!({
            "Id": 61, "Number": "90001", "ExternalNumber": "+4930123456", "IsOnline": true,
            "AuthID": "trunk", "SimultaneousCalls": 10, "DidNumbers": ["+4930123456"],
            "Direction": "Both", "Gateway": { "Id": 1, "Name": "Carrier", "Host": "sip.example.com" },
        }));
        store.put(
            "Queues",
            json!({
                "Id": 71, "Number": "80001", "Name": "Support", "PollingStrategy": "RingAll",
                "RingTimeout": 20, "IsRegistered": true,
                "Agents": [{ "Number": "101", "Name": "Ada101 Lovelace", "SkillGroup": "1" }],
                "Managers": [],
            }),
        );
        for (id, path, number) in [
            (91, "Fax", "88801"),
            (92, "Parkings", "SP0"),
            (93, "Peers", "101"),
            (94, "Receptionists", "80002"),
            (95, "RingGroups", "80003"),
        ] {
            store.put(path, json!({ "Id": id, "Number": number }));
        }
        for (name, value) in [("COUNTRY", "DE"), ("America/Chicago", "-6"), ("O'BRIEN", "quoted")] {
            store.put(
                "TenantProperties",
                json!({ "Name": name, "Value": value, "Description": "A setting" }),
            );
        }
        for (index, client) in config.clients.iter().enumerate() {
            store.put(
                "ServicePrincipals",
                json!({
                    "Id": 81 + index, "Number": client.id, "XAPIEnabled": true,
                    "CallControlEnabled": false, "Groups": [],
                }),
            );
        }
        for index in 0..config.contacts {
            store.put("Contacts", json!({
                "Id": 2001 + index, "FirstName": "Grace", "LastName": format!("Hopper{index}"),
                "CompanyName": "Navy", "PhoneNumber": format!("+1202{index:07}"), "ContactType": "3CX",
            }));
        }
        for index in 0..config.recordings.0 {
            let id = 981 + index;
            store.put("Recordings", json!({
                "Id": id, "StartTime": "2026-01-01T09:00:00Z", "EndTime": "2026-01-01T09:05:00.25Z",
                "FromDn": "101", "ToDn": "102", "CallType": "Local", "IsArchived": false,
                "RecordingUrl": format!("101/[Ada]_101-102_{id}.wav"),
            }));
        }
        store
    }

    fn put(&mut self, path: &str, row: Value) {
        if let (Some(table), Value::Object(row)) = (self.table(path), row) {
            table.push(row);
        }
    }

    /// Puts a row before the one at a place.
    pub(super) fn insert(&mut self, path: &str, at: usize, row: Value) {
        if let (Some(table), Value::Object(row)) = (self.table(path), row) {
            table.insert(at.min(table.len()), row);
        }
    }

    /// Takes out the row at a place.
    pub(super) fn remove(&mut self, path: &str, at: usize) -> Value {
        self.table(path).map_or(Value::Null, |table| Value::Object(table.remove(at)))
    }

    fn table(&mut self, path: &str) -> Option<&mut Vec<Row>> {
        let at = RULES.iter().position(|rules| rules.path == path)?;
        self.tables.get_mut(at)
    }

    /// The rows of a collection.
    pub(super) fn rows(&self, path: &str) -> &[Row] {
        let at = RULES.iter().position(|rules| rules.path == path);
        at.and_then(|at| self.tables.get(at)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn find(&self, path: &str, property: &str, value: &Value) -> Option<&Row> {
        self.rows(path).iter().find(|row| row.get(property) == Some(value))
    }

    /// The first number, counted from one on, that nobody has.
    pub(super) fn free_number(&self, first: u32) -> String {
        let taken = |number: &String| {
            self.tables.iter().flatten().any(|row| row.get("Number").is_some_and(|it| it == number))
        };
        (first..).map(|number| number.to_string()).find(|it| !taken(it)).unwrap_or_default()
    }

    /// Adds a row; what it lacks is made up.
    pub(super) fn create(
        &mut self,
        rules: &Rules,
        mut row: Row,
        release: &Release,
    ) -> Result<Row, Reply> {
        tidy(&mut row);
        check_types(&row, rules.shape, release)?;
        let mut refused = Vec::new();
        for property in rules.required {
            if row.get(*property).and_then(Value::as_str).unwrap_or_default().is_empty() {
                refused.push(((*property).to_owned(), "WARNINGS.XAPI.REQUIRED".to_owned()));
            }
        }
        refused.extend(self.taken(rules, &row, None));
        if !refused.is_empty() {
            return Err(Reply::refused(&refused));
        }
        if rules.key == "Id" {
            row.insert("Id".to_owned(), json!(self.next));
            self.next += 1;
        }
        if rules.path == "Groups" {
            row.entry("Number").or_insert_with(|| json!(format!("GRP{}", self.next)));
        }
        row.retain(|_, value| !value.is_null());
        self.table(rules.path).into_iter().for_each(|table| table.push(row.clone()));
        Ok(row)
    }

    /// Changes the row with a key; an array replaces the whole list, null clears.
    pub(super) fn update(
        &mut self,
        rules: &Rules,
        key: &Value,
        mut change: Row,
        release: &Release,
    ) -> Result<(), Reply> {
        if self.find(rules.path, rules.key, key).is_none() {
            return Err(not_found());
        }
        tidy(&mut change);
        change.remove(rules.key);
        check_types(&change, rules.shape, release)?;
        let refused = self.taken(rules, &change, Some(key));
        if !refused.is_empty() {
            return Err(Reply::refused(&refused));
        }
        let table = self.table(rules.path).into_iter().flatten();
        for row in table.filter(|row| row.get(rules.key) == Some(key)) {
            row.extend(change.clone());
            row.retain(|_, value| !value.is_null());
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, rules: &Rules, key: &Value) -> Result<(), Reply> {
        let table = self.table(rules.path).ok_or_else(not_found)?;
        let at =
            table.iter().position(|row| row.get(rules.key) == Some(key)).ok_or_else(not_found)?;
        table.remove(at);
        Ok(())
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
        for row in self.table("Backups").into_iter().flatten() {
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
    fn taken(&self, rules: &Rules, row: &Row, own: Option<&Value>) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        for property in rules.unique {
            let value =
                row.get(*property).filter(|it| it.as_str().is_some_and(|it| !it.is_empty()));
            let Some(value) = value else { continue };
            let same = |other: &Rules, row: &Row| {
                let itself = other.path == rules.path && own.is_some() && row.get(other.key) == own;
                row.get(*property) == Some(value) && !itself
            };
            let everywhere = *property == "Number";
            let mut tables = RULES.iter().filter(|it| everywhere || it.path == rules.path);
            if tables.any(|other| self.rows(other.path).iter().any(|row| same(other, row))) {
                let why = "WARNINGS.XAPI.ALREADY_IN_USE";
                taken.push(((*property).to_owned(), why.to_owned()));
            }
        }
        taken
    }
}

/// A counter that is never shown: the type doesn't have it.
const POLLS: &str = "(polls)";

/// What the PBX says of a row that isn't there.
pub(super) fn not_found() -> Reply {
    Reply::error(404, "WARNINGS.XAPI.NOT_FOUND")
}

/// Annotations in a body are skipped.
fn tidy(row: &mut Row) {
    row.retain(|name, _| !name.contains("@odata."));
}

/// Refuses properties that the type doesn't have, and values of another type.
fn check_types(row: &Row, shape: &Shape, release: &Release) -> Result<(), Reply> {
    let mut refused = Vec::new();
    for (name, value) in row {
        let kind = match shape.kind(name, release) {
            None if shape.behind(name).is_some() => Kind::Complex,
            None => {
                let why = format!("The property '{name}' does not exist on type '{}'.", shape.name);
                refused.push((name.clone(), why));
                continue;
            }
            Some(kind) => kind,
        };
        let fits = match (kind, value) {
            (_, Value::Null) => true,
            (Kind::Text, value) => value.is_string(),
            (Kind::Integer, value) => value.is_i64(),
            (Kind::Boolean, value) => value.is_boolean(),
            (Kind::Moment, value) => value.as_str().and_then(Moment::parse).is_some(),
            (Kind::Complex, value) => value.is_array() || value.is_object(),
        };
        if !fits {
            let why = format!("Cannot convert the value to the expected type '{}'.", kind.edm());
            refused.push((name.clone(), why));
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Reply::refused(&refused)) }
}
