//! Values that are not of the property's type.

use threecx_xapi::entities::{AuditLog, Peer, User};
use threecx_xapi::enums::UserTag;

fn main() {
    let _ = User::ID.eq("101");
    let _ = User::NUMBER.eq(101);
    let _ = User::ID.eq(User::NUMBER);
    let _ = User::ENABLED.eq("true");
    let _ = AuditLog::TIMESTAMP.ge("2026-02-01");
    let _ = Peer::TYPE.eq(UserTag::MS);
    let _ = User::ENABLED.lt(true);
    let _ = User::NUMBER + 1;
    let _ = User::ID.contains("1");
    let _ = User::NUMBER.is_in([101, 102]);
}
