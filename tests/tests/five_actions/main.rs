//! The five actions that integrations use most, each in every situation that it meets: what a user
//! sees of it, and how many requests arrived.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use serde_json::{Value, json};
use tests::fake_pbx::{Builder, DEMO_CLIENT, DEMO_NOBODY, FakePbx, Fault};
use threecx_xapi::{Client, ClientBuilder, RetryPolicy};

mod table;

use table::{ACTIONS, Action, Missing, Refused};

/// A PBX and a client of it whose settings are changed by `with`.
async fn bench(
    builder: Builder,
    with: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (FakePbx, Client) {
    let pbx = builder.start().await.unwrap();
    let client = Client::builder(pbx.url()).service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1);
    let client = with(client).build().unwrap();
    (pbx, client)
}

async fn pbx() -> (FakePbx, Client) {
    bench(FakePbx::builder(), |client| client).await
}

/// Sign-ins, calls, and runs of the action's handler.
#[track_caller]
fn assert_arrived(pbx: &FakePbx, action: &Action, expected: (usize, usize, usize)) {
    let arrived = (pbx.sign_ins(), pbx.calls().len(), pbx.handled(action.route));
    assert_eq!(arrived, expected, "{}: sign-ins, calls, runs of the handler", action.id);
}

#[tokio::test]
async fn each_succeeds_with_one_request_whatever_ends_the_base_url() {
    for action in &ACTIONS {
        for ending in ["", "/", "/xapi/v1", "/xapi/v1/"] {
            let pbx = FakePbx::builder().start().await.unwrap();
            let client = Client::builder(format!("{}{ending}", pbx.url()));
            let client = client.service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1).build().unwrap();
            let yielded = action.run(&client, action.input).await.unwrap();
            assert_eq!(yielded.to_string(), action.yields, "{} {ending}", action.id);
            let call = pbx.calls().remove(0);
            assert_eq!(format!("{} {}", call.method, call.target), action.line);
            assert_eq!(String::from_utf8_lossy(&call.body), action.body);
            assert_arrived(&pbx, action, (1, 1, 1));
        }
    }
}

#[tokio::test]
async fn what_succeeded_has_changed_the_pbx() {
    let (pbx, client) = pbx().await;
    for action in &ACTIONS {
        action.run(&client, action.input).await.unwrap();
    }
    let done: Vec<_> =
        pbx.actions().into_iter().map(|(name, body)| (name, body.to_string())).collect();
    for (action, (name, body)) in ACTIONS.iter().zip(done) {
        assert_eq!((name.as_str(), body.as_str()), (action.id, action.body));
    }
    let has = |collection, name: &str, value: &str, then: Value| {
        let row = pbx.rows(collection).into_iter().find(|row| row[name] == value).unwrap();
        for (name, value) in then.as_object().unwrap() {
            assert_eq!(row[name], *value, "{row}");
        }
    };
    has("Trunks", "Number", "90002", json!({ "ExternalNumber": "+4930555" }));
    has("ServicePrincipals", "Number", "900", json!({ "XAPIEnabled": true }));
    has("TenantProperties", "Name", "America/Chicago", json!({ "Value": "-5" }));
    assert_eq!((pbx.sign_ins(), pbx.calls().len()), (1, 5), "one sign-in serves all");
}

#[tokio::test]
async fn an_invalid_id_is_refused_with_what_is_wrong_about_it() {
    for action in &ACTIONS {
        let (pbx, client) = pbx().await;
        let (input, refused, words) = &action.invalid;
        let error = action.fails(&client, input).await;
        match refused {
            Refused::With(status) => {
                assert_eq!(error.status(), Some(*status), "{error}");
                assert_eq!(
                    (error.is_validation(), error.is_not_found()),
                    (*status == 400, *status == 404)
                );
                assert_eq!(error.warnings(), ["WARNINGS.XAPI.NOT_FOUND"]);
                action.says(&error, words);
                assert_arrived(&pbx, action, (1, 1, 1));
            }
            Refused::At(path) => {
                assert!(error.is_usage() && error.is_decode(), "{error:?}");
                assert_eq!(error.json_path(), Some(*path));
                let text = error.to_string();
                assert!(words.iter().all(|word| text.contains(word)), "{text}");
                assert!(!text.contains("canary"), "{text}");
                assert_arrived(&pbx, action, (0, 0, 0));
            }
        }
        assert!(!error.is_retryable(), "{error}");
    }
}

#[tokio::test]
async fn a_400_names_the_field_and_why() {
    for action in &ACTIONS {
        let (pbx, client) = pbx().await;
        let (input, field, why) = action.refused;
        let by_itself = action.id != "UpdateProperty";
        if !by_itself {
            // The stand-in takes any value of a property.
            let details = json!([{ "code": "", "message": why, "target": field }]);
            let message = format!("{field}:\n{why}");
            let error = json!({ "error": { "code": "", "message": message, "details": details } });
            pbx.fault(Fault::at("/xapi/v1").method("PATCH").answers(400).json(&error));
        }
        let error = action.fails(&client, input).await;
        assert!(error.is_validation() && !error.is_retryable(), "{error:?}");
        assert_eq!((error.status(), error.code()), (Some(400), None));
        let [detail] = error.details() else { panic!("{error}: {:?}", error.details()) };
        assert_eq!((detail.target.as_str(), detail.message.as_str()), (field, why));
        assert_eq!(error.warnings(), [why]);
        action.says(&error, &["400 Bad Request", &format!("{field}: {why}")]);
        assert_arrived(&pbx, action, (1, 1, usize::from(by_itself)));
    }
}

#[tokio::test]
async fn a_401_renews_the_token_and_no_action_is_done_twice() {
    for action in &ACTIONS {
        let (pbx, client) = pbx().await;
        pbx.fault(Fault::at("/xapi/v1").answers(401));
        action.run(&client, action.input).await.unwrap();
        assert_arrived(&pbx, action, (2, 2, 1));

        let (pbx, client) = self::pbx().await;
        pbx.fault(Fault::at("/xapi/v1").always().answers(401));
        let error = action.fails(&client, action.input).await;
        assert!(error.is_unauthorized() && !error.is_sign_in() && !error.is_retryable());
        assert_eq!((error.status(), error.attempts()), (Some(401), 2));
        action.says(&error, &["401 Unauthorized", "after 2 attempts", "does not accept the token"]);
        assert_arrived(&pbx, action, (2, 2, 0));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_as_such_and_the_action_is_not_sent() {
    for action in &ACTIONS {
        let wrong = |client: ClientBuilder| client.service_principal(DEMO_CLIENT.0, "canary");
        let (pbx, client) = bench(FakePbx::builder(), wrong).await;
        // The second one is answered without bothering the PBX, which would block the address.
        for _ in 0..2 {
            let error = action.fails(&client, action.input).await;
            assert!(error.is_unauthorized() && error.is_sign_in() && !error.is_validation());
            assert_eq!((error.code(), error.attempts()), (Some("invalid_client"), 0));
            action.says(&error, &["sign-in failed", "client id"]);
            assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        }
        assert_arrived(&pbx, action, (1, 0, 0));
    }
}

#[tokio::test]
async fn a_403_says_that_role_licence_or_ip_rule_may_be_the_cause() {
    for action in &ACTIONS {
        let nobody = |client: ClientBuilder| client.service_principal(DEMO_NOBODY.0, DEMO_NOBODY.1);
        let (pbx, client) = bench(FakePbx::builder(), nobody).await;
        let error = action.fails(&client, action.input).await;
        assert!(error.is_forbidden() && !error.is_unauthorized() && !error.is_retryable());
        assert_eq!((error.status(), error.excerpt()), (Some(403), None));
        action.says(&error, &["403 Forbidden", "role", "licence (Enterprise", "IP rules"]);
        assert_arrived(&pbx, action, (1, 1, 0));
    }
}

#[tokio::test]
async fn a_404_says_that_the_entity_or_the_operation_is_not_there() {
    for action in &ACTIONS {
        let (release, input) = match action.missing {
            Missing::Input(input) => ("20.0.10", input),
            Missing::Release(release) => (release, action.input),
            Missing::Answer => ("20.0.10", action.input),
        };
        let (pbx, client) = bench(FakePbx::builder().release(release), |client| client).await;
        if matches!(action.missing, Missing::Answer) {
            pbx.fault(Fault::at("/xapi/v1").answers(404));
        }
        let error = action.fails(&client, input).await;
        assert!(error.is_not_found() && !error.is_validation() && !error.is_retryable());
        assert_eq!((error.status(), error.attempts()), (Some(404), 1));
        let hint = match action.missing {
            Missing::Release(release) => format!("; this PBX is {release}"),
            _ => "The entity does not exist, or this PBX's release does not have the operation"
                .to_owned(),
        };
        action.says(&error, &["404 Not Found", &hint]);
        let ran = usize::from(matches!(action.missing, Missing::Input(_)));
        assert_arrived(&pbx, action, (1, 1, ran));
    }
}

#[tokio::test]
async fn an_unreachable_host_is_named() {
    // Bound but not listening: the port is nobody else's, and refuses.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    for action in &ACTIONS {
        for signs_in in [true, false] {
            let client = Client::builder(&url).retry(RetryPolicy::none());
            let client = if signs_in {
                client.service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1)
            } else {
                client.token("token")
            };
            let error = action.fails(&client.build().unwrap(), action.input).await;
            assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
            assert_eq!((error.is_sign_in(), error.status()), (signs_in, None));
            assert_eq!(error.attempts(), u32::from(!signs_in));
            let reach = format!("cannot reach {url}");
            action.says(&error, &[&reach, "refused", "Check host name and port", "firewall"]);
        }
    }
}

#[tokio::test]
async fn a_timeout_is_told_and_the_action_is_not_sent_again() {
    let calls = ACTIONS.iter().map(|action| async move {
        let (pbx, client) = pbx().await;
        // The limit is for the action alone.
        client.defs().get().await.unwrap();
        pbx.fault(Fault::at("/xapi/v1").never_answers());
        let limit = Duration::from_millis(500);
        let error = action.within(Some(limit), &client, action.input).await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable() && !error.is_connect());
        assert_eq!((error.status(), error.attempts()), (None, 1));
        let late = format!("{} did not answer in time", pbx.url());
        action.says(&error, &[&late, "500ms", "longer `timeout`"]);
        assert_arrived(&pbx, action, (1, 2, 1));
    });
    let calls: Vec<_> = calls.map(tokio::spawn).collect();
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_malformed_model_is_refused_before_anything_is_sent() {
    for action in &ACTIONS {
        let (pbx, client) = pbx().await;
        for (input, path, words) in action.malformed {
            let error = action.fails(&client, input).await;
            assert!(error.is_decode() && error.is_usage() && !error.is_retryable(), "{error:?}");
            assert_eq!((error.json_path(), error.attempts()), (Some(*path), 0), "{input}: {error}");
            let text = error.to_string();
            assert!(text.starts_with("the JSON text is not as declared: "), "{text}");
            assert!(text.contains(words), "{input}: {text}");
            assert!(!text.to_lowercase().contains("canary"), "{text}");
        }
        assert_eq!(pbx.requests(), []);
    }
}
