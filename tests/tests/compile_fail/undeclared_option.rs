//! Options that the operations don't declare.

use threecx_xapi::Client;
use threecx_xapi::entities::User;

fn calls(pbx: &Client) {
    let _ = pbx.users().get(12).filter(User::ID.eq(1));
    let _ = pbx.users().get(12).top(5);
    let _ = pbx.users().delete(12).select(User::ID);
    let _ = pbx.users().create(User::default()).order_by(User::ID);
    let _ = pbx.users().get(12).search("Ada");
    let _ = pbx.users().get(12).count(true);
}

fn main() {}
