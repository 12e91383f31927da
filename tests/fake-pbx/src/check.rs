//! What a body may say: the properties of its type, with values of theirs.

use serde_json::Value;

use super::api::{Api, Entity, Primitive, Properties, Property, Type};
use super::habits::{INVALID, NOT_FOUND, ROLES};
use super::moment::Moment;
use super::query::Row;
use super::reply::Reply;
use super::store::Store;

/// Fields that are refused, each with the reason.
type Refused = Vec<(String, String)>;

/// Judges bodies by what the API and the PBX know.
pub(super) struct Check<'c> {
    pub(super) api: &'c Api,
    pub(super) store: &'c Store,
}

impl Check<'_> {
    /// Refuses an entity with properties that its type doesn't have, or with values of another type.
    pub(super) fn entity(&self, row: &Row, entity: &Entity) -> Result<(), Reply> {
        let mut refused = Refused::new();
        self.row(row, entity, "", &mut refused);
        judged(refused)
    }

    /// The same of the parameters of an action.
    pub(super) fn arguments(&self, row: &Row, wanted: &Properties) -> Result<(), Reply> {
        let mut refused = Refused::new();
        for (name, value) in row {
            match wanted.get(name) {
                Some(parameter) => self.value(value, parameter, name, &mut refused),
                None => {
                    let why = format!("The parameter '{name}' is not one of the action.");
                    refused.push((name.clone(), why));
                }
            }
        }
        judged(refused)
    }

    fn row(&self, row: &Row, entity: &Entity, path: &str, refused: &mut Refused) {
        for (name, value) in row {
            let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match entity.properties.get(name) {
                Some(property) => {
                    self.value(value, property, &at, refused);
                    self.refers(&entity.name, name, value, &at, refused);
                }
                None if entity.open => {}
                None => {
                    let name = &entity.name;
                    let why = format!("The property '{at}' does not exist on type '{name}'.");
                    refused.push((at, why));
                }
            }
        }
    }

    fn value(&self, value: &Value, property: &Property, at: &str, refused: &mut Refused) {
        let mut wrong = || {
            let ty = property.ty.edm();
            refused.push((
                at.to_owned(),
                format!("Cannot convert the value to the expected type '{ty}'."),
            ));
        };
        match (&property.ty, value) {
            // Lists and objects are cleared by null, whatever the document says of them.
            (Type::Primitive(primitive), Value::Null) => {
                if !property.nullable && *primitive != Primitive::String {
                    wrong();
                }
            }
            (_, Value::Null) => {}
            (Type::Collection(of), Value::Array(values)) => {
                let of = Property { ty: (**of).clone(), nullable: true, navigation: false };
                for (index, value) in values.iter().enumerate() {
                    self.value(value, &of, &format!("{at}[{index}]"), refused);
                }
            }
            (Type::Named(name), value) => match (self.api.entities.get(name), value) {
                (Some(entity), Value::Object(row)) => self.row(row, entity, at, refused),
                (Some(_), _) => wrong(),
                (None, Value::String(text)) => {
                    let known = self.api.enumerations.get(name);
                    if known.is_some_and(|known| !known.has(text)) {
                        wrong();
                    }
                }
                (None, _) => wrong(),
            },
            (Type::Primitive(primitive), value) if fits(*primitive, value) => {}
            _ => wrong(),
        }
    }

    /// Refuses a role, a group or a trunk that isn't there.
    fn refers(&self, ty: &str, name: &str, value: &Value, at: &str, refused: &mut Refused) {
        let why = match (ty, name, value) {
            ("Pbx.Rights", "RoleName", Value::String(role)) => {
                (!ROLES.contains(&role.as_str())).then_some(INVALID)
            }
            ("Pbx.UserGroup", "GroupId", id) | ("Pbx.User", "PrimaryGroupId", id)
                if id.is_i64() =>
            {
                self.store.find("Groups", "Id", id).is_none().then_some(NOT_FOUND)
            }
            ("Pbx.OutboundRoute", "TrunkId", id) if id.as_i64().is_some_and(|id| id > 0) => {
                self.store.find("Trunks", "Id", id).is_none().then_some(NOT_FOUND)
            }
            _ => None,
        };
        refused.extend(why.map(|why| (at.to_owned(), why.to_owned())));
    }
}

fn judged(refused: Refused) -> Result<(), Reply> {
    if refused.is_empty() { Ok(()) } else { Err(Reply::refused(&refused)) }
}

fn fits(primitive: Primitive, value: &Value) -> bool {
    let within = |min: i64, max: i64| value.as_i64().is_some_and(|it| (min..=max).contains(&it));
    match primitive {
        Primitive::Boolean => value.is_boolean(),
        Primitive::Byte => within(0, 255),
        Primitive::Int32 => within(i32::MIN.into(), i32::MAX.into()),
        Primitive::Int64 => value.is_i64(),
        Primitive::Decimal => value.is_number(),
        Primitive::Single | Primitive::Double => {
            value.is_number()
                || value.as_str().is_some_and(|it| ["INF", "-INF", "NaN"].contains(&it))
        }
        Primitive::DateTimeOffset => value.as_str().and_then(Moment::parse).is_some(),
        Primitive::Guid => value.as_str().is_some_and(|it| it.len() == 36),
        Primitive::Duration => {
            value.as_str().is_some_and(|it| it.trim_start_matches('-').starts_with('P'))
        }
        Primitive::String | Primitive::Date | Primitive::TimeOfDay | Primitive::Binary => {
            value.is_string()
        }
    }
}

/// Annotations in a body are skipped, at every depth.
pub(super) fn tidy(row: &mut Row) {
    row.retain(|name, _| !name.contains("@odata."));
    row.values_mut().for_each(tidy_value);
}

fn tidy_value(value: &mut Value) {
    match value {
        Value::Object(row) => tidy(row),
        Value::Array(values) => values.iter_mut().for_each(tidy_value),
        _ => {}
    }
}
