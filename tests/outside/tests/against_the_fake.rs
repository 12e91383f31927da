//! The program against the fake PBX, over sockets.

#![deny(warnings)]

use std::process::Command;

use outside::{forget_address, numbers, recordings};
use threecx_xapi::Client;
use threecx_xapi::entities::User;
use threecx_xapi_fake::{DEMO_CLIENT, FakePbx};

async fn pbx() -> (FakePbx, Client) {
    let fake = FakePbx::builder().users(3).recordings(250, 1000).start().await.unwrap();
    let (id, secret) = DEMO_CLIENT;
    let pbx = Client::builder(fake.url()).service_principal(id, secret).build().unwrap();
    (fake, pbx)
}

#[tokio::test]
async fn a_query_signs_in_once() {
    let (fake, pbx) = pbx().await;
    assert_eq!(numbers(&pbx, "10").await.unwrap(), ["101", "102", "103"]);
    assert!(numbers(&pbx, "9").await.unwrap().is_empty());
    assert_eq!(fake.sign_ins(), 1);
}

#[tokio::test]
async fn a_wrong_secret_is_an_error_of_the_sign_in() {
    let (fake, _) = pbx().await;
    let pbx = Client::builder(fake.url()).service_principal(DEMO_CLIENT.0, "wrong").build();
    let error = numbers(&pbx.unwrap(), "1").await.unwrap_err();
    assert!(error.is_sign_in() && error.is_unauthorized(), "{error}");
}

#[tokio::test]
async fn a_stream_leads_through_all_pages() {
    let (fake, pbx) = pbx().await;
    assert_eq!(recordings(&pbx).await.unwrap().len(), 250);
    assert!(fake.handled("GET /Recordings") >= 3);
}

#[tokio::test]
async fn what_was_cleared_is_sent_as_null() {
    let (fake, pbx) = pbx().await;
    let user = User::default().email_address("ada@example.com");
    let id = pbx.users().get_by_number("101").await.unwrap().id.unwrap();
    pbx.users().update(id, user).await.unwrap();
    assert_eq!(fake.rows("Users")[0]["EmailAddress"], "ada@example.com");
    forget_address(&pbx, "101").await.unwrap();
    assert_eq!(fake.requests().last().unwrap().text(), r#"{"EmailAddress":null}"#);
}

#[tokio::test]
async fn a_download_comes_whole() {
    let (_fake, pbx) = pbx().await;
    let id = recordings(&pbx).await.unwrap()[0];
    let file = pbx.recordings().download_recording(id).await.unwrap();
    assert!(file.file_name().is_some());
    assert_eq!(file.bytes().await.unwrap().len(), 1000);
}

#[tokio::test]
async fn an_error_has_details() {
    let (_fake, pbx) = pbx().await;
    let error = pbx.users().create(User::default().number("101")).await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    let details = error.details();
    assert_eq!(details[0].target, "Number", "{details:?}");
    assert_eq!(error.warnings(), ["WARNINGS.XAPI.ALREADY_IN_USE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_of_the_readme_prints_the_users() {
    let (fake, _) = pbx().await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_outside"));
    let (id, secret) = DEMO_CLIENT;
    program.env("XAPI_URL", fake.url()).env("XAPI_CLIENT_ID", id).env("XAPI_CLIENT_SECRET", secret);
    let output = program.output().unwrap();
    let (printed, said) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert_eq!(printed.lines().count(), 3, "{printed}");
    assert!(printed.starts_with("101 "), "{printed}");
}
