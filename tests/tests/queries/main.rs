//! The query options beside `$filter`: what they say on the wire, and what the answer says of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod filter_reader;
mod filters;
mod options;

use serde_json::json;
use tests::server::{Answer, Server};
use threecx_xapi::entities::{Group, Queue, Rights, Schedule, User, UserGroup};
use threecx_xapi::resources::users::{GetUser, ListUser};
use threecx_xapi::{Client, Request};

fn users() -> Request<ListUser> {
    Client::builder("http://127.0.0.1:1").build().unwrap().users().list()
}

fn user() -> Request<GetUser> {
    Client::builder("http://127.0.0.1:1").build().unwrap().users().get(12)
}

/// The options of a request, decoded of what a browser would show decoded.
fn options<O: threecx_xapi::operation::Operation>(request: &Request<O>) -> String {
    let prepared = request.prepare().unwrap();
    let (_, query) = prepared.target().split_once('?').unwrap_or_default();
    let rows = [("%20", " "), ("%27", "'"), ("%22", "\""), ("%3B", ";"), ("%29", ")")];
    rows.iter().fold(query.to_owned(), |text, (code, plain)| text.replace(code, plain))
}

#[test]
fn select_takes_properties_and_paths_each_once() {
    let rows = [
        (users().select(User::ID), "$select=Id"),
        (users().select([User::NUMBER, User::MOBILE]), "$select=Number,Mobile"),
        (users().select((User::ID, User::NUMBER, User::ENABLED)), "$select=Id,Number,Enabled"),
        (users().select(User::ID).select((User::ID, User::NUMBER)), "$select=Id,Number"),
        (users().select((User::ID, User::HOURS.get(Schedule::TYPE))), "$select=Id,Hours/Type"),
        (users().select(vec![User::NUMBER; 2]), "$select=Number"),
        (users().select("Id,NewName"), "$select=Id,NewName"),
    ];
    for (request, expected) in rows {
        assert_eq!(options(&request), expected);
    }
}

#[test]
fn expand_nests_with_options_of_its_own() {
    let rows = [
        (users().expand(User::GROUPS), "$expand=Groups"),
        (users().expand([User::GROUPS, User::GROUPS]), "$expand=Groups"),
        (users().expand((User::GROUPS, User::GREETINGS)), "$expand=Groups,Greetings"),
        (users().expand(User::GROUPS.expand(UserGroup::RIGHTS)), "$expand=Groups($expand=Rights)"),
        (
            users().expand(User::GROUPS.select(UserGroup::NAME).expand(UserGroup::RIGHTS)),
            "$expand=Groups($select=Name;$expand=Rights)",
        ),
        (
            users().expand(User::GROUPS.expand(UserGroup::RIGHTS.select(Rights::ROLE_NAME))),
            "$expand=Groups($expand=Rights($select=RoleName))",
        ),
        (
            users().expand(
                User::GROUPS
                    .filter(UserGroup::NAME.eq("a;b)"))
                    .order_by((UserGroup::NAME.desc(), UserGroup::ID))
                    .top(5)
                    .skip(10)
                    .count(true)
                    .search("x y"),
            ),
            "$expand=Groups($filter=Name eq 'a;b)';$search=\"x y\";$orderby=Name desc,Id;$top=5;$skip=10;$count=true)",
        ),
        // Of several for one property the last one counts: the PBX refuses two.
        (
            users().expand(User::GROUPS.top(5)).expand(User::GREETINGS).expand(User::GROUPS),
            "$expand=Groups,Greetings",
        ),
    ];
    for (request, expected) in rows {
        assert_eq!(options(&request), expected);
    }
    assert_eq!(
        options(&user().expand(User::GROUPS.expand(UserGroup::RIGHTS))),
        "$expand=Groups($expand=Rights)"
    );
}

#[test]
fn an_option_inside_of_expand_stays_inside() {
    let target = |request: Request<ListUser>| request.prepare().map(|it| it.target().to_owned());
    let rows = [
        (
            User::GROUPS.filter(UserGroup::NAME.eq("a);$top=1")).top(5),
            "Groups($filter=Name%20eq%20%27a%29%3B%24top%3D1%27%3B$top=5)",
        ),
        (User::GROUPS.search("a\"$b=1\\"), "Groups($search=%22a%5C%22%24b%3D1%5C%5C%22)"),
        (User::GROUPS.search("a, b"), "Groups($search=%22a%2C%20b%22)"),
        (User::GROUPS.search("").top(5), "Groups($top=5)"),
    ];
    for (expand, expected) in rows {
        let expected = format!("/xapi/v1/Users?$expand={expected}");
        assert_eq!(target(users().expand(expand)).unwrap(), expected);
    }
    assert_eq!(target(users().search("").top(5)).unwrap(), "/xapi/v1/Users?$top=5");
    assert_eq!(
        target(users().search("a);$top=1")).unwrap(),
        "/xapi/v1/Users?$search=%22a%29%3B%24top%3D1%22"
    );
    // 3CX's reader looks for these before it looks at quotes, however they are encoded.
    for text in ["a);$top=1", "a(b", "a;b", "O'Brien"] {
        let nested = Group::MEMBERS.expand(UserGroup::RIGHTS).search(text);
        let groups = Client::builder("http://127.0.0.1:1").build().unwrap().groups();
        for error in [
            target(users().expand((User::GREETINGS, User::GROUPS.search(text)))).unwrap_err(),
            groups.list().expand(nested).prepare().unwrap_err(),
        ] {
            assert!(error.is_usage() && error.to_string().contains("`filter`"), "{error}");
            assert!(!error.to_string().contains(text), "{error}");
        }
    }
}

#[test]
fn orderby_takes_properties_paths_and_expressions() {
    let rows = [
        (users().order_by(User::NUMBER), "$orderby=Number"),
        (users().order_by(User::NUMBER.desc()), "$orderby=Number desc"),
        (users().order_by((User::LAST_NAME.asc(), User::ID.desc())), "$orderby=LastName,Id desc"),
        (users().order_by(User::NUMBER.length().desc()), "$orderby=length(Number) desc"),
        (
            users().order_by(User::HOURS.get(Schedule::TYPE)).order_by(User::ID),
            "$orderby=Hours/Type,Id",
        ),
    ];
    for (request, expected) in rows {
        assert_eq!(options(&request), expected);
    }
}

#[test]
fn search_count_top_and_skip_stand_once_each() {
    let request = users().search("a").search("Ada L").count(true).top(5).top(50).skip(100);
    assert_eq!(options(&request), "$search=\"Ada L\"&$top=50&$skip=100&$count=true");
}

#[tokio::test]
async fn a_typed_projection_knows_which_fields_were_asked_for() {
    let row = json!({ "Id": 1 });
    let (server, pbx) = answered(json!({ "value": [row] })).await;
    let page = pbx.users().list().select((User::ID, User::MOBILE)).await.unwrap();
    // The user has no mobile number; of the e-mail address nothing is known.
    assert_eq!((&page.value[0].mobile, &page.value[0].email_address), (&None, &None));
    assert!(page.asked_for(User::MOBILE));
    assert!(!page.asked_for(User::EMAIL_ADDRESS));
    let page = pbx.users().list().await.unwrap();
    assert!(page.asked_for(User::EMAIL_ADDRESS));
    drop(server);

    let (_server, pbx) = answered(row).await;
    let user = pbx.users().get(1).select(User::MOBILE).send().await.unwrap();
    assert!(user.asked_for(User::MOBILE) && !user.asked_for(User::NUMBER));
}

#[tokio::test]
async fn patch_clears_and_select_asks_in_the_same_words() {
    let (server, pbx) = answered(json!({})).await;
    let changes = User::default().first_name("Ada");
    pbx.users().update(12, changes).clear(User::MOBILE).clear(User::MOBILE).await.unwrap();
    let call = server.recorded().pop().unwrap();
    assert_eq!(call.body, br#"{"FirstName":"Ada","Mobile":null}"#);
}

#[test]
fn every_option_is_of_the_entity_that_is_answered_with() {
    let pbx = Client::builder("http://127.0.0.1:1").build().unwrap();
    let agents = pbx.queues().list_agents(3);
    assert!(agents.prepare().unwrap().target().starts_with("/xapi/v1/Queues(3)/Agents"));
    let queues = pbx.queues().list().filter(Queue::NAME.contains("Sales")).select(Queue::ID);
    assert_eq!(options(&queues), "$filter=contains(Name,'Sales')&$select=Id");
    let groups = pbx.groups().list().filter(Group::HOURS.get(Schedule::IGNORE_HOLIDAYS));
    assert_eq!(options(&groups), "$filter=Hours/IgnoreHolidays");
}

async fn answered(body: serde_json::Value) -> (Server, Client) {
    let server = Server::start(move |_| Answer::json(200, &body)).await.unwrap();
    let pbx = Client::builder(server.url()).token("t").build().unwrap();
    (server, pbx)
}
