//! The rows with which a PBX starts.

use serde_json::json;

use super::config::Builder;
use super::release::Release;
use super::store::Store;

/// A PBX with users, groups and what its settings ask for.
pub(super) fn store(config: &Builder, release: &Release) -> Store {
    let mut store = Store::new();
    let rights = |role: &str| json!({ "RoleName": role, "CanSeeGroupMembers": true });
    for index in 0..config.users {
        let number = (101 + index).to_string();
        store.put(
            "Users",
            json!({
                "Id": 1001 + index, "Number": number, "FirstName": format!("Ada{number}"),
                "LastName": "Lovelace", "DisplayName": format!("Ada{number} Lovelace"),
                "EmailAddress": format!("u{number}@example.com"), "Enabled": true, "Language": "EN",
                "AuthID": format!("auth{number}"), "AuthPassword": format!("sip-secret-{number}"),
                "VMPIN": "271828", "VMEnabled": true, "PrimaryGroupId": 41, "Tags": [],
                "QueueStatus": if index % 2 == 0 { "LoggedIn" } else { "LoggedOut" },
                "Groups": [{ "Id": 5001 + index, "GroupId": 41, "Name": "DEFAULT", "Number": number,
                    "MemberName": format!("Ada{number} Lovelace"), "Type": "Extension",
                    "Rights": rights("users"), "GroupRights": rights("users") }],
            }),
        );
    }
    for (id, name) in [(41, "DEFAULT"), (42, "Sales"), (43, "O'Brien & Söhne")] {
        store.put(
            "Groups",
            json!({
                "Id": id, "Name": name, "Number": format!("GRP00{id}"), "IsDefault": id == 41,
                "Language": "EN", "TimeZoneId": "51", "HasMembers": id == 41,
                "Rights": [rights("users"), rights("managers")], "Members": [],
            }),
        );
    }
    store.put("Trunks", json!({
        "Id": 61, "Number": "90001", "ExternalNumber": "+4930123456", "IsOnline": true,
        "AuthID": "trunk", "SimultaneousCalls": 10, "DidNumbers": ["+4930123456"],
        "Direction": "Both", "Gateway": { "Id": 1, "Name": "Carrier", "Host": "sip.example.com" },
    }));
    store.put(
        "Queues",
        json!({
            "Id": 71, "Number": "80001", "Name": "Support", "PollingStrategy": "RingAll",
            "RingTimeout": 20, "IsRegistered": true,
            "Agents": [{ "Number": "101", "Name": "Ada101 Lovelace", "SkillGroup": "1" }],
            "Managers": [],
        }),
    );
    for (id, path, number) in [
        (91, "Fax", "88801"),
        (92, "Parkings", "SP0"),
        (93, "Peers", "101"),
        (94, "Receptionists", "80002"),
        (95, "RingGroups", "80003"),
    ] {
        store.put(path, json!({ "Id": id, "Number": number }));
    }
    for (name, value) in [("COUNTRY", "DE"), ("America/Chicago", "-6"), ("O'BRIEN", "quoted")] {
        store.put(
            "TenantProperties",
            json!({ "Name": name, "Value": value, "Description": "A setting" }),
        );
    }
    for (index, client) in config.clients.iter().enumerate() {
        store.put(
            "ServicePrincipals",
            json!({
                "Id": 81 + index, "Number": client.id, "XAPIEnabled": true,
                "CallControlEnabled": false, "Groups": [],
            }),
        );
    }
    for index in 0..config.contacts {
        store.put("Contacts", json!({
            "Id": 2001 + index, "FirstName": "Grace", "LastName": format!("Hopper{index}"),
            "CompanyName": "Navy", "PhoneNumber": format!("+1202{index:07}"), "ContactType": "3CX",
        }));
    }
    for index in 0..config.recordings.0 {
        let id = 981 + index;
        store.put(
            "Recordings",
            json!({
                "Id": id, "StartTime": "2026-01-01T09:00:00Z", "EndTime": "2026-01-01T09:05:00.25Z",
                "FromDn": "101", "ToDn": "102", "CallType": "Local", "IsArchived": false,
                "RecordingUrl": format!("101/[Ada]_101-102_{id}.wav"),
            }),
        );
    }
    let status = json!({
        "Id": 0, "Version": release.version, "FQDN": "pbx.example.com", "Activated": true,
        "ExtensionsTotal": config.users, "ExtensionsRegistered": 0, "TrunksTotal": 1,
        "TrunksRegistered": 1, "CallsActive": 0,
    });
    if let serde_json::Value::Object(status) = status {
        store.set_single("SystemStatus", status);
    }
    store
}
