//! What the generated methods take for values, and what the compiler finds out by itself.

use threecx_xapi::entities::{Group, Period, Queue, Schedule, User, UserGroup};
use threecx_xapi::enums::{OfficeHoursBits, UserTag};
use threecx_xapi::resources::users::GetDuplicatedEmails;
use threecx_xapi::{Client, Entity, Request};

fn client() -> Client {
    Client::builder("http://localhost").token("t").build().unwrap()
}

#[test]
fn lists_of_texts_take_what_becomes_a_text() {
    let pbx = client();
    let emails = |request: Request<GetDuplicatedEmails>| request.operation().emails.clone();
    let texts = ["a".to_owned(), "b".to_owned()];
    let rows = [
        emails(pbx.users().get_duplicated_emails(["a", "b"])),
        emails(pbx.users().get_duplicated_emails(texts.clone())),
        emails(pbx.users().get_duplicated_emails(&texts)),
        emails(pbx.users().get_duplicated_emails(texts.to_vec())),
        emails(pbx.users().get_duplicated_emails(texts.iter().filter(|it| !it.is_empty()))),
        emails(pbx.users().get_duplicated_emails("a,b".split(','))),
    ];
    for row in rows {
        assert_eq!(row, texts);
    }
    let none = pbx.users().get_duplicated_emails(None::<String>);
    assert!(none.operation().emails.is_empty());
}

#[test]
fn other_lists_keep_the_type_of_their_items() {
    let pbx = client();
    // Numbers become what the list holds, and so does what is parsed.
    let ids = pbx.users().bulk_update([1, 2], User::default());
    assert_eq!(ids.operation().ids, [1, 2]);
    let ids = pbx.users().batch_delete(["7".parse().unwrap()]);
    assert_eq!(ids.operation().ids, [7]);
    let ids = pbx.users().batch_delete([User::default().id(5)].iter().filter_map(|user| user.id));
    assert_eq!(ids.operation().ids, [5]);
    assert!(pbx.users().batch_delete([]).operation().ids.is_empty());
    assert!(pbx.users().batch_delete(Vec::new()).operation().ids.is_empty());

    let user = User::default()
        .groups([3, 4].map(|id| UserGroup::default().group_id(id)))
        .tags([UserTag::MS])
        .office_hours_props([OfficeHoursBits::GlobalSchedule]);
    assert_eq!(user.groups.as_deref().map(<[_]>::len), Some(2));
    assert_eq!(user.office_hours_props.as_deref().map(<[_]>::len), Some(1));
    assert_eq!(User::default().groups([]).groups, Some(Vec::new()), "an empty list is a value");
}

#[test]
fn a_parsed_value_needs_no_type() {
    let period = Period::default().start("09:00:00".parse().unwrap());
    let hours = Schedule::default().periods([period.stop("17:00:00".parse().unwrap())]);
    assert_eq!(
        serde_json::to_string(&Group::default().hours(hours)).unwrap(),
        r#"{"Hours":{"Periods":[{"Start":"09:00:00","Stop":"17:00:00"}]}}"#
    );
    assert_eq!(User::default().id("12".parse().unwrap()).id, Some(12));
}

#[test]
fn a_value_that_may_be_absent_leaves_its_property_as_it_is() {
    let (mobile, absent) = (Some("555".to_owned()), None::<String>);
    let row = (Some(true), Some(["a", "b"]), None::<Vec<UserGroup>>);
    let user = User::default()
        .last_name("Lovelace")
        .maybe(User::first_name, Some("Ada"))
        .maybe(User::mobile, mobile.as_ref())
        .maybe(User::last_name, absent.as_deref())
        .maybe(User::email_address, absent)
        .maybe(User::enabled, row.0)
        .maybe(User::id, "x".parse().ok())
        .maybe(User::groups, row.2);
    assert_eq!(
        serde_json::to_string(&user).unwrap(),
        r#"{"Enabled":true,"FirstName":"Ada","LastName":"Lovelace","Mobile":"555"}"#
    );
    let request = client().users().list().maybe(Request::top, Some(5)).maybe(Request::skip, None);
    assert!(request.prepare().unwrap().target().ends_with("/Users?$top=5"));
    let emails = client().users().get_duplicated_emails(row.1.into_iter().flatten());
    assert_eq!(emails.operation().emails, ["a", "b"]);
    assert_eq!(Queue::default().maybe(Queue::name, None::<&str>), Queue::default());
}
