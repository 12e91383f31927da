//! What entities keep beside the properties of their type.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Person, Pet, read};
use crate::entity::{Entity, Kept};
use crate::json::{self, Allowance, Failure, Misfit, to_body};
use crate::property::{Navigation, Property};

const PETS: Navigation<Person, Vec<Pet>> = Navigation::new("Pets");
const MANAGER: Property<Person, Person> = Property::new("Manager");
const NUMBER: Property<Person, String> = Property::new("Number");
const COLOR: Property<Person, String> = Property::new("Color");

fn read_answer<T: DeserializeOwned>(json: &[u8]) -> Result<(T, Vec<Misfit>), serde_json::Error> {
    let mut misfits = Vec::new();
    let reader = |text: &str| serde_json::from_str(text);
    match json::read_answer(json, Allowance::default(), &mut misfits, reader) {
        Ok(value) => Ok((value, misfits)),
        Err(Failure::Json(error)) => Err(error),
        Err(Failure::Excess(excess)) => panic!("{excess:?}"),
    }
}

fn answer(json: &str) -> Person {
    read_answer(json.as_bytes()).unwrap().0
}

fn written(person: &Person) -> Value {
    serde_json::to_value(person).unwrap()
}

#[test]
fn an_entity_that_keeps_nothing_pays_one_pointer() {
    assert_eq!(size_of::<Kept>(), size_of::<usize>());
}

#[test]
fn unknown_properties_are_kept_and_written_at_any_depth() {
    let json = json!({
        "Id": 1, "Color": "red", "Sizes": [1, 2.5, null], "Nothing": null,
        "Manager": { "Number": "100", "New": { "deep": [{ "x": true }] } },
        "Pets": [{ "Name": "Rex", "Age": 3 }, { "Age": {} }],
        "Note@Org.Vocabulary": "kept",
    });
    for person in [answer(&json.to_string()), read(&json.to_string())] {
        assert_eq!(written(&person), json);
        let names: Vec<&str> = person.additional().into_keys().collect();
        assert_eq!(names, ["Color", "Note@Org.Vocabulary", "Nothing", "Sizes"]);
        assert_eq!(person.manager.as_ref().unwrap().additional()["New"]["deep"][0]["x"], true);
    }
}

#[test]
fn a_kept_value_goes_to_the_pbx_as_it_came() {
    let json = r#"{"Big":123456789012345678901234567890.10,"Huge":1e999,"Text":"\u0041"}"#;
    let person = answer(json);
    assert_eq!(String::from_utf8(to_body("it", &person).unwrap()).unwrap(), json);
    assert_eq!(person.additional()["Text"], "A");
    assert_eq!(person.additional()["Huge"], "1e999");
}

#[test]
fn control_information_is_neither_kept_nor_written() {
    let control = r#"{"@odata.context":"x","@odata.etag":"y","Pets@odata.count":2,"Pets@odata.context":"z","Pets@count":1,"@id":1}"#;
    assert_eq!(written(&answer(control)), json!({}));
}

#[test]
fn one_wrong_value_costs_that_value_alone() {
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str, &'a str)]);
    let rows: [Row<'_>; 9] = [
        (r#"{"Id":"one","Number":"101"}"#, &[("Id", "i32", "\"one\"")]),
        (r#"{"Number":7,"Id":1}"#, &[("Number", "a string", "7")]),
        (
            r#"{"Id":99999999999999999999,"Pets":{}}"#,
            &[("Id", "i32", "99999999999999999999"), ("Pets", "a sequence", "{}")],
        ),
        (r#"{"Manager":{"Id":[],"Number":"100"},"Id":2}"#, &[("Manager.Id", "i32", "[]")]),
        (
            r#"{"Pets":[{"Name":"Rex"},{"Name":false,"Age":1},{"Name":{}}]}"#,
            &[("Pets[1].Name", "a string", "false"), ("Pets[2].Name", "a string", "{}")],
        ),
        (
            r#"{"Pets":[{"Name":"Rex"},5]}"#,
            &[("Pets", "an object of type Pbx.Pet", r#"[{"Name":"Rex"},5]"#)],
        ),
        (
            r#"{"since":"yesterday"}"#,
            &[(
                "since",
                "a date and time with an offset, such as 2026-02-01T00:00:00Z",
                "\"yesterday\"",
            )],
        ),
        (r#"{"Id":1,"Id":"two"}"#, &[("Id", "i32", "\"two\"")]),
        (r#"{"Id":"one","Id":2}"#, &[]),
    ];
    for (json, expected) in rows {
        let (person, misfits) = read_answer::<Person>(json.as_bytes()).unwrap();
        let unread = person.unread();
        let found: Vec<_> = unread.iter().map(|it| (it.path(), it.expected(), it.json())).collect();
        assert_eq!(found, expected, "{json}");
        assert_eq!(written(&person), serde_json::from_str::<Value>(json).unwrap(), "{json}");
        if !expected.is_empty() {
            assert_eq!(misfits[0].path, format!("$.{}", expected[0].0));
            // Who reads something else than an answer gets an error.
            assert!(serde_json::from_str::<Person>(json).is_err(), "{json}");
            assert!(crate::json::from_str::<Person>(json).is_err(), "{json}");
        }
    }
}

#[test]
fn wrong_values_are_reported_once_for_each_property() {
    let rows: Vec<String> =
        (0..50).map(|i| format!(r#"{{"Id":"{i}","Pets":[{{"Name":1}}]}}"#)).collect();
    let json = format!(r#"{{"value":[{}]}}"#, rows.join(","));
    let (page, misfits) = read_answer::<crate::Page<Person>>(json.as_bytes()).unwrap();
    assert_eq!(page.len(), 50);
    let told: Vec<_> = misfits.iter().map(|it| (&*it.path, &*it.expected, it.times)).collect();
    assert_eq!(told, [("$.value[0].Id", "i32", 50), ("$.value[0].Pets[0].Name", "a string", 50)]);
}

#[test]
fn what_is_no_entity_or_no_json_stays_an_error() {
    for json in [
        "5",
        "[]",
        "\"x\"",
        r#"{"Id":"one""#,
        r#"{"Id":"one"}}"#,
        r#"{"Id":"one","x":tru}"#,
        "<html>",
        "",
    ] {
        assert!(read_answer::<Person>(json.as_bytes()).is_err(), "{json}");
    }
    let page = r#"{"value":[{"Id":"one"},5]}"#;
    let error = read_answer::<crate::Page<Person>>(page.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("expected an object of type Pbx.Person"), "{error}");
}

#[test]
fn deep_and_wrong_answers_are_read_in_little_space() {
    // As deep as JSON is read, and each level wrong.
    let deep = |levels: usize| {
        let open = r#"{"Id":"x","Manager":"#.repeat(levels);
        format!("{open}{{}}{}", "}".repeat(levels))
    };
    let person = answer(&deep(100));
    assert_eq!(person.unread().len(), 34);
    assert_eq!(written(&person), serde_json::from_str::<Value>(&deep(100)).unwrap());
    assert!(
        read_answer::<Person>(deep(100_000).as_bytes()).is_ok_and(|(it, _)| it.manager.is_some())
    );
}

#[test]
fn a_value_that_is_set_wins_over_one_that_came() {
    let mut person = answer(r#"{"Id":"one","Number":7}"#);
    person.id = Some(1);
    assert_eq!(written(&person), json!({ "Id": 1, "Number": 7 }));
    let paths = |it: &Person| it.unread().iter().map(|it| it.path().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&person), ["Number"]);
    let person = person.unset(NUMBER);
    assert_eq!(written(&person), json!({ "Id": 1 }));
    assert_eq!(paths(&person), [""; 0]);
}

#[test]
fn any_property_is_read_and_set_by_its_name() {
    let person = answer(r#"{"Id":"one","Number":"101","Color":"crimson","Pets":[{"Name":"Rex"}]}"#);
    assert_eq!(person.get(NUMBER).unwrap().as_deref(), Some("101"));
    assert_eq!(person.get(&COLOR).unwrap().as_deref(), Some("crimson"));
    assert_eq!(person.get(PETS).unwrap().unwrap().len(), 1);
    assert_eq!(person.get(MANAGER).unwrap(), None);
    // It came, though not as the type knows it.
    assert_eq!(person.get(Property::<Person, String>::new("Id")).unwrap().as_deref(), Some("one"));
    let error = person.get(Property::<Person, i32>::new("Color")).unwrap_err();
    assert!(error.is_decode() && !error.to_string().contains("crimson"), "{error}");
    assert_eq!(error.json_path(), Some("$.Color"));

    let person = person.set(COLOR, "blue".to_owned()).unwrap();
    let person = person.set(Property::<Person, i32>::new("Id"), 5).unwrap();
    let person = person.set(NUMBER, "102".to_owned()).unwrap();
    assert_eq!((person.id, person.number.as_deref()), (Some(5), Some("102")));
    assert_eq!(person.additional()["Color"], "blue");
    assert!(person.unread().is_empty());
    assert!(person.set(Property::<Person, i32>::new("Number"), 5).unwrap_err().is_usage());
}

#[test]
fn a_null_is_written_at_any_depth_and_gives_way_to_a_value() {
    let person = Person { number: Some("101".into()), ..Person::default() };
    let manager = Person::default().null(NUMBER).null(COLOR);
    let person = Person { manager: Some(Box::new(manager)), ..person }.null(NUMBER);
    assert_eq!(person.number, None);
    let expected = json!({ "Manager": { "Number": null, "Color": null }, "Number": null });
    assert_eq!(written(&person), expected);
    assert!(person.unread().is_empty());
    assert_ne!(person, Person { manager: person.manager.clone(), ..Person::default() });
    let person = Person { number: Some("102".into()), ..person };
    assert_eq!(written(&person)["Number"], "102");
    assert_eq!(written(&Person::default().null(NUMBER).unset(NUMBER)), json!({}));
}

#[test]
fn changes_hold_what_differs_and_nulls_for_what_is_gone() {
    // Before, after, and what a PATCH sends.
    let rows = [
        (json!({ "Id": 1, "Number": "1" }), json!({ "Id": 1, "Number": "1" }), json!({})),
        (
            json!({ "Id": 1, "Number": "1" }),
            json!({ "Id": 1, "Number": "2" }),
            json!({ "Number": "2" }),
        ),
        (json!({ "Number": "1" }), json!({}), json!({ "Number": null })),
        (json!({}), json!({ "Number": "1" }), json!({ "Number": "1" })),
        (
            json!({ "Pets": [{ "Name": "a" }, { "Name": "b", "Age": 1 }] }),
            json!({ "Pets": [{ "Name": "b", "Age": 1 }] }),
            json!({ "Pets": [{ "Name": "b", "Age": 1 }] }),
        ),
        (
            json!({ "Manager": { "Id": 1, "Number": "1", "New": 5 } }),
            json!({ "Manager": { "Id": 2, "New": 5 } }),
            json!({ "Manager": { "Id": 2, "New": 5, "Number": null } }),
        ),
        (
            json!({ "Manager": { "Manager": { "Id": 1, "Number": "1" } } }),
            json!({ "Manager": { "Manager": { "Number": "1" } } }),
            json!({ "Manager": { "Manager": { "Id": null, "Number": "1" } } }),
        ),
        (json!({ "Manager": { "Id": 1 } }), json!({}), json!({ "Manager": null })),
        (
            json!({ "Color": "red", "Same": { "a": 1 }, "Gone": 1 }),
            json!({ "Color": "blue", "Same": { "a": 1 } }),
            json!({ "Color": "blue", "Gone": null }),
        ),
        (
            json!({ "Id": "unread" }),
            json!({ "Id": "unread", "Number": "1" }),
            json!({ "Number": "1" }),
        ),
    ];
    for (before, after, expected) in rows {
        let [before, after] = [before, after].map(|json| answer(&json.to_string()));
        assert_eq!(written(&after.changes_from(&before).unwrap()), expected);
    }
    let before = answer(r#"{"Number":"1"}"#);
    let after = before.clone().null(NUMBER).null(COLOR);
    let changes = after.changes_from(&before).unwrap();
    assert_eq!(written(&changes), json!({ "Number": null, "Color": null }));
    assert_eq!(before.changes_from(&before).unwrap(), Person::default());
}

#[test]
fn debug_shows_the_names_of_what_is_kept_and_no_value() {
    let json = r#"{"Id":"canary","Token":"canary","Pets":[],"Pets@odata.count":7,"Pets@odata.nextLink":"canary"}"#;
    let person = answer(json).null(NUMBER);
    assert_eq!(
        format!("{person:?}"),
        "Person { Id: [unread], Number: null, Pets: [], Token: [not shown], Pets@odata.count: 7, Pets@odata.nextLink: [not shown] }"
    );
    assert_eq!(format!("{:?}", person.kept), r#"{"Id", "Number", "Token"}"#);
    let unread = format!("{:?} {:?}", person.unread(), person.rest_of(PETS));
    assert!(!unread.contains("canary"), "{unread}");
}

#[test]
fn a_list_that_came_in_part_is_recognised_and_not_sent() {
    let json = r#"{"Pets":[{"Name":"a"}],"Pets@odata.count":3,"Pets@odata.nextLink":"/x?$skip=1"}"#;
    let person = answer(json);
    assert_eq!(person.count_of(PETS), Some(3));
    assert!(person.rest_of(PETS).is_some());
    // Not even inside of another entity, nor among the changes.
    let outer = Person { manager: Some(Box::new(person.clone())), ..Person::default() };
    let changes = person.changes_from(&Person::default()).unwrap();
    let inner = outer.changes_from(&Person::default()).unwrap();
    for refused in [&person, &outer, &changes, &inner] {
        let error = to_body("the body", refused).unwrap_err();
        assert!(
            error.is_usage() && error.to_string().contains("a part of the list `Pets`"),
            "{error}"
        );
    }
    // What doesn't have the list can be sent.
    let others = Person { number: Some("1".into()), ..person.clone() };
    assert!(to_body("it", &others.changes_from(&person).unwrap()).is_ok());
    assert!(to_body("it", &person.clone().unset(PETS)).is_ok());
    let whole = person.clone().whole(PETS);
    assert!(to_body("it", &whole).is_ok() && whole.rest_of(PETS).is_none());
    assert_eq!(whole, person);
}

#[test]
fn the_rest_of_a_list_makes_it_whole() {
    let json = r#"{"Pets":[{"Name":"a","Age":1}],"Pets@odata.nextLink":"/x"}"#;
    let mut person = answer(json);
    let rest: Vec<Pet> = serde_json::from_str(r#"[{"Name":"b","Age":2}]"#).unwrap();
    crate::entity::extend(&mut person, PETS, &rest).unwrap();
    assert_eq!(
        written(&person),
        json!({ "Pets": [{ "Name": "a", "Age": 1 }, { "Name": "b", "Age": 2 }] })
    );
    assert!(to_body("it", &person).is_ok());
}
