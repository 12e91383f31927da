//! What changes a PBX: rows, actions, files.

use serde_json::{Value, json};
use tests::fake_pbx::{FakePbx, Fault, file_byte};
use tests::raw::send;

use crate::{Bench, text};

/// The errors of an answer as pairs of target and message.
fn details(answer: &Value) -> Vec<(&str, &str)> {
    let all = answer["error"]["details"].as_array().into_iter().flatten();
    all.map(|it| (it["target"].as_str().unwrap(), it["message"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn rows_are_created_changed_and_deleted() {
    let bench = Bench::new(FakePbx::builder()).await;
    for (path, row, change) in [
        (
            "/Users",
            json!({ "Id": 0, "Number": "900", "FirstName": "Lin" }),
            json!({ "FirstName": "Eve" }),
        ),
        ("/Groups", json!({ "Name": "Night" }), json!({ "Name": "Day" })),
        (
            "/Queues",
            json!({ "AnnouncementInterval": 30, "Number": "901" }),
            json!({ "Agents": [{ "Number": "102" }] }),
        ),
        ("/Trunks", json!({ "Number": "902" }), json!({ "Gateway": { "Name": "G" } })),
        ("/TenantProperties", json!({ "Name": "A'/b", "Value": "1" }), json!({ "Value": "2" })),
        ("/ServicePrincipals", json!({ "Number": "903" }), json!({ "XAPIEnabled": true })),
        (
            "/Contacts",
            json!({ "FirstName": "Alan", "PhoneNumber": "1" }),
            json!({ "Email": "alan@example.com" }),
        ),
    ] {
        let created = bench.send("POST", path, &row).await;
        assert_eq!(created.status, 201, "{path}: {}", text(&created));
        let location = created.header("location").unwrap().split_once("/xapi/v1").unwrap().1;
        assert_eq!(bench.send("PATCH", location, &change).await.status, 204, "{path}");
        let stored = bench.pbx.rows(path.trim_start_matches('/')).pop().unwrap();
        for (name, value) in change.as_object().unwrap() {
            assert_eq!(stored[name], *value, "{path}");
        }
        assert_eq!(bench.get(location).await.status, 200, "{location}");
        assert_eq!(bench.send("DELETE", location, &Value::Null).await.status, 204, "{path}");
        assert_eq!(bench.get(location).await.status, 404, "{path}");
        assert_eq!(bench.send("DELETE", location, &Value::Null).await.status, 404, "{path}");
        assert_eq!(bench.pbx.handled(&format!("POST {path}")), 1);
    }
    assert_eq!(bench.pbx.handled("PATCH /TenantProperties({Name})"), 1);
    assert_eq!(bench.send("DELETE", "/Users(Number='101')", &Value::Null).await.status, 405);
    for (method, target, status) in [
        ("POST", "/Recordings", 405),
        ("POST", "/Queues(71)/Agents", 404),
        ("PUT", "/Queues(71)/Agents", 405),
    ] {
        assert_eq!(
            bench.send(method, target, &json!({})).await.status,
            status,
            "{method} {target}"
        );
    }
}

#[tokio::test]
async fn the_smallest_creates_are_enough_and_numbers_are_given() {
    let bench = Bench::new(FakePbx::builder().users(2)).await;
    for (path, body, number) in [
        ("/Users", json!({}), "103"),
        ("/RingGroups", json!({ "Name": "R" }), "80004"),
        ("/Receptionists", json!({ "Name": "R" }), "80005"),
        ("/Groups", json!({ "Name": "R" }), "GRP100005"),
        ("/Queues", json!({ "AnnouncementInterval": 1 }), "80006"),
    ] {
        let created = bench.send("POST", path, &body).await;
        assert_eq!((created.status, &created.json()["Number"]), (201, &json!(number)), "{path}");
    }
}

#[tokio::test]
async fn a_users_groups_are_completed_from_their_ids() {
    let bench = Bench::new(FakePbx::builder()).await;
    let groups = json!([{ "GroupId": 42, "Rights": { "RoleName": "managers" } }]);
    for (method, target, body) in [
        ("POST", "/Users", json!({ "Number": "900", "Groups": groups })),
        ("PATCH", "/Users(1001)", json!({ "Groups": groups })),
    ] {
        let answer = bench.send(method, target, &body).await;
        assert!([201, 204].contains(&answer.status), "{method}: {}", text(&answer));
    }
    let list = "/Users?$filter=Groups/any(g:g/Name%20eq%20'Sales')&$expand=Groups($expand=Rights)";
    let groups = bench.column(list, "Groups").await;
    let shown = |groups: &Value| {
        let of = |name: &str| groups[0][name].clone();
        [of("Name"), of("Number"), of("Type"), groups[0]["Rights"]["RoleName"].clone()]
    };
    let [first, second] = groups.as_slice() else { panic!("{groups:?}") };
    assert_eq!(shown(first), ["Sales", "101", "Extension", "managers"].map(Value::from));
    assert_eq!(shown(second), ["Sales", "900", "Extension", "managers"].map(Value::from));
}

#[tokio::test]
async fn a_route_to_a_trunk_of_another_system_is_refused() {
    let bench = Bench::new(FakePbx::builder()).await;
    for (trunk, status) in [(61, 201), (-1, 201), (7, 400)] {
        let body = json!({ "Name": "Out", "Routes": [{ "TrunkId": trunk }] });
        let answer = bench.send("POST", "/OutboundRules", &body).await;
        assert_eq!(answer.status, status, "{trunk}: {}", text(&answer));
        let refused = vec![("Routes[0].TrunkId", "WARNINGS.XAPI.NOT_FOUND")];
        assert_eq!(details(&answer.json()), if status == 400 { refused } else { vec![] });
    }
}

#[tokio::test]
async fn singletons_and_settings_keep_what_was_set() {
    let bench = Bench::new(FakePbx::builder()).await;
    for (method, set, get) in [
        ("PATCH", "/MailSettings", "/MailSettings"),
        ("POST", "/Backups/Pbx.SetBackupSettings", "/Backups/Pbx.GetBackupSettings()"),
    ] {
        assert_eq!(bench.get(get).await.status, 200, "{get}");
        let body = match method {
            "PATCH" => json!({ "MailAddress": "pbx@example.com" }),
            _ => json!({ "settings": { "ScheduleEnabled": true } }),
        };
        let answer = bench.send(method, set, &body).await;
        assert_eq!(answer.status, 204, "{set}: {}", text(&answer));
        let read = bench.get(get).await.json();
        let kept = read["MailAddress"] == "pbx@example.com" || read["ScheduleEnabled"] == true;
        assert!(kept, "{get}: {read}");
    }
}

#[tokio::test]
async fn many_rows_are_changed_or_deleted_at_once() {
    let bench = Bench::new(FakePbx::builder().users(3).contacts(3).recordings(3, 1)).await;
    let change = |id: i32| json!({ "ids": [id], "user": { "Enabled": false } });
    for (target, body, set, rows) in [
        ("/Users/Pbx.BulkUpdate", change(1001), "Users", 3),
        ("/Users/Pbx.MultiUserUpdate", change(1002), "Users", 3),
        ("/Contacts/Pbx.DeleteContactsById", json!({ "ids": [2001, 2002, 9] }), "Contacts", 1),
        ("/Recordings/Pbx.BulkRecordingsDelete", json!({ "ids": [981] }), "Recordings", 2),
        ("/Groups/Pbx.DeleteCompanyById", json!({ "id": 43 }), "Groups", 2),
    ] {
        let answer = bench.send("POST", target, &body).await;
        assert_eq!(answer.status, 204, "{target}: {}", text(&answer));
        assert_eq!(bench.pbx.rows(set).len(), rows, "{target}");
    }
    let enabled = |row: &Value| row["Enabled"] == true;
    assert_eq!(bench.pbx.rows("Users").iter().filter(|row| enabled(row)).count(), 1);
}

#[tokio::test]
async fn names_that_somebody_has_are_told_beforehand() {
    let bench = Bench::new(FakePbx::builder()).await;
    let emails = json!({ "emails": ["u102@example.com", "new@example.com"] });
    let taken = bench.send("POST", "/Users/Pbx.GetDuplicatedEmails", &emails).await.json();
    assert_eq!(taken["value"], json!(["u102@example.com"]));
    bench.pbx.insert("WebsiteLinks", 0, json!({ "Link": "sales", "Group": "GRP0042" }));
    bench.pbx.insert("Queues", 0, json!({ "Id": 1, "Number": "80009", "ClickToCallId": "care" }));
    for (name, pair, status) in [
        ("free", "80009", 204),
        ("sales", "GRP0042", 400),
        ("care", "80009", 204),
        ("care", "101", 400),
    ] {
        let body = json!({ "model": { "FriendlyName": name, "Pair": pair } });
        let answer = bench.send("POST", "/WebsiteLinks/Pbx.ValidateLink", &body).await;
        assert_eq!(answer.status, status, "{name} {pair}: {}", text(&answer));
    }
}

#[tokio::test]
async fn null_clears_and_an_array_replaces() {
    let bench = Bench::new(FakePbx::builder()).await;
    let change = json!({ "LastName": null, "Groups": [], "@odata.type": "#Pbx.User" });
    assert_eq!(bench.send("PATCH", "/Users(1001)", &change).await.status, 204);
    let row = &bench.pbx.rows("Users")[0];
    assert_eq!((row.get("LastName"), &row["Groups"]), (None, &json!([])));
    assert_eq!(row["FirstName"], "Ada101");
    assert_eq!(row.get("@odata.type"), None);
}

#[tokio::test]
async fn what_a_body_lacks_or_repeats_is_named() {
    let bench = Bench::new(FakePbx::builder()).await;
    let (taken, required) = ("WARNINGS.XAPI.ALREADY_IN_USE", "WARNINGS.XAPI.REQUIRED");
    let (forbidden, missing) = ("WARNINGS.XAPI.FORBIDDEN_CHANGE", "WARNINGS.XAPI.NOT_FOUND");
    let wanted = |ty: &str| format!("Cannot convert the value to the expected type '{ty}'.");
    let unknown = "The property 'Nope' does not exist on type 'Pbx.User'.";
    for (method, target, body, errors) in [
        (
            "POST",
            "/Users",
            json!({ "Number": "900", "EmailAddress": "u101@example.com" }),
            vec![("EmailAddress", taken)],
        ),
        ("POST", "/Users", json!({ "Number": "80001" }), vec![("Number", taken)]),
        (
            "POST",
            "/Users",
            json!({ "Number": "101", "EmailAddress": "u102@example.com" }),
            vec![("Number", taken), ("EmailAddress", taken)],
        ),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "EmailAddress": "u102@example.com" }),
            vec![("EmailAddress", taken)],
        ),
        ("PATCH", "/Users(1001)", json!({ "EmailAddress": "u101@example.com" }), vec![]),
        ("POST", "/ServicePrincipals", json!({}), vec![("Number", required)]),
        ("POST", "/Queues", json!({ "Number": "" }), vec![("AnnouncementInterval", required)]),
        ("POST", "/Contacts", json!({}), vec![("FirstName", required), ("PhoneNumber", required)]),
        ("PATCH", "/Users(1001)", json!({ "Number": "999" }), vec![("Number", forbidden)]),
        ("PATCH", "/Users(1001)", json!({ "Number": "101" }), vec![]),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "QueueStatus": "Nope" }),
            vec![("QueueStatus", &wanted("Pbx.QueueStatusType"))],
        ),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "Groups": [{ "GroupId": 41 }, { "GroupId": 7, "Rights": { "RoleName": "king" } }] }),
            vec![
                ("Groups[1].GroupId", "WARNINGS.XAPI.NOT_FOUND"),
                ("Groups[1].Rights.RoleName", "WARNINGS.XAPI.INVALID"),
            ],
        ),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "Groups": [{ "GroupId": 42, "Rights": { "RoleName": "managers" } }] }),
            vec![],
        ),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "Groups": [{ "Nope": 1 }] }),
            vec![(
                "Groups[0].Nope",
                "The property 'Groups[0].Nope' does not exist on type 'Pbx.UserGroup'.",
            )],
        ),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "PrimaryGroupId": 7 }),
            vec![("PrimaryGroupId", missing)],
        ),
        (
            "POST",
            "/Users/Pbx.MakeCall",
            json!({ "destination": "102", "nope": 1 }),
            vec![("nope", "The parameter 'nope' is not one of the action.")],
        ),
        ("PATCH", "/Users(1001)", json!({ "Nope": 1 }), vec![("Nope", unknown)]),
        (
            "PATCH",
            "/Users(1001)",
            json!({ "Enabled": "yes" }),
            vec![("Enabled", &wanted("Edm.Boolean"))],
        ),
        (
            "PATCH",
            "/TenantProperties('COUNTRY')",
            json!({ "Value": 1 }),
            vec![("Value", &wanted("Edm.String"))],
        ),
        ("PATCH", "/Users(1001)", Value::Null, vec![("delta", "The delta field is required.")]),
        (
            "POST",
            "/Groups/Pbx.LinkGroupPartner",
            json!({ "groupId": "42" }),
            vec![("resellerId", required)],
        ),
        (
            "POST",
            "/Groups/Pbx.LinkGroupPartner",
            json!({ "groupId": "x", "resellerId": "r" }),
            vec![("groupId", "WARNINGS.XAPI.NOT_FOUND")],
        ),
        (
            "POST",
            "/Groups/Pbx.ReplaceGroupLicenseKey",
            json!({ "groupId": "42", "licenseKey": null }),
            vec![("licenseKey", required)],
        ),
        (
            "POST",
            "/Trunks/Pbx.FinalizeTrunkProvisioning",
            json!({}),
            vec![("model", "The model field is required.")],
        ),
        (
            "POST",
            "/Trunks/Pbx.FinalizeTrunkProvisioning",
            json!({ "model": {} }),
            vec![("Name", required)],
        ),
        ("POST", "/Users/Pbx.MakeCall", json!({ "dn": "101" }), vec![("destination", required)]),
        ("POST", "/Users/Pbx.RebootPhone", json!({}), vec![("mac", "The mac field is required.")]),
    ] {
        let answer = bench.send(method, target, &body).await;
        let json = answer.json();
        assert_eq!(details(&json), errors, "{method} {target} {body}: {}", text(&answer));
        assert_eq!(answer.status, if errors.is_empty() { 204 } else { 400 });
    }
    let twice = json!({ "Number": "900", "EmailAddress": "u101@example.com" });
    let error = bench.send("POST", "/Users", &twice).await.json();
    assert_eq!(error["error"]["message"], format!("EmailAddress:\n{taken}"));
    let error = bench.send("PATCH", "/Users(1001)", &Value::Null).await.json();
    assert_eq!(
        error["error"]["message"],
        "The input was not valid.\n\ndelta:\nThe delta field is required."
    );
}

#[tokio::test]
async fn actions_are_carried_out_and_noted() {
    let bench = Bench::new(FakePbx::builder()).await;
    let model = json!({ "model": { "Name": "Twilio", "Type": "Twilio",
        "PhoneNumbers": [{ "Sid": "1", "PhoneNumber": "+4930" }] } });
    for (target, body, status) in [
        ("/Groups/Pbx.LinkGroupPartner", json!({ "groupId": "42", "resellerId": "r" }), 204),
        ("/Groups/Pbx.LinkGroupPartner", json!({ "groupId": "7", "resellerId": "r" }), 404),
        ("/Groups/Pbx.ReplaceGroupLicenseKey", json!({ "groupId": "42", "licenseKey": "k" }), 204),
        ("/Trunks/Pbx.FinalizeTrunkProvisioning", model, 200),
        ("/Users/Pbx.MakeCall", json!({ "dn": "101", "destination": "102" }), 200),
        ("/Users(1001)/Pbx.SendWelcomeEmail", Value::Null, 204),
        ("/Users(9)/Pbx.SendWelcomeEmail", Value::Null, 404),
        ("/Groups/Pbx.LinkGroupPartner()", json!({}), 404),
        ("/Groups/Pbx.Nope", json!({}), 404),
    ] {
        let answer = bench.send("POST", target, &body).await;
        assert_eq!(answer.status, status, "{target}: {}", text(&answer));
    }
    let noted: Vec<_> = bench.pbx.actions().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        noted,
        [
            "LinkGroupPartner",
            "ReplaceGroupLicenseKey",
            "FinalizeTrunkProvisioning",
            "MakeCall",
            "SendWelcomeEmail"
        ]
    );
    assert_eq!(bench.pbx.handled("POST /Groups/Pbx.LinkGroupPartner"), 2);
    let trunk = &bench.pbx.rows("Trunks")[1];
    assert_eq!((&trunk["Number"], &trunk["DidNumbers"]), (&json!("90002"), &json!(["+4930"])));
    let free = bench.get("/Users/Pbx.GetFirstAvailableExtensionNumber()").await.json();
    assert_eq!(free["Number"], "111");
    let gone =
        bench.send("POST", "/Users/Pbx.BatchDelete", &json!({ "ids": [1001, 9] })).await.json();
    assert_eq!(gone["value"], json!([{ "Error": "WARNINGS.XAPI.NOT_FOUND" }]));
    assert_eq!(bench.pbx.rows("Users").len(), 9);
    let old = Bench::new(FakePbx::builder().release("20.0.4")).await;
    let target = "/Trunks/Pbx.FinalizeTrunkProvisioning";
    assert_eq!(old.send("POST", target, &json!({})).await.status, 404);
}

#[tokio::test]
async fn what_nobody_knows_is_a_501_until_a_fault_answers_it() {
    let bench = Bench::new(FakePbx::builder()).await;
    let (target, body) = ("/Users/Pbx.RebootPhone", json!({ "mac": "001122334455" }));
    let answer = bench.send("POST", target, &body).await;
    let said = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(answer.status == 501 && said.contains("`POST /Users/Pbx.RebootPhone`"), "{said}");
    assert_eq!(bench.pbx.actions(), []);
    assert_eq!(bench.get("/ReportAuditLog/Pbx.GetAuditLogData()?$select=Nope").await.status, 400);
    assert_eq!(bench.get("/ReportAuditLog/Pbx.GetAuditLogData()").await.status, 501);
    bench.pbx.fault(Fault::at(format!("/xapi/v1{target}")).always().answers(204));
    assert_eq!(bench.send("POST", target, &body).await.status, 204);
}

#[tokio::test]
async fn files_come_with_name_and_type() {
    let bench = Bench::new(FakePbx::builder().recordings(2, 200_000).backup_size(10)).await;
    let file = bench.get("/Recordings/Pbx.DownloadRecording(recId=982)").await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("audio/x-wav")));
    assert!(file.header("content-disposition").unwrap().ends_with("982.wav\""));
    let bytes: Vec<_> = (0..200_000).map(|at| file_byte(982, at)).collect();
    assert!(file.is_whole() && file.body == bytes);
    assert_eq!(bench.get("/Recordings/Pbx.DownloadRecording(recId=1)").await.status, 404);
    assert_eq!(bench.get("/Recordings/Pbx.DownloadRecording(recId='982')").await.status, 400);
    assert_eq!(bench.column("/Recordings?$filter=Id%20gt%20981", "Id").await, [982]);
}

#[tokio::test]
async fn a_backup_has_its_link_when_it_is_ready() {
    let bench = Bench::new(FakePbx::builder().backup_size(10).backup_polls(1)).await;
    let body = json!({ "description": { "Name": "a b" } });
    assert_eq!(bench.send("POST", "/Backups/Pbx.Backup", &body).await.status, 204);
    assert_eq!(bench.send("POST", "/Backups/Pbx.Backup", &body).await.status, 400);
    assert_eq!(bench.column("/Backups", "DownloadLink").await, [Value::Null]);
    let links = bench.column("/Backups", "DownloadLink").await;
    assert_eq!(links, ["/downloads/backups/a%20b.zip"]);
    let (link, token) = (links[0].as_str().unwrap(), format!("Bearer {}", bench.token));
    for (headers, status, length) in
        [(vec![("Authorization", token.as_str())], 200, 10), (vec![], 401, 0)]
    {
        let file = send(bench.pbx.url(), "GET", link, &headers, b"").await.unwrap();
        assert_eq!((file.status, file.body.len()), (status, length));
    }
    assert_eq!(bench.send("DELETE", "/Backups('a%20b.zip')", &Value::Null).await.status, 204);
    assert_eq!(bench.column("/Backups", "FileName").await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_prompt_is_uploaded_as_a_part_named_file() {
    let bench = Bench::new(FakePbx::builder()).await;
    let token = format!("Bearer {}", bench.token);
    let multipart = ("Content-Type", "multipart/form-data; boundary=x");
    for (media_type, name, file, status) in [
        (multipart, "file", "hello.wav", 200),
        (multipart, "other", "hello.wav", 400),
        (multipart, "file", "hello.txt", 400),
        (("Content-Type", "application/json"), "file", "hello.wav", 415),
    ] {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: audio/x-wav\r\n\r\nRIFF\r\n--\r\n--x--\r\n"
        );
        let headers = [("Authorization", token.as_str()), media_type];
        let target = "/xapi/v1/customPrompts";
        let answer =
            send(bench.pbx.url(), "POST", target, &headers, body.as_bytes()).await.unwrap();
        assert_eq!(answer.status, status, "{name} {file}");
        if let Some(link) = answer.json()["value"].as_str() {
            let file = send(bench.pbx.url(), "GET", link, &headers[..1], b"").await.unwrap();
            assert_eq!(file.body, b"RIFF\r\n--");
        }
    }
    assert_eq!(bench.pbx.handled("POST /customPrompts"), 4);
}
