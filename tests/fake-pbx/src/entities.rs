//! What the API's entities share: lists, rows, singletons, navigation, and how they are created, changed and
//! deleted.

use serde_json::{Value, json};

use super::answer::literal_of;
use super::api::{Kind, Primitive, Property, Scope, Type};
use super::check::{Check, tidy};
use super::query::{Options, Row};
use super::reply::Reply;
use super::routes::{Call, Matched, Outcome};
use super::store::not_found;

impl<'c> Call<'c> {
    /// Carries out what is no function and no action.
    pub(super) fn entities(&mut self, matched: &Matched<'_>) -> Outcome {
        let operation = matched.operation;
        let resource = operation.resource();
        match operation.kind {
            Kind::List => {
                if resource == "Backups" {
                    self.state.store.poll_backups();
                }
                let scope = self.scope_of(resource)?;
                // By reference: a large collection is listed often.
                let rows = self.state.store.rows(resource).iter().collect();
                self.list(rows, scope, resource)
            }
            Kind::Get => {
                let row = self.row(matched)?;
                self.show(&row, self.scope_of(resource)?, resource)
            }
            Kind::Navigation => self.navigate(matched),
            Kind::Create => self.create(matched),
            Kind::Update | Kind::Replace => self.change(matched),
            Kind::Delete => {
                let (key, value) = matched.key().ok_or_else(not_found)?;
                self.state.store.delete(resource, key, &value)?;
                Ok(Reply::empty(204))
            }
            Kind::Function | Kind::Action => Err(Reply::empty(404)),
        }
    }

    /// The type of a collection's rows, or of a singleton.
    pub(super) fn scope_of(&self, resource: &str) -> Result<Scope<'c>, Reply> {
        let shared = self.shared;
        let api = &shared.api;
        let set = api.sets.get(resource).map(|set| set.entity.as_str());
        let entity = set.or_else(|| api.singletons.get(resource).map(String::as_str));
        entity.and_then(|entity| api.scope(entity)).ok_or_else(|| Reply::empty(404))
    }

    /// The row that a route names: by its key, or that of a singleton.
    pub(super) fn row(&self, matched: &Matched<'_>) -> Result<Row, Reply> {
        let resource = matched.operation.resource();
        if let Some((key, value)) = matched.key() {
            return self.state.store.find(resource, key, &value).cloned().ok_or_else(not_found);
        }
        let own = match resource {
            "MyUser" => Some(self.state.store.find("Users", "Number", &json!(self.user))),
            "MyGroup" => Some(self.state.store.find("Groups", "Id", &json!(41))),
            _ => None,
        };
        match own {
            Some(row) => row.cloned().ok_or_else(not_found),
            None => Ok(self.single(resource)),
        }
    }

    /// A singleton as it was set; a new one has nothing but an id.
    fn single(&self, resource: &str) -> Row {
        let mut row = self.state.store.single(resource).cloned().unwrap_or_default();
        let has_id = self.scope_of(resource).is_ok_and(|scope| {
            scope.property("Id").is_some_and(|it| it.ty == Type::Primitive(Primitive::Int32))
        });
        if has_id {
            row.entry("Id").or_insert_with(|| json!(0));
        }
        row
    }

    /// `Users(12)/Groups`, `Defs/Codecs`
    fn navigate(&self, matched: &Matched<'_>) -> Outcome {
        let operation = matched.operation;
        let resource = operation.resource();
        let name = operation.function();
        let scope = self.scope_of(resource)?;
        let behind = scope.property(name).and_then(|property| scope.within(property));
        let Some(behind) = behind else { return Err(unknown_type(name)) };
        let row = self.row(matched)?;
        let path = match matched.key() {
            Some((_, value)) => format!("{resource}({})/{name}", literal_of(Some(&value))),
            None => format!("{resource}/{name}"),
        };
        match row.get(name) {
            Some(Value::Object(row)) => self.show(row, behind, &path),
            Some(Value::Array(rows)) => {
                self.list(rows.iter().filter_map(Value::as_object).collect(), behind, &path)
            }
            _ if matches!(operation.answer, super::api::Answer::Collection(_)) => {
                self.list(Vec::<Row>::new(), behind, &path)
            }
            // OData's answer for a single entity that isn't there.
            _ => Ok(Reply::empty(204)),
        }
    }

    fn create(&mut self, matched: &Matched<'_>) -> Outcome {
        let resource = matched.operation.resource();
        let row = self.checked_body(matched)?;
        let shared = self.shared;
        let set = shared.api.sets.get(resource).ok_or_else(|| Reply::empty(404))?;
        let scope = self.scope_of(resource)?;
        let key = set.key.as_deref().or_else(|| scope.property("Id").map(|_| "Id"));
        let is_number = |property: &Property| {
            matches!(property.ty, Type::Primitive(Primitive::Int32 | Primitive::Int64))
        };
        let key = key.map(|key| (key, scope.property(key).is_some_and(is_number)));
        let row = self.state.store.create(resource, key, row)?;
        // A created row is shown as it would be by itself.
        let shown = self.shown(&row, scope, resource, &Options::default());
        let reply = Reply::json(201, &shown);
        Ok(match key {
            Some((key, _)) => {
                let key = literal_of(row.get(key));
                let location = format!("{}/xapi/v1/{resource}({key})", self.shared.url);
                reply.with("Location", &location)
            }
            None => reply,
        })
    }

    fn change(&mut self, matched: &Matched<'_>) -> Outcome {
        let operation = matched.operation;
        let resource = operation.resource();
        let own = match resource {
            "MyUser" => Some("Users"),
            "MyGroup" => Some("Groups"),
            _ => None,
        };
        let replace = operation.kind == Kind::Replace;
        let key = match own {
            Some(_) => self.row(matched)?.remove("Id").map(|id| ("Id", id)),
            None => matched.key(),
        };
        let Some((key, value)) = key else {
            let change = self.checked_body(matched)?;
            self.state.store.set_single(resource, change);
            return Ok(Reply::empty(204));
        };
        let set = own.unwrap_or(resource);
        self.state.store.find(set, key, &value).ok_or_else(not_found)?;
        let change = self.checked_body(matched)?;
        self.state.store.update(set, (key, &value), change, replace)?;
        Ok(Reply::empty(204))
    }

    /// The entity that a request carries, if it may be so.
    fn checked_body(&self, matched: &Matched<'_>) -> Result<Row, Reply> {
        let mut row = self.body("delta")?;
        tidy(&mut row);
        let entity = matched.operation.body.as_deref().unwrap_or_default();
        if let Some(scope) = self.shared.api.scope(entity) {
            let check = Check { api: &self.shared.api, store: &self.state.store };
            check.entity(&row, scope.entity)?;
        }
        Ok(row)
    }

    /// The body as an object; what the PBX calls the parameter that holds it.
    pub(super) fn body(&self, parameter: &str) -> Result<Row, Reply> {
        match self.request.json() {
            Value::Object(row) => Ok(row),
            _ => Err(Reply::required(parameter)),
        }
    }
}

fn unknown_type(name: &str) -> Reply {
    let message = format!("The fake PBX does not know what kind of rows `{name}` holds.");
    Reply::error(501, &message)
}
