//! Functions and actions of the collections, and the upload of prompts.

use serde_json::{Value, json};

use super::form::parts;
use super::literal::{Literal, Segment};
use super::query::Row;
use super::reply::{Body, FileBytes, Reply};
use super::routes::{Call, Outcome, parameters, since};
use super::shape::{self, Kind};
use super::store::{RULES, Rules, not_found};

impl Call<'_> {
    /// What is bound to a whole collection: `Users/Pbx.MakeCall`.
    pub(super) fn bound(&mut self, rules: &'static Rules, bound: &Segment) -> Outcome {
        let release = &self.shared.release;
        let name = bound.name.as_str();
        if rules.by_number == Some(name) && release.update < 8 && self.is("GET") {
            let [number] = parameters(bound, [("number", Kind::Text)])?;
            self.ran(&format!("/{}/{name}(number={{number}})", rules.path));
            let row = self.state.store.find(rules.path, "Number", &json!(number.text())).cloned();
            return self.show(&row.ok_or_else(not_found)?, rules.shape, rules.path);
        }
        if self.is("GET") {
            return match (rules.path, name) {
                ("Users", "Pbx.GetFirstAvailableExtensionNumber") => {
                    let [] = parameters(bound, [])?;
                    self.ran("/Users/Pbx.GetFirstAvailableExtensionNumber()");
                    let context =
                        format!("{}/xapi/v1/$metadata#Pbx.FirstAvailableNumber", self.shared.url);
                    let number = self.state.store.free_number(101);
                    Ok(Reply::json(200, &json!({ "@odata.context": context, "Number": number })))
                }
                ("Contacts", "Pbx.GetContactsByNumber") => {
                    since(release, 9)?;
                    let [number] = parameters(bound, [("number", Kind::Text)])?;
                    self.ran("/Contacts/Pbx.GetContactsByNumber(number={number})");
                    let number = json!(number.text());
                    let mut rows = self.state.store.rows("Contacts").to_vec();
                    rows.retain(|row| row.values().any(|value| *value == number));
                    self.list(rows, &shape::CONTACT, "Contacts")
                }
                ("Recordings", "Pbx.DownloadRecording") => {
                    let [id] = parameters(bound, [("recId", Kind::Integer)])?;
                    self.ran("/Recordings/Pbx.DownloadRecording(recId={recId})");
                    self.recording(&id)
                }
                _ => Err(Reply::empty(404)),
            };
        }
        let known: &[(&str, &str)] = &[
            ("Users", "Pbx.MakeCall"),
            ("Users", "Pbx.BatchDelete"),
            ("Groups", "Pbx.LinkGroupPartner"),
            ("Groups", "Pbx.ReplaceGroupLicenseKey"),
            ("Trunks", "Pbx.FinalizeTrunkProvisioning"),
            ("Backups", "Pbx.Backup"),
        ];
        let action = (rules.path, name);
        if !self.is("POST") || bound.arguments.is_some() || !known.contains(&action) {
            return Err(Reply::empty(404));
        }
        if name == "Pbx.FinalizeTrunkProvisioning" {
            since(release, 5)?;
        }
        self.ran(&format!("/{}/{name}", rules.path));
        let body = self.body("parameters")?;
        let outcome = match name {
            "Pbx.MakeCall" => self.make_call(&body),
            "Pbx.BatchDelete" => self.batch_delete(&body),
            "Pbx.LinkGroupPartner" => self.change_group(&body, "resellerId"),
            "Pbx.ReplaceGroupLicenseKey" => self.change_group(&body, "licenseKey"),
            "Pbx.FinalizeTrunkProvisioning" => self.finalize_trunk(&body),
            _ => self.back_up(&body),
        }?;
        self.did(name, body);
        Ok(outcome)
    }

    /// What is bound to one row: `Users(12)/Groups`, `Users(12)/Pbx.SendWelcomeEmail`.
    pub(super) fn bound_to_entity(
        &mut self,
        rules: &'static Rules,
        key: &[(Option<String>, Literal)],
        bound: &Segment,
    ) -> Outcome {
        let (property, key) = self.key(rules, key)?;
        let name = bound.name.as_str();
        if property != rules.key || bound.arguments.is_some() {
            return Err(Reply::empty(404));
        }
        let row = self.state.store.find(rules.path, property, &key).cloned();
        if let Some(behind) = rules.shape.behind(name)
            && self.is("GET")
        {
            self.ran(&format!("/{}({{{property}}})/{name}", rules.path));
            let mut row = row.ok_or_else(not_found)?;
            let rows = match row.remove(name) {
                Some(Value::Array(rows)) => rows,
                _ => Vec::new(),
            };
            let rows = rows.into_iter().filter_map(|row| match row {
                Value::Object(row) => Some(row),
                _ => None,
            });
            let path = format!("{}({key})/{name}", rules.path);
            return self.list(rows.collect(), behind, &path);
        }
        if (rules.path, name) == ("Users", "Pbx.SendWelcomeEmail") && self.is("POST") {
            self.ran("/Users({Id})/Pbx.SendWelcomeEmail");
            row.ok_or_else(not_found)?;
            self.did(name, Row::from_iter([("Id".to_owned(), key)]));
            return Ok(Reply::empty(204));
        }
        Err(Reply::empty(404))
    }

    /// Notes an action that was carried out.
    fn did(&mut self, name: &str, body: Row) {
        let name = name.strip_prefix("Pbx.").unwrap_or(name);
        self.state.actions.push((name.to_owned(), Value::Object(body)));
    }

    fn make_call(&mut self, body: &Row) -> Outcome {
        let destination = text(body, "destination")?;
        let dn = body.get("dn").and_then(Value::as_str).unwrap_or_default();
        if !dn.is_empty() && self.state.store.find("Users", "Number", &json!(dn)).is_none() {
            return Err(refused("dn", "WARNINGS.XAPI.NON_EXISTENT_EXT_NUMBER"));
        }
        let context =
            format!("{}/xapi/v1/$metadata#Pbx.CallControlResultResponse", self.shared.url);
        Ok(Reply::json(
            200,
            &json!({
                "@odata.context": context, "FinalStatus": "Success", "Reason": "None",
                "ReasonText": "",
                "Result": { "Id": 7, "CallId": 70, "LegId": 1, "Status": "Dialing", "DN": dn,
                    "PartyCallerId": destination, "PartyDn": destination },
            }),
        ))
    }

    /// Deletes what is there, and answers with what is not.
    fn batch_delete(&mut self, body: &Row) -> Outcome {
        let Some(Value::Array(ids)) = body.get("ids") else { return Err(Reply::required("ids")) };
        let users = RULES.iter().find(|rules| rules.path == "Users");
        let mut errors = Vec::new();
        for id in ids {
            if users.is_some_and(|users| self.state.store.delete(users, id).is_err()) {
                errors.push(json!({ "Id": id, "ErrorType": "NotFound" }));
            }
        }
        let context =
            format!("{}/xapi/v1/$metadata#Collection(Pbx.UserDeleteError)", self.shared.url);
        Ok(Reply::json(200, &json!({ "@odata.context": context, "value": errors })))
    }

    /// The two actions that take a group and one more text.
    fn change_group(&mut self, body: &Row, parameter: &str) -> Outcome {
        let group = text(body, "groupId")?;
        text(body, parameter)?;
        let id: i64 = group.parse().map_err(|_| refused("groupId", "WARNINGS.XAPI.NOT_FOUND"))?;
        self.state.store.find("Groups", "Id", &json!(id)).ok_or_else(not_found)?;
        Ok(Reply::empty(204))
    }

    fn finalize_trunk(&mut self, body: &Row) -> Outcome {
        let Some(Value::Object(model)) = body.get("model") else {
            return Err(Reply::required("model"));
        };
        let known =
            ["AccountSid", "ApiKey", "DefaultRule", "Groups", "Name", "PhoneNumbers", "Type"];
        if let Some(name) = model.keys().find(|name| !known.contains(&name.as_str())) {
            let why = format!("The property '{name}' does not exist on type 'Pbx.CreateTrunk'.");
            return Err(refused(name, &why));
        }
        let name = text(model, "Name")?;
        let numbers = model.get("PhoneNumbers").and_then(Value::as_array);
        let numbers = numbers.into_iter().flatten();
        let numbers: Vec<_> = numbers.filter_map(|it| it.get("PhoneNumber").cloned()).collect();
        let trunk = json!({
            "Number": self.state.store.free_number(90_001), "ExternalNumber": numbers.first(),
            "DidNumbers": numbers, "Gateway": { "Name": name, "Type": "Provider" },
            "Direction": "Both", "IsOnline": false,
        });
        let (Value::Object(trunk), Some(rules)) =
            (trunk, RULES.iter().find(|it| it.path == "Trunks"))
        else {
            return Err(not_found());
        };
        let trunk = self.state.store.create(rules, trunk, &self.shared.release)?;
        self.show(&trunk, &shape::TRUNK, "Trunks")
    }

    fn back_up(&mut self, body: &Row) -> Outcome {
        let Some(Value::Object(description)) = body.get("description") else {
            return Err(Reply::required("description"));
        };
        let name = text(description, "Name")?;
        let name = if name.ends_with(".zip") { name } else { format!("{name}.zip") };
        if self.state.store.find("Backups", "FileName", &json!(name)).is_some() {
            return Err(refused("Name", "WARNINGS.XAPI.ALREADY_IN_USE"));
        }
        let config = &self.shared.config;
        self.state.store.back_up(&name, self.now, config.backup_size, config.backup_polls);
        Ok(Reply::empty(204))
    }

    fn recording(&self, id: &Literal) -> Outcome {
        let Literal::Integer(id) = id else { return Err(Reply::empty(404)) };
        let row = self.state.store.find("Recordings", "Id", &json!(id)).ok_or_else(not_found)?;
        let url = row.get("RecordingUrl").and_then(Value::as_str).unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or_default();
        let seed = u64::try_from(*id).unwrap_or_default();
        let file = Body::File(FileBytes::new(seed, self.shared.config.recordings.1));
        Ok(Reply::typed(200, "audio/x-wav", file)
            .with("Content-Disposition", &format!("attachment; filename=\"{name}\"")))
    }

    /// `POST /customPrompts`: multipart with a part `file`.
    pub(super) fn upload_prompt(&mut self) -> Outcome {
        self.ran("/customPrompts");
        let parts = parts(self.request).ok_or_else(|| Reply::empty(415))?;
        let file = parts.into_iter().find(|part| part.name == "file");
        let file = file.ok_or_else(|| Reply::required("file"))?;
        let name = file.file_name.unwrap_or_default();
        if !name.ends_with(".wav") || name.contains(['/', '\\']) {
            return Err(refused("file", "WARNINGS.XAPI.INVALID_FILE_NAME"));
        }
        let link = format!("/downloads/prompts/{}", super::form::percent(&name));
        self.state.prompts.insert(name, file.bytes);
        Ok(Reply::json(200, &json!({ "value": link })))
    }
}

fn refused(field: &str, why: &str) -> Reply {
    Reply::refused(&[(field.to_owned(), why.to_owned())])
}

/// A text of a body that must be there.
fn text(body: &Row, field: &str) -> Result<String, Reply> {
    match body.get(field) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        None | Some(Value::Null | Value::String(_)) => {
            Err(refused(field, "WARNINGS.XAPI.REQUIRED"))
        }
        Some(_) => {
            Err(refused(field, "Cannot convert the value to the expected type 'Edm.String'."))
        }
    }
}
