//! Finding one row, counting rows, and lists of values that are empty or very long.

use percent_encoding::percent_decode_str;
use serde_json::json;
use tests::server::{Answer, Recorded, Server};
use threecx_xapi::entities::{Group, User};
use threecx_xapi::paging::Continuation;
use threecx_xapi::{Client, Error};

use crate::{always, client, only};

async fn users(count: usize) -> (Server, Client) {
    let rows: Vec<_> = (1..=count).map(|id| json!({ "Id": id })).collect();
    let server = always(Answer::json(200, &json!({ "value": rows })).bytes()).await;
    let client = client(&server);
    (server, client)
}

fn target(request: &Recorded) -> String {
    percent_decode_str(&request.target).decode_utf8().unwrap().into_owned()
}

#[tokio::test]
async fn the_first_row_is_one_request_for_one_row() {
    for (rows, expected) in [(0, None), (1, Some(1)), (3, Some(1))] {
        let (server, pbx) = users(rows).await;
        let request = pbx.users().list().filter(User::ENABLED).order_by(User::ID).top(50);
        let found = request.first().await.unwrap();
        assert_eq!(found.map(|user| user.id), expected.map(Some));
        let line = "/xapi/v1/Users?$filter=Enabled&$orderby=Id&$top=1";
        assert_eq!(only(&server).target, line);
        let page = pbx.users().list().await.unwrap();
        assert_eq!(page.first().and_then(|user| user.id), expected);
    }
}

#[tokio::test]
async fn exactly_one_row_is_neither_none_nor_several() {
    type Is = fn(&Error) -> bool;
    let rows: [(usize, Option<Is>, &str); 4] = [
        (0, Some(Error::is_not_found), "there is no such item"),
        (1, None, ""),
        (2, Some(Error::is_too_large), "there are several such items. Narrow the `filter`"),
        (9, Some(Error::is_too_large), "there are several such items"),
    ];
    for (count, is, part) in rows {
        let (server, pbx) = users(count).await;
        let found = pbx.groups().list().filter(Group::NAME.eq("Sales")).exactly_one().await;
        assert!(target(&only(&server)).ends_with("?$filter=Name eq 'Sales'&$top=2"));
        match (found, is) {
            (Ok(group), None) => assert_eq!(group.id, Some(1)),
            (Err(error), Some(is)) => {
                assert!(is(&error) && error.to_string().contains(part), "{error}");
                assert_eq!((error.operation(), error.status()), (Some("ListGroup"), None));
                assert!(!error.is_retryable() && !error.is_usage() && !error.is_decode());
            }
            (found, _) => panic!("{count}: {found:?}"),
        }
    }
}

#[tokio::test]
async fn a_number_of_rows_is_plain_text_and_comes_alone() {
    let rows = [
        ("text/plain", "42", Some(42)),
        ("text/plain; charset=utf-8", "\u{feff}0\r\n", Some(0)),
        (
            "application/json",
            r#"{"@odata.context":"x","value":18446744073709551615}"#,
            Some(u64::MAX),
        ),
        ("text/plain", "-1", None),
        ("text/plain", "many", None),
        ("text/plain", "", None),
        ("application/json", r#"{"value":null}"#, None),
        ("application/json", r#"{"value":[]}"#, None),
        ("text/html", "<html>42</html>", None),
    ];
    for (media_type, body, expected) in rows {
        let server = always(Answer::typed(200, media_type, body).bytes()).await;
        let request = client(&server).users().list();
        let request = request.filter(User::NUMBER.starts_with("1")).search("Ada").select(User::ID);
        let request = request.order_by(User::ID).expand(User::GROUPS).top(5).skip(5).count(true);
        let found = request.count_only().await;
        assert_eq!(found.as_ref().ok(), expected.as_ref(), "{body}: {found:?}");
        if let Err(error) = found {
            assert!(error.is_decode() && error.status() == Some(200), "{error}");
        }
        let sent = only(&server);
        let line = "/xapi/v1/Users/$count?$filter=startswith(Number,'1')&$search=Ada";
        assert_eq!(target(&sent), line);
        assert_eq!(sent.header("accept"), Some("*/*"));
    }
}

#[tokio::test]
async fn one_of_no_values_is_an_answer_without_a_request() {
    let (server, pbx) = users(3).await;
    let none = || User::ID.is_in(Vec::<i32>::new());
    for filter in [
        none(),
        none().and(User::ENABLED),
        User::ENABLED.into_filter_and(none()),
        none().or(none()),
    ] {
        let request = || pbx.users().list().filter(filter.clone()).select(User::ID);
        let page = request().await.unwrap();
        assert!(page.is_empty() && page.count.is_none() && page.asked_for(User::ID));
        assert!(!page.asked_for(User::NUMBER));
        assert_eq!(request().count(true).await.unwrap().count, Some(0));
        assert_eq!(request().all(9).await.unwrap(), []);
        assert_eq!(request().by_key().all(9).await.unwrap(), []);
        assert_eq!(request().first().await.unwrap(), None);
        assert!(request().exactly_one().await.unwrap_err().is_not_found());
        assert_eq!(request().count_only().await.unwrap(), 0);
        assert_eq!(request().send().await.unwrap().status(), 200);
        assert!(request().order_by(User::ID).by_key().await.unwrap_err().is_usage());
    }
    assert_eq!(server.recorded(), []);
    // Of these nothing is known beforehand.
    for filter in [!none(), none().or(User::ENABLED), User::GROUPS.any(|_| none())] {
        assert_eq!(pbx.users().list().filter(filter).await.unwrap().len(), 3);
    }
    let request = pbx.users().list().filter(none()).filter(User::ENABLED);
    assert_eq!(request.await.unwrap().len(), 3);
    assert_eq!(server.recorded().len(), 4);
}

/// `filter.and(…)` that begins with a property.
trait Begins {
    fn into_filter_and(self, other: threecx_xapi::Filter<User>) -> threecx_xapi::Filter<User>;
}

impl Begins for threecx_xapi::Property<User, bool> {
    fn into_filter_and(self, other: threecx_xapi::Filter<User>) -> threecx_xapi::Filter<User> {
        self.eq(true).and(other)
    }
}

/// A server that has a user for each number below 5000 and knows filters on `Number`, `$top` and `$skip`.
async fn numbered() -> (Server, Client) {
    let handler = |request: &Recorded| {
        let target = target(request);
        let option = |name: &str| {
            let (_, rest) = target.split_once(&format!("{name}="))?;
            Some(rest.split('&').next().unwrap_or_default().to_owned())
        };
        let number = |name: &str| option(name).and_then(|it| it.parse().ok());
        let list = option("$filter").unwrap();
        let (_, list) = list.split_once("Number in (").unwrap();
        let numbers = list.split(')').next().unwrap().split(',').map(|it| it.trim_matches('\''));
        let found = numbers.map(|it| it.parse::<usize>().unwrap()).filter(|it| *it < 5000);
        let page = found.skip(number("$skip").unwrap_or(0)).take(number("$top").unwrap_or(100));
        let rows: Vec<_> = page.map(|it| json!({ "Id": it, "Number": it.to_string() })).collect();
        Answer::json(200, &json!({ "value": rows }))
    };
    let server = Server::start(handler).await.unwrap();
    let client = client(&server);
    (server, client)
}

#[tokio::test]
async fn a_long_list_of_values_is_asked_for_in_parts() {
    let (server, pbx) = numbered().await;
    // Every third number is nobody's.
    let numbers = (0..1500).map(|it| if it % 3 == 0 { it + 5000 } else { it }.to_string());
    let numbers: Vec<String> = numbers.collect();
    let expected: Vec<i32> = (0..1500).filter(|it| it % 3 > 0).collect();
    let filter = || User::ENABLED.eq(true).and(User::NUMBER.is_in(&numbers));
    let whole = pbx.users().list().filter(filter()).prepare().unwrap().target().len();
    assert!(whole > 14_000, "{whole}");

    let request = pbx.users().list().filter(filter()).select(User::ID);
    let ids = |users: Vec<User>| users.into_iter().filter_map(|it| it.id).collect::<Vec<i32>>();
    assert_eq!(ids(request.clone().all(2000).await.unwrap()), expected);
    let sent = server.recorded();
    assert!(sent.iter().all(|it| it.target.len() < 2_100), "each fits every server");
    assert!(sent.len() <= 20, "{} requests", sent.len());
    assert!(sent.iter().all(|it| target(it).contains("$filter=Enabled eq true and Number in (")));

    // The bounds are those of all parts together.
    assert_eq!(ids(request.clone().top(300).all(2000).await.unwrap()), expected[..300]);
    assert!(request.clone().all(999).await.unwrap_err().is_too_large());

    // A walk goes on in the part that it has reached, page by page too.
    let mut found = Vec::new();
    let mut place: Option<Continuation> = None;
    loop {
        let mut items = request.clone().items().page_size(64);
        if let Some(place) = place.take() {
            items = items.resume(place.to_string().parse().unwrap());
        }
        let before = found.len();
        while let Some(user) = items.next().await.transpose().unwrap() {
            found.push(user);
            if found.len() == before + 77 {
                break;
            }
        }
        if found.len() == before {
            break;
        }
        place = Some(items.continuation());
    }
    assert_eq!(ids(found), expected);
    let mut pages = request.clone().pages().read_ahead(1);
    let mut found = Vec::new();
    while let Some(page) = pages.next().await.transpose().unwrap() {
        found.extend(page);
    }
    assert_eq!(ids(found), expected);
}

#[tokio::test]
async fn parts_have_no_order_and_no_place_in_common() {
    let (server, pbx) = numbered().await;
    let request = pbx.users().list().filter(User::NUMBER.is_in((0..1500).map(|it| it.to_string())));
    for request in [
        request.clone().order_by(User::ID),
        request.clone().by_key(),
        request.clone().skip(1),
        request.clone().count(true),
    ] {
        let mut items = request.items();
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("`order_by`"), "{error}");
        assert!(items.next().await.is_none());
    }
    assert_eq!(server.recorded(), []);
    // A short list takes them all.
    let request = pbx.users().list().filter(User::NUMBER.is_in(["7", "8"])).order_by(User::ID);
    assert_eq!(request.skip(1).count(true).all(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_request_can_be_sent_again_as_a_copy() {
    let (server, pbx) = users(1).await;
    let request = pbx.users().list().select(User::ID).top(7);
    let copy = request.clone().skip(7);
    assert_eq!(request.await.unwrap().len() + copy.await.unwrap().len(), 2);
    let sent: Vec<_> = server.recorded().into_iter().map(|it| it.target).collect();
    let first = "/xapi/v1/Users?$select=Id&$top=7";
    assert_eq!(sent, [first.to_owned(), format!("{first}&$skip=7")]);
}
