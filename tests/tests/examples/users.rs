//! Jobs 1 and 2: create a user, change many.

use serde_json::{Value, json};
use tests::fake_pbx::{FakePbx, Fault};

use crate::Bench;

const CREATE: &str =
    "create_user --first-name Ada --last-name Byron --email ada@example.com --department Sales";

#[tokio::test]
async fn a_user_is_created_with_role_and_welcome_email() {
    for (release, arguments, number, role, actions) in [
        ("20.0.10", "", "104", "users", 1),
        ("20.0.10", "--role managers --number 250 --no-welcome-email", "250", "managers", 0),
        ("20.0.4", "", "104", "users", 1),
    ] {
        let bench = Bench::new(FakePbx::builder().users(3).release(release)).await;
        let ended = bench.run(&format!("{CREATE} {arguments}")).await;
        let said = format!(
            "Created user {number} with the id 100001.\nIt has the role {role} in Sales.\n"
        );
        assert!(ended.done().starts_with(&said), "{ended:?}");
        let user = bench.pbx.rows("Users").pop().unwrap();
        assert_eq!(
            [&user["Number"], &user["FirstName"], &user["LastName"], &user["EmailAddress"]],
            [number, "Ada", "Byron", "ada@example.com"]
        );
        let group = &user["Groups"][0];
        assert_eq!((&group["GroupId"], &group["Rights"]["RoleName"]), (&json!(42), &json!(role)));
        let mails = bench.pbx.actions();
        let mails = mails.iter().filter(|(name, _)| name == "SendWelcomeEmail").count();
        assert_eq!(mails, actions, "{release}");
    }
}

#[tokio::test]
async fn what_refuses_a_user_is_said_and_nobody_is_created() {
    for (line, message) in [
        (CREATE.replace("ada@", "u101@"), "another user has the e-mail address u101@example.com"),
        (CREATE.replace("Sales", "Nobody"), "there is no department Nobody"),
        (format!("{CREATE} --number 101"), "Number: WARNINGS.XAPI.ALREADY_IN_USE"),
    ] {
        let bench = Bench::new(FakePbx::builder().users(3)).await;
        let ended = bench.run(&line).await;
        assert!(ended.failed(1).contains(message), "{ended:?}");
        assert_eq!(bench.pbx.rows("Users").len(), 3);
        assert_eq!(ended.out, "");
    }
}

/// The refusal of a value that another user has.
fn taken(field: &str) -> Fault {
    let refusal = json!({ "error": { "code": "", "message": "no", "details": [
        { "code": "", "target": field, "message": "WARNINGS.XAPI.ALREADY_IN_USE" }] } });
    Fault::at("/xapi/v1/Users").method("POST").nth(2).answers(400).json(&refusal)
}

#[tokio::test]
async fn a_free_number_that_gets_taken_is_not_the_last() {
    // The first POST asks for duplicated e-mails.
    for (field, status, posts) in [("Number", 0, 3), ("EmailAddress", 1, 2)] {
        let bench = Bench::new(FakePbx::builder().users(3)).await;
        bench.pbx.fault(taken(field));
        let ended = bench.run(&format!("{CREATE} --no-welcome-email")).await;
        assert_eq!(ended.status, status, "{ended:?}");
        let posts_seen = bench.writes(0).iter().filter(|it| it.starts_with("POST")).count();
        assert_eq!(posts_seen, posts, "{field}");
    }
}

#[tokio::test]
async fn a_user_without_its_role_is_told() {
    for (path, method, step) in [
        ("/xapi/v1/Users(", "PATCH", "without its role"),
        ("/xapi/v1/Users(", "POST", "without its welcome e-mail"),
    ] {
        let bench = Bench::new(FakePbx::builder().users(3)).await;
        bench.pbx.fault(Fault::at(path).method(method).answers(403));
        let ended = bench.run(CREATE).await;
        let message = ended.failed(1);
        assert!(
            message.starts_with("user 104 exists, but ") && message.contains(step),
            "{message}"
        );
    }
}

const USERS: &str = "number, first_name, mobile, enabled\n\
    101, Grace, +4930101,\n\
    102, , +4930102, false\n\
    103, , +4930103,\n\
    104, Ada104, , true\n";

fn phones(bench: &Bench) -> Vec<Value> {
    bench.column("Users", "Mobile")
}

#[tokio::test]
async fn users_are_changed_as_the_file_says() {
    for release in ["20.0.10", "20.0.4"] {
        let bench = Bench::new(FakePbx::builder().users(4).release(release)).await;
        bench.write("users.csv", USERS);
        let dry = bench.run("change_users @/users.csv --dry-run").await;
        assert!(dry.done().contains("[1/4] 101: would change\n"), "{dry:?}");
        assert_eq!(bench.writes(0), Vec::<String>::new());
        let ended = bench.run("change_users @/users.csv").await;
        assert_eq!(
            ended.done(),
            "[1/4] 101: changed\n[2/4] 102: changed\n[3/4] 103: changed\n[4/4] 104: is so already\n\
             All 4 rows are done.\n"
        );
        assert_eq!(
            phones(&bench),
            [json!("+4930101"), json!("+4930102"), json!("+4930103"), Value::Null]
        );
        assert_eq!(bench.column("Users", "FirstName")[..2], ["Grace", "Ada102"]);
        assert_eq!(bench.column("Users", "Enabled")[..2], [true, false]);
        // Only what differs is sent.
        let mut sent = bench.pbx.requests().into_iter().filter(|it| it.method == "PATCH");
        assert_eq!(sent.next_back().unwrap().json(), json!({ "Mobile": "+4930103" }));
        assert_eq!(bench.files(""), ["users.csv"]);
    }
}

#[tokio::test]
async fn a_change_that_broke_off_goes_on_where_it_was() {
    let bench = Bench::new(FakePbx::builder().users(4)).await;
    bench.write("users.csv", USERS);
    bench.pbx.fault(Fault::at("/xapi/v1/Users(").method("PATCH").nth(2).answers(403));
    let ended = bench.run("change_users @/users.csv").await;
    assert!(ended.failed(1).starts_with("[2/4] 102: "), "{ended:?}");
    assert!(ended.err.contains("1 of 4 rows were looked at; run it again to go on"), "{ended:?}");
    assert_eq!(bench.files(""), ["users.csv", "users.csv.done"]);
    let since = bench.pbx.calls().len();
    let ended = bench.run("change_users @/users.csv").await;
    assert_eq!(
        ended.done(),
        "[2/4] 102: changed\n[3/4] 103: changed\n[4/4] 104: is so already\n\
         1 rows were done before.\nAll 4 rows are done.\n"
    );
    assert_eq!(bench.writes(since), ["PATCH /Users(1002)", "PATCH /Users(1003)"]);
    assert_eq!(bench.files(""), ["users.csv"]);
}

#[tokio::test]
async fn a_row_that_is_refused_stops_no_other() {
    let bench = Bench::new(FakePbx::builder().users(3)).await;
    bench.write(
        "users.csv",
        "number,email\n101,u102@example.com\n999,a@example.com\n103,b@example.com\n",
    );
    let ended = bench.run("change_users @/users.csv").await;
    assert_eq!(ended.failed(1), "2 of 3 rows failed; run it again to try these once more");
    for part in
        ["[1/3] 101: failed: ", "ALREADY_IN_USE", "[2/3] 999: failed: ", "[3/3] 103: changed"]
    {
        assert!(ended.out.contains(part), "{part}: {ended:?}");
    }
    assert_eq!(bench.read("users.csv.done"), "103,b@example.com\n");
    // The row is another one now, so it is tried again.
    bench.write("users.csv", "number,email\n101,c@example.com\n103,b@example.com\n");
    bench.run("change_users @/users.csv").await.done();
    assert_eq!(bench.column("Users", "EmailAddress")[0], "c@example.com");
}

#[tokio::test]
async fn a_wrong_file_of_users_changes_nobody() {
    for (text, message) in [
        ("number,enabled\n101,true\n102,perhaps\n", "line: 3"),
        ("number,salary\n101,1\n", "unknown field `salary`"),
        ("first_name\nAda\n", "missing field `number`"),
        ("number,mobile\n101,1\n,2\n", "line 3 has no number"),
        ("number,mobile\n101,1,2\n", "line: 2"),
    ] {
        let bench = Bench::new(FakePbx::builder().users(3)).await;
        bench.write("users.csv", text);
        let ended = bench.run("change_users @/users.csv").await;
        let said = ended.failed(2);
        assert!(said.contains("users.csv: ") && said.contains(message), "{said}");
        assert_eq!(bench.pbx.requests().len(), 0);
    }
}
