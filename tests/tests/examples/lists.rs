//! Jobs 4, 5, 8 and 9: agents of a queue, office hours, the blocklist, a department.

use serde_json::{Value, json};
use tests::fake_pbx::{FakePbx, Fault};

use crate::Bench;

#[tokio::test]
async fn agents_come_go_and_log_in_and_out() {
    for release in ["20.0.10", "20.0.4"] {
        agents_change(&Bench::new(FakePbx::builder().users(5).release(release)).await).await;
    }
}

async fn agents_change(bench: &Bench) {
    for (arguments, agents, writes) in [
        ("--add 102,103 --login 102", "101 LoggedIn\n102 LoggedIn\n103 LoggedIn\n", 2),
        // A second time nothing changes, but who is logged in.
        ("--add 102,103", "101 LoggedIn\n102 LoggedIn\n103 LoggedIn\n", 0),
        ("--remove 103,101 --logout 102", "102 LoggedOut\n", 2),
        ("--add 104 --remove 102", "104 LoggedOut\n", 1),
        ("--remove 999", "104 LoggedOut\n", 0),
    ] {
        let since = bench.pbx.calls().len();
        let ended = bench.run(&format!("queue_agents --queue 80001 {arguments}")).await;
        assert_eq!(ended.done(), agents, "{arguments}");
        assert_eq!(bench.writes(since).len(), writes, "{arguments}");
    }
}

#[tokio::test]
async fn agents_that_stay_keep_their_skill_group() {
    let bench = Bench::new(FakePbx::builder().users(3)).await;
    bench.run("queue_agents --queue 80001 --add 102").await.done();
    let agents = &bench.pbx.rows("Queues")[0]["Agents"];
    assert_eq!(agents[0], json!({ "Number": "101", "Name": "Ada101 Lovelace", "SkillGroup": "1" }));
    assert_eq!(agents[1], json!({ "Number": "102" }));
}

#[tokio::test]
async fn an_unknown_number_changes_no_queue() {
    for (arguments, message) in [
        ("--queue 80009 --add 101", "there is no queue with the number 80009"),
        ("--queue 80001 --add 102,999", "there is no user with the number 999"),
        ("--queue 80001 --add 102 --logout 999", "there is no user with the number 999"),
    ] {
        let bench = Bench::new(FakePbx::builder().users(3)).await;
        let ended = bench.run(&format!("queue_agents {arguments}")).await;
        assert_eq!(ended.failed(1), message);
        assert_eq!(bench.writes(0), Vec::<String>::new());
    }
}

#[tokio::test]
async fn office_hours_are_set_once() {
    let bench = Bench::new(FakePbx::builder()).await;
    let line = "office_hours --open mon-tue=09:00-12:30 --open tue=13:00-17:00";
    assert_eq!(bench.run(line).await.done(), "The office hours are set.\n");
    let sent = bench.pbx.requests().pop().unwrap();
    let period = |day: &str, start: &str, stop: &str| json!({ "DayOfWeek": day, "Start": start, "Stop": stop });
    assert_eq!(
        sent.json(),
        json!({ "Hours": { "Periods": [
            period("Monday", "09:00:00", "12:30:00"),
            period("Tuesday", "09:00:00", "12:30:00"),
            period("Tuesday", "13:00:00", "17:00:00"),
        ] } })
    );
    let since = bench.pbx.calls().len();
    assert_eq!(bench.run(line).await.done(), "The office hours are so already.\n");
    assert_eq!(bench.writes(since), Vec::<String>::new());
}

#[tokio::test]
async fn holidays_become_those_of_the_file() {
    let bench = Bench::new(FakePbx::builder()).await;
    let other =
        json!({ "Id": 7, "Name": "Fair", "Day": 1, "Month": 5, "DayEnd": 1, "MonthEnd": 5 });
    bench.pbx.insert("Holidays", 0, other);
    let summer = "name,first,last\nChristmas,12-25,12-26\nOuting,2026-07-03,\n";
    let moved = "name,first,last\nChristmas,12-24,12-26\n";
    for (file, arguments, said) in [
        (summer, "", "Created Christmas.\nCreated Outing.\nLeft Fair, which is not in the file.\n"),
        (summer, "", "Left Fair, which is not in the file.\n"),
        (moved, "--delete-others", "Changed Christmas.\nDeleted Fair.\nDeleted Outing.\n"),
        (moved, "--delete-others", ""),
    ] {
        bench.write("days.csv", file);
        let ended = bench.run(&format!("office_hours --holidays @/days.csv {arguments}")).await;
        assert_eq!(ended.done(), said, "{file}");
        if arguments.is_empty() {
            let outing = &bench.pbx.rows("Holidays")[2];
            assert_eq!(
                [&outing["Day"], &outing["MonthEnd"], &outing["Year"], &outing["IsRecurrent"]],
                [&json!(3), &json!(7), &json!(2026), &json!(false)]
            );
        }
    }
    assert_eq!(bench.column("Holidays", "Name"), ["Christmas"]);
    assert_eq!(bench.column("Holidays", "Day"), [24]);
    assert_eq!(bench.column("Holidays", "TimeOfEndDate"), ["PT23H59M"]);
}

#[tokio::test]
async fn a_wrong_file_of_holidays_changes_nothing() {
    for (text, message) in [
        ("name,first\nA,12-25\nB,2026-02-30\n", "line 3: the days are written as"),
        ("name,first,last\nA,2026-12-25,12-26\n", "line 2: the days"),
        ("name,first,last\nA,2026-12-25,2026-12-24\n", "line 2: the days"),
        ("name,day\nA,12-25\n", "unknown field `day`"),
    ] {
        let bench = Bench::new(FakePbx::builder()).await;
        bench.write("days.csv", text);
        let line = "office_hours --open mon=09:00-17:00 --holidays @/days.csv";
        let ended = bench.run(line).await;
        assert!(ended.failed(2).contains(message), "{ended:?}");
        assert_eq!(bench.pbx.requests().len(), 0);
    }
}

const SYNC: &str = "sync_blocklist @/list.txt";

/// The addresses that the PBX has.
fn blocked(bench: &Bench) -> Vec<Value> {
    let mut blocked = bench.column("Blocklist", "IPAddrMask");
    blocked.sort_by_key(Value::to_string);
    blocked
}

#[tokio::test]
async fn the_blocklist_becomes_that_of_the_file() {
    let bench = Bench::new(FakePbx::builder()).await;
    let by_hand = json!({ "Id": 1, "IPAddrMask": "198.51.100.1", "Description": "by hand" });
    bench.pbx.insert("Blocklist", 0, by_hand);
    let first = "# ours\n203.0.113.7\n\n203.0.113.8/255.255.255.255\n203.0.113.7\n2001:db8::1\n";
    for (file, arguments, said, addresses) in [
        (first, " --dry-run", "3 to create, 0 to delete, 0 stay.\n", vec!["198.51.100.1"]),
        (
            first,
            "",
            "3 to create, 0 to delete, 0 stay.\n",
            vec!["198.51.100.1", "2001:db8::1", "203.0.113.7", "203.0.113.8/255.255.255.255"],
        ),
        (
            "203.0.113.7\n203.0.113.9\n",
            "",
            "1 to create, 2 to delete, 1 stay.\n",
            vec!["198.51.100.1", "203.0.113.7", "203.0.113.9"],
        ),
        // The entries of another mark are not its own.
        (
            "203.0.113.5\n",
            " --mark other",
            "1 to create, 0 to delete, 0 stay.\n",
            vec!["198.51.100.1", "203.0.113.5", "203.0.113.7", "203.0.113.9"],
        ),
        (
            "",
            " --allow-empty",
            "0 to create, 2 to delete, 0 stay.\n",
            vec!["198.51.100.1", "203.0.113.5"],
        ),
    ] {
        bench.write("list.txt", file);
        for again in [false, true] {
            let since = bench.pbx.calls().len();
            let ended = bench.run(&format!("{SYNC}{arguments}")).await;
            assert_eq!(blocked(&bench), addresses, "{ended:?}");
            if again && arguments != " --dry-run" {
                assert_eq!(bench.writes(since), Vec::<String>::new(), "{file}");
            } else {
                assert_eq!(ended.done(), said);
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_blocklist_changes_nothing() {
    for (text, message) in [
        ("203.0.113.7\nexample.com\n", "line 2: example.com is no IP address"),
        ("203.0.113.777\n", "line 1: 203.0.113.777 is no IP address"),
        ("# none\n", "has no address; --allow-empty deletes"),
    ] {
        let bench = Bench::new(FakePbx::builder()).await;
        bench.write("list.txt", text);
        let ended = bench.run(SYNC).await;
        assert!(ended.failed(2).contains(message), "{ended:?}");
        assert_eq!(bench.pbx.requests().len(), 0);
    }
}

#[tokio::test]
async fn a_blocklist_that_broke_off_is_whole_after_the_next_run() {
    let bench = Bench::new(FakePbx::builder()).await;
    bench.write("list.txt", "203.0.113.1\n203.0.113.2\n203.0.113.3\n");
    bench.pbx.fault(Fault::at("/xapi/v1/Blocklist").method("POST").nth(2).answers(403));
    bench.run(SYNC).await.failed(1);
    assert_eq!(blocked(&bench), ["203.0.113.1"]);
    assert_eq!(bench.run(SYNC).await.done(), "2 to create, 0 to delete, 1 stay.\n");
    assert_eq!(blocked(&bench), ["203.0.113.1", "203.0.113.2", "203.0.113.3"]);
}

const CREATE: &str = "create_department --name Help --members 101,102 --role managers --link help \
                      --website https://www.example.com";

#[tokio::test]
async fn a_department_gets_members_and_a_live_chat_once() {
    for release in ["20.0.10", "20.0.4"] {
        let bench = Bench::new(FakePbx::builder().users(3).release(release)).await;
        let ended = bench.run(CREATE).await;
        assert_eq!(
            ended.done(),
            "Created the department Help.\nThe live chat is on.\n101 has the role managers.\n\
             102 has the role managers.\nCreated the link help.\n"
        );
        let department = bench.pbx.rows("Groups").pop().unwrap();
        assert_eq!(department["CallUsEnableChat"], true);
        let link = &bench.pbx.rows("WebsiteLinks")[0];
        assert_eq!((&link["Group"], &link["DN"]["Id"]), (&department["Number"], &department["Id"]));
        assert_eq!(link["Website"], json!(["https://www.example.com"]));
        // The user stays in the department where it was.
        let groups = &bench.pbx.rows("Users")[0]["Groups"];
        assert_eq!((&groups[0]["GroupId"], &groups[1]["GroupId"]), (&json!(41), &department["Id"]));
        assert_eq!(groups[0]["Rights"]["RoleName"], "users");
        assert_eq!(groups[1]["Rights"]["RoleName"], "managers");

        let since = bench.pbx.calls().len();
        let ended = bench.run(CREATE).await;
        assert_eq!(ended.done().matches("already").count(), 5, "{ended:?}");
        assert_eq!(bench.writes(since), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_department_that_is_there_in_part_is_completed() {
    let bench = Bench::new(FakePbx::builder().users(3)).await;
    bench.pbx.fault(Fault::at("/xapi/v1/Users(").method("PATCH").nth(2).answers(403));
    bench.run(CREATE).await.failed(1);
    let ended = bench.run(CREATE).await;
    assert_eq!(
        ended.done(),
        "The department Help is there already.\nThe live chat is on already.\n\
         101 has the role managers already.\n102 has the role managers.\nCreated the link help.\n"
    );
    assert_eq!(bench.pbx.rows("Groups").len(), 4);
}

#[tokio::test]
async fn what_refuses_a_department_is_said() {
    for (set, row, members, message) in [
        (
            "WebsiteLinks",
            json!({ "Link": "help", "Group": "GRP0042" }),
            "101",
            "somebody else has the link help",
        ),
        (
            "Queues",
            json!({ "Id": 1, "Number": "80009", "ClickToCallId": "help" }),
            "101",
            "ALREADY_IN_USE",
        ),
        (
            "Queues",
            json!({ "Id": 1, "Number": "80009" }),
            "999",
            "there is no user with the number 999",
        ),
    ] {
        let bench = Bench::new(FakePbx::builder().users(3)).await;
        bench.pbx.insert(set, 0, row);
        let ended = bench.run(&CREATE.replace("101,102", members)).await;
        assert!(ended.failed(1).contains(message), "{ended:?}");
    }
}
