//! What an answer holds beyond the types of this crate, and what goes back to the PBX.

use serde_json::{Value, json};
use tests::server::{Play, Server};
use threecx_xapi::entities::{Group, Queue, QueueAgent, Route, User};
use threecx_xapi::{Entity, Keyed, Page, Property as Named};

use crate::observability::Recorder;
use crate::{always, answer_with, client, empty, json as answer, only, play};

const COLOR: Named<User, String> = Named::new("Color");

#[tokio::test]
async fn one_wrong_value_is_kept_reported_and_sent_back() {
    let rows = r#"{"value":[{"Id":1,"Number":"101"},{"Id":"canary","Number":"102"}]}"#;
    let server = always(answer(200, rows)).await;
    let recorder = Recorder::default();
    let guard = tracing::subscriber::set_default(recorder.clone());
    let page: Page<User> = client(&server).users().list().await.unwrap();
    drop(guard);
    let ids: Vec<_> = page.iter().map(|user| (user.id, user.number.as_deref())).collect();
    assert_eq!(ids, [(Some(1), Some("101")), (None, Some("102"))]);
    let unread = page.value[1].unread();
    assert_eq!(
        (unread[0].path(), unread[0].expected(), unread[0].json()),
        ("Id", "i32", "\"canary\"")
    );
    assert_eq!(unread[0].read::<String>().unwrap(), "canary");
    let told = format!("{:?}", recorder.all());
    for part in ["$.value[1].Id", "i32", "ListUser"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("canary"), "{told}");
    let sent = client(&server).users().update(1, page.value[1].clone()).prepare().unwrap();
    assert_eq!(sent.body().unwrap(), br#"{"Id":"canary","Number":"102"}"#);
}

#[tokio::test]
async fn a_user_is_read_changed_and_written() {
    let before =
        json!({ "Id": 12, "Number": "101", "Mobile": "+49", "Color": "red", "Since": 2030 });
    let server = play(move |request, _| match request.method.as_str() {
        "GET" => Play::Answer(answer(200, before.to_string())),
        _ => Play::Answer(empty(204)),
    });
    let server = server.await;
    let pbx = client(&server);
    let before = pbx.users().get(12).await.unwrap();
    let mut user = before.clone().first_name("Ada").set(COLOR, "blue".to_owned()).unwrap();
    user.mobile = None;
    let changes = user.changes_from(&before).unwrap();
    pbx.users().update(user.key().unwrap(), changes).await.unwrap();
    let sent = server.recorded().pop().unwrap();
    assert_eq!(sent.target, "/xapi/v1/Users(12)");
    assert_eq!(sent.json(), json!({ "FirstName": "Ada", "Mobile": null, "Color": "blue" }));
}

#[tokio::test]
async fn lists_are_written_whole_with_all_that_came() {
    let queue = r#"{"Id":7,"Agents":[{"Number":"101","Skill":{"New":1}},{"Number":"102","X":[]}]}"#;
    let server = always(answer(200, queue)).await;
    let before = client(&server).queues().get(7).expand(Queue::AGENTS).await.unwrap();
    let mut queue = before.clone();
    queue.agents.as_mut().unwrap().remove(0);
    let changes = queue.changes_from(&before).unwrap();
    assert_eq!(
        serde_json::to_value(&changes).unwrap(),
        json!({ "Agents": [{ "Number": "102", "X": [] }] })
    );
}

/// A queue with its agents in three parts.
async fn cut(links: [&'static str; 2]) -> Server {
    let server = play(move |request, _| {
        let part = |number: &str, link: Option<&str>| {
            let mut page = json!({ "value": [{ "Number": number, "New": number }] });
            if let Some(link) = link {
                page["@odata.nextLink"] = json!(link);
            }
            page
        };
        let body = match request.target.as_str() {
            "/xapi/v1/Queues(7)?$expand=Agents" => json!({
                "Id": 7,
                "Agents": [{ "Number": "101" }],
                "Agents@odata.count": 3,
                "Agents@odata.nextLink": links[0],
            }),
            target if target.ends_with("part=2") => part("102", Some(links[1])),
            target if target.ends_with("part=3") => part("103", None),
            _ => return Play::Answer(empty(204)),
        };
        Play::Answer(answer(200, body.to_string()))
    });
    server.await
}

#[tokio::test]
async fn a_list_in_parts_is_recognised_completed_and_not_sent_before() {
    let server = cut(["Queues(7)/Agents?part=2", "/xapi/v1/Queues(7)/Agents?part=3"]).await;
    let pbx = client(&server);
    let queue = pbx.queues().get(7).expand(Queue::AGENTS).await.unwrap();
    assert_eq!(queue.count_of(Queue::AGENTS), Some(3));
    assert_eq!(queue.count_of(Queue::MANAGERS), None);
    assert!(queue.rest_of(Queue::AGENTS).is_some() && queue.rest_of(Queue::MANAGERS).is_none());

    let error = pbx.queues().update(7, queue.clone()).await.unwrap_err();
    assert!(error.is_usage(), "{error:?}");
    assert!(error.to_string().contains("a part of the list `Agents`"), "{error}");
    assert_eq!(server.recorded().len(), 1, "nothing was sent");

    let whole = pbx.complete(queue.clone(), Queue::AGENTS).await.unwrap();
    pbx.queues().update(7, whole).await.unwrap();
    let sent = server.recorded().pop().unwrap().json();
    let agents: Vec<&Value> = sent["Agents"].as_array().unwrap().iter().collect();
    assert_eq!(agents.len(), 3);
    assert_eq!(agents[2], &json!({ "Number": "103", "New": "103" }));

    let rest: Vec<QueueAgent> = pbx.rest(queue.rest_of(Queue::AGENTS).unwrap()).await.unwrap();
    assert_eq!(rest.len(), 2);
    pbx.queues().update(7, queue.whole(Queue::AGENTS)).await.unwrap();
}

#[tokio::test]
async fn the_link_of_a_list_leads_to_this_pbx_and_to_an_end() {
    let rows = [
        (["https://canary.example/x?part=2", ""], "leads away from this PBX", 1),
        (["Queues(7)/Agents?part=2", "//canary.example/x"], "leads away from this PBX", 2),
        (["Queues(7)/Agents?part=2", "Queues(7)/Agents?part=2"], "no end", 2),
    ];
    for (links, message, requests) in rows {
        let server = cut(links).await;
        let pbx = client(&server);
        let queue = pbx.queues().get(7).expand(Queue::AGENTS).await.unwrap();
        let error = pbx.complete(queue, Queue::AGENTS).await.unwrap_err();
        assert!(error.to_string().contains(message), "{links:?}: {error}");
        assert_eq!(server.recorded().len(), requests, "{links:?}");
    }
}

#[tokio::test]
async fn the_count_of_an_expansion_is_told() {
    let group = r#"{"Id":28,"Members@odata.count":250,"Members":[{"Id":1}]}"#;
    let server = always(answer(200, group)).await;
    let group = client(&server).groups().get(28).expand(Group::MEMBERS.count(true)).await.unwrap();
    assert_eq!(group.count_of(Group::MEMBERS), Some(250));
    assert!(only(&server).target.ends_with("?$expand=Members($count=true)"));
}

#[tokio::test]
async fn a_create_without_a_body_tells_the_key() {
    let rows = [
        ("OData-EntityId: https://pbx.example.com/xapi/v1/Users(42)\r\n", Some(42)),
        ("Location: /xapi/v1/Users(Id=42)\r\n", Some(42)),
        ("Location: /xapi/v1/Users\r\n", None),
        ("Location: /xapi/v1/Users('x')\r\n", None),
        ("", None),
    ];
    for (headers, id) in rows {
        let server = always(answer_with(204, headers, "")).await;
        let user = client(&server).users().create(User::default()).await.unwrap();
        assert_eq!(user.key().ok(), id, "{headers}");
    }
    let server = always(answer_with(201, "Location: /Parameters(Name='A%20B')\r\n", "")).await;
    let created = client(&server).parameters().create(Default::default()).await.unwrap();
    assert_eq!(serde_json::to_value(created).unwrap(), json!({}), "its key is the Id");
    // What is only updated was not created.
    let server = always(answer_with(204, "Location: /xapi/v1/Users(42)\r\n", "")).await;
    client(&server).users().update(42, User::default()).await.unwrap();
}

#[tokio::test]
async fn nulls_are_sent_at_any_depth_and_in_actions() {
    let server = always(empty(204)).await;
    let pbx = client(&server);
    let route = Route::default().null(Route::PROMPT);
    let queue = Queue::default().out_of_office_route(route).null(Queue::NAME);
    pbx.queues().update(7, queue).clear(Queue::PROMPT_SET).await.unwrap();
    let expected =
        json!({ "OutOfOfficeRoute": { "Prompt": null }, "Name": null, "PromptSet": null });
    assert_eq!(server.recorded().pop().unwrap().json(), expected);

    let call = pbx.users().make_call("100").null("contact");
    call.await.unwrap();
    assert_eq!(server.recorded().pop().unwrap().json()["contact"], Value::Null);
    assert!(String::from_utf8_lossy(&server.recorded().pop().unwrap().body).contains("null"));
    let error = pbx.users().make_call("100").null("nonsense").await.unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("`nonsense`"), "{error}");
}

#[test]
fn keys_are_what_get_and_update_take() {
    fn key<E: Keyed>(json: Value) -> E::Key {
        serde_json::from_value::<E>(json).unwrap().key().unwrap()
    }
    let pbx = threecx_xapi::Client::builder("https://pbx.example.com").build().unwrap();
    let id: i32 = key::<User>(json!({ "Id": 12 }));
    assert_eq!(pbx.users().get(id).prepare().unwrap().target(), "/xapi/v1/Users(12)");
    let name: String = key::<threecx_xapi::entities::Playlist>(json!({ "Name": "a'b" }));
    assert_eq!(name, "a'b");
    let error = User::default().number("101").key().unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("Pbx.User has no `Id`"), "{error}");
}

#[test]
fn a_property_of_one_s_own_stays_when_the_crate_learns_it() {
    // To code that was written before `Mobile` was known, it is like any other.
    let own: Named<User, String> = Named::new("Mobile");
    let user = User::default().set(own, "+49".to_owned()).unwrap();
    assert_eq!(user.mobile.as_deref(), Some("+49"));
    assert_eq!(user.get(own).unwrap().as_deref(), Some("+49"));
    assert!(user.additional().is_empty());
}
