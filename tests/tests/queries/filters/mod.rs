//! Filters: what they print, in a table that is read by eye.

mod structure;
mod values;

use std::fmt::Debug;
use std::str::FromStr;

use threecx_xapi::edm::{Date, DateTimeOffset, Decimal, Duration, Guid, TimeOfDay};
use threecx_xapi::entities::{AuditLog, User, UserGroup};
use threecx_xapi::enums::UserTag;
use threecx_xapi::filter::{Condition, Filter};
use threecx_xapi::{Client, filter::Path};

/// A filter with what it must print, and with how that stands in a query.
struct Row {
    said: String,
    text: &'static str,
    query: &'static str,
}

fn row<E>(filter: Filter<E>, text: &'static str, query: &'static str) -> Row {
    Row { said: filter.to_string(), text, query }
}

fn check(rows: Vec<Row>) {
    let pbx = Client::builder("http://127.0.0.1:1").build().unwrap();
    for Row { said, text, query } in rows {
        assert_eq!(said, text);
        let request = pbx.users().list().filter(Filter::raw(said)).prepare().unwrap();
        assert_eq!(request.target(), format!("/xapi/v1/Users?$filter={query}"), "{text}");
    }
}

fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTimeOffset {
    parsed(text)
}

fn time(text: &str) -> TimeOfDay {
    parsed(text)
}

fn duration(text: &str) -> Duration {
    parsed(text)
}

fn decimal(text: &str) -> Decimal {
    parsed(text)
}

fn guid(text: &str) -> Guid {
    parsed(text)
}

fn day(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn a() -> Filter<User> {
    User::ID.eq(1)
}

fn b() -> Filter<User> {
    User::ID.eq(2)
}

fn c() -> Filter<User> {
    User::ID.eq(3)
}

/// A condition with a lambda of its own, to be put into another.
fn group_tags(group: Path<User, UserGroup>) -> Filter<User> {
    group.get(UserGroup::TAGS).any(|tag| tag.ne(UserTag::MS))
}

#[test]
fn a_filter_can_be_stored_combined_compared_and_sent() {
    let stored: Vec<Filter<User>> =
        vec![a(), User::NUMBER.starts_with("1"), User::ENABLED.into_filter()];
    let all = stored.iter().cloned().reduce(|all, one| all.and(one)).unwrap();
    assert_eq!(all.to_string(), "Id eq 1 and startswith(Number,'1') and Enabled");
    assert_eq!(all, a().and(User::NUMBER.starts_with("1")).and(User::ENABLED));
    assert_ne!(a(), b());
    let lambda = || User::GROUPS.any(|group| group.get(UserGroup::ID).eq(1));
    assert_eq!(lambda(), lambda(), "what a variable is called is no difference");
    let elsewhere = std::thread::spawn(move || all.to_string()).join().unwrap();
    assert_eq!(elsewhere, "Id eq 1 and startswith(Number,'1') and Enabled");
    assert_eq!(format!("{:?}", a()), "Filter(Id eq 1)");
    assert_eq!(format!("{:?}", User::ID + 1), "Expression(Id add 1)");
}

#[test]
fn a_filter_is_of_the_entity_that_an_operation_answers_with() {
    let pbx = Client::builder("http://127.0.0.1:1").build().unwrap();
    let since = DateTimeOffset::utc(2026, 2, 1, 0, 0, 0).unwrap();
    // One of the operations that declare `$filter` but neither `$select` nor `$orderby`.
    let request = pbx.activity_log().get_logs(since, since, 10, 0).filter(Filter::raw("A"));
    assert!(request.prepare().unwrap().target().ends_with("?$filter=A"));
    let _typed: Filter<AuditLog> = AuditLog::TIMESTAMP.ge(since);
}
