//! Texts, numbers and properties where a condition or a property belongs.

use threecx_xapi::Client;
use threecx_xapi::entities::{User, UserGroup};

fn calls(pbx: &Client, text: String) {
    let _ = pbx.users().list().filter("Number eq '101'");
    let _ = pbx.users().list().filter(text);
    let _ = pbx.users().list().filter(User::NUMBER);
    let _ = pbx.users().list().filter(User::NUMBER == "101");
    let _ = User::ENABLED.eq(true).and("Number eq '101'");
    let _ = User::GROUPS.any("Name eq 'Sales'");
    let _ = User::GROUPS.any(|_| UserGroup::NAME.eq("Sales"));
    let _ = pbx.users().list().select(1);
    let _ = pbx.users().list().expand(Some("Groups"));
    let _ = pbx.users().list().order_by(false);
    let _ = pbx.users().list().select(User::default().number);
}

fn main() {}
