//! Entities written as struct literals: the compiler's notes name what to write.

use threecx_xapi::entities::{Group, User};

fn main() {
    let _ = Group { name: Some("Sales".to_owned()) };
}
