//! The shapes that real PBXs send, each with what it is read as.

use serde_json::{Value, json};
use tests::server::Answer;
use threecx_xapi::Error;
use threecx_xapi::entities::User;

use crate::{always, client};

async fn refused(status: u16, body: &str) -> Error {
    let server = always(crate::json(status, body)).await;
    client(&server).users().create(User::default()).await.unwrap_err()
}

/// What is read of an error: code, message, target, and the details as `code|message|target`.
struct Read {
    code: Option<&'static str>,
    message: Option<&'static str>,
    target: Option<&'static str>,
    details: &'static [&'static str],
    warnings: &'static [&'static str],
    shown: &'static str,
}

const NONE: Read =
    Read { code: None, message: None, target: None, details: &[], warnings: &[], shown: "" };

#[tokio::test]
async fn errors_are_read_in_every_shape_that_a_pbx_sends() {
    let rows = [
        (
            404,
            r#"{"error":"Department not found"}"#,
            Read {
                message: Some("Department not found"),
                shown: "404 Not Found: Department not found. The entity",
                ..NONE
            },
        ),
        (
            401,
            r#"{"error":"unauthorized","error_description":"The request requires valid user authentication."}"#,
            Read {
                code: Some("unauthorized"),
                message: Some("The request requires valid user authentication."),
                shown: "401 Unauthorized: The request requires valid user authentication.",
                ..NONE
            },
        ),
        (
            400,
            r#"{"error":"invalid_grant"}"#,
            Read {
                code: Some("invalid_grant"),
                message: Some("invalid_grant"),
                shown: "400 Bad Request: invalid_grant",
                ..NONE
            },
        ),
        (
            409,
            r#"{"error":{"details":[{"message":"WARNINGS.XAPI.DUPLICATE"}]}}"#,
            Read {
                message: Some("WARNINGS.XAPI.DUPLICATE"),
                details: &["|WARNINGS.XAPI.DUPLICATE|"],
                warnings: &["WARNINGS.XAPI.DUPLICATE"],
                shown: "409 Conflict: WARNINGS.XAPI.DUPLICATE",
                ..NONE
            },
        ),
        (
            400,
            r#"{"error":{"code":"","message":"Provide a name","target":"Name"}}"#,
            Read {
                message: Some("Provide a name"),
                target: Some("Name"),
                shown: "400 Bad Request: Name: Provide a name",
                ..NONE
            },
        ),
        (
            400,
            r#"{"error":{"code":"","message":"Name:\nWARNINGS.XAPI.REQUIRED","target":"Name"}}"#,
            Read {
                message: Some("Name:\nWARNINGS.XAPI.REQUIRED"),
                target: Some("Name"),
                warnings: &["WARNINGS.XAPI.REQUIRED"],
                shown: "400 Bad Request: Name: WARNINGS.XAPI.REQUIRED",
                ..NONE
            },
        ),
        (
            400,
            r#"{"error":{"code":1205,"message":"Locked","details":[{"code":-3,"message":"Busy","target":"Trunk"},{"message":"Again"},null,7]}}"#,
            Read {
                code: Some("1205"),
                message: Some("Locked"),
                details: &["-3|Busy|Trunk", "|Again|", "||", "||"],
                shown: "400 Bad Request: Locked; Trunk: Busy; Again",
                ..NONE
            },
        ),
        (
            400,
            r#"{"error":{"code":"","message":"EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE","details":[{"code":"","message":"WARNINGS.XAPI.ALREADY_IN_USE","target":"EmailAddress"}]}}"#,
            Read {
                message: Some("EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE"),
                details: &["|WARNINGS.XAPI.ALREADY_IN_USE|EmailAddress"],
                warnings: &["WARNINGS.XAPI.ALREADY_IN_USE"],
                shown: "400 Bad Request: EmailAddress: WARNINGS.XAPI.ALREADY_IN_USE",
                ..NONE
            },
        ),
        (
            400,
            r#"{"error":{"code":"","message":"The input was not valid.\n\ndelta:\nThe delta field is required."}}"#,
            Read {
                message: Some("The input was not valid.\n\ndelta:\nThe delta field is required."),
                shown: "400 Bad Request: The input was not valid; delta: The delta field is required.",
                ..NONE
            },
        ),
        (
            400,
            r#"{"code":42,"message":"No","target":"Id"}"#,
            Read {
                code: Some("42"),
                message: Some("No"),
                target: Some("Id"),
                shown: "400 Bad Request: Id: No",
                ..NONE
            },
        ),
    ];
    for (status, body, expected) in rows {
        let error = refused(status, body).await;
        assert_eq!(error.status(), Some(status));
        let found = (error.code(), error.message(), error.target());
        assert_eq!(found, (expected.code, expected.message, expected.target), "{body}");
        let details = error.details().iter();
        let details: Vec<_> =
            details.map(|it| format!("{}|{}|{}", it.code, it.message, it.target)).collect();
        assert_eq!(details, expected.details, "{body}");
        assert_eq!(error.warnings(), expected.warnings, "{body}");
        let shown = error.to_string();
        let shown = shown.strip_prefix("CreateUser (POST /Users): ").unwrap();
        assert!(shown.starts_with(expected.shown), "{shown}");
    }
}

async fn read<T>(
    body: Value,
    call: impl AsyncFnOnce(&threecx_xapi::Client) -> threecx_xapi::Result<T>,
) -> T {
    let server = always(Answer::json(200, &body).bytes()).await;
    call(&client(&server)).await.unwrap()
}

#[tokio::test]
async fn a_row_of_the_call_log_keeps_every_value() {
    let row = json!({
        "CallCost": 1.25, "StartTime": "2026-08-20T09:00:01+02:00", "RingingDuration": "PT0.03S",
        "Direction": "Inbound Queue", "CallType": "Digital Receptionist", "Status": "Waiting",
        "RecordingUrl": "101/[Example]_101.wav", "Recordings": [],
    });
    let page = read(json!({ "@odata.context": "x", "value": [row] }), async |pbx| {
        let day = "2026-08-20T00:00:00Z".parse().unwrap();
        pbx.report_call_log_data()
            .get_call_log_data(threecx_xapi::resources::report_call_log_data::GetCallLogData {
                period_from: day,
                period_to: day,
                source_type: 0,
                destination_type: 0,
                calls_type: 0,
                call_time_filter_type: 0,
                hide_pcalls: true,
            })
            .await
    })
    .await;
    let row = page.first().unwrap();
    assert_eq!(row.call_cost.as_ref().unwrap().to_string(), "1.25");
    assert_eq!(row.start_time.as_ref().unwrap().to_string(), "2026-08-20T09:00:01+02:00");
    assert_eq!(row.ringing_duration.as_ref().unwrap().to_string(), "PT0.03S");
    assert_eq!(row.direction.as_deref(), Some("Inbound Queue"));
    assert_eq!(row.call_type.as_deref(), Some("Digital Receptionist"));
    assert_eq!(row.status.as_deref(), Some("Waiting"));
    assert_eq!(row.recording_url.as_deref(), Some("101/[Example]_101.wav"));
}

#[tokio::test]
async fn what_is_left_out_or_null_is_none() {
    // Later rows of an abandoned call lack the time, and zero counts are left out.
    let body = json!({ "value": [{ "CallTime": "2026-08-20T09:00:01Z" }, { "WaitTime": null }] });
    let day = "2026-08-20T00:00:00Z".parse().unwrap();
    let page = read(body, async |pbx| {
        pbx.report_abandoned_queue_calls().get_abandoned_queue_calls_data(day, day).await
    })
    .await;
    let times: Vec<_> = page.iter().map(|row| row.call_time.is_some()).collect();
    assert_eq!(times, [true, false]);
    assert!(page.iter().all(|row| row.wait_time.is_none()));
}

#[tokio::test]
async fn a_count_that_is_left_out_is_told_from_one_that_is_zero() {
    // The queues' report leaves out counts that are zero; the ring groups' report writes them.
    let day = "2026-08-20T00:00:00Z".parse().unwrap();
    let row = json!({ "QueueDn": "800", "QueueReceivedCount": 3, "TalkTime": "PT1M" });
    let queues = read(json!({ "value": [row] }), async |pbx| {
        let report = pbx.report_queue_performance_overview();
        report.get_queue_performance_overview_data(day, day).await
    })
    .await;
    let queue = queues.first().unwrap();
    assert_eq!((queue.queue_received_count, queue.queue_answered_count), (Some(3), None));
    assert!(queue.extension_answered_count.is_none() && queue.extension_dropped_count.is_none());

    let row =
        json!({ "RingGroupDn": "801", "RingGroupReceivedCount": 2, "RingGroupAnsweredCount": 0 });
    let groups = read(json!({ "value": [row] }), async |pbx| {
        pbx.report_ring_group_statistics().get_ring_group_statistics_data(day, day).await
    })
    .await;
    let group = groups.first().unwrap();
    let counts = (group.ring_group_received_count, group.ring_group_answered_count);
    assert_eq!(counts, (Some(2), Some(0)));
}

#[tokio::test]
async fn a_user_with_groups_rights_and_profiles_is_read_whole() {
    let user = json!({
        "@odata.context": "x", "Id": 12,
        "ForwardingProfiles": [{ "AvailableRoute": null, "AwayRoute": null }],
        "Blfs": "<PhoneDevice><BLFS/></PhoneDevice>",
        "Groups": [{
            "GroupId": 28, "Number": "100", "MemberName": "Last, First", "Name": "DEFAULT",
            "Type": "Extension", "CanDelete": true, "Id": 6, "Rights": { "RoleName": "system_owners" },
        }],
    });
    let user = read(user, async |pbx| pbx.users().get(12).await).await;
    let profile = &user.forwarding_profiles.as_ref().unwrap()[0];
    assert!(profile.available_route.is_none() && profile.away_route.is_none());
    assert_eq!(user.blfs.as_deref(), Some("<PhoneDevice><BLFS/></PhoneDevice>"));
    let group = &user.groups.as_ref().unwrap()[0];
    assert_eq!((group.group_id, group.id, group.can_delete), (Some(28), Some(6), Some(true)));
    assert_eq!(group.member_name.as_deref(), Some("Last, First"));
    assert_eq!(group.type_.as_ref().unwrap().to_string(), "Extension");
    assert_eq!(group.rights.as_ref().unwrap().role_name.as_deref(), Some("system_owners"));
}

#[tokio::test]
async fn a_trunks_password_may_be_a_plain_text() {
    let trunk = json!({ "Id": 1, "AuthPassword": "plain" });
    let trunk = read(trunk, async |pbx| pbx.trunks().get(1).await).await;
    let password = trunk.auth_password.unwrap();
    assert_eq!(password.former().map(String::as_str), Some("plain"));
}
