//! Requests as they arrive and answers as they are read.

use tests::server::{Play, Recorded};
use threecx_xapi::entities::{InboundRule, RequestHelp, User, UserGroup};
use threecx_xapi::enums::ContactSource;
use threecx_xapi::{Client, Entity, Page, Property, Value};

use crate::{always, answer_with, builder, client, empty, json, only, play};

fn group(id: i32) -> UserGroup {
    UserGroup::default().id(id)
}

#[tokio::test]
async fn a_list_sends_every_query_option_once_and_in_order() {
    let server = always(json(
        200,
        r##"{"@odata.context":"https://x/$metadata#Users","@odata.count":7,"value":[{"Id":12,"Number":"101","New":{"a":[1]},"Groups":[{"Id":3}]},{"@odata.type":"#Pbx.User","AuthPassword":null}],"@odata.nextLink":"https://x/Users?$skip=2"}"##,
    ))
    .await;
    let request = client(&server)
        .users()
        .list()
        .count(true)
        .skip(20)
        .top(10)
        .order_by((User::NUMBER.desc(), User::ID))
        .expand(User::GROUPS)
        .select((User::ID, User::NUMBER))
        .select([User::NUMBER, User::MOBILE])
        .search("a&b=c")
        .filter(User::NUMBER.eq("O'Brien+1").and(User::MOBILE.contains("50%")));
    let expected = "/xapi/v1/Users?$filter=Number%20eq%20%27O%27%27Brien%2B1%27%20and%20contains(Mobile,%2750%25%27)\
        &$search=%22a%26b%3Dc%22&$select=Id,Number,Mobile&$expand=Groups&$orderby=Number%20desc,Id&$top=10&$skip=20&$count=true";
    assert_eq!(request.prepare().unwrap().target(), expected);

    let page = request.await.unwrap();
    assert_eq!(page.count, Some(7));
    assert_eq!(page.next_link.as_deref(), Some("https://x/Users?$skip=2"));
    let first = User::default().id(12).number("101").groups([group(3)]);
    let new = Property::<User, serde_json::Value>::new("New");
    let first = first.set(new, serde_json::json!({ "a": [1] })).unwrap();
    assert_eq!(page.value, [first, User::default()]);
    let sent = only(&server);
    assert_eq!(sent.line(), format!("GET {expected}"));
    assert_eq!(sent.header("accept"), Some("application/json"));
    assert_eq!(sent.header("authorization"), Some("Bearer fixed-token"));
    assert_eq!(
        sent.header("user-agent"),
        Some(concat!("threecx-xapi/", env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(sent.header("content-type"), None);
    assert_eq!(sent.text(), "");
}

#[tokio::test]
async fn raw_text_serves_for_options_that_have_no_constant() {
    let client = client(&always(empty(200)).await);
    let request = client
        .users()
        .list()
        .select("NewName")
        .expand("Groups($expand=Rights;$select=Id)")
        .order_by(vec!["NewName desc"]);
    assert_eq!(
        request.prepare().unwrap().target(),
        "/xapi/v1/Users?$select=NewName&$expand=Groups($expand=Rights%3B$select=Id)&$orderby=NewName%20desc"
    );
    let none: [&str; 0] = [];
    assert_eq!(
        client.users().list().select(none).select("").prepare().unwrap().target(),
        "/xapi/v1/Users"
    );
}

#[tokio::test]
async fn every_form_of_base_url_reaches_the_same_target() {
    let server = always(json(200, r#"{"Id":12,"Number":"101"}"#)).await;
    for end in ["", "/", "/xapi/v1", "/xapi/v1/"] {
        let client = Client::builder(format!("http://{}{end}", server.address())).build().unwrap();
        let user = client.users().get(12).await.unwrap();
        assert_eq!(user, User::default().id(12).number("101"));
    }
    for sent in server.recorded() {
        assert_eq!(sent.line(), "GET /xapi/v1/Users(12)");
        assert_eq!(sent.header("authorization"), None, "no credentials were given");
    }
}

#[tokio::test]
async fn a_string_key_is_quoted_and_encoded_on_the_wire() {
    let server = always(json(200, "null")).await;
    let request = client(&server).crm_integration().get_crm_template_source("O'Brien & Söhne/../1");
    assert_eq!(request.await.unwrap(), None);
    assert_eq!(
        only(&server).line(),
        "GET /xapi/v1/CrmIntegration/Pbx.GetCrmTemplateSource(name='O''Brien%20%26%20S%C3%B6hne%2F..%2F1')"
    );
}

#[tokio::test]
async fn an_absent_optional_parameter_is_an_empty_literal() {
    let client = client(&always(empty(200)).await);
    let request = client.ai_settings().get_vector_store_files(5, "x");
    let target = "/xapi/v1/AISettings/Pbx.GetVectorStoreFiles";
    assert_eq!(request.prepare().unwrap().target(), format!("{target}(id='',limit=5,after='x')"));
    let request = request.id("a").id("10,1");
    assert_eq!(
        request.prepare().unwrap().target(),
        format!("{target}(id='10%2C1',limit=5,after='x')")
    );
}

#[tokio::test]
async fn an_action_sends_its_properties_as_one_object() {
    let server = always(json(200, r#"{"@odata.context":"x","value":true}"#)).await;
    let client = client(&server);
    let action = || client.contacts().delete_contacts_by_type(ContactSource::M365);
    action().await.unwrap();
    action().number("x").number("a\"b").await.unwrap();
    let description = RequestHelp::default().name("y");
    client.system_status().request_help().await.unwrap();
    client.system_status().request_help().description(description).await.unwrap();
    let answer = client
        .oauth_clients()
        .refresh_client_metadata("6F9619FF-8B86-D011-B42D-00CF4FC964FF".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(answer, Value::from(true));
    let received = server.recorded();
    let bodies: Vec<String> = received.iter().map(Recorded::text).collect();
    assert_eq!(
        bodies,
        [
            r#"{"contactSource":"M365"}"#,
            r#"{"contactSource":"M365","number":"a\"b"}"#,
            "{}",
            r#"{"description":{"Name":"y"}}"#,
            ""
        ]
    );
    assert_eq!(received[0].line(), "POST /xapi/v1/Contacts/Pbx.DeleteContactsByType");
    assert_eq!(received[0].header("content-type"), Some("application/json"));
    assert_eq!(received[4].header("content-type"), None);
    assert_eq!(
        received[4].header("content-length"),
        Some("0"),
        "some servers refuse a POST without a length"
    );
}

#[tokio::test]
async fn a_patch_sends_what_is_set_and_null_for_what_is_cleared() {
    let server = always(empty(204)).await;
    let client = client(&server);
    let user = || User::default().mobile("1,\"Mobile\":2}").groups([group(1)]).number("7");
    client.users().update(12, user()).await.unwrap();
    client
        .users()
        .update(12, user())
        .clear(User::MOBILE)
        .clear(User::MOBILE)
        .clear(User::AUTH_PASSWORD)
        .await
        .unwrap();
    client.users().update(12, User::default()).clear(User::ID).await.unwrap();
    let bodies: Vec<String> = server.recorded().iter().map(Recorded::text).collect();
    assert_eq!(
        bodies,
        [
            r#"{"Groups":[{"Id":1}],"Mobile":"1,\"Mobile\":2}","Number":"7"}"#,
            r#"{"Groups":[{"Id":1}],"Number":"7","Mobile":null,"AuthPassword":null}"#,
            r#"{"Id":null}"#,
        ]
    );
    assert_eq!(server.recorded()[0].line(), "PATCH /xapi/v1/Users(12)");
}

#[tokio::test]
async fn a_delete_sends_the_etag_that_was_given() {
    let server = always(empty(204)).await;
    let client = client(&server);
    client.trunks().delete(3).if_match("W/\"1\"").await.unwrap();
    client.trunks().delete(3).await.unwrap();
    let received = server.recorded();
    assert_eq!(received[0].line(), "DELETE /xapi/v1/Trunks(3)");
    assert_eq!(received[0].header("if-match"), Some("W/\"1\""));
    assert_eq!(received[1].header("if-match"), None);
    let error = client.trunks().delete(3).if_match("a\r\nb: c").await.unwrap_err();
    assert!(error.is_usage(), "{error}");
    assert_eq!(server.recorded().len(), 2);
}

#[tokio::test]
async fn a_write_succeeds_with_or_without_a_body() {
    let body = User::default().number("101");
    for (answer, expected) in [
        (json(201, r#"{"Number":"101"}"#), body.clone()),
        (json(200, "\u{feff} {\"Number\":\"101\"}\r\n"), body.clone()),
        (json(200, "null"), User::default()),
        (json(200, ""), User::default()),
        (empty(204), User::default()),
    ] {
        let (server, has_body) = (always(answer.clone()).await, expected != User::default());
        let client = client(&server);
        assert_eq!(client.users().create(body.clone()).await.unwrap(), expected);
        client.users().update(1, body.clone()).await.unwrap();
        // The same text has no property that is known there.
        let answer = client.crm_integration().get_crm_template_source("1").await;
        assert_eq!(answer.is_err(), has_body, "{answer:?}");
        assert!(matches!(answer, Ok(None) | Err(_)), "{answer:?}");
    }
}

#[tokio::test]
async fn an_empty_answer_to_a_read_is_a_decoding_error() {
    for answer in [json(200, ""), empty(204), json(200, " null ")] {
        let server = always(answer).await;
        let client = client(&server);
        assert!(client.users().get(1).await.unwrap_err().is_decode());
        assert!(client.users().list().await.unwrap_err().is_decode());
    }
}

#[tokio::test]
async fn send_gives_status_and_headers_too() {
    let server = always(answer_with(201, "X-3CX-Version: 20.0.9.995\r\n", r#"{"Id":1}"#)).await;
    let response = client(&server).users().create(User::default()).send().await.unwrap();
    assert_eq!((response.status(), response.header("x-3cx-version")), (201, Some("20.0.9.995")));
    assert_eq!(response.value.id, Some(1));
}

#[tokio::test]
async fn a_file_arrives_as_bytes_with_its_name() {
    let server = always(answer_with(
        200,
        "Content-Type: audio/x-wav\r\nContent-Disposition: attachment; filename=\"a.wav\"; filename*=UTF-8''na%C3%AFve.wav\r\n",
        [0, 159, 146, 150],
    ))
    .await;
    let client = client(&server);
    let file = client.recordings().download_recording(981).await.unwrap();
    assert_eq!((file.content_type(), file.length()), (Some("audio/x-wav"), Some(4)));
    assert_eq!(file.file_name().as_deref(), Some("naïve.wav"));
    assert_eq!(&file.bytes().await.unwrap()[..], [0, 159, 146, 150]);

    let mut file = client.recordings().download_recording(981).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = file.chunk().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    assert_eq!(bytes, [0, 159, 146, 150]);
    let sent = &server.recorded()[0];
    assert_eq!(sent.line(), "GET /xapi/v1/Recordings/Pbx.DownloadRecording(recId=981)");
    assert_eq!(sent.header("accept"), Some("*/*"));
}

#[tokio::test]
async fn a_file_can_be_read_as_the_declared_type() {
    let server = always(json(200, r#"{"value":[{"RuleName":"a"},{"RuleName":"b"}]}"#)).await;
    let rules = client(&server).inbound_rules().export_caller_id_rules();
    let page = rules.await.unwrap().declared().await.unwrap();
    assert_eq!(page.value, ["a", "b"].map(|name| InboundRule::default().rule_name(name)));

    let server = always(answer_with(200, "Content-Type: audio/x-wav\r\n", "RIFF")).await;
    let file = client(&server).recordings().download_recording(1).await.unwrap();
    let error = file.declared().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn a_prepared_request_can_be_printed_and_holds_no_secret() {
    let server = always(empty(204)).await;
    let user = User::default().auth_password("canary");
    let request = builder(&server).token("canary").build().unwrap().users().update(1, user);
    let prepared = request.prepare().unwrap();
    assert_eq!(
        prepared.to_string(),
        "PATCH /xapi/v1/Users(1)\naccept: application/json\ncontent-type: application/json"
    );
    assert_eq!(prepared.body(), Some(&br#"{"AuthPassword":"canary"}"#[..]));
    assert!(!format!("{prepared:?} {request:?}").contains("canary"));
    assert!(server.recorded().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn connections_are_kept_over_answers_of_all_kinds() {
    let server = play(|_, number| {
        Play::Answer(if number.is_multiple_of(2) {
            json(404, r#"{"error":{"message":"no"}}"#)
        } else {
            empty(204)
        })
    })
    .await;
    let client = client(&server);
    for number in 0..6 {
        assert_eq!(client.trunks().delete(1).await.is_ok(), number % 2 == 1);
    }
}

#[test]
fn futures_can_be_sent_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let client = Client::builder("http://localhost").build().unwrap();
    is_send(&client.users().list());
    is_send(&client.users().list().into_future());
    is_send(&client.users().get(1).send());
    is_send(&async move { client.recordings().download_recording(1).await?.bytes().await });
}

#[test]
fn wrappers_are_written_as_they_were_read() {
    for text in [r#"{"value":[]}"#, r#"{"@odata.count":2,"value":["a","b"],"@odata.nextLink":"n"}"#]
    {
        let page: Page<String> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&page).unwrap(), text);
    }
    for text in [r#"{"value":null}"#, r#"{"value":7}"#] {
        let value: Value<i32> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    }
    assert_eq!(
        serde_json::from_str::<Page<i32>>(r#"{"value":null,"@odata.count":null}"#).unwrap(),
        Page::default()
    );
    assert_eq!(serde_json::from_str::<Value<i32>>("{}").unwrap(), Value::default());
    assert_eq!(Page::from(vec![1, 2]).into_iter().sum::<i32>(), 3);
}
