//! Sample values: one of each type to send, and full JSON of every entity to answer with.

use std::cell::{Cell, RefCell};
use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use threecx_xapi::edm::{Date, DateTimeOffset, Decimal, Double, Duration, Guid, Single, TimeOfDay};
use threecx_xapi::{
    entity::Entity,
    enumeration::{Enumeration, Flags},
};
use xapi_codegen::model::{self, Api, DocumentId, Property, Type};
use xapi_codegen::{Problems, former_ids, history, load, renamed};

/// A filter with everything that needs encoding.
pub const FILTER: &str = "contains(Name,'O''Brien & Söhne/1 +50%#')";

/// A string with everything that needs quoting and encoding.
pub const STRING: &str = "O'Brien & Söhne/1 +50%#";

/// The beginning of [`STRING`], where no more is taken. Three shorter, because judges of a URL count
/// the quotes around it and the doubled one in it.
pub fn text(longest: usize) -> String {
    STRING.chars().take(longest.saturating_sub(3)).collect()
}

/// A type with a value to send.
pub trait Sample {
    /// The value.
    fn sample() -> Self;
}

/// A value to send.
pub fn value<T: Sample>() -> T {
    T::sample()
}

macro_rules! samples {
    ($($type:ty: $value:expr;)*) => {
        $(impl Sample for $type {
            fn sample() -> Self {
                $value
            }
        })*
    };
}

samples! {
    String: STRING.to_owned();
    bool: true;
    u8: 200;
    i32: -2_147_483_648;
    // The largest that a judge written in JavaScript still reads.
    i64: 9_007_199_254_740_991;
    Single: Single(1.5);
    Double: Double(0.1);
    Decimal: parsed("0.0125");
    DateTimeOffset: parsed("2026-02-01T00:00:00+02:00");
    Duration: parsed("P5DT13H43M24.960179S");
    Date: parsed("2026-02-01");
    TimeOfDay: parsed("23:59:59");
    Guid: Guid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
}

#[allow(clippy::panic, reason = "a constant of this file that is wrong")]
fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// The first value of an enumeration.
#[allow(clippy::panic, reason = "no enumeration is empty")]
pub fn enumeration<E: Enumeration>() -> E {
    known().next().unwrap_or_else(|| panic!("{} has no values", E::NAME))
}

/// The first two values of an enumeration of flags.
pub fn flags<E: Enumeration>() -> Flags<E> {
    known().take(2).collect()
}

/// The values of an enumeration that the sampled API has.
fn known<E: Enumeration>() -> impl Iterator<Item = E> {
    let values = sampled().enumerations.get(E::NAME).map(|it| &it.values);
    let is_known = move |value: &str| values.is_none_or(|it| it.contains_key(value));
    let places = E::VALUES.iter().enumerate().filter(move |(_, value)| is_known(value));
    places.filter_map(|(place, _)| E::from_index(place))
}

/// An entity with every property set that is no navigation.
#[allow(clippy::panic, reason = "the client can't read what its own API describes")]
pub fn body<E: Entity>() -> E {
    let json = Maker::plain().of(sampled()).entity(E::INFO.name);
    serde_json::from_value(json).unwrap_or_else(|error| panic!("{}: {error}", E::INFO.name))
}

/// The API that samples are of, if that is not the tracked one; see [`up_to`] and [`only`].
static SAMPLED: OnceLock<&'static Api> = OnceLock::new();

fn sampled() -> &'static Api {
    SAMPLED.get().copied().unwrap_or_else(api)
}

/// The tracked API, as the client is generated from it.
#[allow(clippy::panic, reason = "without it there is nothing to test")]
pub fn api() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| {
        let read = || {
            let mut api = tracked()?;
            join(&mut api)?;
            Ok::<_, Problems>(api)
        };
        read().unwrap_or_else(|problems| panic!("{problems}"))
    })
}

/// The tracked API, as its file has it.
fn tracked() -> Result<Api, Problems> {
    let spec = crate::root().join("spec/xapi.yaml");
    load::load(&spec).and_then(model::read).map(|(api, _)| api)
}

/// Joins the operations and types that only changed their name.
fn join(api: &mut Api) -> Result<(), Problems> {
    let rows = std::fs::read_to_string(crate::root().join("spec/former_ids.yaml"));
    let rows = former_ids::parse("former_ids", &rows.unwrap_or_default())?;
    former_ids::join(api, &rows)?;
    renamed::join(api);
    Ok(())
}

/// The union of the documents up to one, for a client that is generated from it: samples are of this API
/// from now on.
///
/// # Errors
/// A document that the tracked API does not have.
pub fn up_to(document: &str) -> Result<&'static Api, String> {
    let tracked = tracked().map_err(|problems| problems.to_string())?;
    let mut api = history::up_to(&tracked, document)?;
    join(&mut api).map_err(|problems| problems.to_string())?;
    Ok(SAMPLED.get_or_init(|| Box::leak(Box::new(api))))
}

/// One document of the tracked API, 20.0.8/2025-09-01, or the newest of a release: samples are of it alone
/// from now on.
///
/// # Errors
/// A document that the tracked API does not have.
pub fn only(document: &str) -> Result<&'static Api, String> {
    let api = history::at(api(), document)?;
    Ok(SAMPLED.get_or_init(|| Box::leak(Box::new(api))))
}

/// Every document that the tracked API was made of, the oldest first, as the union has it.
#[allow(clippy::panic, reason = "the union's own releases are not in it")]
pub fn snapshots() -> &'static [(DocumentId, Api)] {
    static SNAPSHOTS: OnceLock<Vec<(DocumentId, Api)>> = OnceLock::new();
    SNAPSHOTS.get_or_init(|| {
        let at = |release: &DocumentId| match history::at(api(), &release.full()) {
            Ok(api) => (release.clone(), api),
            Err(problem) => panic!("{problem}"),
        };
        api().documents.iter().map(at).collect()
    })
}

/// Makes JSON from an API: the tracked one, if no other is given.
pub struct Maker {
    api: &'static Api,
    /// Whether each object has properties that nobody knows.
    unknown: bool,
    /// Whether navigation properties are there, and values are the awkward ones.
    full: bool,
    /// The entities that are being made: one that contains itself stops there.
    open: RefCell<Vec<&'static str>>,
    turn: Cell<usize>,
}

/// So deep are entities within entities; deeper ones are left out.
const DEPTH: usize = 3;

impl Maker {
    /// What one would send: plain values, nothing that only expands.
    pub fn plain() -> Self {
        let (open, turn) = (RefCell::default(), Cell::default());
        Self { api: api(), unknown: false, full: false, open, turn }
    }

    /// All that the API could answer: every property, each type's awkward values in turn.
    pub fn full() -> Self {
        Self { full: true, ..Self::plain() }
    }

    /// The same with three properties more in each object, that no document has.
    pub fn with_unknown(self) -> Self {
        Self { unknown: true, ..self }
    }

    /// The same of another API.
    pub fn of(self, api: &'static Api) -> Self {
        Self { api, ..self }
    }

    /// An object with every property that the entity has.
    pub fn entity(&self, name: &str) -> Value {
        let mut out = Map::new();
        if let Some(entity) = self.api.entities.get(name) {
            self.open.borrow_mut().push(&entity.name);
            for property in entity.properties.values() {
                if let Some(value) = self.property(property) {
                    out.insert(property.name.clone(), value);
                }
            }
            self.open.borrow_mut().pop();
        }
        if self.unknown {
            out.insert("AddedLater".to_owned(), json!("text"));
            out.insert("AddedLaterToo".to_owned(), json!({ "Id": 1.5, "Deep": [{ "Id": null }] }));
            out.insert("addedInLowerCase".to_owned(), json!([true, -1, ""]));
        }
        Value::Object(out)
    }

    fn property(&self, property: &Property) -> Option<Value> {
        if property.navigation && !self.full {
            return None;
        }
        if let Type::Entity(name) = property.ty.element() {
            let open = self.open.borrow();
            if open.len() >= DEPTH || open.contains(&name.as_str()) {
                return None;
            }
        }
        match property.limits.max_length {
            Some(longest) if property.ty == Type::String => Some(json!(text(longest))),
            _ => Some(self.value(&property.ty)),
        }
    }

    /// A value of a type.
    pub fn value(&self, ty: &Type) -> Value {
        match ty {
            Type::Entity(name) => self.entity(name),
            Type::Collection(of) => json!([self.value(of), self.value(of)]),
            Type::Nullable(of) => self.pick(&[self.value(of), Value::Null]),
            Type::Changed(current, _) => self.value(current),
            Type::Enumeration(name) => self.pick(&self.enumeration(name)),
            Type::Flags(name) => self.pick(&self.flags(name)),
            ty => self.pick(&values(ty)),
        }
    }

    /// The first value if plain; else each in turn.
    fn pick(&self, values: &[Value]) -> Value {
        let turn = self.turn.replace(self.turn.get() + 1);
        let index = if self.full { turn % values.len() } else { 0 };
        values[index].clone()
    }

    fn enumeration(&self, name: &str) -> Vec<Value> {
        let known = self.api.enumerations.get(name).into_iter().flat_map(|it| it.values.keys());
        known.map(|value| json!(value)).chain([json!("AddedInTheFuture")]).collect()
    }

    fn flags(&self, name: &str) -> Vec<Value> {
        let known = self.api.enumerations.get(name).into_iter().flat_map(|it| it.values.keys());
        let values: Vec<&String> = known.collect();
        let [first, second, ..] = values.as_slice() else { return vec![json!("")] };
        vec![json!(first), json!(format!("{first},{second}")), json!(format!("{first}, NewFlag"))]
    }
}

/// The values of a primitive type, the plainest first.
fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::Boolean => vec![json!(true), json!(false)],
        Type::Byte => vec![json!(1), json!(0), json!(255)],
        Type::Int32 => vec![json!(1), json!(0), json!(i32::MIN), json!(i32::MAX)],
        Type::Int64 => vec![json!(1), json!(i64::MIN), json!(i64::MAX)],
        Type::Decimal => vec![json!(1), json!(0.0125), json!(-12.5), json!(12_345_678.875)],
        Type::Single => vec![json!(1.5), json!("INF"), json!("-INF"), json!("NaN"), json!(0.25)],
        Type::Double => vec![json!(0.1), json!("INF"), json!("-INF"), json!("NaN"), json!(1e300)],
        Type::String => vec![
            json!(STRING),
            json!(""),
            json!("\u{1F600} \"quoted\" \\ tab\t line\n \u{0000} \u{2028}"),
            json!("null"),
        ],
        Type::DateTimeOffset => vec![
            json!("2026-02-01T00:00:00Z"),
            json!("9999-12-31T23:59:59.9999999Z"),
            json!("0001-01-01T00:00:00Z"),
            json!("2026-06-11T08:30:59.123+02:00"),
            json!("2026-06-11T08:30:59-09:30"),
        ],
        Type::Duration => {
            vec![json!("PT5S"), json!("P5DT13H43M24.960179S"), json!("PT0S"), json!("-PT1H")]
        }
        Type::Date => vec![json!("2026-02-01"), json!("9999-12-31"), json!("0001-01-01")],
        Type::Binary => vec![json!("3q2+7w=="), json!("3q2-7w"), json!("")],
        Type::TimeOfDay => vec![json!("08:00:00"), json!("23:59:59"), json!("00:00:00.1234567")],
        Type::Guid => vec![
            json!("01234567-89ab-cdef-0123-456789abcdef"),
            json!("00000000-0000-0000-0000-000000000000"),
        ],
        Type::Enumeration(_)
        | Type::Flags(_)
        | Type::Entity(_)
        | Type::Collection(_)
        | Type::Nullable(_)
        | Type::Changed(..) => Vec::new(),
    }
}
