//! Functions and actions: those whose effect is known, and the upload of prompts.

use serde_json::{Value, json};

use super::api::{Answer, Kind, Operation, Properties, Scope, Type};
use super::check::{Check, tidy};
use super::form::parts;
use super::habits::{NOT_FOUND, TAKEN, habits};
use super::literal::Literal;
use super::query::{Options, Row};
use super::reply::{Body, FileBytes, Reply};
use super::routes::{Call, Matched, Outcome};
use super::store::not_found;

impl<'c> Call<'c> {
    /// Carries out a function or an action, or says that nobody here knows what it does.
    pub(super) fn act(&mut self, matched: &Matched<'_>) -> Outcome {
        let operation = matched.operation;
        if let Some((key, value)) = matched.key()
            && self.shared.api.sets.contains_key(operation.resource())
        {
            let row = self.state.store.find(operation.resource(), key, &value);
            row.ok_or_else(not_found)?;
        }
        if operation.kind == Kind::Function {
            let outcome = self.function(matched);
            return outcome.unwrap_or_else(|| Err(self.unknown_function(operation)));
        }
        let body = self.arguments(operation)?;
        let outcome = self.action(matched, &body);
        let outcome = outcome.unwrap_or_else(|| Err(unknown_action(operation, &body)))?;
        let noted = match matched.key() {
            Some((key, value)) => Row::from_iter([(key.to_owned(), value)]),
            None => Row::new(),
        };
        self.did(operation.function(), noted.into_iter().chain(body).collect());
        Ok(outcome)
    }

    /// The answer of a function; none if its rule is not known.
    fn function(&mut self, matched: &Matched<'_>) -> Option<Outcome> {
        let operation = matched.operation;
        let (resource, name) = (operation.resource(), operation.function());
        let shared = self.shared;
        let answered = self.answered(operation);
        match (resource, name) {
            ("Recordings", "DownloadRecording") => return Some(self.recording(matched)),
            ("ReportCallLogData", "GetCallLogData") => {
                return answered.map(|scope| self.call_log(matched, scope));
            }
            ("Contacts", "GetContactsByNumber") => {
                let number = json!(matched.text("number"));
                let mut rows = self.state.store.rows("Contacts").to_vec();
                rows.retain(|row| row.values().any(|value| *value == number));
                return answered.map(|scope| self.list(rows, scope, resource));
            }
            ("Trunks", "InitTrunk") => {
                let trunk = json!({
                    "Id": 0, "Number": self.state.store.free_number(90_001),
                    "Gateway": { "Name": matched.text("template"), "Type": "Provider" },
                });
                let row = trunk.as_object().cloned().unwrap_or_default();
                return answered.map(|scope| self.show(&row, scope, resource));
            }
            _ => {}
        }
        let scope = answered?;
        if scope.entity.name == "Pbx.FirstAvailableNumber" {
            let first = habits(resource).numbers_from.unwrap_or(101);
            let number = self.state.store.free_number(first);
            let row = Row::from_iter([("Number".to_owned(), json!(number))]);
            return Some(self.show(&row, scope, "Pbx.FirstAvailableNumber"));
        }
        if let Some(found) = self.found_by(matched, scope) {
            return Some(found);
        }
        // What `SetBackupSettings` sets, `GetBackupSettings` gets.
        let setter = name.strip_prefix("Get").map(|rest| format!("Set{rest}"))?;
        let mut all = shared.api.operations.iter();
        all.find(|it| it.route == format!("/{resource}/Pbx.{setter}"))?;
        let row = self.state.store.single(&format!("{resource}/{setter}"));
        let row = row.cloned().unwrap_or_default();
        Some(self.show(&row, scope, &scope.entity.name))
    }

    /// `Users/Pbx.GetByNumber(number='101')`: the row of the collection that has this value.
    fn found_by(&self, matched: &Matched<'_>, scope: Scope<'_>) -> Option<Outcome> {
        let operation = matched.operation;
        let resource = operation.resource();
        let set = self.shared.api.sets.get(resource)?;
        let mut values = matched.values.iter();
        let (Some((parameter, value)), None) = (values.next(), values.next()) else { return None };
        let mut letters = parameter.chars();
        let property = letters.next()?.to_uppercase().chain(letters).collect::<String>();
        let by = format!("By{property}");
        if !operation.function().ends_with(&by)
            || scope.entity.name != set.entity
            || !matches!(operation.answer, Answer::Object(_))
        {
            return None;
        }
        scope.property(&property)?;
        let row = self.state.store.find(resource, &property, &value.json());
        Some(row.ok_or_else(not_found).and_then(|row| self.show(row, scope, resource)))
    }

    /// Carries out an action; none if its effect is not known.
    fn action(&mut self, matched: &Matched<'_>, body: &Row) -> Option<Outcome> {
        let operation = matched.operation;
        let resource = operation.resource();
        Some(match (resource, operation.function()) {
            ("Users", "MakeCall") => self.make_call(body),
            ("Users", "SendWelcomeEmail") => Ok(Reply::empty(204)),
            ("Users", "GetDuplicatedEmails") => self.duplicated_emails(operation, body),
            ("Users", "MultiUserUpdate") => self.update_users(body),
            ("WebsiteLinks", "ValidateLink") => self.validate_link(body),
            ("Groups", "LinkGroupPartner") => self.change_group(body, "resellerId"),
            ("Groups", "ReplaceGroupLicenseKey") => self.change_group(body, "licenseKey"),
            ("Groups", "DeleteCompanyById") => self.delete_one(resource, "Id", body.get("id")),
            ("Groups", "DeleteCompanyByNumber") => {
                self.delete_one(resource, "Number", body.get("number"))
            }
            ("ActiveCalls", "DropCall") => {
                let (key, value) = matched.key()?;
                self.delete_one(resource, key, Some(&value))
            }
            ("EventLogs", "PurgeEventLog") => {
                self.state.store.clear(resource);
                Ok(Reply::empty(204))
            }
            ("Trunks", "FinalizeTrunkProvisioning") => self.finalize_trunk(body),
            ("Backups", "Backup") => self.back_up(body),
            (_, name) => return self.by_rule(operation, name, body),
        })
    }

    /// Deletes or changes the rows with some keys, or keeps settings.
    fn by_rule(&mut self, operation: &Operation, name: &str, body: &Row) -> Option<Outcome> {
        let (resource, arguments) = (operation.resource(), operation.arguments.as_ref()?);
        let set = self.shared.api.sets.get(resource);
        let ids = body.get("ids").and_then(Value::as_array);
        match (set, ids) {
            (Some(set), Some(ids)) if name.contains("Delete") && arguments.len() == 1 => {
                let key = set.key.as_deref().unwrap_or("Id");
                Some(self.delete_all(operation, key, ids))
            }
            (Some(set), Some(ids)) if name.contains("Update") && arguments.len() == 2 => {
                let of = |it: &Type| *it == Type::Named(set.entity.clone());
                let (parameter, _) = arguments.iter().find(|(_, it)| of(&it.ty))?;
                let change = body.get(parameter).and_then(Value::as_object)?;
                let key = set.key.as_deref().unwrap_or("Id");
                let mut changes = ids
                    .iter()
                    .map(|id| self.state.store.update(resource, (key, id), change.clone(), false));
                Some(changes.try_for_each(|it| it).map(|()| Reply::empty(204)))
            }
            _ => {
                let settings = name.strip_prefix("Set")?;
                let mut values = body.values();
                let (Some(Value::Object(row)), None) = (values.next(), values.next()) else {
                    return None;
                };
                let getter = format!("/{resource}/Pbx.Get{settings}()");
                let mut all = self.shared.api.operations.iter();
                all.find(|it| it.route == getter)?;
                self.state.store.set_single(&format!("{resource}/{name}"), row.clone());
                Some(Ok(Reply::empty(204)))
            }
        }
    }

    fn delete_one(&mut self, set: &str, key: &str, value: Option<&Value>) -> Outcome {
        self.state.store.delete(set, key, value.unwrap_or(&Value::Null))?;
        Ok(Reply::empty(204))
    }

    /// Deletes what is there, and answers with what is not, if the action answers at all.
    fn delete_all(&mut self, operation: &Operation, key: &str, ids: &[Value]) -> Outcome {
        let resource = operation.resource();
        let mut errors = Vec::new();
        for id in ids {
            if self.state.store.delete(resource, key, id).is_err() {
                errors.push(json!({ "Error": NOT_FOUND }));
            }
        }
        Ok(self.values(operation, &errors))
    }

    /// The values that an action answers with, if it answers at all.
    fn values(&self, operation: &Operation, values: &[Value]) -> Reply {
        let Answer::Collection(of) = &operation.answer else { return Reply::empty(204) };
        let context = format!("{}/xapi/v1/$metadata#Collection({})", self.shared.url, of.edm());
        Reply::json(200, &json!({ "@odata.context": context, "value": values }))
    }

    /// Those of some e-mail addresses that users have.
    fn duplicated_emails(&self, operation: &Operation, body: &Row) -> Outcome {
        let Some(Value::Array(emails)) = body.get("emails") else {
            return Err(Reply::required("emails"));
        };
        let mut taken = emails.clone();
        taken.retain(|it| self.state.store.find("Users", "EmailAddress", it).is_some());
        Ok(self.values(operation, &taken))
    }

    /// Changes users as `BulkUpdate` does. Its type has properties that a user lacks; what these do is not
    /// known here.
    fn update_users(&mut self, body: &Row) -> Outcome {
        let (Some(Value::Array(ids)), Some(Value::Object(change))) =
            (body.get("ids"), body.get("user"))
        else {
            return Err(Reply::required(if body.contains_key("ids") { "user" } else { "ids" }));
        };
        let user = self.scope_of("Users")?;
        let mut change = change.clone();
        change.retain(|name, _| user.property(name).is_some());
        for id in ids {
            self.state.store.update("Users", ("Id", id), change.clone(), false)?;
        }
        Ok(Reply::empty(204))
    }

    /// Refuses the name of a link that something else has.
    fn validate_link(&self, body: &Row) -> Outcome {
        let Some(Value::Object(model)) = body.get("model") else {
            return Err(Reply::required("model"));
        };
        let (name, own) = (text(model, "FriendlyName")?, text(model, "Pair")?);
        let store = &self.state.store;
        let others = ["Users", "Groups", "Queues", "RingGroups"].map(|set| store.rows(set));
        let mut others = others.into_iter().flatten();
        let has_name = |row: &Row| row.get("ClickToCallId").is_some_and(|it| *it == name);
        let taken = store.find("WebsiteLinks", "Link", &json!(name)).is_some()
            || others.any(|row| has_name(row) && row.get("Number").is_none_or(|it| *it != own));
        if taken { Err(refused("FriendlyName", TAKEN)) } else { Ok(Reply::empty(204)) }
    }

    /// The parameters of an action, if they may be so. A body that holds none may be left out.
    fn arguments(&self, operation: &Operation) -> Result<Row, Reply> {
        let check = Check { api: &self.shared.api, store: &self.state.store };
        if let Some(entity) = operation.body.as_deref().and_then(|it| self.shared.api.scope(it)) {
            let mut row = self.body("parameters")?;
            tidy(&mut row);
            return check.entity(&row, entity.entity).map(|()| row);
        }
        let none = Properties::new();
        let wanted = operation.arguments.as_ref().unwrap_or(&none);
        if self.request.body.is_empty() && wanted.values().all(|it| it.nullable) {
            return Ok(Row::new());
        }
        let mut row = self.body("parameters")?;
        tidy(&mut row);
        check.arguments(&row, wanted).map(|()| row)
    }

    /// The type of what a function answers, if it is an entity.
    fn answered(&self, operation: &Operation) -> Option<Scope<'c>> {
        let shared = self.shared;
        match &operation.answer {
            Answer::Object(entity) | Answer::Collection(Type::Named(entity)) => {
                shared.api.scope(entity)
            }
            _ => None,
        }
    }

    /// A function of which nobody here knows what it answers; its query may still be wrong.
    fn unknown_function(&self, operation: &Operation) -> Reply {
        let query = self.answered(operation).map(|it| Options::parse(self.query, it, usize::MAX));
        match query {
            Some(Err(refusal)) => refusal,
            _ => not_known(operation),
        }
    }

    /// Notes an action that was carried out.
    fn did(&mut self, name: &str, body: Row) {
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
        let name = text(model, "Name")?;
        let numbers = model.get("PhoneNumbers").and_then(Value::as_array);
        let numbers = numbers.into_iter().flatten();
        let numbers: Vec<_> = numbers.filter_map(|it| it.get("PhoneNumber").cloned()).collect();
        let trunk = json!({
            "Number": self.state.store.free_number(90_001), "ExternalNumber": numbers.first(),
            "DidNumbers": numbers, "Gateway": { "Name": name, "Type": "Provider" },
            "Direction": "Both", "IsOnline": false,
        });
        let trunk = trunk.as_object().cloned().unwrap_or_default();
        let trunk = self.state.store.create("Trunks", Some(("Id", true)), trunk)?;
        let scope = self.scope_of("Trunks")?;
        let shown = self.shown(&trunk, scope, "Trunks", &Options::default());
        Ok(Reply::json(200, &shown))
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

    fn recording(&self, matched: &Matched<'_>) -> Outcome {
        let Some(Literal::Integer(id)) = matched.values.get("recId") else {
            return Err(not_found());
        };
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

/// An action of which nobody here knows what it does; its body may still lack something.
fn unknown_action(operation: &Operation, body: &Row) -> Reply {
    let mut wanted = operation.arguments.iter().flatten();
    match wanted.find(|(name, it)| !it.nullable && !body.contains_key(*name)) {
        Some((name, _)) => Reply::required(name),
        None => not_known(operation),
    }
}

/// Right, and not carried out.
fn not_known(operation: &Operation) -> Reply {
    let (method, route) = (&operation.method, &operation.route);
    let message = format!(
        "The fake PBX knows that `{method} {route}` exists, and the request is right, but not what it \
         does. Give it an answer with `Fault::at(…).always().answers(200).json(…)`."
    );
    Reply::error(501, &message)
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
