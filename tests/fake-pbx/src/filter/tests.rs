use serde_json::json;

use super::*;
use crate::api::Api;
use crate::expression::Place;
use crate::release::Release;

/// Whether a row of a type passes; none if the filter is refused.
fn passes(text: &str, entity: &str, row: &serde_json::Value) -> Option<bool> {
    let release = Release::parse("20.0.9").unwrap();
    let api = Api::at(release.document).unwrap();
    let filter = parse(text, api.scope(entity).unwrap()).ok()?;
    Some(filter.passes(&Place::of(row.as_object().unwrap())))
}

#[test]
fn a_filter_is_judged_on_a_row_or_refused() {
    let row = json!({
        "Id": 12, "Number": "101", "FirstName": "O'Brien (x)", "Enabled": true, "Internal": false,
        "QueueStatus": "LoggedOut", "Hours": { "Type": "OfficeHours" }, "Tags": ["a", "b"],
        "Groups": [{ "Name": "DEFAULT", "GroupId": 41, "Rights": { "RoleName": "users" } }],
    });
    for (text, wanted) in [
        ("Number eq '101'", Some(true)),
        ("Number ne '101'", Some(false)),
        ("Number gt '100' and Number lt '102'", Some(true)),
        ("Id ge 12 and Id le 12", Some(true)),
        ("Id gt 12 or Id lt 12", Some(false)),
        ("Id eq 12.5", Some(false)),
        ("Enabled eq true", Some(true)),
        ("Enabled", Some(true)),
        ("not Internal", Some(true)),
        ("not (Enabled eq true)", Some(false)),
        ("not(Enabled eq true)", Some(false)),
        ("Id eq 1 or Id eq 12 and Enabled eq false", Some(false)),
        ("(Id eq 1 or Id eq 12) and Enabled eq true", Some(true)),
        ("contains(FirstName,'''Bri')", Some(true)),
        ("contains(FirstName, '(x)')", Some(true)),
        ("startswith(Number,'1') and endswith(Number,'2')", Some(false)),
        ("Mobile eq null", Some(true)),
        ("Mobile ne null", Some(false)),
        ("Mobile ne 'x'", Some(true)),
        ("Mobile lt 'x'", Some(false)),
        ("Mobile le null", Some(false)),
        ("QueueStatus eq Pbx.QueueStatusType'LoggedIn'", Some(false)),
        ("QueueStatus eq 'LoggedOut'", Some(true)),
        ("QueueStatus eq 'Nope'", None),
        ("QueueStatus in ('LoggedIn','LoggedOut')", Some(true)),
        ("QueueStatus in ('LoggedIn', 'Nope')", None),
        ("Number in ('1','101')", Some(true)),
        ("Id in (1, 2)", Some(false)),
        ("Id in ('12')", None),
        ("Hours/Type eq 'OfficeHours'", Some(true)),
        ("Hours/Nope eq 'x'", None),
        ("Hours eq null", Some(false)),
        ("Groups/any(g: g/Name eq 'DEFAULT' and g/Rights/RoleName ne 'x')", Some(true)),
        ("Groups/all(g: g/GroupId gt Id)", Some(true)),
        ("Groups/any()", Some(true)),
        ("Phones/any()", Some(false)),
        ("Tags/any(t: t eq 'b')", None),
        ("tolower(FirstName) eq 'o''brien (x)'", Some(true)),
        ("length(Number) add 1 eq 4", Some(true)),
        ("Id mul 2 sub 4 eq 20 and Id mod 5 eq 2", Some(true)),
        ("indexof(Number,'1') eq 0 and substring(Number,1,1) eq '0'", Some(true)),
        ("concat(Number,'x') eq '101x'", Some(true)),
        ("-(Id) eq -12", Some(true)),
        ("not not Enabled", Some(true)),
        ("FirstName gt LastName", Some(false)),
        ("Nope eq 1", None),
        ("ForbidRecording eq true", None),
        ("Number eq 101", None),
        ("Number eq abc", None),
        ("Id eq '12'", None),
        ("Number eq '101", None),
        ("Number eq '101' and", None),
        ("Number eq '101')", None),
        ("Number like '1'", None),
        ("contains(Id,'1')", None),
        ("contains(Number,1)", None),
        ("Number", None),
        ("", None),
    ] {
        assert_eq!(passes(text, "Pbx.User", &row), wanted, "{text}");
    }
}

#[test]
fn dates_are_compared_as_moments() {
    let row = json!({ "StartTime": "2026-02-01T00:00:00.5+02:00" });
    for (text, wanted) in [
        ("StartTime gt 2026-01-31T22:00:00Z", Some(true)),
        ("StartTime lt 2026-01-31T22:00:01Z", Some(true)),
        ("year(StartTime) eq 2026 and hour(StartTime) eq 0", Some(true)),
        ("date(StartTime) eq 2026-02-01", Some(true)),
        ("fractionalseconds(StartTime) gt 0.4", Some(true)),
        ("totaloffsetminutes(StartTime) eq 120", Some(true)),
        ("StartTime gt '2026-01-31T22:00:00Z'", None),
    ] {
        assert_eq!(passes(text, "Pbx.Recording", &row), wanted, "{text}");
    }
}
