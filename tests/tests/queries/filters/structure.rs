//! Rust expression, OData text, and the same as it stands in a query: functions, precedence, lambdas.

use threecx_xapi::Filter;
use threecx_xapi::entities::*;
use threecx_xapi::enums::UserTag;

use super::{a, b, c, check, group_tags, row, time};

#[test]
fn functions_are_called_by_odatas_names() {
    check(vec![
        row(
            User::LAST_NAME.contains("O'B"),
            "contains(LastName,'O''B')",
            "contains(LastName,%27O%27%27B%27)",
        ),
        row(User::NUMBER.starts_with("1"), "startswith(Number,'1')", "startswith(Number,%271%27)"),
        row(
            User::EMAIL_ADDRESS.ends_with("@example.com"),
            "endswith(EmailAddress,'@example.com')",
            "endswith(EmailAddress,%27%40example.com%27)",
        ),
        row(
            User::LAST_NAME.to_lower().eq("brien"),
            "tolower(LastName) eq 'brien'",
            "tolower(LastName)%20eq%20%27brien%27",
        ),
        row(
            User::LAST_NAME.to_upper().contains("X"),
            "contains(toupper(LastName),'X')",
            "contains(toupper(LastName),%27X%27)",
        ),
        row(User::LAST_NAME.trim().ne(""), "trim(LastName) ne ''", "trim(LastName)%20ne%20%27%27"),
        row(User::NUMBER.length().gt(3), "length(Number) gt 3", "length(Number)%20gt%203"),
        row(
            User::LAST_NAME.index_of("a").eq(-1),
            "indexof(LastName,'a') eq -1",
            "indexof(LastName,%27a%27)%20eq%20-1",
        ),
        row(
            User::NUMBER.substring(1).eq("01"),
            "substring(Number,1) eq '01'",
            "substring(Number,1)%20eq%20%2701%27",
        ),
        row(
            User::NUMBER.substring_of_length(0, 2).eq("10"),
            "substring(Number,0,2) eq '10'",
            "substring(Number,0,2)%20eq%20%2710%27",
        ),
        row(
            User::NUMBER.substring(User::NUMBER.length() - 2).eq("01"),
            "substring(Number,length(Number) sub 2) eq '01'",
            "substring(Number,length(Number)%20sub%202)%20eq%20%2701%27",
        ),
        row(
            User::FIRST_NAME.concat(" ").concat(User::LAST_NAME).eq("Ada Love"),
            "concat(concat(FirstName,' '),LastName) eq 'Ada Love'",
            "concat(concat(FirstName,%27%20%27),LastName)%20eq%20%27Ada%20Love%27",
        ),
        row(
            User::LAST_NAME.contains(User::FIRST_NAME),
            "contains(LastName,FirstName)",
            "contains(LastName,FirstName)",
        ),
        row(
            CallLogData::CALL_COST.round().eq(3),
            "round(CallCost) eq 3",
            "round(CallCost)%20eq%203",
        ),
        row(
            CallLogData::CALL_COST.floor().lt(CallLogData::CALL_COST),
            "floor(CallCost) lt CallCost",
            "floor(CallCost)%20lt%20CallCost",
        ),
        row(
            SystemTelemetry::CPU_USAGE.ceiling().ge(99.0),
            "ceiling(CpuUsage) ge 99.0",
            "ceiling(CpuUsage)%20ge%2099.0",
        ),
    ]);
}

#[test]
fn parentheses_stand_only_where_precedence_asks_for_them() {
    check(vec![
        row(
            a().and(b()).and(c()),
            "Id eq 1 and Id eq 2 and Id eq 3",
            "Id%20eq%201%20and%20Id%20eq%202%20and%20Id%20eq%203",
        ),
        row(
            a().and(b().and(c())),
            "Id eq 1 and (Id eq 2 and Id eq 3)",
            "Id%20eq%201%20and%20(Id%20eq%202%20and%20Id%20eq%203)",
        ),
        row(
            a().or(b()).or(c()),
            "Id eq 1 or Id eq 2 or Id eq 3",
            "Id%20eq%201%20or%20Id%20eq%202%20or%20Id%20eq%203",
        ),
        row(
            a().or(b().or(c())),
            "Id eq 1 or (Id eq 2 or Id eq 3)",
            "Id%20eq%201%20or%20(Id%20eq%202%20or%20Id%20eq%203)",
        ),
        row(
            a().and(b()).or(c()),
            "Id eq 1 and Id eq 2 or Id eq 3",
            "Id%20eq%201%20and%20Id%20eq%202%20or%20Id%20eq%203",
        ),
        row(
            a().or(b()).and(c()),
            "(Id eq 1 or Id eq 2) and Id eq 3",
            "(Id%20eq%201%20or%20Id%20eq%202)%20and%20Id%20eq%203",
        ),
        row(
            a().and(b().or(c())),
            "Id eq 1 and (Id eq 2 or Id eq 3)",
            "Id%20eq%201%20and%20(Id%20eq%202%20or%20Id%20eq%203)",
        ),
        row(
            a().or(b().and(c())),
            "Id eq 1 or Id eq 2 and Id eq 3",
            "Id%20eq%201%20or%20Id%20eq%202%20and%20Id%20eq%203",
        ),
        row(!a(), "not (Id eq 1)", "not%20(Id%20eq%201)"),
        row(!!a(), "not (not (Id eq 1))", "not%20(not%20(Id%20eq%201))"),
        row(!a().and(b()), "not (Id eq 1 and Id eq 2)", "not%20(Id%20eq%201%20and%20Id%20eq%202)"),
        row(
            (!a()).and(b()),
            "not (Id eq 1) and Id eq 2",
            "not%20(Id%20eq%201)%20and%20Id%20eq%202",
        ),
        row(
            !User::NUMBER.starts_with("1"),
            "not startswith(Number,'1')",
            "not%20startswith(Number,%271%27)",
        ),
        row(
            User::NUMBER.starts_with("1").not().or(a()),
            "not startswith(Number,'1') or Id eq 1",
            "not%20startswith(Number,%271%27)%20or%20Id%20eq%201",
        ),
        row(!User::ID.is_in([1]), "not (Id in (1))", "not%20(Id%20in%20(1))"),
        row(!User::ENABLED, "not Enabled", "not%20Enabled"),
        row(a().and(User::ENABLED), "Id eq 1 and Enabled", "Id%20eq%201%20and%20Enabled"),
        row(a().or(!User::ENABLED), "Id eq 1 or not Enabled", "Id%20eq%201%20or%20not%20Enabled"),
        row((User::ID + 1).eq(2), "Id add 1 eq 2", "Id%20add%201%20eq%202"),
        row((User::ID + 1 - 2).eq(3), "Id add 1 sub 2 eq 3", "Id%20add%201%20sub%202%20eq%203"),
        row(
            (User::ID - (User::ID - 2)).eq(3),
            "Id sub (Id sub 2) eq 3",
            "Id%20sub%20(Id%20sub%202)%20eq%203",
        ),
        row(
            (User::ID + User::ID * 2).eq(3),
            "Id add Id mul 2 eq 3",
            "Id%20add%20Id%20mul%202%20eq%203",
        ),
        row(
            ((User::ID + User::ID) * 2).eq(3),
            "(Id add Id) mul 2 eq 3",
            "(Id%20add%20Id)%20mul%202%20eq%203",
        ),
        row((User::ID / 2 % 3).eq(1), "Id div 2 mod 3 eq 1", "Id%20div%202%20mod%203%20eq%201"),
        row(
            (User::ID / (User::ID % 3)).eq(1),
            "Id div (Id mod 3) eq 1",
            "Id%20div%20(Id%20mod%203)%20eq%201",
        ),
        row((-User::ID).lt(0), "-Id lt 0", "-Id%20lt%200"),
        row((-(User::ID + 1)).lt(0), "-(Id add 1) lt 0", "-(Id%20add%201)%20lt%200"),
        row((User::ID - -User::ID).eq(2), "Id sub -Id eq 2", "Id%20sub%20-Id%20eq%202"),
        row((User::ID * -3).eq(-6), "Id mul -3 eq -6", "Id%20mul%20-3%20eq%20-6"),
        row((User::ID + 1).is_in([2, 3]), "(Id add 1) in (2,3)", "(Id%20add%201)%20in%20(2,3)"),
        row(
            User::ID.eq(User::PRIMARY_GROUP_ID + 1),
            "Id eq PrimaryGroupId add 1",
            "Id%20eq%20PrimaryGroupId%20add%201",
        ),
        row(
            User::ID.is_in([User::PRIMARY_GROUP_ID + 1, User::PRIMARY_GROUP_ID * 2]),
            "Id in (PrimaryGroupId add 1,PrimaryGroupId mul 2)",
            "Id%20in%20(PrimaryGroupId%20add%201,PrimaryGroupId%20mul%202)",
        ),
    ]);
}

#[test]
fn lambdas_and_paths_name_their_elements() {
    check(vec![
        row(
            User::GROUPS.any(|group| group.get(UserGroup::NAME).eq("Sales")),
            "Groups/any(x:x/Name eq 'Sales')",
            "Groups/any(x:x/Name%20eq%20%27Sales%27)",
        ),
        row(
            User::GROUPS.all(|group| group.get(UserGroup::CAN_DELETE)),
            "Groups/all(x:x/CanDelete)",
            "Groups/all(x:x/CanDelete)",
        ),
        row(User::GROUPS.is_not_empty(), "Groups/any()", "Groups/any()"),
        row(!User::GROUPS.is_not_empty(), "not Groups/any()", "not%20Groups/any()"),
        row(
            User::TAGS.any(|tag| tag.eq(UserTag::MS)),
            "Tags/any(x:x eq 'MS')",
            "Tags/any(x:x%20eq%20%27MS%27)",
        ),
        row(
            Queue::MAX_WAIT_TIME_SKILL_GROUP_VALUES.any(|time| (time + 1).gt(30)),
            "MaxWaitTimeSkillGroupValues/any(x:x add 1 gt 30)",
            "MaxWaitTimeSkillGroupValues/any(x:x%20add%201%20gt%2030)",
        ),
        row(
            User::GROUPS
                .any(|group| group.get(UserGroup::RIGHTS).get(Rights::ROLE_NAME).eq("managers")),
            "Groups/any(x:x/Rights/RoleName eq 'managers')",
            "Groups/any(x:x/Rights/RoleName%20eq%20%27managers%27)",
        ),
        row(
            User::GROUPS.any(|group| group.get(UserGroup::NUMBER).eq(User::NUMBER)),
            "Groups/any(x:x/Number eq Number)",
            "Groups/any(x:x/Number%20eq%20Number)",
        ),
        row(
            User::GROUPS.any(|group| group.get(UserGroup::NAME).eq("a").or(group_tags(group))),
            "Groups/any(x:x/Name eq 'a' or x/Tags/any(y:y ne 'MS'))",
            "Groups/any(x:x/Name%20eq%20%27a%27%20or%20x/Tags/any(y:y%20ne%20%27MS%27))",
        ),
        row(
            User::GROUPS.any(|one| {
                User::GROUPS.all(|other| one.get(UserGroup::ID).le(other.get(UserGroup::ID)))
            }),
            "Groups/any(x:Groups/all(y:x/Id le y/Id))",
            "Groups/any(x:Groups/all(y:x/Id%20le%20y/Id))",
        ),
        row(
            User::GROUPS
                .any(|g| g.get(UserGroup::ID).eq(1))
                .and(User::GROUPS.any(|g| g.get(UserGroup::ID).eq(2))),
            "Groups/any(x:x/Id eq 1) and Groups/any(x:x/Id eq 2)",
            "Groups/any(x:x/Id%20eq%201)%20and%20Groups/any(x:x/Id%20eq%202)",
        ),
        row(
            User::HOURS.get(Schedule::IGNORE_HOLIDAYS).eq(true),
            "Hours/IgnoreHolidays eq true",
            "Hours/IgnoreHolidays%20eq%20true",
        ),
        row(
            User::HOURS
                .get(Schedule::PERIODS)
                .any(|period| period.get(Period::START).lt(time("08:00:00"))),
            "Hours/Periods/any(x:x/Start lt 08:00:00)",
            "Hours/Periods/any(x:x/Start%20lt%2008:00:00)",
        ),
        row(
            a().and(User::HOURS.get(Schedule::IGNORE_HOLIDAYS)),
            "Id eq 1 and Hours/IgnoreHolidays",
            "Id%20eq%201%20and%20Hours/IgnoreHolidays",
        ),
    ]);
}

#[test]
fn raw_text_is_put_in_parentheses_among_others() {
    check(vec![
        row(
            Filter::<User>::raw("Number eq '1' or Id eq 2"),
            "Number eq '1' or Id eq 2",
            "Number%20eq%20%271%27%20or%20Id%20eq%202",
        ),
        row(
            Filter::<User>::raw("A or B").and(a()),
            "(A or B) and Id eq 1",
            "(A%20or%20B)%20and%20Id%20eq%201",
        ),
        row(
            a().and(Filter::raw("A or B")),
            "Id eq 1 and (A or B)",
            "Id%20eq%201%20and%20(A%20or%20B)",
        ),
        row(!Filter::<User>::raw("A"), "not (A)", "not%20(A)"),
        row(
            User::GROUPS.any(|_| Filter::raw("x/Name eq 'a'")),
            "Groups/any(x:x/Name eq 'a')",
            "Groups/any(x:x/Name%20eq%20%27a%27)",
        ),
    ]);
}
