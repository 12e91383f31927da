//! Reading, writing and showing the properties of a type.

use serde::ser::SerializeMap;
use serde_json::Value;

use super::writer::{Writer, count};
use super::*;
use crate::edm::DateTimeOffset;

mod kept;

#[derive(Default, Clone)]
struct Person {
    id: Option<i32>,
    manager: Option<Box<Person>>,
    number: Option<String>,
    pets: Option<Vec<Pet>>,
    pin: Option<String>,
    since: Option<DateTimeOffset>,
    kept: Kept,
}

impl Table for Person {
    const INFO: &'static EntityInfo =
        &EntityInfo::new("Pbx.Person", &["Id", "Manager", "Number", "Pets", "VMPIN", "since"])
            .with_secrets(&["VMPIN"]);

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, R: PropertyReader<'de>>(&mut self, index: usize, reader: &mut R) {
        match index {
            0 => reader.property(&mut self.id),
            1 => reader.property(&mut self.manager),
            2 => reader.property(&mut self.number),
            3 => reader.list(&mut self.pets),
            4 => reader.property(&mut self.pin),
            5 => reader.property(&mut self.since),
            _ => {}
        }
    }

    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
        out.kept(&self.kept);
        out.property("Id", &self.id);
        out.property("Manager", &self.manager);
        out.property("Number", &self.number);
        out.property("Pets", &self.pets);
        out.property("VMPIN", &self.pin);
        out.property("since", &self.since);
    }
}

/// An open type: the API lets it have properties of any name.
#[derive(Default, Clone)]
struct Pet {
    name: Option<String>,
    kept: Kept,
}

impl Table for Pet {
    const INFO: &'static EntityInfo = &EntityInfo::new("Pbx.Pet", &["Name"]).open();

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, R: PropertyReader<'de>>(&mut self, index: usize, reader: &mut R) {
        if index == 0 {
            reader.property(&mut self.name);
        }
    }

    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
        out.kept(&self.kept);
        out.property("Name", &self.name);
    }
}

/// A type without properties.
#[derive(Default)]
struct Nothing {
    kept: Kept,
}

impl Table for Nothing {
    const INFO: &'static EntityInfo = &EntityInfo::new("Nothing", &[]);

    fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    fn read<'de, R: PropertyReader<'de>>(&mut self, _: usize, _: &mut R) {}

    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P) {
        out.kept(&self.kept);
    }
}

entity_serde!(Person, Pet, Nothing);

#[test]
fn entities_are_equal_if_every_property_is() {
    let other = [
        r#"{"Id":2}"#,
        r#"{"Manager":{"Id":8}}"#,
        r#"{"Number":null}"#,
        r#"{"Pets":[{"Name":"Rex"}]}"#,
        r#"{"VMPIN":"other"}"#,
        r#"{"since":null}"#,
        r#"{"Unknown":1}"#,
    ];
    for other in other {
        let changed = FULL.strip_suffix('}').unwrap().to_owned() + "," + &other[1..];
        assert_ne!(read(&changed), full(), "{other}");
        assert_ne!(full(), read(&changed), "{other}");
        assert_eq!(read(&changed), read(&changed), "{other}");
    }
    assert_eq!(Person::default(), Person::default());
    assert_ne!(Person::default(), full());
}

#[test]
fn a_list_takes_no_memory_for_entries_that_it_lacks() {
    for (json, capacity) in [(r#"{"Pets":[]}"#, 0), (r#"{"Pets":[{"Name":"Rex"}]}"#, 1)] {
        assert_eq!(read(json).pets.map(|it| it.capacity()), Some(capacity), "{json}");
    }
    let two = read(r#"{"Pets":[{"Name":"Rex"},{"Name":"Mia"}]}"#).pets.unwrap();
    assert_eq!(
        two.iter().map(|it| it.name.as_deref()).collect::<Vec<_>>(),
        [Some("Rex"), Some("Mia")]
    );
}

fn read(json: &str) -> Person {
    serde_json::from_str(json).unwrap()
}

fn full() -> Person {
    Person {
        id: Some(1),
        manager: Some(Box::new(Person { number: Some("100".into()), ..Person::default() })),
        number: Some("101".into()),
        pets: Some(vec![serde_json::from_str(r#"{"Name":"Rex","Age":3}"#).unwrap()]),
        pin: Some("canary".into()),
        since: "2026-02-01T00:00:00Z".parse().ok(),
        kept: Kept::default(),
    }
}

const FULL: &str = r#"{"Id":1,"Manager":{"Number":"100"},"Number":"101","Pets":[{"Name":"Rex","Age":3}],"VMPIN":"canary","since":"2026-02-01T00:00:00Z"}"#;

#[test]
fn what_is_set_is_written_in_order_and_read_back() {
    assert_eq!(serde_json::to_string(&full()).unwrap(), FULL);
    assert_eq!(read(FULL), full());
    assert_eq!(serde_json::to_string(&Person::default()).unwrap(), "{}");
    assert_eq!(serde_json::to_string(&Nothing::default()).unwrap(), "{}");
}

#[test]
fn every_order_of_the_properties_is_read_alike() {
    let Value::Object(object) = serde_json::from_str(FULL).unwrap() else { panic!("an object") };
    let entries: Vec<_> = object.iter().collect();
    // Rotations and their mirror images, twice over, so that each order meets the hints of another.
    for turn in 0..4 * entries.len() {
        let mut order = entries.clone();
        order.rotate_left(turn % entries.len());
        if turn % 2 == 1 {
            order.reverse();
        }
        for absent in 0..=entries.len() {
            let kept: Vec<_> = order
                .iter()
                .enumerate()
                .filter(|(place, _)| *place != absent)
                .map(|(_, (key, value))| format!("{key:?}:{value}"))
                .collect();
            let person = read(&format!("{{{}}}", kept.join(",")));
            let mut expected = object.clone();
            if let Some((key, _)) = order.get(absent) {
                expected.remove(*key);
            }
            assert_eq!(serde_json::to_value(&person).unwrap(), Value::Object(expected));
        }
    }
}

#[test]
fn hints_of_one_order_do_not_disturb_another_on_other_threads() {
    const MIRRORED: &str = r#"{"since":"2026-02-01T00:00:00Z","VMPIN":"canary","Pets":[{"Age":3,"Name":"Rex"}],"Number":"101","Manager":{"Number":"100"},"Id":1}"#;
    std::thread::scope(|scope| {
        for json in [FULL, MIRRORED, FULL, MIRRORED] {
            scope.spawn(move || {
                for _ in 0..500 {
                    assert_eq!(read(json), full());
                }
            });
        }
    });
}

#[test]
fn null_absent_and_annotations_leave_it_as_it_was() {
    for json in [
        "{}",
        r#"{"Id":null,"Number":null,"Pets":null}"#,
        r#"{"@odata.context":"x","Manager@odata.navigationLink":"y","@odata.etag":null,"@id":1}"#,
    ] {
        assert!(read(json) == Person::default(), "{json}");
    }
}

#[test]
fn an_escaped_key_is_found_and_the_last_of_two_counts() {
    let person = read(r#"{"I\u0064":1,"Number":"1","Id":2,"Number":null}"#);
    assert_eq!((person.id, person.number), (Some(2), None));
}

#[test]
fn every_way_of_reading_json_works() {
    assert_eq!(serde_json::from_slice::<Person>(FULL.as_bytes()).unwrap(), full());
    assert_eq!(serde_json::from_reader::<_, Person>(FULL.as_bytes()).unwrap(), full());
    let value = serde_json::to_value(full()).unwrap();
    assert_eq!(serde_json::from_value::<Person>(value).unwrap(), full());
}

#[test]
fn a_wrong_type_is_an_error_that_names_the_type_expected() {
    let rows = [
        ("[]", "an object of type Pbx.Person"),
        ("null", "an object of type Pbx.Person"),
        (r#"{"Id":"one"}"#, "expected i32"),
        (r#"{"Manager":3}"#, "an object of type Pbx.Person"),
        (r#"{"Pets":{}}"#, "a sequence"),
        (r#"{"since":"yesterday"}"#, "such as 2026-02-01T00:00:00Z"),
        (r#"{"Id":1"#, "EOF"),
    ];
    for (json, expected) in rows {
        let error = serde_json::from_str::<Person>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn debug_shows_what_is_set_and_no_secret() {
    assert_eq!(
        format!("{:?}", full()),
        r#"Person { Id: 1, Manager: Person { Number: "100" }, Number: "101", Pets: [Pet { Name: "Rex", Age: [not shown] }], VMPIN: [redacted], since: 2026-02-01T00:00:00Z }"#
    );
    assert_eq!(format!("{:?}", Person::default()), "Person");
    assert_eq!(format!("{:?}", Nothing::default()), "Nothing");
}

#[test]
fn the_first_error_of_writing_is_reported_and_ends_it() {
    /// A map that refuses its second entry and counts what it is asked for.
    struct Refusing(usize);

    impl SerializeMap for Refusing {
        type Ok = ();
        type Error = serde_json::Error;

        fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Self::Error> {
            self.0 += 1;
            if self.0 == 2 {
                return Err(serde::ser::Error::custom("the second is refused"));
            }
            Ok(())
        }

        fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Self::Error> {
            Ok(())
        }

        fn end(self) -> Result<(), Self::Error> {
            Ok(())
        }
    }

    let mut out = Writer::new(Refusing(0), false, &[]);
    let full = full();
    full.visit(&mut out);
    assert_eq!(out.result.unwrap_err().to_string(), "the second is refused");
    assert_eq!(out.map.0, 2);
}

#[test]
fn the_length_told_to_binary_formats_is_the_entry_count() {
    let partly = Person { pets: Some(vec![]), ..Person::default() };
    fn agrees(entity: &impl Entity) {
        let written = serde_json::to_value(entity).unwrap();
        assert_eq!(count(entity), written.as_object().unwrap().len());
    }
    agrees(&Person::default());
    agrees(&partly);
    agrees(&full());
    agrees(&full().pets.unwrap()[0]);
    agrees(&Nothing::default());
}
