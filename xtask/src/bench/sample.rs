//! Pages of users and of the call log as a PBX might send them, and their entities as people would write
//! them for serde's derive.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use serde_json::{Map, Value, json};
use xapi_codegen::emit;
use xapi_codegen::tree::{Client, Entity, Property, Ty};

/// The rows of the two pages: 6 MB and 20 MB.
const PAGES: [(&str, &str, usize); 2] =
    [("users", "User", 2_500), ("calls", "CallLogData", 20_000)];

/// The files of the pages of this client's entities.
pub(super) fn pages(tree: &Client) -> Vec<(String, String)> {
    Sample::new(tree).pages()
}

/// The entities of the pages with serde's derive.
pub(super) fn derived(tree: &Client) -> String {
    Sample::new(tree).derived()
}

/// The types of all values that a sample may have.
struct Sample<'a> {
    entities: BTreeMap<&'a str, &'a Entity>,
    enumerations: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Sample<'a> {
    fn new(tree: &'a Client) -> Self {
        let values = tree.enumerations.iter().map(|it| {
            (it.name.as_str(), it.values.iter().map(|value| value.wire.as_str()).collect())
        });
        Self {
            entities: tree.entities.iter().map(|it| (it.name.as_str(), it)).collect(),
            enumerations: values.collect(),
        }
    }

    /// The files of the pages: whole, with 40 % of the values absent, and with keys in another order in each
    /// row.
    fn pages(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for (name, entity, rows) in PAGES {
            let mut rng = Rng::with_seed(1);
            let rows: Vec<Value> =
                (0..rows).map(|row| self.entity(entity, row, 0, &mut rng)).collect();
            let absent: Vec<Value> = rows.iter().map(|row| without_some(row, &mut rng)).collect();
            files.push((format!("{name}.json"), page(&rows, &mut |_| {})));
            files.push((format!("{name}-absent.json"), page(&absent, &mut |_| {})));
            files.push((
                format!("{name}-shuffled.json"),
                page(&rows, &mut |entries| rng.shuffle(entries)),
            ));
        }
        files
    }

    fn entity(&self, name: &str, row: usize, depth: usize, rng: &mut Rng) -> Value {
        let properties = self.entities.get(name).map(|it| &it.properties);
        let values = properties.into_iter().flatten().filter(|it| it.kind != "Navigation");
        let values =
            values.filter_map(|it| Some((it.wire.clone(), self.value(&it.ty, row, depth, rng)?)));
        Value::Object(values.collect())
    }

    /// Texts have 2 to 20 characters, and lists up to two entries.
    fn value(&self, ty: &Ty, row: usize, depth: usize, rng: &mut Rng) -> Option<Value> {
        Some(match ty {
            Ty::Primitive("bool") => json!(row.is_multiple_of(2)),
            Ty::Primitive(_) | Ty::Runtime("Decimal" | "Double" | "Single", _) => json!(row % 100),
            Ty::Runtime("DateTimeOffset", _) => {
                json!(format!("2026-08-{:02}T09:{:02}:01Z", row % 28 + 1, row % 60))
            }
            Ty::Runtime("Duration", _) => json!(format!("PT{}M{}.5S", row % 60, row % 60)),
            Ty::Runtime("Date", _) => json!("2026-08-01"),
            Ty::Runtime("TimeOfDay", _) => json!("09:00:00"),
            Ty::Runtime("Guid", _) => json!("00000000-0000-0000-0000-000000000001"),
            Ty::Runtime("Flags" | "Retyped", of) => {
                return self.value(of.first()?, row, depth, rng);
            }
            Ty::Std("String", _) => {
                let length = rng.usize(2..=20);
                json!((0..length).map(|_| rng.alphanumeric()).collect::<String>())
            }
            Ty::Std("Vec", _) if depth > 0 => return None,
            Ty::Std("Vec", of) => {
                let entries =
                    (0..rng.usize(0..=2)).map(|_| self.value(of.first()?, row, depth, rng));
                Value::Array(entries.collect::<Option<_>>()?)
            }
            Ty::Entity(_) if depth > 0 => return None,
            Ty::Entity(name) => self.entity(name, row, depth + 1, rng),
            Ty::Enumeration(name) => {
                let values = self.enumerations.get(name.as_str())?;
                json!(values.get(row % values.len().max(1))?)
            }
            Ty::Unit | Ty::Std(..) | Ty::Runtime(..) => return None,
        })
    }

    /// The entities with serde's derive, and those within them.
    fn derived(&self) -> String {
        let mut text = String::from("use serde::{Deserialize, Serialize};\n");
        let mut names: Vec<&str> = PAGES.iter().map(|(_, entity, _)| *entity).collect();
        let mut known = BTreeSet::new();
        while let Some(name) = names.pop() {
            let Some(entity) = self.entities.get(name).filter(|_| known.insert(name)) else {
                continue;
            };
            text += "\n#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]\n";
            text += &format!("#[serde(default)]\npub(crate) struct {name} {{\n");
            for Property { name, wire, ty, is_boxed, .. } in &entity.properties {
                let ty = written(ty, &mut names);
                let ty = if *is_boxed { format!("Box<{ty}>") } else { ty };
                text += &format!(
                    "    #[serde(rename = {wire:?}, skip_serializing_if = \"Option::is_none\")]\n    pub(crate) {name}: Option<{ty}>,\n"
                );
            }
            text += "}\n";
        }
        text
    }
}

/// The type as a user of the client writes it, but for the entities, which stand beside it; notes those.
fn written<'a>(ty: &'a Ty, entities: &mut Vec<&'a str>) -> String {
    let mut of = vec![ty];
    while let Some(ty) = of.pop() {
        match ty {
            Ty::Entity(name) => entities.push(name),
            Ty::Std(_, within) | Ty::Runtime(_, within) => of.extend(within),
            Ty::Unit | Ty::Primitive(_) | Ty::Enumeration(_) => {}
        }
    }
    emit::public_type(ty).replace("threecx_xapi :: entities :: ", "")
}

/// The same value, with two of five entries left out.
fn without_some(value: &Value, rng: &mut Rng) -> Value {
    match value {
        Value::Object(entries) => {
            let mut kept = Map::new();
            for (name, value) in entries {
                if rng.u8(0..5) >= 2 {
                    kept.insert(name.clone(), without_some(value, rng));
                }
            }
            Value::Object(kept)
        }
        Value::Array(items) => items.iter().map(|item| without_some(item, rng)).collect(),
        other => other.clone(),
    }
}

/// Puts the entries of an object in an order.
type Order<'a> = dyn FnMut(&mut [(&String, &Value)]) + 'a;

/// A page of these rows. `order` puts the entries of each object in their order.
fn page(rows: &[Value], order: &mut Order<'_>) -> String {
    let mut text = r#"{"@odata.context":"x","value":["#.to_owned();
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        write(row, order, &mut text);
    }
    text.push_str("]}");
    text
}

fn write(value: &Value, order: &mut Order<'_>, out: &mut String) {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<(&String, &Value)> = entries.iter().collect();
            order(&mut entries);
            out.push('{');
            for (number, (name, value)) in entries.into_iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                out.push_str(&json!(name).to_string());
                out.push(':');
                write(value, order, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                write(item, order, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}
