//! Rust expression, OData text, and the same as it stands in a query: values of every type.

use threecx_xapi::edm::{Duration, Guid, Single};
use threecx_xapi::entities::*;
use threecx_xapi::enums::{ContactSource, PeerType, TranscriptionType};
use threecx_xapi::{enumeration::Flags, filter};

use super::{check, day, decimal, duration, guid, moment, row, time};

#[test]
fn a_property_is_compared_with_values_of_its_type() {
    check(vec![
        row(User::NUMBER.eq("101"), "Number eq '101'", "Number%20eq%20%27101%27"),
        row(User::NUMBER.ne("101"), "Number ne '101'", "Number%20ne%20%27101%27"),
        row(User::NUMBER.lt("2"), "Number lt '2'", "Number%20lt%20%272%27"),
        row(User::NUMBER.le("2"), "Number le '2'", "Number%20le%20%272%27"),
        row(User::NUMBER.gt("2"), "Number gt '2'", "Number%20gt%20%272%27"),
        row(User::NUMBER.ge("2"), "Number ge '2'", "Number%20ge%20%272%27"),
        row(User::ID.eq(12), "Id eq 12", "Id%20eq%2012"),
        row(User::ID.ne(-1), "Id ne -1", "Id%20ne%20-1"),
        row(User::ID.gt(0), "Id gt 0", "Id%20gt%200"),
        row(User::ENABLED.eq(true), "Enabled eq true", "Enabled%20eq%20true"),
        row(User::ENABLED.ne(false), "Enabled ne false", "Enabled%20ne%20false"),
        row(
            User::FIRST_NAME.eq(User::LAST_NAME),
            "FirstName eq LastName",
            "FirstName%20eq%20LastName",
        ),
        row(
            User::ID.lt(User::PRIMARY_GROUP_ID),
            "Id lt PrimaryGroupId",
            "Id%20lt%20PrimaryGroupId",
        ),
        row(User::NUMBER.eq(String::from("101")), "Number eq '101'", "Number%20eq%20%27101%27"),
        row(
            User::NUMBER.is_in(["101", "102"]),
            "Number in ('101','102')",
            "Number%20in%20(%27101%27,%27102%27)",
        ),
        row(
            User::NUMBER.is_in(vec![String::from("1")]),
            "Number in ('1')",
            "Number%20in%20(%271%27)",
        ),
        row(User::ID.is_in([1, 2, 3]), "Id in (1,2,3)", "Id%20in%20(1,2,3)"),
        row(User::ID.is_in([i32::MIN]), "Id in (-2147483648)", "Id%20in%20(-2147483648)"),
        row(User::ID.is_in(Vec::<i32>::new()), "false", "false"),
        row(User::ID.is_in(1..=3), "Id in (1,2,3)", "Id%20in%20(1,2,3)"),
        row(User::MOBILE.is_null(), "Mobile eq null", "Mobile%20eq%20null"),
        row(User::MOBILE.is_not_null(), "Mobile ne null", "Mobile%20ne%20null"),
    ]);
}

#[test]
fn strings_are_quoted_whatever_is_in_them() {
    check(vec![
        row(User::NUMBER.eq(""), "Number eq ''", "Number%20eq%20%27%27"),
        row(
            User::LAST_NAME.eq("O'Brien"),
            "LastName eq 'O''Brien'",
            "LastName%20eq%20%27O%27%27Brien%27",
        ),
        row(User::LAST_NAME.eq("'"), "LastName eq ''''", "LastName%20eq%20%27%27%27%27"),
        row(User::LAST_NAME.eq("''"), "LastName eq ''''''", "LastName%20eq%20%27%27%27%27%27%27"),
        row(
            User::LAST_NAME.eq("' or Id ne 0 or '' eq '"),
            "LastName eq ''' or Id ne 0 or '''' eq '''",
            "LastName%20eq%20%27%27%27%20or%20Id%20ne%200%20or%20%27%27%27%27%20eq%20%27%27%27",
        ),
        row(User::LAST_NAME.eq("50%"), "LastName eq '50%'", "LastName%20eq%20%2750%25%27"),
        row(User::LAST_NAME.eq("%27"), "LastName eq '%27'", "LastName%20eq%20%27%2527%27"),
        row(User::LAST_NAME.eq("a#b"), "LastName eq 'a#b'", "LastName%20eq%20%27a%23b%27"),
        row(
            User::LAST_NAME.eq("A & B"),
            "LastName eq 'A & B'",
            "LastName%20eq%20%27A%20%26%20B%27",
        ),
        row(User::LAST_NAME.eq("a=b"), "LastName eq 'a=b'", "LastName%20eq%20%27a%3Db%27"),
        row(User::LAST_NAME.eq("1+1"), "LastName eq '1+1'", "LastName%20eq%20%271%2B1%27"),
        row(
            User::MOBILE.eq("+49 (30) 1234-5"),
            "Mobile eq '+49 (30) 1234-5'",
            "Mobile%20eq%20%27%2B49%20%2830%29%201234-5%27",
        ),
        row(User::LAST_NAME.eq("a;b,c"), "LastName eq 'a;b,c'", "LastName%20eq%20%27a%3Bb%2Cc%27"),
        row(
            User::LAST_NAME.eq("a/b\\c"),
            "LastName eq 'a/b\\c'",
            "LastName%20eq%20%27a%2Fb%5Cc%27",
        ),
        row(User::LAST_NAME.eq("Söhne"), "LastName eq 'Söhne'", "LastName%20eq%20%27S%C3%B6hne%27"),
        row(
            User::LAST_NAME.eq("日本"),
            "LastName eq '日本'",
            "LastName%20eq%20%27%E6%97%A5%E6%9C%AC%27",
        ),
        row(User::LAST_NAME.eq("😀"), "LastName eq '😀'", "LastName%20eq%20%27%F0%9F%98%80%27"),
        row(
            User::LAST_NAME.eq("a\tb\r\nc"),
            "LastName eq 'a\tb\r\nc'",
            "LastName%20eq%20%27a%09b%0D%0Ac%27",
        ),
        row(
            User::LAST_NAME.eq("\u{0}\u{7f}"),
            "LastName eq '\u{0}\u{7f}'",
            "LastName%20eq%20%27%00%7F%27",
        ),
        row(User::LAST_NAME.eq("null"), "LastName eq 'null'", "LastName%20eq%20%27null%27"),
        row(
            User::LAST_NAME.eq("$it?@x!*~"),
            "LastName eq '$it?@x!*~'",
            "LastName%20eq%20%27%24it%3F%40x%21%2A~%27",
        ),
        row(
            User::LAST_NAME.eq("\"<>|`{}^[]"),
            "LastName eq '\"<>|`{}^[]'",
            "LastName%20eq%20%27%22%3C%3E%7C%60%7B%7D%5E%5B%5D%27",
        ),
        row(
            User::LAST_NAME.eq("a:b, (c) = \"d\"").and(User::ID.gt(1)),
            "LastName eq 'a:b, (c) = \"d\"' and Id gt 1",
            "LastName%20eq%20%27a%3Ab%2C%20%28c%29%20%3D%20%22d%22%27%20and%20Id%20gt%201",
        ),
        row(User::LAST_NAME.eq(" "), "LastName eq ' '", "LastName%20eq%20%27%20%27"),
    ]);
}

#[test]
fn numbers_keep_every_digit() {
    check(vec![
        row(
            ActivityLogEvent::INDEX.eq(i64::MIN),
            "Index eq -9223372036854775808",
            "Index%20eq%20-9223372036854775808",
        ),
        row(
            ActivityLogEvent::INDEX.eq(i64::MAX),
            "Index eq 9223372036854775807",
            "Index%20eq%209223372036854775807",
        ),
        row(ActivityLogEvent::INDEX.gt(5), "Index gt 5", "Index%20gt%205"),
        row(User::ID.eq(i32::MIN), "Id eq -2147483648", "Id%20eq%20-2147483648"),
        row(User::ID.eq(i32::MAX), "Id eq 2147483647", "Id%20eq%202147483647"),
        row(Holiday::DAY.eq(u8::MAX), "Day eq 255", "Day%20eq%20255"),
        row(SystemTelemetry::CPU_USAGE.gt(0.5), "CpuUsage gt 0.5", "CpuUsage%20gt%200.5"),
        row(SystemTelemetry::CPU_USAGE.eq(-0.0), "CpuUsage eq -0.0", "CpuUsage%20eq%20-0.0"),
        row(SystemTelemetry::CPU_USAGE.eq(1e300), "CpuUsage eq 1e300", "CpuUsage%20eq%201e300"),
        row(SystemTelemetry::CPU_USAGE.eq(f64::INFINITY), "CpuUsage eq INF", "CpuUsage%20eq%20INF"),
        row(
            SystemTelemetry::CPU_USAGE.eq(f64::NEG_INFINITY),
            "CpuUsage eq -INF",
            "CpuUsage%20eq%20-INF",
        ),
        row(SystemTelemetry::CPU_USAGE.eq(f64::NAN), "CpuUsage eq NaN", "CpuUsage%20eq%20NaN"),
        row(CallCostSettings::RATE.le(0.1_f32), "Rate le 0.1", "Rate%20le%200.1"),
        row(CallCostSettings::RATE.eq(Single(f32::INFINITY)), "Rate eq INF", "Rate%20eq%20INF"),
        row(CallLogData::CALL_COST.gt(2), "CallCost gt 2", "CallCost%20gt%202"),
        row(CallLogData::CALL_COST.eq(decimal("0.05")), "CallCost eq 0.05", "CallCost%20eq%200.05"),
        row(
            CallLogData::CALL_COST.eq(decimal("-12345678901234567890.12")),
            "CallCost eq -12345678901234567890.12",
            "CallCost%20eq%20-12345678901234567890.12",
        ),
        row(
            CallLogData::CALL_COST.lt(3_000_000_000_i64),
            "CallCost lt 3000000000",
            "CallCost%20lt%203000000000",
        ),
    ]);
}

#[test]
fn dates_times_durations_and_guids_are_bare_or_prefixed() {
    check(vec![
        row(
            AuditLog::TIMESTAMP.ge(moment("2026-02-01T00:00:00Z")),
            "Timestamp ge 2026-02-01T00:00:00Z",
            "Timestamp%20ge%202026-02-01T00:00:00Z",
        ),
        row(
            AuditLog::TIMESTAMP.lt(moment("2026-02-01T23:59:59Z")),
            "Timestamp lt 2026-02-01T23:59:59Z",
            "Timestamp%20lt%202026-02-01T23:59:59Z",
        ),
        row(
            AuditLog::TIMESTAMP.lt(moment("2026-02-01T23:59:59.0Z")),
            "Timestamp lt 2026-02-01T23:59:59Z",
            "Timestamp%20lt%202026-02-01T23:59:59Z",
        ),
        row(
            AuditLog::TIMESTAMP.lt(moment("2026-02-01T23:59:59.50Z")),
            "Timestamp lt 2026-02-01T23:59:59.5Z",
            "Timestamp%20lt%202026-02-01T23:59:59.5Z",
        ),
        row(
            AuditLog::TIMESTAMP.lt(moment("2026-02-01T23:59:59.123456789Z")),
            "Timestamp lt 2026-02-01T23:59:59.123456789Z",
            "Timestamp%20lt%202026-02-01T23:59:59.123456789Z",
        ),
        row(
            AuditLog::TIMESTAMP.eq(moment("0001-01-01T00:00:00Z")),
            "Timestamp eq 0001-01-01T00:00:00Z",
            "Timestamp%20eq%200001-01-01T00:00:00Z",
        ),
        row(
            AuditLog::TIMESTAMP.eq(moment("9999-12-31T23:59:59.9999999Z")),
            "Timestamp eq 9999-12-31T23:59:59.9999999Z",
            "Timestamp%20eq%209999-12-31T23:59:59.9999999Z",
        ),
        row(
            AuditLog::TIMESTAMP.ge(moment("2026-02-01T02:00:00+02:00")),
            "Timestamp ge 2026-02-01T02:00:00+02:00",
            "Timestamp%20ge%202026-02-01T02:00:00%2B02:00",
        ),
        row(
            AuditLog::TIMESTAMP.ge(moment("2026-02-01T02:00:00-09:30")),
            "Timestamp ge 2026-02-01T02:00:00-09:30",
            "Timestamp%20ge%202026-02-01T02:00:00-09:30",
        ),
        row(
            AuditLog::TIMESTAMP.date().eq(day(2026, 2, 1)),
            "date(Timestamp) eq 2026-02-01",
            "date(Timestamp)%20eq%202026-02-01",
        ),
        row(
            AuditLog::TIMESTAMP.date().is_in([day(1, 1, 1), day(9999, 12, 31)]),
            "date(Timestamp) in (0001-01-01,9999-12-31)",
            "date(Timestamp)%20in%20(0001-01-01,9999-12-31)",
        ),
        row(
            AuditLog::TIMESTAMP.time().lt(time("08:30:00")),
            "time(Timestamp) lt 08:30:00",
            "time(Timestamp)%20lt%2008:30:00",
        ),
        row(
            AuditLog::TIMESTAMP.time().ge(time("23:59:59.25")),
            "time(Timestamp) ge 23:59:59.25",
            "time(Timestamp)%20ge%2023:59:59.25",
        ),
        row(
            AuditLog::TIMESTAMP.year().eq(2026),
            "year(Timestamp) eq 2026",
            "year(Timestamp)%20eq%202026",
        ),
        row(
            AuditLog::TIMESTAMP.month().is_in([1, 2]),
            "month(Timestamp) in (1,2)",
            "month(Timestamp)%20in%20(1,2)",
        ),
        row(AuditLog::TIMESTAMP.day().le(15), "day(Timestamp) le 15", "day(Timestamp)%20le%2015"),
        row(
            AuditLog::TIMESTAMP.hour().ge(8).and(AuditLog::TIMESTAMP.hour().lt(17)),
            "hour(Timestamp) ge 8 and hour(Timestamp) lt 17",
            "hour(Timestamp)%20ge%208%20and%20hour(Timestamp)%20lt%2017",
        ),
        row(
            AuditLog::TIMESTAMP.minute().eq(0),
            "minute(Timestamp) eq 0",
            "minute(Timestamp)%20eq%200",
        ),
        row(
            AuditLog::TIMESTAMP.second().eq(59),
            "second(Timestamp) eq 59",
            "second(Timestamp)%20eq%2059",
        ),
        row(
            AuditLog::TIMESTAMP.fractional_seconds().lt(decimal("0.5")),
            "fractionalseconds(Timestamp) lt 0.5",
            "fractionalseconds(Timestamp)%20lt%200.5",
        ),
        row(
            AuditLog::TIMESTAMP.total_offset_minutes().eq(0),
            "totaloffsetminutes(Timestamp) eq 0",
            "totaloffsetminutes(Timestamp)%20eq%200",
        ),
        row(AuditLog::TIMESTAMP.lt(filter::now()), "Timestamp lt now()", "Timestamp%20lt%20now()"),
        row(Period::START.ge(time("08:00:00")), "Start ge 08:00:00", "Start%20ge%2008:00:00"),
        row(Period::START.hour().eq(8), "hour(Start) eq 8", "hour(Start)%20eq%208"),
        row(
            AbandonedQueueCalls::WAIT_TIME.gt(duration("PT90S")),
            "WaitTime gt duration'PT1M30S'",
            "WaitTime%20gt%20duration%27PT1M30S%27",
        ),
        row(
            AbandonedQueueCalls::WAIT_TIME.gt(duration("P5DT13H43M24.960179S")),
            "WaitTime gt duration'P5DT13H43M24.960179S'",
            "WaitTime%20gt%20duration%27P5DT13H43M24.960179S%27",
        ),
        row(
            AbandonedQueueCalls::WAIT_TIME.eq(Duration::ZERO),
            "WaitTime eq duration'PT0S'",
            "WaitTime%20eq%20duration%27PT0S%27",
        ),
        row(
            AbandonedQueueCalls::WAIT_TIME.lt(Duration::seconds(-5)),
            "WaitTime lt duration'-PT5S'",
            "WaitTime%20lt%20duration%27-PT5S%27",
        ),
        row(
            AbandonedQueueCalls::WAIT_TIME.total_seconds().ge(60),
            "totalseconds(WaitTime) ge 60",
            "totalseconds(WaitTime)%20ge%2060",
        ),
        row(
            OAuthClient::ID.eq(guid("01234567-89AB-cdef-0123-456789abcdef")),
            "Id eq 01234567-89ab-cdef-0123-456789abcdef",
            "Id%20eq%2001234567-89ab-cdef-0123-456789abcdef",
        ),
        row(
            OAuthClient::ID.is_in([Guid::nil()]),
            "Id in (00000000-0000-0000-0000-000000000000)",
            "Id%20in%20(00000000-0000-0000-0000-000000000000)",
        ),
    ]);
}

#[test]
fn enumerations_are_compared_as_strings() {
    check(vec![
        row(
            Peer::TYPE.eq(PeerType::Extension),
            "Type eq 'Extension'",
            "Type%20eq%20%27Extension%27",
        ),
        row(Peer::TYPE.ne(PeerType::Queue), "Type ne 'Queue'", "Type%20ne%20%27Queue%27"),
        row(
            Peer::TYPE.is_in([PeerType::Extension, PeerType::from("Newer")]),
            "Type in ('Extension','Newer')",
            "Type%20in%20(%27Extension%27,%27Newer%27)",
        ),
        row(
            Peer::TYPE.eq(PeerType::from("O'Neill")),
            "Type eq 'O''Neill'",
            "Type%20eq%20%27O%27%27Neill%27",
        ),
        row(Peer::TYPE.is_null(), "Type eq null", "Type%20eq%20null"),
        row(
            ClickToCall::TRANSCRIPTION_MODE.eq(Flags::from(TranscriptionType::Voicemail)),
            "TranscriptionMode eq 'Voicemail'",
            "TranscriptionMode%20eq%20%27Voicemail%27",
        ),
        row(
            ClickToCall::TRANSCRIPTION_MODE.has(TranscriptionType::Voicemail),
            "TranscriptionMode has 'Voicemail'",
            "TranscriptionMode%20has%20%27Voicemail%27",
        ),
        row(
            !ClickToCall::TRANSCRIPTION_MODE
                .has([TranscriptionType::Voicemail, TranscriptionType::Recordings]),
            "not (TranscriptionMode has 'Voicemail,Recordings')",
            "not%20(TranscriptionMode%20has%20%27Voicemail%2CRecordings%27)",
        ),
        row(
            Contact::CONTACT_TYPE.eq(ContactSource::ThreeCX.as_ref()),
            "ContactType eq '3CX'",
            "ContactType%20eq%20%273CX%27",
        ),
    ]);
}
