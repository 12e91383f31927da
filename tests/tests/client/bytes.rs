//! What single calls put on the wire, byte for byte, and what a user gets back.

use serde_json::json;
use tests::server::{Answer, Recorded, Server};
use threecx_xapi::edm::DateTimeOffset;
use threecx_xapi::entities::{CreateTrunk, Property, ServicePrincipal, Trunk, User, UserGroup};
use threecx_xapi::enums::TranscriptionType;
use threecx_xapi::resources::report_call_log_data::GetCallLogData;
use threecx_xapi::{Client, Error};

/// A server that gives a token and then always the same answer, and a client that signs in at it.
async fn pbx(answer: Answer) -> (Server, Client) {
    let handler = move |request: &Recorded| match request.target.as_str() {
        "/connect/token" => Answer::json(
            200,
            &json!({ "token_type": "Bearer", "expires_in": 3600, "access_token": "T0ken" }),
        )
        .with("X-3CX-Version", "20.0.10.995"),
        _ => answer.clone(),
    };
    let server = Server::start(handler).await.unwrap();
    let client = Client::builder(server.url()).service_principal("integration", "s3cret");
    (server, client.build().unwrap())
}

/// The one call that came, after the sign-in.
fn sent(server: &Server) -> Recorded {
    let recorded = server.recorded();
    let [sign_in, call] = recorded.as_slice() else {
        panic!("a sign-in and one call are expected: {recorded:?}")
    };
    assert_eq!(sign_in.target, "/connect/token");
    let form = "client_id=integration&client_secret=s3cret&grant_type=client_credentials";
    assert_eq!(String::from_utf8_lossy(&sign_in.body), form);
    assert_eq!(sign_in.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(call.header("authorization"), Some("Bearer T0ken"));
    // A file may come as anything.
    let is_file = call.target.contains(".Download");
    assert_eq!(call.header("accept"), Some(if is_file { "*/*" } else { "application/json" }));
    call.clone()
}

#[track_caller]
fn assert_sent(server: &Server, line: &str, body: serde_json::Value) {
    let call = sent(server);
    assert_eq!(format!("{} {}", call.method, call.target), line);
    assert_eq!(call.json(), body);
    let media_type = (!body.is_null()).then_some("application/json");
    assert_eq!(call.header("content-type"), media_type);
}

#[tokio::test]
async fn link_group_partner_sends_both_ids_in_the_body() {
    let (server, pbx) = pbx(Answer::empty(204)).await;
    pbx.groups().link_group_partner("42", "reseller-7").await.unwrap();
    let body = json!({ "groupId": "42", "resellerId": "reseller-7" });
    assert_sent(&server, "POST /xapi/v1/Groups/Pbx.LinkGroupPartner", body);
}

#[tokio::test]
async fn replace_group_license_key_sends_group_and_key() {
    let (server, pbx) = pbx(Answer::empty(204)).await;
    pbx.groups().replace_group_license_key("42", "AAAA-BBBB").await.unwrap();
    let body = json!({ "groupId": "42", "licenseKey": "AAAA-BBBB" });
    assert_sent(&server, "POST /xapi/v1/Groups/Pbx.ReplaceGroupLicenseKey", body);
}

#[tokio::test]
async fn finalize_trunk_provisioning_sends_a_model_nested() {
    let answer = json!({ "@odata.context": "x", "Id": 7, "Number": "10001", "New": [1] });
    let (server, pbx) = pbx(Answer::json(200, &answer)).await;
    let model = CreateTrunk::default();
    let trunk: Trunk = pbx.trunks().finalize_trunk_provisioning(model).await.unwrap();
    assert_eq!((trunk.id, trunk.number.as_deref()), (Some(7), Some("10001")));
    assert_sent(
        &server,
        "POST /xapi/v1/Trunks/Pbx.FinalizeTrunkProvisioning",
        json!({ "model": {} }),
    );
}

#[tokio::test]
async fn create_service_principal_sends_flags_and_reads_a_201() {
    let answer = json!({ "Id": 12, "Number": "900", "TranscriptionMode": "Voicemail, Recordings" });
    let (server, pbx) = pbx(Answer::json(201, &answer)).await;
    let group = UserGroup::default().group_id(28).name("__DEFAULT__");
    let new = ServicePrincipal::default()
        .number("900")
        .xapi_enabled(true)
        .groups([group])
        .peers([])
        .transcription_mode([TranscriptionType::Voicemail, TranscriptionType::Recordings]);
    let created = pbx.service_principals().create(new).await.unwrap();
    assert_eq!(created.id, Some(12));
    let modes = created.transcription_mode.unwrap();
    assert!(modes.contains(&TranscriptionType::Recordings));
    let body = json!({
        "Groups": [{ "GroupId": 28, "Name": "__DEFAULT__" }],
        "Number": "900",
        "Peers": [],
        "TranscriptionMode": "Voicemail,Recordings",
        "XAPIEnabled": true,
    });
    assert_sent(&server, "POST /xapi/v1/ServicePrincipals", body);
}

#[tokio::test]
async fn update_property_quotes_and_encodes_its_key() {
    let (server, pbx) = pbx(Answer::empty(204)).await;
    let property = Property::default().value("x");
    pbx.tenant_properties().update("O'Brien & Söhne/1", property).await.unwrap();
    let line = "PATCH /xapi/v1/TenantProperties('O''Brien%20%26%20S%C3%B6hne%2F1')";
    assert_sent(&server, line, json!({ "Value": "x" }));
}

#[tokio::test]
async fn list_user_sends_every_query_option() {
    let answer = json!({
        "@odata.context": "x", "@odata.count": 250,
        "value": [{ "Id": 1, "Number": "101", "Groups": [{ "Name": "__DEFAULT__" }] }],
    });
    let (server, pbx) = pbx(Answer::json(200, &answer)).await;
    let page = pbx
        .users()
        .list()
        .filter(User::FIRST_NAME.starts_with("O'B"))
        .search("a b")
        .order_by((User::NUMBER.asc(), User::ID.desc()))
        .select((User::ID, User::NUMBER))
        .expand(User::GROUPS)
        .count(true)
        .top(50)
        .skip(100)
        .await
        .unwrap();
    assert_eq!(page.count, Some(250));
    assert_eq!(page.value[0].number.as_deref(), Some("101"));
    let groups = page.value[0].groups.as_ref().unwrap();
    assert_eq!(groups[0].name.as_deref(), Some("__DEFAULT__"));
    let call = sent(&server);
    let (path, query) = call.target.split_once('?').unwrap();
    assert_eq!(path, "/xapi/v1/Users");
    let options = [
        "$filter=startswith(FirstName,%27O%27%27B%27)",
        "$search=%22a%20b%22",
        "$select=Id,Number",
        "$expand=Groups",
        "$orderby=Number,Id%20desc",
        "$top=50",
        "$skip=100",
        "$count=true",
    ];
    assert_eq!(query.split('&').collect::<Vec<_>>(), options);
}

#[tokio::test]
async fn get_user_by_number_quotes_a_number_that_is_a_string() {
    let (server, pbx) = pbx(Answer::json(200, &json!({ "Id": 12 }))).await;
    let user = pbx.users().get_by_number("101").await.unwrap();
    assert_eq!(user.id, Some(12));
    assert_sent(&server, "GET /xapi/v1/Users(Number='101')", json!(null));
}

#[tokio::test]
async fn get_call_log_data_writes_its_eleven_parameters_in_order() {
    let answer = json!({ "value": [{ "CdrId": "x", "CallCost": 0.0125 }] });
    let (server, pbx) = pbx(Answer::json(200, &answer)).await;
    let page = pbx
        .report_call_log_data()
        .get_call_log_data(GetCallLogData {
            period_from: DateTimeOffset::utc(2026, 2, 1, 0, 0, 0).unwrap(),
            period_to: DateTimeOffset::utc(2026, 3, 1, 0, 0, 0).unwrap(),
            source_type: 0,
            destination_type: 0,
            calls_type: 0,
            call_time_filter_type: 0,
            hide_pcalls: true,
        })
        .source_filter("101")
        .call_time_filter_from("0:00:0")
        .call_time_filter_to("0:00:0")
        .top(100)
        .skip(0)
        .await
        .unwrap();
    assert_eq!(page.value[0].call_cost.as_ref().unwrap().to_string(), "0.0125");
    let line = "GET /xapi/v1/ReportCallLogData/Pbx.GetCallLogData(\
                periodFrom=2026-02-01T00:00:00Z,periodTo=2026-03-01T00:00:00Z,sourceType=0,\
                sourceFilter='101',destinationType=0,destinationFilter='',callsType=0,\
                callTimeFilterType=0,callTimeFilterFrom='0%3A00%3A0',callTimeFilterTo='0%3A00%3A0',\
                hidePcalls=true)?$top=100&$skip=0";
    assert_sent(&server, line, json!(null));
}

#[tokio::test]
async fn download_recording_gives_the_bytes_and_what_they_are() {
    let bytes = b"RIFF\x00\xff\r\n\r\n".to_vec();
    let answer = Answer::typed(200, "audio/x-wav", bytes.clone())
        .with("Content-Disposition", "attachment; filename=\"981.wav\"");
    let (server, pbx) = pbx(answer).await;
    let file = pbx.recordings().download_recording(981).await.unwrap();
    assert_eq!(file.content_type(), Some("audio/x-wav"));
    assert_eq!(file.file_name().as_deref(), Some("981.wav"));
    assert_eq!(file.bytes().await.unwrap(), bytes);
    assert_sent(&server, "GET /xapi/v1/Recordings/Pbx.DownloadRecording(recId=981)", json!(null));
}

#[tokio::test]
async fn delete_trunk_sends_if_match() {
    let (server, pbx) = pbx(Answer::empty(204)).await;
    pbx.trunks().delete(7).if_match("W/\"5\"").await.unwrap();
    assert_sent(&server, "DELETE /xapi/v1/Trunks(7)", json!(null));
    assert_eq!(sent(&server).header("if-match"), Some("W/\"5\""));
}

async fn refused(answer: Answer) -> (usize, Error) {
    let (server, pbx) = pbx(answer).await;
    let error = pbx.users().create(User::default().number("101")).await.unwrap_err();
    (server.calls().len(), error)
}

#[tokio::test]
async fn a_400_tells_what_the_pbx_said_of_which_property() {
    let body = json!({ "error": {
        "code": "",
        "message": "EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE",
        "details": [{ "code": "", "message": "WARNINGS.XAPI.ALREADY_IN_USE", "target": "EmailAddress" }],
    } });
    let (calls, error) = refused(Answer::json(400, &body)).await;
    assert_eq!((calls, error.status()), (1, Some(400)));
    assert!(error.is_validation());
    assert_eq!(error.details()[0].target, "EmailAddress");
    assert!(error.warnings().contains(&"WARNINGS.XAPI.ALREADY_IN_USE"), "{error}");
    assert_eq!(error.operation(), Some("CreateUser"));
}

#[tokio::test]
async fn a_401_is_tried_once_more_with_a_new_token() {
    let (calls, error) = refused(Answer::empty(401)).await;
    assert_eq!((calls, error.status()), (2, Some(401)));
    assert!(error.is_unauthorized());
}

#[tokio::test]
async fn a_403_without_a_body_says_what_may_be_the_cause() {
    let (calls, error) = refused(Answer::empty(403)).await;
    assert_eq!((calls, error.status()), (1, Some(403)));
    assert!(error.is_forbidden());
    let text = error.to_string();
    assert!(text.contains("role") && text.contains("licence") && text.contains("IP"), "{text}");
}

#[tokio::test]
async fn a_502_in_html_is_told_without_its_markup() {
    let html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let (_, error) = refused(Answer::typed(502, "text/html", html)).await;
    assert_eq!(error.status(), Some(502));
    let text = error.to_string();
    assert!(text.contains("502 Bad Gateway") && !text.contains('<'), "{text}");
}
