//! A property of another entity in each option.

use threecx_xapi::Client;
use threecx_xapi::entities::{Group, Queue, User};

fn calls(pbx: &Client) {
    let _ = pbx.users().list().filter(Queue::NAME.eq("Sales"));
    let _ = pbx.users().list().filter(User::ID.eq(1).and(Group::ID.eq(2)));
    let _ = pbx.users().list().select(Group::NAME);
    let _ = pbx.users().list().select((User::ID, Group::NAME));
    let _ = pbx.users().list().order_by(Group::NAME.desc());
    let _ = pbx.users().list().expand(Group::MEMBERS);
    let _ = pbx.users().update(1, User::default()).clear(Group::NAME);
}

fn main() {}
