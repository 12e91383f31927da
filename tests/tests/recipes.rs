//! The recipes, against the fake PBX: what they send, and what they leave alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use tests::fake_pbx::{DEMO_CLIENT, FakePbx};
use threecx_xapi::{Client, roles};

async fn bench(release: &str) -> (FakePbx, Client) {
    let fake = FakePbx::builder().users(2).release(release).start().await.unwrap();
    let (id, secret) = DEMO_CLIENT;
    let client = Client::builder(fake.url()).service_principal(id, secret).build().unwrap();
    (fake, client)
}

/// The departments of the first user, each with its role.
fn memberships(fake: &FakePbx) -> Vec<(Value, Value)> {
    let user = fake.rows("Users").remove(0);
    let groups = user["Groups"].as_array().unwrap().clone();
    groups.iter().map(|it| (it["GroupId"].clone(), it["Rights"]["RoleName"].clone())).collect()
}

#[tokio::test]
async fn a_role_is_set_and_other_departments_stay() {
    for release in ["20.0.10", "20.0.4"] {
        let (fake, pbx) = bench(release).await;
        for (department, role, changed, expected) in [
            (42, roles::USERS, true, vec![(41, "users"), (42, "users")]),
            (42, roles::USERS, false, vec![(41, "users"), (42, "users")]),
            (42, roles::MANAGERS, true, vec![(41, "users"), (42, "managers")]),
            (41, roles::GROUP_OWNERS, true, vec![(41, "group_owners"), (42, "managers")]),
        ] {
            assert_eq!(pbx.set_role(1001, department, role).await.unwrap(), changed);
            let expected: Vec<_> =
                expected.into_iter().map(|(id, role)| (json!(id), json!(role))).collect();
            assert_eq!(memberships(&fake), expected, "{role}");
        }
        assert_eq!(fake.handled("PATCH /Users({Id})"), 3);
        // What a row holds beside the role goes back as it came.
        assert_eq!(fake.rows("Users")[0]["Groups"][0]["MemberName"], "Ada101 Lovelace");
    }
}

#[tokio::test]
async fn an_unknown_role_user_or_department_is_refused() {
    let (fake, pbx) = bench("20.0.10").await;
    for (user, department, role) in [(1001, 42, "king"), (1001, 7, "users"), (9, 42, "users")] {
        let error = pbx.set_role(user, department, role).await.unwrap_err();
        assert!(error.is_validation() || error.is_not_found(), "{error}");
    }
    assert_eq!(memberships(&fake), [(json!(41), json!("users"))]);
}
