//! Expanding what is no navigation property.

use threecx_xapi::Client;
use threecx_xapi::entities::{Rights, User, UserGroup};

fn calls(pbx: &Client) {
    let _ = pbx.users().list().expand(User::NUMBER);
    let _ = pbx.users().list().expand(User::HOURS);
    let _ = pbx.users().list().select(User::GROUPS);
    let _ = User::GROUPS.expand(UserGroup::NAME);
    let _ = User::GROUPS.expand(UserGroup::RIGHTS.top(5));
    let _ = User::GROUPS.any(|group| group.get(Rights::ROLE_NAME).eq("x"));
    let _ = User::NUMBER.any(|one| one.eq("x"));
}

fn main() {}
